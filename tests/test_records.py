"""The nouns: ids that sort by time, boxes that overlap as they should."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from artgen.records import area, intersection_over_union, rounded, still_id


@pytest.mark.parametrize(
    ("time_s", "name"),
    [
        (0.0, "00h00m00.000s"),
        (83.456, "00h01m23.456s"),
        (7325.0006, "02h02m05.001s"),
        (-0.2, "00h00m00.000s"),
    ],
)
def test_a_still_is_named_by_its_time(time_s: float, name: str) -> None:
    assert still_id(time_s) == name


@given(st.floats(0, 359_999), st.floats(0, 359_999))
def test_still_names_sort_as_their_times(a: float, b: float) -> None:
    assert (still_id(a) <= still_id(b)) or a > b


def test_overlap_of_boxes() -> None:
    assert area((0, 0, 4, 5)) == 20
    assert area((4, 5, 0, 0)) == 0
    assert intersection_over_union((0, 0, 2, 2), (1, 0, 3, 2)) == pytest.approx(float(Fraction(1, 3)))
    assert intersection_over_union((0, 0, 1, 1), (1, 0, 2, 1)) == 0
    assert intersection_over_union((0, 0, 0, 0), (0, 0, 0, 0)) == 0


def test_measures_are_rounded_for_files() -> None:
    assert rounded({"a": 0.12345678, "b": 1}) == {"a": 0.123457, "b": 1.0}
