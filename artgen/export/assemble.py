"""From plans to the records of catalog.json."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from artgen import __version__
from artgen.artwork import Plan, Provenance, describe_variant, in_upright_picture
from artgen.catalog import feature_blocks, feature_vector
from artgen.composition import MEASURES, SHOT_SCALES
from artgen.export.features import feature_specs
from artgen.export.frames import TaggedFrames
from artgen.export.place import ARTWORK
from artgen.export.planning import CatalogPlan, PlannedStill
from artgen.export.ruling import Ruling
from artgen.records import (
    CATALOG_FORMAT,
    Catalog,
    CatalogTitle,
    FeatureBlock,
    TitledPiece,
    Variant,
    Why,
    rounded,
)

LEAST_TAG_SCORE = 0.05  # weaker tags say nothing; the vector has them all


def assemble_catalog(tagged: TaggedFrames, plan: CatalogPlan, *, settings: dict[str, Any]) -> Catalog:
    """Everything catalog.json holds; `settings` are export's own."""
    title = tagged.title
    blocks = feature_blocks(
        feature_specs(
            dim=tagged.dim,
            tags=[kind.name for kind in tagged.tagging.tags],
            scales=SHOT_SCALES,
            measures=MEASURES,
        )
    )
    return Catalog(
        format=CATALOG_FORMAT,
        artgen=__version__,
        title=CatalogTitle(
            film=title.film,
            duration_s=title.duration_s,
            time_base=title.time_base,
            width=title.width,
            height=title.height,
            active_picture=title.active_picture,
        ),
        settings={"export": settings, "extract": title.settings, "tag": tagged.tagging.settings},
        models=tagged.tagging.models,
        features=blocks,
        people=tuple(tagged.people),
        themes=tuple(plan.themes),
        variants=tuple(
            _variant(tagged, still, made, blocks, plan.ruling)
            for still in plan.stills
            for made in still.plans
        ),
        policy=plan.ruling.policy,
        use=plan.ruling.use,
        refused=tuple(plan.refused),
    )


def artwork_file(plan: Plan) -> str:
    """Where a variant's file lies, relative to the catalog."""
    return f"{ARTWORK}/{plan.id}.jpg"


def titled_file(plan: Plan) -> str:
    """Where its piece with the title lies, likewise."""
    return f"{ARTWORK}/{plan.id}-titled.jpg"


def provenance_of(tagged: TaggedFrames, plan: Plan) -> Provenance:
    """What a variant's file says about where it comes from."""
    still = plan.choice.candidate.still
    return Provenance(
        artgen=__version__,
        film_name=tagged.title.film.name,
        film_sha256=tagged.title.film.sha256,
        variant=plan.id,
        still=still.id,
        pts=still.pts,
        time_base=tagged.title.time_base,
        time_s=still.time_s,
        crop=in_upright_picture(plan.crop.box, tagged.title.active_picture),
        models=tagged.tagging.models,
    )


def _variant(
    tagged: TaggedFrames, still: PlannedStill, plan: Plan, blocks: Sequence[FeatureBlock], ruling: Ruling
) -> Variant:
    choice, candidate = plan.choice, plan.choice.candidate
    values = describe_variant(
        plan,
        size=tagged.size,
        duration_s=tagged.title.duration_s,
        people=[person.id for person in tagged.people],
        tags=[kind.name for kind in tagged.tagging.tags],
        scales=SHOT_SCALES,
        measures=MEASURES,
    )
    tags = {tag: score for tag, score in candidate.tags.items() if score >= LEAST_TAG_SCORE}
    known = {person.id for person in tagged.people}
    people = [face.person for face in plan.faces if face.person in known and face.person is not None]
    return Variant(
        id=plan.id,
        theme=choice.theme.id,
        aspect=plan.aspect,
        file=artwork_file(plan),
        width=plan.size[0],
        height=plan.size[1],
        still=candidate.id,
        time_s=candidate.still.time_s,
        pts=candidate.still.pts,
        crop=in_upright_picture(plan.crop.box, tagged.title.active_picture),
        people=tuple(dict.fromkeys(people)),
        tags=rounded(dict(sorted(tags.items(), key=lambda item: (-item[1], item[0])))),
        scores=_scores(plan),
        vector=feature_vector(blocks, values),
        why=_why(tagged, still, plan),
        place=round(ruling.place(candidate), 6),
        first_seen_s=ruling.first_seen_of(plan),
        uses=ruling.verdicts(plan),
        title_space=plan.room.spaces,
        titled=_titled(plan),
    )


def _titled(plan: Plan) -> TitledPiece | None:
    found = plan.room.titling
    if found is None:
        return None
    lines, file = found.layout.lines, titled_file(plan)
    return TitledPiece(file, found.place, found.box, lines, found.color, found.contrast, found.scrim)


def _scores(plan: Plan) -> dict[str, float]:
    terms = {f"crop_{name}": value for name, value in plan.crop.terms.items()}
    return rounded({"choice": plan.choice.why.score, "crop": plan.crop.score} | terms)


def _why(tagged: TaggedFrames, still: PlannedStill, plan: Plan) -> Why:
    wide, high = plan.size
    size = f"{wide} x {high} pixels of a still of {tagged.size[0]} x {tagged.size[1]}, not scaled"
    untitled = () if plan.room.refused is None else (f"not titled, {plan.room.refused}",)
    return replace(plan.choice.why, notes=(*plan.choice.why.notes, size, *untitled, *still.refused))
