"""Dissolves and fades: stretches of frames that are mixtures of the frames at their two ends.

A mixture has two marks that motion has not: the frames between lie on the straight line from one end
to the other (as vectors), and their contrast dips, since unlike pictures average out.
Source: the linear model of edit effects, e.g. Lienhart, "Reliable Dissolve Detection", SPIE 4315, 2001.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from artgen.shots.differences import as_vectors
from artgen.shots.signatures import LUMA_COLUMNS, LUMA_ROWS, Signatures
from artgen.shots.transitions import Change

Floats = NDArray[np.float32]
Integers = NDArray[np.int64]

LONGEST = 112  # frames: a dissolve of four seconds at 25 frames a second
LENGTHS = (4, 5, 7, 10, 14, 20, 28, 40, 56, 80, LONGEST)
STEPS_A_LENGTH = 5  # windows of one length are tried at each fifth of it
MIN_CONTRAST = 4.0  # levels, added to each end's: two dark frames are not unlike for their noise
MIN_UNLIKENESS = 0.62  # of the ends, 1 for pictures that have nothing in common
MAX_OFF_LINE = 0.33  # RMS distance from the line, of the ends' distance
MIN_DIP = 0.4  # of the contrast dip that a mixture of the two ends has
MAX_UNEVENNESS = 0.13  # mean departure from a constant rate of mixing
MAX_STEP = 0.5  # share of the new picture that comes with one frame
WHOLE = 0.93  # of the farthest ends: windows shorter than the transition have nearer ones
FIT_FROM, FIT_TO = 0.15, 0.85  # shares of the new picture between which the rate of mixing is read off


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
class Mixtures:
    """Tried windows, one entry each: its first frame, its length, and how much it looks like a mixture."""

    start: Integers
    length: Integers
    distance: Floats
    score: Floats


def find_graduals(window: Signatures) -> list[Change]:
    """The dissolves and fades of a window, in order and not overlapping; all are called dissolves here."""
    if len(window) <= LENGTHS[0]:
        return []
    likeness = measure_likeness(window)
    tried = [_try_length(likeness, length) for length in LENGTHS if length < len(window)]
    found = Mixtures(
        np.concatenate([t.start for t in tried]),
        np.concatenate([t.length for t in tried]),
        np.concatenate([t.distance for t in tried]),
        np.concatenate([t.score for t in tried]),
    )
    changes: list[Change] = []
    for group in _groups(found):
        far = group[found.distance[group] >= WHOLE * found.distance[group].max()]
        best = far[np.argmax(found.score[far])]
        start, length = int(found.start[best]), int(found.length[best])
        changes.append(_placed(likeness, start, start + length, float(found.score[best])))
    return changes


def measure_likeness(window: Signatures) -> Likeness:
    """Compare all frames of a window with each other."""
    vectors = as_vectors(window)
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


def _try_length(likeness: Likeness, length: int) -> Mixtures:
    start = np.arange(0, len(likeness.products) - length, max(1, length // STEPS_A_LENGTH))
    end = start + length
    contrasts = np.diag(likeness.patterns)
    ends = contrasts[start] + contrasts[end]
    apart = np.maximum(ends - 2 * likeness.patterns[start, end], 0)
    unlike = np.sqrt(apart / (ends + 2 * MIN_CONTRAST**2))
    hopeful = unlike > MIN_UNLIKENESS
    start, end, ends, apart, unlike = (
        start[hopeful],
        end[hopeful],
        ends[hopeful],
        apart[hopeful],
        unlike[hopeful],
    )
    steps = np.arange(1, length)
    at, even = start[:, None] + steps, steps / length
    share = _shares(likeness, start, end, at)
    squared = np.maximum(likeness.distances[start, end], 1e-6)
    off_line = np.maximum(likeness.distances[at, start[:, None]] - share**2 * squared[:, None], 0)
    off = np.sqrt((off_line / squared[:, None]).mean(1))
    unevenness = np.abs(share - even).mean(1)
    parabola = 4 * even * (1 - even)
    dips = (((ends / 2)[:, None] - contrasts[at]) * parabola).sum(1) / (parabola**2).sum()
    dip = dips / np.maximum(apart / 4, 1e-6)
    ones = np.ones((len(start), 1), np.float32)
    largest_step = np.diff(np.hstack([0 * ones, share, ones])).max(1)
    good = (off < MAX_OFF_LINE) & (unevenness < MAX_UNEVENNESS) & (dip > MIN_DIP) & (largest_step < MAX_STEP)
    score = np.minimum(unlike, 1) * np.minimum(dip, 1) * (1 - off) * (1 - unevenness)
    return Mixtures(
        start[good], np.full(int(good.sum()), length), np.sqrt(squared[good]), score[good].astype(np.float32)
    )


def _groups(found: Mixtures) -> list[NDArray[np.intp]]:
    """Windows that overlap, together: one group a transition."""
    groups: list[NDArray[np.intp]] = []
    order = np.argsort(-found.score, kind="stable")
    left = np.ones(len(order), bool)
    for seed in order:
        if not left[seed]:
            continue
        low, high = found.start[seed], found.start[seed] + found.length[seed]
        members = left & (found.start < high) & (found.start + found.length > low)
        left &= ~members
        groups.append(np.flatnonzero(members))
    return sorted(groups, key=lambda group: int(found.start[group[0]]))


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
