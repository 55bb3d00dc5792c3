"""The safe area holds what every profile and player wants free of lettering."""

from fractions import Fraction

import pytest

from artgen.specs import safe_area
from artgen.specs.safe import OVERLAYS, zones_for


@pytest.mark.parametrize(
    ("aspect", "area"),
    [
        (Fraction(16, 9), (0.1, 0.148148, 0.9, 0.9)),  # Prime Video's top rows, Roku's outer tenth
        (Fraction(2, 3), (0.1, 0.1, 0.9, 0.9)),
        (Fraction(1, 1), (0.05, 0.09, 0.95, 0.92)),  # no profile says anything of a square
    ],
)
def test_the_safe_area_of_an_aspect(aspect: Fraction, area: tuple[float, ...]) -> None:
    assert safe_area(aspect) == pytest.approx(area)


@pytest.mark.parametrize("aspect", [Fraction(16, 9), Fraction(2, 3), Fraction(9, 16), Fraction(10, 3)])
def test_no_zone_reaches_into_it(aspect: Fraction) -> None:
    x1, y1, x2, y2 = safe_area(aspect)

    assert set(OVERLAYS) <= set(zones_for(aspect))
    for zone in zones_for(aspect):
        left, top, right, bottom = zone.box
        assert left >= x2 or right <= x1 or top >= y2 or bottom <= y1, zone.name
