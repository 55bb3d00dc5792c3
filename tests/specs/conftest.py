"""A catalog of a 1440p film whose files are as Prime Video and others ask, to spoil in one place at a time."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from helpers.catalogs import sound_catalog, variant
from helpers.films import Picture, scenery

from artgen.artwork import Provenance, render_variant
from artgen.catalog import read_catalog, write_catalog
from artgen.records import Catalog, PixelBox, Variant

WIDE, HIGH = 2560, 1440
CROPS: dict[str, PixelBox] = {
    "16:9": (400, 200, 2320, 1280),
    "2:3": (900, 0, 1860, 1440),
    "1:1": (100, 100, 700, 700),
}


@pytest.fixture(scope="session")
def film_picture() -> Picture:
    """A frame of the film: soft shapes, no lettering, no face."""
    small = scenery(5, width=640, height=360)
    return np.asarray(cv2.resize(small, (WIDE, HIGH), interpolation=cv2.INTER_CUBIC), dtype=np.uint8)


@pytest.fixture(scope="session")
def whole_catalog(tmp_path_factory: pytest.TempPathFactory, film_picture: Picture) -> Path:
    """A folder with catalog.json and its artwork, one variant an aspect, as export writes them."""
    folder = tmp_path_factory.mktemp("whole")
    base = sound_catalog()
    title = replace(base.title, width=WIDE, height=HIGH, active_picture=(0, 0, WIDE, HIGH))
    variants = []
    for number, (aspect, crop) in enumerate(CROPS.items(), 1):
        shape = aspect.replace(":", "x")
        variants.append(
            replace(
                variant(number),
                id=f"general/s{number}-{shape}",
                file=f"artwork/general/s{number}-{shape}.jpg",
                aspect=aspect,
                crop=crop,
                width=crop[2] - crop[0],
                height=crop[3] - crop[1],
            )
        )
    made = replace(base, title=title, variants=tuple(variants))
    write_catalog(made, folder / "catalog.json")
    for one in made.variants:
        write_piece(folder, made, one, film_picture)
    return folder


@pytest.fixture
def catalog(whole_catalog: Path, tmp_path: Path) -> Path:
    """A copy of the catalog, to spoil."""
    shutil.copytree(whole_catalog, tmp_path / "catalog")
    return tmp_path / "catalog" / "catalog.json"


def write_piece(folder: Path, made: Catalog, one: Variant, picture: Picture) -> None:
    """Render a variant of the catalog from a picture of the film."""
    provenance = Provenance(
        artgen="0.1.0",
        film_name=made.title.film.name,
        film_sha256=made.title.film.sha256,
        variant=one.id,
        still=one.still,
        pts=one.pts,
        time_base=made.title.time_base,
        time_s=one.time_s,
        crop=one.crop,
        models=made.models,
    )
    path = folder / one.file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(render_variant(picture, one.crop, provenance))


@pytest.fixture
def alter(catalog: Path) -> Callable[..., Path]:
    """Change a variant of the catalog, by its aspect; the path of its file."""

    def change(aspect: str, **values: object) -> Path:
        read = read_catalog(catalog)
        variants = [replace(v, **values) if v.aspect == aspect else v for v in read.variants]  # type: ignore[arg-type]
        write_catalog(replace(read, variants=tuple(variants)), catalog)
        return catalog.parent / next(v.file for v in variants if v.id.endswith(aspect.replace(":", "x")))

    return change
