"""Which way a head is turned, from the landmarks of its face."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from artgen.records import Point

FACE_MM = np.array(
    [(-31.5, 0.0, 0.0), (31.5, 0.0, 0.0), (0.0, 37.0, 30.0), (-26.5, 63.5, 6.0), (26.5, 63.5, 6.0)]
)
"""A mean face: right eye, left eye, nose tip, right and left mouth corner (the person's own right).

Millimeters from between the eyes: x to the picture's right, y down, z towards the viewer. Widths and heights
are those of YuNet's landmarks on upright faces, at an eye distance of 63 mm (the adult mean; Dodgson, "Variation
and extrema of human interpupillary distance", 2004); depths are those of an ordinary face, to some millimeters.
"""
_NOSE_BASE_DEPTH = 18.0 / 31.5  # of the nose's base before the eyes, in half eye distances
MAX_ANGLE_DEG = 90.0


@dataclass(frozen=True, slots=True)
class HeadPose:
    """Degrees, signed as in records.Face; None where the landmarks do not tell."""

    yaw_deg: float | None
    pitch_deg: float | None
    roll_deg: float | None


def estimate_pose(landmarks: Sequence[Point]) -> HeadPose:
    """The pose of a head from five landmarks; yaw and roll from three (eyes, nose base); nothing from none.

    Scaled orthographic projection, so a wide lens close to a face adds some degrees.
    Source: DeMenthon and Davis, "Model-based object pose in 25 lines of code", IJCV 1995 (its first step, POS).
    """
    if len(landmarks) == 5:
        return _from_five(np.array(landmarks, dtype=np.float64))
    if len(landmarks) == 3:
        return _from_three(np.array(landmarks, dtype=np.float64))
    return HeadPose(None, None, None)


def _from_five(points: NDArray[np.float64]) -> HeadPose:
    # Rows of `axes`: how the picture's x and y change a millimeter along the face's three axes.
    model = FACE_MM - FACE_MM.mean(axis=0)
    axes = np.linalg.lstsq(model, points - points.mean(axis=0), rcond=None)[0].T
    # The nearest scaled rotation: singular vectors without the singular values.
    left, values, right = np.linalg.svd(axes, full_matrices=False)
    if values[0] < 1e-9:
        return HeadPose(None, None, None)
    across, down = left @ right
    towards = np.cross(across, down)
    rotation = np.stack([across, down, towards])  # face axes to picture axes
    gaze = rotation[:, 2]  # where the face's z, out of the face, points: right, down, to the viewer
    yaw = np.degrees(np.arctan2(gaze[0], gaze[2]))
    pitch = np.degrees(np.arcsin(np.clip(-gaze[1], -1.0, 1.0)))
    return _clipped(yaw, pitch, _eye_line(points))


def _from_three(points: NDArray[np.float64]) -> HeadPose:
    right_eye, left_eye, nose = points
    line = left_eye - right_eye
    width = float(np.hypot(*line))
    if width < 1e-9:
        return HeadPose(None, None, None)
    # How far the nose's base is from the middle between the eyes, along the line of the eyes, in half eye distances.
    aside = float((nose - (right_eye + left_eye) / 2) @ line) / width / (width / 2)
    yaw = np.degrees(np.arctan2(aside, _NOSE_BASE_DEPTH))
    return _clipped(yaw, None, _eye_line(points))


def _eye_line(points: NDArray[np.float64]) -> float:
    across, down = points[1] - points[0]
    return float(np.degrees(np.arctan2(down, across)))


def _clipped(yaw: float, pitch: float | None, roll: float) -> HeadPose:
    limited = float(np.clip(yaw, -MAX_ANGLE_DEG, MAX_ANGLE_DEG))
    return HeadPose(round(limited, 1), None if pitch is None else round(float(pitch), 1), round(roll, 1))
