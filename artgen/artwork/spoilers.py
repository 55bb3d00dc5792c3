"""Stills that tell too much to whoever has not seen the film: late ones, and people who appear late."""

from collections.abc import Sequence
from dataclasses import replace

from artgen.artwork.candidates import Candidate
from artgen.artwork.ranking import COUNTED_FACE
from artgen.records import Person, SpoilerGuard

MOST_LATE = 0.15  # at the end of the film: as much as a face with closed eyes and a little more
SEEN_LATE = 0.10
LEAST_STILLS = 2  # a person seen once only may be one who is known, and was not recognized


def guard_spoilers(
    candidates: Sequence[Candidate], people: Sequence[Person], *, guard: SpoilerGuard, duration_s: float
) -> list[Candidate]:
    """The candidates with the penalties of a spoiler guard; as they are where the film is too short for it.

    "late in the film" grows from 0 at `guard.latest` to MOST_LATE at the end; "someone seen late" is SEEN_LATE
    where a face that stands out is of a person whose first still is later than `guard.first_seen`.

    Args:
        candidates: of the title.
        people: of the title.
        guard: its places are fractions of the film.
        duration_s: of the film.
    """
    if duration_s <= 0 or duration_s < guard.from_duration_s:
        return list(candidates)
    late = {
        person.id
        for person in people
        if person.stills >= LEAST_STILLS and person.first_s / duration_s > guard.first_seen
    }
    return [
        replace(candidate, spoils=_spoils(candidate, late, candidate.still.time_s / duration_s, guard.latest))
        for candidate in candidates
    ]


def _spoils(candidate: Candidate, late: set[str], place: float, latest: float) -> dict[str, float]:
    spoils = {}
    if place > latest:
        spoils["late in the film"] = MOST_LATE * min(1.0, (place - latest) / max(1 - latest, 1e-9))
    faces = [f for f in candidate.faces if (f.box[3] - f.box[1]) / candidate.height >= COUNTED_FACE]
    if any(face.person in late for face in faces):
        spoils["someone seen late"] = SEEN_LATE
    return spoils
