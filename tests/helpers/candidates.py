"""Candidates made from a few words, for tests of choosing."""

import numpy as np
from helpers.frames import face

from artgen.artwork import Candidate
from artgen.records import Composition, Person, Portrait, Still, TagKind, still_id

HEIGHT = 1000
KINDS = (
    TagKind("comedy", "genre", "genre", False),
    TagKind("kiss", "relation", "relation", False),
    TagKind("forest", "place", "place", False),
    TagKind("gore", "sensitivity", None, True),
    TagKind("title card", "image kind", None, False),
)


def candidate(
    time_s: float,
    *,
    shot: int | None = None,
    score: float = 0.6,
    look: int | None = None,
    people: tuple[str, ...] = (),
    face_high: float = 200,
    measures: dict[str, float] | None = None,
    **tags: float,
) -> Candidate:
    """A still at a time; `look` gives it a picture (the same number: nearly the same one), else its own."""
    name = still_id(time_s)
    rng = np.random.default_rng(round(time_s * 10) if look is None else 100_000 + look)
    vector = rng.normal(size=64) + 0.8
    faces = tuple(
        face(name, n, (100 + 300 * n, 100, 100 + 300 * n + 0.8 * face_high, 100 + face_high), person=person)
        for n, person in enumerate(people)
    )
    return Candidate(
        still=Still(name, int(time_s) if shot is None else shot, int(time_s * 1000), time_s, f"stills/{name}.jpg", {}, None, score),
        faces=faces,
        composition=Composition(name, measures or {"thirds": 0.5}, "medium", (("#204060", 1.0),), (), None, (800.0, 500.0)),
        tags={tag.replace("_", " "): value for tag, value in tags.items()},
        vector=(vector / np.linalg.norm(vector)).astype(np.float32),
        scene=None,
        height=HEIGHT,
    )  # fmt: skip


def person(number: int, *, name: str | None = None, share: float = 0.3, stills: int = 5) -> Person:
    """A person "p<number>"."""
    return Person(f"p{number}", name, stills, stills, share, 0.0, 100.0, Portrait("s", (0, 0, 1, 1)))
