"""The room for a title: calm boxes where a picture is calm, none where it is busy or taken, with measured contrast."""

import numpy as np
import pytest
from numpy.typing import NDArray

from artgen.composition.contrast import contrast_ratio, least_contrast, luminance
from artgen.composition.space import LEAST_SPACE, title_spaces
from artgen.records import Box, TitleSpace, intersection_over_union

WIDE, HIGH = 960, 540
EVERYWHERE: Box = (0.0, 0.0, 1.0, 1.0)


def noise(seed: int = 0) -> NDArray[np.uint8]:
    return np.random.default_rng(seed).integers(0, 256, (HIGH, WIDE, 3)).astype(np.uint8)


def spaces(
    picture: NDArray[np.uint8],
    *,
    taken: tuple[Box, ...] = (),
    figures: NDArray[np.float32] | None = None,
    safe: Box = EVERYWHERE,
) -> tuple[TitleSpace, ...]:
    dull = np.zeros((54, 96), np.float32)
    return title_spaces(picture, dull, taken=taken, figures=dull if figures is None else figures, safe=safe)


def test_the_flat_half_of_a_busy_picture_is_the_room() -> None:
    picture = noise()
    picture[:, : WIDE // 2] = (20, 30, 60)

    first, *others = spaces(picture)

    assert intersection_over_union(first.box, (0, 0, WIDE // 2, HIGH)) > 0.85
    assert first.area == pytest.approx(0.47, abs=0.05)
    assert first.detail < 0.2
    assert first.white > 12 > 4.5 > first.black
    assert all(space.box[0] < WIDE // 2 for space in others)


def test_a_busy_picture_has_no_room() -> None:
    assert spaces(noise()) == ()


@pytest.mark.parametrize(("gray", "white", "black"), [(0, 21.0, 1.0), (255, 1.0, 21.0), (119, 4.48, 4.69)])
def test_contrast_is_that_of_the_standard(gray: int, white: float, black: float) -> None:
    flat = np.full((HIGH, WIDE, 3), gray, np.uint8)

    (space,) = spaces(flat)

    assert (space.white, space.black) == pytest.approx((white, black), abs=0.01)
    assert (space.box, space.area) == ((0, 0, WIDE, HIGH), 1.0)


def test_contrast_is_told_by_the_worst_part_and_not_by_the_mean() -> None:
    ground = np.zeros((100, 100), np.float32)
    ground[:, :10] = 1.0

    assert float(contrast_ratio(1.0, ground).mean()) > 18
    assert least_contrast(1.0, ground, 5) == 1.0


def test_luminance_weighs_green_most_and_is_linear_light() -> None:
    pure = np.array([[[255, 0, 0], [0, 255, 0], [0, 0, 255], [188, 188, 188]]], np.uint8)

    assert luminance(pure)[0] == pytest.approx([0.2126, 0.7152, 0.0722, 0.5029], abs=1e-3)


def test_heads_and_figures_are_no_room() -> None:
    flat = np.full((HIGH, WIDE, 3), 90, np.uint8)
    figures = np.zeros((54, 96), np.float32)
    figures[20:, 60:] = 1.0

    found = spaces(flat, taken=((600, 20, 780, 200),), figures=figures)

    assert found
    for space in found:
        x1, y1, x2, y2 = space.box
        assert x2 <= 620 or x1 >= 770 or y2 <= 30 or y1 >= 190, "a head"
        assert x2 <= 620 or y2 <= 220, "a figure"


def test_boxes_keep_to_the_safe_area_where_enough_is_left_of_them() -> None:
    flat = np.full((HIGH, WIDE, 3), 90, np.uint8)

    (space,) = spaces(flat, safe=(0.1, 0.15, 0.9, 0.9))

    assert space.safe
    assert space.box == (96, 81, 864, 486)


def test_room_at_the_edge_alone_is_told_as_unsafe() -> None:
    picture = noise()
    picture[:, :190] = 40

    (space,) = spaces(picture, safe=(0.2, 0.1, 0.9, 0.9))

    assert not space.safe
    assert space.area >= LEAST_SPACE
