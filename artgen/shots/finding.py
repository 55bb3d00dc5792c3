"""From signatures of frames to the shots of a film, a window at a time."""

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from artgen.records import Shot, Transition
from artgen.shots.cuts import find_cuts
from artgen.shots.graduals import LONGEST, find_graduals
from artgen.shots.likeness import measure_likeness
from artgen.shots.signatures import Signatures, join_signatures
from artgen.shots.slides import find_slides
from artgen.shots.transitions import Change, settle_changes
from artgen.shots.wipes import find_wipes

CORE_FRAMES = 1024  # changes that begin in these are taken from a window
CONTEXT_FRAMES = LONGEST + 48  # frames on either side of them that the window shows besides


def find_shots(
    runs: Iterable[Signatures], *, time_base: Fraction, start_pts: int, frame_s: float, min_shot_s: float
) -> list[Shot]:
    """The shots of a film, from the signatures of all its frames.

    The result does not depend on how the frames are divided into runs, and a frame costs 9 bytes once
    its run is through.

    Args:
        runs: what sign_frames made, following each other in time.
        time_base: seconds of one unit of pts.
        start_pts: what counts as second 0.
        frame_s: seconds that the last frame is shown.
        min_shot_s: a shot shorter than this is joined to the neighbor it differs from less.

    Raises:
        ValueError: pts do not rise.
    """
    pts_parts: list[NDArray[np.int64]] = []
    blank_parts: list[NDArray[np.bool_]] = []
    changes: list[Change] = []
    for first_frame, core, window in _windows(runs):
        pts_parts.append(window.pts[core])
        found, blank = find_in_window(window)
        blank_parts.append(blank[core])
        changes += [c.moved(first_frame) for c in found if core.start <= c.last < core.stop]
    if not pts_parts:
        return []
    pts = np.concatenate(pts_parts)
    if np.any(np.diff(pts) <= 0):
        raise ValueError("the frames' pts do not rise")
    end_pts = int(pts[-1]) + max(1, round(frame_s / time_base))
    spans = _spans(settle_changes(changes, np.concatenate(blank_parts)), len(pts))
    times = np.append(pts, end_pts)
    spans = _without_short(spans, times, min_shot_s / time_base)
    return [_shot(number, span, times, time_base, start_pts) for number, span in enumerate(spans)]


def find_in_window(window: Signatures) -> tuple[list[Change], NDArray[np.bool_]]:
    """All changes in a stretch of frames, of which those of different kinds may overlap, and its blank frames, (n,)."""
    likeness = measure_likeness(window)
    changes = find_cuts(window, likeness) + find_graduals(window, likeness)
    changes += find_wipes(window, likeness) + find_slides(window, likeness)
    return changes, likeness.blank_frames()


Span = tuple[int, int, Change | None, Change | None]  # first frame, end frame, change in, change out


def _windows(runs: Iterable[Signatures]) -> Iterator[tuple[int, slice, Signatures]]:
    """(number of the window's first frame, where its core lies in it, the window); the cores make the film."""
    held = join_signatures([])
    first = core_start = 0
    more = True
    incoming = iter(runs)
    while more:
        run = next(incoming, None)
        more = run is not None
        if run is not None:
            held = join_signatures([held, run])
        while (ahead := first + len(held) - core_start) > 0:
            if more and ahead < CORE_FRAMES + CONTEXT_FRAMES:
                break
            core_end = min(core_start + CORE_FRAMES, first + len(held))
            window_end = min(core_end + CONTEXT_FRAMES, first + len(held))
            yield first, slice(core_start - first, core_end - first), held.part(0, window_end - first)
            core_start = core_end
            keep_from = max(first, core_start - CONTEXT_FRAMES)
            held, first = held.part(keep_from - first, len(held)), keep_from


def _spans(changes: Sequence[Change], frames: int) -> list[Span]:
    spans: list[Span] = []
    start, before = 0, None
    for change in changes:
        if change.last >= start:
            spans.append((start, change.last + 1, before, change))
        start, before = change.first, change
    if start < frames:
        spans.append((start, frames, before, None))
    return spans


def _without_short(spans: list[Span], times: NDArray[np.int64], shortest: float | Fraction) -> list[Span]:
    """Join each too short shot to a neighbor, the weaker change goes; shortest first."""
    spans = list(spans)
    while len(spans) > 1:
        lengths = [int(times[end] - times[start]) for start, end, _, _ in spans]
        at = int(np.argmin(lengths))
        if lengths[at] >= shortest:
            break
        _, _, change_in, change_out = spans[at]
        strength_in = change_in.strength if change_in and at else np.inf
        strength_out = change_out.strength if change_out and at + 1 < len(spans) else np.inf
        other = at - 1 if strength_in <= strength_out else at
        joined = (spans[other][0], spans[other + 1][1], spans[other][2], spans[other + 1][3])
        spans[other : other + 2] = [joined]
    return spans


def _shot(number: int, span: Span, times: NDArray[np.int64], time_base: Fraction, start_pts: int) -> Shot:
    start, end, change_in, change_out = span
    start_time, end_time = int(times[start]), int(times[end])
    return Shot(
        id=number,
        start_pts=start_time,
        end_pts=end_time,
        start_s=round(float((start_time - start_pts) * time_base), 6),
        end_s=round(float((end_time - start_pts) * time_base), 6),
        frames=end - start,
        transition_in=_kind(change_in),
        transition_out=_kind(change_out),
    )


def _kind(change: Change | None) -> Transition:
    return change.kind if change else "none"
