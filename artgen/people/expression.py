"""What a face does: eyes open or shut, lips together or apart, and which expression it shows.

Three small networks of our own look at the aligned face, at the strip of the eyes and at the mouth;
models/faces/README.md says what they learned from and how often they are right. Nothing is said of a face that is
too small, turned away, or not one before a camera.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from artgen.people.detection import Detection
from artgen.people.pose import HeadPose
from artgen.records import Expression
from artgen.weights import entry_of, models_folder, open_network, verify_weights

LUMA_WEIGHTS = np.array(
    [0.2126, 0.7152, 0.0722], dtype=np.float32
)  # red, green, blue; ITU-R BT.709-6, item 3.2
LEAST_CONTRAST = 4.0  # luma levels: the noise of a face without light is not blown up
EXPRESSIONS = ("anger", "disgust", "fear", "smile", "neutral", "sadness", "surprise")
"""In the order of the network's answers."""
PARTS = {
    "face": (slice(14, 144), slice(10, 140), (48, 48)),
    "eyes": (slice(27, 67), slice(20, 130), (66, 24)),
    "mouth": (slice(72, 142), slice(33, 117), (48, 40)),
}
"""Rows and columns of the aligned chip that each network sees, and the (width, height) they are reduced to."""
LEAST_HEIGHT_PX = 36.0  # of the detector's box
LEAST_EYES_PX = 48.0  # the same, for eyes: below it an open one is two pixels high
MOST_YAW_DEG, MOST_PITCH_DEG = 45.0, 45.0
LEAST_FILMED = 0.5
MOST_HIDDEN = 0.35


@dataclass(frozen=True, slots=True)
class FaceAnswers:
    """The networks' probabilities for one face, each 0..1.

    `expression` goes with EXPRESSIONS and adds up to 1, as do `eyes` (open, closed, hidden by dark glasses, hair
    or shadow); `filmed` is that this is a face before a camera, `lips_apart` that teeth or the inside of the mouth
    show.
    """

    expression: tuple[float, ...]
    filmed: float
    eyes: tuple[float, float, float]
    lips_apart: float


@dataclass(frozen=True, slots=True)
class FaceState:
    """What is said of one face, as in records.Face; None where it cannot be told."""

    eyes_open: float | None
    mouth_open: float | None
    expression: Expression | None


UNKNOWN = FaceState(None, None, None)


@cache
def load_reader() -> "FaceReader":
    """The networks that come with artgen, loaded once; they may be used from many threads.

    Raises:
        ModelError: their file is missing or damaged.
    """
    entry = entry_of("artgen-faces")
    path = models_folder() / "faces" / entry.files[0].name
    verify_weights(entry, path)
    return FaceReader(path)


class FaceReader:
    """Reads the state of faces from their aligned chips, by ONNX Runtime on one core."""

    def __init__(self, weights: Path) -> None:
        """Load the networks; see load_reader."""
        self._session = open_network(weights, named=weights, inputs=PARTS)

    def read(
        self, chips: Sequence[NDArray[np.uint8]], detections: Sequence[Detection], poses: Sequence[HeadPose]
    ) -> list[FaceState]:
        """The state of each face: what align_face made of it (150, 150, 3), where it was found, how it is turned."""
        return [
            settle(self.look(chip), height_px=height_of(detection))
            if is_readable(detection, pose)
            else UNKNOWN
            for chip, detection, pose in zip(chips, detections, poses, strict=True)
        ]

    def look(self, chip: NDArray[np.uint8]) -> FaceAnswers:
        """What the networks answer for a chip (150, 150, 3), the mean over it and its mirror image.

        One face a call: in a batch, the last bits of an answer could hang on the other faces.
        """
        luma = np.asarray(chip @ LUMA_WEIGHTS, dtype=np.float32)
        parts = {name: part_of_face(luma, name) for name in PARTS}
        both = {name: np.stack([part, part[:, ::-1]])[:, None] for name, part in parts.items()}
        answers = self._session.run(["expression", "filmed", "eye_state", "lips_apart"], both)
        expression, filmed, eyes, mouth = (answer.mean(axis=0).tolist() for answer in answers)
        return FaceAnswers(tuple(expression), filmed[0], tuple(eyes), mouth[0])


def settle(answers: FaceAnswers, *, height_px: float) -> FaceState:
    """What may be said of a face so high: nothing of what was not filmed, nothing of eyes too small or hidden."""
    if answers.filmed < LEAST_FILMED:
        return UNKNOWN
    opened, closed, hidden = answers.eyes
    shown = height_px >= LEAST_EYES_PX and hidden <= MOST_HIDDEN
    named = dict(zip(EXPRESSIONS, answers.expression, strict=True))
    return FaceState(
        eyes_open=round(opened / (opened + closed), 4) if shown else None,
        mouth_open=round(answers.lips_apart, 4),
        expression=Expression(**{name: round(value, 4) for name, value in named.items()}),
    )


def is_readable(detection: Detection, pose: HeadPose) -> bool:
    """True when a face has pixels enough, and looks near enough to the camera, for its features to be seen."""
    return (
        height_of(detection) >= LEAST_HEIGHT_PX
        and pose.yaw_deg is not None
        and abs(pose.yaw_deg) <= MOST_YAW_DEG
        and abs(pose.pitch_deg or 0.0) <= MOST_PITCH_DEG
    )


def height_of(detection: Detection) -> float:
    """Height of a face's box in pixels."""
    return detection.box[3] - detection.box[1]


def part_of_face(luma: NDArray[np.float32], part: str) -> NDArray[np.float32]:
    """What one network sees, (height, width) with mean 0 and deviation 1.

    Args:
        luma: of an aligned chip, (150, 150), 0..255.
        part: a key of PARTS.
    """
    import cv2

    rows, columns, size = PARTS[part]
    seen = cv2.resize(luma[rows, columns], size, interpolation=cv2.INTER_AREA)
    return np.asarray((seen - seen.mean()) / (seen.std() + LEAST_CONTRAST), dtype=np.float32)
