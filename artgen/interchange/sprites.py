"""Thumbnails for the seek bar of a player: sheets of small pictures, and WebVTT that says which is when.

Source: W3C, "WebVTT: The Web Video Text Tracks Format"; W3C, "Media Fragments URI 1.0" (#xywh=).
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from artgen.interchange.spans import one_line


@dataclass(frozen=True, slots=True)
class Grid:
    """How pictures lie on a sheet: tiles of `wide` x `high` pixels, `columns` x `rows` of them."""

    wide: int
    high: int
    columns: int = 10
    rows: int = 10

    @property
    def tiles(self) -> int:
        """How many pictures a sheet holds."""
        return self.columns * self.rows

    def place(self, number: int) -> tuple[int, int]:
        """Left and upper edge of the picture of a number, counted from 0, on its sheet."""
        row, column = divmod(number % self.tiles, self.columns)
        return column * self.wide, row * self.high


@dataclass(frozen=True, slots=True)
class Cue:
    """A stretch of the film, in exact seconds from its first frame, for which one picture stands."""

    start: Fraction
    end: Fraction


def webvtt(cues: Sequence[Cue], *, grid: Grid, sheets: Sequence[str], film: str) -> str:
    """The cues as WebVTT; the picture of cue n is number n, on sheet n // grid.tiles.

    Raises:
        ValueError: there are too few sheets.
    """
    if len(cues) > len(sheets) * grid.tiles:
        raise ValueError(f"{len(cues)} cues need more than {len(sheets)} sheets of {grid.tiles}")
    lines = ["WEBVTT", "", f"NOTE {one_line(film).replace('-->', '')}"]
    for number, cue in enumerate(cues):
        x, y = grid.place(number)
        lines += [
            "",
            f"{_clock(cue.start)} --> {_clock(cue.end)}",
            f"{sheets[number // grid.tiles]}#xywh={x},{y},{grid.wide},{grid.high}",
        ]
    return "\n".join(lines) + "\n"


def sprite_sheet(pictures: Sequence[NDArray[np.uint8]], grid: Grid) -> bytes:
    """A sheet as JPEG: pictures (height, width, 3) made small, row by row; only as high as its rows.

    Raises:
        ValueError: there are none, or more than the grid holds.
    """
    if not 0 < len(pictures) <= grid.tiles:
        raise ValueError(f"a sheet holds 1 to {grid.tiles} pictures, got {len(pictures)}")
    rows = -(-len(pictures) // grid.columns)
    columns = min(len(pictures), grid.columns)
    sheet = Image.new("RGB", (columns * grid.wide, rows * grid.high))
    for number, picture in enumerate(pictures):
        small = Image.fromarray(picture).resize(
            (grid.wide, grid.high), Image.Resampling.BICUBIC, reducing_gap=2
        )
        sheet.paste(small, grid.place(number))
    out = io.BytesIO()
    sheet.save(out, "JPEG", quality=82, optimize=True)
    return out.getvalue()


def _clock(seconds: Fraction) -> str:
    ms = round(seconds * 1000)
    return f"{ms // 3_600_000:02d}:{ms // 60_000 % 60:02d}:{ms // 1000 % 60:02d}.{ms % 1000:03d}"
