"""Which themes a title has: the moods and genres its stills support, its people, and the title itself."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from artgen.artwork.candidates import Candidate
from artgen.artwork.ranking import is_not_artwork, prominence
from artgen.records import Person, Rejected, TagKind, Theme, Why

ThemeKind = Literal["genre", "tone", "relation", "person", "place", "general"]

VOICES = (0.5, 0.3, 0.2)  # the best stills of different shots speak for a theme, the best the loudest
LEAST_SUPPORT = {"genre": 0.55, "place": 0.55, "tone": 0.5, "relation": 0.5}
"""One strong scene can carry a relation, but not a genre, nor one view the places of a film."""
LEAST_PROMINENCE = 0.3  # of an unnamed person's best stills: below it they are small, turned away or dark
MOST_OF_A_KIND: dict[ThemeKind, int] = {"genre": 4, "tone": 4, "relation": 4, "place": 3}
MOST_UNNAMED = 5
LEADING_SHARE = 0.08  # of the screen time: an unnamed person with less is an extra
GENERAL = "general"


def find_themes(
    candidates: Sequence[Candidate], people: Sequence[Person], kinds: Sequence[TagKind]
) -> list[Theme]:
    """Find what a title's artwork can be about, the title itself first.

    A tag is a theme when its best stills, one a shot, support it by LEAST_SUPPORT or more; title cards
    and their like do not speak for one. Named persons are themes when they appear at all,
    unnamed ones when they lead. Ids are "general", "person:p1", "genre:comedy" and so on.
    """
    usable = [candidate for candidate in candidates if is_not_artwork(candidate) is None]
    best = _by_shot(usable, {c.id: c.still.score for c in usable})
    themes = [_theme(GENERAL, "general", "Best of the title", best)]
    themes += _person_themes(usable, people)
    for kind, most in MOST_OF_A_KIND.items():
        found = [_tag_theme(usable, tag.name, kind) for tag in kinds if tag.theme == kind]
        supported = sorted(
            (theme for theme in found if theme.score >= LEAST_SUPPORT[kind]), key=lambda t: (-t.score, t.id)
        )
        themes += supported[:most]
    return themes


def _person_themes(candidates: Sequence[Candidate], people: Sequence[Person]) -> list[Theme]:
    themes: list[Theme] = []
    unnamed = 0
    for person in people:
        best = _by_shot(candidates, {c.id: prominence(c, person.id) for c in candidates})
        if not best or best[0][0] <= 0:
            continue
        unnamed += person.name is None
        theme = _theme(f"person:{person.id}", "person", person.name or f"Person {unnamed}", best)
        leads = person.screen_share >= LEADING_SHARE and person.stills >= 2 and unnamed <= MOST_UNNAMED
        if person.name is not None or (leads and theme.score >= LEAST_PROMINENCE):
            themes.append(theme)
    return themes


def _tag_theme(candidates: Sequence[Candidate], tag: str, kind: ThemeKind) -> Theme:
    best = _by_shot(candidates, {c.id: c.tags.get(tag, 0.0) for c in candidates})
    return _theme(f"{kind}:{tag}", kind, tag.replace("-", " ").replace("_", " ").capitalize(), best)


def _by_shot(candidates: Iterable[Candidate], scores: Mapping[str, float]) -> list[tuple[float, str]]:
    """The best still of each shot with its score, best first."""
    best: dict[int, tuple[float, str]] = {}
    for candidate in candidates:
        shot = candidate.still.shot
        best[shot] = max(best.get(shot, (-1.0, "")), (scores[candidate.id], candidate.id))
    return sorted(best.values(), key=lambda pair: (-pair[0], pair[1]))


def _theme(theme: str, kind: ThemeKind, label: str, best: list[tuple[float, str]]) -> Theme:
    speaking, rest = best[: len(VOICES)], best[len(VOICES) :]
    loudness = sum(VOICES[: len(speaking)])
    terms = {
        still: round(voice * score / loudness, 6)
        for voice, (score, still) in zip(VOICES, speaking, strict=False)
    }
    score = round(sum(terms.values()), 6)
    why = Why(
        score=score,
        terms=terms,
        penalties={},
        gates=("no title card, credits or logo",),
        notes=("what the best stills of different shots show of it",),
        nearest_rejected=Rejected(rest[0][1], rest[0][0], "shows less of it") if rest else None,
    )
    return Theme(id=theme, kind=kind, label=label, score=score, why=why)
