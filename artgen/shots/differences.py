"""How different two frames are, by their thumbnails."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from artgen.shots.signatures import LUMA_COLUMNS, LUMA_ROWS

BLOCK_ROWS, BLOCK_COLUMNS = 9, 8  # a thumbnail is 3 x 6 blocks, each moved on its own
REACH = 2  # cells a block may move, or light may come from: 4 % of the picture's width from frame to frame
MOVES_DOWN, MOVES_ASIDE = 5, 10  # cells a camera's movement is looked for
EVEN_LEVELS = 8  # steps within a picture that is taken for an even surface

Planes = NDArray[np.uint8]
Floats = NDArray[np.float32]
Frames = NDArray[np.intp]


def plain_difference(before: Planes, after: Planes) -> Floats:
    """Mean absolute difference, (n,) in levels, of n pairs of thumbnails (n, ...)."""
    return _row_means(cv2.absdiff(_rows(before), _rows(after))) if len(before) else np.zeros(0, np.float32)


@dataclass(frozen=True, slots=True)
class Ranges:
    """Luma of n frames, (n, 27, 48), and around each cell the least and the most within REACH cells of it."""

    luma: Planes
    least: Planes
    most: Planes


def measure_ranges(luma: Planes) -> Ranges:
    """The range of light around each cell of n thumbnails (n, 27, 48)."""
    if not len(luma):
        return Ranges(luma, luma, luma)
    padded = np.pad(luma, ((0, 0), (REACH, REACH), (0, 0)), mode="edge")
    tall, around = padded.reshape(-1, LUMA_COLUMNS), np.ones((2 * REACH + 1, 2 * REACH + 1), np.uint8)
    least, most = (
        np.ascontiguousarray(np.asarray(filtered, np.uint8).reshape(padded.shape)[:, REACH:-REACH])
        for filtered in (cv2.erode(tall, around), cv2.dilate(tall, around))
    )
    return Ranges(luma, least, most)


def outside_difference(ranges: Ranges, before: Frames, after: Frames) -> Floats:
    """How far the cells of one frame lie outside of the other's range at the same place, (k,) in levels.

    The mean over both directions. What moved by up to REACH cells costs nothing or little, so that a pan or a
    shake is small, and a new picture large.
    """
    if not len(before):
        return np.zeros(0, np.float32)
    means = [
        _row_means(cv2.subtract(_rows(ranges.luma[one]), _rows(ranges.most[other])))
        + _row_means(cv2.subtract(_rows(ranges.least[other]), _rows(ranges.luma[one])))
        for one, other in ((before, after), (after, before))
    ]
    return np.asarray((means[0] + means[1]) / 2, np.float32)


def matched_cells(before: Planes, after: Planes) -> Planes:
    """Absolute difference of each cell of n pairs, once its block has moved to its best place; (n, 27, 48)."""
    n = len(before)
    if not n:
        return before
    padded = np.pad(after, ((0, 0), (REACH, REACH), (REACH, REACH)), mode="edge")
    fewest = np.full((n, LUMA_ROWS // BLOCK_ROWS, LUMA_COLUMNS // BLOCK_COLUMNS), 255, np.uint8)
    place = np.zeros(fewest.shape, np.intp)
    for number in range((2 * REACH + 1) ** 2):
        down, right = divmod(number, 2 * REACH + 1)
        moved = np.ascontiguousarray(padded[:, down : down + LUMA_ROWS, right : right + LUMA_COLUMNS])
        differs = cv2.absdiff(before.reshape(-1, LUMA_COLUMNS), moved.reshape(-1, LUMA_COLUMNS))
        small = cv2.resize(differs, (fewest.shape[2], n * fewest.shape[1]), interpolation=cv2.INTER_AREA)
        means = np.asarray(small, np.uint8).reshape(fewest.shape)
        place[means < fewest] = number
        np.minimum(fewest, means, out=fewest)
    place = place.repeat(BLOCK_ROWS, 1).repeat(BLOCK_COLUMNS, 2)
    down_by, right_by = np.divmod(place, 2 * REACH + 1)
    frame, row, column = np.ogrid[:n, :LUMA_ROWS, :LUMA_COLUMNS]
    best = cv2.absdiff(_rows(before), _rows(padded[frame, row + down_by, column + right_by]))
    return np.asarray(best, np.uint8).reshape(before.shape)


def fit_moved(whole: Planes, other: Planes) -> tuple[float, float]:
    """How well the middle of one thumbnail is found anywhere in another, and at its own place; correlations, -1..1.

    The first is the larger where a camera moved from one to the other. An even middle is found nowhere: 0.
    """
    middle = other[MOVES_DOWN : LUMA_ROWS - MOVES_DOWN, MOVES_ASIDE : LUMA_COLUMNS - MOVES_ASIDE]
    if int(middle.max()) - int(middle.min()) <= EVEN_LEVELS:
        return 0.0, 0.0
    fits = np.clip(cv2.matchTemplate(whole, middle, cv2.TM_CCOEFF_NORMED), -1, 1)
    return float(fits.max()), float(fits[MOVES_DOWN, MOVES_ASIDE])


def _row_means(rows: Planes | cv2.typing.MatLike) -> Floats:
    sums = cv2.reduce(np.asarray(rows, np.uint8), 1, cv2.REDUCE_SUM, dtype=cv2.CV_32F)
    return np.asarray(sums[:, 0] / rows.shape[1], np.float32)


def _rows(stack: Planes) -> Planes:
    return stack.reshape(len(stack), -1)
