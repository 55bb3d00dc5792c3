"""Distance of the camera where no face tells it: what is like a portrait is near, what is like a landscape far."""

import numpy as np
import pytest

from artgen.tags.calibration import background_path, read_background
from artgen.tags.distance import SENTENCES, USUAL, camera_distances

BUNDLED, DIM = "artgen-compact", 256
FLAT = [sentence for group in SENTENCES for sentence in group]


def encode(sentences: list[str]) -> np.ndarray:
    """Every sentence a direction of its own."""
    rows = np.zeros((len(sentences), DIM), np.float32)
    rows[np.arange(len(sentences)), [FLAT.index(sentence) for sentence in sentences]] = 1
    return rows


def distance(picture: np.ndarray) -> float:
    found = camera_distances(np.float32(picture)[None], encode, model_id=BUNDLED)
    assert found is not None
    return float(found[0])


@pytest.fixture
def usual() -> np.ndarray:
    path = background_path(BUNDLED)
    assert path is not None
    return read_background(path, dim=DIM).mean


def test_a_usual_picture_lies_at_the_usual_place(usual: np.ndarray) -> None:
    assert distance(usual) == pytest.approx(USUAL, abs=1e-3)


def test_what_is_like_a_portrait_is_nearer_and_what_is_like_a_landscape_farther(usual: np.ndarray) -> None:
    portrait, landscape = encode(FLAT[:2]).sum(axis=0), encode(FLAT[2:]).sum(axis=0)

    assert distance(usual + 0.2 * portrait) < distance(usual) < distance(usual + 0.2 * landscape)


def test_a_model_whose_usual_is_not_known_says_nothing() -> None:
    assert camera_distances(np.zeros((2, DIM), np.float32), encode, model_id="another") is None
