r"""The stills that artgen chooses of a film beside those that others would: quality and coverage, one table.

    python benchmarks/selection.py FILM [FILM ...] --cache CACHE --out FOLDER [--yunet FILE] [--without katna]

What is chosen and measured stands in README.md. Frames folders are kept below --out and used again if they are of this
version's making; sheets to look at and the measures as JSON are written there.
"""

import argparse
import json
import statistics
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from labels import scene_starts, text_spans
from numpy.typing import NDArray
from peers import prepare_if_it_can
from picture_measures import at_height, measure_quality
from PIL import Image, ImageDraw
from reporting import table
from selections import ARTGEN, choose_all, lines_of, read_small, shrunk

from artgen.clip import COMPACT, Encoder, load_encoder
from artgen.extract import ExtractSettings, extract_film
from artgen.people import (
    DetectorSource,
    FaceDetector,
    Identifier,
    describe_faces,
    group_faces,
    load_detector,
    load_identifier,
)
from artgen.progress import Silent
from artgen.tag import TagSettings, tag_frames
from artgen.video import probe, read_pictures

Picture = NDArray[np.uint8]

NUMBERS = (10, 20)
LEAST_SHOTS = 0.75  # a film is long enough for so many shots a picture
EDGE_S = 0.2
EYES_CLOSED_BELOW = 0.5
TWINS = 0.9
BEST_LUMA, SPREAD = 0.5, 0.2  # of Mertens and others
COLUMNS, SHEET_HEIGHT, CAPTION_HEIGHT = 10, 110, 16
MORE = ("Laplacian", "Tenengrad", "exposure", "shots", "scenes", "people", "apart")
LESS = ("blur", "motion", "eyes closed", "text", "edge", "twins")

Measures = dict[str, float]


def exposure(picture: Picture) -> float:
    """Mean well-exposedness of luma, 0..1. Source: Mertens, Kautz, Van Reeth, "Exposure fusion", 2007."""
    luma = np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), np.float32) / 255
    return float(np.exp(-((luma - BEST_LUMA) ** 2) / (2 * SPREAD**2)).mean())


def twins(small: Sequence[NDArray[np.uint8]]) -> float:
    """Part of the pictures that look like an earlier one."""
    rows = np.stack([plane.ravel().astype(np.float32) for plane in small])
    rows -= rows.mean(1, keepdims=True)
    rows /= np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-6)
    alike = np.tril(rows @ rows.T, -1) > TWINS
    return float(alike.any(1).mean())


def apart(vectors: NDArray[np.float32]) -> float:
    """Mean cosine distance of each unit row to the nearest other; 0 of a single one."""
    if len(vectors) < 2:
        return 0.0
    cosine = vectors @ vectors.T
    np.fill_diagonal(cosine, -1.0)
    return float((1 - cosine.max(1)).mean())


def motion(small: Mapping[int, NDArray[np.uint8]], times: Sequence[int], pts: int) -> float:
    """Mean change of luma from the frame before to the one after, per frame, 0..255."""
    at = times.index(pts)
    around = [small[times[i]].astype(np.int16) for i in range(max(0, at - 1), min(len(times), at + 2))]
    steps = [float(np.abs(b - a).mean()) for a, b in pairwise(around)]
    return statistics.mean(steps) if steps else 0.0


def near_edge(time_s: float, shots: Sequence[Mapping[str, Any]]) -> bool:
    """Whether a time is within EDGE_S of a change of shot, or inside one."""
    inner = [
        (shot["start_s"] + EDGE_S * (i > 0), shot["end_s"] - EDGE_S * (i + 1 < len(shots)))
        for i, shot in enumerate(shots)
    ]
    return not any(start <= time_s < end for start, end in inner)


class Film:
    """What all ways of choosing from one film share."""

    def __init__(self, path: Path, frames: Path) -> None:
        """Read the film once at a small size; `frames` is its frames folder."""
        self.path, self.frames, self.info = path, frames, probe(path)
        self.small = read_small(path)
        self.times = list(self.small)
        self.shots = lines_of(frames / "shots.jsonl")
        title = json.loads((frames / "title.json").read_text(encoding="utf-8"))
        self._area = title["active_picture"]
        self.scenes, self.texts = scene_starts(path.name), text_spans(path.name)

    def pictures(self, wanted: Sequence[int]) -> dict[int, Picture]:
        """Frames at full size without bars, by pts."""
        x1, y1, x2, y2 = self._area
        shown = read_pictures(self.info, sorted(set(wanted)), on_damage=lambda said: None)
        return {one.pts: np.ascontiguousarray(one.rgb[y1:y2, x1:x2]) for one in shown}

    def seconds(self, pts: int) -> float:
        """Since the film's first frame."""
        return float((pts - self.info.start_pts) * self.info.time_base)

    def has_text(self, time_s: float) -> bool:
        """Whether a person saw titles, cards or credits there."""
        return any(start <= time_s < end for start, end in self.texts)

    def scenes_of(self, times_s: Sequence[float]) -> set[int]:
        """Numbers of the labeled scenes that times lie in."""
        return {max(0, bisect_right(self.scenes, time_s) - 1) for time_s in times_s}

    def worth_showing(self) -> set[int]:
        """Numbers of the labeled scenes that have anything but text."""
        free = [time_s for time_s in map(self.seconds, self.times) if not self.has_text(time_s)]
        return self.scenes_of(free)


def measure(
    film: Film,
    chosen: Mapping[str, Sequence[int]],
    number: int,
    *,
    detector: FaceDetector,
    identifier: Identifier,
    encoder: Encoder,
) -> dict[str, Measures]:
    """All measures of README.md but those that do not apply, by way of choosing."""
    shown = film.pictures([pts for several in chosen.values() for pts in several])
    vectors = dict(zip(shown, encoder.pictures(shown.values()), strict=True))
    people, eyes = _people(shown, detector, identifier)
    everybody = set().union(*people.values()) - {-1}
    measures = {}
    for tool, several in chosen.items():
        own = [pts for pts in several if pts in shown]
        if not own:  # such as where lettering lies over every 16:9 crop of the film
            measures[tool] = {"pictures": 0}
            continue
        quality = [measure_quality(shown[pts]) for pts in own]
        times_s = [film.seconds(pts) for pts in own]
        known = [eyes[pts] for pts in own if eyes[pts] is not None]
        seen = {_shot_of(time_s, film.shots) for time_s in times_s}
        found: Measures = {
            "pictures": len(own),
            "Laplacian": statistics.median(one.laplacian for one in quality),
            "Tenengrad": statistics.median(one.tenengrad for one in quality),
            "blur": statistics.median(one.blur for one in quality),
            "exposure": statistics.median(exposure(shown[pts]) for pts in own),
            "motion": statistics.mean(motion(film.small, film.times, pts) for pts in own),
            "text": statistics.mean(map(film.has_text, times_s)),
            "edge": statistics.mean(near_edge(time_s, film.shots) for time_s in times_s),
            "shots": len(seen) / min(number, len(film.shots)),
            "apart": apart(np.stack([vectors[pts] for pts in own])),
            "twins": twins([shrunk(_gray(shown[pts])) for pts in own]),
            "faces": statistics.mean(bool(people[pts]) for pts in own),
        }
        if known:
            found["eyes closed"] = statistics.mean(value < EYES_CLOSED_BELOW for value in known)
        if everybody:
            found["people"] = len(set().union(*(people[pts] for pts in own)) - {-1}) / len(everybody)
        if film.scenes:
            free = film.worth_showing()
            reached = film.scenes_of([t for t in times_s if not film.has_text(t)]) & free
            found["scenes"] = len(reached) / min(number, len(free))
        measures[tool] = found
    return measures


def _people(
    shown: Mapping[int, Picture], detector: FaceDetector, identifier: Identifier
) -> tuple[dict[int, set[int]], dict[int, float | None]]:
    """For each picture its people (-1: a face of nobody known), and how open the eyes are that are open least."""
    vectors, qualities, owners = [], [], []
    eyes: dict[int, float | None] = {}
    for pts, picture in shown.items():
        detections = detector.detect(picture)
        faces = describe_faces(f"{pts}", picture, detections)
        vectors += list(identifier.vectors(picture, detections))
        qualities += [face.quality for face in faces]
        owners += [pts] * len(faces)
        eyes[pts] = min((face.eyes_open for face in faces if face.eyes_open is not None), default=None)
    people: dict[int, set[int]] = {pts: set() for pts in shown}
    if vectors:
        for pts, group in zip(
            owners, group_faces(np.stack(vectors), qualities, list(map(str, owners))), strict=True
        ):
            people[pts].add(group)
    return people, eyes


def _shot_of(time_s: float, shots: Sequence[Mapping[str, Any]]) -> int:
    return max(0, bisect_right([shot["start_s"] for shot in shots], time_s) - 1)


def _gray(picture: Picture) -> Picture:
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), np.uint8)


def summary(measured: Mapping[str, Mapping[str, Measures]]) -> str:
    """Means over films and numbers for every way, then how many comparisons artgen wins, ties and loses.

    `measured`: for each film and number, the measures of each way.
    """
    names = ["pictures", *MORE, *LESS, "faces"]
    tools = list(dict.fromkeys(tool for by_tool in measured.values() for tool in by_tool))
    rows = []
    for tool in tools:
        values = {
            name: [by_tool[tool][name] for by_tool in measured.values() if name in by_tool.get(tool, {})]
            for name in names
        }
        rows.append([tool, *(f"{statistics.mean(v):.3g}" if v else "" for v in values.values())])
    text = table(["chosen by", *names], rows)
    counts = []
    for tool in tools:
        if tool == ARTGEN:
            continue
        marks, lost = [0, 0, 0], defaultdict(list)
        for where, by_tool in measured.items():
            for name in (*MORE, *LESS):
                if tool not in by_tool or name not in by_tool[tool] or name not in by_tool[ARTGEN]:
                    continue
                ahead = (by_tool[ARTGEN][name] - by_tool[tool][name]) * (1 if name in MORE else -1)
                marks[0 if ahead > 1e-9 else 1 if ahead > -1e-9 else 2] += 1
                if ahead < -1e-9:
                    lost[name].append(where)
        told = "; ".join(f"{name}: {', '.join(where)}" for name, where in lost.items())
        counts.append([tool, *map(str, marks), told])
    return f"{text}\n\n{table(['against', 'wins', 'ties', 'losses', 'lost'], counts)}"


def sheet(film: Film, chosen: Mapping[str, Sequence[int]]) -> Image.Image:
    """What each way chose, one below the other, in the order it chose them."""
    shown = film.pictures([pts for several in chosen.values() for pts in several])
    first = next(iter(shown.values()))
    width = round(first.shape[1] * SHEET_HEIGHT / first.shape[0])
    heights = {tool: CAPTION_HEIGHT + SHEET_HEIGHT * -(-len(pts) // COLUMNS) for tool, pts in chosen.items()}
    drawn = Image.new("RGB", (COLUMNS * width, sum(heights.values())), "white")
    draw = ImageDraw.Draw(drawn)
    top = 0
    for tool, several in chosen.items():
        draw.text(
            (4, top + 2), f"{tool}: {', '.join(f'{film.seconds(p):.1f}' for p in several)}", fill="black"
        )
        for place, pts in enumerate(several):
            if pts in shown:
                row, column = divmod(place, COLUMNS)
                small = Image.fromarray(at_height(shown[pts], SHEET_HEIGHT))
                drawn.paste(small, (column * width, top + CAPTION_HEIGHT + row * SHEET_HEIGHT))
        top += heights[tool]
    return drawn


def main() -> None:
    """Choose, measure, print, write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("films", type=Path, nargs="+")
    parser.add_argument("--cache", type=Path, required=True, help="where Katna is installed")
    parser.add_argument("--out", type=Path, required=True, help="folder for frames, sheets and measures")
    parser.add_argument("--yunet", type=Path, help="weights of the better face detector, for measuring alone")
    parser.add_argument("--no-katna", action="store_true")
    asked = parser.parse_args()
    asked.cache.mkdir(parents=True, exist_ok=True)
    katna = None if asked.no_katna else prepare_if_it_can("katna", asked.cache)
    source = DetectorSource("yunet", asked.yunet) if asked.yunet else DetectorSource("dlib")
    eyes = {"detector": load_detector(source), "identifier": load_identifier()}
    encoder = load_encoder(COMPACT, device="cpu", precision="fp32", offline=True, note=print)
    measured: dict[str, dict[str, Measures]] = {}
    for path in asked.films:
        frames = asked.out / path.stem / "frames"
        extract_film(path, frames, settings=ExtractSettings(), progress=Silent())
        tag_frames(frames, settings=TagSettings(), progress=Silent())
        film = Film(path, frames)
        for number in NUMBERS:
            if len(film.shots) < LEAST_SHOTS * number:
                continue
            chosen = choose_all(path, frames, number, film.small, katna=katna, cache=asked.cache)
            measured[f"{path.stem} {number}"] = measure(film, chosen, number, encoder=encoder, **eyes)
            sheet(film, chosen).save(asked.out / f"{path.stem}-{number}.png")
    (asked.out / "selection.json").write_text(json.dumps(measured, indent=1) + "\n", encoding="utf-8")
    print(summary(measured))


if __name__ == "__main__":
    main()
