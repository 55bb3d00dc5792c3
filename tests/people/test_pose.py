"""A head turned by known angles and projected is given back its angles."""

from pathlib import Path

import numpy as np
import pytest
from helpers.faces import draw_face, scene_with

from artgen.people import DetectorSource, load_detector
from artgen.people.pose import FACE_MM, estimate_pose
from artgen.records import Point


def projected(*, yaw_deg: float, pitch_deg: float, roll_deg: float, scale: float = 3.0) -> tuple[Point, ...]:
    """The landmarks of a mean face that looks to the right by `yaw_deg`, up by `pitch_deg` and leans clockwise."""
    yaw, pitch, roll = np.radians([yaw_deg, pitch_deg, roll_deg])
    # Right, down, towards the viewer. Looking right carries +z to +x; looking up carries +z to -y.
    turn = np.array([[np.cos(yaw), 0, np.sin(yaw)], [0, 1, 0], [-np.sin(yaw), 0, np.cos(yaw)]])
    nod = np.array([[1, 0, 0], [0, np.cos(pitch), -np.sin(pitch)], [0, np.sin(pitch), np.cos(pitch)]])
    lean = np.array([[np.cos(roll), -np.sin(roll), 0], [np.sin(roll), np.cos(roll), 0], [0, 0, 1]])
    points = FACE_MM @ (lean @ turn @ nod).T
    return tuple((float(x), float(y)) for x, y in 400 + scale * points[:, :2])


@pytest.mark.parametrize("yaw_deg", [-60.0, -25.0, 0.0, 25.0, 60.0])
@pytest.mark.parametrize("pitch_deg", [-20.0, 0.0, 20.0])
def test_yaw_and_pitch_of_a_projected_face_are_found(yaw_deg: float, pitch_deg: float) -> None:
    pose = estimate_pose(projected(yaw_deg=yaw_deg, pitch_deg=pitch_deg, roll_deg=0))

    assert pose.yaw_deg == pytest.approx(yaw_deg, abs=0.2)
    assert pose.pitch_deg == pytest.approx(pitch_deg, abs=6)


@pytest.mark.parametrize("roll_deg", [-70.0, -20.0, 15.0, 90.0])
def test_roll_is_the_lean_of_the_eyes(roll_deg: float) -> None:
    pose = estimate_pose(projected(yaw_deg=0, pitch_deg=0, roll_deg=roll_deg))

    assert pose.roll_deg == pytest.approx(roll_deg, abs=0.1)
    assert pose.yaw_deg == pytest.approx(0, abs=0.1)


def test_size_and_place_do_not_change_the_pose() -> None:
    small = estimate_pose(projected(yaw_deg=30, pitch_deg=-10, roll_deg=5, scale=0.4))
    large = estimate_pose(projected(yaw_deg=30, pitch_deg=-10, roll_deg=5, scale=9))

    assert small == large


def test_three_landmarks_give_yaw_and_roll_but_no_pitch() -> None:
    right_eye, left_eye, nose, *_ = projected(yaw_deg=0, pitch_deg=0, roll_deg=0)
    pose = estimate_pose((right_eye, left_eye, (nose[0] + 40, nose[1])))

    assert pose.yaw_deg is not None
    assert 20 < pose.yaw_deg < 60
    assert pose.roll_deg == 0
    assert pose.pitch_deg is None


def test_no_landmarks_give_no_pose() -> None:
    pose = estimate_pose(())

    assert (pose.yaw_deg, pose.pitch_deg, pose.roll_deg) == (None, None, None)


@pytest.mark.parametrize("count", [3, 5])
def test_landmarks_on_one_spot_give_no_yaw(count: int) -> None:
    assert estimate_pose(((10.0, 10.0),) * count).yaw_deg is None


def test_a_drawn_face_that_looks_aside_has_the_sign_of_the_side(yunet_weights: Path) -> None:
    detector = load_detector(DetectorSource("yunet", yunet_weights))
    yaws = []
    for turned in (-7.0, 0.0, 7.0):
        (face,) = detector.detect(scene_with((draw_face(240, turned=turned), 200, 100)))
        yaws.append(estimate_pose(face.landmarks).yaw_deg or 0.0)

    assert yaws[0] < -8 < yaws[1] < 8 < yaws[2]
