"""What looks like a face once is one only where other looks agree."""

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from helpers.faces import draw_face, scene_with
from numpy.typing import NDArray

from artgen.people import Detection, FaceDetector, find_detector, load_detector
from artgen.people.second_look import SURE_SCORE, stands_up

SAMPLE = Path(__file__).resolve().parents[2] / "samples" / "sample.mp4"
SHUTTLE_FRAME = (
    377  # beside the astronaut a space shuttle, whose nose, wings and engines look like a face at one size
)
FACE = Detection(
    (340, 150, 484, 347),
    0.7,
    ((389.0, 228.0), (451.0, 228.0), (420.0, 262.0), (395.0, 300.0), (445.0, 300.0)),
)

Picture = NDArray[np.uint8]
See = Callable[[Picture], list[Detection]]


def nowhere(picture: Picture) -> list[Detection]:
    return []


def in_the_middle(picture: Picture) -> list[Detection]:
    """A face wherever one is shown, as large as it is shown: 24 of 128 pixels up to 112 of 256."""
    side = picture.shape[0]
    found = []
    for shown in (24, 36, 56, 80, 112):
        wide = shown * 144 / 197
        box = ((side - wide) / 2, (side - shown) / 2, (side + wide) / 2, (side + shown) / 2)
        found.append(Detection(box, 0.7, ()))
    return found


@pytest.fixture(scope="module")
def drawn() -> Picture:
    return scene_with((draw_face(240), 300, 120))


def test_a_face_found_again_at_every_size_stands(drawn: Picture) -> None:
    assert stands_up(drawn, FACE, in_the_middle)


def test_what_no_other_look_finds_is_no_face_however_it_reads(drawn: Picture) -> None:
    assert not stands_up(drawn, FACE, nowhere)


def test_a_sure_face_needs_no_second_look(drawn: Picture) -> None:
    sure = Detection(FACE.box, SURE_SCORE, FACE.landmarks)

    assert stands_up(drawn, sure, nowhere)


def test_a_face_beside_the_one_asked_about_does_not_vouch_for_it(drawn: Picture) -> None:
    def in_the_corner(picture: Picture) -> list[Detection]:
        return [Detection((0, 0, 20, 24), 0.9, ())]

    assert not stands_up(drawn, FACE, in_the_corner)


@pytest.mark.parametrize("box", [(0, 0, 30, 40), (600, 320, 640, 360), (0, 0, 640, 360)])
def test_a_face_at_the_pictures_edge_is_looked_at_with_black_beyond(
    box: tuple[float, float, float, float],
) -> None:
    seen: list[tuple[int, ...]] = []

    def noting(picture: Picture) -> list[Detection]:
        seen.append(picture.shape)
        return []

    stands_up(np.full((360, 640, 3), 128, np.uint8), Detection(box, 0.7, ()), noting)

    assert {shape[0] for shape in seen} == {128, 192, 256}
    assert all(shape == (shape[0], shape[0], 3) for shape in seen)


def test_a_space_shuttle_is_nobody() -> None:
    film = cv2.VideoCapture(str(SAMPLE))
    film.set(cv2.CAP_PROP_POS_FRAMES, SHUTTLE_FRAME)
    frame = np.ascontiguousarray(film.read()[1][..., ::-1])

    (astronaut,) = load_detector(find_detector("artgen")).detect(frame)

    assert astronaut.box[2] < 800


def test_a_clock_on_the_wall_is_seldom_somebody(shared_media: Path) -> None:
    own: FaceDetector = load_detector(find_detector("artgen"))
    film = cv2.VideoCapture(str(shared_media / "titles" / "his_girl_friday_6s.mp4"))
    clocks = women = 0
    for number in range(0, 144, 6):
        film.set(cv2.CAP_PROP_POS_FRAMES, number)
        boxes = [face.box for face in own.detect(np.ascontiguousarray(film.read()[1][..., ::-1]))]
        clocks += any(box[2] < 320 and box[3] < 144 for box in boxes)
        women += any(box[2] > 320 for box in boxes)

    assert clocks <= 4  # the first look alone, with the bars it had before, finds 8
    assert women >= 18
