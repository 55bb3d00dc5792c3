"""Crops keep faces whole, give the subject its place, avoid text, and stay where they are."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from helpers.frames import face
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from artgen.composition.crops import LEAST_SCALE_WITH_FACES, Refusal, crop_for, parse_aspect
from artgen.composition.framing import FACE_WEIGHTS, SUBJECT_WEIGHTS
from artgen.errors import UsageError
from artgen.records import Box, Crop, Face, intersection_over_union

ASPECTS = ("16:9", "2:3", "1:1", "10:3", "9:16", "4:3")
WIDE, HIGH = 1280, 720


def picture(wide: int = WIDE, high: int = HIGH) -> NDArray[np.uint8]:
    return np.zeros((high, wide, 3), dtype=np.uint8)


def blob(x: float, y: float, *, size: float = 0.1, shape: tuple[int, int] = (63, 112)) -> NDArray[np.float32]:
    """A saliency map with one round thing at fractions (x, y) of the picture."""
    rows, columns = np.mgrid[: shape[0], : shape[1]]
    away = ((columns / shape[1] - x) * shape[1] / shape[0]) ** 2 + (rows / shape[0] - y) ** 2
    return np.exp(-away / size**2).astype(np.float32)


NOBODY = np.zeros((90, 160), np.float32)


def find(
    aspect: str | Fraction, faces: list[Face], *, size: tuple[int, int] = (WIDE, HIGH), **options: object
) -> Crop | Refusal:
    settled = {"saliency": blob(0.5, 0.5), "figures": NOBODY, "text_boxes": ()} | options
    return crop_for(aspect, picture(*size), faces=faces, **settled)  # type: ignore[arg-type]


def crop(aspect: str | Fraction, faces: list[Face], **options: object) -> Crop:
    found = find(aspect, faces, **options)
    assert isinstance(found, Crop), found
    return found


def is_whole(box: Box, inside: tuple[int, int, int, int]) -> bool:
    return inside[0] <= box[0] and inside[1] <= box[1] and inside[2] >= box[2] and inside[3] >= box[3]


def is_outside(box: Box, of: tuple[int, int, int, int]) -> bool:
    return of[0] >= box[2] or of[1] >= box[3] or of[2] <= box[0] or of[3] <= box[1]


@given(
    wide=st.integers(1, 2000),
    high=st.integers(1, 1200),
    aspect=st.sampled_from([*ASPECTS, "140:303", "5:1", "1:5"]),
    x=st.floats(0, 1),
)
@settings(deadline=None, max_examples=60)
def test_a_crop_has_its_aspect_to_within_a_pixel_and_lies_in_the_picture(
    wide: int, high: int, aspect: str, x: float
) -> None:
    found = find(aspect, [], size=(wide, high), saliency=blob(x, 0.5))

    if isinstance(found, Crop):
        x1, y1, x2, y2 = found.box
        assert 0 <= x1 < x2 <= wide
        assert 0 <= y1 < y2 <= high
        exact = float(parse_aspect(aspect))
        assert min(abs((x2 - x1) - (y2 - y1) * exact), abs((y2 - y1) - (x2 - x1) / exact)) <= 1


@pytest.mark.parametrize("aspect", ASPECTS)
@pytest.mark.parametrize("x", [0, 200, 640, 1000, 1190])
@pytest.mark.parametrize("y", [60, 250, 600])
def test_a_lone_face_is_whole_with_its_hair_and_chin(aspect: str, x: int, y: int) -> None:
    box = (float(x), float(y), x + 90.0, y + 110.0)

    found = crop(aspect, [face("s", 0, box)])

    head = (max(0, x - 20), y - 46, min(WIDE, x + 110), min(HIGH, y + 120))
    assert is_whole(head, found.box)


def test_faces_too_far_apart_leave_one_whole_and_the_other_out() -> None:
    left, right = (60.0, 200.0, 200.0, 380.0), (1080.0, 200.0, 1220.0, 380.0)

    found = crop("2:3", [face("s", 0, left), face("s", 1, right)])

    kept = [is_whole(box, found.box) for box in (left, right)]
    gone = [is_outside(box, found.box) for box in (left, right)]
    assert sorted(kept) == [False, True]
    assert gone == [not whole for whole in kept]


def test_no_face_of_a_row_is_cut() -> None:
    boxes = [(80.0 + 190 * n, 220.0 + 11 * n, 170.0 + 190 * n, 330.0 + 11 * n) for n in range(6)]
    faces = [face("s", n, box) for n, box in enumerate(boxes)]

    for aspect in ASPECTS:
        found = crop(aspect, faces)
        assert all(is_whole(box, found.box) or is_outside(box, found.box) for box in boxes), aspect


def test_faces_side_by_side_without_a_gap_are_refused_with_the_reason() -> None:
    faces = [face("s", n, (160.0 * n, 260.0, 160.0 * n + 160, 460.0)) for n in range(8)]

    refused = find("2:3", faces)

    assert refused == Refusal(
        "2:3", "no crop of 2:3 keeps the main people whole and cuts none of the 8 faces"
    )


def test_a_face_larger_than_the_crop_is_refused() -> None:
    refused = find("5:1", [face("s", 0, (400, 60, 900, 660))])

    assert refused == Refusal("5:1", "the face is too large to be whole in 5:1")


def test_the_person_who_must_be_in_is_in() -> None:
    large = face("s", 0, (100.0, 150.0, 300.0, 400.0), person="p1")
    small = face("s", 1, (1050.0, 200.0, 1150.0, 330.0), person="p2")

    assert is_whole(large.box, crop("2:3", [large, small]).box)
    assert is_whole(small.box, crop("2:3", [large, small], keep={"p2"}).box)


@pytest.mark.parametrize(("yaw_deg", "side"), [(45.0, 1), (-45.0, -1)])
@pytest.mark.parametrize("aspect", ["1:1", "4:3", "2:3"])
def test_a_gaze_has_room_before_it(aspect: str, yaw_deg: float, side: int) -> None:
    found = crop(aspect, [face("s", 0, (580.0, 220.0, 700.0, 370.0), yaw_deg=yaw_deg)])

    behind, before = 640 - found.box[0], found.box[2] - 640
    assert (before - behind) * side > 0.1 * (found.box[2] - found.box[0])


def test_a_small_person_in_a_wide_still_is_brought_nearer_but_not_below_the_least_size() -> None:
    found = crop("2:3", [face("s", 0, (960.0, 500.0, 1010.0, 560.0))], size=(1920, 1080))

    assert found.box[3] - found.box[1] < 1080
    assert found.box[2] - found.box[0] >= LEAST_SCALE_WITH_FACES * 720 - 1


@pytest.mark.parametrize("x", [0.15, 0.5, 0.85])
def test_without_faces_the_crop_goes_where_the_eye_goes(x: float) -> None:
    found = crop("2:3", [], saliency=blob(x, 0.5))

    assert found.box[0] < x * WIDE < found.box[2]


def test_a_subject_spread_wider_than_the_aspect_is_refused() -> None:
    both = blob(0.08, 0.5) + blob(0.92, 0.5) + blob(0.5, 0.5, size=0.05)

    refused = find("9:16", [], saliency=both)

    assert isinstance(refused, Refusal)
    assert refused.reason == "what the eye goes to is spread wider than 9:16 can hold"


def test_an_outstretched_arm_draws_the_crop_to_its_side() -> None:
    man = face("s", 0, (560.0, 120.0, 720.0, 320.0))
    body, arm = NOBODY.copy(), NOBODY.copy()
    body[40:, 64:96] = arm[40:, 64:96] = 1
    arm[40:60, 96:134] = 1

    without, with_arm = (crop("1:1", [man], figures=figures).box for figures in (body, arm))

    assert without[2] < 134 * WIDE / 160 <= with_arm[2]


def test_the_back_of_a_head_in_profile_is_kept_where_it_fits() -> None:
    profile = replace(face("s", 0, (300.0, 100.0, 600.0, 480.0)), yaw_deg=60.0)  # looks to the right

    assert crop("1:1", [profile]).box[0] <= 300 - 0.7 * 300
    assert crop("2:3", [profile]).box[0] <= 300 - 0.2 * 300  # too narrow for both: the face and its ear


def test_lettering_that_cannot_be_left_out_refuses_the_crop() -> None:
    across = (100.0, 300.0, 1200.0, 420.0)

    assert find("16:9", [], text_boxes=(across,)) == Refusal(
        "16:9", "no good crop of 16:9 leaves the lettering out"
    )


def test_a_mark_in_a_corner_is_left_out_but_not_at_the_cost_of_a_face() -> None:
    man = face("s", 0, (500.0, 300.0, 660.0, 500.0))
    left, top, _, _ = crop("16:9", [man]).box
    corner, brow = (left + 20.0, top + 20.0, left + 60.0, top + 50.0), (560.0, 310.0, 600.0, 330.0)

    assert is_outside(corner, crop("16:9", [man], text_boxes=(corner,)).box)
    assert is_whole(man.box, crop("16:9", [man], text_boxes=(brow,)).box)


@pytest.mark.parametrize("aspect", ["16:9", "1:1"])
def test_subtitles_are_left_out(aspect: str) -> None:
    subtitles = (300.0, 640.0, 980.0, 700.0)

    found = crop(aspect, [face("s", 0, (580.0, 150.0, 700.0, 300.0))], text_boxes=(subtitles,))

    assert is_outside(subtitles, found.box)


def test_the_terms_add_up_to_the_score() -> None:
    with_face, without = crop("1:1", [face("s", 0, (580.0, 220.0, 700.0, 370.0))]), crop("1:1", [])

    assert with_face.score == pytest.approx(sum(with_face.terms.values()))
    assert with_face.terms.keys() == FACE_WEIGHTS.keys()
    assert without.score == pytest.approx(sum(without.terms.values()))
    assert without.terms.keys() == SUBJECT_WEIGHTS.keys()
    assert sum(FACE_WEIGHTS.values()) == pytest.approx(1)
    assert sum(SUBJECT_WEIGHTS.values()) == pytest.approx(1)


@pytest.mark.parametrize("aspect", ASPECTS)
def test_small_changes_move_a_crop_little_and_none_moves_it_not_at_all(aspect: str) -> None:
    rng = np.random.default_rng(7)
    boxes = [(420.0, 180.0, 520.0, 310.0), (700.0, 200.0, 790.0, 320.0)]
    saliency = blob(0.45, 0.4)
    first = crop(aspect, [face("s", n, box) for n, box in enumerate(boxes)], saliency=saliency)

    assert crop(aspect, [face("s", n, box) for n, box in enumerate(boxes)], saliency=saliency) == first
    for _ in range(5):
        moved = [tuple(side + rng.uniform(-2, 2) for side in box) for box in boxes]
        noise = (saliency + rng.uniform(0, 0.02, saliency.shape)).astype(np.float32)
        again = crop(aspect, [face("s", n, box) for n, box in enumerate(moved)], saliency=noise)  # type: ignore[arg-type]
        assert intersection_over_union(first.box, again.box) > 0.9


@pytest.mark.parametrize("aspect", ["16x9", "16", "0:3", "-1:2", "16:9:1", "٣:٢", "6:1", "1:999999"])
def test_what_is_no_aspect_is_refused(aspect: str) -> None:
    with pytest.raises(UsageError, match="aspect"):
        parse_aspect(aspect)


def test_an_aspect_may_be_a_fraction() -> None:
    assert crop(Fraction(2, 3), []).aspect == "2:3"


def test_arrays_of_another_shape_are_our_defect() -> None:
    with pytest.raises(ValueError, match="maps"):
        find("1:1", [], saliency=np.zeros((3, 4, 1), np.float32))
    with pytest.raises(ValueError, match="empty"):
        find("1:1", [], figures=np.zeros((0, 4), np.float32))
