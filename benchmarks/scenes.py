r"""Are artgen's scenes those that people see? Compares them with scenes labeled by eye.

    python benchmarks/scenes.py FILM [FILM ...] --cache CACHE --out FOLDER

Films are those of labels/scenes.csv. Frames folders are kept below --out and used again. Beside artgen's scenes stand one
scene a shot, a boundary every minute, and PySceneDetect's adaptive detector, whose "scenes" are shots.
"""

import argparse
import json
import statistics
import subprocess
import tempfile
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from films import film_facts
from labels import scene_starts
from peers import TOOLS, Run, prepare
from reporting import table

from artgen.extract import ExtractSettings, extract_film
from artgen.progress import Silent
from artgen.tag import TagSettings, tag_frames

FIXED_S = 60.0
NEAR_SHOTS = 1
SLACK_S = 0.25  # a scene that reaches no further into another has the same bounds, told by other means

Spans = list[tuple[float, float]]


def spans_of(starts: Sequence[float], end_s: float) -> Spans:
    """Scenes as [start, end) in seconds that lie one after another; the first begins at 0."""
    inner = [start for start in sorted(set(starts))[1:] if start < end_s]
    return list(pairwise([0.0, *inner, end_s]))


def boundary_f1(found: Spans, labeled: Spans, shot_starts: Sequence[float]) -> float:
    """F1 of boundaries, one to one, where a boundary is right at most NEAR_SHOTS shots away; 1 where there are none."""

    def places(spans: Spans) -> list[int]:
        return [int(np.abs(np.array(shot_starts) - start).argmin()) for start, _ in spans[1:]]

    open_to, hits = places(found), 0
    for wanted in places(labeled):
        near = sorted((abs(place - wanted), place) for place in open_to if abs(place - wanted) <= NEAR_SHOTS)
        if near:
            open_to.remove(near[0][1])
            hits += 1
    total = len(found) + len(labeled) - 2
    return 2 * hits / total if total else 1.0


def coverage(found: Spans, labeled: Spans) -> float:
    """How much of each labeled scene its largest found scene holds, weighted by time: 1 where none is split.

    Source: Vendrig and Worring, "Systematic evaluation of logical story unit segmentation", 2002.
    """
    held = [max(shared(scene, other) for other in found) for scene in labeled]
    return sum(held) / sum(end - start for start, end in labeled)


def overflow(found: Spans, labeled: Spans) -> float:
    """How far found scenes reach into the neighbors of each labeled one, weighted by time: 0 where none are joined.

    Source: as coverage. What reaches beyond the neighbors counts no
    more than all of them, what shares under SLACK_S with the scene not at all.
    """
    total = 0.0
    for i, scene in enumerate(labeled):
        around = [labeled[j][1] - labeled[j][0] for j in (i - 1, i + 1) if 0 <= j < len(labeled)]
        beyond = sum(
            end - start - shared((start, end), scene)
            for start, end in found
            if shared((start, end), scene) > SLACK_S
        )
        reach = min(1.0, beyond / sum(around)) if around else 0.0
        total += reach * (scene[1] - scene[0])
    return total / sum(end - start for start, end in labeled)


def shared(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Seconds that two spans have in common."""
    return max(0.0, min(one[1], other[1]) - max(one[0], other[0]))


def scores(found: Spans, labeled: Spans, shot_starts: Sequence[float]) -> dict[str, float]:
    """All measures of scenes found; F-CO is the harmonic mean of coverage and 1 - overflow."""
    covered, clean = coverage(found, labeled), 1 - overflow(found, labeled)
    return {
        "scenes": len(found),
        "boundary F1": boundary_f1(found, labeled, shot_starts),
        "coverage": covered,
        "overflow": 1 - clean,
        "F-CO": 2 * covered * clean / (covered + clean) if covered + clean else 0.0,
    }


def pyscenedetect(film: Path, cache: Path) -> list[float]:
    """Starts of what PySceneDetect's adaptive detector calls scenes; frames are taken to be as long as each other."""
    tool = next(tool for tool in TOOLS if tool.name == "PySceneDetect adaptive")
    assert tool.changes is not None
    with tempfile.TemporaryDirectory() as folder:
        run = Run(film, Path(folder), Path(folder) / "log.txt")
        command = tool.command(prepare(tool.environment, cache), run)
        subprocess.run(command, check=True, capture_output=True, stdin=subprocess.DEVNULL)
        changes = tool.changes(run)
    facts = film_facts(film)
    return [0.0, *(change.first_frame * facts.seconds / facts.frames for change in changes)]


def ways(
    film: Path, shots: Sequence[Mapping[str, Any]], frames: Path, cache: Path
) -> dict[str, Callable[[], list[float]]]:
    """Starts of scenes by each way, its name first."""
    lines = (frames / "scenes.jsonl").read_text(encoding="utf-8").splitlines()
    return {
        "artgen": lambda: [json.loads(line)["start_s"] for line in lines],
        "a scene a shot": lambda: [shot["start_s"] for shot in shots],
        "every minute": lambda: list(np.arange(0.0, shots[-1]["end_s"], FIXED_S)),
        "PySceneDetect adaptive": lambda: pyscenedetect(film, cache),
    }


def main() -> None:
    """Find, score, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("films", type=Path, nargs="+")
    parser.add_argument("--out", type=Path, required=True, help="folder for frames folders")
    parser.add_argument("--cache", type=Path, required=True, help="where PySceneDetect is installed")
    asked = parser.parse_args()
    rows: dict[str, list[dict[str, float]]] = {}
    names = ["scenes", "boundary F1", "coverage", "overflow", "F-CO"]
    for film in asked.films:
        frames = asked.out / film.stem / "frames"
        extract_film(film, frames, settings=ExtractSettings(), progress=Silent())
        tag_frames(frames, settings=TagSettings(), progress=Silent())
        shots = [json.loads(line) for line in (frames / "shots.jsonl").read_text().splitlines()]
        end_s, starts = shots[-1]["end_s"], [shot["start_s"] for shot in shots]
        labeled = spans_of(scene_starts(film.name), end_s)
        print(f"{film.name}: {len(shots)} shots, {len(labeled)} scenes by eye\n")
        lines = []
        for way, found in ways(film, shots, frames, asked.cache).items():
            reached = scores(spans_of(found(), end_s), labeled, starts)
            rows.setdefault(way, []).append(reached)
            lines.append([way, *(f"{reached[name]:.3g}" for name in names)])
        print(table(["scenes by", *names], lines), end="\n\n")
    print("mean\n")
    means = [
        [way, *(f"{statistics.mean(one[name] for one in own):.3g}" for name in names)]
        for way, own in rows.items()
    ]
    print(table(["scenes by", *names], means))


if __name__ == "__main__":
    main()
