"""Composition: each measure answers the question it is named for, on pictures made to have the answer."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from artgen.composition import MEASURES, SHOT_SCALES, compose, saliency_map
from artgen.composition.measures import mass_center, saliency_spread, symmetry, thirds
from artgen.composition.space import largest_calm_box
from artgen.records import Box, Composition, Face, area
from artgen.video import probe, read_pictures

SAMPLE = Path(__file__).resolve().parent.parent.parent / "samples" / "sample.mp4"
Picture = NDArray[np.uint8]
WIDTH, HEIGHT = 1280, 720


def face(box: Box) -> Face:
    return Face("s/0", "s", box, 0.99, ((0.0, 0.0),) * 5, 0.0, 0.0, 0.0, None, None, 0.9)


def measured(picture: Picture, *boxes: Box) -> dict[str, float]:
    return compose("s", picture, faces=[face(box) for box in boxes]).measures


def noise(*, blur: float = 0.0, seed: int = 1) -> Picture:
    """Texture all over, as sharp as asked."""
    random = np.random.default_rng(seed)
    picture = random.integers(40, 216, (HEIGHT // 4, WIDTH // 4, 3), dtype=np.uint8)
    picture = np.asarray(
        cv2.resize(picture, (WIDTH, HEIGHT), interpolation=cv2.INTER_NEAREST), dtype=np.uint8
    )
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), blur), dtype=np.uint8) if blur else picture


def plain_with_ball(x: float, y: float) -> Picture:
    picture = np.full((HEIGHT, WIDTH, 3), (70, 90, 120), np.uint8)
    return np.asarray(
        cv2.circle(picture, (round(x * WIDTH), round(y * HEIGHT)), 70, (230, 120, 40), -1), dtype=np.uint8
    )


@pytest.fixture(scope="module")
def real_stills(shared_media: Path) -> list[Picture]:
    """A still each of six films, from their middle."""
    import av

    stills = []
    for film in sorted((shared_media / "titles").iterdir()):
        if film.suffix not in (".mp4", ".webm") or "360p" in film.name:
            continue
        with av.open(str(film)) as container:
            middle = (container.duration or 0) // 2
            container.seek(middle)
            stills.append(
                np.asarray(next(container.decode(video=0)).to_ndarray(format="rgb24"), dtype=np.uint8)
            )
    return stills


def test_measures_are_those_documented_and_in_their_range(real_stills: list[Picture]) -> None:
    for picture in real_stills:
        composition = compose("s", picture, faces=[])

        assert set(composition.measures) == set(MEASURES)
        for name, value in composition.measures.items():
            assert MEASURES[name].low <= value <= MEASURES[name].high, (name, value)
        assert composition.shot_scale in (*SHOT_SCALES, "unknown")


def test_the_same_picture_gives_the_same_record(real_stills: list[Picture]) -> None:
    assert compose("s", real_stills[0], faces=[]) == compose("s", real_stills[0].copy(), faces=[])


def test_boxes_and_points_lie_in_the_picture_they_were_measured_in(real_stills: list[Picture]) -> None:
    for picture in real_stills:
        height, width = picture.shape[:2]
        composition = compose("s", picture, faces=[])
        boxes = [
            *composition.text_boxes,
            *([composition.negative_space] if composition.negative_space else []),
        ]

        for x1, y1, x2, y2 in boxes:
            assert 0 <= x1 < x2 <= width
            assert 0 <= y1 < y2 <= height
        assert 0 <= composition.saliency_center[0] <= width
        assert 0 <= composition.saliency_center[1] <= height


def test_a_picture_and_its_double_are_composed_alike() -> None:
    small = cv2.resize(plain_with_ball(0.3, 0.4), (640, 360), interpolation=cv2.INTER_AREA)
    one, double = (
        compose("s", np.asarray(small, np.uint8), faces=[]),
        compose("s", plain_with_ball(0.3, 0.4), faces=[]),
    )

    for name in ("subject_x", "subject_y", "thirds", "symmetry", "negative_space_fraction", "lightness"):
        assert one.measures[name] == pytest.approx(double.measures[name], abs=0.04), name
    assert one.saliency_center[0] * 2 == pytest.approx(double.saliency_center[0], abs=25)


def test_a_sharp_subject_before_blur_has_depth_of_field_and_a_blurred_one_the_opposite() -> None:
    box = (480, 160, 800, 560)
    inside = (slice(96, 760), slice(416, 864))  # head and shoulders around the face
    sharp, soft = noise(), noise(blur=7)
    shallow, inverse = soft.copy(), sharp.copy()
    shallow[inside], inverse[inside] = sharp[inside], soft[inside]

    assert measured(shallow, box)["depth_of_field"] > 0.4
    assert abs(measured(sharp, box)["depth_of_field"]) < 0.1
    assert measured(inverse, box)["depth_of_field"] < -0.4


def test_depth_of_field_asks_for_fine_detail_not_for_contrast() -> None:
    box = (480, 160, 800, 560)
    picture = noise()
    faint = np.asarray(picture * 0.3 + 90, np.uint8)
    faint[96:760, 416:864] = picture[96:760, 416:864]

    assert abs(measured(faint, box)["depth_of_field"]) < 0.25


@pytest.mark.parametrize(
    ("subject", "expected"),
    [((1 / 3, 1 / 3), 1.0), ((2 / 3, 1 / 3), 1.0), ((0.5, 0.5), 0.0), ((1 / 3, 0.5), 0.7)],
)
def test_thirds_is_one_on_a_crossing_less_on_a_line_nothing_in_the_middle(
    subject: tuple[float, float], expected: float
) -> None:
    assert thirds(subject) == pytest.approx(expected, abs=1e-6)


def test_the_subject_is_the_ball_and_with_faces_the_largest_face() -> None:
    ball = measured(plain_with_ball(0.25, 0.7))
    people = measured(plain_with_ball(0.25, 0.7), (900, 100, 1100, 350), (50, 50, 90, 100))

    assert (ball["subject_x"], ball["subject_y"]) == (
        pytest.approx(0.25, abs=0.04),
        pytest.approx(0.7, abs=0.06),
    )
    assert people["subject_x"] == pytest.approx(1000 / WIDTH, abs=0.03)


def test_a_lit_subject_in_the_dark_is_light_and_an_unlit_one_before_a_window_is_not() -> None:
    lit, unlit = np.full((90, 160, 3), 5, np.uint8), np.full((90, 160, 3), 250, np.uint8)
    lit[20:75, 60:80] = 200  # half of the face; the other half lies in the dark
    unlit[15:, 40:120] = 5
    head = face((60, 30, 100, 60))

    assert compose("s", lit, faces=[head]).measures["subject_lightness"] > 0.5
    assert compose("s", unlit, faces=[head]).measures["subject_lightness"] < 0.3


def test_a_mirror_image_is_symmetric_and_noise_is_not() -> None:
    half = noise(blur=10)[:, : WIDTH // 2]
    mirrored = np.ascontiguousarray(np.concatenate([half, half[:, ::-1]], axis=1))

    assert symmetry(mirrored) > 0.97
    assert symmetry(noise(blur=10)) < 0.3
    assert symmetry(np.full((90, 160, 3), 128, np.uint8)) == 0


def test_balance_falls_as_weight_moves_to_a_side() -> None:
    values = [measured(plain_with_ball(x, 0.5))["balance"] for x in (0.5, 0.7, 0.9)]

    assert values[0] > 0.9
    assert values[0] > values[1] > values[2]


def test_spread_is_small_for_one_place_and_large_for_corners() -> None:
    one, corners = np.zeros((63, 112), np.float32), np.zeros((63, 112), np.float32)
    one[30:33, 50:53] = 1
    corners[(0, 0, -1, -1), (0, -1, 0, -1)] = 1

    assert saliency_spread(one) < 0.05
    assert saliency_spread(corners) > 0.95
    assert saliency_spread(np.zeros((63, 112), np.float32)) == 0


def test_mass_lies_where_the_weights_are() -> None:
    weights = np.zeros((10, 20), np.float32)
    weights[2, 15] = 3

    assert mass_center(weights) == (pytest.approx(15.5 / 20), pytest.approx(2.5 / 10))
    assert mass_center(np.zeros((4, 4), np.float32)) == (0.5, 0.5)


def test_negative_space_is_the_calm_side_and_holds_no_face_and_no_subject() -> None:
    portrait = next(iter(read_pictures(probe(SAMPLE), [620 * 512], on_damage=print))).rgb
    who = (390, 140, 650, 440)
    space = compose("s", portrait, faces=[face(who)]).negative_space

    assert space is not None
    assert space[0] > who[2], "the sky beside her"
    assert area(space) > 0.2 * WIDTH * HEIGHT


def test_busy_pictures_have_no_negative_space() -> None:
    composition = compose("s", noise(), faces=[])

    assert composition.negative_space is None
    assert composition.measures["negative_space_fraction"] < 0.05


def test_the_largest_calm_box_is_found_among_holes() -> None:
    calm = np.zeros((27, 48), bool)
    calm[3:13, 5:35] = True
    calm[20:25, 2:10] = True

    assert largest_calm_box(calm, width=480, height=270) == (50.0, 30.0, 350.0, 130.0)
    assert largest_calm_box(np.zeros((27, 48), bool), width=480, height=270) is None


def test_a_long_strip_counts_only_as_far_as_lettering_could_use_it() -> None:
    calm = np.zeros((27, 48), bool)
    calm[0:3, :] = True  # 48 x 3: only 15 x 3 of it could be lettered
    calm[10:18, 10:20] = True

    assert largest_calm_box(calm, width=48, height=27) == (10.0, 10.0, 20.0, 18.0)


def test_faces_are_counted_by_area_and_height() -> None:
    values = measured(plain_with_ball(0.5, 0.5), (0, 0, 128, 180), (640, 0, 704, 72))

    assert values["face_area_fraction"] == pytest.approx((128 * 180 + 64 * 72) / (WIDTH * HEIGHT), abs=1e-3)
    assert values["face_height_fraction"] == pytest.approx(0.25, abs=1e-3)


def test_edge_density_grows_with_what_is_in_the_picture() -> None:
    plain, ball, busy = (
        measured(p)["edge_density"] for p in (plain_with_ball(2, 2), plain_with_ball(0.5, 0.5), noise())
    )

    assert plain == 0
    assert 0 < ball < 0.1 < busy


@pytest.mark.parametrize("size", [(3, 3), (40, 8), (9, 300), (2000, 120)])
def test_odd_sizes_are_composed_too(size: tuple[int, int]) -> None:
    picture = np.random.default_rng(2).integers(0, 256, (size[1], size[0], 3), dtype=np.uint8)

    assert isinstance(compose("s", picture, faces=[]), Composition)


def test_what_is_no_picture_is_refused() -> None:
    for array in (
        np.zeros((10, 10), np.uint8),
        np.zeros((0, 9, 3), np.uint8),
        np.zeros((9, 9, 3), np.float64),
    ):
        with pytest.raises(ValueError, match="height, width, 3"):
            compose("s", array, faces=[])  # type: ignore[arg-type]


def test_measures_change_little_when_a_still_is_stored_as_jpeg(real_stills: list[Picture]) -> None:
    picture = real_stills[0]
    _, stored = cv2.imencode(".jpg", picture[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 95])
    again = np.ascontiguousarray(cv2.imdecode(stored, cv2.IMREAD_COLOR)[..., ::-1], dtype=np.uint8)
    before, after = measured(picture), measured(again)

    for name in MEASURES:
        assert before[name] == pytest.approx(after[name], abs=0.06), name
    assert np.abs(saliency_map(picture) - saliency_map(again)).mean() < 0.03
