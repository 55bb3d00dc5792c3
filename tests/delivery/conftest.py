"""A catalog exported from drawn stills, with its frames folder, and a film that it was made from."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from helpers.frames import build_frames

from artgen.export import export_catalog
from artgen.folder import read_title, sha256_of, write_json
from artgen.progress import Silent
from artgen.records import Film, Tagging


@pytest.fixture(scope="session")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with film/Movie (2020)/Movie (2020).mkv, frames/ and out/catalog.json."""
    from artgen.folder import read_json

    root = tmp_path_factory.mktemp("exported")
    film = root / "film" / "Movie (2020)" / "Movie (2020).mkv"
    film.parent.mkdir(parents=True)
    film.write_bytes(b"the film")
    frames = build_frames(root / "frames")
    known = Film(film.name, sha256_of(film), film.stat().st_size)
    write_json(frames.title, replace(read_title(frames), film=known))
    write_json(frames.tagging, replace(read_json(frames.tagging, Tagging), film_sha256=known.sha256))
    export_catalog(root / "out" / "catalog.json", frames=frames.root, progress=Silent())
    return root


@pytest.fixture
def place(exported: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    shutil.copytree(exported, tmp_path / "place")
    return tmp_path / "place"
