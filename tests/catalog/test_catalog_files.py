"""A catalog reads back as it was written, agrees with its vectors, and is refused where it is wrong."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
from helpers.catalogs import sound_catalog
from hypothesis import given
from hypothesis import strategies as st

from artgen.catalog import read_catalog, validate_catalog, write_catalog, write_vectors
from artgen.catalog.checking import is_safe_relative
from artgen.errors import InputError


@pytest.fixture
def written(tmp_path: Path) -> Path:
    path = tmp_path / "catalog.json"
    write_catalog(sound_catalog(), path)
    return path


def broken(written: Path, change: Any) -> Path:
    content = json.loads(written.read_bytes())
    change(content)
    written.write_text(json.dumps(content), encoding="utf-8")
    return written


def test_a_catalog_reads_back_as_it_was_written(written: Path) -> None:
    assert read_catalog(written) == sound_catalog()
    assert validate_catalog(written) == sound_catalog()


def test_fields_of_later_versions_are_passed_over(written: Path) -> None:
    def add(content: dict) -> None:
        content["more"] = 1
        content["variants"][0]["more"] = {"a": []}
        content["themes"][0]["why"]["more"] = None

    assert validate_catalog(broken(written, add)) == sound_catalog()


def test_the_vectors_are_those_of_the_catalog_to_the_last_bit(written: Path) -> None:
    catalog, path = sound_catalog(), written.with_name("vectors.parquet")
    write_vectors(catalog, path)

    table = pq.read_table(path)

    assert table.column_names == ["id", "theme", "still", "aspect", "vector"]
    assert table["id"].to_pylist() == [variant.id for variant in catalog.variants]
    content = json.loads(written.read_bytes())
    rows = np.array(table["vector"].to_pylist(), dtype=np.float64)
    assert (rows == np.array([variant["vector"] for variant in content["variants"]])).all()


def test_the_same_catalog_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_catalog(sound_catalog(), tmp_path / f"{name}.json")
        write_vectors(sound_catalog(), tmp_path / f"{name}.parquet")

    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()
    assert (tmp_path / "a.parquet").read_bytes() == (tmp_path / "b.parquet").read_bytes()


def test_vectors_of_an_empty_catalog_can_be_read(tmp_path: Path) -> None:
    from dataclasses import replace

    write_vectors(replace(sound_catalog(), variants=()), tmp_path / "vectors.parquet")

    assert pq.read_table(tmp_path / "vectors.parquet").num_rows == 0


def set_in(*path: str | int, to: Any) -> Any:
    def change(content: Any) -> None:
        for step in path[:-1]:
            content = content[step]
        content[path[-1]] = to

    return change


FAULTS = {
    "a newer format": (set_in("format", to=99), "format 99.*update artgen"),
    "no format": (set_in("format", to="1"), "no catalog"),
    "a missing list": (lambda content: content.pop("themes"), "themes"),
    "a wrong type": (set_in("variants", 1, "width", to="wide"), r"variants\[1\].width"),
    "an unknown theme": (set_in("variants", 1, "theme", to="genre:x"), r"variants\[1\].theme 'genre:x'"),
    "an unknown person": (set_in("variants", 0, "people", to=["p9"]), r"variants\[0\].people 'p9'"),
    "a repeated id": (set_in("variants", 1, "id", to="general/s1-16x9"), r"variants\[1\] repeats"),
    "a repeated file": (
        set_in("variants", 2, "file", to="artwork/general/s1-16x9.jpg"),
        r"variants\[2\] repeats",
    ),
    "a file outside": (set_in("variants", 0, "file", to="../../x.jpg"), r"variants\[0\].file"),
    "a short vector": (set_in("variants", 0, "vector", to=[0.0]), r"vector has 1 values.*5"),
    "a value out of range": (
        set_in("variants", 0, "vector", to=[0, 0, 0, 7, 0]),
        r"leaves the range of 'tags'",
    ),
    "a gap between blocks": (set_in("features", 1, "offset", to=4), r"features\[1\]"),
    "labels too few": (set_in("features", 1, "labels", to=["comedy"]), "1 labels for 2 values"),
    "an upside-down range": (set_in("features", 0, "low", to=2), "range"),
    "a crop outside": (set_in("variants", 0, "crop", to=[0, 0, 320, 190]), r"crop \[0, 0, 320, 190\]"),
    "an empty crop": (set_in("variants", 0, "crop", to=[5, 20, 5, 30]), "crop"),
    "no size": (set_in("variants", 0, "height", to=0), "320 x 0"),
    "no aspect": (set_in("variants", 0, "aspect", to="wide"), "aspect 'wide'"),
    "a tag score of 2": (set_in("variants", 0, "tags", to={"comedy": 2}), "tags"),
    "no hash": (set_in("title", "film", "sha256", to="abc"), "sha256"),
    "no hash of a file": (set_in("variants", 0, "sha256", to="abc"), "sha256"),
    "an active picture outside": (set_in("title", "active_picture", to=[0, 0, 999, 9]), "active_picture"),
}


@pytest.mark.parametrize(("change", "message"), FAULTS.values(), ids=FAULTS.keys())
def test_what_is_wrong_is_refused_by_its_place(written: Path, change: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_catalog(broken(written, change))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"format": 1}',
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"format": NaN}',
        b"\x00" * 50,
    ],
)
def test_what_is_no_catalog_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "catalog.json"
    path.write_bytes(content)

    with pytest.raises(InputError, match="catalog"):
        read_catalog(path)


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is missing"):
        read_catalog(tmp_path / "none.json")
    with pytest.raises(InputError, match="is a folder"):
        read_catalog(tmp_path)


def test_an_unsound_catalog_is_never_written(tmp_path: Path) -> None:
    from dataclasses import replace

    catalog = sound_catalog()
    twice = replace(catalog, variants=(catalog.variants[0], catalog.variants[0]))

    with pytest.raises(ValueError, match="repeats"):
        write_catalog(twice, tmp_path / "catalog.json")
    assert not (tmp_path / "catalog.json").exists()


@pytest.mark.parametrize(
    "file",
    [
        "",
        "/etc/passwd",
        "../x",
        "a/../b",
        "a/./b",
        "C:/x",
        "C:x",
        "\\\\host\\x",
        "a\\b",
        "a//b",
        "a/",
        "a\nb",
        "x:y",
    ],
)
def test_paths_that_could_leave_the_folder_are_not_safe(file: str) -> None:
    assert not is_safe_relative(file)


@given(st.text(max_size=30))
def test_a_safe_path_stays_in_the_folder(file: str) -> None:
    folder = Path("/somewhere/else")

    if is_safe_relative(file):
        assert folder in (folder / file).resolve().parents
