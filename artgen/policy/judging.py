"""Holding what a variant shows to the rules of a use."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from artgen.records import Breach, Policy, UseRules, Verdict


@dataclass(frozen=True, slots=True)
class Shown:
    """What a variant, or a still as a whole, shows.

    `tags` are calibrated scores and `place` is 0..1 in the film; `text` is the part that lettering covers, `people`
    the faces that stand out, `first_seen` the place in the film where each of its people is first seen.
    """

    tags: Mapping[str, float]
    place: float
    text: float = 0.0
    people: int = 0
    first_seen: Mapping[str, float] = field(default_factory=dict)


def guards(policy: Policy, *, duration_s: float) -> bool:
    """Whether a film is long enough to be guarded against spoilers."""
    return duration_s >= policy.spoilers.from_duration_s


def judge_use(shown: Shown, rules: UseRules, *, judged: Collection[str], guarded: bool) -> Verdict:
    """Hold what is shown to the rules of a use.

    Args:
        shown: the variant, or a still: then only what holds for all of its crops.
        rules: of the use.
        judged: tags that the model which was used can be relied on for; a limit on any other is not
            judged, whatever its score.
        guarded: whether rules about spoilers apply.
    """
    missing = tuple(tag for tag in rules.tags if tag not in judged or tag not in shown.tags)
    breaches = tuple(_breaches(shown, rules, missing, guarded))
    return Verdict(False if breaches else None if missing else True, breaches, missing)


def sentence(breach: Breach) -> str:
    """A breach as a person reads it, such as "weapons 0.83, at most 0.30"."""
    if breach.rule == "tag":
        return f"{breach.what} {breach.found:.2f}, at most {breach.limit:.2f}"
    if breach.rule == "people":
        limit = f"at most {breach.limit:.0f}" if breach.limit else "nobody is allowed"
        return f"{breach.found:.0f} {'person' if breach.found == 1 else 'people'}, {limit}"
    found, limit = f"{100 * breach.found:.3g} %", f"{100 * breach.limit:.3g} %"
    if breach.rule == "text":
        return f"lettering on {found}, at most {limit}"
    what = "" if breach.rule == "late" else f"{breach.what} first seen "
    return f"{what}at {found} of the film, at most {limit}"


def _breaches(shown: Shown, rules: UseRules, missing: Collection[str], guarded: bool) -> Iterator[Breach]:
    for tag, limit in rules.tags.items():
        if tag not in missing and shown.tags[tag] > limit:
            yield Breach("tag", tag, round(shown.tags[tag], 4), limit)
    if rules.most_text is not None and shown.text > rules.most_text:
        yield Breach("text", "lettering", round(shown.text, 4), rules.most_text)
    if rules.most_people is not None and shown.people > rules.most_people:
        yield Breach("people", "people", shown.people, rules.most_people)
    if guarded and rules.latest is not None and shown.place > rules.latest:
        yield Breach("late", "place", round(shown.place, 4), rules.latest)
    if guarded and rules.first_seen is not None:
        for person, place in shown.first_seen.items():
            if place > rules.first_seen:
                yield Breach("first seen late", person, round(place, 4), rules.first_seen)
