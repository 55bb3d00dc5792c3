"""Saliency: the odd thing out draws the eye, wherever it is; a plain picture has none."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from artgen.composition import saliency_map
from artgen.composition.saliency import SALIENCY_SIDE, barrier_distance, contrast_map

Picture = NDArray[np.uint8]


def gray_with_disc(
    center: tuple[int, int], *, size: tuple[int, int] = (1280, 720), radius: int = 60
) -> Picture:
    """A softly shaded gray picture with one warm disc."""
    width, height = size
    shade = np.linspace(90, 130, width, dtype=np.float32)
    picture = np.repeat(np.repeat(shade[None, :, None], height, 0), 3, 2).astype(np.uint8)
    return np.asarray(cv2.circle(picture, center, radius, (200, 90, 60), -1), dtype=np.uint8)


def peak(saliency: NDArray[np.float32]) -> tuple[float, float]:
    """Where the map is greatest, as fractions of width and height."""
    y, x = np.unravel_index(int(saliency.argmax()), saliency.shape)
    return (float(x) + 0.5) / saliency.shape[1], (float(y) + 0.5) / saliency.shape[0]


@pytest.mark.parametrize("center", [(200, 150), (640, 360), (1100, 600), (1180, 360)])
def test_the_odd_disc_is_the_peak_wherever_it_lies(center: tuple[int, int]) -> None:
    x, y = peak(saliency_map(gray_with_disc(center)))

    assert x == pytest.approx(center[0] / 1280, abs=0.06)
    assert y == pytest.approx(center[1] / 720, abs=0.10)


def test_the_map_is_small_keeps_the_shape_and_spans_zero_to_one() -> None:
    saliency = saliency_map(gray_with_disc((300, 300)))

    assert saliency.dtype == np.float32
    assert saliency.shape == (round(SALIENCY_SIDE * 720 / 1280), SALIENCY_SIDE)
    assert saliency.min() == 0.0
    assert saliency.max() == 1.0


def test_a_plain_picture_draws_the_eye_nowhere() -> None:
    assert not saliency_map(np.full((360, 640, 3), 77, np.uint8)).any()


def test_a_sharp_subject_before_a_blurred_room_of_its_own_colors_wins() -> None:
    random = np.random.default_rng(3)
    room = random.integers(60, 200, (720, 1280, 3), dtype=np.uint8)
    picture = cv2.GaussianBlur(room, (0, 0), 8)
    picture[250:550, 850:1050] = cv2.GaussianBlur(room, (0, 0), 1.2)[250:550, 850:1050]

    x, y = peak(contrast_map(picture))

    assert 850 / 1280 < x < 1050 / 1280
    assert 250 / 720 < y < 550 / 720


def test_a_fenced_field_costs_the_height_of_its_fence_even_where_it_has_the_border_color() -> None:
    colors = np.full((60, 80, 3), 50, np.float32)
    colors[20:40, 30:50] = 90
    colors[24:36, 34:46] = 50

    distance = barrier_distance(colors)

    assert distance[0, 0] == 0
    assert distance[30, 40] > 60
    assert distance[55, 40] < 1, "the ground below is reached along the border's color"


def test_mirrored_pictures_have_mirrored_maps() -> None:
    picture = gray_with_disc((300, 200))

    mirrored = contrast_map(np.ascontiguousarray(picture[:, ::-1]))

    assert np.abs(contrast_map(picture)[:, ::-1] - mirrored).max() < 0.02


@pytest.mark.parametrize("size", [(64, 48), (16, 400), (400, 16), (3, 3)])
def test_small_and_narrow_pictures_are_mapped_too(size: tuple[int, int]) -> None:
    random = np.random.default_rng(1)
    saliency = saliency_map(random.integers(0, 255, (size[1], size[0], 3), dtype=np.uint8))

    assert np.isfinite(saliency).all()
    assert max(saliency.shape) <= SALIENCY_SIDE


@pytest.mark.parametrize(
    "picture",
    [np.zeros((0, 10, 3), np.uint8), np.zeros((10, 10), np.uint8), np.zeros((10, 10, 3), np.float32)],
)
def test_arrays_that_are_no_picture_are_refused(picture: Picture) -> None:
    with pytest.raises(ValueError, match="height, width, 3"):
        saliency_map(picture)


def test_the_lit_singer_draws_more_than_the_dark_stage(shared_media: Path) -> None:
    still = _frame(shared_media / "titles/hamilton_10s.mp4", at_s=5.0)
    saliency = saliency_map(still)

    stage, dark = saliency[:, 55:].max(), saliency[:10, :20].mean()

    assert stage > 3 * dark


def _frame(film: Path, *, at_s: float) -> Picture:
    import av

    with av.open(str(film)) as container:
        for frame in container.decode(video=0):
            if (frame.time or 0) >= at_s:
                return np.asarray(frame.to_ndarray(format="rgb24"), dtype=np.uint8)
    raise AssertionError(f"{film} is shorter than {at_s} s")
