"""What is read off a face: right on photographs, the same whoever stands beside, and nothing where nothing shows."""

import csv
from dataclasses import replace
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from artgen.errors import ModelError
from artgen.people import Detection, DetectorSource, FaceDetector, describe_faces, load_detector
from artgen.people.alignment import align_face
from artgen.people.expression import (
    EXPRESSIONS,
    LEAST_EYES_PX,
    LEAST_HEIGHT_PX,
    FaceAnswers,
    FaceReader,
    FaceState,
    is_readable,
    load_reader,
    settle,
)
from artgen.people.pose import HeadPose
from artgen.records import Face

ROOT = Path(__file__).resolve().parent.parent.parent
SAMPLE = ROOT / "samples" / "sample.mp4"
ASTRONAUT_S = 1020 / 25  # she smiles at the camera
AHEAD = HeadPose(0.0, 0.0, 0.0)

Picture = NDArray[np.uint8]

ANSWERS = FaceAnswers((0.1, 0.0, 0.1, 0.5, 0.2, 0.1, 0.0), filmed=0.9, eyes=(0.2, 0.6, 0.2), lips_apart=0.25)


@pytest.fixture(scope="module")
def astronaut() -> Picture:
    """A frame of the sample title with a smiling face in its middle."""
    with av.open(str(SAMPLE)) as container:
        stream = container.streams.video[0]
        assert stream.time_base is not None
        container.seek(int(ASTRONAUT_S / stream.time_base), stream=stream)
        for frame in container.decode(stream):
            if frame.time is not None and frame.time >= ASTRONAUT_S:
                return np.asarray(frame.to_ndarray(format="rgb24"), dtype=np.uint8)
    raise AssertionError("the sample title is shorter than its README says")


def largest(picture: Picture, detector: FaceDetector) -> Face:
    return describe_faces("still", picture, detector.detect(picture)[:1])[0]


def test_a_smiling_face_is_read(astronaut: Picture, detector: FaceDetector) -> None:
    face = largest(astronaut, detector)

    assert face.eyes_open is not None
    assert face.mouth_open is not None
    assert face.expression is not None
    assert face.eyes_open > 0.7
    assert face.mouth_open > 0.7  # her teeth show
    assert face.expression.smile > 0.5


def test_the_expressions_of_a_face_add_up_to_one(astronaut: Picture, hog: FaceDetector) -> None:
    expression = largest(astronaut, hog).expression

    assert expression is not None
    assert sum(getattr(expression, name) for name in EXPRESSIONS) == pytest.approx(1, abs=1e-3)


def test_a_mirrored_face_is_read_alike(astronaut: Picture, hog: FaceDetector) -> None:
    (face, *_) = hog.detect(astronaut)
    chip = align_face(astronaut, face)

    here, there = (load_reader().look(np.ascontiguousarray(seen)) for seen in (chip, chip[:, ::-1]))

    assert here.expression == pytest.approx(there.expression, abs=1e-5)
    assert here.eyes == pytest.approx(there.eyes, abs=1e-5)


def test_who_stands_beside_does_not_matter(astronaut: Picture, hog: FaceDetector) -> None:
    face = hog.detect(astronaut)[0]
    other = Detection((20, 20, 200, 240), 0.9, ((80.0, 90.0), (140.0, 90.0), (110.0, 130.0)))

    alone = describe_faces("still", astronaut, [face])
    together = describe_faces("still", astronaut, [face, other, other])

    assert together[0] == alone[0]


def test_a_small_face_is_not_read(astronaut: Picture, hog: FaceDetector) -> None:
    (face, *_) = hog.detect(astronaut)
    scale = 0.9 * LEAST_HEIGHT_PX / (face.box[3] - face.box[1])
    small = cv2.resize(astronaut, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    x1, y1, x2, y2 = (edge * scale for edge in face.box)
    points = tuple((x * scale, y * scale) for x, y in face.landmarks)

    (said,) = describe_faces("still", small, [Detection((x1, y1, x2, y2), face.score, points)])

    assert (said.eyes_open, said.mouth_open, said.expression) == (None, None, None)


@pytest.mark.parametrize(
    ("pose", "readable"),
    [
        (AHEAD, True),
        (HeadPose(-40.0, 30.0, 20.0), True),
        (HeadPose(20.0, None, 0.0), True),
        (HeadPose(60.0, 0.0, 0.0), False),
        (HeadPose(-60.0, 0.0, 0.0), False),
        (HeadPose(0.0, 60.0, 0.0), False),
        (HeadPose(None, None, None), False),
    ],
)
def test_only_a_face_towards_the_camera_is_read(pose: HeadPose, readable: bool) -> None:
    assert is_readable(Detection((0, 0, 80, 100), 0.9, ()), pose) is readable


def test_what_is_no_face_is_not_read() -> None:
    noise = np.random.default_rng(0).normal(0, 30, (360, 360, 3)) + np.linspace(40, 200, 360)[:, None]
    picture = cv2.GaussianBlur(np.clip(noise, 0, 255).astype(np.uint8), (0, 0), 9)
    points = ((140.0, 150.0), (220.0, 150.0), (180.0, 195.0), (150.0, 240.0), (210.0, 240.0))

    (said,) = describe_faces("still", picture, [Detection((110, 80, 250, 280), 0.8, points)])

    assert (said.eyes_open, said.mouth_open, said.expression) == (None, None, None)


def test_nothing_is_said_of_what_was_not_filmed() -> None:
    assert settle(replace(ANSWERS, filmed=0.2), height_px=200) == FaceState(None, None, None)


def test_eyes_are_open_by_what_is_seen_of_them() -> None:
    state = settle(ANSWERS, height_px=200)

    assert state.eyes_open == 0.25
    assert state.mouth_open == 0.25
    assert state.expression is not None
    assert (state.expression.smile, state.expression.anger) == (0.5, 0.1)


@pytest.mark.parametrize(
    ("eyes", "height_px"),
    [((0.2, 0.2, 0.6), 200), ((0.9, 0.1, 0.0), LEAST_EYES_PX - 1)],
    ids=["hidden", "small"],
)
def test_nothing_is_said_of_eyes_that_do_not_show(eyes: tuple[float, float, float], height_px: float) -> None:
    state = settle(replace(ANSWERS, eyes=eyes), height_px=height_px)

    assert state.eyes_open is None
    assert state.mouth_open == 0.25


def test_missing_and_damaged_networks_are_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"none\.onnx is missing; install artgen again"):
        FaceReader(tmp_path / "none.onnx")

    damaged = tmp_path / "damaged.onnx"
    damaged.write_bytes((ROOT / "models" / "faces" / "faces.onnx").read_bytes()[:5000])
    with pytest.raises(ModelError, match=r"damaged\.onnx is damaged"):
        FaceReader(damaged)


def labeled(part: str) -> dict[str, str]:
    """Our own labels of the photographs in the shared media, by file; only the sure ones."""
    with (ROOT / "models" / "faces" / "labels.csv").open(newline="") as rows:
        return {
            row["file"]: row[part]
            for row in csv.DictReader(rows)
            if row["set"] == "photographs" and row[part] in ("open", "closed")
        }


@pytest.fixture(scope="module")
def photographs(shared_media: Path) -> dict[str, Face]:
    """Every photograph of the shared media whose face shows, in a margin as a film has it."""
    finder = load_detector(DetectorSource("dlib"))
    found = {}
    for file in sorted((shared_media / "faces").rglob("*.jpg")):
        picture = np.pad(cv2.imread(str(file))[..., ::-1], ((24, 24), (24, 24), (0, 0)))
        faces = describe_faces("still", picture, finder.detect(picture)[:1])
        if faces:
            found[f"faces/{file.parent.name}/{file.name}"] = faces[0]
    return found


def test_eyes_and_mouths_of_photographs_are_read_as_we_label_them(photographs: dict[str, Face]) -> None:
    eyes = [(label == "open", photographs[file].eyes_open) for file, label in labeled("eyes").items()
            if file in photographs]  # fmt: skip
    mouths = [(label == "open", photographs[file].mouth_open) for file, label in labeled("mouth").items()
              if file in photographs]  # fmt: skip

    open_eyes = [value for is_open, value in eyes if is_open and value is not None]
    assert len(open_eyes) > 100
    assert np.mean([value >= 0.3 for value in open_eyes]) > 0.95
    told = [(is_open, value) for is_open, value in mouths if value is not None]
    assert len(told) > 80
    assert np.mean([is_open == (value > 0.5) for is_open, value in told]) > 0.85
