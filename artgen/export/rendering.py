"""Writing the artwork of a plan, and the sheet that shows it all."""

import hashlib
from dataclasses import dataclass

import msgspec
import numpy as np
from numpy.typing import NDArray

from artgen.artwork import (
    Plan,
    Provenance,
    SheetRow,
    SheetStill,
    Titling,
    Treatment,
    contact_sheet,
    draw_title,
    render_variant,
    thumbnail,
)
from artgen.export.assemble import artwork_file, provenance_of, titled_file
from artgen.export.frames import TaggedFrames
from artgen.export.place import Place
from artgen.export.planning import CatalogPlan, PlannedStill, in_threads
from artgen.folder import write_whole
from artgen.progress import Progress

Thumbnails = dict[str, NDArray[np.uint8]]


@dataclass(frozen=True, slots=True, eq=False)
class _Rendered:
    """`written` are the files made now, with the key that says from what and their content."""

    plan: Plan
    written: tuple[tuple[str, str, bytes], ...]
    small: NDArray[np.uint8]


def render_artwork(
    tagged: TaggedFrames,
    plan: CatalogPlan,
    place: Place,
    *,
    treatment: Treatment | None = None,
    progress: Progress,
) -> Thumbnails:
    """Write every variant's files that are not there from a run that was cut short; thumbnails by id.

    Raises:
        InputError: a still that could be read before no longer can.
        MachineError: the disk is full, or the place may not be written.
    """

    def render(still: PlannedStill) -> list[_Rendered]:
        return _render_still(tagged, still, place, treatment)

    thumbnails: Thumbnails = {}
    for finished in in_threads(render, plan.stills, label="rendering artwork", progress=progress):
        for made in finished:
            for file, key, data in made.written:
                place.record(file, key, data)
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


def _render_still(
    tagged: TaggedFrames, still: PlannedStill, place: Place, treatment: Treatment | None
) -> list[_Rendered]:
    candidate = still.choice.candidate
    picture = tagged.picture(candidate)
    content = hashlib.sha256(picture.tobytes()).hexdigest()
    rendered = []
    for plan in still.plans:
        provenance, titling = provenance_of(tagged, plan), plan.room.titling
        wanted: list[tuple[str, Titling | None]] = [(artwork_file(plan), None)]
        if titling is not None:
            wanted.append((titled_file(plan), titling))
        written = []
        for file, title in wanted:
            made_from = [content, plan.crop.box, provenance]
            if title is not None and treatment is not None:
                made_from += [title, plan.room.heads, treatment.settings()]
            key = hashlib.sha256(msgspec.json.encode(made_from)).hexdigest()
            if not place.has(file, key):
                data = _encoded(picture, plan, provenance, title, treatment)
                write_whole(place.catalog.parent / file, data)
                written.append((file, key, data))
        rendered.append(_Rendered(plan, tuple(written), thumbnail(picture, plan.crop.box)))
    return rendered


def _encoded(
    picture: NDArray[np.uint8],
    plan: Plan,
    provenance: Provenance,
    title: Titling | None,
    treatment: Treatment | None,
) -> bytes:
    if title is None or treatment is None:
        return render_variant(picture, plan.crop.box, provenance)
    x1, y1, x2, y2 = plan.crop.box
    piece = draw_title(picture[y1:y2, x1:x2], plan.room.heads, treatment, title)
    return render_variant(piece, (0, 0, x2 - x1, y2 - y1), provenance)
