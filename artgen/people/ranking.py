"""Who matters in a title: people ordered by how long and how large they are on screen."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from artgen.records import Face, Person, Portrait, Shot, Still


def rank_people(
    faces: Sequence[Face], groups: Sequence[int], *, stills: Sequence[Still], shots: Sequence[Shot]
) -> tuple[list[Face], list[Person]]:
    """Make people of groups of faces, leads first, with ids "person-01", "person-02" ...

    A person's presence is the sum, over the shots in which they are seen, of the shot's duration times the height
    of their largest face in it. People seen in one still only come after all others. `screen_share` is the part of
    the time of all shots with kept stills; the portrait is the face of the best quality.

    Args:
        faces: of the title.
        groups: the group of each face, as group_faces numbered them, -1 for nobody's.
        stills: every still a face is in, and the other kept ones.
        shots: of the title.

    Returns:
        The faces in their order with `person` set (None for nobody's), and the people.

    Raises:
        ValueError: faces and groups differ in length, or a face's still is not among the stills.
    """
    if len(faces) != len(groups):
        raise ValueError(f"one group a face, got {len(faces)} faces and {len(groups)} groups")
    by_id = {still.id: still for still in stills}
    unknown = sorted({face.still for face in faces} - by_id.keys())
    if unknown:
        raise ValueError(f"faces lie in stills that were not given: {', '.join(unknown[:3])}")
    duration_s = {shot.id: shot.end_s - shot.start_s for shot in shots}
    members: dict[int, list[Face]] = defaultdict(list)
    for face, group in zip(faces, groups, strict=True):
        if group >= 0:
            members[group].append(face)
    order = sorted(members, key=lambda group: _rank(members[group], by_id, duration_s))
    digits = max(2, len(str(len(order))))
    ids = {group: f"person-{place:0{digits}d}" for place, group in enumerate(order, 1)}
    seen_s = sum(duration_s[shot] for shot in {still.shot for still in stills if still.gate is None})
    people = [_person(ids[group], members[group], by_id, duration_s, seen_s) for group in order]
    return [replace(face, person=ids.get(group)) for face, group in zip(faces, groups, strict=True)], people


def _rank(
    faces: Sequence[Face], stills: dict[str, Still], duration_s: dict[int, float]
) -> tuple[bool, float, float]:
    """What people are sorted by: single stills last, then presence, then first appearance."""
    height: dict[int, float] = defaultdict(float)
    for face in faces:
        shot = stills[face.still].shot
        height[shot] = max(height[shot], face.box[3] - face.box[1])
    presence = sum(duration_s[shot] * largest for shot, largest in height.items())
    return (
        len({face.still for face in faces}) == 1,
        -presence,
        min(stills[face.still].time_s for face in faces),
    )


def _person(
    identity: str,
    faces: Sequence[Face],
    stills: dict[str, Still],
    duration_s: dict[int, float],
    seen_s: float,
) -> Person:
    times_s = [stills[face.still].time_s for face in faces]
    present_s = sum(duration_s[shot] for shot in {stills[face.still].shot for face in faces})
    portrait = max(faces, key=lambda face: face.quality)
    return Person(
        id=identity,
        name=None,
        faces=len(faces),
        stills=len({face.still for face in faces}),
        screen_share=round(min(1.0, present_s / seen_s), 6) if seen_s > 0 else 0.0,
        first_s=min(times_s),
        last_s=max(times_s),
        portrait=Portrait(portrait.still, portrait.box),
    )
