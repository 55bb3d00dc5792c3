"""Shots of films whose every change is known because it was made here."""

import sys
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from artgen.records import Shot
from artgen.shots import Signatures, find_shots

sys.path.insert(0, str(Path(__file__).resolve().parent))
from made import blank, in_runs, mixed, signed, take


def shots_of(run: Signatures, *, min_shot_s: float = 0.0) -> list[Shot]:
    return find_shots([run], time_base=Fraction(1, 25), start_pts=0, frame_s=0.04, min_shot_s=min_shot_s)


def changes_of(run: Signatures) -> list[tuple[str, int, int]]:
    return [(old.transition_out, old.end_pts - 1, new.start_pts) for old, new in pairwise(shots_of(run))]


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("contrast", [1.0, 0.25])
def test_cuts_stand_on_their_frame(seed: int, contrast: float) -> None:
    lengths = [40, 25, 12, 60, 33]
    takes = [take(10 * seed + n, length, contrast=contrast) for n, length in enumerate(lengths)]
    ends = np.cumsum(lengths)[:-1].tolist()

    found = changes_of(signed(np.concatenate(takes)))

    assert found == [("cut", end - 1, end) for end in ends]


@pytest.mark.parametrize("length", [8, 16, 30, 60])
def test_a_dissolve_is_found_between_its_ends(length: int) -> None:
    old, new = take(1, 80 + length, speed=0.1), take(2, 80 + length, speed=0.1)
    film = np.concatenate([old[:80], mixed(old[80:], new[:length]), new[length:]])

    found = changes_of(signed(film))

    assert [kind for kind, _, _ in found] == ["dissolve"]
    assert abs(found[0][1] - 79) <= max(3, length // 6)
    assert abs(found[0][2] - (80 + length)) <= max(3, length // 6)


@pytest.mark.parametrize("level", [16, 235])
def test_a_fade_out_and_in_is_one_fade_with_what_is_blank_between(level: int) -> None:
    old, new = take(3, 80, speed=0.1), take(4, 80, speed=0.1)
    film = np.concatenate(
        [
            old[:60],
            mixed(old[60:], blank(level, 20)),
            blank(level, 30),
            mixed(blank(level, 20), new[:20]),
            new[20:],
        ]
    )

    found = changes_of(signed(film))

    assert [kind for kind, _, _ in found] == ["fade"]
    assert abs(found[0][1] - 59) <= 2
    assert abs(found[0][2] - 130) <= 2


def test_a_film_may_come_out_of_black_and_end_in_it() -> None:
    picture = take(5, 120, speed=0.1)
    film = np.concatenate(
        [
            blank(16, 10),
            mixed(blank(16, 20), picture[:20]),
            picture[20:100],
            mixed(picture[100:], blank(16, 20)),
            blank(16, 10),
        ]
    )

    (shot,) = shots_of(signed(film))

    assert (shot.transition_in, shot.transition_out) == ("fade", "fade")
    assert abs(shot.start_pts - 30) <= 2
    assert abs(shot.end_pts - 110) <= 2


def test_blank_frames_between_cuts_are_a_shot_of_their_own() -> None:
    film = np.concatenate([take(6, 40), blank(16, 15), take(7, 40)])

    assert changes_of(signed(film)) == [("cut", 39, 40), ("cut", 54, 55)]


@pytest.mark.parametrize(
    "trap", ["flash", "strobe", "pan", "shake", "repeated frames", "subtitle", "letterbox"]
)
def test_what_is_no_change_of_shot_is_not_taken_for_one(trap: str) -> None:
    film = take(8, 120, speed=3.0 if trap == "pan" else 0.4)
    rng = np.random.default_rng(0)
    match trap:
        case "flash":
            film[50:53] = 230
        case "strobe":
            film[40:70:2] = film[40:70:2] // 3 + 11
        case "shake":
            for n in range(40, 60):
                film[n] = np.roll(film[n], rng.integers(-2, 3, 2), (0, 1))
        case "repeated frames":
            film = film[np.repeat(np.arange(60), 2)]
        case "subtitle":
            film[50:90, 22:25, 10:38:2] = 235
        case "letterbox":
            film[60:, :3] = film[60:, -3:] = 16
        case "pan":
            pass

    assert changes_of(signed(film)) == []


def test_the_result_does_not_hang_on_how_the_frames_are_divided() -> None:
    lengths = [300, 77, 420, 61, 250, 333]
    run = signed(np.concatenate([take(20 + n, length, speed=0.2) for n, length in enumerate(lengths)]))
    whole = shots_of(run)

    for parts in ([1, 1, 500], [300], [511, 2], [100] * 14):
        divided = find_shots(
            iter(in_runs(run, parts)), time_base=Fraction(1, 25), start_pts=0, frame_s=0.04, min_shot_s=0
        )
        assert divided == whole
    assert [shot.frames for shot in whole] == lengths


def test_shots_cover_the_film_and_count_from_its_start() -> None:
    run = signed(np.concatenate([take(30, 50), take(31, 40)]))
    moved = Signatures(run.pts * 512 + 9000, run.luma, run.chroma, run.sharpness)

    first, second = find_shots(
        [moved], time_base=Fraction(1, 12800), start_pts=9000, frame_s=0.04, min_shot_s=0
    )

    assert (first.id, first.start_pts, first.end_pts, first.frames) == (0, 9000, 9000 + 50 * 512, 50)
    assert (second.start_s, second.end_s) == (2.0, 3.6)
    assert second.end_pts == 9000 + 90 * 512
    assert (first.transition_in, first.transition_out, second.transition_out) == ("none", "cut", "none")


def test_a_shot_that_is_too_short_joins_the_neighbor_it_differs_from_less() -> None:
    film = np.concatenate([take(40, 50), take(41, 9), take(42, 50)])

    assert len(shots_of(signed(film))) == 3
    joined = shots_of(signed(film), min_shot_s=0.5)

    assert [shot.frames for shot in joined] in ([59, 50], [50, 59])
    assert [shot.id for shot in joined] == [0, 1]


def test_no_frames_are_no_shots_and_time_that_goes_back_is_our_defect() -> None:
    run = signed(take(50, 20))

    assert find_shots([], time_base=Fraction(1, 25), start_pts=0, frame_s=0.04, min_shot_s=0) == []
    assert len(shots_of(run.part(0, 1))) == 1
    with pytest.raises(ValueError, match="do not rise"):
        find_shots([run, run], time_base=Fraction(1, 25), start_pts=0, frame_s=0.04, min_shot_s=0)
