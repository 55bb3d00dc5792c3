"""Which judged stills are kept: those in their shot, away from its ends, the best, none twice."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from artgen.extract.choosing import assign_shots, join_judged, keep_best
from artgen.extract.judging import NO_SHOT, Judged
from artgen.records import Shot, Still, still_id

TICK = Fraction(1, 100)
SHOTS = [
    Shot(0, 0, 400, 0.0, 4.0, 100, "none", "cut"),
    Shot(1, 400, 900, 4.0, 9.0, 125, "cut", "dissolve"),
    Shot(2, 1000, 8000, 10.0, 80.0, 1750, "dissolve", "none"),
]


def _still(pts: int, *, score: float = 0.5, shot: int = NO_SHOT, gate: str | None = None) -> Still:
    file = None if gate else f"stills/{still_id(pts / 100)}.jpg"
    return Still(still_id(pts / 100), shot, pts, pts / 100, file, {}, gate, score)


def _judged(*stills: Still, alike: tuple[tuple[int, int], ...] = ()) -> Judged:
    prints = np.eye(len(stills), dtype=np.float32)
    for one, other in alike:
        prints[other] = prints[one]
    return Judged(list(stills), prints, [])


def _kept(judged: Judged, *, per_stretch: int = 3, most: int | None = None) -> dict[int, str | None]:
    stills = keep_best(judged, per_stretch=per_stretch, most=most, stretch_pts=6000, shots=SHOTS)
    return {still.pts: still.gate for still in stills}


@pytest.mark.parametrize(
    ("pts", "shot", "gate"),
    [
        (200, 0, None),
        (390, 0, "transition: too near to it"),
        (405, 1, "transition: too near to it"),
        (600, 1, None),
        (880, 1, "transition: too near to it"),
        (950, 1, "transition: after shot 1"),
        (1010, 2, "transition: too near to it"),
        (2000, 2, None),
    ],
)
def test_a_still_belongs_to_the_shot_it_is_well_inside_of(pts: int, shot: int, gate: str | None) -> None:
    (placed,) = assign_shots(_judged(_still(pts)), SHOTS, time_base=TICK).stills

    assert (placed.shot, placed.gate) == (shot, gate)
    assert (placed.file is None) == (gate is not None)


def test_an_earlier_refusal_keeps_its_reason() -> None:
    (placed,) = assign_shots(_judged(_still(950, gate="black")), SHOTS, time_base=TICK).stills

    assert placed.gate == "black"


def test_of_repeats_in_a_shot_the_best_stays() -> None:
    judged = _judged(_still(100, shot=0, score=0.4), _still(200, shot=0, score=0.6), alike=((0, 1),))

    assert _kept(judged) == {100: "duplicate: of 00h00m02.000s", 200: None}


def test_of_repeats_in_two_shots_the_best_stays() -> None:
    judged = _judged(_still(100, shot=0, score=0.7), _still(600, shot=1, score=0.6), alike=((0, 1),))

    assert _kept(judged) == {100: None, 600: "duplicate: of 00h00m01.000s"}


def test_a_shot_keeps_its_best_few_and_each_minute_of_a_long_one() -> None:
    stills = [_still(pts, shot=2, score=pts / 10000) for pts in (1500, 2500, 3500, 7200, 7500)]

    kept = [pts for pts, gate in _kept(_judged(*stills), per_stretch=1).items() if gate is None]

    assert kept == [3500, 7500]


def test_the_title_keeps_its_best_few() -> None:
    stills = [
        _still(pts, shot=shot, score=score)
        for pts, shot, score in ((100, 0, 0.9), (600, 1, 0.2), (2000, 2, 0.8))
    ]

    assert _kept(_judged(*stills), most=2) == {100: None, 600: "surplus: not among the best 2", 2000: None}


def test_what_was_judged_early_and_late_comes_in_time_order() -> None:
    early, late = _judged(_still(100), _still(600)), _judged(_still(300))
    joined = join_judged(
        replace(early, damage=["a"]), replace(late, prints=np.ones((1, 2), np.float32), damage=["b"])
    )

    assert [still.pts for still in joined.stills] == [100, 300, 600]
    assert joined.prints.tolist() == [[1, 0], [1, 1], [0, 1]]
    assert joined.damage == ["a", "b"]


def test_nothing_judged_keeps_nothing() -> None:
    nothing = Judged([], np.zeros((0, 1), np.float32), [])

    assert (
        keep_best(join_judged(nothing, nothing), per_stretch=1, most=None, stretch_pts=1, shots=SHOTS) == []
    )
