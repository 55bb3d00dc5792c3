"""Differences are small where a picture moved, and large where it is another one."""

import sys
from pathlib import Path

import numpy as np
import pytest

from artgen.shots.differences import (
    fit_moved,
    matched_cells,
    measure_ranges,
    outside_difference,
    plain_difference,
)

sys.path.insert(0, str(Path(__file__).resolve().parent))
from made import blank, take


def test_the_plain_difference_is_the_mean_over_cells() -> None:
    assert plain_difference(blank(20, 2), blank(50, 2)).tolist() == [30, 30]
    assert len(plain_difference(blank(0, 0), blank(0, 0))) == 0


@pytest.mark.parametrize("seed", range(3))
def test_what_moved_little_lies_in_the_range_around(seed: int) -> None:
    camera, other = take(seed, 3, speed=1.5), take(seed + 50, 1)
    ranges = measure_ranges(np.concatenate([camera, other]))
    pairs = np.array([0, 1, 2]), np.array([1, 2, 3])

    outside = outside_difference(ranges, *pairs)
    plain = plain_difference(ranges.luma[pairs[0]], ranges.luma[pairs[1]])

    assert (outside[:2] < 0.1 * plain[:2]).all()
    assert outside[2] > 0.3 * plain[2]
    assert outside == pytest.approx(outside_difference(ranges, pairs[1], pairs[0]))


def test_ranges_hold_the_least_and_most_within_two_cells() -> None:
    luma = np.full((2, 27, 48), 100, np.uint8)
    luma[0, 0, 0], luma[1, 13, 20] = 200, 10

    ranges = measure_ranges(luma)

    assert (ranges.most[0] == 200).sum() == 9
    assert (ranges.least[1] == 10).sum() == 25
    assert (ranges.most[1] == 100).all()


def test_blocks_are_compared_at_their_best_place() -> None:
    camera = take(9, 2, speed=2.0)

    cells = matched_cells(camera[:1], camera[1:])

    assert cells.mean() < 0.2 * plain_difference(camera[:1], camera[1:])[0]
    assert (matched_cells(blank(20, 1), blank(50, 1)) == 30).all()


def test_a_camera_that_moved_is_known_by_its_fit() -> None:
    camera, other = take(10, 20, speed=0.5), take(60, 1)

    moved, in_place = fit_moved(camera[0], camera[15])

    assert moved > 0.95 > in_place + 0.1
    assert fit_moved(camera[0], other[0])[0] < 0.8
    assert fit_moved(camera[0], blank(90, 1)[0]) == (0.0, 0.0)
