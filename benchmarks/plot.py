"""Draws what compare.py measured as SVG for light and dark pages.

    python benchmarks/plot.py accuracy results.json docs/images/speed.svg [--film NAME] [--labels NAME ...]
    python benchmarks/plot.py lengths lengths.json docs/images/lengths.svg

`accuracy`: F1 of the changes of shot on the labeled films against time on one film, in multiples of what ffmpeg needs to
decode it. `lengths`: time and peak memory of `artgen extract` against the length of a title.
"""

import argparse
from collections.abc import Iterable, Sequence
from pathlib import Path

from films import FilmFacts
from peers import DECODING
from reporting import Results, medians, read_results, total
from svg import Axis, Drawing, beside, frame
from trecvid import Score

EXTRACT = "artgen extract"
OURS, THEIRS = "ours", "theirs"


class NothingToDrawError(ValueError):
    """The results lack what the plot is about; says what."""


def draw_accuracy(results: Results, *, film: FilmFacts, labels: Sequence[str]) -> str:
    """The plot of accuracy against speed.

    Args:
        results: what compare.py wrote.
        film: on which time was measured.
        labels: sets of labels, whose films are taken together.

    Raises:
        NothingToDrawError: no tool was both timed and scored, or decoding was not timed.
    """
    base = medians(results.timings, film=film.name, tool=DECODING)
    if base is None:
        raise NothingToDrawError(f"{DECODING} was not measured on {film.name}")
    points: list[tuple[float, float, str]] = []
    for tool in dict.fromkeys(one.tool for one in results.accuracy):
        cost = medians(results.timings, film=film.name, tool=tool)
        reached = [total(results.accuracy, labels=name, tool=tool) for name in labels]
        if cost is not None and all(reached):
            near = sum((one.near for one in reached if one), Score())
            points.append((cost.wall_s / base.wall_s, near.together.f1, tool))
    if not points:
        raise NothingToDrawError(f"no tool was both timed on {film.name} and scored on {', '.join(labels)}")
    judged = len({(one.labels, one.film) for one in results.accuracy if one.labels in labels})
    drawing = Drawing(760, 445, f"F1 against time on {film.name}: " + _told(points))
    ratios = [ratio for ratio, _, _ in points] + [1.0]
    across = Axis(min(ratios) / 1.5, max(ratios) * 1.5, 60, 735, logarithmic=True)
    lowest = min(value for _, value, _ in points)
    lowest = max(0.0, int(lowest * 10 - 0.2) / 10)
    up = Axis(lowest, 1 + 0.06 * (1 - lowest), 385, 95)
    drawing.text(20, 30, "Changes of shot: accuracy against time", kind="title")
    drawing.text(
        20,
        50,
        "up: more accurate; left: faster; broken line: ffmpeg decoding the film to nothing",
        kind="quiet",
    )
    names = f"time on {_length(film)} of {film.width}x{film.height}, times that of ffmpeg's decoding alone"
    frame(drawing, across, up, labels=(names, f"F1 within 2 frames; labeled films: {judged}"))
    drawing.line(across.at(1), up.start, across.at(1), up.end, kind="floor")
    drawn = [(across.at(ratio), up.at(value), name) for ratio, value, name in points]
    for (x, y, name), place in zip(drawn, beside(drawn, within=(62, up.end, 752, up.start)), strict=True):
        kind = OURS if name.startswith("artgen") else THEIRS
        drawing.dot(x, y, kind=kind)
        drawing.text(place[0], place[1], name, kind=kind if kind == OURS else "", anchor=place[2])
    return str(drawing)


def draw_lengths(results: Results) -> str:
    """The plot of time and of memory against length of title.

    Raises:
        NothingToDrawError: extract was measured on fewer than two lengths.
    """
    films = sorted(results.films, key=lambda one: one.seconds)
    lines = {tool: _line(results, films, tool) for tool in (EXTRACT, DECODING)}
    ours = lines[EXTRACT]
    if len(ours) < 2:
        raise NothingToDrawError(f"{EXTRACT} was measured on {len(ours)} lengths; two are needed")
    drawing = Drawing(760, 360, "Time and memory of artgen extract against length of title")
    last = films[-1]
    longest = max(minutes for minutes, _, _ in ours)
    drawing.text(20, 30, f"{EXTRACT}: time and memory against length", kind="title")
    drawing.text(20, 50, f"{last.width}x{last.height} {last.codec}, one film repeated", kind="quiet")
    times = [spent for points in lines.values() for _, spent, _ in points]
    across, up = Axis(0, longest, 60, 340), Axis(0, max(times) * 1.15, 295, 95)
    frame(drawing, across, up, labels=("minutes of film", "minutes of work"))
    for row, (tool, kind) in enumerate(((EXTRACT, OURS), (DECODING, THEIRS))):
        drawn = [(across.at(minutes), up.at(spent)) for minutes, spent, _ in lines[tool]]
        _draw_line(drawing, drawn, kind)
        drawing.dot(across.start + 14, up.end + 14 + 20 * row, kind=kind)
        drawing.text(across.start + 24, up.end + 18 + 20 * row, tool, kind=kind if kind == OURS else "")
    peaks = [(minutes, peak) for minutes, _, peak in ours if peak is not None]
    if peaks:
        across = Axis(0, longest, 445, 725)
        up = Axis(0, max(400.0, max(peak for _, peak in peaks) * 1.15), 295, 95)
        frame(drawing, across, up, labels=("minutes of film", "peak memory, MB"))
        _draw_line(drawing, [(across.at(minutes), up.at(peak)) for minutes, peak in peaks], OURS)
    return str(drawing)


def _line(results: Results, films: Iterable[FilmFacts], tool: str) -> list[tuple[float, float, float | None]]:
    """(minutes of film, minutes of work, peak MB) of each length."""
    found = [(film, medians(results.timings, film=film.name, tool=tool)) for film in films]
    return [(film.seconds / 60, cost.wall_s / 60, cost.peak_mb) for film, cost in found if cost is not None]


def _draw_line(drawing: Drawing, points: Sequence[tuple[float, float]], kind: str) -> None:
    if points:
        drawing.path(points, kind=kind)
    for x, y in points:
        drawing.dot(x, y, kind=kind, radius=3.5)


def _length(film: FilmFacts) -> str:
    return f"{film.seconds:.0f} s" if film.seconds < 90 else f"{film.seconds / 60:.0f} minutes"


def _told(points: Iterable[tuple[float, float, str]]) -> str:
    return "; ".join(f"{name} {value:.3f} at {ratio:.2f} times" for ratio, value, name in points)


def main() -> None:
    """Draw one plot."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("about", choices=["accuracy", "lengths"])
    parser.add_argument("results", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--film", help="on which time was measured; default: the longest")
    parser.add_argument("--labels", nargs="+", help="sets of labels by the name of their file; default: all")
    asked = parser.parse_args()
    results = read_results(asked.results)
    if asked.about == "lengths":
        asked.out.write_text(draw_lengths(results), encoding="utf-8")
        return
    films = [film for film in results.films if asked.film in (None, film.name)]
    if not films:
        parser.error(f"{asked.results} has no film {asked.film or 'at all'}")
    labels = asked.labels or list(dict.fromkeys(one.labels for one in results.accuracy))
    longest = max(films, key=lambda film: film.seconds)
    asked.out.write_text(draw_accuracy(results, film=longest, labels=labels), encoding="utf-8")


if __name__ == "__main__":
    main()
