"""What is said of a face, and that its quality falls with each fault a portrait can have."""

import cv2
import numpy as np
import pytest
from helpers.faces import draw_face, scene_with

from artgen.people import Detection, FaceDetector, describe_faces

EYES_AND_NOSE = ((272.0, 190.0), (328.0, 190.0), (300.0, 224.0))


def seen(picture: np.ndarray, *, turned: float = 0.0, score: float = 0.93) -> float:
    """The quality of the face drawn at (200, 100)."""
    right, left, (x, y) = EYES_AND_NOSE
    detection = Detection((240, 126, 360, 290), score, (right, left, (x + turned, y)))
    return describe_faces("still", picture, [detection])[0].quality


def test_faces_are_described_in_order_with_ids_of_their_still(detector: FaceDetector) -> None:
    picture = scene_with((draw_face(160), 40, 60), (draw_face(220), 330, 150))
    detections = detector.detect(picture)

    faces = describe_faces("00h00m05.000s", picture, detections)

    assert [face.id for face in faces] == ["00h00m05.000s/0", "00h00m05.000s/1"]
    assert {face.still for face in faces} == {"00h00m05.000s"}
    assert [face.box for face in faces] == [pytest.approx(found.box, abs=0.01) for found in detections]
    assert all(face.person is None for face in faces)
    assert all(0 < face.quality <= 1 for face in faces)


def test_no_detections_are_no_faces() -> None:
    assert describe_faces("still", scene_with(), []) == []


@pytest.mark.parametrize(
    "fault",
    [
        lambda picture: np.asarray(cv2.GaussianBlur(picture, (0, 0), 6)),
        lambda picture: np.asarray(picture // 30, dtype=np.uint8),
        lambda picture: np.asarray(np.minimum(picture.astype(int) + 120, 255), dtype=np.uint8),
    ],
    ids=["blurred", "in the dark", "blown out"],
)
def test_a_faulty_picture_lowers_the_quality(fault: object) -> None:
    picture = scene_with((draw_face(200), 200, 100))

    assert callable(fault)
    assert seen(fault(picture)) < 0.9 * seen(picture)


def test_a_head_turned_away_lowers_the_quality() -> None:
    picture = scene_with((draw_face(200), 200, 100))

    assert seen(picture, turned=30) < 0.85 * seen(picture)


def test_doubt_whether_it_is_a_face_lowers_the_quality() -> None:
    picture = scene_with((draw_face(200), 200, 100))

    assert seen(picture, score=0.6) < 0.9 * seen(picture)


def test_a_small_face_lowers_the_quality(hog: FaceDetector) -> None:
    qualities = []
    for size in (80, 240):
        picture = scene_with((draw_face(size), 200, 100))
        qualities.append(describe_faces("still", picture, hog.detect(picture))[0].quality)

    assert qualities[0] < 0.9 * qualities[1]
