"""Choose the pictures to learn from, with the teacher's faces in each: python find_faces.py DATA WORK --yunet FILE

DATA has `raw`, the sets' folders, and manifest.parquet, which names set and split of every picture. Writes
WORK/pictures.jsonl: a line a picture, {"path", "split" ("train" or "check"), "faces": [[x, y, width, height, score], ...]}.
"""

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from pyarrow import parquet

MOST = {
    "flickr8k": 6100, "sports100": 7000, "posters": 6500, "faces-web": 5000, "coco-mini": 240, "miniplaces": 6000,
    "caltech101": 3000, "imagenette": 4000, "pacs": 2500, "tiny-imagenet": 4000, "wildfire": 300, "weather5": 200,
}  # fmt: skip
MOST_TO_CHECK = 150  # of a set, from its pictures for validation
CLIP_EVERY_FRAMES = 15
CHECK_CLIP = 5  # every fifth clip
SEEN_SIDE = 448
LEAST_SCORE = 0.6


def main() -> None:
    """Choose, find, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("--yunet", type=Path, required=True)
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    arguments.work.mkdir(parents=True, exist_ok=True)
    finder = cv2.FaceDetectorYN.create(str(arguments.yunet), "", (320, 320), LEAST_SCORE, 0.3, 500)
    with (arguments.work / "pictures.jsonl").open("w") as out:
        for path, split in [*clip_frames(arguments.data, arguments.work), *chosen(arguments.data)]:
            picture = cv2.imread(str(path))
            if picture is not None:
                line = {"path": str(path.resolve()), "split": split, "faces": faces_of(picture, finder)}
                out.write(json.dumps(line) + "\n")


def chosen(data: Path) -> Iterator[tuple[Path, str]]:
    """Pictures of the sets, at random but always the same; the held-out ones are left alone."""
    columns = ["path", "set", "split"]
    rows = {
        row["path"]: row for row in parquet.read_table(data / "manifest.parquet", columns=columns).to_pylist()
    }
    rng = np.random.default_rng(0)
    for name, most in MOST.items():
        for split, called, count in (("train", "train", most), ("val", "check", MOST_TO_CHECK)):
            paths = sorted(path for path, row in rows.items() if row["set"] == name and row["split"] == split)
            for number in rng.permutation(len(paths))[:count]:
                yield data / "raw" / paths[number], called


def clip_frames(data: Path, work: Path) -> Iterator[tuple[Path, str]]:
    """Frames of the clips in `raw/fights`, written into WORK/frames."""
    folder = work / "frames"
    folder.mkdir(exist_ok=True)
    for number, clip in enumerate(sorted((data / "raw" / "fights").glob("*/*.mp4"))):
        film = cv2.VideoCapture(str(clip))
        frame = -1
        while film.grab():
            frame += 1
            if frame % CLIP_EVERY_FRAMES:
                continue
            path = folder / f"{clip.stem}-{frame}.jpg"
            cv2.imwrite(str(path), film.retrieve()[1], [cv2.IMWRITE_JPEG_QUALITY, 95])
            yield path, "train" if number % CHECK_CLIP else "check"


def faces_of(picture: NDArray[Any], finder: Any) -> list[list[float]]:
    """The teacher's faces in pixels of the picture, which it sees with its longer side at SEEN_SIDE."""
    scale = SEEN_SIDE / max(picture.shape[:2])
    seen = cv2.resize(
        picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    )
    finder.setInputSize((seen.shape[1], seen.shape[0]))
    found = finder.detect(seen)[1]
    if found is None:
        return []
    return [[*(round(float(v) / scale, 1) for v in face[:4]), round(float(face[14]), 3)] for face in found]


if __name__ == "__main__":
    main()
