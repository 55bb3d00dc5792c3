"""Calm space: the largest box of a picture where a title could stand."""

import cv2
import numpy as np
from numpy.typing import NDArray

from artgen.composition.contrast import least_contrast, luminance
from artgen.composition.reduced import lab, resized, shrink
from artgen.records import Box, TitleSpace, area

SPACE_SIDE = 48
LEAST_SPACE = 0.06  # of the picture: smaller boxes hold no title
SHAPES = (0.35, 5.0)  # width to height of boxes that hold lettering well
MOST_DETAIL = 9.0  # of the color Laplacian, blurred: what is busier is not calm
MOST_SALIENCY = 0.35
MOST_SPACES = 4
WORST = 5  # percentile of a place that its contrast is told by


def calm_places(
    picture: NDArray[np.uint8], saliency: NDArray[np.float32], *, taken: tuple[Box, ...]
) -> NDArray[np.bool_]:
    """Which places of a picture are calm: little detail, little saliency, no face or lettering.

    Args:
        picture: sRGB, (height, width, 3) uint8.
        saliency: of saliency_map.
        taken: boxes in pixels of the picture that nothing may cover.

    Returns:
        (h, w) bool, the long side SPACE_SIDE.
    """
    busy = detail_map(picture)
    size = (busy.shape[1], busy.shape[0])
    scale = SPACE_SIDE / max(picture.shape[:2])
    calm = (busy < MOST_DETAIL) & (cv2.resize(saliency, size, interpolation=cv2.INTER_AREA) < MOST_SALIENCY)
    for x1, y1, x2, y2 in taken:
        rows = slice(max(0, int(y1 * scale)), int(np.ceil(y2 * scale)))
        calm[rows, max(0, int(x1 * scale)) : int(np.ceil(x2 * scale))] = False
    return np.asarray(calm, dtype=np.bool_)


def detail_map(picture: NDArray[np.uint8]) -> NDArray[np.float32]:
    """How busy each place of a picture is: (h, w), the long side SPACE_SIDE, 0 flat, MOST_DETAIL no longer calm."""
    colors = lab(shrink(picture, SPACE_SIDE * 4))
    detail = np.abs(cv2.Laplacian(colors, cv2.CV_32F)).sum(axis=2)
    height, width = picture.shape[:2]
    scale = SPACE_SIDE / max(height, width)
    size = (max(4, round(width * scale)), max(4, round(height * scale)))
    busy = cv2.resize(detail, size, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.GaussianBlur(busy, (0, 0), 1.0), np.float32)


def title_spaces(
    picture: NDArray[np.uint8],
    saliency: NDArray[np.float32],
    *,
    taken: tuple[Box, ...],
    figures: NDArray[np.float32],
    safe: Box,
) -> tuple[TitleSpace, ...]:
    """Where in a piece of artwork a title could stand: calm boxes that do not overlap.

    Args:
        picture: the piece, sRGB, (height, width, 3) uint8.
        saliency: of the piece.
        taken: boxes in its pixels that nothing may cover, such as heads and lettering.
        figures: of the piece; see figure_map.
        safe: the part that stores and players leave free, as fractions. A box is held to it where what is left
            is still large enough; else it is told as it is and called unsafe.

    Returns:
        At most MOST_SPACES boxes of at least LEAST_SPACE of the piece, safe ones first, then by size.
    """
    height, width = picture.shape[:2]
    work = resized(picture, SPACE_SIDE * 4)
    scale = work.shape[1] / width
    boxes = tuple((x1 * scale, y1 * scale, x2 * scale, y2 * scale) for x1, y1, x2, y2 in taken)
    calm = calm_places(work, saliency, taken=boxes)
    size = (calm.shape[1], calm.shape[0])
    calm &= cv2.resize(figures, size, interpolation=cv2.INTER_AREA) < 0.5
    busy, light = detail_map(work), luminance(work)
    edges = (safe[0] * width, safe[1] * height, safe[2] * width, safe[3] * height)
    found: list[TitleSpace] = []
    while len(found) < MOST_SPACES:
        box = largest_calm_box(calm, width=width, height=height)
        if box is None:
            break
        calm[_slices(box, calm.shape[1] / width)] = False
        inner = (max(box[0], edges[0]), max(box[1], edges[1]), min(box[2], edges[2]), min(box[3], edges[3]))
        is_safe = area(inner) >= LEAST_SPACE * width * height
        found.append(_measured(inner if is_safe else box, picture.shape, busy, light, is_safe=is_safe))
    return tuple(sorted(found, key=lambda space: (not space.safe, -space.area)))


def _measured(
    box: Box, shape: tuple[int, ...], busy: NDArray[np.float32], light: NDArray[np.float32], *, is_safe: bool
) -> TitleSpace:
    height, width = shape[:2]
    ground = light[_slices(box, light.shape[1] / width)]
    x1, y1, x2, y2 = (round(edge) for edge in box)
    return TitleSpace(
        box=(x1, y1, x2, y2),
        area=round(area(box) / (width * height), 4),
        white=round(least_contrast(1.0, ground, WORST), 2),
        black=round(least_contrast(0.0, ground, WORST), 2),
        detail=round(min(1.0, float(busy[_slices(box, busy.shape[1] / width)].mean()) / MOST_DETAIL), 3),
        safe=is_safe,
    )


def _slices(box: Box, scale: float) -> tuple[slice, slice]:
    """What a box covers of a map that is `scale` times as large; never empty."""
    x1, y1, x2, y2 = (edge * scale for edge in box)
    left, top = int(x1 + 1e-6), int(y1 + 1e-6)
    right, bottom = int(np.ceil(x2 - 1e-6)), int(np.ceil(y2 - 1e-6))
    return slice(top, max(bottom, top + 1)), slice(left, max(right, left + 1))


def largest_calm_box(calm: NDArray[np.bool_], *, width: int, height: int) -> Box | None:
    """The calm box of greatest area whose shape suits lettering, in pixels of a width x height picture.

    Every row in turn is the bottom of the widest rectangles that its histogram of calm heights
    allows (the stack algorithm of the largest rectangle in a histogram).

    Returns:
        The box, or None where the best covers less than LEAST_SPACE of the picture.
    """
    rows, columns = calm.shape
    grown = np.zeros(columns + 1, np.int64)
    best, best_area = None, LEAST_SPACE * rows * columns
    for row in range(rows):
        grown[:columns] = np.where(calm[row], grown[:columns] + 1, 0)
        heights = grown.tolist()
        stack: list[int] = []
        for column in range(columns + 1):
            while stack and heights[stack[-1]] >= heights[column]:
                tall = heights[stack.pop()]
                left = stack[-1] + 1 if stack else 0
                area = suited_area(column - left, tall)
                if area > best_area:
                    best, best_area = (left, row + 1 - tall, column, row + 1), area
            stack.append(column)
    if best is None:
        return None
    x, y = width / columns, height / rows
    return (round(best[0] * x, 1), round(best[1] * y, 1), round(best[2] * x, 1), round(best[3] * y, 1))


def suited_area(width: int, height: int) -> float:
    """Area of the part of a box that lettering can use: a strip counts only up to SHAPES."""
    low, high = SHAPES
    return min(width, height * high) * min(height, width / low)
