"""Wipes: an edge sweeps over the picture, and at each place the old picture gives way to the new one at once."""

import numpy as np

from artgen.shots.edges import Edge, active_cells, find_edges
from artgen.shots.likeness import Likeness
from artgen.shots.signatures import Signatures
from artgen.shots.sweeps import Integers, Row, Sweeps, surest_sweeps, sweeps_of
from artgen.shots.transitions import Change
from artgen.shots.trees import load_trees

SPANS = (
    10,
    14,
    20,
    28,
    40,
    56,
    78,
)  # frames from end to end that are looked at together; they hold the whole wipe
STEPS_A_SPAN = 7  # spans of one length are tried at each seventh of it
AT_ONCE = 64  # spans measured together
BEYOND = (4, 8, 14, 22, 32)  # frames beyond an end, where the picture is still the new or already the old one
MIN_UNLIKENESS = 0.5  # of the ends, 1 for pictures that have nothing in common
MIN_WAY, MAX_WAY = (
    0.45,
    2.5,
)  # four legs of the way, squared and added, of the squared whole: 1 in a perfect wipe
MIN_WALK, MAX_WALK = (
    0.05,
    10.0,
)  # the steps from frame to frame likewise: less than 1 with a soft edge, more in motion
MAX_STEP = 0.45  # largest of them: 1 at a cut
MIN_LENGTH, MAX_LENGTH = 5, 72  # frames
MIN_EXPLAINED = 0.8  # of the cells' changes by their splits: less where a camera moves
MIN_CHANGED = 0.6  # of the cells: less where something moves in the picture
MIN_BACK_AGAIN = 0.3  # of the ends' squared distance: less where something only passed
STRONG_SHARE = 0.3  # of the RMS jump: a cell that jumps less has not changed
EDGE_SHARE = 0.02  # of the change that falls before a wipe is said to begin, and after it ends
SURE = 0.8

WIPE_FEATURES = (
    "length", "unlike", "explained", "correlation", "off_way", "astray", "changed", "emptiest_part", "walk",
    "largest_step", "sudden", "outside", "distance", "jump", "weaker_end", "back_again",
)  # fmt: skip

CORRELATION = WIPE_FEATURES.index("correlation")


def find_wipes(window: Signatures, likeness: Likeness) -> list[Change]:
    """The wipes of a window, in order and not overlapping.

    `strength` is the probability that the trees of models/shots/wipes.json give.
    """
    sweeps = measure_wipes(window, likeness)
    if not len(sweeps.last):
        return []
    sure = load_trees("wipes", features=WIPE_FEATURES).score(sweeps.measures)
    return surest_sweeps(sweeps, sure, astray=-sweeps.measures[:, CORRELATION], least=SURE)


def measure_wipes(window: Signatures, likeness: Likeness) -> Sweeps:
    """Find spans in which an edge may sweep over the picture, and measure them.

    Measured are the length (logarithm); how unlike the ends are; what the splits explain of the cells' changes;
    how well their moments follow the way of an edge (correlation, how far they are off it in lengths, and the part
    that is far off); which part of the cells changes; the least that changes in a sixth of the length; the steps
    from frame to frame, all and the largest (squared, of the ends' distance); the part of the cells' changes that
    falls to where the edge is; what changes before and after; distance, mean jump and contrast of the ends; and
    how near the picture beyond one end comes to the other end (something that passes leaves it as it was).
    """
    rows: list[Row] = []
    if len(window) > SPANS[0]:
        light, ways = active_cells(window.luma)
        for span in SPANS:
            starts = _probed(likeness, span)
            for first in range(0, len(starts), AT_ONCE):
                for edge in find_edges(light, ways, starts[first : first + AT_ONCE], span):
                    row = _measure(edge, likeness)
                    rows += [row] if row else []
    return sweeps_of(rows, features=WIPE_FEATURES)


def _probed(likeness: Likeness, span: int) -> Integers:
    """Starts of spans in which the picture changes by parts that have nothing in common."""
    start = np.arange(0, len(likeness) - span, max(1, span // STEPS_A_SPAN))
    start = start[likeness.unlike(start, start + span) > MIN_UNLIKENESS]
    whole = np.maximum(likeness.distance(start, start + span), 1e-6)
    steps = likeness.distances[start[:, None] + np.arange(span), 1] / whole[:, None]
    walk = steps.sum(1)
    kept = (walk > MIN_WALK) & (walk < MAX_WALK) & (steps.max(1) < MAX_STEP)
    start, whole = start[kept], whole[kept]
    way = np.zeros(len(start), np.float32)
    for quarter in range(4):
        way += likeness.distance(start + span * quarter // 4, start + span * (quarter + 1) // 4) / whole
    return np.asarray(start[(way > MIN_WAY) & (way < MAX_WAY)], np.int64)


def _bounds(edge: Edge) -> tuple[int, int] | None:
    """The first and the last step, counted from the span's start, in which something changes; None if it takes
    too short or too long a time.
    """
    n = len(edge.cells)
    off = np.abs(edge.moments - edge.fitted)
    near = np.flatnonzero(off < 0.25 * np.ptp(edge.fitted) + 1)
    near = near[np.argsort(edge.moments[near], kind="stable")]
    done = np.cumsum(edge.weights[near])
    if not len(near) or done[-1] <= 0:
        return None
    early, late = (
        edge.moments[near[np.searchsorted(done, share * done[-1])]] for share in (EDGE_SHARE, 1 - EDGE_SHARE)
    )
    begins = edge.every * int(np.floor(max(0, min(early, edge.fitted.min()))))
    stops = int(np.ceil(edge.every * (min(n - 2, max(late, edge.fitted.max())) + 1))) - 1
    return (begins, stops) if MIN_LENGTH <= stops - begins + 1 <= MAX_LENGTH else None


def _measure(edge: Edge, likeness: Likeness) -> Row | None:
    """Last old frame, first new frame and measures; None for what is certainly no wipe."""
    bounds = _bounds(edge)
    if bounds is None:
        return None
    begins, stops = bounds
    n, start, weights = len(edge.cells), edge.start, edge.weights
    end = start + (n - 1) * edge.every
    length, reach = stops - begins + 1, float(np.ptp(edge.fitted))
    off = np.abs(edge.moments - edge.fitted)
    split = edge.moments + 1
    jump = np.sqrt(edge.explained * n / (split * (n - split)))
    changed = float((jump > STRONG_SHARE * np.sqrt((jump**2).mean())).mean())
    explained = float(edge.explained.sum() / edge.total.sum())
    whole = max(float(likeness.distances[start, end - start]), 1e-6)
    back_again = _back_again(likeness, start, end) / whole
    if changed < MIN_CHANGED or explained < MIN_EXPLAINED or back_again < MIN_BACK_AGAIN:
        return None
    limits = float(edge.fitted.min()), float(edge.fitted.max()) + 1e-3
    parts = np.histogram(edge.fitted, bins=6, range=limits, weights=weights)[0]
    changes = np.abs(np.diff(edge.cells, axis=0)) * weights
    around = np.abs(np.arange(n - 1)[:, None] - edge.fitted) <= 2 / edge.every + 0.04 * reach
    steps = likeness.distances[start:end, 1] / whole
    beside = np.concatenate([steps[: max(0, begins - 1)], steps[stops + 2 :]])
    measures = [
        np.log(length),
        likeness.unlike(np.array([start]), np.array([end]))[0],
        explained,
        edge.correlation,
        weights @ off / reach,
        weights @ (off > 2 / edge.every + 0.1 * reach),
        changed,
        parts.min() * 6,
        steps.sum(),
        steps.max(),
        (changes * around).sum() / max(float(changes.sum()), 1e-6),
        beside.mean() * length if len(beside) else 0.0,
        np.log(whole) / 2,
        jump.mean() / np.sqrt(whole),
        np.log(min(likeness.patterns[start, 0], likeness.patterns[end, 0]) + 1) / 2,
        back_again,
    ]
    return start + begins, start + stops + 1, [float(value) for value in measures]


def _back_again(likeness: Likeness, start: int, end: int) -> float:
    """The least squared distance of one end to frames some way beyond the other: small where something only passed."""
    beyond = np.array(BEYOND)
    earlier, later = start - beyond, end + beyond
    earlier, later = earlier[earlier >= 0], later[later < len(likeness)]
    one = likeness.distance(earlier, np.full_like(earlier, end))
    other = likeness.distance(np.full_like(later, start), later)
    return float(
        min(one.min(initial=np.inf), other.min(initial=np.inf), likeness.distances[start, end - start])
    )
