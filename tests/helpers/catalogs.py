"""A small sound catalog to break in one place at a time."""

from artgen.catalog import BlockSpec, feature_blocks, feature_vector
from artgen.records import (
    CATALOG_FORMAT,
    Catalog,
    CatalogTitle,
    Film,
    ModelUsed,
    Person,
    Portrait,
    Rejected,
    Theme,
    Variant,
    Why,
)

BLOCKS = feature_blocks(
    (
        BlockSpec("embedding", "CLIP", -1, 1, length=3),
        BlockSpec("tags", "scores", 0, 1, ("comedy", "kiss")),
    )
)
WHY = Why(0.5, {"technical": 0.7}, {"text": 0.2}, ("usable",), (), Rejected("s2", 0.4, "same moment"))


def variant(number: int) -> Variant:
    """A variant of its own id, file and vector."""
    values = {"embedding": [0.6, 0.8, 0.001 * number], "tags": [0.1 * number, 1 / 3]}
    return Variant(
        id=f"general/s{number}-16x9",
        theme="general",
        aspect="16:9",
        file=f"artwork/general/s{number}-16x9.jpg",
        width=320,
        height=180,
        still=f"s{number}",
        time_s=2.0,
        pts=2000,
        crop=(0, 10, 320, 190),
        people=("p1",),
        tags={"comedy": 0.5},
        scores={"choice": 0.5},
        vector=feature_vector(BLOCKS, values),
        why=WHY,
    )


def sound_catalog() -> Catalog:
    """Three variants of one theme and one person."""
    return Catalog(
        format=CATALOG_FORMAT,
        artgen="0.1.0",
        title=CatalogTitle(Film("film.mp4", "ab" * 32, 10), 40.0, "1/1000", 320, 200, (0, 10, 320, 190)),
        settings={"export": {"per_theme": 4}},
        models=(ModelUsed("clip", "toy", "1", None, "MIT", "fp32", "cpu"),),
        features=BLOCKS,
        people=(Person("p1", None, 3, 3, 0.5, 0.0, 40.0, Portrait("s1", (0.0, 0.0, 9.0, 9.0))),),
        themes=(Theme("general", "general", "Best of the title", 0.5, WHY),),
        variants=tuple(variant(number) for number in range(1, 4)),
    )
