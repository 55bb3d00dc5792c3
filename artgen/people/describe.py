"""What a detected face is like: pose, eyes, mouth and expression, and how well it would do as a portrait."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from artgen.people.alignment import align_face
from artgen.people.detection import Detection
from artgen.people.expression import LUMA_WEIGHTS, UNKNOWN, FaceState, load_reader
from artgen.people.pose import HeadPose, estimate_pose
from artgen.records import Face

SMALLEST_PX, AMPLE_PX = 16.0, 160.0  # face heights: nothing can be told; no longer the limit
DOUBTFUL_SCORE, SURE_SCORE = 0.5, 0.9
FRONTAL_DEG, PROFILE_DEG = 15.0, 75.0
BLURRED_DETAIL, SHARP_DETAIL = 0.02, 0.12
WEIGHTS = {"size": 0.30, "sharpness": 0.25, "pose": 0.25, "certainty": 0.10, "light": 0.10}
"""Exponents of the quality's terms; they add up to 1."""


def describe_faces(
    still: str, picture: NDArray[np.uint8], detections: Sequence[Detection], *, states: bool = True
) -> list[Face]:
    """A Face for every detection in the still's picture, in their order, with ids "<still>/0", "<still>/1" ...

    `quality` is the product of terms in 0..1, each to a power in WEIGHTS, so that one fault is enough: size
    (height of the box, by its logarithm), sharpness (fine detail by the contrast of the face), pose (turned away),
    the detector's certainty, and light (neither crushed nor blown). Eyes, mouth and expression are what
    FaceReader reads, or None without `states`. `person` is set by rank_people.

    Raises:
        ModelError: the networks that come with artgen are missing or damaged.
    """
    if not detections:
        return []
    chips = [align_face(picture, detection) for detection in detections]
    poses = [estimate_pose(detection.landmarks) for detection in detections]
    read = load_reader().read(chips, detections, poses) if states else [UNKNOWN] * len(detections)
    return [
        _described(
            f"{still}/{number}", still, detection, pose, state, quality=face_quality(chip, detection, pose)
        )
        for number, (detection, chip, pose, state) in enumerate(
            zip(detections, chips, poses, read, strict=True)
        )
    ]


def _described(
    identity: str, still: str, detection: Detection, pose: HeadPose, state: FaceState, *, quality: float
) -> Face:
    return Face(
        id=identity,
        still=still,
        box=_rounded_box(detection),
        score=round(detection.score, 4),
        landmarks=tuple((round(x, 2), round(y, 2)) for x, y in detection.landmarks),
        yaw_deg=pose.yaw_deg,
        pitch_deg=pose.pitch_deg,
        roll_deg=pose.roll_deg,
        eyes_open=state.eyes_open,
        mouth_open=state.mouth_open,
        quality=round(quality, 4),
        expression=state.expression,
    )


def face_quality(chip: NDArray[np.uint8], detection: Detection, pose: HeadPose) -> float:
    """How good a portrait a face would make, 0..1; see describe_faces. `chip` is what align_face made of it."""
    luma = np.asarray(chip @ (LUMA_WEIGHTS / 255), dtype=np.float32)
    face = luma[30:130, 25:125]  # eyebrows to chin, without hair and background
    terms = {
        "size": _size(detection),
        "sharpness": _sharpness(face),
        "pose": _frontality(pose),
        "certainty": _ramp(detection.score, DOUBTFUL_SCORE, SURE_SCORE),
        "light": _light(face),
    }
    return float(np.prod([terms[name] ** weight for name, weight in WEIGHTS.items()]))


def _ramp(value: float, low: float, high: float) -> float:
    return float(np.clip((value - low) / (high - low), 0.0, 1.0))


def _size(detection: Detection) -> float:
    height = max(detection.box[3] - detection.box[1], 1.0)
    return _ramp(float(np.log(height)), float(np.log(SMALLEST_PX)), float(np.log(AMPLE_PX)))


def _sharpness(face: NDArray[np.float32]) -> float:
    """Fine detail (what a small blur would take away) relative to the contrast of the face."""
    import cv2

    fine = face - cv2.GaussianBlur(face, (0, 0), 1.5)
    return _ramp(float(fine.std() / max(float(face.std()), 0.02)), BLURRED_DETAIL, SHARP_DETAIL)


def _frontality(pose: HeadPose) -> float:
    turned = max(abs(pose.yaw_deg or 0.0), abs(pose.pitch_deg or 0.0))
    return 1.0 - _ramp(turned, FRONTAL_DEG, PROFILE_DEG)


def _light(face: NDArray[np.float32]) -> float:
    clipped = float(((face < 0.03) | (face > 0.98)).mean())
    # Where a face hardly differs from black, what the detector made out are traces that no viewer sees.
    visible = _ramp(float(face.mean()), 0.02, 0.15) * _ramp(float(face.std()), 0.015, 0.05)
    return (1.0 - _ramp(clipped, 0.05, 0.6)) * visible


def _rounded_box(detection: Detection) -> tuple[float, float, float, float]:
    x1, y1, x2, y2 = (round(edge, 2) for edge in detection.box)
    return (x1, y1, x2, y2)
