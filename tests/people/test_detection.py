"""Faces are found where they are, once each, and nothing else is."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Literal

import cv2
import numpy as np
import pytest
from helpers.faces import draw_face, scene_with

from artgen.errors import ModelError
from artgen.people import DetectorSource, FaceDetector, find_detector, load_detector
from artgen.records import intersection_over_union

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def own() -> FaceDetector:
    """artgen's own detector, as it comes with artgen."""
    return load_detector(find_detector("artgen"))


@pytest.fixture(scope="session", params=["artgen", "yunet"])
def dense(request: pytest.FixtureRequest, own: FaceDetector) -> FaceDetector:
    """Each detector that gives five landmarks."""
    if request.param == "artgen":
        return own
    return load_detector(DetectorSource("yunet", request.getfixturevalue("yunet_weights")))


def oval_of(size: int, x: int, y: int) -> tuple[float, float, float, float]:
    """Hairline to chin of a drawn face."""
    return (x + 0.20 * size, y + 0.13 * size, x + 0.80 * size, y + 0.95 * size)


def test_a_face_is_found_once_and_where_it_is(detector: FaceDetector) -> None:
    (face,) = detector.detect(scene_with((draw_face(240), 300, 120)))

    assert intersection_over_union(face.box, oval_of(240, 300, 120)) > 0.6
    assert face.score > 0.8


def test_the_largest_face_comes_first(detector: FaceDetector) -> None:
    faces = detector.detect(scene_with((draw_face(130), 40, 60), (draw_face(260), 330, 150)))

    assert len(faces) == 2
    assert faces[0].box[0] > 330 > faces[1].box[0]


def test_boxes_are_in_pixels_of_the_whole_picture(detector: FaceDetector) -> None:
    large = scene_with((draw_face(900), 1500, 500), width=3200, height=1800)

    (face,) = detector.detect(large)

    assert intersection_over_union(face.box, oval_of(900, 1500, 500)) > 0.6


def test_a_face_larger_than_the_picture_is_found_and_its_box_stays_inside(detector: FaceDetector) -> None:
    drawn = draw_face(700)
    height = drawn.shape[0]
    close_up = np.ascontiguousarray(drawn[int(0.16 * height) : int(0.95 * height), int(0.14 * height) :])

    (face,) = detector.detect(close_up)

    assert face.box[0] >= 0
    assert face.box[1] >= 0
    assert face.box[2] <= close_up.shape[1]
    assert face.box[3] <= close_up.shape[0]


@pytest.mark.parametrize("size", [(16, 16), (720, 1280), (1280, 40)])
def test_nothing_is_found_in_an_even_picture_of_any_size(
    detector: FaceDetector, size: tuple[int, int]
) -> None:
    assert detector.detect(np.full((*size, 3), 128, np.uint8)) == []


def test_nothing_is_found_in_foliage_and_cloth(detector: FaceDetector) -> None:
    random = np.random.default_rng(7)
    for grain in (1.0, 3.0, 8.0):
        rough = random.integers(0, 256, (360, 640, 3), dtype=np.uint8)
        texture = cv2.normalize(cv2.GaussianBlur(rough, (0, 0), grain), None, 0, 255, cv2.NORM_MINMAX)

        assert detector.detect(np.asarray(texture, dtype=np.uint8)) == []


def test_detection_is_repeatable(detector: FaceDetector) -> None:
    picture = scene_with((draw_face(200), 100, 100))

    assert detector.detect(picture) == detector.detect(picture)


def test_eyes_nose_and_mouth_are_marked_from_the_persons_right(dense: FaceDetector) -> None:
    (face,) = dense.detect(scene_with((draw_face(200), 200, 100)))

    right_eye, left_eye, nose, right_mouth, left_mouth = np.array(face.landmarks)
    assert np.hypot(*(right_eye - (200 + 74, 100 + 90))) < 8
    assert np.hypot(*(left_eye - (200 + 126, 100 + 90))) < 8
    assert abs(nose[0] - 300) < 6
    assert right_mouth[0] < nose[0] < left_mouth[0]
    assert right_mouth[1] > nose[1] > right_eye[1]


def test_the_sample_titles_astronaut_is_found_without_any_other_file(own: FaceDetector) -> None:
    film = cv2.VideoCapture(str(ROOT / "samples" / "sample.mp4"))
    for number, box in (
        (375, (443, 151, 677, 445)),
        (625, (386, 141, 613, 419)),
        (1075, (461, 153, 839, 635)),
    ):
        film.set(cv2.CAP_PROP_POS_FRAMES, number)
        frame = np.ascontiguousarray(film.read()[1][..., ::-1])
        largest = own.detect(frame)[0]

        assert intersection_over_union(largest.box, box) > 0.5


def test_our_own_detector_finds_nearly_every_photographed_face(own: FaceDetector, shared_media: Path) -> None:
    photographs = [
        cv2.imread(str(path))[..., ::-1] for path in sorted(shared_media.glob("faces/*/0[0-4].jpg"))
    ]
    padded = [np.pad(photograph, ((56, 56), (56, 56), (0, 0)), mode="edge") for photograph in photographs]

    assert sum(bool(own.detect(photograph)) for photograph in padded) >= 0.97 * len(padded) > 0


def test_without_yunet_our_own_detector_is_taken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ARTGEN_CACHE", str(tmp_path))

    assert find_detector().name == "artgen"
    with pytest.raises(ModelError, match="artgen models fetch yunet"):
        find_detector("yunet")


def test_yunet_is_taken_where_it_is(yunet_weights: Path) -> None:
    assert find_detector(folders=[yunet_weights.parent]) == DetectorSource("yunet", yunet_weights)
    assert find_detector("dlib", folders=[yunet_weights.parent]) == DetectorSource("dlib")
    assert find_detector(folders=[yunet_weights.parent], commercial=True).name == "yunet"


def test_for_commercial_use_dlibs_detector_stands_in_for_artgens_own() -> None:
    assert find_detector(commercial=True) == DetectorSource("dlib")
    with pytest.raises(
        ModelError, match=r"^artgen-detector is not for commercial use .* fetch yunet.* --faces dlib"
    ):
        find_detector("artgen", commercial=True)


def test_yunet_finds_most_faces_of_a_sixteenth_of_the_pictures_height(
    shared_media: Path, yunet_weights: Path
) -> None:
    detector = load_detector(DetectorSource("yunet", yunet_weights))
    found = 0
    for path in sorted(shared_media.glob("faces/*/00.jpg")):
        small = cv2.resize(cv2.imread(str(path))[..., ::-1], (68, 68), interpolation=cv2.INTER_AREA)
        faces = detector.detect(scene_with((small, 900, 500), width=1920, height=1080))
        found += any(intersection_over_union(face.box, (906, 500, 962, 568)) > 0.4 for face in faces)

    assert found >= 10


def test_yunet_finds_every_photographed_face(shared_media: Path, yunet_weights: Path) -> None:
    detector = load_detector(DetectorSource("yunet", yunet_weights))
    photographs = [
        cv2.imread(str(path))[..., ::-1] for path in sorted(shared_media.glob("faces/*/0[0-4].jpg"))
    ]

    assert photographs
    assert all(detector.detect(np.ascontiguousarray(photograph)) for photograph in photographs)


def test_a_wrong_array_is_refused(detector: FaceDetector) -> None:
    with pytest.raises(ValueError, match=r"\(height, width, 3\) uint8"):
        detector.detect(np.zeros((20, 20), np.uint8))


def test_detectors_loaded_side_by_side_say_nothing_and_leave_opencvs_voice_as_it_was(
    capfd: pytest.CaptureFixture[str],
) -> None:
    before = cv2.utils.logging.getLogLevel()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: load_detector(find_detector("artgen")), range(24)))

    assert cv2.utils.logging.getLogLevel() == before
    assert capfd.readouterr().err == ""


def test_a_missing_file_is_no_detector(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"nowhere.onnx is missing"):
        load_detector(DetectorSource("artgen", tmp_path / "nowhere.onnx"))


@pytest.mark.parametrize("content", [b"", b"not a network", b"\x08\x07" * 400])
@pytest.mark.parametrize("name", ["yunet", "artgen"])
def test_a_broken_file_is_no_detector(
    tmp_path: Path, content: bytes, name: Literal["yunet", "artgen"]
) -> None:
    broken = tmp_path / "face_detection_yunet.onnx"
    broken.write_bytes(content)

    with pytest.raises(ModelError, match=r"face_detection_yunet.onnx is not a face detector"):
        load_detector(DetectorSource(name, broken))
