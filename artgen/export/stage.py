"""The order of export's work, from a tagged frames folder to a catalog with its artwork."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from artgen.artwork import DEFAULT_ASPECTS, Treatment, check_aspects
from artgen.catalog import with_digests, write_catalog, write_vectors
from artgen.errors import UsageError
from artgen.export.assemble import assemble_catalog
from artgen.export.frames import read_tagged_frames
from artgen.export.place import ARTWORK, SHEET, VECTORS, open_place
from artgen.export.planning import CatalogPlan, plan_catalog
from artgen.export.rendering import draw_sheet, render_artwork
from artgen.export.ruling import rule
from artgen.folder import held, write_whole
from artgen.policy import load_policy
from artgen.progress import Progress
from artgen.records import Catalog
from artgen.review import read_review

PER_THEME = 8


@dataclass(frozen=True, slots=True)
class ThemeExported:
    """What became of a theme; `by_aspect` counts its variants by aspect."""

    id: str
    kind: str
    label: str
    score: float
    stills: int
    variants: int
    by_aspect: dict[str, int]


@dataclass(frozen=True, slots=True)
class Exported:
    """What a run of export came to. Paths are as they were given.

    `titled` counts the variants that have a piece with the title beside them. `left_out` names stills that could not be read, a sentence each; `notes` say what else a person
    should know.
    """

    catalog: str
    artwork: str
    vectors: str
    contact_sheet: str
    themes: list[ThemeExported]
    variants: int
    titled: int
    left_out: list[str]
    notes: list[str]


def export_catalog(
    catalog: Path,
    *,
    frames: Path,
    aspects: Sequence[str] = DEFAULT_ASPECTS,
    per_theme: int = PER_THEME,
    policy: Path | None = None,
    use: str | None = None,
    treatment: Treatment | None = None,
    progress: Progress,
    overwrite: bool = False,
) -> Exported:
    """Write a catalog with its artwork, vectors and contact sheet; a run that was cut short goes on.

    A still that cannot be read is left out with a note. catalog.json is written last. Exporting the
    same film again replaces its catalog; files of the earlier one that the new one does not name go.

    Args:
        catalog: the file to write; artwork/, vectors.parquet and contact-sheet.jpg lie beside it.
        frames: a frames folder, extracted and tagged.
        aspects: such as "16:9".
        per_theme: stills a theme may have at most.
        policy: a policy file; None is artgen's own.
        use: make it for this use of the policy alone; None keeps all and says for each use what is not for it.
        treatment: the title, for pieces that carry it beside those that do not; None: no such pieces.
        progress: who watches.
        overwrite: replace what is there, whoever made it.

    Raises:
        UsageError: an aspect or the number cannot be, or the policy has no such use.
        InputError: the frames folder or the policy is at fault, or the place holds something else.
        MachineError: disk, memory or permission; nothing done is lost.
    """
    aspects = check_aspects(aspects)
    if per_theme < 1:
        raise UsageError("A theme needs at least one still.")
    rules = load_policy(policy)
    tagged = read_tagged_frames(frames)
    ruling = rule(tagged, rules, use)
    review = read_review(tagged.folder, film_sha256=tagged.title.film.sha256)
    with (
        held(catalog.parent / ARTWORK),
        open_place(catalog, film_sha256=tagged.title.film.sha256, overwrite=overwrite) as place,
    ):
        plan = plan_catalog(
            tagged,
            aspects=aspects,
            per_theme=per_theme,
            review=review,
            ruling=ruling,
            treatment=treatment,
            progress=progress,
        )
        settings: dict[str, Any] = {"aspects": list(aspects), "per_theme": per_theme}
        if treatment is not None:
            settings["title"] = treatment.settings()
        made = assemble_catalog(tagged, plan, settings=settings)
        files = [*made.files(), VECTORS, SHEET]
        place.claim(files, overwrite=overwrite)
        thumbnails = render_artwork(tagged, plan, place, treatment=treatment, progress=progress)
        made = with_digests(made, catalog.parent)
        write_vectors(made, catalog.parent / VECTORS)
        write_whole(catalog.parent / SHEET, draw_sheet(tagged, plan, thumbnails))
        write_catalog(made, catalog)
        place.finish(files)
    for note in plan.notes:
        progress.note(note)
    return _summary(catalog, made, plan)


def _summary(catalog: Path, made: Catalog, plan: CatalogPlan) -> Exported:
    themes = []
    for theme in made.themes:
        own = [variant for variant in made.variants if variant.theme == theme.id]
        by_aspect = dict(Counter(variant.aspect for variant in own))
        stills = len({variant.still for variant in own})
        themes.append(
            ThemeExported(theme.id, theme.kind, theme.label, theme.score, stills, len(own), by_aspect)
        )
    return Exported(
        catalog=f"{catalog}",
        artwork=f"{catalog.parent / ARTWORK}",
        vectors=f"{catalog.parent / VECTORS}",
        contact_sheet=f"{catalog.parent / SHEET}",
        themes=themes,
        variants=len(made.variants),
        titled=sum(variant.titled is not None for variant in made.variants),
        left_out=plan.left_out,
        notes=plan.notes,
    )
