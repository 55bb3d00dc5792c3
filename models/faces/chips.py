"""Cut aligned faces out of the training pictures: python models/faces/chips.py DATA CHIPS --yunet FILE

DATA has a folder for each set (fer2013, faces-web, ck48, posters, pacs) and manifest.parquet, which says of every
picture its set, label and split. Writes for each set CHIPS/<set>.npy, the luma of (n, 150, 150) chips, and
CHIPS/<set>.json, a line of facts for each.
"""

import argparse
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from pyarrow import parquet

from artgen.people.alignment import align_face
from artgen.people.detection import Detection
from artgen.people.expression import LUMA_WEIGHTS
from artgen.people.pose import estimate_pose

TINY = ("fer2013", "ck48")  # pictures of 48 pixels, filled by one face
FACES_A_PICTURE = {"faces-web": 1, "fer2013": 1, "ck48": 1, "posters": 4, "pacs": 3}
LEAST_SCORE = {"faces-web": 0.5, "fer2013": 0.25, "ck48": 0.25, "posters": 0.7, "pacs": 0.55}
LEAST_HEIGHT_PX = 28
REPEATED = re.compile(r"\.jpg\d+\.jpg$")  # FER2013 pictures that this copy changed on purpose
NOT_DRAWN = ("family", "fantasy", "documentary")  # genres whose posters may show either
LIVE_POSTERS = 900


def main() -> None:
    """Find, align, write, set by set."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("chips", type=Path)
    parser.add_argument("--yunet", type=Path, required=True)
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    arguments.chips.mkdir(parents=True, exist_ok=True)
    finder = cv2.FaceDetectorYN.create(str(arguments.yunet), "", (320, 320), 0.25, 0.3, 500)
    for name in FACES_A_PICTURE:
        chips: list[NDArray[np.uint8]] = []
        about: list[dict[str, Any]] = []
        for row in rows_of(arguments.data, name):
            picture = cv2.imread(str(arguments.data / "raw" / row["path"]))
            if picture is None:
                continue
            for number, (face, found) in enumerate(faces_in(enlarged(picture, name), name, finder)):
                pose = estimate_pose(face.landmarks)
                shown = align_face(np.ascontiguousarray(enlarged(picture, name)[..., ::-1]), face)
                chips.append(np.asarray(np.clip(shown @ LUMA_WEIGHTS + 0.5, 0, 255), np.uint8))
                about.append(
                    {"file": row["path"], "face": number, "label": row["label"], "split": row["split"]}
                    | {"found": found, "height_px": round(face.box[3] - face.box[1], 1)}
                    | {"score": round(face.score, 3), "yaw_deg": pose.yaw_deg, "pitch_deg": pose.pitch_deg}
                )
        np.save(arguments.chips / f"{name}.npy", np.array(chips))
        (arguments.chips / f"{name}.json").write_text(json.dumps(about))
        print(name, len(chips), flush=True)


def rows_of(data: Path, name: str) -> list[dict[str, Any]]:
    """The pictures of a set that are of use, by path; posters and PACS are called photo or drawn."""
    columns = ["path", "set", "label", "split"]
    table = parquet.read_table(data / "manifest.parquet", columns=columns).to_pylist()
    rows = {row["path"]: row for row in table if row["set"] == name}
    kept = [rows[path] for path in sorted(rows)]
    match name:
        case "fer2013":
            return [row for row in kept if row["split"] == "heldout" or not REPEATED.search(row["path"])]
        case "pacs":
            return [row | {"label": "drawn"} for row in kept if "/photo/" not in row["path"]]
        case "posters":
            drawn = [row | {"label": "drawn"} for row in kept if "animation" in row["label"]]
            live = [
                row for row in kept if not any(word in row["label"] for word in ("animation", *NOT_DRAWN))
            ]
            picked = np.random.default_rng(0).choice(len(live), min(LIVE_POSTERS, len(live)), replace=False)
            return drawn + [live[number] | {"label": "photo"} for number in sorted(picked)]
        case _:
            return kept


def enlarged(picture: NDArray[np.uint8], name: str) -> NDArray[np.uint8]:
    """A picture as the detector can use it: tiny ones larger, and with a margin."""
    if name in TINY:
        picture = np.asarray(cv2.resize(picture, (192, 192), interpolation=cv2.INTER_CUBIC), np.uint8)
        return np.asarray(cv2.copyMakeBorder(picture, 64, 64, 64, 64, cv2.BORDER_REPLICATE), np.uint8)
    return np.asarray(cv2.copyMakeBorder(picture, 20, 20, 20, 20, cv2.BORDER_CONSTANT), np.uint8)


def faces_in(picture: NDArray[np.uint8], name: str, finder: Any) -> Iterator[tuple[Detection, bool]]:
    """The largest faces, as many as the set has; of a tiny picture always one, where such faces usually lie."""
    finder.setInputSize((picture.shape[1], picture.shape[0]))
    rows = finder.detect(picture)[1]
    rows = [] if rows is None else [row.astype(float) for row in rows if row[14] >= LEAST_SCORE[name]]
    rows = [row for row in rows if row[3] >= (60 if name in TINY else LEAST_HEIGHT_PX)]
    for row in sorted(rows, key=lambda row: -row[2] * row[3])[: FACES_A_PICTURE[name]]:
        x, y, width, height = row[:4]
        points = tuple((float(px), float(py)) for px, py in row[4:14].reshape(5, 2))
        yield Detection((x, y, x + width, y + height), float(row[14]), points), True
    if not rows and name in TINY:
        usual = ((0.31, 0.40), (0.69, 0.40), (0.50, 0.60), (0.35, 0.77), (0.65, 0.77))
        points = tuple((64 + 192 * px, 64 + 192 * py) for px, py in usual)
        yield Detection((64.0, 64.0, 256.0, 256.0), 0.0, points), False


if __name__ == "__main__":
    main()
