"""One picture of a whole catalog: a row a theme, its stills in every aspect."""

import io
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from artgen.artwork.fonts import drawable

ROW_HIGH = 132
GAP, GROUP_GAP, MARGIN = 6, 22, 40
LABEL_WIDE, WIDEST = 230, 2240  # four stills in 16:9, 2:3 and 1:1 are one line
CAPTION_HIGH, HEADER_HIGH, THEME_GAP = 22, 96, 26
MOST_LETTERS = 300  # of a title or label; the rest would not fit anyway
MOST_HIGH = 16_000  # pixels: an ordinary viewer still opens this
PAPER, INK, FAINT, RULE = (22, 22, 24), (232, 230, 226), (140, 138, 134), (46, 46, 50)


@dataclass(frozen=True, slots=True, eq=False)
class SheetStill:
    """One still of a theme: its caption and its variants, each about ROW_HIGH high; see thumbnail."""

    caption: str
    pictures: tuple[NDArray[np.uint8], ...]


@dataclass(frozen=True, slots=True, eq=False)
class SheetRow:
    """One theme."""

    label: str
    note: str
    stills: tuple[SheetStill, ...]


def thumbnail(picture: NDArray[np.uint8], crop: tuple[int, int, int, int]) -> NDArray[np.uint8]:
    """A crop of a picture at the height of a row of the sheet; never enlarged."""
    x1, y1, x2, y2 = crop
    high = min(ROW_HIGH, y2 - y1)
    wide = max(1, round((x2 - x1) * high / (y2 - y1)))
    cut = Image.fromarray(np.ascontiguousarray(picture[y1:y2, x1:x2]))
    return np.asarray(cut.resize((wide, high), Image.Resampling.LANCZOS))


def contact_sheet(rows: Sequence[SheetRow], *, title: str, subtitle: str) -> bytes:
    """Draw the sheet as a JPEG; themes that no longer fit in MOST_HIGH pixels are counted at its foot."""
    drawn = [_draw_row(row) for row in rows]
    kept: list[Image.Image] = []
    high = HEADER_HIGH + MARGIN
    for row in drawn:
        if high + row.height + THEME_GAP > MOST_HIGH - 40:
            break
        kept.append(row)
        high += row.height + THEME_GAP
    left_out = len(drawn) - len(kept)
    wide = max([900, *(row.width for row in kept)]) + 2 * MARGIN
    sheet = Image.new("RGB", (wide, high + (40 if left_out else 0)), PAPER)
    draw = ImageDraw.Draw(sheet)
    _write(draw, (MARGIN, 28), title, size=26, wide=wide - 2 * MARGIN, color=INK)
    _write(draw, (MARGIN, 64), subtitle, size=14, wide=wide - 2 * MARGIN, color=FAINT)
    down = HEADER_HIGH
    for row in kept:
        draw.line((MARGIN, down, wide - MARGIN, down), fill=RULE)
        sheet.paste(row, (MARGIN, down + THEME_GAP // 2))
        down += row.height + THEME_GAP
    if left_out:
        text = f"and {left_out} more {'theme' if left_out == 1 else 'themes'} in the catalog"
        _write(draw, (MARGIN, down), text, size=14, wide=wide - 2 * MARGIN, color=FAINT)
    out = io.BytesIO()
    sheet.save(out, "JPEG", quality=90, subsampling=0, optimize=True)
    return out.getvalue()


def _draw_row(row: SheetRow) -> Image.Image:
    lines = _lines(row.stills)
    wide = LABEL_WIDE + max([0, *(_line_wide(line) for line in lines)])
    high = max(1, len(lines)) * (ROW_HIGH + CAPTION_HIGH + GAP)
    image = Image.new("RGB", (wide, high), PAPER)
    draw = ImageDraw.Draw(image)
    for number, part in enumerate(_wrapped(draw, row.label, 18, LABEL_WIDE - 24, most=3)):
        _write(draw, (0, 2 + 24 * number), part, size=18, wide=LABEL_WIDE - 24, color=INK)
        note_top = 30 + 24 * number
    _write(draw, (0, note_top), row.note, size=13, wide=LABEL_WIDE - 24, color=FAINT)
    for number, line in enumerate(lines):
        across, top = LABEL_WIDE, number * (ROW_HIGH + CAPTION_HIGH + GAP)
        for still in line:
            _write(draw, (across, top + ROW_HIGH + 4), still.caption, size=12, wide=WIDEST, color=FAINT)
            for picture in still.pictures:
                image.paste(Image.fromarray(picture), (across, top + ROW_HIGH - picture.shape[0]))
                across += picture.shape[1] + GAP
            across += GROUP_GAP - GAP
    return image


def _lines(stills: Sequence[SheetStill]) -> list[list[SheetStill]]:
    lines: list[list[SheetStill]] = [[]]
    for still in stills:
        if lines[-1] and LABEL_WIDE + _line_wide([*lines[-1], still]) > WIDEST:
            lines.append([])
        lines[-1].append(still)
    return lines


def _line_wide(line: Sequence[SheetStill]) -> int:
    pictures = sum(picture.shape[1] + GAP for still in line for picture in still.pictures)
    return int(pictures + len(line) * (GROUP_GAP - GAP))


def _write(
    draw: ImageDraw.ImageDraw,
    at: tuple[int, int],
    text: str,
    *,
    size: int,
    wide: int,
    color: tuple[int, int, int],
) -> None:
    """Write a line, shortened to `wide` pixels where it is longer, in a font that has its letters."""
    text = "".join(letter if letter.isprintable() else " " for letter in text[:MOST_LETTERS])
    text, font = drawable(text, size)
    if draw.textlength(text, font=font) > wide:
        while text and draw.textlength(text + "…", font=font) > wide:
            text = text[:-1]
        text = text.rstrip() + "…"
    draw.text(at, text, fill=color, font=font)


def _wrapped(draw: ImageDraw.ImageDraw, text: str, size: int, wide: int, *, most: int) -> list[str]:
    text, font = drawable(text[:MOST_LETTERS], size)
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and draw.textlength(longer, font=font) > wide and len(lines) < most:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines
