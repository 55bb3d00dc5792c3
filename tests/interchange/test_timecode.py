"""The rate of a title from its exact times, and timecodes at it."""

from fractions import Fraction

import pytest
from helpers.frames import _title

from artgen.interchange import Clock, measure_clock
from artgen.records import Shot, Title

NTSC, FILM = Fraction(30000, 1001), Fraction(24000, 1001)


def shots_at(rate: Fraction, base: Fraction, lengths: list[int], *, start: int = 0) -> list[Shot]:
    """Shots of so many frames each, their ends rounded to the time base as a container does."""
    shots, frame = [], 0
    for number, length in enumerate(lengths):
        begin, end = (start + round(n / rate / base) for n in (frame, frame + length))
        shots.append(Shot(number, begin, end, 0.0, 0.0, length, "cut", "cut"))
        frame += length
    return shots


def titled(base: Fraction, start: int = 0) -> Title:
    from dataclasses import replace

    return replace(_title(1), time_base=f"{base.numerator}/{base.denominator}", start_pts=start)


@pytest.mark.parametrize(
    "rate", [FILM, Fraction(24), Fraction(25), NTSC, Fraction(30), Fraction(50), Fraction(15)]
)
@pytest.mark.parametrize("base", [Fraction(1, 90000), Fraction(1, 1000), Fraction(1, 12800)])
def test_a_constant_rate_is_found_exactly(rate: Fraction, base: Fraction) -> None:
    shots = shots_at(rate, base, [100, 37, 250, 61, 480], start=700)

    clock = measure_clock(titled(base, 700), shots)

    assert clock.rate == rate
    assert not clock.variable
    assert [clock.frame_at(shot.start_pts) for shot in shots] == [0, 100, 137, 387, 448]


@pytest.mark.parametrize("rate", [FILM, NTSC, Fraction(25)])
def test_a_long_film_in_milliseconds_keeps_its_frames(rate: Fraction) -> None:
    lengths = [n % 400 + 20 for n in range(0, 200_000, 137)]
    shots = shots_at(rate, Fraction(1, 1000), lengths)

    clock = measure_clock(titled(Fraction(1, 1000)), shots)

    assert (clock.rate, clock.variable) == (rate, False)
    assert clock.frame_at(shots[-1].end_pts) == sum(lengths)


def test_a_film_of_varying_rate_is_said_to_be_one() -> None:
    shots = [Shot(0, 0, 1000, 0, 1, 24, "none", "cut"), Shot(1, 1000, 2000, 1, 2, 30, "cut", "none")]

    clock = measure_clock(titled(Fraction(1, 1000)), shots)

    assert clock.variable
    assert clock.rate == Fraction(30000, 1001)
    assert not clock.drop_frame
    assert "varies" in clock.said()


def test_one_take_of_varying_rate_shows_in_its_stills() -> None:
    take = [Shot(0, 0, 4000, 0, 4, 100, "none", "none")]

    assert not measure_clock(titled(Fraction(1, 1000)), take, instants=[40, 1200, 3960]).variable
    assert measure_clock(titled(Fraction(1, 1000)), take, instants=[40, 1220, 3960]).variable


def test_a_mean_rate_that_no_film_has_is_a_varying_one() -> None:
    assert measure_clock(titled(Fraction(1, 1000)), [Shot(0, 0, 10_000, 0, 10, 86, "none", "none")]).variable


def test_a_guessed_last_frame_does_not_hide_the_rate() -> None:
    clock = measure_clock(titled(Fraction(1, 1000)), [Shot(0, 0, 4674, 0, 4.674, 70, "none", "none")])

    assert (clock.rate, clock.variable) == (15, False)


def test_a_title_without_shots_has_no_rate() -> None:
    assert measure_clock(titled(Fraction(1, 1000)), []).variable


@pytest.mark.parametrize(
    ("rate", "frame", "timecode"),
    [
        (Fraction(25), 0, "00:00:00:00"),
        (Fraction(25), 24, "00:00:00:24"),
        (Fraction(25), 25 * 3600 + 26, "01:00:01:01"),
        (FILM, 24 * 60, "00:01:00:00"),
        (NTSC, 29, "00:00:00;29"),
        (NTSC, 1799, "00:00:59;29"),
        (NTSC, 1800, "00:01:00;02"),
        (NTSC, 3597, "00:01:59;29"),
        (NTSC, 3598, "00:02:00;02"),
        (NTSC, 17981, "00:09:59;29"),
        (NTSC, 17982, "00:10:00;00"),
        (NTSC, 107892, "01:00:00;00"),
        (Fraction(60000, 1001), 3600, "00:01:00;04"),
        (Fraction(30), 1800, "00:01:00:00"),
    ],
)
def test_timecodes(rate: Fraction, frame: int, timecode: str) -> None:
    clock = Clock(rate, 1 / rate, 0, variable=False)

    assert clock.timecode(frame) == timecode


def test_drop_frame_keeps_with_the_clock_and_names_every_frame_once() -> None:
    clock = Clock(NTSC, 1 / NTSC, 0, variable=False)
    codes = [clock.timecode(frame) for frame in range(40_000)]

    assert len(set(codes)) == len(codes)
    assert codes == sorted(codes)
    for frame in range(0, 40_000, 997):
        h, m, s, f = (int(part) for part in codes[frame].replace(";", ":").split(":"))
        assert abs(h * 3600 + m * 60 + s + f / 29.97 - frame / float(NTSC)) < 0.08


def test_timecodes_begin_at_the_first_frame_shown() -> None:
    clock = Clock(Fraction(25), Fraction(1, 90000), 126_000, variable=False)

    assert clock.timecode(126_000 + 3600 * 25) == "00:00:01:00"
