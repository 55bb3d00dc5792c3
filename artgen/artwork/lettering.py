"""A title in letters: broken into lines that balance, spaced, and drawn as coverage.

Proportions as typographers give them (Bringhurst, "The Elements of Typographic Style": capitals are spaced
by 5 to 10 % of the type size; Lupton, "Thinking with Type": lines break by sense).
"""

import io
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import combinations, pairwise
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont, features

from artgen.artwork.fonts import complete_font, is_drawn
from artgen.errors import UsageError

Side = Literal["left", "center", "right"]

MOST_LETTERS = 120
MOST_LINES = 3
SPACING = 0.06  # of the type size between capitals
LEADING = 1.36  # from line to line of capitals, of their height
SMALL_WORD = 3  # letters: a line that ends in "of" or "the" reads badly
SAMPLE_EM = 200  # pixels at which proportions are measured
JOINED = ("R", "AL")  # directions of scripts that need shaping


def check_title(text: str, font: bytes | None) -> str:
    """The title as it will be set: spaces tidied, lines that were given kept.

    Args:
        text: line breaks in it are kept, up to MOST_LINES lines.
        font: of a font file, which was checked to be one; None: a font of this machine.

    Raises:
        UsageError: nothing to set, too long, or letters that no font here has; the message names them.
    """
    lines = [" ".join(line.split()) for line in text.splitlines()]
    tidy = "\n".join(line for line in lines if line)
    if not tidy:
        raise UsageError("The title has no letters; give it as --title-text 'NAME OF THE FILM'.")
    if len(tidy) > MOST_LETTERS or tidy.count("\n") >= MOST_LINES:
        raise UsageError(
            f"The title has {len(tidy)} letters in {tidy.count(chr(10)) + 1} lines; artgen sets up to "
            f"{MOST_LETTERS} in {MOST_LINES}: shorten it."
        )
    bad = [letter for letter in tidy if letter != "\n" and not letter.isprintable()]
    if bad:
        raise UsageError(f"The title holds {bad[0]!r}, which is no letter; leave it out.")
    if not features.check("raqm") and any(unicodedata.bidirectional(letter) in JOINED for letter in tidy):
        raise UsageError("This machine cannot join the letters of the title's script; give it as a logo.")
    face = complete_font(tidy, SAMPLE_EM) if font is None else _loaded(font, SAMPLE_EM)
    if not isinstance(face, ImageFont.FreeTypeFont):
        raise UsageError("No font of this machine has all letters of the title; name one with --title-font.")
    missing = [letter for letter in dict.fromkeys(tidy) if not is_drawn(letter, face)]
    if missing:
        raise UsageError(
            f"The font {' '.join(part for part in face.getname() if part)} has no {' '.join(missing[:8])}; "
            "choose a font with all letters of the title."
        )
    return tidy


def read_font(data: bytes) -> ImageFont.FreeTypeFont | None:
    """The font of a file, to see whether it is one; None where it is not."""
    try:
        return _loaded(data, SAMPLE_EM)
    except (OSError, ValueError):
        return None


def breaks(text: str) -> Iterator[tuple[str, ...]]:
    """The ways to break a title worth trying: for one to three lines the one that balances best.

    Lines that the text itself breaks stay as they are.
    """
    if "\n" in text:
        yield tuple(text.split("\n"))
        return
    words = text.split()
    for count in range(1, min(MOST_LINES, len(words)) + 1):
        ways = [_joined(words, cuts) for cuts in combinations(range(1, len(words)), count - 1)]
        best = min(ways, key=_imbalance)
        if count == 1 or min(map(len, best)) > SMALL_WORD or max(map(len, best)) <= SMALL_WORD + 1:
            yield best


def draw_lines(
    lines: Sequence[str], *, em: int, align: Side, font: bytes | None
) -> tuple[NDArray[np.uint8], float]:
    """Set lines in a type size.

    Args:
        lines: checked by check_title.
        em: type size in pixels, at least 1.
        align: the side they are flush to; "center".
        font: of a font file; None: as check_title chose.

    Returns:
        Coverage (h, w) 0..255, cut to the ink; and the height of a capital in pixels.
    """
    face = complete_font("".join(lines), em) if font is None else _loaded(font, em)
    assert isinstance(face, ImageFont.FreeTypeFont)
    spacing = SPACING * em if _is_capitals(lines) else 0.0
    rows = [_line(line, face, spacing) for line in lines]
    above, below = face.getmetrics()
    capital = -_ink_top(face, "H")
    step = round(capital * LEADING if _is_capitals(lines) else (above + below) * 0.98)
    wide = max(row.shape[1] for row in rows)
    sheet = np.zeros((step * (len(rows) - 1) + max(row.shape[0] for row in rows), wide), np.uint8)
    for number, row in enumerate(rows):
        spare = wide - row.shape[1]
        left = {"left": 0, "center": spare // 2, "right": spare}[align]
        part = sheet[number * step : number * step + row.shape[0], left : left + row.shape[1]]
        np.maximum(part, row, out=part)
    return _to_ink(sheet), capital


def _joined(words: Sequence[str], cuts: Sequence[int]) -> tuple[str, ...]:
    ends = [0, *cuts, len(words)]
    return tuple(" ".join(words[a:b]) for a, b in pairwise(ends))


def _imbalance(lines: Sequence[str]) -> float:
    """Length of the longest line, and something for each that ends in a small word or that a colon does not end."""
    longest = max(map(len, lines))
    dangling = sum(len(line.split()[-1]) <= SMALL_WORD for line in lines[:-1] if not line.endswith(":"))
    uneven = longest - min(map(len, lines))
    split = sum(":" in line[:-1] for line in lines)
    return longest + 6.0 * dangling + 0.2 * uneven + 4.0 * split


def _is_capitals(lines: Sequence[str]) -> bool:
    """True where all is in capitals, of a script whose letters stand alone."""
    text = "".join(lines)
    return text.upper() == text and text.lower() != text


def _line(line: str, face: ImageFont.FreeTypeFont, spacing: float) -> NDArray[np.uint8]:
    """One line from the font's ascender to its descender, cut to its ink at left and right."""
    above, below = face.getmetrics()
    pad = above + below
    wide = int(face.getlength(line) + spacing * len(line)) + 2 * pad
    image = Image.new("L", (wide, above + below + pad), 0)
    pen = ImageDraw.Draw(image)
    if spacing:
        for place in range(len(line)):
            # The length up to and with a letter, less its own, has the kerning of all pairs before it.
            across = face.getlength(line[: place + 1]) - face.getlength(line[place])
            pen.text((pad + across + spacing * place, pad / 2), line[place], fill=255, font=face)
    else:
        pen.text((pad, pad / 2), line, fill=255, font=face)
    drawn = np.asarray(image)
    ink = np.flatnonzero(drawn.any(axis=0))
    return drawn[:, ink[0] : ink[-1] + 1] if ink.size else drawn[:, :1]


def _to_ink(sheet: NDArray[np.uint8]) -> NDArray[np.uint8]:
    rows, columns = np.flatnonzero(sheet.any(axis=1)), np.flatnonzero(sheet.any(axis=0))
    if not rows.size:
        return sheet
    return np.ascontiguousarray(sheet[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1])


def _ink_top(face: ImageFont.FreeTypeFont, letter: str) -> float:
    """Height of a letter's ink above the line it stands on, negative."""
    return min(-1.0, float(face.getbbox(letter, anchor="ls")[1]))


@lru_cache(maxsize=64)
def _loaded(font: bytes, em: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(io.BytesIO(font), em)
