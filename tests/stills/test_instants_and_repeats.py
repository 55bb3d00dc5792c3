"""Which instants are chosen, and which stills repeat each other."""

from fractions import Fraction

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from artgen.records import Shot, Still, Transition
from artgen.shots import Signatures
from artgen.stills import choose_instants, fingerprint, motion_at, near_duplicates

BASE = Fraction(1, 25)


def frames(count: int, *, sharpest: tuple[int, ...] = (), blank: tuple[int, ...] = ()) -> Signatures:
    rng = np.random.default_rng(count)
    luma = np.repeat(rng.integers(40, 200, (count // 10 + 1, 27, 48)).astype(np.uint8), 10, 0)[:count]
    luma[list(blank)] = 16
    sharpness = np.full(count, 5, np.float32)
    sharpness[list(sharpest)] = 9
    return Signatures(np.arange(count), luma, np.full((count, 2, 14, 24), 128, np.uint8), sharpness)


def shot(start: int, end: int, into: Transition = "cut", out: Transition = "cut") -> Shot:
    return Shot(0, start, end, start / 25, end / 25, end - start, into, out)


def test_the_sharpest_instants_are_chosen_apart_from_each_other() -> None:
    chosen = choose_instants(shot(0, 100), frames(100, sharpest=(35, 75)), time_base=BASE, most=2)

    assert chosen == [35, 75]


def test_the_ends_of_a_shot_are_left_alone_and_more_so_beside_a_dissolve() -> None:
    run = frames(100, sharpest=(2, 97))
    after_cut = choose_instants(shot(0, 100), run, time_base=BASE, most=4)
    after_dissolve = choose_instants(shot(0, 100, "dissolve", "fade"), run, time_base=BASE, most=4)

    assert min(after_cut) >= 5
    assert max(after_cut) < 95
    assert min(after_dissolve) >= 12
    assert max(after_dissolve) < 88


def test_a_short_shot_gives_fewer_and_always_one() -> None:
    assert len(choose_instants(shot(0, 20), frames(20), time_base=BASE, most=8)) == 1
    assert choose_instants(shot(3, 4), frames(10), time_base=BASE, most=8) == [3]
    assert choose_instants(shot(50, 60), frames(10), time_base=BASE, most=8) == []


def test_blank_and_moving_frames_are_avoided() -> None:
    run = frames(40, sharpest=(20,), blank=(20,))

    assert choose_instants(shot(0, 40), run, time_base=BASE, most=1) != [20]
    assert motion_at(run, 19) > motion_at(run, 15) == 0


def test_of_instants_that_show_the_same_only_the_best_is_named() -> None:
    run = frames(100, sharpest=(80,))
    run.luma[:] = run.luma[0]

    assert choose_instants(shot(0, 100), run, time_base=BASE, most=4) == [80]


def test_wrong_questions_are_our_defect() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        choose_instants(shot(0, 9), frames(9), time_base=BASE, most=0)
    with pytest.raises(ValueError, match="no frame at pts 99"):
        motion_at(frames(9), 99)


def picture(seed: int, *, shift: int = 0, gain: float = 1.0) -> NDArray[np.uint8]:
    rng = np.random.default_rng(seed)
    large = cv2.resize(
        rng.integers(0, 230, (6, 10, 3)).astype(np.uint8), (400, 220), interpolation=cv2.INTER_CUBIC
    )
    return np.clip(large[10:190, 20 + shift : 340 + shift] * gain, 0, 255).astype(np.uint8)


def still(name: str, score: float) -> Still:
    return Still(name, 0, int(name), float(name), None, {}, None, score)


def test_the_better_of_two_alike_stays_and_unlike_ones_both() -> None:
    prints = np.stack([fingerprint(p) for p in (picture(1), picture(1, shift=3, gain=0.95), picture(2))])
    stills = [still("1", 0.4), still("2", 0.9), still("3", 0.1)]

    assert near_duplicates(stills, prints) == {"1": "2"}


def test_no_still_is_superfluous_to_a_superfluous_one() -> None:
    prints = np.stack([fingerprint(picture(1, shift=s)) for s in range(0, 60, 4)])
    stills = [still(str(i), (i * 7 % 15) / 15) for i in range(len(prints))]

    better = near_duplicates(stills, prints)

    assert better
    assert not set(better.values()) & set(better)


def test_blank_pictures_never_repeat_each_other() -> None:
    blanks = [np.full((90, 160, 3), level, np.uint8) for level in (0, 0, 128)]
    prints = np.stack([fingerprint(p) for p in blanks])

    assert near_duplicates([still(str(i), 0.5) for i in range(3)], prints) == {}
    with pytest.raises(ValueError, match="fingerprints"):
        near_duplicates([], prints)
