"""Stretches of a title one after another: its shots or scenes, and what lies between them."""

from collections.abc import Sequence
from dataclasses import dataclass

from artgen.records import Scene, Shot, Still

UNREADABLE = {"\n", "\r", "\t"}


@dataclass(frozen=True, slots=True)
class Span:
    """[start_pts, end_pts) with a name, notes for people, and marked instants inside it (name, pts)."""

    name: str
    start_pts: int
    end_pts: int
    notes: tuple[str, ...] = ()
    marks: tuple[tuple[str, int], ...] = ()


def shot_spans(
    shots: Sequence[Shot], *, start_pts: int, scenes: Sequence[Scene], stills: Sequence[Still]
) -> list[Span]:
    """The shots, with kept stills as marks; a dissolve, fade or wipe between two is a span of its own.

    `start_pts` is the film's first frame: what lies before the first shot is a span too, so that a timeline
    of the spans is as long as the film up to its last shot.
    """
    spans: list[Span] = []
    for shot in shots:
        _add_between(spans, start_pts, shot)
        scene = scene_of(shot.id, scenes)
        notes = (f"scene {scene}",) if scene is not None else ()
        marks = tuple((still.id, still.pts) for still in stills if still.shot == shot.id and still.file)
        spans.append(Span(f"shot {shot.id}", shot.start_pts, shot.end_pts, notes, marks))
    return spans


def scene_spans(shots: Sequence[Shot], *, start_pts: int, scenes: Sequence[Scene]) -> list[Span]:
    """The scenes, each from its first shot's beginning to its last shot's end; see shot_spans."""
    by_id = {shot.id: shot for shot in shots}
    spans: list[Span] = []
    for scene in scenes:
        first, last = by_id.get(scene.first_shot), by_id.get(scene.last_shot)
        if first is None or last is None:
            continue
        _add_between(spans, start_pts, first)
        notes = (f"shots {scene.first_shot} to {scene.last_shot}",)
        spans.append(Span(f"scene {scene.id}", first.start_pts, last.end_pts, notes))
    return spans


def scene_of(shot: int, scenes: Sequence[Scene]) -> int | None:
    """The scene a shot is in; None where scenes are not known."""
    return next((scene.id for scene in scenes if scene.first_shot <= shot <= scene.last_shot), None)


def one_line(text: str) -> str:
    """A name from outside, fit for a line of a text format: no breaks, no control characters."""
    return "".join(c if c.isprintable() and c not in UNREADABLE else " " for c in text)[:200].strip()


def _add_between(spans: list[Span], start_pts: int, shot: Shot) -> None:
    """Add what lies before a shot, back to the last span or the film's start."""
    before = spans[-1].end_pts if spans else start_pts
    if before < shot.start_pts:
        name = shot.transition_in if shot.transition_in in ("dissolve", "fade", "wipe") else "gap"
        spans.append(Span(name, before, shot.start_pts))
