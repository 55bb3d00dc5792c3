"""What was measured, as the JSON that other commands read and the tables that people read."""

import json
import os
import platform
import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from films import FilmFacts
from trecvid import Count, Score

FORMAT = 1
TOLERANCES = (0, 2)  # frames


@dataclass(frozen=True, slots=True)
class Timing:
    """One run of one tool on one film."""

    film: str
    tool: str
    round: int
    wall_s: float
    processor_s: float
    peak_mb: float | None
    exit_code: int


@dataclass(frozen=True, slots=True)
class Accuracy:
    """How one tool came out on one labeled film."""

    labels: str  # the set of labels
    film: str
    tool: str
    exact: Score  # cuts on their very frame
    near: Score  # cuts within two frames
    of_kind: (
        Score | None
    )  # within two frames, and cuts told from gradual changes; None of tools that tell no kinds
    found: Sequence[tuple[str, int, int]]


@dataclass(frozen=True, slots=True)
class Embedding:
    """One run over pictures with a CLIP model, loading left out."""

    way: str
    round: int
    pictures: int
    seconds: float
    processor_s: float
    precision: str
    batch: int


@dataclass(slots=True)
class Results:
    """Everything one run of the benchmark found; grows as it goes."""

    machine: dict[str, Any]
    format: int = FORMAT
    versions: dict[str, str] = field(default_factory=dict)
    left_out: dict[str, str] = field(default_factory=dict)
    films: list[FilmFacts] = field(default_factory=list)
    timings: list[Timing] = field(default_factory=list)
    accuracy: list[Accuracy] = field(default_factory=list)
    embedding: list[Embedding] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Medians:
    """What one tool costs on one film, over all rounds that ended well."""

    rounds: int
    wall_s: float
    processor_s: float
    peak_mb: float | None


def describe_machine() -> dict[str, Any]:
    """What the measured programs ran on, and how busy it was before."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    processor = platform.processor() or platform.machine()
    if (info := Path("/proc/cpuinfo")).exists():
        named = [
            line.partition(":")[2].strip() for line in info.read_text().splitlines() if "model name" in line
        ]
        processor = named[0] if named else processor
    memory_gb = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    return {
        "processor": processor,
        "cores": cores,
        "memory_gb": round(memory_gb, 1),
        "system": platform.system(),
        "python": platform.python_version(),
        "load_before": round(os.getloadavg()[0], 2),
    }


def write_results(results: Results, file: Path) -> None:
    """Write them whole: an earlier state stays if writing is cut short."""
    import msgspec

    unfinished = file.with_name(f".{file.name}.unfinished")
    unfinished.write_text(json.dumps(msgspec.to_builtins(results), indent=1) + "\n", encoding="utf-8")
    unfinished.replace(file)


def read_results(file: Path) -> Results:
    """Read what write_results wrote.

    Raises:
        msgspec.DecodeError: it is no such file.
    """
    import msgspec

    return msgspec.json.decode(file.read_bytes(), type=Results)


def medians(timings: Iterable[Timing], *, film: str, tool: str) -> Medians | None:
    """Medians of the runs that ended well; None if none did."""
    good = [run for run in timings if (run.film, run.tool, run.exit_code) == (film, tool, 0)]
    if not good:
        return None
    peaks = [run.peak_mb for run in good if run.peak_mb is not None]
    return Medians(
        rounds=len(good),
        wall_s=statistics.median(run.wall_s for run in good),
        processor_s=statistics.median(run.processor_s for run in good),
        peak_mb=statistics.median(peaks) if peaks else None,
    )


def total(accuracy: Iterable[Accuracy], *, labels: str, tool: str) -> Accuracy | None:
    """What a tool reached over all films of a set of labels; None if it was not scored on any."""
    own = [one for one in accuracy if (one.labels, one.tool) == (labels, tool)]
    if not own:
        return None
    kinds = [one.of_kind for one in own if one.of_kind is not None]
    return Accuracy(
        labels=labels,
        film="all",
        tool=tool,
        exact=sum((one.exact for one in own), Score()),
        near=sum((one.near for one in own), Score()),
        of_kind=sum(kinds, Score()) if kinds else None,
        found=(),
    )


def speed_table(results: Results, film: FilmFacts, *, floor: str) -> str:
    """Cost of every tool on a film beside its accuracy on the labeled ones, as Markdown."""
    sets = list(dict.fromkeys(one.labels for one in results.accuracy))
    head = ["tool", "runs", "wall s", "processor s", "peak MB", "wall / decoding", "processor / decoding"]
    head += [f"F1 {name}, ±{tolerance}" for name in sets for tolerance in TOLERANCES]
    base = medians(results.timings, film=film.name, tool=floor)
    rows = []
    for tool in dict.fromkeys(run.tool for run in results.timings if run.film == film.name):
        cost = medians(results.timings, film=film.name, tool=tool)
        if cost is None:
            cells = ["0", "failed", "", "", "", ""]
        else:
            peak = "?" if cost.peak_mb is None else f"{cost.peak_mb:.0f}"
            cells = [str(cost.rounds), f"{cost.wall_s:.2f}", f"{cost.processor_s:.2f}", peak]
            if base:
                ratios = cost.wall_s / base.wall_s, cost.processor_s / base.processor_s
                cells += [f"{ratio:.2f}" for ratio in ratios]
            else:
                cells += ["", ""]
        for name in sets:
            reached = total(results.accuracy, labels=name, tool=tool)
            scores = (reached.exact, reached.near) if reached else ()
            cells += [f"{one.together.f1:.3f}" for one in scores] or ["", ""]
        rows.append([tool, *cells])
    title = f"{film.name}: {film.seconds / 60:.1f} min, {film.frames} frames, {film.width}x{film.height}, {film.codec}"
    return f"{title}; medians of all runs\n\n{table(head, rows)}"


def accuracy_table(results: Results, labels: str) -> str:
    """Precision, recall and F1 of every tool on a set of labels, as Markdown."""
    own = [one for one in results.accuracy if one.labels == labels]
    films = dict.fromkeys(one.film for one in own)
    head = ["tool", "P ±2", "R ±2", "F1 ±2", "cuts F1 ±0", "cuts F1 ±2", "gradual F1", "F1 ±2, kinds told"]
    head += ["worst film, F1 ±2"]
    rows: list[list[str]] = []
    labeled = Count()
    for tool in dict.fromkeys(one.tool for one in own):
        reached = total(own, labels=labels, tool=tool)
        if reached is None:
            continue
        labeled, near = reached.near.together, reached.near.together
        worst = min((one for one in own if one.tool == tool), key=lambda one: one.near.together.f1)
        rates = [f"{near.precision:.3f}", f"{near.recall:.3f}"]
        rates += map(_f1, (near, reached.exact.cuts, reached.near.cuts, reached.near.graduals))
        told = _f1(reached.of_kind.together) if reached.of_kind else ""
        low = f"{worst.near.together.f1:.3f} {worst.film}"
        rows.append([tool, *rates, told, low])
    return f"{labels}: {len(films)} films, {labeled.labeled} changes of shot\n\n{table(head, rows)}"


def _f1(count: Count) -> str:
    return f"{count.f1:.3f}" if count.labeled or count.found else "none"


def embedding_table(results: Results) -> str:
    """Pictures a second of every way, as Markdown."""
    ways: dict[str, list[Embedding]] = {}
    for one in results.embedding:
        ways.setdefault(f"{one.way} ({one.precision}, batch {one.batch})", []).append(one)
    rates = {way: statistics.median(one.pictures / one.seconds for one in runs) for way, runs in ways.items()}
    slowest = min(rates.values(), default=1.0)
    rows = []
    for way, runs in ways.items():
        each_ms = statistics.median(1000 * one.processor_s / one.pictures for one in runs)
        rows.append([way, f"{rates[way]:.1f}", f"{rates[way] / slowest:.2f}", f"{each_ms:.0f}"])
    return (
        "ViT-B/32; files and open_clip decode and resize as well, artgen has the squares from looking at the stills\n\n"
        + table(["way", "pictures/s", "times the slowest", "processor ms a picture"], rows)
    )


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table with columns of equal width."""
    lines = [list(head), *map(list, rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    padded = [
        " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in lines
    ]
    rule = " | ".join("-" * width for width in widths)
    return "\n".join(f"| {line} |" for line in (padded[0], rule, *padded[1:]))


def everything(results: Results, *, floor: str) -> str:
    """All tables, and what was left out and why."""
    parts = [", ".join(f"{name} {value}" for name, value in results.machine.items())]
    parts.append("; ".join(results.versions.values()))
    parts += [speed_table(results, film, floor=floor) for film in results.films]
    parts += [accuracy_table(results, name) for name in dict.fromkeys(one.labels for one in results.accuracy)]
    if results.embedding:
        parts.append(embedding_table(results))
    parts += [_failures(results.left_out)] if results.left_out else []
    return "\n\n".join(parts)


def _failures(left_out: Mapping[str, str]) -> str:
    return "\n".join(f"left out: {name}: {reason}" for name, reason in left_out.items())
