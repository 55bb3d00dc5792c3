"""Tag, on the sample's frames with a tiny CLIP: what it writes fits together, and what was tagged otherwise is refused."""

import json
import shutil
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
from helpers.tiny_clip import CONFIG, write_tiny_model

from artgen.catalog import read_catalog
from artgen.composition.subjects import load_subject_finder
from artgen.errors import InputError, ModelError
from artgen.export import export_catalog
from artgen.extract import ExtractSettings, extract_film
from artgen.folder import FramesFolder, read_json, read_lines
from artgen.people.expression import load_reader
from artgen.progress import Silent
from artgen.records import Composition, Face, Person, Scene, Shot, Still, Tag, Tagging
from artgen.tag import Tagged, TagSettings, tag_frames
from artgen.tell import tell_tagged
from artgen.weights import read_registry

SAMPLE = Path(__file__).resolve().parent.parent / "samples" / "sample.mp4"


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> TagSettings:
    model = write_tiny_model(tmp_path_factory.mktemp("model") / "tiny")
    return TagSettings(model=str(model), precision="fp32", detector="dlib")


@pytest.fixture(scope="module")
def extracted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample from its first portrait to the cat: two people's worth of shots."""
    out = tmp_path_factory.mktemp("extracted") / "frames"
    wanted = ExtractSettings(from_s=9.0, to_s=21.0, per_shot=2)
    extract_film(SAMPLE, out, settings=wanted, progress=Silent())
    return out


def _tag(frames: Path, settings: TagSettings, **options: Any) -> Tagged:
    return tag_frames(frames, settings=settings, progress=Silent(), **options)


@pytest.fixture(scope="module")
def tagged(extracted: Path, settings: TagSettings, tmp_path_factory: pytest.TempPathFactory) -> FramesFolder:
    frames = Path(shutil.copytree(extracted, tmp_path_factory.mktemp("tagged") / "frames"))
    _tag(frames, settings)
    return FramesFolder(frames)


def _content(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != ".lock")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def _kept(folder: FramesFolder) -> list[str]:
    return [still.id for still in read_lines(folder.stills, Still) if still.file]


def test_every_kept_still_has_a_composition_a_vector_and_every_tag(tagged: FramesFolder) -> None:
    kept = _kept(tagged)
    kinds = read_json(tagged.tagging, Tagging).tags

    assert [shown.still for shown in read_lines(tagged.composition, Composition)] == kept
    assert pq.read_table(tagged.embeddings)["still"].to_pylist() == kept
    counts = Counter(tag.still for tag in read_lines(tagged.tags, Tag))
    assert counts == dict.fromkeys(kept, len(kinds))


def test_vectors_have_unit_length_and_the_models_dimension(tagged: FramesFolder) -> None:
    rows = np.array(pq.read_table(tagged.embeddings)["vector"].to_pylist(), np.float32)

    assert rows.shape[1] == CONFIG["model_cfg"]["embed_dim"]
    assert np.linalg.norm(rows, axis=1) == pytest.approx(1, abs=2e-3)


def test_faces_people_and_identities_fit_together(tagged: FramesFolder) -> None:
    faces = read_lines(tagged.faces, Face)
    people = read_json(tagged.people, list[Person])

    assert faces
    assert {face.person for face in faces} - {None} == {person.id for person in people}
    assert pq.read_table(tagged.identities)["face"].to_pylist() == [face.id for face in faces]
    assert {face.still for face in faces} <= set(_kept(tagged))
    assert [person.screen_share for person in people] == sorted(
        (person.screen_share for person in people), reverse=True
    )


def test_scenes_cover_the_shots_without_a_gap(tagged: FramesFolder) -> None:
    scenes = read_lines(tagged.scenes, Scene)
    shots = read_lines(tagged.shots, Shot)

    covered = [shot for scene in scenes for shot in range(scene.first_shot, scene.last_shot + 1)]
    assert covered == [shot.id for shot in shots]


def test_models_are_named_with_hash_and_license(tagged: FramesFolder) -> None:
    roles = {model.role: model for model in read_json(tagged.tagging, Tagging).models}

    assert set(roles) == {
        "clip", "face detector", "face vectors", "face state", "subject map", "text detector",
    }  # fmt: skip
    assert roles["text detector"].id in {"pp-ocrv6-text", "artgen-strokes"}
    assert len(str(roles["clip"].sha256)) == 64
    assert all(model.license for model in roles.values())


def test_the_result_does_not_depend_on_workers_or_on_a_run_cut_short(
    extracted: Path, settings: TagSettings, tagged: FramesFolder, tmp_path: Path
) -> None:
    frames = Path(shutil.copytree(extracted, tmp_path / "frames"))

    class Cutting(Silent):
        def over(self, items: Any, label: str, *, total: float | None = None, done: float = 0) -> Any:
            for number, item in enumerate(items):
                if label == "embedding" and number == 2:
                    raise KeyboardInterrupt
                yield item

    with pytest.raises(KeyboardInterrupt):
        tag_frames(frames, settings=settings, progress=Cutting(), workers=1)
    assert not (frames / "tagging.json").exists()
    _tag(frames, settings, workers=3)

    assert _content(frames) == _content(tagged.root)


def test_a_still_that_was_looked_at_is_not_opened_again(
    extracted: Path, settings: TagSettings, tagged: FramesFolder, tmp_path: Path
) -> None:
    frames = Path(shutil.copytree(extracted, tmp_path / "frames"))

    class CutBeforeEmbedding(Silent):
        def over(self, items: Any, label: str, *, total: float | None = None, done: float = 0) -> Any:
            if label == "embedding":
                raise KeyboardInterrupt
            yield from items

    with pytest.raises(KeyboardInterrupt):
        tag_frames(frames, settings=settings, progress=CutBeforeEmbedding())
    for picture in (frames / "stills").iterdir():
        picture.unlink()
    _tag(frames, settings)

    assert _content(frames) == {
        name: content for name, content in _content(tagged.root).items() if not name.startswith("stills/")
    }


def test_a_tagged_folder_is_not_tagged_again(settings: TagSettings, tagged: FramesFolder) -> None:
    before = tagged.tags.stat().st_mtime_ns

    assert _tag(tagged.root, settings).already_done
    assert tagged.tags.stat().st_mtime_ns == before


def test_other_settings_are_refused_by_name_unless_overwritten(
    settings: TagSettings, tagged: FramesFolder, tmp_path: Path
) -> None:
    frames = Path(shutil.copytree(tagged.root, tmp_path / "frames"))
    vocabulary = tmp_path / "few.json"
    shutil.copy(Path(__file__).resolve().parent.parent / "models" / "vocabulary.json", vocabulary)
    other = replace(settings, vocabulary=vocabulary)

    with pytest.raises(InputError, match=r"other settings \(vocabulary\); use --overwrite"):
        _tag(frames, other)
    assert _content(frames) == _content(tagged.root)
    assert not _tag(frames, other, overwrite=True).already_done


def test_a_wrong_setting_binds_nobody(extracted: Path, settings: TagSettings, tmp_path: Path) -> None:
    frames = Path(shutil.copytree(extracted, tmp_path / "frames"))
    (tmp_path / "cast").mkdir()

    with pytest.raises(InputError, match="no folders in it"):
        _tag(frames, replace(settings, cast=tmp_path / "cast"))
    assert not _tag(frames, settings).already_done


@pytest.fixture(scope="module")
def commercial(extracted: Path, settings: TagSettings, tmp_path_factory: pytest.TempPathFactory) -> Tagged:
    frames = Path(shutil.copytree(extracted, tmp_path_factory.mktemp("commercial") / "frames"))
    return _tag(frames, replace(settings, detector="auto", commercial=True))


def test_for_commercial_use_every_network_has_a_license_that_allows_it(commercial: Tagged) -> None:
    known = {entry.id: entry for entry in read_registry()}
    used = {model.id for model in commercial.models}

    assert {"face state", "subject map"}.isdisjoint(model.role for model in commercial.models)
    assert "dlib-face-vectors" in used
    assert all(known[name].commercial for name in used & known.keys())


def test_what_is_left_out_for_commercial_use_is_null_and_said(commercial: Tagged) -> None:
    folder = FramesFolder(Path(commercial.frames_folder))
    faces = read_lines(folder.faces, Face)
    tagging = read_json(folder.tagging, Tagging)

    assert faces
    assert commercial.people
    assert {(face.eyes_open, face.mouth_open, face.expression) for face in faces} == {(None, None, None)}
    assert tagging.settings["commercial"] is True
    assert list(tagging.models_left_out) == commercial.models_left_out
    left_out = [said.partition(": ")[0] for said in tagging.models_left_out]
    assert left_out[:2] == ["artgen-faces", "artgen-subjects"]
    assert left_out[2:] == (["artgen-detector"] if "dlib-hog" in {m.id for m in commercial.models} else [])
    assert [line for line in tell_tagged(commercial) if line.startswith("left out")] == [
        f"left out, as not for commercial use: {'; '.join(tagging.models_left_out)}"
    ]


def test_for_commercial_use_neither_tag_nor_export_opens_a_network_for_research(
    extracted: Path, settings: TagSettings, tmp_path: Path
) -> None:
    frames = Path(shutil.copytree(extracted, tmp_path / "frames"))
    load_reader.cache_clear()
    load_subject_finder.cache_clear()

    _tag(frames, replace(settings, commercial=True))
    export_catalog(tmp_path / "catalog.json", frames=frames, progress=Silent())

    assert load_reader.cache_info().currsize == load_subject_finder.cache_info().currsize == 0
    assert read_catalog(tmp_path / "catalog.json").settings["tag"]["commercial"] is True


def test_a_folder_tagged_with_research_networks_is_not_taken_for_a_commercial_one(
    settings: TagSettings, tagged: FramesFolder
) -> None:
    assert read_json(tagged.tagging, Tagging).models_left_out == ()
    with pytest.raises(InputError, match=r"other settings \(commercial\); use --overwrite"):
        _tag(tagged.root, replace(settings, commercial=True))


def test_a_folder_older_than_a_setting_is_one_with_the_setting_off(
    extracted: Path, settings: TagSettings, tagged: FramesFolder, tmp_path: Path
) -> None:
    frames = Path(shutil.copytree(tagged.root, tmp_path / "frames"))
    file = FramesFolder(frames).tagging
    older = json.loads(file.read_text())
    del older["settings"]["commercial"], older["models_left_out"]
    file.write_text(json.dumps(older))

    assert _tag(frames, settings).already_done
    with pytest.raises(InputError, match=r"other settings \(commercial\); use --overwrite"):
        _tag(frames, replace(settings, commercial=True))


def test_the_bundled_model_is_refused_for_commercial_use_before_anything_is_written(
    extracted: Path, settings: TagSettings, tmp_path: Path
) -> None:
    frames = Path(shutil.copytree(extracted, tmp_path / "frames"))

    with pytest.raises(ModelError, match=r"^artgen-compact is not known to be free for commercial use"):
        _tag(frames, replace(settings, model="artgen-compact", commercial=True))
    assert _content(frames) == _content(extracted)
