"""Dissolves and fades: stretches of frames that are mixtures of the frames at their two ends.

A mixture has two marks that motion has not: the frames between lie on the straight line from one end
to the other (as vectors), and their contrast dips, since unlike pictures average out.
Source: the linear model of edit effects, e.g. Lienhart, "Reliable Dissolve Detection", SPIE 4315, 2001.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from artgen.shots.differences import as_vectors
from artgen.shots.signatures import LUMA_COLUMNS, LUMA_ROWS, Signatures
from artgen.shots.transitions import Change
from artgen.shots.trees import load_trees

LONGEST = 112  # frames: a dissolve of four seconds at 25 frames a second
LENGTHS = (4, 5, 7, 10, 14, 20, 28, 40, 56, 80, LONGEST)
STEPS_A_LENGTH = 5  # windows of one length are tried at each fifth of it
BESIDE = 4  # frames before and after a window that must differ too: a flash fades to the picture before it
NOISE_LEVELS = 2.0  # added to each end's contrast: two dark frames are not unlike for their noise
MIN_UNLIKENESS = 0.55  # of the ends, 1 for pictures that have nothing in common
MAX_OFF_LINE = 0.5  # RMS distance from the line, of the ends' distance
MAX_UNEVENNESS = 0.25  # mean departure from a constant rate of mixing
MOVES_DOWN, MOVES_ASIDE = 5, 10  # cells a camera's movement between the ends is looked for
TEXTURE_LEVELS, SAME_LEVELS, MIN_TEXTURED = 8, 8, 40  # steps and changes of cells in levels, and cells
SURE = 0.87
BLANK_CONTRAST = 2.0  # levels at most, of a frame without a picture
BLANK_END = 0.8  # "weaker_end" of a blank frame at most: a contrast of 2 levels
FADE_OFF_LINE, FADE_UNEVENNESS, FADE_STEP = (
    0.33,
    0.13,
    0.5,
)  # of fades, where one picture's own motion is all that disturbs
WHOLE = 0.93  # of the farthest ends: windows shorter than the transition have nearer ones
FIT_FROM, FIT_TO = 0.15, 0.85  # shares of the new picture between which the rate of mixing is read off

GRADUAL_FEATURES = (
    "length", "unlike", "unlike_beside", "off_line", "off_line_middle", "uneven", "largest_step", "dip",
    "distance", "weaker_end", "stronger_end", "off_step", "same_cells", "moved",
)  # fmt: skip

Floats = NDArray[np.float32]
Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Likeness:
    """Inner products of all frames of a window.

    products: (n, n) of the vectors of as_vectors, centered on the window's mean; distances: (n, n) squared.
    patterns: (n, n) of the luma with each frame's own mean removed.
    """

    products: Floats
    distances: Floats
    patterns: Floats


@dataclass(frozen=True, slots=True)
class Stretches:
    """Tried stretches, k entries each: first frame, end frame, and (k, 14) measures in the order of GRADUAL_FEATURES."""

    start: Integers
    end: Integers
    measures: Floats


def find_graduals(window: Signatures) -> list[Change]:
    """The dissolves and fades of a window, in order and not overlapping; all are called dissolves here.

    `strength` is the probability that the trees of models/shots/graduals.json give; fades are judged by limits.
    """
    likeness, tried = measure_graduals(window)
    if not len(tried.start):
        return []
    sure = load_trees("graduals", features=GRADUAL_FEATURES).score(tried.measures)
    sure = np.where(_leads_to_blank(tried.measures), _sure_of_fade(tried.measures), sure).astype(np.float32)
    kept = np.flatnonzero((sure >= SURE) & ~_passes_blank(likeness, tried))
    start, end, sure = tried.start[kept], tried.end[kept], sure[kept]
    distance = np.sqrt(likeness.distances[start, end])
    changes: list[Change] = []
    for group in _groups(start, end, sure):
        far = group[distance[group] >= WHOLE * distance[group].max()]
        best = far[np.lexsort((-sure[far], (end - start)[far]))[0]]
        changes.append(_placed(likeness, int(start[best]), int(end[best]), float(sure[group].max())))
    return changes


def _leads_to_blank(measures: Floats) -> NDArray[np.bool_]:
    return np.asarray(measures[:, GRADUAL_FEATURES.index("weaker_end")] < BLANK_END)


def _passes_blank(likeness: Likeness, tried: Stretches) -> NDArray[np.bool_]:
    """Whether blank frames lie between ends that are not: a fade out and one in, not a mixture."""
    blank = np.diag(likeness.patterns) < BLANK_CONTRAST**2
    before = np.concatenate([[0], np.cumsum(blank)])
    inside = before[tried.end] - before[tried.start + 1]
    return np.asarray((inside > 0) & ~blank[tried.start] & ~blank[tried.end])


def _sure_of_fade(measures: Floats) -> Floats:
    """How near to a perfect fade, SURE..1; 0 for what is none. A blank end leaves nothing to learn from examples."""
    off, uneven, step = (
        measures[:, GRADUAL_FEATURES.index(name)] for name in ("off_line", "uneven", "largest_step")
    )
    fade = (off < FADE_OFF_LINE) & (uneven < FADE_UNEVENNESS) & (step < FADE_STEP)
    return np.where(fade, SURE + (1 - SURE) * (1 - off) * (1 - uneven), 0).astype(np.float32)


def measure_graduals(window: Signatures) -> tuple[Likeness, Stretches]:
    """Compare all frames of a window, and measure the stretches whose ends are unlike enough.

    Measured are the length (logarithm); how unlike the ends are, and the frames beside them; how far the frames
    between lie off the line, all and those in the middle; how unevenly and by what largest step they move along
    it; how much of a mixture's dip their contrast has; distance and contrasts of the ends (logarithms of levels);
    how far the frames between are from their neighbors, of the ends' distance; which part of the cells is the
    same at both ends; and how well one end fits into the other, as it does where the camera moves.
    """
    likeness = measure_likeness(window)
    tried = [_try_length(likeness, length) for length in LENGTHS if length < len(window)]
    start = np.concatenate([np.zeros(0, np.int64), *(start for start, _, _ in tried)])
    end = np.concatenate([np.zeros(0, np.int64), *(end for _, end, _ in tried)])
    empty = np.zeros((0, len(GRADUAL_FEATURES) - 2), np.float32)
    measures = np.concatenate([empty, *(measures for _, _, measures in tried)])
    return likeness, Stretches(start, end, np.hstack([measures, _compare_ends(window, start, end)]))


def measure_likeness(window: Signatures) -> Likeness:
    """Compare all frames of a window with each other."""
    vectors = as_vectors(window)
    if len(vectors):
        vectors -= vectors.mean(0)
    products = vectors @ vectors.T
    squares = np.diag(products)
    distances = np.maximum(squares[:, None] + squares[None] - 2 * products, 0)
    luma = window.luma.reshape(len(window), -1).astype(np.float32)
    luma -= luma.mean(1, keepdims=True)
    return Likeness(products, distances, luma @ luma.T * np.float32(1 / (LUMA_ROWS * LUMA_COLUMNS)))


def mixing(likeness: Likeness, start: int, end: int) -> Floats:
    """The share of frame `end` in each frame from start to end, if all are mixtures of the two: 0 .. 1."""
    shares = _shares(likeness, np.array([start]), np.array([end]), np.arange(start, end + 1)[None])
    return np.asarray(shares[0], np.float32)


def _shares(likeness: Likeness, start: Integers, end: Integers, at: Integers) -> Floats:
    a, b, products = start[:, None], end[:, None], likeness.products
    along = products[at, b] - products[at, a] - products[a, b] + products[a, a]
    return np.asarray(along / np.maximum(likeness.distances[a, b], 1e-6), np.float32)


def _unlike(likeness: Likeness, start: Integers, end: Integers) -> Floats:
    """1 - correlation of two frames' light, as a root: 0 the same picture however bright, 1 nothing in common."""
    patterns = likeness.patterns
    contrasts = patterns[start, start] * patterns[end, end]
    alike = patterns[start, end] / (np.sqrt(np.maximum(contrasts, 0)) + NOISE_LEVELS**2)
    return np.asarray(np.sqrt(np.clip(1 - alike, 0, 2)), np.float32)


def _try_length(likeness: Likeness, length: int) -> tuple[Integers, Integers, Floats]:
    last = len(likeness.products) - 1
    start = np.arange(0, last + 1 - length, max(1, length // STEPS_A_LENGTH))
    unlike = _unlike(likeness, start, start + length)
    start, unlike = start[unlike > MIN_UNLIKENESS], unlike[unlike > MIN_UNLIKENESS]
    end, steps = start + length, np.arange(1, length)
    at, even = start[:, None] + steps, steps / length
    contrasts = np.diag(likeness.patterns)
    share = _shares(likeness, start, end, at)
    squared = np.maximum(likeness.distances[start, end], 1e-6)
    off_line = (
        np.maximum(likeness.distances[at, start[:, None]] - share**2 * squared[:, None], 0) / squared[:, None]
    )
    apart = np.maximum(contrasts[start] + contrasts[end] - 2 * likeness.patterns[start, end], 1e-6)
    parabola = 4 * even * (1 - even)
    sag = ((contrasts[start] + contrasts[end]) / 2)[:, None] - contrasts[at]
    ones = np.ones((len(start), 1), np.float32)
    neighbors = likeness.distances[at, at - 1] / squared[:, None]
    low, high = length // 3, max(length // 3 + 1, length - length // 3 - 1)
    columns = [
        np.full(len(start), np.log(length)),
        unlike,
        # One side at a time: beyond the other there may be another shot already.
        np.minimum(
            _unlike(likeness, np.maximum(start - BESIDE, 0), end),
            _unlike(likeness, start, np.minimum(end + BESIDE, last)),
        ),
        np.sqrt(off_line.mean(1)),
        np.sqrt(off_line[:, low:high].mean(1)),
        np.abs(share - even).mean(1),
        np.diff(np.hstack([0 * ones, share, ones])).max(1),
        np.clip((sag * parabola).sum(1) / (parabola**2).sum() / (apart / 4), -2, 2),
        np.log(squared) / 2,
        np.log(np.minimum(contrasts[start], contrasts[end]) + 1) / 2,
        np.log(np.maximum(contrasts[start], contrasts[end]) + 1) / 2,
        np.sqrt(neighbors.mean(1)) * length,
    ]
    measures = np.stack(columns, 1).astype(np.float32)
    good = (measures[:, 3] < MAX_OFF_LINE) & (measures[:, 5] < MAX_UNEVENNESS)
    return start[good], end[good], measures[good]


def _compare_ends(window: Signatures, start: Integers, end: Integers) -> Floats:
    """(k, 2): the part of the textured cells that is the same in both ends, and how well one fits into the other.

    The middle of one is found again in the other (correlation, -1..1) where the camera only moved.
    """
    luma = window.luma
    across = np.zeros(luma.shape, bool)
    across[:, :, 1:] = np.abs(np.diff(luma.astype(np.int16), axis=2)) > TEXTURE_LEVELS
    compared = np.zeros((len(start), 2), np.float32)
    for row, (a, b) in zip(compared, zip(start, end, strict=True), strict=True):
        textured = across[a] | across[b]
        kept = textured & (cv2.absdiff(luma[a], luma[b]) <= SAME_LEVELS)
        row[0] = kept.sum() / max(int(textured.sum()), MIN_TEXTURED)
        row[1] = max(_best_fit(luma[a], luma[b]), _best_fit(luma[b], luma[a]))
    return compared


def _best_fit(whole: NDArray[np.uint8], other: NDArray[np.uint8]) -> float:
    middle = other[MOVES_DOWN : LUMA_ROWS - MOVES_DOWN, MOVES_ASIDE : LUMA_COLUMNS - MOVES_ASIDE]
    if int(middle.max()) - int(middle.min()) <= SAME_LEVELS:
        return 0.0
    return float(np.clip(cv2.matchTemplate(whole, middle, cv2.TM_CCOEFF_NORMED).max(), -1, 1))


def _groups(start: Integers, end: Integers, sure: Floats) -> list[NDArray[np.intp]]:
    """The surest stretch not yet taken, and what lies half in it or holds half of it: one group a transition."""
    groups: list[NDArray[np.intp]] = []
    left = np.ones(len(start), bool)
    for seed in np.argsort(-sure, kind="stable"):
        if left[seed]:
            shared = np.minimum(end, end[seed]) - np.maximum(start, start[seed])
            members = left & (2 * shared > np.minimum(end - start, end[seed] - start[seed]))
            left &= ~members
            groups.append(np.flatnonzero(members))
    return sorted(groups, key=lambda group: int(start[group[0]]))


def _placed(likeness: Likeness, start: int, end: int, score: float) -> Change:
    share = mixing(likeness, start, end)
    middle = np.flatnonzero((share > FIT_FROM) & (share < FIT_TO))
    last, first = float(start), float(end)
    if len(middle) >= 2:
        slope, offset = np.polyfit(middle, share[middle], 1)
        if slope > 0:
            last, first = start - offset / slope, start + (1 - offset) / slope
    last, first = max(float(start), last), min(float(end), first)
    return Change(
        int(np.floor(last + 0.25)), max(int(np.ceil(first - 0.25)), int(last) + 2), "dissolve", score
    )
