"""A face turned upright and scaled, so that each feature lies at the same place in every chip."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from artgen.people.detection import Detection
from artgen.records import Point

CHIP_PX = 150
_PADDING = 0.25  # dlib's: the face's square takes 1 / (1 + 2 * 0.25) of the chip
_FIVE = np.array([(0.237, 0.215), (0.762, 0.217), (0.492, 0.525), (0.275, 0.740), (0.721, 0.750)])
"""Where YuNet's landmarks lie in a face that dlib's own landmarks aligned, as fractions of the face's square."""
_FIVE_WEIGHTS = np.array([1.0, 1.0, 0.4, 0.4, 0.45])
"""One over the variance of each of those places, relative to the eyes: the nose moves most."""
_THREE = np.array([(0.227, 0.221), (0.753, 0.221), (0.490, 0.628)])
"""Eyes and nose base in dlib's mean face."""
_THREE_WEIGHTS = np.array([1.0, 1.0, 1.0])
_BOX = np.array([(-0.13, -0.50), (1.10, 1.25)])
"""Corners of a detection's box in the face's square: what alignment falls back on without landmarks."""


def align_face(picture: NDArray[np.uint8], detection: Detection) -> NDArray[np.uint8]:
    """The face as an upright chip (150, 150, 3), framed as dlib's identity network learned it.

    Source of the frame: dlib's get_face_chip; of the fit: Umeyama, PAMI 1991 (similarity, weighted).
    """
    import cv2

    points, places, weights = _correspondences(detection)
    target = (_PADDING + places) / (1 + 2 * _PADDING) * CHIP_PX
    matrix = fit_similarity(points, target, weights)
    scale = float(np.hypot(matrix[0, 0], matrix[1, 0]))
    if scale < 0.5:
        # A warp reads four pixels a sample: a large face is cut out and reduced first, or it would alias.
        picture, points = _cut_and_reduced(picture, detection, points, scale)
        matrix = fit_similarity(points, target, weights)
    chip = cv2.warpAffine(
        picture, matrix, (CHIP_PX, CHIP_PX), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(chip, dtype=np.uint8)


def fit_similarity(
    points: NDArray[np.float64], target: NDArray[np.float64], weights: NDArray[np.float64]
) -> NDArray[np.float64]:
    """The (2, 3) matrix of rotation, scale and shift that brings (n, 2) `points` nearest to `target`.

    Least squares with one weight a point; no reflection.
    """
    weights = weights / weights.sum()
    middle, target_middle = weights @ points, weights @ target
    from_middle, to_middle = points - middle, target - target_middle
    along = float((weights * (from_middle * to_middle).sum(axis=1)).sum())
    across = float((weights * np.linalg.det(np.stack([from_middle, to_middle], axis=1))).sum())
    spread = float((weights * (from_middle**2).sum(axis=1)).sum())
    turn = np.array([(along, -across), (across, along)]) / max(spread, 1e-12)
    return np.column_stack([turn, target_middle - turn @ middle])


def _correspondences(
    detection: Detection,
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    landmarks: Sequence[Point] = detection.landmarks
    match len(landmarks):
        case 5:
            return np.array(landmarks, dtype=np.float64), _FIVE, _FIVE_WEIGHTS
        case 3:
            return np.array(landmarks, dtype=np.float64), _THREE, _THREE_WEIGHTS
        case 0:
            corners = np.array(detection.box, dtype=np.float64).reshape(2, 2)
            return corners, _BOX, np.ones(2)
        case count:
            raise ValueError(f"a detection has 5, 3 or no landmarks, not {count}")


def _cut_and_reduced(
    picture: NDArray[np.uint8], detection: Detection, points: NDArray[np.float64], scale: float
) -> tuple[NDArray[np.uint8], NDArray[np.float64]]:
    import cv2

    reach = CHIP_PX / scale
    middle = points.mean(axis=0)
    low = np.maximum(np.floor(middle - reach), 0).astype(int)
    high = np.minimum(np.ceil(middle + reach), picture.shape[1::-1]).astype(int)
    cut = picture[low[1] : high[1], low[0] : high[0]]
    ratio = 1.5 * scale
    size = tuple(max(1, round(length * ratio)) for length in (cut.shape[1], cut.shape[0]))
    reduced = cv2.resize(cut, size, interpolation=cv2.INTER_AREA)
    ratios = np.array(size) / (cut.shape[1], cut.shape[0])
    return np.asarray(reduced, dtype=np.uint8), (points - low) * ratios
