"""Colors: the few that dominate, in the shares they cover; warm and cold, gray and dark."""

import numpy as np
import pytest
from numpy.typing import NDArray

from artgen.composition.colors import color_measures, dominant_colors

Picture = NDArray[np.uint8]


def stripes(*colors: tuple[int, int, int], height: int = 96, width: int = 96) -> Picture:
    """Vertical stripes of one width each."""
    edges = np.linspace(0, width, len(colors) + 1).astype(int)
    picture = np.zeros((height, width, 3), np.uint8)
    for color, left, right in zip(colors, edges[:-1], edges[1:], strict=True):
        picture[:, left:right] = color
    return picture


def rgb(code: str) -> tuple[int, ...]:
    return tuple(int(code[i : i + 2], 16) for i in (1, 3, 5))


def test_stripes_give_their_colors_and_shares() -> None:
    found = dominant_colors(stripes((200, 30, 30), (200, 30, 30), (30, 60, 200), (240, 240, 240)))

    assert [share for _, share in found] == pytest.approx([0.5, 0.25, 0.25], abs=0.02)
    assert rgb(found[0][0]) == pytest.approx((200, 30, 30), abs=4)
    assert {rgb(code)[2] > 150 for code, _ in found[1:]} == {True}


def test_shades_too_alike_to_tell_apart_are_one_color() -> None:
    found = dominant_colors(stripes((100, 100, 100), (108, 108, 108), (20, 20, 160)))

    assert len(found) == 2
    assert found[0][1] == pytest.approx(2 / 3, abs=0.03)


def test_one_color_alone_covers_everything() -> None:
    assert dominant_colors(np.full((50, 90, 3), (18, 52, 86), np.uint8)) == (("#123456", 1.0),)


def test_specks_are_left_out_and_the_most_is_first() -> None:
    picture = np.full((100, 100, 3), (30, 120, 40), np.uint8)
    picture[:10, :10] = (255, 0, 0)
    picture[50:, :] = (10, 10, 10)
    found = dominant_colors(picture)

    assert len(found) == 2
    assert all(share >= 0.03 for _, share in found)
    assert found == tuple(sorted(found, key=lambda pair: -pair[1]))


def test_there_are_at_most_six_and_they_do_not_depend_on_chance() -> None:
    picture = np.random.default_rng(4).integers(0, 256, (120, 200, 3), dtype=np.uint8)

    assert dominant_colors(picture) == dominant_colors(picture.copy())
    assert len(dominant_colors(picture)) <= 6


@pytest.mark.parametrize(
    ("color", "sign"), [((230, 120, 30), 1), ((240, 200, 60), 1), ((40, 90, 220), -1), ((20, 180, 200), -1)]
)
def test_orange_is_warm_and_blue_is_cold(color: tuple[int, int, int], sign: int) -> None:
    assert color_measures(np.full((40, 40, 3), color, np.uint8))["warmth"] * sign > 0.4


def test_gray_is_neither_and_half_and_half_cancels() -> None:
    assert color_measures(np.full((40, 40, 3), 140, np.uint8))["warmth"] == pytest.approx(0, abs=1e-3)
    assert abs(color_measures(stripes((230, 120, 30), (40, 90, 220)))["warmth"]) < 0.35


def test_black_and_white_has_no_chroma_and_a_tint_has_no_spread() -> None:
    ramp = np.repeat(np.linspace(0, 255, 96, dtype=np.uint8)[None, :, None], 96, 0)
    gray = np.repeat(ramp, 3, 2)
    sepia = np.asarray(gray * np.array([1.0, 0.86, 0.7]), np.uint8)
    colored = stripes((200, 30, 30), (30, 160, 60), (30, 60, 200))

    assert color_measures(gray)["chroma"] < 0.01
    assert color_measures(sepia)["chroma"] > 0.1
    assert color_measures(sepia)["chroma_spread"] < 0.3 * color_measures(colored)["chroma_spread"]


def test_darkness_is_how_much_is_dark() -> None:
    values = color_measures(stripes((0, 0, 0), (0, 0, 0), (0, 0, 0), (255, 255, 255)))

    assert values["dark_fraction"] == pytest.approx(0.75, abs=0.02)
    assert values["lightness"] == pytest.approx(0.25, abs=0.02)
