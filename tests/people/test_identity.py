"""Identity vectors: a row a face, steady against size and place, and aligned chips behind them."""

from pathlib import Path

import numpy as np
import pytest
from helpers.faces import draw_face, scene_with

from artgen.errors import ModelError
from artgen.people import Detection, FaceDetector, Identifier
from artgen.people.alignment import align_face, fit_similarity
from artgen.people.dlib_files import dlib_file, need_dlib_file


def test_vectors_are_rows_in_the_order_of_the_detections(
    detector: FaceDetector, identifier: Identifier
) -> None:
    picture = scene_with((draw_face(160), 40, 60), (draw_face(220, skin=120), 330, 150))
    faces = detector.detect(picture)

    vectors = identifier.vectors(picture, faces)
    second = identifier.vectors(picture, faces[1:])

    assert vectors.shape == (2, 128)
    assert vectors.dtype == np.float32
    assert vectors[1] == pytest.approx(second[0], abs=1e-5)


def test_no_detections_give_no_vectors(identifier: Identifier) -> None:
    assert identifier.vectors(scene_with(), []).shape == (0, 128)


def test_two_faces_are_apart(hog: FaceDetector, identifier: Identifier) -> None:
    picture = scene_with((draw_face(200), 40, 60), (draw_face(200, skin=90, turned=6), 330, 150))

    assert squared_distance(*identifier.vectors(picture, hog.detect(picture))) > 0.15


def test_the_same_face_at_other_size_and_place_is_near(
    detector: FaceDetector, identifier: Identifier
) -> None:
    here = scene_with((draw_face(150), 40, 60))
    there = scene_with((draw_face(600), 900, 300), width=1920, height=1080)

    one, other = (identifier.vectors(picture, detector.detect(picture))[0] for picture in (here, there))

    assert squared_distance(one, other) < 0.1


def test_a_mirrored_face_has_the_vector_of_the_face(hog: FaceDetector, identifier: Identifier) -> None:
    picture = scene_with((draw_face(200, turned=4), 220, 140))
    mirrored = np.ascontiguousarray(picture[:, ::-1])
    (face,) = hog.detect(picture)
    x1, y1, x2, y2 = face.box
    turned = Detection(
        (640 - x2, y1, 640 - x1, y2), face.score, tuple((640 - x, y) for x, y in _swapped(face.landmarks))
    )

    vectors = [identifier.vectors(picture, [face])[0], identifier.vectors(mirrored, [turned])[0]]

    assert squared_distance(*vectors) < 0.005


def squared_distance(one: np.ndarray, other: np.ndarray) -> float:
    return float(((one - other) ** 2).sum())


def _swapped(landmarks: tuple[tuple[float, float], ...]) -> list[tuple[float, float]]:
    """Landmarks in the order they have in the mirror: right for left."""
    order = {0: (), 3: (1, 0, 2), 5: (1, 0, 2, 4, 3)}[len(landmarks)]
    return [landmarks[place] for place in order]


def test_a_leaning_face_is_turned_upright() -> None:
    picture = scene_with((draw_face(200), 220, 140))
    eyes_and_nose = ((294.0, 230.0), (346.0, 230.0), (320.0, 264.0))
    upright = align_face(picture, Detection((260, 170, 380, 330), 1.0, eyes_and_nose))
    turned = np.ascontiguousarray(np.rot90(picture, -1))  # clockwise: (x, y) comes to (height - y, x)
    leaning = tuple((479 - y, x) for x, y in eyes_and_nose)

    chip = align_face(turned, Detection((150, 260, 310, 380), 1.0, leaning))

    assert chip.shape == (150, 150, 3)
    assert np.abs(chip.astype(int) - upright).mean() < 3


def test_a_large_face_is_reduced_without_aliasing() -> None:
    stripes = np.zeros((2400, 2400, 3), np.uint8)
    stripes[:, ::2] = 255  # finer than the chip: only their mean may be seen

    chip = align_face(stripes, Detection((400, 400, 2000, 2000), 1.0, ()))

    assert chip[20:130, 20:130].std() < 12
    assert chip.mean() == pytest.approx(127, abs=4)


def test_a_similarity_is_recovered_from_points() -> None:
    points = np.array([(0.0, 0.0), (4.0, 0.0), (1.0, 3.0), (5.0, 5.0)])
    matrix = np.array([(1.5, -0.5, 7.0), (0.5, 1.5, -2.0)])

    found = fit_similarity(points, points @ matrix[:, :2].T + matrix[:, 2], np.array([1.0, 2.0, 0.5, 1.0]))

    assert found == pytest.approx(matrix)


def test_a_wrong_number_of_landmarks_is_refused() -> None:
    with pytest.raises(ValueError, match="5, 3 or no landmarks, not 2"):
        align_face(scene_with(), Detection((10, 10, 60, 60), 1.0, ((20.0, 20.0), (40.0, 20.0))))


def test_weights_that_are_not_installed_are_named() -> None:
    assert dlib_file("no_such_network.dat") is None
    with pytest.raises(ModelError, match=r"no_such_network.dat is not installed; install the package"):
        need_dlib_file("no_such_network.dat")


def test_damaged_weights_are_refused(tmp_path: Path) -> None:
    broken = tmp_path / "network.dat"
    broken.write_bytes(b"\x01" * 5000)

    with pytest.raises(ModelError, match=r"network.dat is not dlib's identity network"):
        Identifier(broken)
