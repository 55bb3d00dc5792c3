"""Late stills and late faces are worth less in a film long enough to be spoiled, and only there."""

from dataclasses import replace

import pytest
from helpers.candidates import KINDS, candidate, person

from artgen.artwork import guard_spoilers
from artgen.artwork.ranking import rank_candidate
from artgen.records import SpoilerGuard

GUARD = SpoilerGuard(from_duration_s=1200, latest=0.75, first_seen=0.5)
FILM_S = 6000.0
EARLY, LATE = replace(person(1), first_s=100.0), replace(person(2), first_s=3600.0)


@pytest.mark.parametrize(
    ("place", "penalty"), [(0.0, 0.0), (0.75, 0.0), (0.80, 0.03), (0.875, 0.075), (1.0, 0.15)]
)
def test_the_penalty_grows_from_the_limit_to_the_end(place: float, penalty: float) -> None:
    (still,) = guard_spoilers([candidate(place * FILM_S)], [], guard=GUARD, duration_s=FILM_S)

    assert still.spoils.get("late in the film", 0.0) == pytest.approx(penalty)


def test_a_face_that_stands_out_and_was_not_seen_in_the_first_half_costs() -> None:
    shown = candidate(3700, people=("p2",))
    beside = candidate(3700, people=("p1", "p2"))
    known = candidate(3700, people=("p1",))
    far = candidate(3700, people=("p2",), face_high=50)

    found = guard_spoilers([shown, beside, known, far], [EARLY, LATE], guard=GUARD, duration_s=FILM_S)

    assert [dict(still.spoils) for still in found] == [
        {"someone seen late": 0.10}, {"someone seen late": 0.10}, {}, {},
    ]  # fmt: skip


def test_who_was_found_in_one_still_only_may_be_somebody_known() -> None:
    once = replace(LATE, stills=1)

    (still,) = guard_spoilers([candidate(3700, people=("p2",))], [once], guard=GUARD, duration_s=FILM_S)

    assert not still.spoils


@pytest.mark.parametrize("duration_s", [0.0, 52.0, 1199.0])
def test_trailers_and_shorts_are_left_alone(duration_s: float) -> None:
    late = [candidate(duration_s, people=("p2",))]

    assert guard_spoilers(late, [LATE], guard=GUARD, duration_s=duration_s) == late


def test_the_ranking_shows_it_as_a_penalty() -> None:
    plain = candidate(FILM_S, people=("p2",))
    (guarded,) = guard_spoilers([plain], [LATE], guard=GUARD, duration_s=FILM_S)
    kinds = {kind.name: kind for kind in KINDS}

    before, after = (rank_candidate(c, None, people=[LATE], kinds=kinds) for c in (plain, guarded))

    assert after.penalties == before.penalties | {"late in the film": 0.15, "someone seen late": 0.10}
    assert after.score == pytest.approx(before.score - 0.25)


def test_what_the_model_cannot_judge_costs_nothing() -> None:
    still = candidate(10, gore=0.95)
    kinds = {kind.name: kind for kind in KINDS}
    weak = kinds | {"gore": replace(kinds["gore"], weak=True)}

    assert "sensitive" in rank_candidate(still, None, people=[], kinds=kinds).penalties
    assert "sensitive" not in rank_candidate(still, None, people=[], kinds=weak).penalties
