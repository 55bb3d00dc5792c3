"""Cuts: from one frame to the next everything is another picture, and stays it."""

import numpy as np
from numpy.typing import NDArray

from artgen.shots.differences import (
    Ranges,
    matched_cells,
    measure_ranges,
    outside_difference,
    plain_difference,
)
from artgen.shots.likeness import Likeness
from artgen.shots.signatures import CHROMA_COLUMNS, CHROMA_ROWS, Signatures
from artgen.shots.transitions import Change
from artgen.shots.trees import load_trees

SURROUNDINGS = 6  # frames on either side that a cut must stand out from
BACK_AFTER = (2, 3, 4, 6, 9)  # frames after which a flash shows the old picture again
THERE_BEFORE = (1, 2, 3, 5, 8)  # frames before at which the new picture was there already
MIN_LEVELS, MIN_SHARE = 1.5, 0.12  # mean change below which nobody sees a cut: levels, and of the contrast
MIN_OUTSIDE = 0.5  # the same in levels outside of the range around
MIN_OVER_MEDIAN = 0.3  # logarithm; a cut stands out from half of the changes around it
DARK_LUMA = 26  # cells no brighter in either frame say nothing: bars, black backgrounds
MIN_LIT_CELLS = 60
STILL_LEVELS = 0.4  # change between frames at rest, from noise
NOISE_LEVELS = 4.0  # added to the contrast: noise in the dark is no picture
TEXTURE_LEVELS = 8  # step to the next cell that makes a cell's place in the picture known
SAME_SHARE = 0.18  # of the contrast: a cell that changed less is the same
SURE = 0.35  # in doubt a cut: a false one costs less than two shots taken for one

CUT_FEATURES = (
    "change", "over_most_of_6", "over_most_of_2", "over_median", "back_again", "same_cells", "chroma",
    "correlation", "levels", "over_quiet_side", "over_busy_side", "light_histogram", "color_histogram", "skipping",
)  # fmt: skip

Floats = NDArray[np.float32]
Frames = NDArray[np.intp]


def find_cuts(window: Signatures, likeness: Likeness) -> list[Change]:
    """The cuts of a window, in order; `strength` is the probability that the trees of models/shots/cuts.json give."""
    at, measures = measure_cuts(window, likeness)
    if not len(at):
        return []
    sure = load_trees("cuts", features=CUT_FEATURES).score(measures)
    return [
        Change(int(frame), int(frame) + 1, "cut", float(p))
        for frame, p in zip(at, sure, strict=True)
        if p >= SURE
    ]


def measure_cuts(window: Signatures, likeness: Likeness) -> tuple[Frames, Floats]:
    """(k,) frames after which there may be a cut, and (k, 14) what is measured there, in the order of CUT_FEATURES.

    How much changes (of the contrast, once blocks are moved to their best place) and how that stands out from
    the changes around; whether the old picture is back soon after, or the new one was there before (a flash,
    something passing the lens); which part of the textured cells stays the same (bars, captions); color; and
    whether skipping the frame before or after makes the step smaller (fast motion makes it larger).
    """
    nothing = np.zeros(0, np.intp), np.zeros((0, len(CUT_FEATURES)), np.float32)
    if len(window) < 2:
        return nothing
    step = plain_difference(window.luma[:-1], window.luma[1:])
    deviation = np.sqrt(likeness.patterns[:, 0]) + NOISE_LEVELS
    hopeful = (step > MIN_LEVELS) & (step > MIN_SHARE * np.maximum(deviation[:-1], deviation[1:]))
    if not hopeful.any():
        return nothing
    ranges = measure_ranges(window.luma)
    frames = np.arange(len(window) - 1)
    moved = outside_difference(ranges, frames, frames + 1)
    floor = np.pad(moved, 1)
    at = np.flatnonzero(hopeful & (moved >= floor[:-2]) & (moved >= floor[2:]) & (moved > MIN_OUTSIDE))
    columns = _prominence(moved, at)
    stands_out = columns["over_median"] > MIN_OVER_MEDIAN
    at, columns = at[stands_out], {name: column[stands_out] for name, column in columns.items()}
    if not len(at):
        return nothing
    columns |= _content(window, at) | _return(ranges, at, moved)
    return at, np.stack([columns[name] for name in CUT_FEATURES], 1).astype(np.float32)


def _prominence(moved: Floats, at: Frames) -> dict[str, Floats]:
    """How the change stands out, as logarithms of ratios."""
    level = np.maximum(moved, STILL_LEVELS)
    padded = np.pad(level, SURROUNDINGS, constant_values=STILL_LEVELS)
    around = padded[at[:, None] + np.arange(2 * SURROUNDINGS + 1)]
    own = level[at]

    def most(first: int, last: int) -> Floats:
        return np.asarray(around[:, SURROUNDINGS + first : SURROUNDINGS + last + 1].max(1), np.float32)

    others = np.delete(around, SURROUNDINGS, 1)
    before, after = own / most(-4, -1), own / most(1, 4)
    return {
        "over_most_of_6": np.log(own / others.max(1)),
        "over_most_of_2": np.log(own / np.maximum(most(-2, -1), most(1, 2))),
        "over_median": np.log(own / np.median(others, 1)),
        "over_quiet_side": np.log(np.maximum(before, after)),
        "over_busy_side": np.log(np.minimum(before, after)),
        "levels": np.log(own),
    }


def _content(window: Signatures, at: Frames) -> dict[str, Floats]:
    before, after = window.luma[at].astype(np.float32), window.luma[at + 1].astype(np.float32)
    cells = matched_cells(window.luma[at], window.luma[at + 1])
    lit = np.maximum(before, after) > DARK_LUMA
    lit[lit.sum((1, 2)) < MIN_LIT_CELLS] = True
    count = lit.sum((1, 2))

    def mean(values: Floats) -> Floats:
        return np.asarray((values * lit).sum((1, 2)) / count, np.float32)

    mean_before, mean_after = mean(before)[:, None, None], mean(after)[:, None, None]
    spread_before, spread_after = mean((before - mean_before) ** 2), mean((after - mean_after) ** 2)
    scale = np.sqrt((spread_before + spread_after) / 2) + NOISE_LEVELS
    shared = mean((before - mean_before) * (after - mean_after))
    textured = lit & (_textured(before) | _textured(after))
    same = textured & (cells <= SAME_SHARE * scale[:, None, None])
    chroma_before, chroma_after = window.chroma[at], window.chroma[at + 1]
    return {
        "change": np.log(np.maximum(mean(cells.astype(np.float32)) / scale, 0.02)),
        "correlation": shared / (np.sqrt(spread_before * spread_after) + NOISE_LEVELS),
        "same_cells": same.sum((1, 2)) / np.maximum(textured.sum((1, 2)), MIN_LIT_CELLS),
        "chroma": np.log1p(plain_difference(chroma_before, chroma_after)),
        "light_histogram": _histogram_distance(
            window.luma[at] >> 4, window.luma[at + 1] >> 4, 16, ordered=True
        ),
        "color_histogram": _histogram_distance(
            _colors(chroma_before), _colors(chroma_after), 1024, ordered=False
        ),
    }


def _return(ranges: Ranges, at: Frames, moved: Floats) -> dict[str, Floats]:
    n = len(ranges.luma)

    def nearest(pairs: list[tuple[Frames, Frames]]) -> Floats:
        one, other = np.stack([a for a, _ in pairs]), np.stack([b for _, b in pairs])
        inside = (one >= 0) & (other < n)
        found = np.full(one.shape, np.inf, np.float32)
        found[inside] = outside_difference(ranges, one[inside], other[inside])
        return np.asarray(np.minimum(found.min(0) / moved[at], 1.5), np.float32)

    back = [(at, at + later) for later in BACK_AFTER]
    back += [(at - earlier, at + 1) for earlier in THERE_BEFORE]
    return {"back_again": nearest(back), "skipping": nearest([(at - 1, at + 1), (at, at + 2)])}


def _textured(luma: Floats) -> NDArray[np.bool_]:
    textured = np.zeros(luma.shape, bool)
    textured[:, :, 1:] |= np.abs(np.diff(luma, axis=2)) > TEXTURE_LEVELS
    textured[:, 1:] |= np.abs(np.diff(luma, axis=1)) > TEXTURE_LEVELS
    return textured


def _colors(chroma: NDArray[np.uint8]) -> NDArray[np.int64]:
    coarse = (chroma >> 3).astype(np.int64).reshape(len(chroma), 2, CHROMA_ROWS * CHROMA_COLUMNS)
    return np.asarray(coarse[:, 0] * 32 + coarse[:, 1], np.int64)


def _histogram_distance(
    before: NDArray[np.integer], after: NDArray[np.integer], bins: int, *, ordered: bool
) -> Floats:
    """Earth mover's distance in bins where bins are ordered, else the share that changed its bin."""
    n, size = len(before), before[0].size if len(before) else 1
    row = np.arange(n)[:, None] * bins
    one, other = (
        np.bincount((row + values.reshape(n, -1)).ravel(), minlength=n * bins).reshape(n, bins)
        for values in (before.astype(np.int64), after.astype(np.int64))
    )
    change = one - other
    distance = np.abs(change.cumsum(1)).sum(1) if ordered else np.abs(change).sum(1) / 2
    return np.asarray(distance / size, np.float32)
