"""The precision is chosen by measuring, once, and the answer is kept and honored."""

import json
from pathlib import Path

import numpy as np
import pytest
from helpers.tiny_clip import MakeModel, pictures

from artgen.clip import Encoder, Trial, load_encoder, machinery
from artgen.clip import precision as room
from artgen.clip.int8 import can_export_int8
from artgen.clip.precision import Choice, _winner, sample_squares
from artgen.errors import ModelError


@pytest.fixture(autouse=True)
def _no_model_is_small(monkeypatch: pytest.MonkeyPatch) -> None:
    """The models of these tests are, and would not be measured."""
    monkeypatch.setattr(room, "_FEW_WEIGHTS", 0)


def load(folder: Path, precision: str = "auto", notes: list[str] | None = None) -> Encoder:
    told = [] if notes is None else notes
    return load_encoder(str(folder), device="cpu", precision=precision, offline=True, note=told.append)


def kept(tmp_path: Path) -> list[Path]:
    return sorted((tmp_path / "cache" / "clip").glob("precision-*.json"))


def test_the_choice_is_measured_once_and_kept(make_model: MakeModel, tmp_path: Path) -> None:
    folder = make_model(tmp_path / "tiny")
    first = load(folder)
    assert first.choice is not None
    assert first.choice.trials[0].precision == "fp32"
    assert first.choice.trials[0].per_second > 0
    (file,) = kept(tmp_path)
    before = file.stat().st_mtime_ns
    again = load(folder)
    assert again.choice == first.choice
    assert file.stat().st_mtime_ns == before


def test_a_kept_choice_is_honored(make_model: MakeModel, tmp_path: Path) -> None:
    folder = make_model(tmp_path / "tiny")
    load(folder)
    (file,) = kept(tmp_path)
    choice = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps(choice | {"precision": "bf16"}), encoding="utf-8")
    assert load(folder).precision == "bf16"


def test_a_kept_choice_is_for_one_model_and_one_machine(
    make_model: MakeModel, tmp_path: Path, tiny_weights: dict, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(make_model(tmp_path / "tiny"))
    other = {name: tensor * 1.01 for name, tensor in tiny_weights.items()}
    load(make_model(tmp_path / "other", state=other))
    assert len(kept(tmp_path)) == 2
    monkeypatch.setattr(machinery, "core_count", lambda: 640)
    load(tmp_path / "tiny")
    assert len(kept(tmp_path)) == 3


def test_a_spoiled_file_is_measured_anew(make_model: MakeModel, tmp_path: Path) -> None:
    folder = make_model(tmp_path / "tiny")
    load(folder)
    (file,) = kept(tmp_path)
    file.write_bytes(b'{"precision": "fp')
    assert load(folder).choice is not None
    assert json.loads(file.read_text(encoding="utf-8"))["precision"] == "fp32"


def test_a_small_model_is_exact_and_not_measured(
    make_model: MakeModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "_FEW_WEIGHTS", 10_000_000)
    encoder = load(make_model(tmp_path / "tiny"))
    assert encoder.precision == "fp32"
    assert encoder.choice is not None
    assert encoder.choice.left_out == {"bf16": "the model is small", "int8": "the model is small"}
    assert kept(tmp_path) == []


def test_a_given_precision_is_taken_without_measuring(make_model: MakeModel, tmp_path: Path) -> None:
    encoder = load(make_model(tmp_path / "tiny"), "bf16")
    assert (encoder.precision, encoder.used.precision, encoder.choice) == ("bf16", "bf16", None)
    assert kept(tmp_path) == []


def test_every_precision_gives_nearly_the_same_vectors(make_model: MakeModel, tmp_path: Path) -> None:
    folder = make_model(tmp_path / "tiny")
    shown = pictures(5)
    exact = load(folder, "fp32").pictures(shown)
    for precision in ["bf16", *(["int8"] if can_export_int8() else [])]:
        close = load(folder, precision).pictures(shown)
        assert (exact * close).sum(axis=1).min() > 0.99, precision
        assert not np.array_equal(exact, close), precision


@pytest.mark.skipif(not can_export_int8(), reason="the package onnx is not installed: no int8 here")
def test_an_int8_row_does_not_depend_on_its_company_and_the_file_is_kept(
    make_model: MakeModel, tmp_path: Path
) -> None:
    folder = make_model(tmp_path / "tiny")
    shown = pictures(6)
    together = load(folder, "int8").pictures(shown)
    (file,) = (tmp_path / "cache" / "clip").iterdir()
    before = file.stat().st_mtime_ns
    np.testing.assert_array_equal(load(folder, "int8").pictures(shown[4:]), together[4:])
    assert file.stat().st_mtime_ns == before
    file.write_bytes(file.read_bytes()[:500])
    with pytest.raises(ModelError, match=r"int8\.onnx is damaged; remove it"):
        load(folder, "int8")


def test_a_slow_model_has_every_precision_tried_and_recorded(
    make_model: MakeModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "_FAST_ENOUGH_PER_S", float("inf"))
    notes: list[str] = []
    choice = load(make_model(tmp_path / "tiny"), notes=notes).choice
    assert choice is not None
    tried = {trial.precision: trial for trial in choice.trials}
    assert set(tried) | set(choice.left_out) == {"fp32", "bf16", "int8"}
    assert 0.99 < tried["bf16"].lowest_cosine < 1
    assert notes == [
        "Measuring which precision is fastest for this model on this machine; this happens once."
    ]


def test_a_folder_that_cannot_be_written_costs_only_the_memory_of_it(
    make_model: MakeModel, tmp_path: Path
) -> None:
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / "clip").write_bytes(b"a file where a folder should be")
    notes: list[str] = []
    encoder = load(make_model(tmp_path / "tiny"), notes=notes)
    assert len(encoder.pictures(pictures(1))) == 1
    assert len(notes) == 1
    assert "will be made again next time" in notes[0]


@pytest.mark.parametrize(
    ("trials", "winner"),
    [
        ([Trial("fp32", 10, 1), Trial("bf16", 23, 0.9999), Trial("int8", 26, 0.999)], "int8"),
        ([Trial("fp32", 10, 1), Trial("bf16", 23, 0.9999), Trial("int8", 26, 0.98)], "bf16"),
        ([Trial("fp32", 10, 1), Trial("bf16", 5, 0.9999)], "fp32"),
        ([Trial("fp32", 10, 1), Trial("bf16", 11, 0.9999)], "fp32"),
        ([Trial("fp32", 10, 1), Trial("int8", 90, float("nan"))], "fp32"),
        ([Trial("fp32", 10, 1)], "fp32"),
    ],
)
def test_the_fastest_wins_that_is_close_and_clearly_faster(trials: list[Trial], winner: str) -> None:
    assert _winner(trials) == winner


def test_the_trial_pictures_are_pictures_and_always_the_same() -> None:
    squares = sample_squares(32)
    assert squares.shape == (8, 32, 32, 3)
    assert squares.std() > 30
    np.testing.assert_array_equal(squares, sample_squares(32))
    assert Choice("fp32", (), {}, {}).precision == "fp32"
