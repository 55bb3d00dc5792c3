"""What the detector learns from: pictures put together so that faces of every size are seen, and as films show them."""

import json
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]  # (height, width, 3), BGR
LEAST_FACE_PX, MOST_OF_SIDE = 9.0, 1.3  # height of the face that a view is made for
MOST_ENLARGED = 3.5
MOST_PASTED = 6
TILTED, TILT_DEG, MOST_TILT_DEG = 0.5, 13.0, 35.0


@dataclass(frozen=True, slots=True)
class Source:
    """A picture's file and the teacher's faces in it, (n, 5): x, y, width, height, score."""

    path: Path
    faces: NDArray[np.float64]


def read_sources(work: Path, split: str) -> tuple[list[Source], list[Source]]:
    """The pictures with faces and those without, from what find_faces.py wrote; split is "train" or "check"."""
    with (work / "pictures.jsonl").open() as lines:
        rows = [row for row in map(json.loads, lines) if row["split"] == split]
    sources = [Source(Path(row["path"]), np.array(row["faces"]).reshape(-1, 5)) for row in rows]
    return [s for s in sources if len(s.faces)], [s for s in sources if not len(s.faces)]


def view(peopled: list[Source], empty: list[Source], side: int, rng: np.random.Generator) -> Picture:
    """One view: a picture that fills it, and on it, mostly, others with faces of sizes drawn evenly by their logarithm."""
    some = empty if rng.random() < 0.6 else peopled
    canvas = _filling(_read(some[rng.integers(len(some))].path), side, rng)
    if rng.random() < 0.85:
        least = LEAST_FACE_PX * (side * MOST_OF_SIDE / LEAST_FACE_PX) ** rng.random()
        count = 1 if least > side / 4 else int(rng.integers(1, MOST_PASTED + 1))
        for _ in range(count):
            canvas = pasted(canvas, peopled[rng.integers(len(peopled))], least * rng.uniform(0.7, 1.3), rng)
    if rng.random() < 0.08:
        canvas = _covered(canvas, rng)
    if rng.random() < 0.12:
        bar = round(side * rng.uniform(0.04, 0.25))
        canvas[:bar] = canvas[side - bar :] = rng.integers(0, 12)
    return np.ascontiguousarray(canvas[:, ::-1]) if rng.random() < 0.5 else canvas


def _read(path: Path) -> Picture:
    picture = cv2.imread(str(path))
    if picture is None:
        raise ValueError(f"{path} cannot be read")
    return np.asarray(picture, np.uint8)


def _filling(picture: Picture, side: int, rng: np.random.Generator) -> Picture:
    """A part of the picture, enlarged as much as it must be to fill the view, and up to twice that."""
    scale = side / min(picture.shape[:2]) * rng.uniform(1.0, 2.0)
    resized = _scaled(picture, scale, side)
    y, x = (int(rng.integers(0, length - side + 1)) for length in resized.shape[:2])
    return resized[y : y + side, x : x + side].copy()


def pasted(canvas: Picture, source: Source, face_px: float, rng: np.random.Generator) -> Picture:
    """The canvas with a picture on it whose face, one by chance, comes out `face_px` high, somewhere, tilted or not."""
    picture, side = _read(source.path), canvas.shape[0]
    x, y, width, height = source.faces[rng.integers(len(source.faces)), :4]
    scale = min(face_px / max(height, 1.0), MOST_ENLARGED)
    middle = np.array([(x + width / 2) * scale, (y + height / 2) * scale])
    picture = _scaled(picture, scale, 2)
    tilt = (
        float(np.clip(rng.normal(0, TILT_DEG), -MOST_TILT_DEG, MOST_TILT_DEG))
        if rng.random() < TILTED
        else 0.0
    )
    matrix = cv2.getRotationMatrix2D((float(middle[0]), float(middle[1])), tilt, 1.0)
    room = min(0.35 * face_px, side / 2 - 1)
    matrix[:, 2] += rng.uniform(room, side - room, 2) - middle
    out = cv2.warpAffine(
        picture, matrix, (side, side), dst=canvas, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_TRANSPARENT
    )
    return np.asarray(out, np.uint8)


def _scaled(picture: Picture, scale: float, least: int) -> Picture:
    size = [max(least, round(length * scale)) for length in (picture.shape[1], picture.shape[0])]
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(picture, size, interpolation=how), np.uint8)


def _covered(canvas: Picture, rng: np.random.Generator) -> Picture:
    """As if things stood before it: hands, poles, edges of doors."""
    side = canvas.shape[0]
    for _ in range(int(rng.integers(1, 5))):
        x, y = (int(v) for v in rng.integers(0, side, 2))
        width, height = (int(v) for v in rng.integers(3, side // 3, 2))
        color = tuple(int(v) for v in rng.integers(0, 256, 3))
        cv2.rectangle(canvas, (x, y), (x + width, y + height), color, -1)
    return canvas


def filmed(picture: Picture, rng: np.random.Generator) -> Picture:
    """As a worse camera, a darker set, another grade or a stronger compression would have it."""
    side = picture.shape[0]
    if rng.random() < 0.2:
        small = max(16, round(side * rng.uniform(0.45, 0.9)))
        picture = np.asarray(cv2.resize(picture, (small, small), interpolation=cv2.INTER_AREA), np.uint8)
        picture = np.asarray(cv2.resize(picture, (side, side), interpolation=cv2.INTER_LINEAR), np.uint8)
    if rng.random() < 0.25:
        picture = _blurred(picture, rng)
    light = picture.astype(np.float32) / 255
    if rng.random() < 0.3:
        light = np.repeat(light @ np.array([[0.114], [0.587], [0.299]], np.float32), 3, axis=2)
    if rng.random() < 0.7:
        light = light ** np.exp(rng.normal(0, 0.3)) * rng.uniform(0.6, 1.2) + rng.uniform(-0.05, 0.1)
        tint = rng.uniform(-0.1, 0.1, 3).astype(np.float32)
        light = light + tint * rng.choice([0.0, 1.0]) * (1 - 2 * light)
    if rng.random() < 0.25 and light.mean() > 0.2:
        light = np.maximum(light, 0) ** rng.uniform(1.2, 2.2) * rng.uniform(0.35, 0.9)  # low key
    if rng.random() < 0.25:
        ramp = np.linspace(*rng.uniform(0.3, 1.2, 2), side, dtype=np.float32)[:, None]
        light = light * (ramp if rng.random() < 0.7 else ramp[:, None])
    if rng.random() < 0.35:
        channels = 1 if rng.random() < 0.6 else 3
        light = light + rng.normal(0, rng.uniform(0.005, 0.05), (side, side, channels)).astype(np.float32)
    picture = np.asarray(np.clip(np.nan_to_num(light) * 255, 0, 255), np.uint8)
    if rng.random() < 0.35:
        encoded = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(15, 75))])[1]
        picture = np.asarray(cv2.imdecode(encoded, cv2.IMREAD_COLOR), np.uint8)
    return picture


def _blurred(picture: Picture, rng: np.random.Generator) -> Picture:
    """Out of focus, or moved while the shutter was open."""
    if rng.random() < 0.5:
        return np.asarray(cv2.GaussianBlur(picture, (0, 0), rng.uniform(0.5, 2.0)), np.uint8)
    length = int(rng.integers(2, 10))
    kernel = np.zeros((length, length), np.float32)
    kernel[length // 2] = 1
    turn = cv2.getRotationMatrix2D(((length - 1) / 2, (length - 1) / 2), float(rng.uniform(0, 180)), 1)
    kernel = cv2.warpAffine(kernel, turn, (length, length))
    return np.asarray(cv2.filter2D(picture, -1, kernel / max(float(kernel.sum()), 1e-3)), np.uint8)
