"""A face that both detectors know, drawn by us: no photograph of anybody is needed to try the room."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
Vectors = NDArray[np.float32]


def draw_face(size: int, *, skin: int = 190, turned: float = 0.0) -> Picture:
    """A square of `size` pixels: a bright oval, dark eyes under brows, a shaded nose, a dark mouth.

    `turned` moves the features along the picture, as a head does that looks there (in hundredths of the size).
    """
    canvas = np.full((size, size), 90, np.uint8)
    unit = size / 100

    def oval(x: float, y: float, wide: float, high: float, shade: int) -> None:
        middle = (round(x * unit), round(y * unit))
        axes = (round(wide * unit), round(high * unit))
        cv2.ellipse(canvas, middle, axes, 0, 0, 360, shade, -1, cv2.LINE_AA)

    oval(50, 48, 36, 46, 60)
    oval(50, 54, 30, 40, skin)
    for x in (37 + turned, 63 + turned):
        oval(x, 38, 8, 2, 70)
        oval(x, 45, 7, 4, 110)
        oval(x, 45, 5, 3, 235)
        oval(x, 45, 2.6, 2.8, 20)
    nose = 50 + 2 * turned
    oval(nose, 62, 6, 3, 130)
    oval(nose, 58, 3, 9, skin + 12)
    oval(nose - 4, 63, 1.6, 1.2, 60)
    oval(nose + 4, 63, 1.6, 1.2, 60)
    oval(50 + turned, 75, 12, 4, 95)
    oval(50 + turned, 75, 11, 1, 50)
    soft = cv2.GaussianBlur(canvas, (0, 0), 1.2 * unit)
    return np.repeat(soft[..., None], 3, axis=2)


def scene_with(*faces: tuple[Picture, int, int], width: int = 640, height: int = 480) -> Picture:
    """A gray picture with faces at (x, y), their upper left corners."""
    picture = np.full((height, width, 3), 90, np.uint8)
    for face, x, y in faces:
        picture[y : y + face.shape[0], x : x + face.shape[1]] = face
    return picture


def person_vectors(
    count: int, *, faces: int, spread: float, seed: int = 0, dimensions: int = 128
) -> tuple[Vectors, list[int]]:
    """Identity vectors as the network makes them: all near one direction, each person around their own.

    Returns ((count * faces, dimensions) vectors, whose each is); `spread` is how far one person's faces lie from
    their middle (0.3 in photographs), where people are about 0.6 apart.
    """
    random = np.random.default_rng(seed)
    common = np.zeros(dimensions)
    common[0] = 1.4
    centers = common + 0.42 * _directions(random, count, dimensions)
    owners = [owner for owner in range(count) for _ in range(faces)]
    vectors = centers[owners] + spread * _directions(random, len(owners), dimensions)
    return vectors.astype(np.float32), owners


def b_cubed(owners: Sequence[int], groups: Sequence[int]) -> float:
    """The B-cubed F measure of a grouping; Bagga and Baldwin, COLING 1998."""
    same_owner = np.equal.outer(owners, owners)
    same_group = np.equal.outer(groups, groups)
    hits = (same_owner & same_group).sum(axis=1)
    precision, recall = (hits / same_group.sum(axis=1)).mean(), (hits / same_owner.sum(axis=1)).mean()
    return float(2 * precision * recall / (precision + recall))


def _directions(random: np.random.Generator, count: int, dimensions: int) -> NDArray[np.float64]:
    drawn = random.normal(size=(count, dimensions))
    drawn[:, 0] = 0
    return np.asarray(drawn / np.linalg.norm(drawn, axis=1, keepdims=True))
