"""Where lettering is laid over or fills a picture: subtitles, titles, credits, names of makers.

Strokes of one brightness are joined along the row into bars; a bar is taken for a line of letters
when it is long, even in height, stands free above and below, alternates between stroke and gap as
often as letters do, and all its strokes have one color. Grass, leaves, bricks and fences share some
of that, seldom all of it. No letter is read: a page held into the lens is lettering too; handwriting,
upright lettering and single letters are missed.

Source: Wu, Manmatha, Riseman, "TextFinder" (1999) for strokes joined into bars and their rules;
Epshtein, Ofek, Wexler, "Detecting text in natural scenes with stroke width transform" (2010) for one
stroke color and width.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from artgen.composition.reduced import checked, lab, resized
from artgen.records import Box

SIDES = (896, 448, 224)  # letters from 1.5 % to about a quarter of the picture's height
STROKE_PX = 9
JOIN_PX = 11
LETTER_PX = (7, 26)
LEAST_CONTRAST = 12.0  # L* units
LEAST_ASPECT = 2.4

Mask = NDArray[np.uint8]


def find_text(picture: NDArray[np.uint8]) -> tuple[Box, ...]:
    """Boxes of the lines of lettering in a picture, top to bottom, in its pixels.

    Args:
        picture: sRGB, (height, width, 3) uint8.

    Raises:
        ValueError: the picture is empty or not (height, width, 3) uint8.
    """
    checked(picture)
    boxes: list[Box] = []
    for side in SIDES:
        colors = lab(resized(picture, side))
        scale = picture.shape[1] / colors.shape[1]
        for polarity in (1, -1):
            lightness = np.clip(colors[..., 0] * 2.55, 0, 255).astype(np.uint8)
            strokes = _strokes(lightness if polarity == 1 else 255 - lightness)
            for x1, y1, x2, y2 in _bars(strokes):
                if _is_lettering(strokes, colors, (x1, y1, x2, y2)):
                    boxes.append((x1 * scale, y1 * scale, x2 * scale, y2 * scale))
    return tuple(sorted((_inside(box, picture.shape) for box in _joined(boxes)), key=lambda b: (b[1], b[0])))


def _strokes(lightness: Mask) -> Mask:
    """1 where something thinner than STROKE_PX is clearly brighter than what surrounds it."""
    kernel = cv2.getStructuringElement(cv2.MORPH_RECT, (STROKE_PX, STROKE_PX))
    hat = cv2.morphologyEx(lightness, cv2.MORPH_TOPHAT, kernel)
    return np.asarray(hat > LEAST_CONTRAST * 2.55, dtype=np.uint8)


def _bars(strokes: Mask) -> list[tuple[int, int, int, int]]:
    """Bars of strokes joined along the row, of the height of letters and longer than high."""
    joined = cv2.morphologyEx(strokes, cv2.MORPH_CLOSE, np.ones((1, JOIN_PX), np.uint8))
    joined = cv2.morphologyEx(joined, cv2.MORPH_OPEN, np.ones((3, 5), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=4)
    left, top, width, height, area = stats[1:].T[:5]
    kept = (height >= LETTER_PX[0]) & (height <= LETTER_PX[1]) & (width >= LEAST_ASPECT * height)
    kept &= area > 0.62 * width * height
    return [
        (int(x), int(y), int(x + w), int(y + h))
        for x, y, w, h in zip(left[kept], top[kept], width[kept], height[kept], strict=True)
    ]


def _is_lettering(strokes: Mask, colors: NDArray[np.float32], bar: tuple[int, int, int, int]) -> bool:
    """Whether a bar alternates like letters, stands free, and is of one color."""
    x1, y1, x2, y2 = bar
    height, width = y2 - y1, x2 - x1
    inside = strokes[y1:y2, x1:x2]
    density = float(inside.mean())
    margin = max(2, round(height * 0.3))
    above = strokes[max(0, y1 - margin) : y1, x1:x2]
    below = strokes[y2 : y2 + margin, x1:x2]
    calm = all(float(band.mean()) < 0.25 * density for band in (above, below) if band.size)
    turns = np.abs(np.diff(inside.astype(np.int8), axis=1)).sum(axis=1) / 2
    letters = float(np.percentile(turns, 60)) * height / width
    if not calm or not 0.2 < density < 0.75 or not 0.7 < letters < 3.2:
        return False
    depth = cv2.distanceTransform(np.pad(inside, 1), cv2.DIST_L2, 3)[1:-1, 1:-1]
    core = colors[y1:y2, x1:x2][depth >= np.percentile(depth[inside > 0], 50)]
    return bool(np.linalg.norm(core.std(axis=0)) < 7.0)


def _inside(box: Box, shape: tuple[int, ...]) -> Box:
    pad = 0.1 * (box[3] - box[1])
    x1, y1, x2, y2 = box[0] - pad, box[1] - pad, box[2] + pad, box[3] + pad
    return (
        round(max(0.0, x1), 1),
        round(max(0.0, y1), 1),
        round(min(float(shape[1]), x2), 1),
        round(min(float(shape[0]), y2), 1),
    )


def _joined(boxes: list[Box]) -> list[Box]:
    """The boxes with overlapping ones replaced by the box around both, until none overlap."""
    rest, joined = list(boxes), list[Box]()
    while rest:
        box = rest.pop()
        for other in rest + joined:
            if min(box[2], other[2]) > max(box[0], other[0]) and min(box[3], other[3]) > max(
                box[1], other[1]
            ):
                (rest if other in rest else joined).remove(other)
                x1, y1 = min(box[0], other[0]), min(box[1], other[1])
                rest.append((x1, y1, max(box[2], other[2]), max(box[3], other[3])))
                break
        else:
            joined.append(box)
    return joined
