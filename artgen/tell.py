"""Results as lines for a person."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from artgen.console import table

if TYPE_CHECKING:
    from artgen.export import Exported
    from artgen.extract import Extracted
    from artgen.run import Made
    from artgen.tag import Tagged

MOST_PEOPLE, MOST_TAGS = 8, 10


def tell_extracted(found: "Extracted") -> Iterator[str]:
    """What extract found."""
    title = found.title
    yield (
        f"{title.film.name}: {title.duration_s:.1f} s, {title.frames} frames, {found.shots} shots, "
        f"{found.kept} stills kept in {found.frames_folder}"
    )
    if found.rejected:
        yield f"rejected: {_counts(found.rejected)} (reasons in stills.jsonl)"


def tell_tagged(found: "Tagged") -> Iterator[str]:
    """What tag found."""
    yield (
        f"{found.stills} stills, {found.faces} faces, {len(found.people)} people, {found.scenes} scenes "
        f"in {found.frames_folder}"
    )
    if found.people:
        rows = [
            [person.id, person.name or "-", str(person.stills), f"{person.screen_share:.0%}"]
            for person in found.people[:MOST_PEOPLE]
        ]
        yield from table(["person", "name", "stills", "of screen time"], rows)
    if found.top_tags:
        most = sorted(found.top_tags.items(), key=lambda entry: (-entry[1], entry[0]))[:MOST_TAGS]
        yield f"leading tags: {_counts(dict(most))}"
    yield from (f"{model.role}: {model.id} ({model.precision} on {model.device})" for model in found.models)


def tell_exported(made: "Exported") -> Iterator[str]:
    """What export made."""
    rows = [
        [theme.label, theme.kind, f"{theme.score:.2f}", str(theme.stills), str(theme.variants)]
        for theme in made.themes
    ]
    yield from table(["theme", "kind", "score", "stills", "variants"], rows)
    yield f"{made.variants} variants in {made.catalog}; all at a glance: {made.contact_sheet}"


def tell_run(made: "Made") -> Iterator[str]:
    """What a whole run made."""
    yield from tell_extracted(made.extracted)
    yield ""
    yield from tell_tagged(made.tagged)
    yield ""
    yield from tell_exported(made.exported)


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in counts.items())
