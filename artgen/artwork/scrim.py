"""A soft gradient under a title, in the picture's own color."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from artgen.records import Box, Edge, PixelBox

FADE = 0.22  # of the piece's width or height, over which a gradient ends
HEAD_FADE, MOST_HEAD_FADE = 0.5, 0.1  # of a head's height, and of the piece's, over which it keeps off heads
DARK, LIGHT = (10.0, 16.0), (95.0, 6.0)  # lightness and most chroma of a gradient, CIE Lab

Picture = NDArray[np.uint8]
Map = NDArray[np.float32]


def scrim_cover(
    box: PixelBox,
    sides: Sequence[Edge],
    heads: Sequence[Box],
    *,
    capital: float,
    size: tuple[int, int],
    part: PixelBox,
) -> Map:
    """How much of a gradient lies at each pixel: all under the title, nothing on heads, smooth everywhere.

    Args:
        box: of the title.
        sides: of the piece that it runs out to; none: it ends all around.
        heads: boxes that it keeps off.
        capital: height of a capital.
        size: (width, height) of the piece.
        part: of the piece.

    Returns:
        (height, width) of `part`, 0..1.
    """
    wide, high = size
    pad = capital / 2
    left, top, right, bottom = box[0] - pad, box[1] - pad, box[2] + pad, box[3] + pad
    if "left" in sides or "right" in sides:
        top, bottom = 0.0, float(high)
        left, right = (0.0, right) if "left" in sides else (left, float(wide))
    elif sides:
        left, right = 0.0, float(wide)
        top, bottom = (0.0, bottom) if "top" in sides else (top, float(high))
    x = np.arange(part[0], part[2], dtype=np.float32) + 0.5
    y = np.arange(part[1], part[3], dtype=np.float32) + 0.5
    across = np.maximum(np.maximum(left - x, x - right), 0)[None, :] / (FADE * wide)
    down = np.maximum(np.maximum(top - y, y - bottom), 0)[:, None] / (FADE * high)
    cover = _smooth(1 - np.hypot(across, down))
    for x1, y1, x2, y2 in heads:
        away = np.hypot(
            np.maximum(np.maximum(x1 - x, x - x2), 0)[None, :],
            np.maximum(np.maximum(y1 - y, y - y2), 0)[:, None],
        )
        cover = cover * _smooth((away - 1) / max(1.0, min(HEAD_FADE * (y2 - y1), MOST_HEAD_FADE * high)))
    return np.asarray(cover, np.float32)


def own_color(under: Picture, lightness: float, most_chroma: float) -> str:
    """The color of what lies there, made so light and no more colorful than that, "#rrggbb"."""
    lab = cv2.cvtColor(under.astype(np.float32) / 255, cv2.COLOR_RGB2LAB).reshape(-1, 3).mean(axis=0)
    chroma = float(np.hypot(lab[1], lab[2]))
    kept = min(1.0, most_chroma / max(chroma, 1e-6))
    color = np.array([[[lightness, lab[1] * kept, lab[2] * kept]]], np.float32)
    rgb = np.rint(np.clip(cv2.cvtColor(color, cv2.COLOR_LAB2RGB)[0, 0], 0, 1) * 255).astype(int)
    return "#" + "".join(f"{value:02x}" for value in rgb)


def veiled(picture: Picture, cover: Map, color: NDArray[np.uint8]) -> Picture:
    """A picture under a color that covers each pixel so far, 0..1."""
    mixed = picture + (color.astype(np.float32) - picture) * cover[:, :, None]
    return np.rint(mixed).astype(np.uint8)


def rgb(color: str) -> NDArray[np.uint8]:
    """The three values of "#rrggbb"."""
    return np.array([int(color[i : i + 2], 16) for i in (1, 3, 5)], np.uint8)


def _smooth(values: NDArray[np.floating]) -> Map:
    """Smootherstep of 0..1, so that no edge of a gradient shows (Perlin, "Improving noise", 2002)."""
    t = np.clip(values, 0, 1)
    return np.asarray(t * t * t * (t * (6 * t - 15) + 10), np.float32)
