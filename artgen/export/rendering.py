"""Writing the artwork of a plan, and the sheet that shows it all."""

import hashlib
from dataclasses import dataclass

import msgspec
import numpy as np
from numpy.typing import NDArray

from artgen.artwork import Plan, SheetRow, SheetStill, contact_sheet, render_variant, thumbnail
from artgen.export.assemble import artwork_file, provenance_of
from artgen.export.frames import TaggedFrames
from artgen.export.place import Place
from artgen.export.planning import CatalogPlan, PlannedStill, in_threads
from artgen.folder import write_whole
from artgen.progress import Progress

Thumbnails = dict[str, NDArray[np.uint8]]


@dataclass(frozen=True, slots=True, eq=False)
class _Rendered:
    plan: Plan
    key: str
    data: bytes | None
    small: NDArray[np.uint8]


def render_artwork(
    tagged: TaggedFrames, plan: CatalogPlan, place: Place, *, progress: Progress
) -> Thumbnails:
    """Write every variant's file that is not there from a run that was cut short; thumbnails by id.

    Raises:
        InputError: a still that could be read before no longer can.
        MachineError: the disk is full, or the place may not be written.
    """

    def render(still: PlannedStill) -> list[_Rendered]:
        return _render_still(tagged, still, place)

    thumbnails: Thumbnails = {}
    for finished in in_threads(render, plan.stills, label="rendering artwork", progress=progress):
        for made in finished:
            if made.data is not None:
                place.record(artwork_file(made.plan), made.key, made.data)
            thumbnails[made.plan.id] = made.small
    return thumbnails


def draw_sheet(tagged: TaggedFrames, plan: CatalogPlan, thumbnails: Thumbnails) -> bytes:
    """The contact sheet of the catalog, as a JPEG."""
    rows = []
    for theme in plan.themes:
        stills = [still for still in plan.stills if still.choice.theme.id == theme.id]
        shown = tuple(
            SheetStill(
                caption=still.choice.candidate.id.partition(".")[0] + "s",
                pictures=tuple(thumbnails[made.id] for made in still.plans),
            )
            for still in stills
        )
        rows.append(SheetRow(theme.label, f"{theme.kind}  {theme.score:.2f}", shown))
    count = sum(len(still.plans) for still in plan.stills)
    minutes, seconds = divmod(round(tagged.title.duration_s), 60)
    themes = "1 theme" if len(plan.themes) == 1 else f"{len(plan.themes)} themes"
    variants = "1 variant" if count == 1 else f"{count} variants"
    subtitle = f"{minutes}:{seconds:02d} min   {themes}   {variants}"
    return contact_sheet(rows, title=tagged.title.film.name, subtitle=subtitle)


def _render_still(tagged: TaggedFrames, still: PlannedStill, place: Place) -> list[_Rendered]:
    candidate = still.choice.candidate
    picture = tagged.picture(candidate)
    content = hashlib.sha256(picture.tobytes()).hexdigest()
    rendered = []
    for plan in still.plans:
        provenance = provenance_of(tagged, plan)
        key = hashlib.sha256(msgspec.json.encode([content, plan.crop.box, provenance])).hexdigest()
        data = None
        if not place.has(artwork_file(plan), key):
            data = render_variant(picture, plan.crop.box, provenance)
            write_whole(place.catalog.parent / artwork_file(plan), data)
        rendered.append(_Rendered(plan, key, data, thumbnail(picture, plan.crop.box)))
    return rendered
