"""Where the people of a picture are, from head to hands: what a crop's edge should not run through.

Detectors give a face and no more. Heads and chests below the faces are taken for granted, shoulders
and trunks for likely, and what shares their colors inside the picture's own contours is cut out along
the cheapest border: arms, hats and backs come with it, often a second person in like clothes too.

Source: Rother, Kolmogorov, Blake, "GrabCut: interactive foreground extraction using iterated graph
cuts" (2004).
"""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from artgen.composition.reduced import checked, shrink
from artgen.records import Box, Face, area

FIGURE_SIDE = 160
ROUNDS = 3
LEAST_OF_LARGEST = 0.15  # smaller faces are those of a crowd behind, whose bodies nobody sees
REACH = (4.0, 2.0, 9.0)  # beside, above and below a face, in its heights: beyond it nobody has a hand or foot
LEAST_GROUND = 0.02  # of the picture: with less left beside the people there is nothing to cut them from
MOST_GROWN = 2.0  # times what was likely: more is ground of the people's colors that has run in

PEOPLE = (cv2.GC_FGD, cv2.GC_PR_FGD)


def figure_map(picture: NDArray[np.uint8], faces: Sequence[Face]) -> NDArray[np.float32]:
    """Map the people whose faces were found, with hair, arms and what they wear.

    Args:
        picture: sRGB, (height, width, 3) uint8.
        faces: in it, boxes in its pixels.

    Returns:
        (h, w) float32, the long side FIGURE_SIDE or the picture's own where that is smaller: 1 on a
        figure, 0 off it, softened at its border; all 0 without faces.

    Raises:
        ValueError: the picture is empty or not (height, width, 3) uint8.
    """
    small = shrink(checked(picture), FIGURE_SIDE)
    scale = small.shape[1] / picture.shape[1]
    marks = _marks(small.shape[:2], [face.box for face in faces], scale)
    likely = np.isin(marks, PEOPLE)
    if not likely.any():
        return np.zeros(small.shape[:2], np.float32)
    found = likely
    if 1 - likely.mean() >= LEAST_GROUND:
        cv2.setRNGSeed(0)  # of this thread: the color models begin from random centers
        cv2.grabCut(
            small, marks, (0, 0, 1, 1), np.zeros((1, 65)), np.zeros((1, 65)), ROUNDS, cv2.GC_INIT_WITH_MASK
        )
        cut = np.isin(marks, PEOPLE)
        found = cut if cut.sum() <= MOST_GROWN * likely.sum() else likely
    return np.asarray(cv2.GaussianBlur(found.astype(np.float32), (0, 0), 1.5), np.float32)


def _marks(shape: tuple[int, ...], boxes: Sequence[Box], scale: float) -> NDArray[np.uint8]:
    """What is known before the cut: faces and chests surely people, around and below them probably."""
    marks = np.full(shape, cv2.GC_BGD, np.uint8)
    largest = max((area(box) for box in boxes), default=0.0)
    held = [box for box in boxes if area(box) >= LEAST_OF_LARGEST * largest]
    for value, parts in ((cv2.GC_PR_BGD, _possible), (cv2.GC_PR_FGD, _probable), (cv2.GC_FGD, _sure)):
        for box in held:
            for x1, y1, x2, y2 in parts(box):
                rows = slice(max(0, int(y1 * scale)), max(0, int(y2 * scale)))
                marks[rows, max(0, int(x1 * scale)) : max(0, int(x2 * scale))] = value
    return marks


def _possible(box: Box) -> tuple[Box, ...]:
    """All that could belong to the person."""
    x1, y1, x2, y2 = box
    beside, above, below = (times * (y2 - y1) for times in REACH)
    return ((x1 - beside, y1 - above, x2 + beside, y2 + below),)


def _probable(box: Box) -> tuple[Box, ...]:
    """Head with hair, shoulders and all below them."""
    x1, y1, x2, y2 = box
    wide, high = x2 - x1, y2 - y1
    head = (x1 - 0.25 * wide, y1 - 0.4 * high, x2 + 0.25 * wide, y2 + 0.3 * high)
    return head, (x1 - 0.8 * wide, y2 + 0.25 * high, x2 + 0.8 * wide, y2 + 7 * high)


def _sure(box: Box) -> tuple[Box, ...]:
    """Face and chest."""
    x1, y1, x2, y2 = box
    wide, high = x2 - x1, y2 - y1
    return (x1 + 0.1 * wide, y1, x2 - 0.1 * wide, y2), (
        x1 + 0.05 * wide,
        y2 + 0.5 * high,
        x2 - 0.05 * wide,
        y2 + 1.6 * high,
    )
