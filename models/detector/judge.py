"""Compare detectors with YuNet: python judge.py --yunet FILE --photographs FOLDER --films FILM [FILM ...] --out FOLDER

Photographs are cut close, a folder a person, one face each. Films are looked at every half second. Of YuNet's faces in
them it counts how many each detector finds (overlap of half the union), by height as a share of the picture's, and how many
faces it finds beside them; OUT/DETECTOR-more.png and OUT/DETECTOR-missed.png show these. Landmarks are compared where both
find the face. Processor time is that of one core.
"""

import argparse
import time
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from artgen.people import Detection, DetectorSource, FaceDetector, find_detector, load_detector
from artgen.pictures import load_picture
from artgen.records import intersection_over_union

BANDS = (0.0, 0.05, 0.08, 0.15, 0.3, 1.01)  # of the picture's height
SAME, NEAR = 0.5, 0.3
TILE_PX, COLUMNS = 120, 12
EVERY_S = 0.5
Picture = NDArray[np.uint8]
Seen = list[tuple[Picture, list[Detection]]]


def main() -> None:
    """Look, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--yunet", type=Path, required=True)
    parser.add_argument("--own", type=Path, help="another file than the one artgen carries")
    parser.add_argument("--photographs", type=Path, required=True)
    parser.add_argument("--films", type=Path, nargs="+", required=True)
    parser.add_argument("--out", type=Path, required=True)
    asked = parser.parse_args()
    cv2.setNumThreads(1)
    asked.out.mkdir(parents=True, exist_ok=True)
    own = DetectorSource("artgen", asked.own) if asked.own else find_detector("artgen")
    sources = {"yunet": DetectorSource("yunet", asked.yunet), "artgen": own, "dlib": DetectorSource("dlib")}
    stills = [picture for film in asked.films for picture in frames_of(film)]
    photographs = [with_room(load_picture(path)) for path in sorted(asked.photographs.glob("*/*.jpg"))]
    truth: Seen = []
    for name, source in sources.items():
        detector = load_detector(source)
        found, seconds = look(detector, stills)
        hits = sum(bool(detector.detect(picture)) for picture in photographs)
        print(
            f"{name}: {hits} of {len(photographs)} photographs, {1000 * seconds / len(stills):.0f} ms a still"
        )
        truth = truth or found
        compare(name, truth, found, asked.out)


def frames_of(film: Path) -> Iterator[Picture]:
    """A frame every half second, sRGB."""
    opened = cv2.VideoCapture(str(film))
    every = max(1, round(opened.get(cv2.CAP_PROP_FPS) * EVERY_S))
    number = 0
    while opened.grab():
        if number % every == 0:
            yield np.ascontiguousarray(opened.retrieve()[1][..., ::-1], np.uint8)
        number += 1


def look(detector: FaceDetector, pictures: Sequence[Picture]) -> tuple[Seen, float]:
    """What a detector finds in each picture, and its processor time."""
    begun = time.process_time()
    seen = [(picture, detector.detect(picture)) for picture in pictures]
    return seen, time.process_time() - begun


def with_room(photograph: Picture) -> Picture:
    """A photograph that was cut close, with room around it, as benchmarks/people_accuracy.py has it."""
    room = photograph.shape[0] // 2
    return np.pad(photograph, ((room, room), (room, room), (0, 0)), mode="edge")


def compare(name: str, truth: Seen, found: Seen, out: Path) -> None:
    """Print what is found of the teacher's faces, and draw what is missed or found beside them."""
    shares: list[tuple[float, bool]] = []
    offsets: list[float] = []
    missed, more = [], []
    for (picture, faces), (_, have) in zip(truth, found, strict=True):
        for face in faces:
            best = max(have, key=lambda other: intersection_over_union(face.box, other.box), default=None)
            hit = best is not None and intersection_over_union(face.box, best.box) >= SAME
            shares.append(((face.box[3] - face.box[1]) / picture.shape[0], hit))
            if not hit:
                missed.append((picture, face))
            elif best is not None and len(best.landmarks) == len(face.landmarks):
                apart = np.array(best.landmarks) - np.array(face.landmarks)
                offsets.append(float(np.hypot(*apart.T).mean()) / (face.box[3] - face.box[1]))
        more += [
            (picture, face)
            for face in have
            if all(intersection_over_union(face.box, other.box) < NEAR for other in faces)
        ]
    for low, high in pairwise(BANDS):
        hits = [hit for share, hit in shares if low <= share < high]
        print(f"  faces of {low:.0%} to {min(high, 1):.0%} of the height: {sum(hits)} of {len(hits)}")
    print(
        f"  in all {sum(hit for _, hit in shares)} of {len(shares)}; beside these {len(more)} others", end=""
    )
    print(f"; landmarks off by {np.median(offsets):.1%} of the height" if offsets else "")
    for kind, faces in (("missed", missed), ("more", more)):
        cv2.imwrite(str(out / f"{name}-{kind}.png"), sheet(faces)[..., ::-1])


def sheet(faces: Sequence[tuple[Picture, Detection]]) -> Picture:
    """Each face with as much around it, and its score."""
    rows = max(1, -(-len(faces) // COLUMNS))
    canvas = np.zeros((rows * TILE_PX, COLUMNS * TILE_PX, 3), np.uint8)
    for number, (picture, face) in enumerate(faces):
        x1, y1, x2, y2 = face.box
        side = max(x2 - x1, y2 - y1)
        around = cv2.getRectSubPix(picture, (max(8, round(2 * side)),) * 2, ((x1 + x2) / 2, (y1 + y2) / 2))
        tile = np.ascontiguousarray(cv2.resize(around, (TILE_PX, TILE_PX), interpolation=cv2.INTER_AREA))
        cv2.putText(tile, f"{face.score:.2f}", (3, 12), cv2.FONT_HERSHEY_SIMPLEX, 0.4, (255, 255, 0))
        y, x = number // COLUMNS * TILE_PX, number % COLUMNS * TILE_PX
        canvas[y : y + TILE_PX, x : x + TILE_PX] = tile
    return canvas


if __name__ == "__main__":
    main()
