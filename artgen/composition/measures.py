"""Measures of composition, each a number with a unit and a range, and what each means."""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from artgen.composition.reduced import lab, luma_of, shrink
from artgen.records import Box, MeasureSpec, Point, area

MEASURES: dict[str, MeasureSpec] = {
    "depth_of_field": MeasureSpec(
        "how much sharper the subject is than the rest: (subject - rest) / (subject + rest)", "ratio", -1, 1
    ),
    "thirds": MeasureSpec("nearness of the subject to the lines and crossings of thirds", "fraction", 0, 1),
    "symmetry": MeasureSpec("correlation of the picture with its left-right mirror image", "fraction", 0, 1),
    "balance": MeasureSpec("1: visual weight lies on the vertical middle, 0: at a side", "fraction", 0, 1),
    "saliency_spread": MeasureSpec(
        "mean distance of visual weight from its center, of half the diagonal", "fraction", 0, 1
    ),
    "negative_space_fraction": MeasureSpec("calm part of the picture", "fraction", 0, 1),
    "edge_density": MeasureSpec("part of the picture that lies on a clear edge", "fraction", 0, 1),
    "subject_x": MeasureSpec("center of the subject, of the width from the left", "fraction", 0, 1),
    "subject_y": MeasureSpec("center of the subject, of the height from the top", "fraction", 0, 1),
    "subject_lightness": MeasureSpec(
        "CIE lightness L* / 100 of the subject: its lightest third", "fraction", 0, 1
    ),
    "face_area_fraction": MeasureSpec("part of the picture inside face boxes", "fraction", 0, 1),
    "face_height_fraction": MeasureSpec("height of the largest face, of the picture's", "fraction", 0, 1),
    "text_fraction": MeasureSpec("part of the picture inside boxes of lettering", "fraction", 0, 1),
    "lightness": MeasureSpec("mean CIE lightness L* / 100", "fraction", 0, 1),
    "dark_fraction": MeasureSpec("part of the picture under L* 15", "fraction", 0, 1),
    "chroma": MeasureSpec("mean CIE Lab chroma / 60, capped: 0 is gray", "fraction", 0, 1),
    "chroma_spread": MeasureSpec(
        "mean distance of a*, b* from their mean / 40, capped: 0 is black and white, tinted or not",
        "fraction",
        0,
        1,
    ),
    "warmth": MeasureSpec(
        "1: all warm colors (red to yellow), -1: all cold (green-blue to violet), 0: gray or both",
        "ratio",
        -1,
        1,
    ),
}


def subject_mask(
    saliency: NDArray[np.float32], faces: tuple[Box, ...], *, width: int, height: int
) -> NDArray[np.float32]:
    """Where the subject is: head and shoulders of the faces, else the salient places; like `saliency`, 0..1."""
    if not faces:
        return np.where(saliency > 0.5, saliency, 0).astype(np.float32)
    mask = np.zeros(saliency.shape, np.float32)
    largest = max(area(face) for face in faces)
    x, y = saliency.shape[1] / width, saliency.shape[0] / height
    for x1, y1, x2, y2 in faces:
        weight = area((x1, y1, x2, y2)) / largest
        if weight < 0.25:
            continue
        wide, tall = x2 - x1, y2 - y1
        rows = slice(max(0, int((y1 - 0.2 * tall) * y)), max(1, int((y2 + 0.5 * tall) * y)))
        columns = slice(max(0, int((x1 - 0.2 * wide) * x)), max(1, int((x2 + 0.2 * wide) * x)))
        mask[rows, columns] = np.maximum(mask[rows, columns], weight)
    return mask


def mass_center(weights: NDArray[np.float32]) -> Point:
    """Center of mass as fractions of width and height; the middle where there is no mass."""
    total = float(weights.sum())
    if total <= 0:
        return 0.5, 0.5
    rows, columns = weights.shape
    x = float(weights.sum(axis=0) @ (np.arange(columns) + 0.5)) / total / columns
    y = float(weights.sum(axis=1) @ (np.arange(rows) + 0.5)) / total / rows
    return x, y


def subject_lightness(picture: NDArray[np.uint8], subject: NDArray[np.float32]) -> float:
    """Mean lightness L* / 100 of the lightest third of the subject; of the picture where there is none.

    The lightest third, as a face or figure is read by its light side: the rest may lie in the dark.
    """
    small = cv2.resize(picture, (subject.shape[1], subject.shape[0]), interpolation=cv2.INTER_AREA)
    lightness = lab(np.asarray(small, np.uint8))[..., 0]
    seen = lightness[subject > 0.3] if (subject > 0.3).any() else lightness.ravel()
    return float(np.sort(seen)[-max(1, len(seen) // 3) :].mean()) / 100


def depth_of_field(picture: NDArray[np.uint8], subject: NDArray[np.float32]) -> float:
    """How much sharper the subject's edges are than those of the rest, -1..1; 0 without a subject.

    Sharpness of a region is the share of its gradient that a slight blur takes away: it asks how
    fine the detail is, not how much of it there is.

    Source: Crete et al., "The blur effect: perception and estimation with a new no-reference
    perceptual blur metric" (2007).
    """
    luma = shrink(luma_of(picture), 640).astype(np.float32)
    mask = cv2.resize(subject, (luma.shape[1], luma.shape[0]), interpolation=cv2.INTER_LINEAR)
    before, after = _gradient(luma), _gradient(cv2.GaussianBlur(luma, (0, 0), 1.5))
    lost = np.maximum(before - after, 0) * (before >= 3)  # noise and compression have less everywhere
    inside, outside = (mask > 0.3).astype(np.float32), (mask < 0.05).astype(np.float32)
    if inside.sum() < 64 or outside.sum() < 64:
        return 0.0
    sharp = [
        float(np.vdot(lost, part) / (np.vdot(before, part) + 2.0 * part.sum())) for part in (inside, outside)
    ]
    return (sharp[0] - sharp[1]) / max(sum(sharp), 1e-6)


def _gradient(luma: NDArray[Any]) -> NDArray[np.float32]:
    across = cv2.Sobel(luma, cv2.CV_32F, 1, 0, ksize=3)
    return np.asarray(cv2.magnitude(across, cv2.Sobel(luma, cv2.CV_32F, 0, 1, ksize=3)) / 8, np.float32)


def thirds(subject: Point) -> float:
    """Nearness of a subject to the thirds: 1 on a crossing, up to 0.7 on a line, 0 in the middle.

    Source: Obrador et al., "The role of image composition in image aesthetics" (2010).
    """
    across = [abs(subject[0] - third) for third in (1 / 3, 2 / 3)]
    down = [abs(subject[1] - third) for third in (1 / 3, 2 / 3)]
    crossing = 1 - float(np.hypot(min(across), min(down))) / float(np.hypot(1 / 6, 1 / 6))
    line = 1 - min(across + down) * 6
    return max(0.0, crossing, 0.7 * line)


def symmetry(picture: NDArray[np.uint8]) -> float:
    """Correlation of lightness and of edges with the left-right mirror image, 0..1 (0: none or opposite).

    A picture without contrast counts as 0: nothing in it is arranged.
    """
    lightness = cv2.GaussianBlur(lab(shrink(picture, 96))[..., 0], (0, 0), 1.5)
    edges = cv2.GaussianBlur(_gradient(lightness), (0, 0), 1.5)
    return max(0.0, (_mirror_correlation(lightness) + _mirror_correlation(edges)) / 2)


def _mirror_correlation(values: NDArray[Any]) -> float:
    centered = values - values.mean()
    power = float((centered**2).sum())
    return float((centered * centered[:, ::-1]).sum()) / power if power > values.size * 0.01 else 0.0


def saliency_spread(saliency: NDArray[np.float32]) -> float:
    """Mean distance of saliency from its center, as a fraction of half the picture's diagonal."""
    total = float(saliency.sum())
    if total <= 0:
        return 0.0
    rows, columns = saliency.shape
    x, y = mass_center(saliency)
    down = np.arange(rows)[:, None] + 0.5 - y * rows
    across = np.arange(columns)[None] + 0.5 - x * columns
    distance = np.hypot(down, across)
    return min(1.0, float((distance * saliency).sum()) / total / (float(np.hypot(rows, columns)) / 2))


def edge_density(picture: NDArray[np.uint8]) -> float:
    """Part of the picture that lies on a clear edge (luma gradient over 12 a pixel at 320 wide)."""
    return float((_gradient(shrink(luma_of(picture), 320)) > 12).mean())
