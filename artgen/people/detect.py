"""Where faces are in a picture: by YuNet where its file is here, by artgen's own network of that form, by dlib.

No detector may be used from two threads at once: load one a thread.
"""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from artgen.errors import ModelError
from artgen.people.detection import Detection
from artgen.people.dlib_files import FIVE_POINTS_FILE, dlib_file
from artgen.people.second_look import stands_up
from artgen.records import DetectorName, Point, area, intersection_over_union
from artgen.weights import entry_of, find_weights, models_folder, verify_weights

DETECTION_SIDE = 1216  # pixels of the longer side: faces of 3.5 % of a 16:9 picture's height keep 24 pixels
CLOSE_UP_SIDE = (
    256  # a second, small look, with room around: a face larger than the picture is found only there
)
CLOSE_UP_MARGIN = 0.25
LEAST_SCORES = {"yunet": (0.73, 0.76), "artgen": (0.60, 0.60)}
"""Of a face, and of a small one; artgen's own is the less sure and looks twice (second_look)."""
SMALL_FACE = 0.08  # of the picture's height; below it fur, leaves and cloth look like faces more often
HOG_SIDE = 1280
HOG_MAX_ENLARGING = 3.0
HOG_SCORE = 0.0
_HOG_EDGES = np.array([(0.08, -0.15), (0.92, 1.04)])
"""YuNet's box of a face (hairline to chin) in dlib's (eyebrows to chin, wider), as fractions of it."""
SAME_FACE_OVERLAP = 0.35
MIN_FACE_PX = 12.0
_silencing = threading.Lock()


class FaceDetector(Protocol):
    """What finds faces. `name` goes into the record of models used."""

    name: str

    def detect(self, picture: NDArray[np.uint8]) -> list[Detection]:
        """The faces of one sRGB picture (height, width, 3), largest first; see Detection."""
        ...


@dataclass(frozen=True, slots=True)
class DetectorSource:
    """Which detector, and its ONNX file; dlib's, which the package carries, has none."""

    name: Literal["yunet", "artgen", "dlib"]
    weights: Path | None = None


def find_detector(
    wanted: DetectorName = "auto", *, folders: Sequence[Path] = (), commercial: bool = False
) -> DetectorSource:
    """Where the detector asked for lies; "auto" is YuNet where it is on this machine, else artgen's own.

    Args:
        wanted: by name.
        folders: where the user keeps model files.
        commercial: only one whose license allows commercial use: "auto" takes dlib's where artgen's own is not.

    Raises:
        ModelError: YuNet was asked for and is not on this machine, artgen's own was and is not for commercial
            use, or a file is broken.
    """
    if wanted in ("auto", "yunet"):
        found = find_weights(entry_of("yunet"), folders=folders)
        if found is not None:
            return DetectorSource("yunet", found)
        if wanted == "yunet":
            raise ModelError(
                "The YuNet face detector is not on this machine; run `artgen models fetch yunet`, or leave --faces out."
            )
    own = entry_of("artgen-detector")
    if commercial and not own.commercial:
        if wanted == "artgen":
            raise ModelError(
                f"{own.id} is not for commercial use (license: {own.license}); run `artgen models fetch yunet` and "
                "leave --faces out, or give --faces dlib."
            )
        return DetectorSource("dlib")
    return DetectorSource("dlib") if wanted == "dlib" else DetectorSource("artgen", _own_weights())


def load_detector(source: DetectorSource) -> FaceDetector:
    """Open a detector; see find_detector.

    Raises:
        ModelError: the file is missing, or is not a face detector that OpenCV can read.
    """
    if source.name == "dlib":
        return HogDetector()
    if source.weights is None:
        raise ValueError(f"{source.name} needs the path of its weights")
    return DenseDetector(
        source.name,
        source.weights,
        least_scores=LEAST_SCORES[source.name],
        looks_twice=source.name == "artgen",
    )


@contextmanager
def _opencv_silent() -> Iterator[None]:
    """For one thread at a time: OpenCV's level is the process's, and another thread would restore the wrong one."""
    import cv2

    with _silencing:
        level = cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
        try:
            yield
        finally:
            cv2.utils.logging.setLogLevel(level)


class DenseDetector:
    """YuNet, or artgen's own network of its form, by OpenCV's FaceDetectorYN; five landmarks a face.

    Source: Wu, Peng, Yu, "YuNet: A Tiny Millisecond-level Face Detector", Machine Intelligence Research 2023.
    """

    def __init__(
        self,
        name: Literal["yunet", "artgen"],
        weights: Path,
        *,
        least_scores: tuple[float, float],
        looks_twice: bool,
    ) -> None:
        """Load the ONNX file; `least_scores` are of a face and of a small one, in the first look. See load_detector."""
        import cv2

        self.name: str = name
        self._score, self._small_score = least_scores
        self._looks_twice = looks_twice
        if not weights.is_file():
            raise ModelError(f"{weights} is missing; fetch or install it again, or leave --faces out.")
        try:
            with _opencv_silent():
                self._net = cv2.FaceDetectorYN.create(
                    str(weights), "", (320, 320), min(least_scores), 0.3, 500
                )
                self._net.setInputSize((32, 32))
                self._net.detect(np.zeros((32, 32, 3), np.uint8))
        except cv2.error as fault:
            raise ModelError(
                f"{weights} is not a face detector that OpenCV can read; fetch or install it again."
            ) from fault

    def detect(self, picture: NDArray[np.uint8]) -> list[Detection]:
        """See FaceDetector."""
        _check(picture)
        height = picture.shape[0]
        found = [
            face
            for face in self._look(picture, DETECTION_SIDE, 0.0)
            if face.score
            >= (self._score if face.box[3] - face.box[1] > SMALL_FACE * height else self._small_score)
        ]
        found += [
            face
            for face in self._look(picture, CLOSE_UP_SIDE, CLOSE_UP_MARGIN)
            if face.box[3] - face.box[1] > 0.3 * height
        ]
        settled = _settled(found, picture)
        if not self._looks_twice:
            return settled
        return [face for face in settled if stands_up(picture, face, self._see)]

    def _look(self, picture: NDArray[np.uint8], side: int, margin: float) -> list[Detection]:
        reduced, scale = _resized(picture, side, most=1.0)
        rows, columns = (round(margin * length) for length in reduced.shape[:2])
        if margin:
            reduced = np.pad(reduced, ((rows, rows), (columns, columns), (0, 0)))
        return self._see(reduced, shift=(columns, rows), scale=scale)

    def _see(
        self, picture: NDArray[np.uint8], *, shift: tuple[int, int] = (0, 0), scale: float = 1.0
    ) -> list[Detection]:
        """Faces of a picture as the network takes it, told in pixels before it was scaled and shifted."""
        self._net.setInputSize((picture.shape[1], picture.shape[0]))
        faces: Any = self._net.detect(np.ascontiguousarray(picture[..., ::-1]))[1]
        if faces is None:
            return []
        faces = faces.astype(np.float64)
        corners = np.concatenate([faces[:, :2], faces[:, :2] + faces[:, 2:4], faces[:, 4:14]], axis=1)
        corners = (corners.reshape(len(faces), -1, 2) - shift) / scale
        return [_detection(points, float(face[14])) for points, face in zip(corners, faces, strict=True)]


class HogDetector:
    """dlib's frontal face detector (histograms of oriented gradients), and its five-point landmarks.

    It needs no file of its own; it sees faces near the front and larger than a tenth of the picture's height.
    Source: King, "Max-Margin Object Detection", 2015; Kazemi and Sullivan, CVPR 2014 (landmarks).
    """

    name = "dlib-hog"

    def __init__(self) -> None:
        """Load the detector that dlib carries, and the landmarks where they are installed."""
        import dlib

        self._hog: Any = dlib.get_frontal_face_detector()
        five_points = dlib_file(FIVE_POINTS_FILE)
        self._landmarks: Any = None if five_points is None else dlib.shape_predictor(str(five_points))

    def detect(self, picture: NDArray[np.uint8]) -> list[Detection]:
        """See FaceDetector."""
        _check(picture)
        resized, scale = _resized(picture, HOG_SIDE, most=HOG_MAX_ENLARGING)
        margin = round(CLOSE_UP_MARGIN / 2 * min(resized.shape[:2]))
        padded = np.pad(resized, ((margin, margin), (margin, margin), (0, 0)))
        boxes, scores, _ = self._hog.run(padded, 0, HOG_SCORE)
        found = []
        for box, score in zip(boxes, scores, strict=True):
            points = np.array((box.left(), box.top())) + _HOG_EDGES * (box.width(), box.height())
            if self._landmarks is not None:
                points = np.concatenate([points, _eyes_and_nose(self._landmarks(padded, box).parts())])
            # A score of 1.2 and more is a face beyond doubt.
            found.append(_detection((points - margin) / scale, min(1.0, 0.7 + float(score) / 4)))
        return _settled(found, picture)


def _own_weights() -> Path:
    """The file that artgen carries, checked against the registry."""
    entry = entry_of("artgen-detector")
    path = models_folder() / "detector" / entry.files[0].name
    verify_weights(entry, path)
    return path


def _eyes_and_nose(parts: Sequence[Any]) -> list[Point]:
    """Right eye, left eye and nose base from dlib's five points: the corners of each eye, and the nose base."""
    left_outer, left_inner, right_outer, right_inner, nose = ((part.x, part.y) for part in parts)
    eyes = [(right_outer, right_inner), (left_outer, left_inner)]
    return [((a[0] + b[0]) / 2, (a[1] + b[1]) / 2) for a, b in eyes] + [nose]


def _check(picture: NDArray[np.uint8]) -> None:
    if picture.dtype != np.uint8 or picture.ndim != 3 or picture.shape[2] != 3 or not picture.size:
        raise ValueError(f"picture must be (height, width, 3) uint8, got {picture.shape} {picture.dtype}")


def _resized(picture: NDArray[np.uint8], side: int, *, most: float) -> tuple[NDArray[np.uint8], float]:
    """The picture with its longer side at `side` pixels, enlarged `most` times at most, and the scale."""
    import cv2

    scale = min(side / max(picture.shape[:2]), most)
    if scale == 1.0:
        return picture, 1.0
    size = tuple(max(1, round(length * scale)) for length in (picture.shape[1], picture.shape[0]))
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(picture, size, interpolation=how), dtype=np.uint8), scale


def _detection(points: NDArray[np.float64], score: float) -> Detection:
    (x1, y1), (x2, y2), *landmarks = ((float(x), float(y)) for x, y in points)
    return Detection((x1, y1, x2, y2), score, tuple(landmarks))


def _settled(found: Sequence[Detection], picture: NDArray[np.uint8]) -> list[Detection]:
    """One detection a face (the best score stays), cut to the picture, largest first."""
    height, width = picture.shape[:2]
    kept: list[Detection] = []
    for face in sorted(found, key=lambda face: (-face.score, face.box)):
        x1, y1, x2, y2 = face.box
        box = (max(0.0, x1), max(0.0, y1), min(float(width), x2), min(float(height), y2))
        if min(box[2] - box[0], box[3] - box[1]) < MIN_FACE_PX or area(box) < 0.5 * area(face.box):
            continue
        if all(intersection_over_union(box, other.box) < SAME_FACE_OVERLAP for other in kept):
            kept.append(replace(face, box=box))
    return sorted(kept, key=lambda face: (-area(face.box), face.box))
