"""Feature blocks lie one after another, and vectors keep to them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from artgen.catalog import BlockSpec, feature_blocks, feature_vector

SPECS = (
    BlockSpec("a", "first", -1, 1, length=2),
    BlockSpec("none", "nothing to say", 0, 1),
    BlockSpec("b", "second", 0, 1, ("x", "y", "z")),
)


def test_blocks_follow_each_other_and_empty_ones_are_left_out() -> None:
    blocks = feature_blocks(SPECS)

    assert [(block.name, block.offset, block.length, block.labels) for block in blocks] == [
        ("a", 0, 2, ()),
        ("b", 2, 3, ("x", "y", "z")),
    ]


@given(
    st.lists(st.floats(-10, 10), min_size=2, max_size=2), st.lists(st.floats(-10, 10), min_size=3, max_size=3)
)
def test_values_are_held_to_their_range_and_to_float16(first: list[float], second: list[float]) -> None:
    vector = feature_vector(feature_blocks(SPECS), {"a": first, "b": second})

    assert len(vector) == 5
    assert all(-1 <= value <= 1 for value in vector[:2])
    assert all(0 <= value <= 1 for value in vector[2:])
    assert (np.array(vector) == np.array(vector, dtype=np.float16)).all()
    assert np.allclose(vector[:2], np.clip(first, -1, 1), atol=1e-3)


def test_there_is_no_negative_zero() -> None:
    assert "-" not in repr(feature_vector(feature_blocks(SPECS), {"a": [-0.0, -1e-12], "b": [0, 0, -0.0]}))


@pytest.mark.parametrize("values", [{}, {"a": [1]}, {"a": [1, 2, 3]}, {"a": [0.0, float("nan")]}])
def test_missing_surplus_and_unknown_values_are_our_defect(values: dict[str, list[float]]) -> None:
    with pytest.raises(ValueError, match="block a needs 2 finite values"):
        feature_vector(feature_blocks(SPECS), {"b": [0, 0, 0]} | values)
