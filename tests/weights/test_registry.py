"""The registry names real models, says their licenses, and refuses to be anything else than a registry."""

import json
from pathlib import Path
from typing import Any

import pytest

from artgen.errors import ModelError
from artgen.weights import WeightsFile, entry_of, models_folder, read_registry


def test_every_clip_model_of_the_registry_is_one_that_open_clip_has() -> None:
    import open_clip
    from open_clip.pretrained import get_pretrained_cfg

    entries = [entry for entry in read_registry() if entry.architecture is not None]
    assert len(entries) >= 5
    for entry in entries:
        assert entry.architecture in open_clip.list_models()
        tag = get_pretrained_cfg(entry.architecture, entry.pretrained)
        assert entry.source == f"hub:{tag['hf_hub'].rstrip('/')}"


def test_recommended_models_may_be_used_for_products() -> None:
    for entry in read_registry():
        assert entry.license
        assert entry.license_note
        if entry.recommended:
            assert entry.license in {"MIT", "Apache-2.0", "public domain"}


def test_research_models_say_so_and_are_never_recommended() -> None:
    research = [entry for entry in read_registry() if "research" in entry.license_note]
    assert {entry.id for entry in research} == {
        "artgen-compact", "artgen-detector", "artgen-faces", "artgen-subjects", "mobileclip2-s0",
        "mobileclip2-s2",
    }  # fmt: skip
    assert entry_of("dlib-68-landmarks").license == "research only"
    assert not any(entry.recommended for entry in [*research, entry_of("dlib-68-landmarks")])


def test_commercial_is_what_the_license_allows() -> None:
    for entry in read_registry():
        assert entry.commercial == (entry.license in {"MIT", "Apache-2.0", "public domain"}), entry.id


def test_models_come_over_encrypted_addresses_or_with_artgen_and_its_packages() -> None:
    for entry in read_registry():
        assert entry.source.startswith(("https://", "hub:", "bundled:", "package:"))
        assert entry.fetchable == entry.source.startswith(("https://", "hub:"))


def test_the_model_of_last_resort_is_bundled() -> None:
    compact = entry_of("artgen-compact")
    assert not compact.fetchable
    assert compact.bytes < 20e6


def test_an_unknown_id_is_answered_with_the_known_ones() -> None:
    with pytest.raises(
        ModelError, match=r"^vit-x is not in the registry of models; it knows vit-b-32-datacomp-xl, "
    ):
        entry_of("vit-x")


def written(path: Path, **changes: Any) -> Path:
    """A registry of one entry, with changes."""
    entry = {
        "id": "m",
        "kind": "clip",
        "architecture": "RN50",
        "pretrained": "x",
        "source": "hub:a/b",
        "files": [{"name": "model.safetensors"}],
        "bytes": 1,
        "license": "MIT",
        "commercial": True,
        "license_note": "",
        "summary": "",
        "recommended": False,
    } | changes
    path.write_text(json.dumps({"format": 1, "weights": [entry]}), encoding="utf-8")
    return path


def test_a_small_registry_can_be_read(tmp_path: Path) -> None:
    (entry,) = read_registry(written(tmp_path / "r.json"))
    assert entry.files == (WeightsFile("model.safetensors", None, None),)


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"files": [{"name": "../../etc/passwd"}]}, "not a plain name"),
        ({"files": [{"name": "model.bin"}]}, "not a plain name of a file that artgen reads"),
        ({"files": [{"name": "model.safetensors", "sha256": "abc"}]}, "64 lower-case"),
        ({"files": []}, "names no file"),
        ({"id": "../m"}, "not a plain name"),
        ({"source": "file:///etc"}, "cannot read"),
        ({"source": "ftp://a/b"}, "cannot read"),
        ({"kind": "oracle"}, r"\$.weights\[0\].kind"),
        ({"bytes": "many"}, r"\$.weights\[0\].bytes"),
        ({"commercial": "no"}, r"\$.weights\[0\].commercial"),
    ],
)
def test_a_broken_entry_is_refused_with_its_place(
    tmp_path: Path, changes: dict[str, Any], complaint: str
) -> None:
    path = written(tmp_path / "r.json", **changes)
    with pytest.raises(ModelError, match=complaint) as fault:
        read_registry(path)
    assert str(path) in str(fault.value)


def test_two_entries_of_one_name_are_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "r.json")
    whole = json.loads(path.read_text(encoding="utf-8"))
    whole["weights"] *= 2
    path.write_text(json.dumps(whole), encoding="utf-8")
    with pytest.raises(ModelError, match="same id"):
        read_registry(path)


def test_a_missing_registry_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"none\.json is missing; install artgen again"):
        read_registry(tmp_path / "none.json")


def test_the_models_folder_holds_the_registry() -> None:
    assert (models_folder() / "registry.json").is_file()
