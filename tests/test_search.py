"""Stills are found by words, by names and by pictures, with the bundled model, where the truth is known."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from helpers.frames import build_frames
from numpy.typing import NDArray

from artgen.clip import Encoder, load_encoder
from artgen.errors import InputError, ModelError, UsageError
from artgen.folder import FramesFolder, read_json, read_lines, write_json
from artgen.pictures import load_picture
from artgen.progress import Silent
from artgen.records import ModelUsed, Person, Portrait, Still, Tagging
from artgen.search import LIKELY, Found, Searcher, open_searcher, people_in, search_stills
from artgen.tag.vectors import write_vectors
from artgen.tell import tell_found

SHOWN = ("a dog running on grass", "a city street at night", "an airplane in the sky", "a plate of food")


def _write(folder: FramesFolder, encoder: Encoder, vectors: NDArray[np.float32]) -> None:
    """Make `vectors` those of the folder's first stills, by `encoder`."""
    tagging = read_json(folder.tagging, Tagging)
    write_json(folder.tagging, _with_model(tagging, encoder.used))
    ids = [still.id for still in read_lines(folder.stills, Still)][: len(vectors)]
    columns = {"still": ids, "model": [encoder.model_id] * len(ids)}
    write_vectors(folder.embeddings, columns, vectors.astype(np.float16))


def _with_model(tagging: Tagging, used: ModelUsed) -> Tagging:
    return Tagging(
        tagging.format, tagging.artgen, tagging.film_sha256, {"model": "auto"}, (used,), tagging.tags, ()
    )


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return load_encoder("artgen-compact", precision="fp32", device="cpu", offline=True, note=print)


@pytest.fixture(scope="module")
def worded(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> FramesFolder:
    """Stills whose vectors are those of SHOWN: what they show is not open to opinion."""
    folder = build_frames(tmp_path_factory.mktemp("worded") / "frames", shots=4)
    _write(folder, encoder, encoder.texts([f"a photo of {shown}" for shown in SHOWN]))
    return folder


@pytest.fixture(scope="module")
def searcher(worded: FramesFolder) -> Searcher:
    return open_searcher(worded.root, progress=Silent())


@pytest.mark.parametrize(
    ("place", "words"), list(enumerate(("a dog", "a street in a city", "airplane", "food")))
)
def test_words_find_what_shows_them(searcher: Searcher, place: int, words: str) -> None:
    found = searcher.by_words(words, most=4)

    assert found.hits[0].shot == place
    assert found.hits[0].standing > LIKELY > found.hits[-1].standing
    assert [hit.standing for hit in found.hits] == sorted((hit.standing for hit in found.hits), reverse=True)
    assert Path(found.hits[0].file).is_file()


def test_a_name_holds_all_hits_to_its_person(searcher: Searcher) -> None:
    found = searcher.by_words("ada lovelace in a city street at night", most=9)

    assert found.only == ("Ada Lovelace",)
    assert [hit.people for hit in found.hits] == [("p1",), ("p1",)]


def test_names_stand_alone_and_become_words_a_model_knows() -> None:
    def person(id: str, name: str | None) -> Person:
        return Person(id, name, 1, 1, 0.1, 0.0, 1.0, Portrait("s", (0, 0, 1, 1)))

    people = [person("person-01", "Ann"), person("person-12", None)]

    def found(words: str) -> tuple[list[str], str]:
        named, rest = people_in(words, people)
        return [person.id for person in named], rest

    assert found("Anniversary at the annex") == ([], "Anniversary at the annex")
    assert found("ANN laughing with Person 12") == (
        ["person-01", "person-12"],
        "a person laughing with a person",
    )
    assert found("person 1 runs") == (["person-01"], "a person runs")


def test_a_picture_finds_itself(tmp_path: Path, encoder: Encoder) -> None:
    folder = build_frames(tmp_path / "frames", shots=5)
    files = [folder.root / still.file for still in read_lines(folder.stills, Still) if still.file]
    _write(folder, encoder, encoder.pictures(load_picture(file) for file in files))

    found = search_stills(folder.root, picture=files[3], most=2, progress=Silent())

    assert found.hits[0].file == str(files[3])
    assert found.hits[0].similarity > 0.99 > found.hits[1].similarity
    assert found.asked == files[3].name


def test_what_cannot_be_asked_is_refused(worded: FramesFolder, searcher: Searcher, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="words, or --image"):
        search_stills(worded.root, progress=Silent())
    with pytest.raises(UsageError, match="words, or --image"):
        search_stills(worded.root, words="a dog", picture=tmp_path / "dog.jpg", progress=Silent())
    with pytest.raises(UsageError, match="characters of words"):
        searcher.by_words("dog " * 1000, most=3)
    (tmp_path / "no.jpg").write_text("no picture")
    with pytest.raises(InputError, match="not a picture"):
        searcher.by_picture(tmp_path / "no.jpg", most=3)


def test_a_model_that_did_not_make_the_vectors_is_refused(tmp_path: Path, encoder: Encoder) -> None:
    folder = build_frames(tmp_path / "frames", shots=2)
    _write(folder, encoder, encoder.texts(["a dog", "a cat"]))
    other = ModelUsed("clip", "other", "2", "ef" * 32, "MIT", "fp32", "cpu")
    write_json(folder.tagging, _with_model(read_json(folder.tagging, Tagging), other))

    with pytest.raises(ModelError, match="was tagged with other 2, this is artgen-compact"):
        open_searcher(folder.root, model="artgen-compact", progress=Silent())


def test_a_title_without_stills_has_no_hits(tmp_path: Path, encoder: Encoder) -> None:
    folder = build_frames(tmp_path / "frames", shots=2)
    _write(folder, encoder, np.zeros((0, encoder.dim), np.float32))

    searcher = open_searcher(folder.root, progress=Silent())

    assert searcher.by_words("a dog", most=3).hits == ()
    assert searcher.by_picture(folder.pictures / "00h00m02.000s.jpg", most=3).hits == ()


def test_the_command_answers_in_json(worded: FramesFolder) -> None:
    command = [
        sys.executable,
        "-m",
        "artgen",
        "search",
        "an airplane",
        "--frames",
        str(worded.root),
        "--most",
        "1",
    ]
    environment = os.environ | {"ARTGEN_OFFLINE": "1"}

    answer = subprocess.run([*command, "--json"], env=environment, capture_output=True, text=True, check=True)

    hits = json.loads(answer.stdout)["hits"]
    assert [hit["still"] for hit in hits] == ["00h00m10.000s"]
    assert set(hits[0]) == {"still", "time_s", "shot", "file", "similarity", "standing", "people"}


def test_the_answer_for_a_person_names_files_and_whom_it_is_held_to(searcher: Searcher) -> None:
    lines = list(tell_found(searcher.by_words("Ada Lovelace on an airplane", most=2)))

    assert lines[0] == "only stills with Ada Lovelace"
    assert "stills/00h00m10.000s.jpg" in lines[2]
    assert list(tell_found(Found("a dog", "artgen-compact", (), ()))) == ["no still for a dog"]
