"""Calibration: a deviation means the same for every sentence and model."""

from pathlib import Path

import numpy as np
import pytest
from safetensors import safe_open
from safetensors.numpy import save_file

from artgen.errors import ModelError
from artgen.folder import sha256_of
from artgen.tags.calibration import Background, background_path, deviations, read_background
from artgen.weights import models_folder

DIM = 32


def unit(rows: np.ndarray) -> np.ndarray:
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


@pytest.fixture
def random() -> np.random.Generator:
    return np.random.default_rng(11)


def test_with_a_background_ordinary_pictures_have_mean_zero_and_deviation_one(
    random: np.random.Generator,
) -> None:
    mean, axes = random.normal(size=DIM) * 0.2, random.normal(size=(4, DIM)) * 0.1
    background = Background(np.float32(mean), np.float32(axes), 0.01)
    pictures = mean + random.normal(size=(20_000, 4)) @ axes + random.normal(size=(20_000, DIM)) * 0.1
    texts = unit(random.normal(size=(6, DIM)))

    found = deviations(np.float32(pictures), texts, texts[:2], background, of_the_film=np.ones(6, bool))

    assert found.mean(axis=0) == pytest.approx(np.zeros(6), abs=0.05)
    assert found.std(axis=0) == pytest.approx(np.ones(6), abs=0.05)


def test_without_one_a_sentence_near_to_every_picture_gains_nothing_by_that(
    random: np.random.Generator,
) -> None:
    shared = unit(random.normal(size=(1, DIM)))
    pictures = unit(shared + 0.15 * random.normal(size=(200, DIM)))
    texts = unit(random.normal(size=(8, DIM)))
    texts[0] = unit(texts[:1] + 2 * shared)[0]

    raw, found = (
        pictures @ texts.T,
        deviations(pictures, texts, unit(random.normal(size=(9, DIM))), None, of_the_film=np.zeros(8, bool)),
    )

    assert (raw.argmax(axis=1) == 0).all()
    assert (found.argmax(axis=1) == 0).mean() < 0.6
    assert 1.4826 * np.median(np.abs(found)) == pytest.approx(1, abs=0.05)


def test_without_one_the_scale_of_a_models_cosines_does_not_matter(random: np.random.Generator) -> None:
    pictures, texts = unit(random.normal(size=(50, DIM))), unit(random.normal(size=(5, DIM)))
    neutral = unit(random.normal(size=(7, DIM)))

    wide, narrow = (
        deviations(np.float32(pictures * s), texts, neutral, None, of_the_film=np.zeros(5, bool))
        for s in (1.0, 0.1)
    )

    assert wide == pytest.approx(narrow, abs=1e-3)


def test_without_one_every_still_alike_says_nothing_rather_than_everything(
    random: np.random.Generator,
) -> None:
    pictures = np.repeat(unit(random.normal(size=(1, DIM))), 30, axis=0)

    found = deviations(
        pictures,
        unit(random.normal(size=(5, DIM))),
        unit(random.normal(size=(7, DIM))),
        None,
        of_the_film=np.zeros(5, bool),
    )

    assert np.isfinite(found).all()
    assert np.abs(found).max() < 4


def test_the_look_of_a_film_is_taken_off_in_part_but_not_from_what_a_film_can_be(
    random: np.random.Generator,
) -> None:
    background = Background(np.zeros(DIM, np.float32), np.zeros((1, DIM), np.float32), 0.04)
    texts = unit(random.normal(size=(2, DIM)))
    film = np.float32(random.normal(size=(80, DIM)) * 0.2 + 0.6 * texts.sum(axis=0))
    own = (film @ texts.T / 0.2).mean(axis=0)

    taken, kept = deviations(film, texts, texts, background, of_the_film=np.array([False, True])).mean(axis=0)

    assert own.min() > 2
    assert taken == pytest.approx(own[0] * (1 - 0.5 * 80 / 100), abs=1e-3)
    assert kept == pytest.approx(own[1], abs=1e-3)


def test_a_background_survives_its_file(tmp_path: Path) -> None:
    arrays = {
        "mean": np.arange(4, dtype=np.float16),
        "axes": np.eye(2, 4, dtype=np.float16),
        "rest": np.float32([0.5]),
    }
    save_file(arrays, tmp_path / "b.safetensors")

    background = read_background(tmp_path / "b.safetensors", dim=4)

    assert background.mean.tolist() == [0, 1, 2, 3]
    assert background.axes.tolist() == [[1, 0, 0, 0], [0, 1, 0, 0]]
    assert background.rest == 0.5


def test_a_broken_background_is_the_models_fault(tmp_path: Path) -> None:
    (tmp_path / "noise.safetensors").write_bytes(b"\xff" * 100)
    save_file({"mean": np.zeros(4, np.float32)}, tmp_path / "half.safetensors")
    whole = {
        "mean": np.zeros(4, np.float32),
        "axes": np.zeros((1, 4), np.float32),
        "rest": np.zeros(1, np.float32),
    }
    save_file(whole, tmp_path / "other.safetensors")

    for name, dim in (("noise", 4), ("half", 4), ("other", 8), ("absent", 4)):
        with pytest.raises(ModelError, match=rf"{name}\.safetensors"):
            read_background(tmp_path / f"{name}.safetensors", dim=dim)


@pytest.mark.parametrize("model", ["../../etc/passwd", "ViT-B-32:openai", "/tmp/model", "", ".hidden"])
def test_ids_that_are_no_file_name_have_no_background(model: str) -> None:
    assert background_path(model) is None


def test_the_bundled_models_background_was_made_from_the_weights_that_are_bundled() -> None:
    """It goes stale when the weights change: run models/background.py again."""
    path = background_path("artgen-compact")
    weights = models_folder() / "compact/model.safetensors"
    if path is None or not weights.is_file():
        pytest.skip("the compact model's weights are not here")

    with safe_open(path, "numpy") as held:
        made_from = held.metadata()["weights_sha256"]

    assert made_from == sha256_of(weights)
    assert read_background(path, dim=256).axes.shape[0] <= 256
