"""Where weights are looked for, and what is said of files that are not what they should be."""

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from artgen.errors import ModelError
from artgen.weights import (
    WeightsEntry,
    WeightsFile,
    describe_models,
    entry_of,
    find_weights,
    verify_weights,
)

CONTENT = b"weights"


@pytest.fixture(autouse=True)
def _own_caches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Models of whoever runs the tests must not answer for ours."""
    monkeypatch.setenv("ARTGEN_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "hub"))


@pytest.fixture
def entry() -> WeightsEntry:
    """A face detector whose one file is known exactly."""
    file = WeightsFile("detector.onnx", len(CONTENT), hashlib.sha256(CONTENT).hexdigest())
    return replace(entry_of("yunet"), id="detector", files=(file,))


def laid(folder: Path, name: str, content: bytes = CONTENT) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content)
    return folder / name


def test_nothing_is_found_where_nothing_lies(entry: WeightsEntry, tmp_path: Path) -> None:
    assert find_weights(entry, folders=[tmp_path / "nowhere"]) is None


def test_a_file_is_found_in_a_folder_of_its_model_or_loose(entry: WeightsEntry, tmp_path: Path) -> None:
    loose = laid(tmp_path / "a", "detector.onnx")
    assert find_weights(entry, folders=[tmp_path / "a"]) == loose
    own = laid(tmp_path / "a" / "detector", "detector.onnx")
    assert find_weights(entry, folders=[tmp_path / "a"]) == own


def test_the_first_folder_that_has_it_wins_over_the_cache(entry: WeightsEntry, tmp_path: Path) -> None:
    fetched = laid(tmp_path / "cache" / "models" / "detector", "detector.onnx")
    assert find_weights(entry) == fetched
    mine = laid(tmp_path / "mine", "detector.onnx")
    assert find_weights(entry, folders=[tmp_path / "empty", tmp_path / "mine"]) == mine


def test_a_loose_clip_file_could_be_any_model_and_is_not_taken(tmp_path: Path) -> None:
    laid(tmp_path, "open_clip_model.safetensors")
    assert find_weights(entry_of("vit-b-32-datacomp-xl"), folders=[tmp_path]) is None


def test_a_model_counts_only_with_all_its_files(entry: WeightsEntry, tmp_path: Path) -> None:
    two = replace(entry, files=(*entry.files, WeightsFile("words.json")))
    laid(tmp_path / "detector", "detector.onnx")
    assert find_weights(two, folders=[tmp_path]) is None
    laid(tmp_path / "detector", "words.json")
    assert find_weights(two, folders=[tmp_path]) == tmp_path / "detector" / "detector.onnx"


def test_a_model_in_the_hugging_face_cache_is_found(tmp_path: Path) -> None:
    model = entry_of("vit-b-32-datacomp-xl")
    repository = tmp_path / "hub" / f"models--{model.source.removeprefix('hub:').replace('/', '--')}"
    laid(repository / "refs", "main", b"abc123")
    weights = laid(repository / "snapshots" / "abc123", "open_clip_model.safetensors")
    assert find_weights(model) == weights


def test_weights_inside_a_package_are_found() -> None:
    found = find_weights(entry_of("dlib-face-vectors"))
    assert found is not None
    assert found.name == "dlib_face_recognition_resnet_model_v1.dat"


def test_the_real_yunet_is_the_one_of_the_registry(yunet_weights: Path) -> None:
    assert find_weights(entry_of("yunet"), folders=[yunet_weights.parent]) == yunet_weights


@pytest.mark.parametrize(
    ("content", "complaint"), [(b"weight", "has 6 bytes, not the 7 of detector"), (b"weightz", "damaged")]
)
def test_another_file_of_that_name_is_refused(
    entry: WeightsEntry, tmp_path: Path, content: bytes, complaint: str
) -> None:
    path = laid(tmp_path, "detector.onnx", content)
    with pytest.raises(ModelError, match=complaint) as fault:
        find_weights(entry, folders=[tmp_path])
    assert str(path) in str(fault.value)
    assert "artgen models fetch detector" in str(fault.value)


def test_damage_after_fetching_is_seen_by_the_hash_noted_then(entry: WeightsEntry, tmp_path: Path) -> None:
    unknown = replace(entry, files=(WeightsFile("detector.onnx"),))
    path = laid(tmp_path, "detector.onnx")
    verify_weights(unknown, path)
    laid(tmp_path, "detector.onnx.sha256", f"{hashlib.sha256(CONTENT).hexdigest()}  detector.onnx\n".encode())
    verify_weights(unknown, path)
    path.write_bytes(b"weightz")
    with pytest.raises(ModelError, match="damaged"):
        verify_weights(unknown, path)


def test_the_list_tells_here_missing_and_broken(tmp_path: Path) -> None:
    laid(tmp_path, "face_detection_yunet_2026may.onnx", b"not it")
    rows = {row.id: row for row in describe_models([tmp_path])}
    assert rows["vit-b-32-datacomp-xl"].state == "missing"
    assert rows["dlib-face-vectors"].state == "here"
    assert rows["yunet"].state == "broken"
    assert "6 bytes" in rows["yunet"].note
    assert "scientific research only" in rows["mobileclip2-s2"].note
