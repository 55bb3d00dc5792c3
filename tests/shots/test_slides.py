"""A picture that slides in as a whole is a change of shot; a camera's pan is none."""

import sys
from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from artgen.shots import find_shots
from artgen.shots.likeness import measure_likeness
from artgen.shots.slides import measure_slides

sys.path.insert(0, str(Path(__file__).resolve().parent))
from made import Luma, signed, take


def slid(old: Luma, new: Luma, *, kind: str, upright: bool, back: bool) -> Luma:
    """Frames in which the new picture comes in where columns (or rows) end, or where they begin."""
    turned = [old, new] if upright else [film.transpose(0, 2, 1) for film in (old, new)]
    if back:
        turned = [film[:, ::-1] for film in turned]
    frames = []
    for number, (one, other) in enumerate(zip(*turned, strict=True)):
        size = len(one)
        by = round(size * (number + 1) / (len(old) + 1))
        leaving = one[: size - by] if kind == "over" else one[by:]
        coming = other[size - by :] if kind == "uncovered" else other[:by]
        frames.append(np.concatenate([leaving, coming]))
    film = np.stack(frames)[:, ::-1] if back else np.stack(frames)
    return film if upright else film.transpose(0, 2, 1)


def changes_of(luma: Luma) -> list[tuple[str, int, int]]:
    shots = find_shots([signed(luma)], time_base=Fraction(1, 25), start_pts=0, frame_s=0.04, min_shot_s=0)
    return [(old.transition_out, old.end_pts - 1, new.start_pts) for old, new in pairwise(shots)]


@pytest.mark.parametrize("kind", ["push", "over", "uncovered"])
@pytest.mark.parametrize("upright", [False, True])
@pytest.mark.parametrize("back", [False, True])
@pytest.mark.parametrize("length", [12, 30])
def test_a_slide_is_found_between_its_ends(kind: str, upright: bool, back: bool, length: int) -> None:
    old, new = take(1, 60 + length, speed=0.05), take(2, 60 + length, speed=0.05)
    between = slid(old[60:], new[:length], kind=kind, upright=upright, back=back)

    found = changes_of(np.concatenate([old[:60], between, new[length:]]))

    assert [name for name, _, _ in found] == ["wipe"]
    assert abs(found[0][1] - 59) <= max(3, length // 6)
    assert abs(found[0][2] - (60 + length)) <= max(3, length // 6)


def panned(*, speed: float, frames: int) -> Luma:
    """The camera turns to another place of the same wide picture, at rest before and after."""
    wide = take(8, frames + 1, speed=speed)
    return np.concatenate([wide[:1].repeat(50, 0), wide, wide[-1:].repeat(50, 0)])


def pan_by_one_picture(_: Luma) -> Luma:
    return panned(speed=2.0, frames=24)


def slow_pan(_: Luma) -> Luma:
    return panned(speed=1.0, frames=60)


def whip_pan(_: Luma) -> Luma:
    return panned(speed=6.0, frames=10)


def shake(film: Luma) -> Luma:
    for frame in range(50, 70):
        film[frame] = np.roll(film[frame], (-1) ** frame * 4, 1)
    return film


@pytest.mark.parametrize("moves", [pan_by_one_picture, slow_pan, whip_pan, shake])
def test_a_moving_camera_is_no_slide(moves: Callable[[Luma], Luma]) -> None:
    found = changes_of(moves(take(8, 120, speed=0.1)))

    assert "wipe" not in [kind for kind, _, _ in found]


def test_a_cut_is_measured_as_no_slide() -> None:
    run = signed(np.concatenate([take(1, 60, speed=0.05), take(2, 60, speed=0.05)]))

    assert not len(measure_slides(run, measure_likeness(run)).last)


def test_too_few_frames_hold_no_slide() -> None:
    run = signed(take(1, 5))

    assert not len(measure_slides(run, measure_likeness(run)).last)


def test_what_a_perfect_push_leaves_unexplained_is_little() -> None:
    old, new = take(1, 24, speed=0), take(2, 24, speed=0)
    run = signed(np.concatenate([old, slid(old, new, kind="push", upright=False, back=False), new]))

    slides = measure_slides(run, measure_likeness(run))

    assert len(slides.last)
    assert slides.measures[:, 2].min() < 0.05
