"""The whole of a wide frame becomes the model's square."""

import numpy as np
import pytest
from PIL import Image

from artgen.clip.config import Preprocessing
from artgen.clip.framing import frame

SQUARE = Preprocessing(64, (0.5, 0.5, 0.5), (0.5, 0.5, 0.5), "bicubic")


def test_both_edges_of_a_wide_frame_are_in_the_square() -> None:
    picture = np.zeros((100, 239, 3), np.uint8)
    picture[:, :8] = (255, 0, 0)
    picture[:, -8:] = (0, 0, 255)
    square = frame(picture, SQUARE)
    assert square.shape == (64, 64, 3)
    assert square[32, 0, 0] > 200
    assert square[32, -1, 2] > 200
    assert square[:, 10:-10].max() == 0


@pytest.mark.parametrize("interpolation", ["bicubic", "bilinear"])
def test_the_filter_is_the_one_models_are_trained_with(interpolation: str) -> None:
    rng = np.random.default_rng(0)
    picture = rng.integers(0, 256, (150, 400, 3), dtype=np.uint8)
    resample = {"bicubic": Image.Resampling.BICUBIC, "bilinear": Image.Resampling.BILINEAR}[interpolation]
    expected = np.asarray(Image.fromarray(picture).resize((64, 64), resample), np.int16)
    found = frame(picture, Preprocessing(64, (0, 0, 0), (1, 1, 1), interpolation)).astype(np.int16)  # type: ignore[arg-type]
    assert np.abs(found - expected).max() <= 1


def test_a_picture_that_is_a_view_or_read_only_is_framed_alike() -> None:
    picture = np.arange(60 * 80 * 3, dtype=np.uint8).reshape(60, 80, 3)
    mirrored = picture[:, ::-1]
    assert np.array_equal(frame(mirrored, SQUARE), frame(mirrored.copy(), SQUARE))
    picture.flags.writeable = False
    assert frame(picture, SQUARE).shape == (64, 64, 3)


@pytest.mark.parametrize(
    "picture",
    [
        np.zeros((10, 10), np.uint8),
        np.zeros((10, 10, 4), np.uint8),
        np.zeros((10, 10, 3), np.float32),
        np.zeros((0, 10, 3), np.uint8),
    ],
)
def test_what_is_no_picture_is_a_defect_of_the_caller(picture: np.ndarray) -> None:
    with pytest.raises(ValueError, match="a picture is"):
        frame(picture, SQUARE)
