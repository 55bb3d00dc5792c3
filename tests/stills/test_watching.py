"""Watching frames go by: the best of each stretch is named, twins and the neighborhood of jumps are not."""

from fractions import Fraction

import numpy as np
import pytest
from numpy.typing import NDArray

from artgen.shots import Signatures
from artgen.stills import Watch

RATE = 25


def _looks(seed: int) -> NDArray[np.uint8]:
    return np.random.default_rng(seed).integers(40, 210, (27, 48), np.uint8)


def _signature(pts: int, luma: NDArray[np.uint8], sharpness: float) -> Signatures:
    chroma = np.full((1, 2, 14, 24), 128, np.uint8)
    return Signatures(np.array([pts]), luma[None], chroma, np.array([sharpness], np.float32))


def _named(frames: list[tuple[NDArray[np.uint8], float]]) -> list[int]:
    watch: Watch[int] = Watch(time_base=Fraction(1, RATE))
    found: list[int] = []
    for pts, (luma, sharpness) in enumerate(frames):
        found += [frame for frame, _ in watch.see(_signature(pts, luma, sharpness), pts)]
    return found + [frame for frame, _ in watch.end()]


def test_the_sharpest_frame_of_a_still_take_is_named_once() -> None:
    frames = [(_looks(0), 5.0)] * 60
    frames[14] = (_looks(0), 6.0)

    assert _named(frames) == [14]


def test_a_twin_is_named_again_only_if_it_is_clearly_better() -> None:
    frames = [(_looks(0), 5.0)] * 60
    assert len(_named(frames)) == 1

    frames[50] = (_looks(0), 7.0)
    assert _named(frames)[-1] == 50


def test_every_take_gives_one_and_none_lies_beside_its_jump() -> None:
    frames = [(_looks(take), 5.0) for take in range(3) for _ in range(30)]

    named = _named(frames)

    assert [frame // 30 for frame in named] == [0, 1, 2]
    assert all(5 <= frame % 30 < 29 for frame in named)


def test_blank_frames_are_never_named() -> None:
    assert _named([(np.full((27, 48), 16, np.uint8), 9.0)] * 60) == []


def test_a_take_that_keeps_changing_gives_fewer_and_fewer() -> None:
    wide = np.random.default_rng(4).integers(40, 210, (27, 4000), np.uint8)
    smooth = (wide[:, :-3] // 4 + wide[:, 1:-2] // 4 + wide[:, 2:-1] // 4 + wide[:, 3:] // 4).astype(np.uint8)
    frames = [(np.ascontiguousarray(smooth[:, i // 2 : i // 2 + 48]), 5.0) for i in range(RATE * 120)]

    named = _named(frames)

    first, last = named[1] - named[0], named[-1] - named[-2]
    assert 8 <= len(named) <= 40
    assert last > 4 * first


def test_nothing_seen_names_nothing() -> None:
    assert Watch[int](time_base=Fraction(1, RATE)).end() == []


@pytest.mark.parametrize("size", [1, 2])
def test_a_film_of_a_frame_or_two_gives_none_to_the_watch(size: int) -> None:
    assert _named([(_looks(1), 5.0)] * size) == []
