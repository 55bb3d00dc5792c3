r"""artgen and its peers on the same files: time, memory and accuracy side by side.

    python benchmarks/compare.py FILM [FILM ...] --cache FOLDER \
        --labels ../shared/media/shots/labels.csv --films ../shared/media/titles --rounds 3 --json results.json

Every round runs every tool on every FILM once, each round in another order. --lengthen FILM MINUTES [MINUTES ...] adds a
film that is repeated to these lengths without being encoded again. Labels (file, kind, last_frame, first_frame, counted
from 0) name films in the folders --films; there, each tool runs once more and is scored (trecvid.py). Peers are installed
below --cache at first use, several gigabytes, mostly for TransNetV2; delete their folders there for newer releases.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

from films import film_facts, lengthened
from peers import DECODING, RUNNERS, TOOLS, PeerError, Run, Tool, prepare, search_path, versions
from processes import Cost, run_measured
from reporting import (
    Accuracy,
    Embedding,
    Results,
    Timing,
    describe_machine,
    everything,
    write_results,
)
from trecvid import Change, Labels, read_labels, score

T = TypeVar("T")
LIMIT_S = 4 * 3600.0  # longer than any tool needs for the longest film here: a tool that hangs ends
NEAR_FRAMES = 2
EMBEDDED = 192  # pictures a round


class Bench:
    """Runs tools on films and gathers what they cost and found."""

    def __init__(self, cache: Path, tools: Sequence[Tool], file: Path | None) -> None:
        """Prepare the tools; those that cannot be had are named in the results with the reason."""
        self.results = Results(describe_machine())
        self._cache, self._file = cache, file
        self._variables = search_path(cache)
        self._programs: dict[str, str] = {}
        self.tools: list[Tool] = []
        for tool in tools:
            try:
                program = self._programs.get(tool.environment) or prepare(tool.environment, cache)
            except PeerError as reason:
                self.results.left_out[tool.name] = f"cannot be installed: {reason}"
                continue
            self._programs[tool.environment] = program
            self.results.versions[tool.environment] = versions(tool.environment, program)
            self.tools.append(tool)

    def time(self, film: Path, tool: Tool, number: int) -> None:
        """Run a tool on a film and keep what it cost."""
        with tempfile.TemporaryDirectory() as folder:
            cost = self._run(tool, _run_in(Path(folder), film))
        wall_s, processor_s = round(cost.wall_s, 4), round(cost.processor_s, 4)
        self.results.timings.append(
            Timing(film.name, tool.name, number, wall_s, processor_s, cost.peak_mb, cost.exit_code)
        )
        self._say(
            f"round {number + 1}  {film.name}  {tool.name}: {wall_s:.2f} s, processor {processor_s:.2f} s"
        )

    def judge(self, name: str, film: Path, labels: Labels, tool: Tool) -> None:
        """Run a tool on a labeled film and keep how right it was; a tool that fails has found nothing."""
        with tempfile.TemporaryDirectory() as folder:
            run = _run_in(Path(folder), film)
            cost = self._run(tool, run)
            found = tool.changes(run) if tool.changes is not None and cost.exit_code == 0 else []
        accuracy = scored(name, film.name, tool, labels, found)
        self.results.accuracy.append(accuracy)
        self._say(f"{name}  {film.name}  {tool.name}: F1 {accuracy.near.together.f1:.3f}")

    def embed(self, pictures: Path, rounds: int, device: str) -> None:
        """Time artgen's embedding of stills beside a plain loop and its own bare forward pass."""
        model = (self._cache / "random-vit-b-32").resolve()
        runner = [sys.executable, str(RUNNERS / "embedding.py")]
        if not (model / "model.safetensors").exists():
            subprocess.run([*runner, "make", str(model)], check=True)
        for number in range(rounds):
            for way in rotated(["artgen", "files", "bare", "open_clip"], number):
                command = [*runner, way, str(model), str(pictures), str(EMBEDDED), device]
                done = subprocess.run(command, check=True, capture_output=True, text=True)
                told = json.loads(done.stdout.splitlines()[-1])
                self.results.embedding.append(Embedding(round=number, **told))
                self._say(
                    f"round {number + 1}  embedding  {way}: {told['pictures'] / told['seconds']:.1f} a second"
                )

    def _run(self, tool: Tool, run: Run) -> Cost:
        command = tool.command(self._programs[tool.environment], run)
        variables = self._variables
        cost = run_measured(command, folder=run.out, log=run.log, environment=variables, limit_s=LIMIT_S)
        if cost.exit_code != 0:
            said = run.log.read_text(errors="replace").strip().splitlines() or ["nothing said"]
            self.results.left_out[f"{tool.name} on {run.film.name}"] = (
                f"exit code {cost.exit_code}: {said[-1]}"
            )
        return cost

    def _say(self, line: str) -> None:
        print(line, file=sys.stderr)
        if self._file is not None:
            write_results(self.results, self._file)


def scored(labels_name: str, film: str, tool: Tool, labels: Labels, found: Sequence[Change]) -> Accuracy:
    """Score what a tool found in one film in the three ways that are told."""
    truth, unsure = labels.changes, labels.unsure
    kinds = None
    if tool.tells_kinds:
        kinds = score(truth, found, tolerance_frames=NEAR_FRAMES, same_kind=True, unsure=unsure)
    return Accuracy(
        labels=labels_name,
        film=film,
        tool=tool.name,
        exact=score(truth, found, tolerance_frames=0, unsure=unsure),
        near=score(truth, found, tolerance_frames=NEAR_FRAMES, unsure=unsure),
        of_kind=kinds,
        found=[(change.kind, change.last_frame, change.first_frame) for change in found],
    )


def rotated(things: Sequence[T], number: int) -> list[T]:
    """Another order each round, so that no tool always follows the same one: there, back, and moved on by one."""
    start = number // 2 % max(1, len(things))
    order = [*things[start:], *things[:start]]
    return order[::-1] if number % 2 else order


def find_film(name: str, folders: Sequence[Path]) -> Path | None:
    """The file of that name in the first of the folders that has it."""
    return next((folder / name for folder in folders if (folder / name).is_file()), None)


def _run_in(folder: Path, film: Path) -> Run:
    out = folder / "out"
    out.mkdir()
    return Run(film.resolve(), out, folder / "log.txt")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("timed", metavar="FILM", type=Path, nargs="*", help="films to measure time on")
    parser.add_argument("--cache", type=Path, required=True, help="where peers and lengthened films are kept")
    parser.add_argument(
        "--lengthen", nargs="+", action="append", default=[], metavar=("FILM", "MINUTES"), help="see above"
    )
    parser.add_argument("--labels", type=Path, nargs="+", default=[])
    parser.add_argument("--films", type=Path, nargs="+", default=[], help="folders of the labeled films")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path, help="file to write, anew after every run")
    parser.add_argument("--without", nargs="+", default=[], metavar="WORD", help="leave out tools named so")
    parser.add_argument("--only", nargs="+", default=[], metavar="WORD", help="run only tools named so")
    parser.add_argument("--once", nargs="+", default=[], metavar="WORD", help="slow tools, run in one round")
    parser.add_argument("--embed", type=Path, metavar="FOLDER", help="time CLIP on the pictures there, too")
    parser.add_argument("--device", default="cpu", help="where CLIP runs; films are the processor's work")
    return parser.parse_args()


def named(tool: Tool, words: Sequence[str]) -> bool:
    """Whether one of the words is in the tool's name, whatever the case."""
    return any(word.lower() in tool.name.lower() for word in words)


def chosen(tools: Sequence[Tool], *, only: Sequence[str], without: Sequence[str]) -> list[Tool]:
    """The tools whose names hold one of the words `only`, if any, and none of `without`; decoding always."""
    return [
        tool
        for tool in tools
        if tool.name == DECODING or ((not only or named(tool, only)) and not named(tool, without))
    ]


def main() -> None:
    """Measure, print, write."""
    asked = _arguments()
    asked.cache.mkdir(parents=True, exist_ok=True)
    bench = Bench(asked.cache, chosen(TOOLS, only=asked.only, without=asked.without), asked.json)
    films = list(asked.timed)
    for film, *lengths in asked.lengthen:
        films += [lengthened(Path(film), asked.cache, minutes=float(minutes)) for minutes in lengths]
    bench.results.films += [film_facts(film) for film in films]
    for number in range(asked.rounds):
        for film in films:
            for tool in rotated(bench.tools, number):
                if number == 0 or not named(tool, asked.once):
                    bench.time(film, tool, number)
    for file in asked.labels:
        for name, labels in read_labels([file]).items():
            film = find_film(name, asked.films)
            if film is None:
                bench.results.left_out[f"{file.stem}: {name}"] = "the film is in no folder of --films"
                continue
            for tool in bench.tools:
                if tool.changes is not None:
                    bench.judge(file.stem, film, labels, tool)
    if asked.embed is not None:
        bench.embed(asked.embed, asked.rounds, asked.device)
    if asked.json is not None:
        write_results(bench.results, asked.json)
    print(everything(bench.results, floor=DECODING))


if __name__ == "__main__":
    main()
