"""How much of a picture is lines of text, judged by their strokes: no reading, no language."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

MIN_CONTRAST = 40  # levels between strokes and what they stand on
MIN_OVER_NOISE = 5.0  # times the noise: clots of grain are no strokes
MAX_UNEVENNESS = 0.22  # standard deviation of the light within a letter, of its contrast
MIN_HEIGHT, MAX_HEIGHT_SHARE = 5, 0.35  # of a letter: pixels, and share of the picture's height
MAX_EXTENT = 0.9  # of its box that a letter fills; windows and bars fill more
MAX_STROKE_SPREAD = 0.5  # standard deviation of the stroke's width, of its mean
MAX_STROKE_SHARE = 0.4  # width of the stroke, of the letter's height
LETTERS_A_LINE = 5
MAX_GAP = 1.2  # between letters of a line, of their height
MAX_OVERLAP = 0.3  # of letters of a line, of the smaller one's height
MAX_HEIGHT_RATIO = 2.0  # of letters in a line
MAX_OFF_BASE = 0.15  # of the height: letters of a line stand on one line or hang from one
BROAD, MIN_BROAD = 0.3, 0.5  # width in heights of letters other than I and l, and their share in a line
MIN_ON_BASE = 0.6  # of the letters of a line: some reach below it
MAX_LIGHT_CHANGE = 0.2  # of the contrast: a line is printed in one color
MAX_STROKE_RATIO = 1.8  # of letters in a line
SMALL_HEIGHT = 14  # pixels: smaller letters run into each other, and their strokes into the background
SMALL_LIGHT_CHANGE, SMALL_UNEVENNESS, SMALL_WIDTH = 0.45, 0.35, 8.0  # the limits for them; width in heights
RIM = 2  # pixels around a letter that show what it stands on
MAX_SHORT_LABELS = 1 << 16  # components that touch nowhere, each in four pixels of its own
MAX_WIDTH = 2.5  # of a letter, in heights

Boxes = NDArray[np.int32]  # (n, 4) x1, y1, x2, y2


@dataclass(frozen=True, slots=True)
class Letter:
    """Something with strokes of one width and one light on another: box in pixels, light and contrast in levels."""

    x1: int
    y1: int
    x2: int
    y2: int
    light: float
    contrast: float
    stroke: float

    @property
    def height(self) -> int:
        """Of the box."""
        return self.y2 - self.y1

    @property
    def letters(self) -> int:
        """How many letters it is, run together."""
        return max(1, round((self.x2 - self.x1) / self.height))


def measure_text(luma: NDArray[np.uint8], *, noise: float = 0.0) -> tuple[float, float]:
    """(share of the picture covered by lines of text, share of the picture's edges that lie in them), each 0..1.

    `noise` is the standard deviation of the picture's grain, in levels.
    """
    lines = find_lines(luma, noise=noise)
    if not len(lines):
        return 0.0, 0.0
    covered = np.zeros(luma.shape, bool)
    for x1, y1, x2, y2 in lines:
        covered[max(0, y1 - 1) : y2 + 1, max(0, x1 - 1) : x2 + 1] = True
    edges = cv2.morphologyEx(luma, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8)).astype(np.float32)
    edges[edges < MIN_CONTRAST / 3] = 0
    total = float(edges.sum())
    return float(covered.mean()), float(edges[covered].sum() / total) if total else 0.0


def find_lines(luma: NDArray[np.uint8], *, noise: float = 0.0) -> Boxes:
    """Boxes of lines of text, (n, 4); see measure_text."""
    contrast = max(MIN_CONTRAST, MIN_OVER_NOISE * noise)
    size = max(1, luma.shape[1] // 2), max(1, luma.shape[0] // 2)
    half = cv2.resize(luma, size, interpolation=cv2.INTER_AREA)
    lines: list[tuple[int, int, int, int]] = []
    # Large letters stand out against a wide surrounding, and are as clear in a picture of half the size.
    for scale, picture, window in ((1, luma, 15), (2, np.asarray(half, np.uint8), 31)):
        for strokes in (picture, 255 - picture):
            found = _lines(_letters(strokes, window, contrast))
            lines += [(scale * x1, scale * y1, scale * x2, scale * y2) for x1, y1, x2, y2 in found]
    return np.array(lines, np.int32).reshape(-1, 4)


def _letters(luma: NDArray[np.uint8], window: int, least: float) -> list[Letter]:
    """What is brighter than its surroundings within `window` pixels and has the shape of a letter; by `least` levels."""
    over = np.asarray(cv2.subtract(luma, cv2.blur(luma, (window, window))), np.uint8)
    mask = np.asarray(cv2.threshold(over, least / 2, 255, cv2.THRESH_BINARY)[1], np.uint8)
    # Two bytes a label suffice at the size that is measured, and cost half the time of four.
    kind = cv2.CV_16U if mask.size < 4 * MAX_SHORT_LABELS else cv2.CV_32S
    _, found, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8, ltype=kind)
    boxes = np.asarray(stats, np.int32)
    hopeful = np.flatnonzero(_has_shape(boxes, luma.shape))
    hopeful = hopeful[_may_be_in_line(boxes[hopeful])]
    if len(hopeful) < 2:
        return []
    x, y, width, height, _ = boxes[hopeful].T
    small = height < SMALL_HEIGHT
    # From here on the hopeful components are 0, 1, ...; only their pixels and what is around them are looked at.
    around = (
        slice(max(0, y.min() - RIM), (y + height).max() + RIM),
        slice(max(0, x.min() - RIM), (x + width).max() + RIM),
    )
    luma, over, mask = (np.ascontiguousarray(plane[around]) for plane in (luma, over, mask))
    number = np.full(len(boxes), -1, np.int32)
    number[hopeful] = np.arange(len(hopeful))
    pixels = np.flatnonzero(mask > 0)
    marks = number[np.asarray(found)[around].ravel()[pixels]]
    pixels, marks = pixels[marks >= 0], marks[marks >= 0]
    stroke, spread = _strokes(pixels, marks, luma.shape, len(hopeful))
    shaped = (spread <= MAX_STROKE_SPREAD * np.maximum(stroke, 1)) & (stroke <= MAX_STROKE_SHARE * height)
    # Borders are mixed with the background: the light of a thin stroke is that of its brighter half.
    core = over.ravel()[pixels] >= least
    light, unevenness = _statistics(marks[core], luma.ravel()[pixels[core]], len(hopeful))
    contrast = light - _light_around(luma, mask, pixels, marks, len(hopeful))
    shaped &= (contrast >= least) & (
        unevenness <= np.where(small, SMALL_UNEVENNESS, MAX_UNEVENNESS) * contrast
    )
    return [
        Letter(
            int(x[i]), int(y[i]), int(x[i] + width[i]), int(y[i] + height[i]),
            float(light[i]), float(contrast[i]), float(stroke[i]),
        )
        for i in np.flatnonzero(shaped)
    ]  # fmt: skip


def _has_shape(boxes: NDArray[np.int32], shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """Which components, (n, 5) x, y, width, height, pixels, may be letters by their box and how they fill it."""
    x, y, width, height, size = boxes.T
    shaped = (height >= MIN_HEIGHT) & (height <= shape[0] * MAX_HEIGHT_SHARE)
    shaped &= width <= np.where(height < SMALL_HEIGHT, SMALL_WIDTH, MAX_WIDTH) * height
    shaped &= (size >= 6) & ((size <= MAX_EXTENT * width * height) | (width * 3 < height))
    # What the frame cuts off (grass, fences) has no shape to judge by.
    shaped &= (x > 0) & (y > 0) & (x + width < shape[1]) & (y + height < shape[0])
    return np.asarray(shaped, np.bool_)


def _may_be_in_line(boxes: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Which components stand with enough others side by side, as _is_line asks, by their boxes alone."""
    order = np.argsort(boxes[:, 0], kind="stable")
    x, y, width, height, _ = boxes[order].T
    left, right = _side_by_side(np.stack([x, y, x + width, y + height], axis=1))
    group = np.arange(len(x))
    while np.any(group[left] != group[right]):
        lowest = np.minimum(group[left], group[right])
        np.minimum.at(group, left, lowest)
        np.minimum.at(group, right, lowest)
    letters = np.bincount(group, np.maximum(1, np.round(width / height)))
    answer = np.zeros(len(boxes), bool)
    answer[order] = (letters[group] >= LETTERS_A_LINE) & (np.bincount(group)[group] > 1)
    return answer


def _side_by_side(boxes: Boxes) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Pairs (left, right) of boxes, ordered by x1, that stand side by side as letters of a line do."""
    x1, y1, x2, y2 = boxes.T
    height = y2 - y1
    ends = np.searchsorted(x1, x2 + MAX_GAP * MAX_HEIGHT_RATIO * height, side="right")
    pairs = ends - np.arange(1, len(x1) + 1)
    left = np.repeat(np.arange(len(x1)), pairs)
    right = left + 1 + np.arange(len(left)) - np.repeat(np.cumsum(pairs) - pairs, pairs)
    tall = np.maximum(height[left], height[right])
    short = np.minimum(height[left], height[right])
    gap = x1[right] - x2[left]
    off_base = np.minimum(np.abs(y1[right] - y1[left]), np.abs(y2[right] - y2[left]))
    beside = (
        (tall <= MAX_HEIGHT_RATIO * short)
        & (gap >= -MAX_OVERLAP * short)
        & (gap <= MAX_GAP * tall)
        & (off_base <= MAX_OFF_BASE * tall + 1)
    )
    return left[beside], right[beside]


def _strokes(
    pixels: NDArray[np.intp], marks: NDArray[np.int32], shape: tuple[int, ...], count: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Mean width of each component's strokes and its standard deviation, read along their ridges, (count,) pixels."""
    mask = np.zeros(shape, np.uint8)
    mask.ravel()[pixels] = 1
    distance = np.asarray(cv2.distanceTransform(mask, cv2.DIST_L2, 3), np.float32)
    highest = np.asarray(cv2.dilate(distance, np.ones((3, 3), np.uint8)), np.float32)
    own = distance.ravel()[pixels]
    ridge = own >= highest.ravel()[pixels]
    return _statistics(marks[ridge], 2 * own[ridge] - 1, count)


def _light_around(
    luma: NDArray[np.uint8],
    mask: NDArray[np.uint8],
    pixels: NDArray[np.intp],
    marks: NDArray[np.int32],
    count: int,
) -> NDArray[np.float64]:
    """Mean light within RIM pixels around each component, (count,)."""
    grown = np.zeros(luma.shape, np.float32)
    grown.ravel()[pixels] = marks + 1
    grown = np.asarray(cv2.dilate(grown, np.ones((2 * RIM + 1, 2 * RIM + 1), np.uint8)), np.float32)
    rim = np.flatnonzero((grown > 0) & (mask == 0))
    return _statistics(grown.ravel()[rim].astype(np.int32) - 1, luma.ravel()[rim], count)[0]


def _statistics(
    marks: NDArray[np.int32], values: NDArray[np.generic], count: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Mean and standard deviation of the values under each mark, (count,)."""
    numbers = np.asarray(values, np.float64)
    size = np.maximum(np.bincount(marks, minlength=count), 1)
    mean = np.bincount(marks, numbers, minlength=count) / size
    square = np.bincount(marks, numbers**2, minlength=count) / size
    return mean, np.sqrt(np.maximum(square - mean**2, 0))


def _lines(letters: list[Letter]) -> list[tuple[int, int, int, int]]:
    """Join letters that stand side by side; (x1, y1, x2, y2) of lines with enough of them."""
    left = sorted(letters, key=lambda letter: (letter.x1, letter.y1))
    followers = _followers(left)
    lines: list[tuple[int, int, int, int]] = []
    used: set[int] = set()
    for i, first in enumerate(left):
        if i in used:
            continue
        members = [i]
        while unused := [j for j in followers[members[-1]] if j not in used]:
            members.append(unused[0])
        line = [left[j] for j in members]
        if _is_line(line):
            used.update(members)
            lines.append(
                (first.x1, min(c.y1 for c in line), max(c.x2 for c in line), max(c.y2 for c in line))
            )
    return lines


def _followers(letters: list[Letter]) -> list[list[int]]:
    """For each letter, ordered by x1, those that may come next in its line: beside it, of its stroke and light."""
    followers: list[list[int]] = [[] for _ in letters]
    if len(letters) < 2:
        return followers
    left, right = _side_by_side(np.array([(c.x1, c.y1, c.x2, c.y2) for c in letters], np.int32))
    light, contrast, stroke = np.array([(c.light, c.contrast, max(c.stroke, 1.0)) for c in letters]).T
    height = np.array([c.height for c in letters])
    is_small = np.minimum(height[left], height[right]) < SMALL_HEIGHT
    light_change = np.where(is_small, SMALL_LIGHT_CHANGE, MAX_LIGHT_CHANGE)
    strokes = np.maximum(stroke[left], stroke[right]) / np.minimum(stroke[left], stroke[right])
    alike = (strokes <= MAX_STROKE_RATIO) & (
        np.abs(light[left] - light[right]) <= light_change * np.minimum(contrast[left], contrast[right])
    )
    for one, other in zip(left[alike].tolist(), right[alike].tolist(), strict=True):
        followers[one].append(other)
    return followers


def _is_line(letters: list[Letter]) -> bool:
    """Whether there are enough letters, and most of them stand on one straight line."""
    if len(letters) < 2 or sum(letter.letters for letter in letters) < LETTERS_A_LINE:
        return False
    broad = sum(letter.x2 - letter.x1 >= BROAD * letter.height for letter in letters)
    if broad < MIN_BROAD * len(letters):
        return False
    feet = np.array([letter.y2 for letter in letters])
    height = float(np.median([letter.height for letter in letters]))
    return bool((np.abs(feet - np.median(feet)) <= MAX_OFF_BASE * height / 2 + 1).mean() >= MIN_ON_BASE)
