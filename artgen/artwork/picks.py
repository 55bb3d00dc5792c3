"""Choosing stills where people have chosen some already: theirs come first, the rest is chosen around them."""

from collections import Counter
from collections.abc import Mapping, Sequence

from artgen.artwork.candidates import Candidate
from artgen.artwork.choosing import Choice, choose_stills
from artgen.artwork.likeness import compare_candidates
from artgen.artwork.ranking import rank_candidate
from artgen.records import Person, TagKind, Theme, Why

GATE = "picked by a person"


def choose_around_picks(
    themes: Sequence[Theme],
    candidates: Sequence[Candidate],
    *,
    people: Sequence[Person],
    kinds: Sequence[TagKind],
    per_theme: int,
    picks: Mapping[str, str | None],
) -> list[Choice]:
    """Choose as choose_stills does, but for the picks: each is chosen, whatever it is worth and however many there are.

    A pick stands for the theme it is meant for, or for the title's own where that is None or no longer a
    theme. What else a theme has is no moment of its picks again, and fills it up to `per_theme`.

    Args:
        themes: of find_themes.
        candidates: stills that may appear.
        people: of the title, leads first.
        kinds: what the vocabulary says of each tag.
        per_theme: stills a theme has at most, unless people picked more.
        picks: ids of stills and of the themes they are meant for; those that are no candidates are passed over.
    """
    picked = _picked(themes, candidates, people, kinds, picks)
    if not picked:
        return choose_stills(themes, candidates, people=people, kinds=kinds, per_theme=per_theme)
    places = {candidate.id: place for place, candidate in enumerate(candidates)}
    likeness = compare_candidates(candidates)
    gone = {
        candidates[place].id
        for choice in picked
        for place in likeness.instant(places[choice.candidate.id]).nonzero()[0].tolist()
    }
    counts = Counter(choice.theme.id for choice in picked)
    others = choose_stills(
        themes,
        [candidate for candidate in candidates if candidate.id not in gone],
        people=people,
        kinds=kinds,
        per_theme=per_theme + max(counts.values()),  # some may show a moment of a pick
    )
    chosen = []
    for theme in themes:
        own = [choice for choice in picked if choice.theme.id == theme.id]
        seen = {
            candidates[place].id
            for choice in own
            for place in likeness.moment(places[choice.candidate.id]).nonzero()[0].tolist()
        }
        rest = [
            choice for choice in others if choice.theme.id == theme.id and choice.candidate.id not in seen
        ]
        chosen += [*own, *rest[: max(0, per_theme - len(own))]]
    return chosen


def _picked(
    themes: Sequence[Theme],
    candidates: Sequence[Candidate],
    people: Sequence[Person],
    kinds: Sequence[TagKind],
    picks: Mapping[str, str | None],
) -> list[Choice]:
    by_id = {theme.id: theme for theme in themes}
    own = next((theme for theme in themes if theme.kind == "general"), None)
    known = {candidate.id: candidate for candidate in candidates}
    tags = {kind.name: kind for kind in kinds}
    chosen = []
    for still, meant_for in picks.items():
        theme = by_id.get(meant_for or "", own)
        if theme is None or still not in known:
            continue
        rank = rank_candidate(known[still], theme, people=people, kinds=tags)
        why = Why(round(rank.score, 6), rank.terms, rank.penalties, (GATE,), (), None)
        chosen.append(Choice(theme, known[still], why))
    return chosen
