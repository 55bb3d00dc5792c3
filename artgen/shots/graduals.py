"""Dissolves and fades: stretches of frames that are mixtures of the frames at their two ends.

A mixture has two marks that motion has not: the frames between lie on the straight line from one end
to the other (as vectors), and their contrast dips, since unlike pictures average out.
Source: the linear model of edit effects, e.g. Lienhart, "Reliable Dissolve Detection", SPIE 4315, 2001.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from artgen.shots.differences import fit_moved
from artgen.shots.likeness import Likeness
from artgen.shots.signatures import Signatures
from artgen.shots.transitions import Change
from artgen.shots.trees import load_trees

LONGEST = 112  # frames: a dissolve of four seconds at 25 frames a second
LENGTHS = (4, 5, 7, 10, 14, 20, 28, 40, 56, 80, LONGEST)
STEPS_A_LENGTH = 5  # windows of one length are tried at each fifth of it
BESIDE = 4  # frames before and after a window that must differ too: a flash fades to the picture before it
MIN_UNLIKENESS = 0.55  # of the ends, 1 for pictures that have nothing in common
PROBES = (1, 2, 3)  # quarters of a stretch that are looked at first
PROBE_UNEVENNESS, PROBE_OFF_LINE = 0.35, 0.65  # what is farther off at one of them is looked at no more
MAX_OFF_LINE = 0.5  # RMS distance from the line, of the ends' distance
MAX_UNEVENNESS = 0.25  # mean departure from a constant rate of mixing
TEXTURE_LEVELS, SAME_LEVELS, MIN_TEXTURED = 8, 8, 40  # steps and changes of cells in levels, and cells
SURE = 0.75
BLANK_END = 0.8  # "weaker_end" of a blank frame at most: a contrast of 2 levels
FADE_OFF_LINE, FADE_UNEVENNESS = 0.33, 0.13  # of fades, where one picture's own motion is all that disturbs
FADE_STEP = 0.5
WHOLE = 0.93  # of the farthest ends: windows shorter than the transition have nearer ones
FIT_FROM, FIT_TO = 0.15, 0.85  # shares of the new picture between which the rate of mixing is read off

GRADUAL_FEATURES = (
    "length", "unlike", "unlike_beside", "off_line", "off_line_middle", "uneven", "largest_step", "dip",
    "distance", "weaker_end", "stronger_end", "off_step", "same_cells", "moved",
)  # fmt: skip
COMPARED = 2  # the last of these are costly, and can only speak against a dissolve

Floats = NDArray[np.float32]
Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Stretches:
    """Tried stretches, k entries each: first frame, end frame, and (k, 12) measures, GRADUAL_FEATURES[:-COMPARED]."""

    start: Integers
    end: Integers
    measures: Floats

    def part(self, kept: NDArray[np.generic]) -> "Stretches":
        """Some of them, by a mask or by numbers."""
        return Stretches(self.start[kept], self.end[kept], self.measures[kept])


def find_graduals(window: Signatures, likeness: Likeness) -> list[Change]:
    """The dissolves and fades of a window, in order and not overlapping; all are called dissolves here.

    `strength` is the probability that the trees of models/shots/graduals.json give; fades are judged by limits.
    """
    tried = try_stretches(likeness)
    if not len(tried.start):
        return []
    sure = np.where(_leads_to_blank(tried.measures), _sure_of_fade(tried.measures), 0).astype(np.float32)
    sure = np.maximum(sure, _sure_of_dissolve(window, tried))
    kept = np.flatnonzero((sure >= SURE) & ~_passes_blank(likeness, tried))
    tried, sure = tried.part(kept), sure[kept]
    distance = np.sqrt(likeness.distance(tried.start, tried.end))
    changes: list[Change] = []
    for group in _groups(tried.start, tried.end, sure):
        far = group[distance[group] >= WHOLE * distance[group].max()]
        best = far[np.lexsort((-sure[far], (tried.end - tried.start)[far]))[0]]
        changes.append(
            _placed(likeness, int(tried.start[best]), int(tried.end[best]), float(sure[group].max()))
        )
    return changes


def _leads_to_blank(measures: Floats) -> NDArray[np.bool_]:
    return np.asarray(measures[:, GRADUAL_FEATURES.index("weaker_end")] < BLANK_END)


def _passes_blank(likeness: Likeness, tried: Stretches) -> NDArray[np.bool_]:
    """Whether blank frames lie between ends that are not: a fade out and one in, not a mixture."""
    blank = likeness.blank_frames()
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


def _sure_of_dissolve(window: Signatures, tried: Stretches) -> Floats:
    """The trees' probability where the ends are no blank frames and it may reach SURE, else 0."""
    trees = load_trees("graduals", features=GRADUAL_FEATURES)
    sure = np.zeros(len(tried.start), np.float32)
    at = np.flatnonzero(~_leads_to_blank(tried.measures))
    best = np.tile(np.array([0, -1], np.float32), (len(at), 1))  # nothing the same, nothing found again
    at = at[trees.score(np.hstack([tried.measures[at], best])) >= SURE]
    sure[at] = trees.score(np.hstack([tried.measures[at], compare_ends(window, tried.part(at))]))
    return sure


def try_stretches(likeness: Likeness) -> Stretches:
    """Measure the stretches of a window whose ends are unlike enough and that could be mixtures of them.

    Measured are the length (logarithm); how unlike the ends are, and the frames beside them; how far the frames
    between lie off the line, all and those in the middle; how unevenly and by what largest step they move along
    it; how much of a mixture's dip their contrast has; distance and contrasts of the ends (logarithms of levels);
    and how far the frames between are from their neighbors, of the ends' distance.
    """
    tried = [_try_length(likeness, length) for length in LENGTHS if length < len(likeness)]
    start = np.concatenate([np.zeros(0, np.int64), *(one.start for one in tried)])
    end = np.concatenate([np.zeros(0, np.int64), *(one.end for one in tried)])
    empty = np.zeros((0, len(GRADUAL_FEATURES) - COMPARED), np.float32)
    return Stretches(start, end, np.concatenate([empty, *(one.measures for one in tried)]))


def mixing(likeness: Likeness, start: int, end: int) -> Floats:
    """The share of frame `end` in each frame from start to end, if all are mixtures of the two: 0 .. 1."""
    at = np.arange(start, end + 1)
    return likeness.shares(np.full_like(at, start), np.full_like(at, end), at)


def _try_length(likeness: Likeness, length: int) -> Stretches:
    last = len(likeness) - 1
    start = _probed(likeness, np.arange(0, last + 1 - length, max(1, length // STEPS_A_LENGTH)), length)
    end, steps = start + length, np.arange(1, length)
    at, even = start[:, None] + steps, steps / length
    contrasts = likeness.patterns[:, 0]
    share = likeness.shares(start[:, None], end[:, None], at)
    whole = np.maximum(likeness.distance(start, end), 1e-6)
    off_line = np.maximum(likeness.distance(start[:, None], at) / whole[:, None] - share**2, 0)
    apart = np.maximum(contrasts[start] + contrasts[end] - 2 * likeness.patterns[start, length], 1e-6)
    parabola = 4 * even * (1 - even)
    sag = ((contrasts[start] + contrasts[end]) / 2)[:, None] - contrasts[at]
    ones = np.ones((len(start), 1), np.float32)
    neighbors = likeness.distances[at - 1, 1] / whole[:, None]
    low, high = length // 3, max(length // 3 + 1, length - length // 3 - 1)
    columns = [
        np.full(len(start), np.log(length)),
        likeness.unlike(start, end),
        # One side at a time: beyond the other there may be another shot already.
        np.minimum(
            likeness.unlike(np.maximum(start - BESIDE, 0), end),
            likeness.unlike(start, np.minimum(end + BESIDE, last)),
        ),
        np.sqrt(off_line.mean(1)),
        np.sqrt(off_line[:, low:high].mean(1)),
        np.abs(share - even).mean(1),
        np.diff(np.hstack([0 * ones, share, ones])).max(1),
        np.clip((sag * parabola).sum(1) / (parabola**2).sum() / (apart / 4), -2, 2),
        np.log(whole) / 2,
        np.log(np.minimum(contrasts[start], contrasts[end]) + 1) / 2,
        np.log(np.maximum(contrasts[start], contrasts[end]) + 1) / 2,
        np.sqrt(neighbors.mean(1)) * length,
    ]
    measures = np.stack(columns, 1).astype(np.float32)
    return Stretches(start, end, measures).part(
        (measures[:, 3] < MAX_OFF_LINE) & (measures[:, 5] < MAX_UNEVENNESS)
    )


def _probed(likeness: Likeness, start: Integers, length: int) -> Integers:
    """Those whose ends are unlike, and that come near the line in time at a few places."""
    start = start[likeness.unlike(start, start + length) > MIN_UNLIKENESS]
    for quarter in PROBES:
        at = start + length * quarter // 4
        share = likeness.shares(start, start + length, at)
        off = likeness.distance(start, at) - share**2 * likeness.distance(start, start + length)
        near = off < PROBE_OFF_LINE**2 * likeness.distance(start, start + length)
        start = start[near & (np.abs(share - (length * quarter // 4) / length) < PROBE_UNEVENNESS)]
    return start


def compare_ends(window: Signatures, tried: Stretches) -> Floats:
    """(k, 2): the part of the textured cells that is the same in both ends, and how well one fits into the other.

    The middle of one is found again in the other (correlation, -1..1) where the camera only moved.
    """
    luma = window.luma
    compared = np.zeros((len(tried.start), COMPARED), np.float32)
    for row, a, b in zip(compared, luma[tried.start], luma[tried.end], strict=True):
        textured = _textured(a) | _textured(b)
        kept = textured & (cv2.absdiff(a[:, 1:], b[:, 1:]) <= SAME_LEVELS)
        row[0] = kept.sum() / max(int(textured.sum()), MIN_TEXTURED)
        row[1] = max(fit_moved(a, b)[0], fit_moved(b, a)[0])
    return compared


def _textured(luma: NDArray[np.uint8]) -> NDArray[np.bool_]:
    return np.asarray(np.asarray(cv2.absdiff(luma[:, 1:], luma[:, :-1])) > TEXTURE_LEVELS)


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
