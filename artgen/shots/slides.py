"""Slides: the new picture comes in from a side as a whole, over the old one, pushing it, or as the old one moves away."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray

from artgen.shots.likeness import GRAY, Likeness
from artgen.shots.signatures import LUMA_COLUMNS, LUMA_ROWS, Signatures
from artgen.shots.sweeps import Floats, Integers, Row, Sweeps, surest_sweeps, sweeps_of
from artgen.shots.transitions import Change
from artgen.shots.trees import load_trees

SPANS = (
    8,
    12,
    17,
    24,
    34,
    48,
    68,
)  # frames from end to end that are looked at together; they hold the whole slide
STEPS_A_SPAN = 6  # spans of one length are tried at each sixth of it
LOOKED_AT = 8  # frames between the ends, evenly spread
AT_ONCE = 32  # spans measured together
MIN_UNLIKENESS = 0.5  # of the ends, 1 for pictures that have nothing in common
MAX_STEP = 0.6  # from frame to frame, squared, of the ends' squared distance: 1 at a cut
AT_REST, BESIDE = (
    0.5,
    3,
)  # steps of so many frames beyond the ends at most, of those in the middle of the span
MERGED = 3  # cells averaged across the way
MAX_LEFT, MAX_LEFT_IN_ONE = (
    0.4,
    0.7,
)  # of the squares that the nearer end leaves unexplained, in all and in one frame
MAX_OF_WIPE = 0.85  # of what a wipe leaves unexplained: else it is one
MIN_WAY = 0.6  # of the picture, that the edge goes
SURE = 0.7
SLIDE_FEATURES = (
    "length", "unlike", "left", "worst_left", "left_by_wipe", "left_by_others", "way", "off_way", "seam", "rest_before",
    "rest_after", "distance", "weaker_end", "kind", "upright",
)  # fmt: skip
RESTS = [SLIDE_FEATURES.index(name) for name in ("rest_before", "rest_after")]


def find_slides(window: Signatures, likeness: Likeness) -> list[Change]:
    """The slides of a window, in order and not overlapping; they are called wipes.

    `strength` is the probability that the trees of models/shots/slides.json give.
    """
    sweeps = measure_slides(window, likeness)
    if not len(sweeps.last):
        return []
    sure = load_trees("slides", features=SLIDE_FEATURES).score(sweeps.measures)
    return surest_sweeps(sweeps, sure, astray=sweeps.measures[:, RESTS].max(1), least=SURE)


def measure_slides(window: Signatures, likeness: Likeness) -> Sweeps:
    """Find spans in which one picture may slide in, and measure them.

    Measured are the length (logarithm); how unlike the ends are; the squares that the best slide leaves unexplained, of
    those that the nearer end leaves, in all and in the worst frame, and what a wipe and the best slide along the
    other axis would leave; how far the edge goes, and how far it is off an even way; how much stands out what lies
    at the edge; the steps beyond the ends, of those between; distance and contrast of the ends; which picture
    moves, and whether upright.
    """
    rows: list[Row] = []
    if len(window):
        aside, upright = _ways(window.luma)
        for span in SPANS:
            looked_at = np.unique(np.linspace(0, span, LOOKED_AT + 2).round().astype(np.int64))
            starts = _probed(likeness, span)
            for first in range(0, len(starts), AT_ONCE):
                at = starts[first : first + AT_ONCE, None] + looked_at
                for frames, *both in zip(at, _best_slides(aside[at]), _best_slides(upright[at]), strict=True):
                    better = int(both[1].left < both[0].left)
                    row = _measure(both[better], both[1 - better], frames, likeness, upright=bool(better))
                    rows += [row] if row else []
    return sweeps_of(rows, features=SLIDE_FEATURES)


def _ways(luma: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Luma along the way aside, (n, 48, 9), and upright, (n, 27, 16); MERGED cells across it are averaged."""
    tall = luma.reshape(-1, LUMA_COLUMNS)
    flat = cv2.resize(tall, None, fx=1, fy=1 / MERGED, interpolation=cv2.INTER_AREA)
    thin = cv2.resize(tall, None, fx=1 / MERGED, fy=1, interpolation=cv2.INTER_AREA)
    aside = np.asarray(flat, np.uint8).reshape(len(luma), -1, LUMA_COLUMNS).transpose(0, 2, 1)
    return aside, np.asarray(thin, np.uint8).reshape(len(luma), LUMA_ROWS, -1)


def _probed(likeness: Likeness, span: int) -> Integers:
    """Starts of spans between unlike pictures that are at rest, or nearly, against what is between them."""
    n = len(likeness)
    start = np.arange(0, n - span, max(1, span // STEPS_A_SPAN))
    start = start[likeness.unlike(start, start + span) > MIN_UNLIKENESS]
    if not len(start):
        return start
    steps = np.pad(likeness.distances[: n - 1, 1], BESIDE, mode="edge")
    between = steps[start[:, None] + BESIDE + np.arange(span)]
    middle = between[:, span // 4 : span - span // 4].mean(1)
    before, after = _beside(steps, start, span)
    whole = likeness.distance(start, start + span)
    rests = np.maximum(before, after) < AT_REST * middle
    return np.asarray(start[rests & (between.max(1) < MAX_STEP * whole)], np.int64)


def _beside(padded: Floats, start: Integers, span: int) -> tuple[Floats, Floats]:
    """The mean steps of BESIDE frames before and after the spans; `padded` has so many more at its ends."""
    reach = np.arange(BESIDE)
    return padded[start[:, None] + reach].mean(1), padded[start[:, None] + BESIDE + span + reach].mean(1)


@dataclass(frozen=True, slots=True)
class _Slide:
    """The best slide along one axis over m frames.

    frames: (m, size, across) light. place: (m,) how many cells of the new picture are in. errors: (m,) the squares
    that are unexplained then. nearer: (m,) those that the nearer end leaves. by_wipe: what a wipe leaves, in all.
    kind: 0 both pictures move, 1 the new one, 2 the old one. back: the new picture comes in where cells begin.
    """

    frames: Floats
    place: NDArray[np.intp]
    errors: Floats
    nearer: Floats
    by_wipe: float
    kind: int
    back: bool

    @property
    def left(self) -> float:
        """The part of the squares that is unexplained."""
        return float(self.errors.sum() / max(float(self.nearer.sum()), 1.0))

    @property
    def left_by_wipe(self) -> float:
        """The part of the squares that a wipe leaves unexplained."""
        return self.by_wipe / max(float(self.nearer.sum()), 1.0)

    def seam(self) -> float:
        """The step at the edge between the pictures, of the mean step along the way; a logarithm."""
        size = self.frames.shape[1]
        steps = np.abs(np.diff(self.frames, axis=1)).mean(2)
        inside = np.flatnonzero((self.place > 1) & (self.place < size - 1))
        if not len(inside):
            return 0.0
        edge = (self.place if self.back else size - self.place)[inside] - 1
        near = [steps[inside, np.clip(edge + aside, 0, size - 2)] for aside in (-1, 0, 1)]
        return float(np.log((np.maximum.reduce(near).mean() + 1) / (steps[inside].mean() + 1)))


def _best_slides(pictures: NDArray[np.uint8]) -> list[_Slide]:
    """Of the ways to slide from the first to the last of (k, m + 2, size, across) pictures the best, k times.

    Sums of squares of whole numbers are exact in float32 here, so the result is the same however they are added up.
    """
    light = pictures.astype(np.float32) - np.float32(GRAY)
    old, new, frames = light[:, :1], light[:, -1:], light[:, 1:-1]
    size = frames.shape[2]
    rest_old, rest_new = _running(((frames - old) ** 2).sum(3)), _running(((frames - new) ** 2).sum(3))
    moved_old, moved_new = _moved(frames, old), _moved(frames, new)
    in_by = np.arange(size + 1)  # cells of the new picture
    costs, wiped = [], []
    for back in (False, True):
        still = rest_old[..., -1:] - rest_old[..., in_by] if back else rest_old[..., size - in_by]
        shown = rest_new[..., in_by] if back else rest_new[..., -1:] - rest_new[..., size - in_by]
        leaves = moved_old[..., size - in_by] if back else moved_old[..., size + in_by]
        comes = moved_new[..., 2 * size - in_by] if back else moved_new[..., in_by]
        costs += [leaves + comes, still + comes, leaves + shown]
        wiped.append((still + shown).min(2).sum(1))
    cost, by_wipe = np.stack(costs), np.minimum(*wiped)
    best = cost.min(3).sum(2).argmin(0)
    nearer = np.minimum(rest_old[..., -1], rest_new[..., -1])
    return [
        _Slide(
            frames[k],
            cost[way, k].argmin(1),
            cost[way, k].min(1),
            nearer[k],
            float(by_wipe[k]),
            way % 3,
            way > 2,
        )
        for k, way in enumerate(best.tolist())
    ]


def _running(squares: Floats) -> Floats:
    return np.concatenate([np.zeros_like(squares[..., :1]), np.cumsum(squares, -1)], -1)


def _moved(frames: Floats, picture: Floats) -> Floats:
    """Squared differences (k, m, 2 * size + 1) where frames overlap with a picture moved from -size to +size cells.

    At [..., size + by] cell x of a frame lies on cell x + by of the picture (k, 1, size, across).
    """
    k, m, size, _ = frames.shape
    products = np.zeros((k, m, size, 3 * size), np.float32)
    products[..., size : 2 * size] = frames @ picture.swapaxes(2, 3)
    *far, down, right = products.strides
    overlaps = as_strided(products, (k, m, size, 2 * size + 1), (*far, down + right, right)).sum(2)
    of_frames, of_picture = _running((frames**2).sum(3)), _running((picture**2).sum(3))
    by = np.arange(-size, size + 1)
    low, high = np.maximum(0, -by), np.minimum(size, size - by)
    own = of_frames[..., high] - of_frames[..., low] + of_picture[..., high + by] - of_picture[..., low + by]
    return np.asarray(own - 2 * overlaps, np.float32)


def _measure(slide: _Slide, other: _Slide, at: Integers, likeness: Likeness, *, upright: bool) -> Row | None:
    """Last old frame, first new frame and measures; None for what is certainly no slide."""
    start, end = int(at[0]), int(at[-1])
    done = slide.place / slide.frames.shape[1]
    between = np.flatnonzero((done > 0.08) & (done < 0.92))
    if (
        slide.left > min(MAX_LEFT, MAX_OF_WIPE * slide.left_by_wipe)
        or np.ptp(done) < MIN_WAY
        or len(between) < 2
    ):
        return None
    worst = float((slide.errors[between] / np.maximum(slide.nearer[between], 1)).max())
    if worst > MAX_LEFT_IN_ONE:
        return None
    times = at[1:-1]
    slope, offset = np.polyfit(times[between] - start, done[between], 1)
    if slope <= 0:
        return None
    last = max(start, start + int(np.floor(-offset / slope)))
    first = min(end, start + int(np.ceil((1 - offset) / slope)))
    steps = np.pad(likeness.distances[: len(likeness) - 1, 1], BESIDE, mode="edge")
    before, after = _beside(steps, at[:1], end - start)
    middle = max(float(likeness.distances[last : max(first, last + 1), 1].mean()), 1e-3)
    expected = np.clip(offset + slope * (times - start), 0, 1)
    one, two = np.array([start]), np.array([end])
    measures = [
        np.log(max(first - last, 1)),
        likeness.unlike(one, two)[0],
        slide.left,
        worst,
        slide.left_by_wipe,
        other.left,
        np.ptp(done),
        np.abs(done - expected).mean(),
        slide.seam(),
        np.log(before[0] / middle + 0.01),
        np.log(after[0] / middle + 0.01),
        np.log(max(float(likeness.distance(one, two)[0]), 1.0)) / 2,
        np.log(min(likeness.patterns[start, 0], likeness.patterns[end, 0]) + 1) / 2,
        slide.kind,
        float(upright),
    ]
    return last, max(first, last + 2), [float(value) for value in measures]
