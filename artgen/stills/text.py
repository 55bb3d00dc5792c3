"""How much of a picture is lines of text, judged by their strokes: no reading, no language."""

import cv2
import numpy as np
from numpy.typing import NDArray

MIN_CONTRAST = 40  # levels between strokes and what they stand on
MIN_HEIGHT, MAX_HEIGHT_SHARE = 5, 0.35  # of a letter: pixels, and share of the picture's height
MAX_EXTENT = 0.9  # of its box that a letter fills; windows and bars fill more
MAX_STROKE_SPREAD = 0.6  # standard deviation of the stroke's width, of its mean
MAX_STROKE_SHARE = 0.45  # width of the stroke, of the letter's height
LETTERS_A_LINE = 4
MAX_GAP = 1.6  # between letters of a line, of their height
MAX_HEIGHT_RATIO = 2.2  # of letters in a line

Boxes = NDArray[np.int32]  # (n, 4) x1, y1, x2, y2


def measure_text(luma: NDArray[np.uint8]) -> tuple[float, float]:
    """(share of the picture covered by lines of text, share of the picture's edges that lie in them), each 0..1."""
    lines = find_lines(luma)
    if not len(lines):
        return 0.0, 0.0
    covered = np.zeros(luma.shape, bool)
    for x1, y1, x2, y2 in lines:
        covered[max(0, y1 - 1) : y2 + 1, max(0, x1 - 1) : x2 + 1] = True
    edges = cv2.morphologyEx(luma, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8)).astype(np.float32)
    edges[edges < MIN_CONTRAST / 3] = 0
    total = float(edges.sum())
    return float(covered.mean()), float(edges[covered].sum() / total) if total else 0.0


def find_lines(luma: NDArray[np.uint8]) -> Boxes:
    """Boxes of lines of text, (n, 4)."""
    lines: list[tuple[int, int, int, int]] = []
    for strokes in (luma, 255 - luma):
        letters = _letters(strokes)
        lines += _lines(letters)
    return np.array(lines, np.int32).reshape(-1, 4)


def _letters(luma: NDArray[np.uint8]) -> Boxes:
    """Boxes of what is brighter than its surroundings and has strokes of one width."""
    found: list[Boxes] = []
    for window in (15, 61):
        background = cv2.blur(luma, (window, window))
        mask = (luma.astype(np.int16) - background > MIN_CONTRAST // 2).astype(np.uint8)
        count, marks, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
        if count > 1:
            found.append(_letter_boxes(luma, mask, np.asarray(marks, np.int32), np.asarray(stats, np.int32)))
    return np.concatenate(found) if found else np.zeros((0, 4), np.int32)


def _letter_boxes(
    luma: NDArray[np.uint8], mask: NDArray[np.uint8], marks: NDArray[np.int32], stats: NDArray[np.int32]
) -> Boxes:
    x, y, width, height, size = stats.T
    tall = luma.shape[0] * MAX_HEIGHT_SHARE
    shaped = (height >= MIN_HEIGHT) & (height <= tall) & (width <= 2.5 * height) & (size >= 6)
    shaped &= (size <= MAX_EXTENT * width * height) | (width * 3 < height)
    shaped[0] = False
    distance = cv2.distanceTransform(mask, cv2.DIST_L2, 3)
    ridge = (distance >= cv2.dilate(distance, np.ones((3, 3), np.uint8))) & (mask > 0)
    at, widths = marks[ridge], 2 * distance[ridge] - 1
    n = np.maximum(np.bincount(at, minlength=len(stats)), 1)
    mean = np.bincount(at, widths, minlength=len(stats)) / n
    spread = np.sqrt(np.maximum(np.bincount(at, widths**2, minlength=len(stats)) / n - mean**2, 0))
    shaped &= (spread <= MAX_STROKE_SPREAD * np.maximum(mean, 1)) & (mean <= MAX_STROKE_SHARE * height)
    inside = _means(luma, marks, mask > 0, count=len(stats))
    rim = cv2.dilate(mask, np.ones((5, 5), np.uint8)) - mask
    grown = cv2.dilate(marks.astype(np.float32), np.ones((5, 5), np.uint8)).astype(np.int32)
    outside = _means(luma, grown, rim > 0, count=len(stats))
    shaped &= inside - outside >= MIN_CONTRAST
    return np.asarray(np.stack([x, y, x + width, y + height], 1)[shaped], np.int32)


def _means(
    luma: NDArray[np.uint8], marks: NDArray[np.int32], where: NDArray[np.bool_], *, count: int
) -> NDArray[np.float64]:
    """Mean luma of the pixels of each mark that are in `where`; few are, so only they are counted."""
    own = marks[where]
    sizes = np.maximum(np.bincount(own, minlength=count), 1)
    return np.asarray(np.bincount(own, luma[where], minlength=count) / sizes, np.float64)


def _lines(letters: Boxes) -> list[tuple[int, int, int, int]]:
    """Join letters of like height that stand side by side; (x1, y1, x2, y2) of lines with enough of them."""
    left = letters[np.argsort(letters[:, 0], kind="stable")].tolist()
    lines: list[tuple[int, int, int, int]] = []
    used = [False] * len(left)
    for i, first in enumerate(left):
        if used[i]:
            continue
        line, members = list(first), [i]
        last = first
        for j in range(i + 1, len(left)):
            other = left[j]
            if other[0] - line[2] > MAX_GAP * (last[3] - last[1]):
                break
            if not used[j] and _side_by_side(last, other):
                members.append(j)
                line = [line[0], min(line[1], other[1]), max(line[2], other[2]), max(line[3], other[3])]
                last = other
        if len(members) >= LETTERS_A_LINE:
            for j in members:
                used[j] = True
            lines.append((line[0], line[1], line[2], line[3]))
    return lines


def _side_by_side(one: list[int], other: list[int]) -> bool:
    tall, small = sorted([one[3] - one[1], other[3] - other[1]], reverse=True)
    shared = min(one[3], other[3]) - max(one[1], other[1])
    gap = other[0] - one[2]
    return (
        tall <= MAX_HEIGHT_RATIO * small and shared >= 0.6 * small and -0.3 * small <= gap <= MAX_GAP * tall
    )
