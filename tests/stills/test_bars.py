"""Bars are found over many pictures; dark pictures are not cut into."""

import numpy as np
import pytest
from numpy.typing import NDArray

from artgen.stills import find_active_picture

HEIGHT, WIDTH = 180, 320


def pictures(
    *, top: int = 0, left: int = 0, light: float = 1.0, noise: float = 0.0, count: int = 12
) -> list[NDArray[np.uint8]]:
    rng = np.random.default_rng(7)
    frames = []
    for _ in range(count):
        frame = np.zeros((HEIGHT, WIDTH, 3))
        inside = rng.uniform(30, 230, (HEIGHT - 2 * top, WIDTH - 2 * left, 1)) * light
        frame[top : HEIGHT - top, left : WIDTH - left] = inside
        frames.append(np.clip(frame + rng.normal(0, noise, frame.shape), 0, 255).astype(np.uint8))
    return frames


@pytest.mark.parametrize("noise", [0.0, 3.0])
@pytest.mark.parametrize(("top", "left"), [(0, 0), (22, 0), (0, 40), (20, 30)])
def test_bars_are_found_to_the_line(top: int, left: int, noise: float) -> None:
    found = find_active_picture(pictures(top=top, left=left, noise=noise))

    assert found == (left, top, WIDTH - left, HEIGHT - top)


def test_subtitles_in_a_bar_do_not_open_it() -> None:
    frames = pictures(top=24)
    for frame in frames[::2]:
        frame[162:172, 100:220:3] = 230

    assert find_active_picture(frames) == (0, 24, WIDTH, HEIGHT - 24)


def test_a_title_that_changes_its_aspect_keeps_the_largest() -> None:
    frames = pictures(top=24, count=10) + pictures(top=0, count=10)

    assert find_active_picture(frames) == (0, 0, WIDTH, HEIGHT)


def test_dark_edges_of_dark_pictures_are_kept() -> None:
    rng = np.random.default_rng(3)
    frames = []
    for frame in pictures(count=14):
        spot = int(rng.integers(10, 90))
        frame[:spot] = rng.integers(0, 20, frame[:spot].shape)
        frames.append(frame)

    found = find_active_picture(frames)

    assert found is not None
    assert found[1] <= 10


def test_nothing_is_said_of_black_pictures_or_none() -> None:
    assert find_active_picture([]) is None
    assert find_active_picture(pictures(light=0.0)) is None


def test_pictures_of_two_sizes_are_our_defect() -> None:
    with pytest.raises(ValueError, match="differ in size"):
        find_active_picture([np.zeros((4, 4, 3), np.uint8), np.zeros((4, 8, 3), np.uint8)])
