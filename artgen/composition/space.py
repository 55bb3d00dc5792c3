"""Calm space: the largest box of a picture where a title could stand."""

import cv2
import numpy as np
from numpy.typing import NDArray

from artgen.composition.reduced import lab, shrink
from artgen.records import Box

SPACE_SIDE = 48
LEAST_SPACE = 0.06  # of the picture: smaller boxes hold no title
SHAPES = (0.35, 5.0)  # width to height of boxes that hold lettering well


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
    colors = lab(shrink(picture, SPACE_SIDE * 4))
    detail = np.abs(cv2.Laplacian(colors, cv2.CV_32F)).sum(axis=2)
    height, width = picture.shape[:2]
    scale = SPACE_SIDE / max(height, width)
    size = (max(4, round(width * scale)), max(4, round(height * scale)))
    busy = cv2.resize(detail, size, interpolation=cv2.INTER_AREA)
    busy = cv2.GaussianBlur(busy, (0, 0), 1.0)
    calm = (busy < 9.0) & (cv2.resize(saliency, size, interpolation=cv2.INTER_AREA) < 0.35)
    for x1, y1, x2, y2 in taken:
        rows = slice(max(0, int(y1 * scale)), int(np.ceil(y2 * scale)))
        calm[rows, max(0, int(x1 * scale)) : int(np.ceil(x2 * scale))] = False
    return np.asarray(calm, dtype=np.bool_)


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
