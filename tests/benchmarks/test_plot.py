"""Plots hold what was measured where it belongs, and names can be read."""

import re
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))
from films import FilmFacts
from peers import DECODING
from plot import NothingToDrawError, draw_accuracy, draw_lengths
from reporting import Accuracy, Results, Timing
from svg import DARK, LIGHT, Axis, beside
from trecvid import Count, Score

SVG = "{http://www.w3.org/2000/svg}"
FILM = FilmFacts("film.mkv", 600, 15000, 1280, 720, "h264")


def measured(tool: str, wall_s: float, hits: int | None, film: FilmFacts = FILM) -> Results:
    """Results of one tool; `hits` changes of 100 were found, and nothing else."""
    near = Score(Count(hits, 100, hits)) if hits is not None else Score()
    accuracy = [] if hits is None else [Accuracy("real", "a.mp4", tool, Score(), near, None, ())]
    timings = [Timing(film.name, tool, 0, wall_s, wall_s, 200.0, 0)]
    return Results({}, films=[film], timings=timings, accuracy=accuracy)


def joined(*several: Results) -> Results:
    together = Results({})
    for one in several:
        together.films += [film for film in one.films if film not in together.films]
        together.timings += one.timings
        together.accuracy += one.accuracy
    return together


def texts(drawn: str) -> list[str]:
    return [str(part.text) for part in ET.fromstring(drawn).iter(f"{SVG}text")]


def dots(drawn: str, kind: str) -> list[tuple[float, float]]:
    circles = ET.fromstring(drawn).iter(f"{SVG}circle")
    return [(float(c.attrib["cx"]), float(c.attrib["cy"])) for c in circles if c.attrib["class"] == kind]


def test_faster_is_left_and_more_accurate_is_up() -> None:
    results = joined(
        measured(DECODING, 10, None), measured("artgen extract", 8, 98), measured("slow & wrong", 80, 60)
    )

    drawn = draw_accuracy(results, film=FILM, labels=["real"])

    ((x, y),), ((other_x, other_y),) = dots(drawn, "ours"), dots(drawn, "theirs")
    assert x < other_x
    assert y < other_y
    assert {"artgen extract", "slow & wrong"} <= set(texts(drawn))
    assert DECODING not in texts(drawn)  # it finds nothing


def test_a_tool_that_was_not_scored_on_all_labels_is_no_point() -> None:
    results = joined(measured(DECODING, 10, None), measured("artgen extract", 8, 98))

    with pytest.raises(NothingToDrawError, match="scored on real, made"):
        draw_accuracy(results, film=FILM, labels=["real", "made"])


def test_without_decoding_there_is_nothing_to_compare_with() -> None:
    with pytest.raises(NothingToDrawError, match="not measured on film"):
        draw_accuracy(measured("artgen extract", 8, 98), film=FILM, labels=["real"])


def test_work_in_proportion_to_length_is_a_straight_line() -> None:
    films = [FilmFacts(f"{minutes}.mkv", minutes * 60, 1, 1280, 720, "h264") for minutes in (180, 10, 60)]
    each = [measured("artgen extract", film.seconds / 10, None, film) for film in films]

    drawn = draw_lengths(joined(*each))

    lines = re.findall(r'<path d="M([^"]+)" class="ours"', drawn)
    assert len(lines) == 2  # time and memory
    for line in lines:
        (x0, y0), (x1, y1), (x2, y2) = (map(float, point.split()) for point in line.split(" L"))
        assert x0 < x1 < x2
        assert (y1 - y0) / (x1 - x0) == pytest.approx((y2 - y0) / (x2 - x0), abs=0.01)
    assert {"10.mkv", "minutes of work"} & set(texts(drawn)) == {"minutes of work"}


def test_one_length_is_no_line() -> None:
    with pytest.raises(NothingToDrawError, match="1 lengths"):
        draw_lengths(measured("artgen extract", 8, None))


def test_a_plot_has_colors_for_light_and_for_dark_pages_and_says_what_it_shows() -> None:
    drawn = draw_accuracy(
        joined(measured(DECODING, 10, None), measured("artgen extract", 8, 98)), film=FILM, labels=["real"]
    )

    light, _, dark = drawn.partition("@media (prefers-color-scheme: dark)")
    assert all(color in light for color in LIGHT.values())
    assert all(color in dark for color in DARK.values())
    assert "0.990 at 0.80 times" in ET.fromstring(drawn).attrib["aria-label"]


@pytest.mark.parametrize(
    ("axis", "ticks"),
    [
        (Axis(0, 180, 0, 100), [0, 50, 100, 150]),
        (Axis(0.6, 1.0, 0, 100), [0.6, 0.7, 0.8, 0.9, 1.0]),
        (Axis(0.4, 25, 0, 100, logarithmic=True), [0.5, 1, 2, 5, 10, 20]),
        (Axis(0, 3, 0, 100), [0, 0.5, 1, 1.5, 2, 2.5, 3]),
    ],
)
def test_ticks_are_round_and_on_the_axis(axis: Axis, ticks: list[float]) -> None:
    assert axis.ticks() == pytest.approx(ticks)


def test_an_axis_may_run_down_and_may_be_logarithmic() -> None:
    assert Axis(0, 10, 300, 100).at(5) == 200
    assert Axis(1, 100, 0, 100, logarithmic=True).at(10) == pytest.approx(50)


def test_names_of_near_points_do_not_lie_on_each_other() -> None:
    points = [(100.0 + 4 * number, 100.0 + number, f"tool number {number}") for number in range(6)]

    places = beside(points, within=(0, 0, 400, 300))

    assert len({(round(y / 12), anchor) for _, y, anchor in places}) == 6


def test_a_name_at_the_edge_stands_on_the_other_side() -> None:
    ((x, _, anchor),) = beside([(390.0, 100.0, "a long name")], within=(0, 0, 400, 300))

    assert anchor == "end"
    assert x < 390
