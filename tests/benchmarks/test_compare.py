"""The order of rounds, what is chosen, scored, kept and shown."""

import sys
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))
from compare import Bench, chosen, find_film, rotated, scored
from films import FilmFacts, film_facts, frame_numbers, lengthened
from peers import DECODING, TOOLS, Tool
from reporting import (
    Accuracy,
    Embedding,
    Results,
    Timing,
    accuracy_table,
    embedding_table,
    everything,
    medians,
    read_results,
    speed_table,
    table,
    write_results,
)
from trecvid import Change, Labels

FILM = FilmFacts("film.mp4", 60.0, 1500, 1280, 720, "h264")


def cut(last: int) -> Change:
    return Change("cut", last, last + 1)


def timing(tool: str, number: int, wall_s: float, *, exit_code: int = 0) -> Timing:
    return Timing("film.mp4", tool, number, wall_s, 2 * wall_s, 100.0 + wall_s, exit_code)


def judged(tool: str, found: list[Change], film: str = "film.mp4") -> Accuracy:
    kinds = Tool(tool, "shots", "artgen", lambda program, run: [], tells_kinds=True)
    labels = Labels([cut(10), cut(50), Change("dissolve", 100, 130)])
    return scored("real", film, kinds, labels, found)


def test_every_round_has_every_tool_once_and_starts_with_another() -> None:
    orders = [rotated("abcd", number) for number in range(8)]

    assert all(sorted(order) == list("abcd") for order in orders)
    assert {order[0] for order in orders} == set("abcd")
    assert len({(one, other) for order in orders for one, other in pairwise(order)}) > 6


def test_decoding_is_measured_whatever_is_left_out() -> None:
    only = chosen(TOOLS, only=["artgen"], without=["alone", "ffmpeg"])

    assert [tool.name for tool in only] == [DECODING, "artgen extract"]


def test_medians_take_runs_that_ended_well() -> None:
    runs = [timing("a", 0, 3.0), timing("a", 1, 1.0), timing("a", 2, 2.0), timing("a", 3, 0.1, exit_code=1)]

    cost = medians(runs, film="film.mp4", tool="a")

    assert cost is not None
    assert (cost.rounds, cost.wall_s, cost.processor_s, cost.peak_mb) == (3, 2.0, 4.0, 102.0)
    assert medians(runs[3:], film="film.mp4", tool="a") is None
    assert medians(runs, film="other.mp4", tool="a") is None


def test_a_tool_is_scored_exactly_nearly_and_by_kind() -> None:
    accuracy = judged("a", [cut(10), cut(51), cut(110)])

    assert accuracy.exact.together.hits == 2
    assert accuracy.near.together.hits == 3
    assert accuracy.of_kind is not None
    assert accuracy.of_kind.together.hits == 2  # the dissolve was called a cut


def test_speed_stands_beside_accuracy_and_decoding_is_one() -> None:
    results = Results({}, timings=[timing(DECODING, 0, 2.0), timing("a", 0, 5.0)])
    results.accuracy = [judged("a", [cut(10), cut(51), cut(110)])]

    lines = speed_table(results, FILM, floor=DECODING).splitlines()
    cells = [cell.strip() for cell in lines[-1].strip("|").split("|")]

    assert cells == ["a", "1", "5.00", "10.00", "105", "2.50", "2.50", "0.667", "1.000"]
    assert "| 1.00" in lines[-2]


def test_a_tool_that_always_failed_is_shown_as_failed() -> None:
    results = Results({}, timings=[timing(DECODING, 0, 2.0), timing("a", 0, 5.0, exit_code=-9)])

    assert "failed" in speed_table(results, FILM, floor=DECODING).splitlines()[-1]


def test_accuracy_adds_films_up_and_names_the_worst() -> None:
    everywhere = [cut(10), cut(50), Change("dissolve", 100, 130)]
    results = Results({}, accuracy=[judged("a", everywhere, "good.mp4"), judged("a", [cut(10)], "bad.mp4")])

    shown = accuracy_table(results, "real")

    assert "2 films, 6 changes" in shown
    assert "| 1.000 | 0.667 | 0.800 |" in shown
    assert "0.500 bad.mp4" in shown


def test_what_was_not_labeled_is_not_called_perfect() -> None:
    only_cuts = Tool("a", "shots", "artgen", lambda program, run: [])
    results = Results({}, accuracy=[scored("real", "a.mp4", only_cuts, Labels([cut(3)]), [cut(3)])])

    cells = [cell.strip() for cell in accuracy_table(results, "real").splitlines()[-1].strip("|").split("|")]

    assert cells == ["a", "1.000", "1.000", "1.000", "1.000", "1.000", "none", "", "1.000 a.mp4"]


def test_embedding_is_told_in_pictures_a_second() -> None:
    runs = [
        Embedding("artgen", 0, 96, 2.0, 3.84, "int8", 1),
        Embedding("open_clip", 0, 96, 6.0, 12.0, "fp32", 16),
    ]

    shown = embedding_table(Results({}, embedding=runs))

    cells = [cell.strip() for cell in shown.splitlines()[4].strip("|").split("|")]
    assert cells == ["artgen (int8, batch 1)", "48.0", "3.00", "40"]


def test_results_survive_a_round_trip(tmp_path: Path) -> None:
    results = Results({"cores": 2}, films=[FILM], timings=[timing("a", 0, 1.5)], left_out={"b": "not here"})
    results.accuracy = [judged("a", [cut(10)])]

    write_results(results, tmp_path / "results.json")
    read = read_results(tmp_path / "results.json")

    assert everything(read, floor=DECODING) == everything(results, floor=DECODING)
    assert "left out: b: not here" in everything(read, floor=DECODING)
    assert [path.name for path in tmp_path.iterdir()] == ["results.json"]


def test_columns_of_a_table_stand_below_each_other() -> None:
    lines = table(["a", "long name"], [["something", "1"], ["b", "2"]]).splitlines()

    assert len({len(line) for line in lines}) == 1
    assert lines[1].replace(" ", "") == "|---------|---------|"


def test_a_labeled_film_is_sought_in_all_folders(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "film.mp4").touch()

    assert find_film("film.mp4", [tmp_path / "a", tmp_path / "b"]) == tmp_path / "b" / "film.mp4"
    assert find_film("other.mp4", [tmp_path / "b"]) is None


def test_a_film_is_lengthened_without_encoding_it_again(tmp_path: Path, shared_media: Path) -> None:
    short = shared_media / "titles" / "sintel_26s.mp4"

    made = lengthened(short, tmp_path, minutes=1)
    facts, of_short = film_facts(made), film_facts(short)

    assert facts.seconds == pytest.approx(60, abs=0.2)
    assert replace(facts, name="", seconds=0, frames=0) == replace(of_short, name="", seconds=0, frames=0)
    assert made.stat().st_size == pytest.approx(short.stat().st_size * 60 / of_short.seconds, rel=0.35)
    assert lengthened(short, tmp_path, minutes=1) == made
    assert len(frame_numbers(made)) == facts.frames


def test_one_round_on_a_real_film_gives_times_and_scores(tmp_path: Path, shared_media: Path) -> None:
    film = shared_media / "titles" / "hamilton_10s.mp4"
    bench = Bench(tmp_path, chosen(TOOLS, only=["scdet"], without=[]), tmp_path / "results.json")

    for tool in bench.tools:
        bench.time(film, tool, 0)
    bench.judge("real", film, Labels([cut(19)]), bench.tools[-1])

    read = read_results(tmp_path / "results.json")
    assert [run.tool for run in read.timings] == [DECODING, "ffmpeg scdet"]
    assert all(run.exit_code == 0 and 0 < run.wall_s < 60 for run in read.timings)
    assert read.accuracy[0].near.together.labeled == 1
