"""Results as lines for a person."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from artgen.console import table

if TYPE_CHECKING:
    from artgen.check import Checked
    from artgen.deliver import Delivered
    from artgen.doctor import Examination
    from artgen.export import Exported
    from artgen.extract import Extracted
    from artgen.lists import Listed
    from artgen.picked import PicksHeld
    from artgen.report import Reported
    from artgen.run import Made
    from artgen.search import Found
    from artgen.tag import Tagged
    from artgen.weights import ModelRow

MOST_PEOPLE, MOST_TAGS = 8, 10
COMMERCIAL = "commercial use"


def tell_extracted(found: "Extracted") -> Iterator[str]:
    """What extract found."""
    title = found.title
    start_s = max(title.settings["from_s"], title.settings["skip_head_s"])
    read = f"{start_s:.1f} to {title.duration_s:.1f} s" if start_s else f"{title.duration_s:.1f} s"
    yield (
        f"{title.film.name}: {read}, {_many(title.frames, 'frame')}, "
        f"{_many(found.shots, 'shot')}, {_many(found.kept, 'still')} kept in {found.frames_folder}"
    )
    if found.rejected:
        yield f"rejected: {_counts(found.rejected)} (reasons in stills.jsonl)"


def tell_tagged(found: "Tagged") -> Iterator[str]:
    """What tag found."""
    yield (
        f"{_many(found.stills, 'still')}, {_many(found.faces, 'face')}, "
        f"{_many(len(found.people), 'person', 'people')}, {_many(found.scenes, 'scene')} in {found.frames_folder}"
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
    for model in found.models:
        yield f"{model.role}: {model.id} ({model.precision} on {model.device}; license: {model.license})"
    if found.models_left_out:
        yield f"left out, as not for commercial use: {'; '.join(found.models_left_out)}"


def tell_exported(made: "Exported") -> Iterator[str]:
    """What export made."""
    rows = [
        [theme.label, theme.kind, f"{theme.score:.2f}", str(theme.stills), str(theme.variants)]
        for theme in made.themes
    ]
    yield from table(["theme", "kind", "score", "stills", "variants"], rows)
    yield f"{_many(made.variants, 'variant')} in {made.catalog}; all at a glance: {made.contact_sheet}"
    if made.titled:
        rest = "" if made.titled == made.variants else "; the notes of the others say why not"
        yield f"{made.titled} of them with the title too, as *-titled.jpg{rest}"


def tell_delivered(made: "Delivered | Made") -> Iterator[str]:
    """What export and its delivery made."""
    yield from tell_exported(made.exported)
    if made.sized is not None:
        yield ""
        yield f"{made.sized.made} pieces in {made.sized.catalog}: {_counts_of(made.sized.sizes) or 'none'}"
        yield from made.sized.refused
    if made.laid_out is not None:
        yield ""
        yield from (f"{piece.file}  ({piece.variant})" for piece in made.laid_out.placed)
        yield from (kept.sentence for kept in made.laid_out.kept)
        yield from (f"nothing for {what}" for what in made.laid_out.missing)


def tell_checked(found: "Checked") -> Iterator[str]:
    """What a check found: every finding, then the count."""
    for finding in found.findings:
        yield finding.sentence if finding.level == "must" else f"(advice) {finding.sentence}"
    asked = [piece for piece in found.pieces if piece.asset is not None]
    fit = sum(piece.ok for piece in found.pieces)
    yield (
        f"{found.name}: {fit} of {len(found.pieces)} files are as asked"
        + ("." if found.ok else f", {len(found.pieces) - fit} are not.")
    )
    others = sorted({piece.aspect for piece in found.pieces if piece.asset is None and piece.ok})
    if others:
        yield f"{found.name} asks for no picture of {', '.join(others)}: those were held to the catalog alone."
    if asked and found.absent:
        yield f"no file stands for: {', '.join(found.absent)}"
    yield from (f"note: {note}" for note in found.notes)


def tell_listed(made: "Listed") -> Iterator[str]:
    """What lists wrote."""
    yield (
        f"{_many(made.shots, 'shot')}, {_many(made.scenes, 'scene')}, "
        f"{_many(made.thumbnails, 'thumbnail')} in {made.folder}"
    )
    yield ", ".join(made.files)
    yield made.rate
    yield from (note for note in made.notes if note != made.rate)


def tell_run(made: "Made") -> Iterator[str]:
    """What a whole run made."""
    yield from tell_extracted(made.extracted)
    yield ""
    yield from tell_tagged(made.tagged)
    yield ""
    yield from tell_delivered(made)


def tell_reported(made: "Reported") -> Iterator[str]:
    """What a report came to."""
    yield (
        f"{made.stills} stills, {made.themes} themes, {made.variants} variants, {made.people} people; "
        f"open {made.report} in a browser"
    )


def tell_found(found: "Found") -> Iterator[str]:
    """What a search found."""
    if found.only:
        yield f"only stills with {' and '.join(found.only)}"
    if not found.hits:
        yield f"no still for {found.asked}"
        return
    rows = [[f"{hit.standing:.1f}", f"{hit.time_s:.3f} s", str(hit.shot), hit.file] for hit in found.hits]
    yield from table(["standing", "time", "shot", "file"], rows)
    yield "standing: deviations above what any still has of it; from 2 on it is likely there"


def tell_picks(held: "PicksHeld") -> Iterator[str]:
    """What became of a list of picks."""
    rows = [
        [
            f"{pick.time_s:.1f} s",
            pick.theme or "-",
            "there" if pick.there else "like it" if pick.like else "no",
            pick.like or "-",
            ", ".join(pick.themes) or f"{pick.note}",
        ]
        for pick in held.picks
    ]
    yield from table(["pick", "theme", "in the set", "still", "stands for"], rows)
    count = len(held.picks)
    yield (
        f"{held.film}: of {_many(count, 'pick')} {held.there} in the set of {_many(held.stills, 'still')} "
        f"({held.there / count:.0%}), something like it for {held.like} ({held.like / count:.0%})"
    )


def tell_models(rows: "Sequence[ModelRow]") -> Iterator[str]:
    """The models artgen knows."""
    cells = [
        [
            row.id,
            row.kind,
            f"{row.bytes / 1e6:,.0f} MB" if row.bytes >= 1e6 else f"{row.bytes / 1e3:.0f} kB",
            row.state,
            row.license,
            _yes_no(row.commercial),
            row.summary,
        ]
        for row in rows
    ]
    yield from table(["id", "kind", "size", "state", "license", COMMERCIAL, "what it is"], cells)
    notes: dict[str, list[str]] = {}
    for row in rows:
        if row.note and row.state != "broken":
            notes.setdefault(row.note, []).append(row.id)
    yield ""
    yield from (f"{', '.join(ids)}: {note}" for note, ids in notes.items())
    yield from (row.note for row in rows if row.state == "broken")


def tell_doctor(found: "Examination") -> Iterator[str]:
    """What doctor found."""
    yield f"artgen {found.artgen}, Python {found.python}, {found.system}, {found.cores} cores"
    yield f"device: {found.device}; network: {'not used (ARTGEN_OFFLINE)' if found.offline else 'used when needed'}"
    yield f"cache: {found.cache}"
    yield from table(["package", "version"], [[name, version] for name, version in found.packages.items()])
    rows = [
        [model.id, model.kind, model.state, model.license, _yes_no(model.commercial)]
        for model in found.models
    ]
    yield from table(["model", "kind", "state", "license", COMMERCIAL], rows)
    yield f"lettering is found by {found.text_detector}"
    yield from (found.problems or ["All is well."])


def _yes_no(fact: bool) -> str:
    return "yes" if fact else "no"


def _counts_of(sizes: Mapping[str, int]) -> str:
    return ", ".join(f"{count} of {size}" for size, count in sizes.items())


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in counts.items())


def _many(count: int, one: str, more: str | None = None) -> str:
    return f"{count} {one if count == 1 else more or one + 's'}"
