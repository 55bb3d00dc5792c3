"""Which instants of a shot are worth decoding: sharp, still, lit, apart from each other and from the shot's ends."""

import itertools
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from artgen.records import Shot, Transition
from artgen.shots import Signatures

INSET_S, MAX_INSET = 0.2, 0.15  # kept from a cut: seconds, and share of the shot at most
GRADUAL_INSET_S, MAX_GRADUAL_INSET = 0.5, 0.25  # kept from a gradual change, whose ends are never exact
SPACING_S = 0.8  # shots are asked for no more instants than one each so many seconds
MOTION_LEVELS = (
    12.0  # mean luma change a frame that halves an instant's worth; what smears loses sharpness too
)
BLANK_LEVELS = 2.5  # standard deviation of the thumbnail below which there is nothing to see
CLIPPED_LOW, CLIPPED_HIGH = 20, 232  # luma of the coded picture beyond which cells hold no detail

TWINS = 0.92  # correlation of thumbnails that will be duplicates as stills, which are compared more blurred
BAR_ROWS, BAR_COLUMNS = 4, 6  # of the thumbnail: bars of 2.39:1 and 4:3 would make everything alike


def choose_instants(shot: Shot, signatures: Signatures, *, time_base: Fraction, most: int) -> list[int]:
    """The pts of at most `most` instants, in time order; at least one if the shot has a frame in `signatures`.

    The part of the shot away from its ends is divided evenly, and from each division comes its best frame:
    sharp for the shot, in little motion, with few crushed or clipped cells. Of instants that show the same
    picture only the best is named, for the others would be decoded in vain.

    Args:
        shot: the shot.
        signatures: frames of the shot, all of them or a stretch of a long one; others are not looked at.
        time_base: seconds of one unit of pts.
        most: how many instants may be named.

    Raises:
        ValueError: `most` is less than 1.
    """
    if most < 1:
        raise ValueError(f"most must be at least 1, got {most}")
    frames = signatures.between(shot.start_pts, shot.end_pts)
    if not len(frames):
        return []
    start, end = inset_bounds(shot, time_base=time_base)
    inner = np.flatnonzero((frames.pts >= start) & (frames.pts < end))
    if not inner.size:
        middle = (shot.start_pts + shot.end_pts) // 2
        inner = np.array([int(np.abs(frames.pts - middle).argmin())])
    worth = _worth(frames)[inner]
    length_s = float(int(frames.pts[inner[-1]] - frames.pts[inner[0]]) * time_base)
    divisions = min(most, 1 + int(length_s / SPACING_S), len(inner))
    bounds = np.linspace(0, len(inner), divisions + 1).round().astype(int)
    chosen: list[int] = []
    for low, high in itertools.pairwise(bounds):
        # Neighbors of a division's border would be twins of those beyond it.
        margin = (high - low) // 5 if divisions > 1 else 0
        chosen.append(low + margin + int(worth[low + margin : high - margin].argmax()))
    own = _without_twins(frames.luma[inner[chosen]], worth[chosen])
    return [int(frames.pts[inner[chosen[i]]]) for i in own]


def motion_at(signatures: Signatures, pts: int) -> float:
    """How much the picture changes around `pts`: mean luma change to the frames before and after, 0..1 of full range.

    Raises:
        ValueError: `signatures` has no frame at `pts`.
    """
    at = int(np.searchsorted(signatures.pts, pts))
    if at >= len(signatures) or signatures.pts[at] != pts:
        raise ValueError(f"no frame at pts {pts}")
    around = signatures.part(max(0, at - 1), at + 2)
    return float(_steps(around).mean() / 255) if len(around) > 1 else 0.0


def most_worth(frame: Signatures, motion: float) -> float:
    """A bound on worth_of a single frame that costs next to nothing."""
    return float(frame.sharpness[0]) / (1 + motion / MOTION_LEVELS)


def inset_bounds(shot: Shot, *, time_base: Fraction) -> tuple[int, int]:
    """The part of a shot that stills may come from, as [first, end) pts: away from its ends."""
    start = shot.start_pts + _inset_pts(shot, shot.transition_in, time_base)
    return start, shot.end_pts - _inset_pts(shot, shot.transition_out, time_base)


def _inset_pts(shot: Shot, transition: Transition, time_base: Fraction) -> int:
    seconds, share = INSET_S, MAX_INSET
    if transition in ("dissolve", "fade", "wipe"):
        seconds, share = GRADUAL_INSET_S, MAX_GRADUAL_INSET
    return min(int(seconds / time_base), int((shot.end_pts - shot.start_pts) * share))


def _without_twins(luma: NDArray[np.uint8], worth: NDArray[np.float64]) -> list[int]:
    """Which of the instants to decode: of those whose thumbnails are the same picture, the worthiest."""
    inner = luma[:, BAR_ROWS:-BAR_ROWS, BAR_COLUMNS:-BAR_COLUMNS].reshape(len(luma), -1).astype(np.float32)
    inner -= inner.mean(1, keepdims=True)
    inner /= np.maximum(np.linalg.norm(inner, axis=1, keepdims=True), 1e-6)
    kept: list[int] = []
    for i in np.argsort(-worth, kind="stable"):
        if not kept or float((inner[kept] @ inner[i]).max()) < TWINS:
            kept.append(int(i))
    return sorted(kept)


def _worth(frames: Signatures) -> NDArray[np.float64]:
    steps = _steps(frames)
    before, after = np.append(steps[:1], steps), np.append(steps, steps[-1:])
    return worth_of(frames, (before + after) / 2 if len(steps) else np.zeros(len(frames)))


def worth_of(frames: Signatures, motion: NDArray[np.float64]) -> NDArray[np.float64]:
    """How much each frame promises as a still, (n,); 0 for a blank one. Compares within a shot only.

    Args:
        frames: n signatures.
        motion: (n,) mean luma change to the neighbors, in levels.
    """
    luma = frames.luma.reshape(len(frames), -1)
    lost = ((luma < CLIPPED_LOW) | (luma > CLIPPED_HIGH)).mean(1)
    blank = luma.astype(np.float32).std(1) < BLANK_LEVELS
    worth = frames.sharpness / (1 + motion / MOTION_LEVELS) * (1 - lost / 2)
    return np.asarray(np.where(blank, 0.0, worth), np.float64)


def _steps(frames: Signatures) -> NDArray[np.float64]:
    change = np.abs(np.diff(frames.luma.astype(np.int16), axis=0))
    return np.asarray(change.mean((1, 2)) if len(change) else np.zeros(0), np.float64)
