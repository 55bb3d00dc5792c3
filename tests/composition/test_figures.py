"""The map of figures holds the people whose faces are known, and not what is behind them."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from helpers.frames import face
from numpy.typing import NDArray

from artgen.composition.figures import FIGURE_SIDE, figure_map

Picture = NDArray[np.uint8]


def figure(arm_to: int) -> Picture:
    """A person in red before a green wall, with an arm stretched out to x = `arm_to`."""
    rng = np.random.default_rng(3)
    picture = np.full((360, 640, 3), (60, 120, 70), np.uint8)
    cv2.ellipse(picture, (320, 90), (32, 42), 0, 0, 360, (220, 170, 150), -1)
    cv2.rectangle(picture, (260, 140), (380, 360), (170, 40, 50), -1)
    cv2.rectangle(picture, (380, 160), (arm_to, 200), (170, 40, 50), -1)
    return (picture + rng.integers(0, 12, picture.shape)).astype(np.uint8)


def at(mapped: NDArray[np.float32], x: int, y: int) -> float:
    return float(mapped[y * mapped.shape[0] // 360, x * mapped.shape[1] // 640])


HEAD = face("s", 0, (290.0, 55.0, 350.0, 130.0))


def test_head_trunk_and_arm_are_of_the_figure_and_the_wall_is_not() -> None:
    mapped = figure_map(figure(470), [HEAD])

    assert mapped.shape == (90, FIGURE_SIDE)
    assert mapped.dtype == np.float32
    assert all(at(mapped, x, y) > 0.8 for x, y in ((320, 90), (320, 250), (430, 180)))
    assert all(at(mapped, x, y) < 0.1 for x, y in ((100, 100), (540, 180), (430, 300)))


def test_a_wall_of_the_persons_own_color_does_not_run_in() -> None:
    picture = np.full((360, 640, 3), (170, 40, 50), np.uint8)
    cv2.ellipse(picture, (320, 90), (32, 42), 0, 0, 360, (220, 170, 150), -1)

    mapped = figure_map(picture, [HEAD])

    assert at(mapped, 320, 90) > 0.9
    assert at(mapped, 40, 300) < 0.1
    assert mapped.mean() < 0.5


def test_nobody_is_nowhere() -> None:
    assert not figure_map(figure(470), []).any()


def test_a_face_that_fills_the_picture_is_the_figure() -> None:
    assert figure_map(figure(470), [face("s", 0, (0.0, 0.0, 640.0, 360.0))]).mean() > 0.8


def test_nothing_is_left_to_chance(shared_media: Path) -> None:
    import av

    with av.open(str(shared_media / "titles" / "hamilton_10s.mp4")) as film:
        for frame in film.decode(video=0):
            if frame.time is not None and frame.time >= 5.8:
                picture = frame.to_ndarray(format="rgb24")
                break
    head = face("s", 0, (206.0, 60.0, 292.0, 172.0))

    cv2.setRNGSeed(1)
    first = figure_map(picture, [head])
    cv2.setRNGSeed(2)

    assert np.array_equal(first, figure_map(picture, [head]))
    assert first[-1].max() > 0.9  # his jacket reaches the lower edge
    assert first[:, -20:].max() < 0.1  # the curtain at the right does not count


@pytest.mark.parametrize("size", [(1, 1), (3, 200), (400, 2)])
def test_odd_sizes_are_mapped_too(size: tuple[int, int]) -> None:
    picture = np.zeros((*size, 3), np.uint8)

    assert figure_map(picture, [face("s", 0, (0.0, 0.0, 2.0, 2.0))]).ndim == 2


def test_what_is_no_picture_is_our_defect() -> None:
    with pytest.raises(ValueError, match="picture"):
        figure_map(np.zeros((3, 4), np.uint8), [])
