"""Which stills stand for which theme: good ones, unlike each other, each for one theme only.

Maximal marginal relevance: a pick is worth its rank less its likeness to what the theme has already.
Source: Carbonell and Goldstein, "The use of MMR, diversity-based reranking for reordering documents
and producing summaries" (1998).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from artgen.artwork.candidates import Candidate
from artgen.artwork.likeness import Likeness, compare_candidates
from artgen.artwork.ranking import Rank, is_not_artwork, rank_candidate, theme_score
from artgen.records import Person, Rejected, TagKind, Theme, Why, rounded

REDUNDANCY = 0.5  # what a still loses that is wholly like one its theme has already
ECHO = 0.12  # and that is wholly like one another theme has: the same frame in many groups tires
LEAST_THEME_SCORE = {"person": 0.03, "general": 0.0}  # a still below this does not show the theme
LEAST_TAG_SCORE = 0.45
LEAST_OF_BEST = 0.6  # of what the theme's second best shot is worth: weaker ones do not fill up a set
LEAST_OF_TITLE = 0.45  # of what the title's second best shot is worth for it: below it no theme makes a still worth showing
LEAST_OF_PERSON = 0.5  # of how prominent a person is at best: below it the still is about somebody else
GATES = (
    "usable picture",
    "no title card, credits or logo",
    "shows the theme",
    "not far below the theme's best",
)


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """A still chosen for a theme, with every term of that."""

    theme: Theme
    candidate: Candidate
    why: Why


@dataclass(slots=True, eq=False)
class _Race:
    """One theme's candidates while picks are made; the arrays are over all candidates."""

    theme: Theme
    ranks: list[Rank | None]
    scores: NDArray[np.float64]
    redundancy: NDArray[np.float64]
    barred: NDArray[np.bool_]
    picks: list[int] = field(default_factory=list)
    penalties: list[dict[str, float]] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class _Taken:
    """What all themes together have so far, over all candidates: what is gone, and what echoes it."""

    gone: NDArray[np.bool_]
    echo: NDArray[np.float64]


def choose_stills(
    themes: Sequence[Theme],
    candidates: Sequence[Candidate],
    *,
    people: Sequence[Person],
    kinds: Sequence[TagKind],
    per_theme: int,
) -> list[Choice]:
    """Choose up to `per_theme` stills for each theme, in the order they were picked.

    Themes pick in turn, the title itself first and twice, then those with the fewest stills to choose from; what
    one theme has, no other gets, nor the frames right beside it; within a theme no two show one moment. A theme that
    finds nothing has no choices.
    """
    known = {kind.name: kind for kind in kinds}
    usable = [candidate for candidate in candidates if is_not_artwork(candidate) is None]
    if not usable:
        return []
    likeness = compare_candidates(usable)
    worth = np.array(
        [rank_candidate(candidate, None, people=people, kinds=known).score for candidate in usable]
    )
    poor = worth < _bar(worth, usable, LEAST_OF_TITLE)
    named = {f"person:{person.id}" for person in people if person.name is not None}
    races = [_race(theme, usable, people, known, barred=poor & (theme.id not in named)) for theme in themes]
    taken = _Taken(np.zeros(len(usable), dtype=bool), np.zeros(len(usable)))
    general = [race for race in races if race.theme.kind == "general"]
    others = [race for race in races if race.theme.kind != "general"]
    others.sort(key=lambda race: int((~race.barred).sum()))
    spared = _lived_on(others, len(usable))
    for turn in range(per_theme):
        for race in [*general, *(general if turn == 0 else ()), *others]:
            if len(race.picks) < per_theme:
                _pick(race, likeness, taken, spared=spared if race in general else None)
    return [
        Choice(race.theme, usable[pick], _why(race, place, usable, likeness, races))
        for race in races
        for place, pick in enumerate(race.picks)
    ]


def _race(
    theme: Theme,
    candidates: Sequence[Candidate],
    people: Sequence[Person],
    kinds: dict[str, TagKind],
    *,
    barred: NDArray[np.bool_],
) -> _Race:
    shown = np.array([theme_score(candidate, theme) for candidate in candidates])
    least = max(LEAST_THEME_SCORE.get(theme.kind, LEAST_TAG_SCORE), 1e-9)
    if theme.kind == "person":
        least = max(least, LEAST_OF_PERSON * shown.max())
    ranks = [
        rank_candidate(candidate, theme, people=people, kinds=kinds) if showing >= least else None
        for candidate, showing in zip(candidates, shown, strict=True)
    ]
    scores = np.array([rank.score if rank else -np.inf for rank in ranks])
    weak = scores < _bar(scores, candidates, LEAST_OF_BEST)
    return _Race(
        theme=theme,
        ranks=ranks,
        scores=scores,
        redundancy=np.zeros(len(candidates)),
        barred=~np.isfinite(scores) | weak | barred,
    )


def _bar(scores: NDArray[np.float64], candidates: Sequence[Candidate], share: float) -> float:
    """What others must reach: a share of what the second best shot has, for one lucky still must not shut out all."""
    best: dict[int, float] = {}
    for score, candidate in zip(scores.tolist(), candidates, strict=True):
        best[candidate.still.shot] = max(best.get(candidate.still.shot, -np.inf), score)
    ranked = sorted(filter(np.isfinite, best.values()), reverse=True)[:2]
    return min(share * ranked[-1], ranked[-1]) if ranked else 0.0


def _lived_on(races: Sequence[_Race], count: int) -> NDArray[np.bool_]:
    """Stills that are the only one of some theme: the title's own theme leaves them to it if it can."""
    only = np.zeros(count, dtype=bool)
    for race in races:
        if (~race.barred).sum() == 1:
            only |= ~race.barred
    return only


def _pick(race: _Race, likeness: Likeness, taken: _Taken, *, spared: NDArray[np.bool_] | None) -> None:
    redundant, echoing = REDUNDANCY * race.redundancy, ECHO * np.maximum(taken.echo - race.redundancy, 0)
    worth = np.where(race.barred | taken.gone, -np.inf, race.scores - redundant - echoing)
    if spared is not None and np.isfinite(worth[~spared]).any():
        worth = np.where(spared, -np.inf, worth)
    best = int(np.argmax(worth))
    if not np.isfinite(worth[best]):
        return
    penalties = {"like one already chosen": redundant[best], "like one of another theme": echoing[best]}
    race.picks.append(best)
    race.penalties.append(rounded({name: value for name, value in penalties.items() if value > 0}))
    race.redundancy = np.maximum(race.redundancy, likeness.to(best))
    race.barred |= likeness.moment(best)
    taken.gone |= likeness.instant(best)
    taken.echo = np.maximum(taken.echo, likeness.to(best))


def _why(
    race: _Race, place: int, candidates: Sequence[Candidate], likeness: Likeness, races: Sequence[_Race]
) -> Why:
    pick = race.picks[place]
    rank = race.ranks[pick]
    assert rank is not None
    penalties = rank.penalties | race.penalties[place]
    score = round(sum(rank.terms.values()) - sum(penalties.values()), 6)
    return Why(
        score=score,
        terms=rank.terms,
        penalties=penalties,
        gates=GATES,
        notes=(),
        nearest_rejected=_nearest_rejected(race, pick, candidates, likeness, races),
    )


def _nearest_rejected(
    race: _Race, pick: int, candidates: Sequence[Candidate], likeness: Likeness, races: Sequence[_Race]
) -> Rejected | None:
    """The best still that this pick kept out; without one, the best that the theme did not take."""
    chosen = set(race.picks)
    open_to = [i for i in np.flatnonzero(np.isfinite(race.scores)).tolist() if i not in chosen]
    beside = likeness.moment(pick)
    rivals = [i for i in open_to if beside[i]] or open_to
    if not rivals:
        return None
    rival = max(rivals, key=lambda i: (race.scores[i], -i))
    owner = next((other for other in races if rival in other.picks), None)
    if owner is not None:
        reason = f"stands for {owner.theme.id}"
    elif beside[rival]:
        reason = "same moment or nearly the same picture"
    else:
        reason = "scored lower or too like the chosen ones"
    return Rejected(candidates[rival].id, round(float(race.scores[rival]), 6), reason)
