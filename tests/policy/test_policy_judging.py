"""Rules hold at their limit, are broken above it, and say nothing where nobody could judge."""

import pytest

from artgen.policy import Shown, guards, judge_use, load_policy, sentence
from artgen.records import Breach, UseRules, Verdict

RULES = UseRules(
    "a front page",
    tags={"weapons": 0.3, "gore": 0.2},
    most_text=0.01,
    most_people=3,
    latest=0.75,
    first_seen=0.5,
)
FINE = {"weapons": 0.3, "gore": 0.0}
JUDGED = {"weapons", "gore"}


def judge(shown: Shown, *, judged: set[str] = JUDGED, guarded: bool = True) -> Verdict:
    return judge_use(shown, RULES, judged=judged, guarded=guarded)


def test_what_keeps_to_every_limit_is_eligible() -> None:
    shown = Shown(FINE, place=0.75, text=0.01, people=3, first_seen={"p1": 0.5})

    assert judge(shown) == Verdict(True)


@pytest.mark.parametrize(
    ("shown", "breach", "said"),
    [
        (Shown(FINE | {"weapons": 0.83}, 0.1), Breach("tag", "weapons", 0.83, 0.3), "weapons 0.83, at most 0.30"),
        (Shown(FINE, 0.1, text=0.024), Breach("text", "lettering", 0.024, 0.01), "lettering on 2.4 %, at most 1 %"),
        (Shown(FINE, 0.1, people=5), Breach("people", "people", 5, 3), "5 people, at most 3"),
        (Shown(FINE, 0.9), Breach("late", "place", 0.9, 0.75), "at 90 % of the film, at most 75 %"),
        (
            Shown(FINE, 0.1, first_seen={"p1": 0.1, "p7": 0.62}),
            Breach("first seen late", "p7", 0.62, 0.5),
            "p7 first seen at 62 % of the film, at most 50 %",
        ),
    ],
)  # fmt: skip
def test_each_rule_that_is_broken_is_named_with_what_was_found(
    shown: Shown, breach: Breach, said: str
) -> None:
    assert judge(shown) == Verdict(False, (breach,))
    assert sentence(breach) == said


def test_where_nobody_may_be_seen_one_person_is_said_as_one() -> None:
    assert sentence(Breach("people", "people", 1, 0)) == "1 person, nobody is allowed"
    assert sentence(Breach("people", "people", 2, 0)) == "2 people, nobody is allowed"


def test_all_broken_rules_are_named_not_the_first_alone() -> None:
    shown = Shown({"weapons": 0.9, "gore": 0.9}, 0.99, text=0.5, people=9, first_seen={"p1": 0.98})

    assert [breach.rule for breach in judge(shown).breaches] == [
        "tag", "tag", "text", "people", "late", "first seen late",
    ]  # fmt: skip


def test_a_tag_the_model_cannot_judge_is_neither_broken_nor_kept() -> None:
    shown = Shown({"weapons": 0.95, "gore": 0.0}, place=0.1)

    assert judge(shown, judged={"gore"}) == Verdict(None, (), ("weapons",))


def test_a_still_without_scores_is_not_judged() -> None:
    assert judge(Shown({}, place=0.1)) == Verdict(None, (), ("weapons", "gore"))


def test_a_broken_rule_outweighs_what_is_not_judged() -> None:
    said = judge(Shown(FINE, place=0.1, people=4), judged=set())

    assert (said.eligible, said.not_judged) == (False, ("weapons", "gore"))


def test_spoilers_are_no_matter_in_a_film_that_is_not_guarded() -> None:
    late = Shown(FINE, place=0.99, first_seen={"p1": 0.98})

    assert judge(late, guarded=False) == Verdict(True)


def test_our_own_policy_guards_an_episode_but_no_trailer_and_no_short() -> None:
    own = load_policy()

    assert [guards(own, duration_s=minutes * 60) for minutes in (2, 10, 19, 20, 95)] == [
        False, False, False, True, True,
    ]  # fmt: skip
