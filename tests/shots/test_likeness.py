"""Frames are compared with those after them: near pictures are near, bars do not count, mixtures lie between."""

import sys
from pathlib import Path

import numpy as np
import pytest

from artgen.shots.likeness import FARTHEST, measure_likeness

sys.path.insert(0, str(Path(__file__).resolve().parent))
from made import blank, mixed, signed, take


def test_entries_are_distances_and_covariances_of_frames_and_later_ones() -> None:
    luma = np.concatenate([take(1, 90), take(2, 90)])
    found = measure_likeness(signed(luma))
    cells = np.clip(luma, 15, 241).reshape(len(luma), -1).astype(np.float64)

    for one, other in ((0, 0), (0, 1), (12, 13), (37, 90), (63, 63 + FARTHEST), (178, 179)):
        distance = ((cells[one] - cells[other]) ** 2).mean()
        covariance = np.cov(cells[one], cells[other], bias=True)[0, 1]
        assert found.distances[one, other - one] == pytest.approx(distance, rel=1e-4, abs=0.02)
        assert found.patterns[one, other - one] == pytest.approx(covariance, rel=1e-4, abs=0.02)


def test_color_tells_frames_of_equal_light_apart() -> None:
    run = signed(np.repeat(take(3, 1), 4, 0))
    run.chroma[2:] = 160

    distances = measure_likeness(run).distances

    assert distances[0, 1] == 0
    assert distances[1, 1] > 20**2


def test_bars_do_not_make_pictures_alike() -> None:
    old, new = take(4, 5), take(5, 5)
    framed = np.concatenate([old, new])
    framed[:, :5] = framed[:, -5:] = 16
    one, other = np.array([0]), np.array([9])

    bare = measure_likeness(signed(np.concatenate([old, new])[:, 5:-5].repeat(2, 1)[:, :27]))
    boxed = measure_likeness(signed(framed))

    assert boxed.unlike(one, other)[0] > 0.8 * bare.unlike(one, other)[0]
    assert boxed.unlike(one, one + 1)[0] < 0.3


def test_a_mixture_lies_between_its_ends_at_its_share() -> None:
    old, new = np.repeat(take(6, 1), 9, 0), np.repeat(take(7, 1), 9, 0)
    found = measure_likeness(signed(np.concatenate([old[:1], mixed(old, new), new[:1]])))
    at = np.arange(11)

    shares = found.shares(np.zeros(11, np.int64), np.full(11, 10), at)

    assert shares == pytest.approx(at / 10, abs=0.02)


def test_even_frames_are_blank_whatever_their_light_and_bars() -> None:
    boxed = blank(235, 2)
    boxed[:, :4] = boxed[:, -4:] = 16
    picture = take(8, 1)
    picture[:, :4] = picture[:, -4:] = 16
    film = np.concatenate([boxed, picture, blank(16, 1)])

    assert measure_likeness(signed(film)).blank_frames().tolist() == [True, True, False, True]


@pytest.mark.parametrize("frames", [0, 1, 13, 14])
def test_any_number_of_frames_can_be_compared(frames: int) -> None:
    found = measure_likeness(signed(take(9, 20)[:frames]))

    assert found.distances.shape == found.patterns.shape == (frames, FARTHEST + 1)
    assert (found.distances[:, 0] == 0).all()
