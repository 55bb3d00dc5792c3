"""From records and pictures to what the page shows, and the page itself."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from html import escape
from importlib import resources
from importlib.resources.abc import Traversable

import msgspec
import numpy as np

from artgen import __version__, composition, stills
from artgen.artwork import Candidate
from artgen.policy import sentence
from artgen.records import Box, Person, Policy, Variant, Verdict
from artgen.report.layout import look_alikes, place_on_map
from artgen.report.pictures import Made
from artgen.report.records import (
    Page,
    PageChoice,
    PageFace,
    PageFilm,
    PageMeasure,
    PagePerson,
    PageScene,
    PageShot,
    PageStill,
    PageTag,
    PageTheme,
    PageUse,
    PageVariant,
    PageVerdict,
)
from artgen.report.source import EVIDENCE_FROM, Source

MOST_ALIKE = 8
DIGITS = 4
UNSAFE = {b"<": b"\\u003c", b">": b"\\u003e", b"&": b"\\u0026"}  # inside a script element, JSON stays JSON
TITLE, DATA = "{{title}}", "{{data}}"

Pictures = Mapping[str, Made]


def make_page(source: Source, pictures: Pictures, artwork: Pictures) -> Page:
    """Everything the page shows.

    Args:
        source: what was read.
        pictures: of each still that could be read, by its id.
        artwork: of each file of a variant that could be read, by its path in the catalog.
    """
    title = source.tagged.title
    width, height = source.tagged.size
    people = {person.id: place for place, person in enumerate(source.tagged.people)}
    return Page(
        artgen=__version__,
        film=PageFilm(title.film.name, title.film.sha256, title.duration_s, width, height, title.settings),
        shots=tuple(PageShot(s.id, s.start_s, s.end_s, s.transition_in) for s in source.shots),
        scenes=tuple(PageScene(s.id, s.first_shot, s.last_shot, s.start_s, s.end_s) for s in source.scenes),
        people=tuple(_person(source, person, pictures) for person in source.tagged.people),
        tags=tuple(PageTag(tag.name, tag.group, tag.sensitivity) for tag in source.tagged.tagging.tags),
        measures=_measures(),
        stills=_stills(source, pictures, people),
        themes=_themes(source, artwork, people),
        uses=_uses(source.catalog.policy),
        rejected=source.rejected,
        models=tuple(f"{model.role}: {model.id}" for model in source.catalog.models),
        review=source.review.remarks,
    )


def render_page(page: Page) -> bytes:
    """index.html: the shipped page with a title and its data, neither of which can break out of its place."""
    data = msgspec.json.encode(page)
    for mark, safe in UNSAFE.items():
        data = data.replace(mark, safe)
    shell = asset("index.html").read_text(encoding="utf-8")
    before, between = shell.split(TITLE)[0], shell.split(TITLE)[1].split(DATA)[0]
    after = shell.split(DATA)[1]
    return b"".join(
        (before.encode(), escape(page.film.name).encode(), between.encode(), data, after.encode())
    )


def asset(name: str) -> Traversable:
    """A file the page is made of, as shipped."""
    return resources.files("artgen.report") / "assets" / name


def asset_names() -> list[str]:
    """The files that lie beside index.html."""
    folder = resources.files("artgen.report") / "assets"
    return sorted(file.name for file in folder.iterdir() if file.name.endswith((".css", ".js", ".svg")))


def portrait_name(place: int) -> str:
    """How the files of a person's portrait begin; ids are not used, for they come from outside."""
    return f"person-{place + 1:02d}"


def _measures() -> tuple[PageMeasure, ...]:
    return tuple(
        PageMeasure(name.replace("_", " "), spec.meaning, spec.unit, group)
        for group, specs in (("picture", stills.MEASURES), ("composition", composition.MEASURES))
        for name, spec in specs.items()
    )


def _stills(source: Source, pictures: Pictures, people: Mapping[str, int]) -> tuple[PageStill, ...]:
    found = source.candidates
    vectors = np.stack([c.vector for c in found]) if found else np.zeros((0, 1), np.float32)
    alike = look_alikes(vectors, most=MOST_ALIKE)
    places = place_on_map(vectors, alike)
    tags = {tag.name: place for place, tag in enumerate(source.tagged.tagging.tags)}
    return tuple(
        PageStill(
            id=candidate.id,
            time=candidate.still.time_s,
            shot=candidate.still.shot,
            scene=candidate.scene,
            score=candidate.still.score,
            small=pictures[candidate.id].small if candidate.id in pictures else None,
            large=pictures[candidate.id].large if candidate.id in pictures else None,
            scale=candidate.composition.shot_scale if candidate.composition else "unknown",
            people=tuple(sorted(people[person] for person in candidate.people() if person in people)),
            faces=_faces(candidate, source.tagged.size, people),
            tags=_tags(candidate, tags),
            measures=_values(candidate),
            colors=tuple(color for color, _ in candidate.composition.colors) if candidate.composition else (),
            place=(round(float(places[number][0]), DIGITS), round(float(places[number][1]), DIGITS)),
            alike=tuple(alike[number].tolist()),
        )
        for number, candidate in enumerate(found)
    )


def _faces(candidate: Candidate, size: tuple[int, int], people: Mapping[str, int]) -> tuple[PageFace, ...]:
    return tuple(
        PageFace(_shares(face.box, (0, 0), size), people.get(face.person or ""), face.quality, face.eyes_open)
        for face in candidate.faces
    )


def _tags(candidate: Candidate, tags: Mapping[str, int]) -> tuple[tuple[int, float], ...]:
    strong = [
        (tags[tag], score) for tag, score in candidate.tags.items() if score >= EVIDENCE_FROM and tag in tags
    ]
    return tuple(sorted(strong, key=lambda entry: (-entry[1], entry[0])))


def _values(candidate: Candidate) -> tuple[float | None, ...]:
    composed = candidate.composition.measures if candidate.composition else {}
    values = [candidate.still.measures.get(name) for name in stills.MEASURES]
    values += [composed.get(name) for name in composition.MEASURES]
    return tuple(None if value is None else round(value, DIGITS) for value in values)


def _person(source: Source, person: Person, pictures: Pictures) -> PagePerson:
    place = source.tagged.people.index(person)
    made = pictures.get(person.portrait.still)
    seen = {c.still.shot for c in source.candidates if person.id in c.people()}
    spans = tuple((shot.start_s, shot.end_s) for shot in source.shots if shot.id in seen)
    return PagePerson(
        id=person.id,
        name=_name(person),
        named=person.name is not None,
        portrait=made.portraits.get(portrait_name(place)) if made else None,
        stills=person.stills,
        screen_s=round(sum(end_s - start_s for start_s, end_s in spans), 3),
        share=person.screen_share,
        first=person.first_s,
        last=person.last_s,
        spans=spans,
    )


def _name(person: Person) -> str:
    number = person.id.removeprefix("person-").lstrip("0")
    return person.name or (f"Person {number}" if number.isdigit() else person.id)


def _uses(policy: Policy | None) -> tuple[PageUse, ...]:
    return tuple(PageUse(name, rules.meaning) for name, rules in policy.uses.items()) if policy else ()


def _themes(source: Source, artwork: Pictures, people: Mapping[str, int]) -> tuple[PageTheme, ...]:
    """Variants of stills that the folder no longer has are passed over: there is nothing to show beside them."""
    at = {candidate.id: place for place, candidate in enumerate(source.candidates)}
    themes = []
    for theme in source.catalog.themes:
        of_still: dict[str, list[Variant]] = {}
        for variant in source.catalog.variants:
            if variant.theme == theme.id and variant.still in at:
                of_still.setdefault(variant.still, []).append(variant)
        choices = tuple(_choice(source, at, own, artwork=artwork, people=people) for own in of_still.values())
        themes.append(PageTheme(theme.id, theme.kind, theme.label, theme.score, theme.why, choices))
    return tuple(themes)


def _choice(
    source: Source,
    at: Mapping[str, int],
    variants: Sequence[Variant],
    *,
    artwork: Pictures,
    people: Mapping[str, int],
) -> PageChoice:
    first = variants[0]
    rival = first.why.nearest_rejected
    return PageChoice(
        still=at[first.still],
        why=first.why,
        rival=at.get(rival.still) if rival else None,
        variants=tuple(_variant(source, variant, artwork, people) for variant in variants),
        evidence=source.evidence.get(first.still, {}),
    )


def _variant(source: Source, variant: Variant, artwork: Pictures, people: Mapping[str, int]) -> PageVariant:
    left, top, _, _ = source.tagged.title.active_picture
    made = artwork.get(variant.file)
    titled = artwork.get(variant.titled.file) if variant.titled is not None else None
    return PageVariant(
        id=variant.id,
        aspect=variant.aspect,
        file=made.large if made else None,
        width=variant.width,
        height=variant.height,
        box=_shares(variant.crop, (left, top), source.tagged.size),
        people=tuple(people[person] for person in variant.people if person in people),
        scores=variant.scores,
        titled=titled.large if titled else None,
        notes=variant.why.notes,
        uses=_verdicts(source, variant),
        not_judged=tuple(
            dict.fromkeys(
                tag
                for verdict in variant.uses.values()
                if verdict.eligible is None
                for tag in verdict.not_judged
            )
        ),
    )


def _verdicts(source: Source, variant: Variant) -> tuple[PageVerdict, ...]:
    """What is said of a variant for each use of the policy; a use that it says nothing of, nobody has judged."""
    names = {person.id: _name(person) for person in source.tagged.people}
    found = (variant.uses.get(use.name, Verdict(None)) for use in _uses(source.catalog.policy))
    return tuple(
        PageVerdict(
            verdict.eligible,
            tuple(sentence(replace(b, what=names.get(b.what, b.what))) for b in verdict.breaches),
        )
        for verdict in found
    )


def _shares(box: Sequence[float], origin: tuple[int, int], size: tuple[int, int]) -> Box:
    """A box as fractions of a picture of `size` that begins at `origin`, held to it."""
    x1, y1, x2, y2 = (
        round(min(max((value - origin[n % 2]) / size[n % 2], 0.0), 1.0), DIGITS)
        for n, value in enumerate(box)
    )
    return x1, y1, x2, y2
