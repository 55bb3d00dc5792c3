"""How well changes of shot are found: artgen beside PySceneDetect on the same films.

    python benchmarks/shots_accuracy.py FILMS LABELS.csv [LABELS.csv ...] [--made N]

LABELS.csv has file, kind, last_frame, first_frame (counted from 0) and is complete for the films it names. --made N
adds N films mixed out of the labeled shots, written as H.264. Scored as TRECVID does: each change found matches one
labeled change at most; changes of at most five frames count as cuts, which match within the tolerance, longer ones
match by overlap.
"""

import argparse
import csv
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

Change = tuple[str, int, int]  # kind, last frame of the old shot, first frame of the new
SHORT = 5  # frames: a gradual change no longer than this counts as a cut
TOLERANCES = (0, 2)
MADE_RATE = 25
HERE = Path(__file__).resolve().parent


@dataclass
class Score:
    """Changes matched, labeled and found."""

    hits: int = 0
    labeled: int = 0
    found: int = 0

    def add(self, other: "Score") -> None:
        """Count the other's too."""
        self.hits += other.hits
        self.labeled += other.labeled
        self.found += other.found

    def __str__(self) -> str:
        precision = self.hits / self.found if self.found else 1.0
        recall = self.hits / self.labeled if self.labeled else 1.0
        both = 2 * self.hits / (self.found + self.labeled) if self.found + self.labeled else 1.0
        return f"P {precision:.3f}  R {recall:.3f}  F1 {both:.3f}"


def is_cut(change: Change) -> bool:
    """Whether a change counts as a cut."""
    return change[2] - change[1] - 1 <= SHORT


def matches(labeled: Change, found: Change, tolerance: int) -> bool:
    """Whether one stands for the other."""
    if is_cut(labeled) and is_cut(found):
        return labeled[1] - tolerance <= found[2] - 1 and found[1] <= labeled[2] - 1 + tolerance
    return found[1] < labeled[2] and labeled[1] < found[2]


def score(labeled: Sequence[Change], found: Sequence[Change], tolerance: int) -> tuple[Score, Score]:
    """(cuts, gradual changes); a change that was found wrongly counts with its own kind."""
    cuts, graduals = Score(), Score()
    free = list(found)
    for change in labeled:
        own = cuts if is_cut(change) else graduals
        own.labeled += 1
        fitting = [other for other in free if matches(change, other, tolerance)]
        if fitting:
            free.remove(min(fitting, key=lambda other: abs(other[1] - change[1]) + abs(other[2] - change[2])))
            own.hits += 1
            own.found += 1
    for change in free:
        (cuts if is_cut(change) else graduals).found += 1
    return cuts, graduals


def find_with_artgen(path: Path) -> list[Change]:
    """The changes that artgen finds."""
    from artgen.shots import find_shots, join_signatures, sign_frames
    from artgen.video import plan_segments, probe, read_luma

    info = probe(path)
    segments = plan_segments(info, from_pts=None, to_pts=None)
    run = join_signatures([sign_frames(read_luma(info, part, on_damage=print)) for part in segments])
    shots = find_shots([run], time_base=info.time_base, start_pts=info.start_pts, frame_s=0.04, min_shot_s=0)
    number = {int(pts): frame for frame, pts in enumerate(run.pts)}
    return [
        (old.transition_out, number[old.end_pts] - 1, number[new.start_pts]) for old, new in pairwise(shots)
    ]


def find_with_scenedetect(path: Path, detector: str) -> list[Change]:
    """The changes that PySceneDetect finds with its defaults."""
    import scenedetect

    engine = getattr(scenedetect, detector)()
    scenes = scenedetect.detect(str(path), engine)
    return [("cut", start.frame_num - 1, start.frame_num) for start, _ in scenes[1:]]


FINDERS: dict[str, Callable[[Path], list[Change]]] = {
    "artgen": find_with_artgen,
    "scenedetect adaptive": lambda path: find_with_scenedetect(path, "AdaptiveDetector"),
    "scenedetect content": lambda path: find_with_scenedetect(path, "ContentDetector"),
}


def read_labels(paths: Sequence[Path]) -> dict[str, list[Change]]:
    """The changes of each film; "unsure" stretches and marks of films without a change are left out."""
    films: dict[str, list[Change]] = {}
    for path in paths:
        with path.open() as file:
            for row in csv.DictReader(file):
                named = films.setdefault(row["file"], [])
                if row["kind"] not in ("unsure", "none"):
                    named.append((row["kind"], int(row["last_frame"]), int(row["first_frame"])))
    return films


def make_films(
    films: Path, labels: dict[str, list[Change]], count: int, into: Path
) -> dict[Path, list[Change]]:
    """Mix `count` films of known changes out of the labeled shots."""
    import imageio_ffmpeg

    sys.path.insert(0, str(HERE.parent / "models" / "shots"))
    from synthetic import HEIGHT, WIDTH, make_sequence  # type: ignore[import-not-found]
    from train import read_film, single_shots  # type: ignore[import-not-found]

    clips = [
        clip for name, changes in labels.items() for clip in single_shots(read_film(films / name)[1], changes)
    ]
    rng = np.random.default_rng(2026)
    made: dict[Path, list[Change]] = {}
    for number in range(count):
        film, path = make_sequence(rng, clips), into / f"made_{number:03d}.mp4"
        planes = zip(film.clip.luma, film.clip.chroma, strict=True)
        raw = b"".join(luma.tobytes() + chroma.tobytes() for luma, chroma in planes)
        command = [
            imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "yuv420p",
            "-s", f"{WIDTH}x{HEIGHT}", "-r", str(MADE_RATE), "-i", "-", "-crf", "20", str(path),
        ]  # fmt: skip
        subprocess.run(command, input=raw, check=True)
        made[path] = list(film.changes)
    return made


def report(title: str, truth: dict[Path, list[Change]]) -> None:
    """Print a table of the finders over some films."""
    print(f"\n{title}: {len(truth)} films, {sum(map(len, truth.values()))} changes")
    for name, find in FINDERS.items():
        found = {path: find(path) for path in truth}
        for tolerance in TOLERANCES:
            cuts, graduals, both = Score(), Score(), Score()
            for path, labeled in truth.items():
                for total, part in zip((cuts, graduals), score(labeled, found[path], tolerance), strict=True):
                    total.add(part)
                    both.add(part)
            print(f"  {name:22s} +-{tolerance}  all {both}   cuts {cuts}   graduals {graduals}")


def main() -> None:
    """Read the arguments, print the tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("films", type=Path)
    parser.add_argument("labels", type=Path, nargs="+")
    parser.add_argument("--made", type=int, default=0)
    arguments = parser.parse_args()
    labels = read_labels(arguments.labels)
    report("labeled films", {arguments.films / name: changes for name, changes in labels.items()})
    if arguments.made:
        with tempfile.TemporaryDirectory() as folder:
            made = make_films(arguments.films, labels, arguments.made, Path(folder))
            report("made films", made)


if __name__ == "__main__":
    main()
