"""Wipes of many shapes are found and told from what only looks like one."""

import sys
from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from artgen.shots import find_shots

sys.path.insert(0, str(Path(__file__).resolve().parent))
from made import Luma, signed, take

DOWN, RIGHT = np.mgrid[0 : 1 : 27 * 1j, 0 : 1 : 48 * 1j]
SHAPES: dict[str, NDArray[np.float64]] = {
    "from the left": RIGHT,
    "from the right": 1 - RIGHT,
    "from above": DOWN,
    "from below": 1 - DOWN,
    "slanted": (RIGHT + DOWN) / 2,
    "iris": 1 - np.hypot(RIGHT - 0.5, DOWN - 0.5) / np.hypot(0.5, 0.5),
    "clock": (np.arctan2(DOWN - 0.5, RIGHT - 0.5) / (2 * np.pi) + 0.25) % 1,
    "doors": np.abs(RIGHT - 0.5) * 2,
}


def wiped(old: Luma, new: Luma, order: NDArray[np.float64], *, soft: float = 0.01) -> Luma:
    done = (np.arange(len(old)) + 1)[:, None, None] / (len(old) + 1)
    share = np.clip((done * (1 + soft) - order) / soft, 0, 1)
    return (old * (1 - share) + new * share).round().astype(np.uint8)


def changes_of(luma: Luma) -> list[tuple[str, int, int]]:
    shots = find_shots([signed(luma)], time_base=Fraction(1, 25), start_pts=0, frame_s=0.04, min_shot_s=0)
    return [(old.transition_out, old.end_pts - 1, new.start_pts) for old, new in pairwise(shots)]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(("length", "soft"), [(10, 0.01), (24, 0.1), (50, 0.01)])
def test_a_wipe_is_found_between_its_ends(shape: str, length: int, soft: float) -> None:
    old, new = take(1, 60 + length, speed=0.05), take(2, 60 + length, speed=0.05)
    between = wiped(old[60:], new[:length], SHAPES[shape], soft=soft)

    found = changes_of(np.concatenate([old[:60], between, new[length:]]))

    assert [kind for kind, _, _ in found] == ["wipe"]
    assert abs(found[0][1] - 59) <= max(3, length // 6)
    assert abs(found[0][2] - (60 + length)) <= max(3, length // 6)


def passing(film: Luma) -> Luma:
    for frame in range(50, 70):
        left = int((frame - 50) / 20 * 78) - 30
        film[frame, :, max(0, left) : max(0, left + 30)] = 60
    return film


def split_screen(film: Luma) -> Luma:
    film[50:, :, 24:] = take(99, 70, speed=0.2)[:, :, 24:]
    return film


def credits_rolling(film: Luma) -> Luma:
    lines = np.random.default_rng(0).random((400, 48)) < 0.4
    lines[::2] = False
    for frame in range(len(film)):
        film[frame] = np.where(lines[frame : frame + 27], 220, 18)
    return film


def fast_pan(film: Luma) -> Luma:
    return np.concatenate([film[:50], take(8, 200, speed=4.0)[13:33], film[50:]])


@pytest.mark.parametrize("trap", [passing, split_screen, credits_rolling, fast_pan])
def test_what_only_moves_is_no_wipe(trap: Callable[[Luma], Luma]) -> None:
    found = changes_of(trap(take(8, 120, speed=0.1)))

    assert "wipe" not in [kind for kind, _, _ in found]
