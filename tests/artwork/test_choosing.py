"""Choices are good, unlike each other, of different moments, and belong to one theme."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
from helpers.candidates import KINDS, candidate, person

from artgen.artwork import Candidate, Choice, choose_stills, find_themes
from artgen.artwork.likeness import compare_candidates
from artgen.records import Person


def choose(stills: list[Candidate], *, people: tuple[Person, ...] = (), per_theme: int = 4) -> list[Choice]:
    themes = find_themes(stills, people, KINDS)
    return choose_stills(themes, stills, people=people, kinds=KINDS, per_theme=per_theme)


def of(choices: list[Choice], theme: str) -> list[str]:
    return [choice.candidate.id for choice in choices if choice.theme.id == theme]


def test_the_best_still_is_chosen_first() -> None:
    stills = [candidate(10.0 * n, score=0.9 if n == 3 else 0.5) for n in range(6)]

    assert of(choose(stills), "general")[0] == stills[3].id


def test_no_still_stands_for_two_themes() -> None:
    stills = [candidate(10.0 * n, people=("p1",), comedy=0.8, forest=0.8) for n in range(12)]

    choices = choose(stills, people=(person(1),))

    assert {choice.theme.id for choice in choices} == {"general", "person:p1", "genre:comedy", "place:forest"}
    assert len({choice.candidate.id for choice in choices}) == len(choices) == 12


def test_no_two_of_a_theme_are_of_one_moment() -> None:
    stills = [candidate(0.5 * n, shot=n // 10) for n in range(60)]

    times = sorted(choice.candidate.still.time_s for choice in choose(stills) if choice.theme.id == "general")

    assert len(times) == 4
    assert min(b - a for a, b in itertools.pairwise(times)) >= 2.0


def test_the_same_picture_at_another_time_is_not_chosen_again() -> None:
    stills = [candidate(30.0 * n, look=n % 2, score=0.7) for n in range(8)]

    assert len(of(choose(stills), "general")) == 2


def test_unlike_stills_come_before_slightly_better_alike_ones() -> None:
    alike = [candidate(30.0 * n, people=("p1",), score=0.62) for n in range(5)]
    other = candidate(400.0, people=("p2",), score=0.60)

    assert other.id in of(choose([*alike, other], per_theme=2), "general")


def test_title_cards_are_never_chosen() -> None:
    stills = [candidate(10.0 * n, score=0.9, title_card=0.8) for n in range(5)]

    assert choose(stills) == []


@pytest.mark.parametrize(
    ("fault", "name"),
    [
        ({"gore": 0.95}, "sensitive"),
        ({"measures": {"thirds": 0.5, "text_fraction": 0.02}}, "text"),
        ({"measures": {"thirds": 0.5, "subject_lightness": 0.1}}, "dark"),
        ({"measures": {"thirds": 0.5, "dark_fraction": 0.8}}, "dark"),
        ({"people": ("p1", "p2", "p3", "p4", "p5")}, "more than three people"),
    ],
)
def test_what_makes_poor_artwork_is_a_visible_penalty(fault: dict, name: str) -> None:
    (choice,) = choose([candidate(0, score=1.0, **fault)])

    assert choice.why.penalties[name] > 0


def test_weak_stills_do_not_fill_up_a_set() -> None:
    good = [candidate(20.0 * n, score=0.9) for n in range(2)]
    weak = [candidate(100.0 + 20 * n, score=0.2, measures={"subject_lightness": 0.1}) for n in range(4)]

    assert set(of(choose([*weak, *good]), "general")) == {still.id for still in good}


def test_one_lucky_still_does_not_shut_out_all_others() -> None:
    lucky = [candidate(0.5 * n, shot=0, score=1.0, people=("p1",), face_high=400) for n in range(2)]
    others = [candidate(20.0 * n, score=0.5, somebody=0.5) for n in range(1, 4)]

    chosen = of(choose([*lucky, *others], people=(person(1),), per_theme=5), "general")

    assert {still.id for still in others} <= set(chosen)


def test_a_still_of_other_colors_is_less_alike() -> None:
    first, same, other = (candidate(100.0 * n, look=n) for n in range(3))
    assert other.composition is not None
    other = replace(other, composition=replace(other.composition, colors=(("#ff8000", 1.0),)))
    alike = replace(other, composition=same.composition)

    of_others = [compare_candidates([first, same, last]).to(0)[2] for last in (other, alike)]

    assert of_others[1] - of_others[0] == pytest.approx(0.1, abs=1e-6)


def test_no_theme_makes_a_still_worth_showing_that_is_poor_for_the_title() -> None:
    poor = candidate(100.0, score=0.1, forest=1.0, measures={"subject_lightness": 0.0, "dark_fraction": 0.9})
    good = [candidate(20.0 * n, score=0.9, people=("p1",)) for n in range(3)]

    choices = choose([*good, poor], people=(person(1),))

    assert of(choices, "place:forest") == []
    assert poor.id not in {choice.candidate.id for choice in choices}


def test_a_person_small_behind_others_is_not_what_a_still_is_about() -> None:
    near = [candidate(20.0 * n, people=("p1",), face_high=300) for n in range(3)]
    far = candidate(100.0, people=("p1",), face_high=60)

    choices = choose([*near, far], people=(person(1),))

    assert far.id not in of(choices, "person:p1")
    assert of(choices, "person:p1")


def test_a_title_of_nothing_but_weak_stills_has_its_best_of_them() -> None:
    assert of(choose([candidate(0, score=0.0, gore=1.0, measures={"subject_lightness": 0.0})]), "general")


def test_a_figure_whose_face_is_not_found_comes_before_scenery() -> None:
    scenery = candidate(0.0, score=0.62, somebody=0.1, empty_scenery=0.9)
    figure = candidate(50.0, score=0.60, somebody=0.9, empty_scenery=0.1)

    assert of(choose([scenery, figure]), "general")[0] == figure.id


def test_the_title_itself_has_two_of_its_best_before_its_themes() -> None:
    stills = [candidate(20.0 * n, score=1.0 - 0.1 * n, forest=0.9) for n in range(4)]

    assert of(choose(stills), "general")[:2] == [stills[0].id, stills[1].id]


def test_a_picture_full_of_lettering_is_a_card_whatever_its_vocabulary_calls_it() -> None:
    card = {"thirds": 0.5, "text_fraction": 0.05}

    assert choose([candidate(0.0, measures=card)]) == []
    assert choose([candidate(0.0, measures=card, people=("p1",))])


def test_every_score_is_its_terms_less_its_penalties() -> None:
    stills = [
        candidate(7.0 * n, people=("p1",) * (n % 2), comedy=0.1 * n, gore=0.09 * n, score=0.5)
        for n in range(10)
    ]

    choices = choose(stills, people=(person(1),))

    assert len(choices) > 5
    for choice in choices:
        why = choice.why
        assert why.score == pytest.approx(sum(why.terms.values()) - sum(why.penalties.values()), abs=1e-5)
        assert all(value > 0 for value in why.penalties.values())


def test_the_nearest_rejected_says_why_it_lost() -> None:
    chosen, beside = candidate(10.0, shot=1, score=0.9), candidate(11.0, shot=1, score=0.8)
    far = [candidate(100.0 * n, score=0.3) for n in range(1, 4)]

    choices = choose([chosen, beside, *far])

    first = next(choice for choice in choices if choice.candidate.id == chosen.id)
    assert first.why.nearest_rejected is not None
    assert first.why.nearest_rejected.still == beside.id
    assert first.why.nearest_rejected.reason == "same moment or nearly the same picture"


def test_the_title_leaves_a_theme_its_only_still() -> None:
    only = candidate(0.0, score=0.9, kiss=1.0)
    rest = [candidate(50.0 + 10 * n, score=0.5) for n in range(5)]

    choices = choose([only, *rest])

    assert of(choices, "relation:kiss") == [only.id]
    assert of(choices, "general")


def test_a_lone_still_stands_for_the_title_itself() -> None:
    assert of(choose([candidate(0.0, kiss=1.0, people=("p1",))], people=(person(1),)), "general")


def test_nothing_is_left_to_chance() -> None:
    stills = [candidate(7.0 * n, comedy=0.1 * n, score=0.3 + 0.05 * n) for n in range(10)]

    assert [(c.theme.id, c.candidate.id, c.why) for c in choose(stills)] == [
        (c.theme.id, c.candidate.id, c.why) for c in choose(list(stills))
    ]


def test_stills_without_vectors_can_be_chosen() -> None:
    stills = [candidate(20.0 * n) for n in range(4)]
    blind = [replace(still, vector=np.zeros(0, dtype=np.float32)) for still in stills]

    assert len(choose(blind)) == 4
