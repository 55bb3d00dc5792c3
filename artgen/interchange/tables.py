"""Shots and scenes as comma-separated values, for spreadsheets and scripts (RFC 4180)."""

import csv
import io
from collections.abc import Sequence
from fractions import Fraction

from artgen.interchange.spans import scene_of
from artgen.interchange.timecode import Clock
from artgen.records import Scene, Shot, Still

TIMES = ("start_pts", "end_pts", "time_base", "start_s", "end_s", "start_timecode", "end_timecode", "frames")


def shot_table(
    shots: Sequence[Shot], *, scenes: Sequence[Scene], stills: Sequence[Still], clock: Clock
) -> str:
    """One row a shot. Ends are the first time that is no longer the shot's; `still` is its best kept one."""
    rows = []
    for shot in shots:
        kept = [still for still in stills if still.shot == shot.id and still.file]
        best = max(kept, key=lambda still: still.score, default=None)
        scene = scene_of(shot.id, scenes)
        rows.append(
            [
                shot.id,
                "" if scene is None else scene,
                *_times(shot.start_pts, shot.end_pts, clock),
                shot.frames,
                shot.transition_in,
                shot.transition_out,
                len(kept),
                best.file if best else "",
            ]
        )
    return _csv(["shot", "scene", *TIMES, "transition_in", "transition_out", "stills", "still"], rows)


def scene_table(shots: Sequence[Shot], *, scenes: Sequence[Scene], clock: Clock) -> str:
    """One row a scene; its frames are those of its shots."""
    by_id = {shot.id: shot for shot in shots}
    rows = []
    for scene in scenes:
        first, last = by_id.get(scene.first_shot), by_id.get(scene.last_shot)
        if first is None or last is None:
            continue
        frames = sum(s.frames for s in shots if scene.first_shot <= s.id <= scene.last_shot)
        times = _times(first.start_pts, last.end_pts, clock)
        rows.append([scene.id, scene.first_shot, scene.last_shot, *times, frames])
    return _csv(["scene", "first_shot", "last_shot", *TIMES], rows)


def _times(start_pts: int, end_pts: int, clock: Clock) -> list[object]:
    seconds = [_decimal(clock.seconds(pts)) for pts in (start_pts, end_pts)]
    base = f"{clock.time_base.numerator}/{clock.time_base.denominator}"
    return [start_pts, end_pts, base, *seconds, clock.timecode(start_pts), clock.timecode(end_pts)]


def _decimal(seconds: Fraction) -> str:
    return f"{round(seconds * 1_000_000) / 1_000_000:.6f}"


def _csv(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows(rows)
    return out.getvalue()
