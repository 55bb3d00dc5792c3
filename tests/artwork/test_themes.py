"""Themes come from what the stills show: tags, people, and always the title itself."""

import pytest
from helpers.candidates import KINDS, candidate, person

from artgen.artwork import find_themes


def ids(themes: list) -> list[str]:
    return [theme.id for theme in themes]


def test_a_title_about_which_nothing_is_known_still_has_its_own_theme() -> None:
    themes = find_themes([candidate(1), candidate(20)], [], [])

    assert [(theme.id, theme.kind) for theme in themes] == [("general", "general")]


def test_a_title_without_stills_has_it_too() -> None:
    assert ids(find_themes([], [], KINDS)) == ["general"]


def test_a_tag_is_a_theme_where_its_best_stills_support_it() -> None:
    strong = [candidate(10.0 * n, comedy=0.8, forest=0.3) for n in range(5)]

    themes = find_themes(strong, [], KINDS)

    assert ids(themes) == ["general", "genre:comedy"]
    assert themes[1].score == pytest.approx(0.8)
    assert themes[1].label == "Comedy"


def test_one_strong_scene_carries_a_theme_and_one_doubtful_still_does_not() -> None:
    rest = [candidate(10.0 * n) for n in range(1, 5)]

    assert "relation:kiss" in ids(find_themes([candidate(0, kiss=1.0), *rest], [], KINDS))
    assert "relation:kiss" not in ids(find_themes([candidate(0, kiss=0.7), *rest], [], KINDS))


def test_a_place_or_genre_has_to_be_clearer_than_a_relation() -> None:
    stills = [candidate(10.0 * n, forest=0.52, comedy=0.52, kiss=0.52) for n in range(3)]

    assert [theme.id for theme in find_themes(stills, (), KINDS)] == ["general", "relation:kiss"]


def test_many_stills_of_one_shot_speak_once() -> None:
    one_shot = [candidate(float(n), shot=0, comedy=0.8) for n in range(5)]
    rest = [candidate(10.0 * n, comedy=0.0) for n in range(1, 5)]

    assert ids(find_themes([*one_shot, *rest], [], KINDS)) == ["general"]


def test_a_title_card_speaks_for_nothing() -> None:
    cards = [candidate(10.0 * n, comedy=0.9, title_card=0.9) for n in range(4)]

    assert ids(find_themes([*cards, candidate(50)], [], KINDS)) == ["general"]


def test_sensitivities_and_kinds_of_picture_are_no_themes() -> None:
    assert ids(find_themes([candidate(10.0 * n, gore=0.9) for n in range(4)], [], KINDS)) == ["general"]


def test_named_persons_are_themes_and_unnamed_ones_when_they_lead() -> None:
    stills = [candidate(10.0 * n, people=(f"p{n % 4}",)) for n in range(12)]
    people = [
        person(0, share=0.4),
        person(1, name="Grace Hopper", share=0.01, stills=1),
        person(2, share=0.01),
        person(3, share=0.2),
        person(9, name="Never Seen"),
    ]

    themes = find_themes(stills, people, KINDS)

    assert [(theme.id, theme.label) for theme in themes[1:]] == [
        ("person:p0", "Person 1"),
        ("person:p1", "Grace Hopper"),
        ("person:p3", "Person 3"),
    ]


def test_the_score_is_the_sum_of_its_terms_and_the_nearest_rejected_is_the_next_still() -> None:
    stills = [candidate(10.0 * n, comedy=0.9 - 0.05 * n) for n in range(5)]

    why = find_themes(stills, [], KINDS)[1].why

    assert why.score == pytest.approx(sum(why.terms.values()))
    assert list(why.terms) == [still.id for still in stills[:3]]
    assert why.nearest_rejected is not None
    assert why.nearest_rejected.still == stills[3].id
