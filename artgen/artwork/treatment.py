"""The title treatment: what is to be put on the artwork, a title in letters or a logo."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from artgen.artwork.lettering import SAMPLE_EM, Side, breaks, check_title, draw_lines, read_font
from artgen.errors import InputError, UsageError, machine_faults
from artgen.pictures import load_logo

WHITE, BLACK = "#ffffff", "#000000"
MOST_FONT_BYTES = 64 << 20  # the largest fonts, of all Chinese characters, have half of it
LEAST_LOGO_SIDE = 16  # pixels
ONE_COLOR = 12  # of 255: a logo whose channels and lightness differ less is white, gray or black alone


@dataclass(frozen=True, slots=True, eq=False)
class Mark:
    """A treatment drawn at a size: `alpha` (h, w) 0..255, and `colors` (h, w, 3) where it has its own."""

    alpha: NDArray[np.uint8]
    colors: NDArray[np.uint8] | None


@dataclass(frozen=True, slots=True)
class Layout:
    """One way to set a treatment: its lines (none: a logo), width over height, and a capital's height over all."""

    lines: tuple[str, ...]
    ratio: float
    capital: float


@dataclass(frozen=True, slots=True, eq=False)
class Treatment:
    """A checked title or logo. `font` is a font file's content; `logo` (h, w, 4), cut to what can be seen."""

    text: str | None
    font: bytes | None
    logo: NDArray[np.uint8] | None

    def settings(self) -> dict[str, Any]:
        """What a catalog says of it; equal for equal treatments, so that it also tells what was made with it."""
        if self.logo is not None:
            size = [self.logo.shape[1], self.logo.shape[0]]
            return {"logo_sha256": hashlib.sha256(self.logo.tobytes()).hexdigest(), "logo_size": size}
        return {
            "text": self.text,
            "font_sha256": None if self.font is None else hashlib.sha256(self.font).hexdigest(),
        }

    def layouts(self) -> tuple[Layout, ...]:
        """The ways to set it: a logo as it is, a title in one to three lines."""
        if self.logo is not None:
            return (Layout((), self.logo.shape[1] / self.logo.shape[0], 0.5),)
        found = []
        for lines in breaks(self.text or ""):
            ink, capital = draw_lines(lines, em=SAMPLE_EM, align="center", font=self.font)
            found.append(Layout(lines, ink.shape[1] / ink.shape[0], capital / ink.shape[0]))
        return tuple(found)

    def versions(self) -> tuple[str | None, ...]:
        """The colors it may have: white or black letters; a logo of one gray both, its own first; else its own (None)."""
        if self.logo is None:
            return WHITE, BLACK
        seen = self.logo[self.logo[:, :, 3] >= 200][:, :3].astype(np.int16)
        if not seen.size or np.ptp(seen, axis=1).max() > ONE_COLOR or np.ptp(seen.mean(axis=1)) > ONE_COLOR:
            return (None,)
        return (WHITE, BLACK) if seen.mean() >= 128 else (BLACK, WHITE)

    def most_wide(self) -> int | None:
        """Width in pixels that is not scaled up; None: any."""
        return None if self.logo is None else int(self.logo.shape[1])

    def draw(self, layout: Layout, wide: int, align: Side) -> Mark:
        """Draw it `wide` pixels wide, to within what whole pixels allow; a logo keeps its proportions."""
        if self.logo is None:
            em = SAMPLE_EM
            for _ in range(3):  # hinting and rounding make widths not quite proportional
                ink, _ = draw_lines(layout.lines, em=em, align=align, font=self.font)
                em = max(4, round(em * wide / ink.shape[1]))
            ink, _ = draw_lines(layout.lines, em=em, align=align, font=self.font)
            while ink.shape[1] > wide and em > 4:
                em -= 1
                ink, _ = draw_lines(layout.lines, em=em, align=align, font=self.font)
            return Mark(ink, None)
        size = (wide, max(1, round(wide / layout.ratio)))
        premultiplied = self.logo.astype(np.float32)
        premultiplied[:, :, :3] *= premultiplied[:, :, 3:] / 255
        small = np.clip(cv2.resize(premultiplied, size, interpolation=cv2.INTER_AREA), 0, 255)
        alpha = small[:, :, 3]
        colors = small[:, :, :3] * (255 / np.maximum(alpha, 1.0))[:, :, None]
        return Mark(np.rint(alpha).astype(np.uint8), np.rint(np.clip(colors, 0, 255)).astype(np.uint8))


def read_treatment(*, logo: Path | None, text: str | None, font: Path | None) -> Treatment | None:
    """Check what was given; None where nothing was.

    Args:
        logo: a PNG file with a transparent ground.
        text: the title; line breaks in it are kept.
        font: a font file for the text; None: a font of this machine.

    Raises:
        UsageError: both a logo and a text, a font without a text, or a text that cannot be set.
        InputError: the logo or the font file is missing, damaged or not what it should be.
        MachineError: a file may not be read.
    """
    if logo is not None and (text is not None or font is not None):
        raise UsageError("Give either --title-treatment, a logo, or --title-text with its --title-font.")
    if logo is not None:
        picture = load_logo(logo)
        if min(picture.shape[:2]) < LEAST_LOGO_SIDE:
            raise InputError(
                f"{logo} shows only {picture.shape[1]} x {picture.shape[0]} pixels; give it larger."
            )
        return Treatment(None, None, picture)
    if text is None:
        if font is not None:
            raise UsageError("--title-font is for a title: give that with --title-text.")
        return None
    data = None if font is None else _font_file(font)
    return Treatment(check_title(text, data), data, None)


def _font_file(path: Path) -> bytes:
    try:
        with machine_faults(path):
            if path.stat().st_size > MOST_FONT_BYTES:
                raise InputError(f"{path} has more than {MOST_FONT_BYTES >> 20} MB; it is no font file.")
            data = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError) as fault:
        raise InputError(f"{path} is no file; name a font file, such as Title.ttf.") from fault
    if read_font(data) is None:
        raise InputError(f"{path} is not a font that can be read; give a TrueType or OpenType file.")
    return data
