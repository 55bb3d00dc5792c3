r"""artgen's best still of each shot beside the frame in its middle, ffmpeg's thumbnail of it, and Katna's key frames.

    python benchmarks/stills_quality.py FILM [FILM ...] --cache FOLDER --out FOLDER [--yunet FILE]

Shots are those of artgen of which it kept a still; Katna is asked for as many pictures as there are such shots and takes
them from where it likes. All pictures come from the film at its own size. Prints medians and how often a picture is better
than the middle frame of its shot; writes the measures as JSON and a contact sheet a film into --out.
"""

import argparse
import json
import statistics
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from films import ffmpeg_program, frame_numbers
from numpy.typing import NDArray
from peers import RUNNERS, prepare_if_it_can, search_path
from picture_measures import Quality, at_height, measure_quality
from PIL import Image, ImageDraw
from processes import run_measured
from reporting import table

from artgen.extract import ExtractSettings, extract_film
from artgen.people import DetectorSource, FaceDetector, describe_faces, find_detector, load_detector
from artgen.progress import Silent
from artgen.video import probe, read_pictures

Picture = NDArray[np.uint8]

ARTGEN, MIDDLE, THUMBNAIL, KATNA = "artgen", "middle frame", "ffmpeg thumbnail", "Katna"
MARGIN_S = 12.0  # read before a shot, more than most groups of pictures last
MOST_COMPARED = 250  # frames that ffmpeg's thumbnail holds in memory at once
EYES_CLOSED_BELOW = 0.5
SHEET_ROWS, SHEET_HEIGHT, CAPTION_HEIGHT = 14, 150, 16
KATNA_LIMIT_S = 3600.0


@dataclass(frozen=True, slots=True)
class Looked:
    """One picture that a tool took, and what it is like."""

    film: str
    tool: str
    shot: int | None  # None where the tool does not say which
    quality: Quality
    faces: int
    eyes_known: int  # faces of which is known whether their eyes are open
    eyes_closed: int


def look(film: str, tool: str, shot: int | None, picture: Picture, detector: FaceDetector) -> Looked:
    """Measure one picture and the faces in it."""
    faces = describe_faces("still", picture, detector.detect(picture))
    known = [face.eyes_open for face in faces if face.eyes_open is not None]
    closed = sum(value < EYES_CLOSED_BELOW for value in known)
    return Looked(film, tool, shot, measure_quality(picture), len(faces), len(known), closed)


def take_stills(film: Path, cache: Path, *, katna: str | None) -> dict[str, dict[int, Picture]]:
    """The pictures each tool takes of a film: of each shot, or for Katna by a number."""
    info = probe(film)
    with tempfile.TemporaryDirectory() as folder:
        frames = Path(folder) / "frames"
        extract_film(film, frames, settings=ExtractSettings(), progress=Silent())
        shots = {shot["id"]: shot for shot in _lines(frames / "shots.jsonl")}
        kept = [still for still in _lines(frames / "stills.jsonl") if still["file"] is not None]
    best: dict[int, dict[str, Any]] = {}
    for still in sorted(kept, key=lambda one: float(one["score"])):
        best[still["shot"]] = still
    times = sorted(frame_numbers(film))
    middle = {}
    for number in best:
        own = [pts for pts in times if shots[number]["start_pts"] <= pts < shots[number]["end_pts"]]
        middle[number] = own[len(own) // 2]
    wanted = {still["pts"] for still in best.values()} | set(middle.values())
    shown = {p.pts: p.rgb for p in read_pictures(info, sorted(wanted), on_damage=lambda said: None)}
    taken = {
        ARTGEN: {number: shown[still["pts"]] for number, still in best.items() if still["pts"] in shown},
        MIDDLE: {number: shown[pts] for number, pts in middle.items() if pts in shown},
        THUMBNAIL: {
            number: picture
            for number in best
            if (picture := thumbnail_of(film, shots[number], float(info.time_base))) is not None
        },
    }
    if katna is not None:
        taken[KATNA] = dict(enumerate(katna_of(film, len(best), katna, cache)))
    return taken


def thumbnail_of(film: Path, shot: dict[str, Any], time_base_s: float) -> Picture | None:
    """The frame of a shot that ffmpeg's filter finds most like the others; None if it gives none."""
    begin_s = max(0.0, shot["start_pts"] * time_base_s - MARGIN_S)
    count = min(MOST_COMPARED, max(2, shot["frames"]))
    chain = f"trim=start_pts={shot['start_pts']}:end_pts={shot['end_pts']},thumbnail=n={count}"
    command = [ffmpeg_program(), "-v", "error", "-copyts", "-seek_timestamp", "1", "-ss", f"{begin_s:.3f}"]
    command += ["-i", str(film), "-map", "0:v:0", "-vf", chain, "-frames:v", "1"]
    command += ["-f", "image2pipe", "-c:v", "ppm", "-"]
    done = subprocess.run(command, check=True, capture_output=True, stdin=subprocess.DEVNULL)
    return _ppm(done.stdout) if done.stdout else None


def katna_of(film: Path, count: int, python: str, cache: Path) -> list[Picture]:
    """The key frames that Katna takes; none if it fails."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out"
        out.mkdir()
        cost = run_measured(
            [python, str(RUNNERS / "katna.py"), str(film.resolve()), str(out), str(count)],
            folder=Path(folder),
            log=Path(folder) / "log.txt",
            environment=search_path(cache),
            limit_s=KATNA_LIMIT_S,
        )
        taken = [np.asarray(Image.open(path).convert("RGB")) for path in sorted(out.glob("*.jpeg"))]
        if not taken:
            said = (Path(folder) / "log.txt").read_text(errors="replace").strip().splitlines() or [
                "nothing said"
            ]
            print(f"{KATNA} took nothing from {film.name}: exit code {cost.exit_code}, {said[-1]}")
        return taken


def summary(looked: Sequence[Looked]) -> str:
    """Medians of every tool, and how often it beats the middle frame of the same shot, as a table."""
    middle = {(one.film, one.shot): one for one in looked if one.tool == MIDDLE}
    measures: dict[str, Callable[[Looked], float]] = {
        "Laplacian": lambda one: one.quality.laplacian,
        "Tenengrad": lambda one: one.quality.tenengrad,
        "blur": lambda one: -one.quality.blur,
    }
    head = ["tool", "pictures", *measures, *(f"{name} better than middle" for name in measures)]
    head += ["faces", "eyes known", "closed"]
    rows = []
    for tool in dict.fromkeys(one.tool for one in looked):
        own = [one for one in looked if one.tool == tool]
        pairs = [(one, middle[one.film, one.shot]) for one in own if (one.film, one.shot) in middle]
        row = [tool, str(len(own))]
        row += [f"{abs(statistics.median(map(measure, own))):.4f}" for measure in measures.values()]
        row += [_wins(measure, pairs) if tool != MIDDLE else "" for measure in measures.values()]
        row += [
            str(sum(counts))
            for counts in zip(*((o.faces, o.eyes_known, o.eyes_closed) for o in own), strict=True)
        ]
        rows.append(row)
    return table(head, rows)


def contact_sheet(taken: dict[str, dict[int, Picture]]) -> Image.Image:
    """A row a shot, a column a tool; of many shots some, evenly over the film. Katna's columns are in its own order."""
    shots = sorted(taken[ARTGEN])
    picked = [
        shots[i] for i in np.linspace(0, len(shots) - 1, min(SHEET_ROWS, len(shots))).round().astype(int)
    ]
    columns = {tool: [pictures.get(shot) for shot in picked] for tool, pictures in taken.items()}
    if KATNA in taken:
        several = list(taken[KATNA].values())
        places = np.linspace(0, max(0, len(several) - 1), len(picked)).round().astype(int)
        columns[KATNA] = [several[place] if several else None for place in places]
    first = taken[ARTGEN][picked[0]]
    width = round(first.shape[1] * SHEET_HEIGHT / first.shape[0])
    sheet = Image.new("RGB", (width * len(columns), CAPTION_HEIGHT + SHEET_HEIGHT * len(picked)), "white")
    draw = ImageDraw.Draw(sheet)
    for column, (tool, pictures) in enumerate(columns.items()):
        draw.text((column * width + 4, 2), tool, fill="black")
        for row, picture in enumerate(pictures):
            if picture is not None:
                small = Image.fromarray(at_height(picture, SHEET_HEIGHT)).crop((0, 0, width, SHEET_HEIGHT))
                sheet.paste(small, (column * width, CAPTION_HEIGHT + row * SHEET_HEIGHT))
    return sheet


def _wins(measure: Callable[[Looked], float], pairs: Iterable[tuple[Looked, Looked]]) -> str:
    """Part of the pairs in which the first is better; the same frame counts half."""
    marks = [0.5 if measure(a) == measure(b) else float(measure(a) > measure(b)) for a, b in pairs]
    return f"{statistics.mean(marks):.0%}" if marks else ""


def _lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text().splitlines()]


def _ppm(data: bytes) -> Picture:
    _, size, _, pixels = data.split(b"\n", 3)
    width, height = map(int, size.split())
    return np.frombuffer(pixels[: width * height * 3], np.uint8).reshape(height, width, 3)


def main() -> None:
    """Take, measure, print, write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("films", type=Path, nargs="+")
    parser.add_argument("--cache", type=Path, required=True, help="where Katna is installed")
    parser.add_argument("--out", type=Path, required=True, help="folder for the sheets and the measures")
    parser.add_argument("--yunet", type=Path, help="weights of the better face detector")
    parser.add_argument("--no-katna", action="store_true")
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    asked.cache.mkdir(parents=True, exist_ok=True)
    katna = None if asked.no_katna else prepare_if_it_can("katna", asked.cache)
    detector = load_detector(DetectorSource("yunet", asked.yunet) if asked.yunet else find_detector("artgen"))
    looked: list[Looked] = []
    for film in asked.films:
        taken = take_stills(film, asked.cache, katna=katna)
        for tool, pictures in taken.items():
            for number, picture in pictures.items():
                shot = None if tool == KATNA else number
                looked.append(look(film.name, tool, shot, picture, detector))
        if taken[ARTGEN]:
            contact_sheet(taken).save(asked.out / f"{film.stem}.png")
    (asked.out / "stills.json").write_text(json.dumps([asdict(one) for one in looked], indent=1) + "\n")
    print(summary(looked))


if __name__ == "__main__":
    main()
