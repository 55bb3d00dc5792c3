"""What people picked is chosen first and always; the rest is chosen around it."""

from helpers.candidates import KINDS, candidate

from artgen.artwork import Candidate, Choice, choose_stills, find_themes
from artgen.artwork.picks import GATE, choose_around_picks

COMEDY = "genre:comedy"


def stills() -> list[Candidate]:
    """Twelve stills a minute apart: better and better, the first six of comedy, the first a title card."""
    return [
        candidate(
            60.0 * n, score=0.4 + 0.04 * n, comedy=0.9 if n < 6 else 0.0, title_card=0.9 if n == 0 else 0.0
        )
        for n in range(12)
    ]


def choose(
    candidates: list[Candidate], picks: dict[str, str | None], *, per_theme: int = 3
) -> dict[str, list[str]]:
    """Ids of the chosen stills by theme."""
    themes = find_themes(candidates, [], KINDS)
    choices = choose_around_picks(
        themes, candidates, people=[], kinds=KINDS, per_theme=per_theme, picks=picks
    )
    return by_theme(choices)


def by_theme(choices: list[Choice]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for choice in choices:
        found.setdefault(choice.theme.id, []).append(choice.candidate.id)
    return found


def test_without_picks_nothing_changes() -> None:
    candidates = stills()
    themes = find_themes(candidates, [], KINDS)

    plain = choose_stills(themes, candidates, people=[], kinds=KINDS, per_theme=3)

    assert choose(candidates, {}) == by_theme(plain)
    assert choose(candidates, {"00h00m99.000s": None}) == by_theme(plain), "a still that is no longer there"


def test_a_pick_is_chosen_first_whatever_it_is_worth() -> None:
    candidates = stills()
    card, weak = candidates[0].id, candidates[1].id
    assert not {card, weak} & {id for ids in choose(candidates, {}).values() for id in ids}, (
        "by itself neither is"
    )

    chosen = choose(candidates, {weak: COMEDY, card: None})

    assert chosen[COMEDY][0] == weak
    assert chosen["general"][0] == card
    assert [len(ids) for ids in chosen.values()] == [3, 3]


def test_a_pick_for_a_theme_that_is_gone_stands_for_the_title() -> None:
    candidates = stills()

    assert choose(candidates, {candidates[1].id: "genre:western"})["general"][0] == candidates[1].id


def test_more_picks_than_a_theme_has_room_for_are_all_chosen() -> None:
    candidates = stills()
    picks: dict[str, str | None] = {still.id: COMEDY for still in candidates[1:6]}

    assert choose(candidates, picks, per_theme=2)[COMEDY] == list(picks)


def test_no_still_is_chosen_twice_nor_a_picked_moment_again() -> None:
    twin = candidate(301.5, shot=5, look=7, score=1.0, comedy=0.95)
    picked = candidate(300.0, shot=5, look=7, score=0.1, comedy=0.6)
    candidates = [*stills()[:5], picked, twin, *stills()[6:]]

    chosen = choose(candidates, {picked.id: COMEDY})

    everything = [id for ids in chosen.values() for id in ids]
    assert chosen[COMEDY][0] == picked.id
    assert twin.id not in chosen[COMEDY]
    assert len(everything) == len(set(everything))


def test_the_reason_says_that_a_person_picked_it_and_what_it_is_worth() -> None:
    candidates = stills()
    themes = find_themes(candidates, [], KINDS)

    first = choose_around_picks(
        themes, candidates, people=[], kinds=KINDS, per_theme=2, picks={candidates[2].id: None}
    )[0]

    assert first.why.gates == (GATE,)
    assert abs(first.why.score - sum(first.why.terms.values()) + sum(first.why.penalties.values())) < 1e-5
