"""Shot scale: how much of a person the frame shows, told by the height of the nearest face."""

import pytest

from artgen.composition import SHOT_SCALES
from artgen.composition.scale import FACE_SHARE_OF_HEAD, face_height_fraction, scale_at, shot_scale
from artgen.records import Box, Face


def face(box: Box) -> Face:
    return Face("s/0", "s", box, 0.9, ((0.0, 0.0),) * 5, None, None, None, None, None, 0.5)


def scale_of(heads_shown: float, *, picture_height: int = 720) -> str:
    """The scale of a frame that is so many head heights high."""
    side = FACE_SHARE_OF_HEAD * picture_height / heads_shown
    return shot_scale([face((100, 50, 100 + 0.75 * side, 50 + side))], picture_height=picture_height)


@pytest.mark.parametrize(
    ("heads", "scale"),
    [
        (0.9, "extreme-close-up"),
        (1.5, "close-up"),
        (2.1, "medium-close-up"),
        (3.2, "medium"),
        (6.2, "medium-long"),
        (8.5, "long"),
        (20.0, "extreme-long"),
    ],
)
def test_a_frame_is_named_by_the_heads_it_is_high(heads: float, scale: str) -> None:
    assert scale_of(heads) == scale
    assert scale_of(heads, picture_height=2160) == scale


def test_scales_run_from_near_to_far_without_a_gap() -> None:
    met = [scale_of(heads / 20) for heads in range(16, 600)]

    assert list(dict.fromkeys(met)) == list(SHOT_SCALES)


def test_the_largest_face_decides_not_the_first() -> None:
    small, large = face((0, 0, 30, 40)), face((500, 100, 800, 500))

    assert (
        shot_scale([small, large], picture_height=720)
        == shot_scale([large], picture_height=720)
        == "close-up"
    )


def test_a_face_that_lies_on_its_side_is_as_near_as_one_upright() -> None:
    assert face_height_fraction([face((0, 0, 400, 300))], picture_height=800) == 0.5


def test_without_a_face_the_scale_is_unknown() -> None:
    assert shot_scale([], picture_height=720) == "unknown"


def test_a_distance_is_named_by_the_nearest_place_and_never_leaves_the_scales() -> None:
    assert [scale_at(place) for place in range(len(SHOT_SCALES))] == list(SHOT_SCALES)
    assert scale_at(3.4) == "medium"
    assert (scale_at(-2.0), scale_at(9.0)) == ("extreme-close-up", "extreme-long")


def test_a_picture_without_height_is_refused() -> None:
    with pytest.raises(ValueError, match="picture_height"):
        shot_scale([], picture_height=0)
