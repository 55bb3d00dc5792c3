"""An edge is found by the moments at which cells change."""

import sys
from pathlib import Path

import numpy as np
import pytest

from artgen.shots.edges import active_cells, find_edges

sys.path.insert(0, str(Path(__file__).resolve().parent))
from made import Luma, mixed, take


def wiped_from_the_left(*, slides: bool = False) -> Luma:
    """Ten old frames, twenty in which the new picture comes in from the left, eleven new ones."""
    old, new = np.repeat(take(1, 1), 41, 0), np.repeat(take(2, 1), 41, 0)
    for frame in range(10, 41):
        reach = min(48, round((frame - 9) / 21 * 48))
        old[frame, :, :reach] = new[frame, :, 48 - reach :] if slides else new[frame, :, :reach]
    return old


@pytest.mark.parametrize("slides", [False, True])
def test_the_moments_of_a_wipe_follow_its_way_in_time(slides: bool) -> None:
    light, ways = active_cells(wiped_from_the_left(slides=slides))

    (edge,) = find_edges(light, ways, np.array([0]), 40)

    assert edge.correlation > 0.95
    assert edge.every == 2
    assert edge.every * edge.fitted.min() == pytest.approx(10, abs=3)
    assert edge.every * edge.fitted.max() == pytest.approx(29, abs=3)
    assert edge.weights.sum() == pytest.approx(1)
    if not slides:
        assert edge.explained.sum() > 0.9 * edge.total.sum()


def test_a_dissolve_has_no_edge() -> None:
    old, new = take(3, 40, speed=0.1), take(4, 40, speed=0.1)
    film = np.concatenate([old[:10], mixed(old[10:31], new[:21]), new[21:]])
    light, ways = active_cells(film)

    assert list(find_edges(light, ways, np.array([0]), 40)) == []


def test_bars_have_no_cells() -> None:
    film = take(5, 4)
    film[:, :6] = film[:, -6:] = 16

    light, ways = active_cells(film)
    dark_light, dark_ways = active_cells(film // 12)

    assert light.shape == (4, 5 * 16)
    assert ways.shape == (16, 5 * 16)
    assert (dark_light.shape, dark_ways.shape) == ((4, 9 * 16), (16, 9 * 16))
