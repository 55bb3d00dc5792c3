"""Turning and squaring of pictures."""

from fractions import Fraction

import numpy as np
import pytest

from artgen.video.geometry import Orientation, square_size, upright


@pytest.mark.parametrize(
    ("size", "aspect", "square"),
    [
        ((640, 360), Fraction(1), (640, 360)),
        ((640, 360), Fraction(2), (1280, 360)),
        ((640, 352), Fraction(44, 45), (640, 360)),
        ((720, 576), Fraction(16, 15), (768, 576)),
        ((720, 480), Fraction(8, 9), (720, 540)),
        ((854, 480), Fraction(1280, 1281), (854, 480)),
        ((800, 332), Fraction(399, 400), (800, 332)),
    ],
)
def test_the_short_side_is_enlarged(size, aspect, square) -> None:
    assert square_size(*size, aspect) == square


@pytest.mark.parametrize(
    ("orientation", "turned"),
    [
        (Orientation(), [[1, 2], [3, 4]]),
        (Orientation(clockwise=90), [[3, 1], [4, 2]]),
        (Orientation(clockwise=180), [[4, 3], [2, 1]]),
        (Orientation(clockwise=270), [[2, 4], [1, 3]]),
        (Orientation(mirrored=True), [[2, 1], [4, 3]]),
        (Orientation(mirrored=True, clockwise=180), [[3, 4], [1, 2]]),
    ],
)
def test_a_picture_is_mirrored_then_turned_clockwise(orientation, turned) -> None:
    picture = upright(np.array([[1, 2], [3, 4]]), orientation)

    np.testing.assert_array_equal(picture, turned)
    assert picture.flags.c_contiguous
