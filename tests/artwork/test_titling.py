"""A title on a piece can be read wherever its letters lie, keeps off heads to the pixel, and is refused where it cannot."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
import pytest
from helpers.frames import face
from numpy.typing import NDArray
from PIL import Image

from artgen.artwork.placing import Ground, ground_of, head_box, shape_of, sites_for
from artgen.artwork.scrim import scrim_cover
from artgen.artwork.titling import Titling, draw_title, measured_contrast, plan_title
from artgen.artwork.treatment import Mark, Treatment, read_treatment
from artgen.composition import saliency_map
from artgen.records import Box
from artgen.specs import safe_area

Picture = NDArray[np.uint8]
SIZES = {"16:9": (960, 540), "2:3": (480, 720), "1:1": (600, 600), "9:16": (405, 720), "10:3": (1000, 300)}


@pytest.fixture(scope="module")
def title() -> Treatment:
    made = read_treatment(logo=None, text="TEARS OF STEEL", font=None)
    assert made is not None
    return made


def gradient(size: tuple[int, int], low: int, high: int) -> Picture:
    ramp = np.linspace(low, high, size[1])[:, None, None] * np.ones((1, size[0], 3))
    return ramp.astype(np.uint8)


def noise(size: tuple[int, int], seed: int = 0) -> Picture:
    return np.random.default_rng(seed).integers(0, 256, (size[1], size[0], 3)).astype(np.uint8)


def ground(
    piece: Picture, faces: tuple[Box, ...] = (), saliency: NDArray[np.float32] | None = None
) -> Ground:
    flat = np.zeros((9, 16), np.float32)
    found = [face("s", number, box) for number, box in enumerate(faces)]
    seen = flat if saliency is None else saliency
    return ground_of(piece, faces=found, saliency=seen, figures=flat, lettering=())


def planned(piece: Picture, on: Ground, title: Treatment, aspect: str) -> Titling:
    wide, high = map(int, aspect.split(":"))
    found = plan_title(piece, on, title, safe=safe_area(Fraction(wide, high)))
    assert isinstance(found, Titling), found
    return found


def luminance(pixels: Picture) -> NDArray[np.float64]:
    """WCAG's, written down again so that the measure is not checked by itself."""
    encoded = pixels.astype(np.float64) / 255
    linear = np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)
    return np.asarray(linear @ np.array([0.2126, 0.7152, 0.0722]))


def contrast_beside_letters(composed: Picture, mark: Mark, box: tuple[int, ...]) -> float:
    """The contrast of the full ink with the tenth percentile of the ground around each third of the lettering."""
    x1, y1, x2, y2 = box
    light = luminance(composed[y1:y2, x1:x2])
    ink = cv2.erode((mark.alpha == 255).astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    near = cv2.dilate((mark.alpha > 0).astype(np.uint8), np.ones((9, 9), np.uint8)) > 0
    # JPEG rings beside edges: two pixels there say nothing of the ground.
    rim = near & (cv2.dilate((mark.alpha > 0).astype(np.uint8), np.ones((5, 5), np.uint8)) == 0)
    letters = float(np.median(light[ink] if ink.any() else light[mark.alpha > 200]))
    worst = np.inf
    for part in np.array_split(np.arange(x2 - x1), 3):
        beside = light[:, part][rim[:, part]]
        if beside.size >= 20:
            high, low = np.maximum(beside, letters), np.minimum(beside, letters)
            worst = min(worst, float(np.percentile((high + 0.05) / (low + 0.05), 10)))
    return worst


@pytest.mark.parametrize("aspect", SIZES)
@pytest.mark.parametrize("kind", ["dark", "light", "middle", "noise"])
def test_a_title_is_legible_inside_the_safe_area_in_every_shape(
    title: Treatment, aspect: str, kind: str
) -> None:
    size = SIZES[aspect]
    piece = {
        "dark": gradient(size, 5, 60),
        "light": gradient(size, 180, 250),
        "middle": gradient(size, 117, 120),
        "noise": noise(size),
    }[kind]
    on = ground(piece)

    found = planned(piece, on, title, aspect)
    composed = draw_title(piece, on.heads, title, found)

    x1, y1, x2, y2 = found.box
    wide, high = map(int, aspect.split(":"))
    left, top, right, bottom = safe_area(Fraction(wide, high))
    assert int(left * size[0]) <= x1 < x2 <= np.ceil(right * size[0])
    assert int(top * size[1]) <= y1 < y2 <= np.ceil(bottom * size[1])
    assert found.contrast >= 4.5
    mark = title.draw(found.layout, found.wide, found.align)
    assert contrast_beside_letters(composed, mark, found.box) >= 4.5
    assert {"dark": "#ffffff", "light": "#000000"}.get(kind, found.color) == found.color
    assert (found.scrim is None) == (kind in {"dark", "light"}), "a gradient only where one is needed"


def test_the_title_is_on_the_calm_side_and_off_the_subject(title: Treatment) -> None:
    piece = gradient((960, 540), 10, 40)
    piece[:, :480] = noise((480, 540)) // 2 + 60
    subject = np.zeros((54, 96), np.float32)
    subject[15:40, 5:40] = 1.0

    found = planned(piece, ground(piece, saliency=subject), title, "16:9")

    assert found.place == "right"
    assert found.box[0] >= 480


def test_the_subject_of_a_wide_piece_is_never_under_the_title(title: Treatment) -> None:
    piece = gradient((960, 540), 10, 40)
    for left in (0, 34, 68):
        subject = np.zeros((54, 96), np.float32)
        subject[10:50, left : left + 28] = 1.0
        x1, _, x2, _ = planned(piece, ground(piece, saliency=subject), title, "16:9").box

        assert x2 <= left * 10 + 10 or x1 >= (left + 28) * 10 - 10


@pytest.mark.parametrize("aspect", ["16:9", "2:3", "1:1"])
def test_faces_keep_every_pixel(title: Treatment, aspect: str) -> None:
    wide, high = SIZES[aspect]
    box = (0.4 * wide, 0.25 * high, 0.4 * wide + 0.22 * high, 0.53 * high)
    piece = noise((wide, high))
    on = ground(piece, (box,))

    found = planned(piece, on, title, aspect)
    composed = draw_title(piece, on.heads, title, found)

    x1, y1, x2, y2 = (round(edge) for edge in head_box(face("s", 0, box)))
    assert found.scrim is not None
    assert (composed != piece).any()
    assert (composed[y1:y2, x1:x2] == piece[y1:y2, x1:x2]).all()


def test_a_piece_that_is_all_face_gets_no_title(title: Treatment) -> None:
    piece = gradient((600, 600), 60, 120)

    said = plan_title(piece, ground(piece, ((60, 60, 540, 560),)), title, safe=safe_area(Fraction(1)))

    assert isinstance(said, str)
    assert "off heads" in said


def test_a_tall_piece_may_carry_its_title_below_the_chest(title: Treatment) -> None:
    piece = gradient((480, 720), 20, 40)
    box = (160.0, 120.0, 320.0, 320.0)
    person = np.zeros((72, 48), np.float32)
    person[8:, 6:42] = 1.0
    on = ground_of(
        piece,
        faces=[face("s", 0, box)],
        saliency=np.zeros((9, 16), np.float32),
        figures=person,
        lettering=(),
    )

    found = planned(piece, on, title, "2:3")

    assert found.place == "bottom"
    assert found.box[1] > box[3] + 0.4 * 200


def test_burned_in_lettering_is_not_written_over(title: Treatment) -> None:
    piece = gradient((480, 720), 20, 40)
    low = (20.0, 480.0, 460.0, 660.0)
    on = ground_of(
        piece, faces=(), saliency=np.zeros((9, 16), np.float32), figures=np.zeros((9, 16), np.float32),
        lettering=(low,),
    )  # fmt: skip

    assert planned(piece, on, title, "2:3").place == "top"


@pytest.mark.parametrize("text", ["TEARS OF STEEL", "The Long Way Home", "HIS GIRL FRIDAY", "Up"])
def test_what_is_drawn_fills_exactly_the_box_that_was_told(text: str) -> None:
    made = read_treatment(logo=None, text=text, font=None)
    assert made is not None
    for aspect, size in SIZES.items():
        for more in (0, 7, 16, 33):
            piece = gradient((size[0] + more, size[1] + more), 5, 30)
            found = planned(piece, ground(piece), made, aspect)
            changed = (draw_title(piece, (), made, found) != piece).any(axis=2)

            rows, columns = np.flatnonzero(changed.any(axis=1)), np.flatnonzero(changed.any(axis=0))
            assert (columns[0], rows[0], columns[-1] + 1, rows[-1] + 1) == found.box


def test_a_gradient_is_smooth_full_under_the_title_and_gone_on_heads() -> None:
    head = (400.0, 100.0, 500.0, 300.0)
    cover = scrim_cover(
        (40, 200, 300, 260), ("left",), (head,), capital=30, size=(960, 540), part=(0, 0, 960, 540)
    )

    assert cover[200:260, 40:300].min() == 1.0
    assert (cover[100:300, 400:500] == 0).all()
    assert (cover[:, 0] == 1).all()
    assert (cover[:, 600:] == 0).all()
    assert max(np.abs(np.diff(cover, axis=1)).max(), np.abs(np.diff(cover, axis=0)).max()) < 0.06


def test_a_part_of_a_gradient_is_what_the_whole_has_there() -> None:
    head = (400.0, 100.0, 500.0, 300.0)
    made = [
        scrim_cover((40, 400, 300, 460), ("bottom",), (head,), capital=30, size=(960, 540), part=part)
        for part in ((0, 0, 960, 540), (200, 250, 700, 500))
    ]

    assert (made[0][250:500, 200:700] == made[1]).all()


def test_one_letter_on_a_bright_patch_counts() -> None:
    alpha = np.zeros((40, 400), np.uint8)
    alpha[5:35, 5:395:12] = 255
    dark, patched = np.zeros((60, 420, 3), np.uint8), np.zeros((60, 420, 3), np.uint8)
    patched[:, 380:] = 230

    assert measured_contrast(dark, Mark(alpha, None), "#ffffff", at=(10, 10)) == pytest.approx(21, abs=0.01)
    assert measured_contrast(patched, Mark(alpha, None), "#ffffff", at=(10, 10)) < 1.5


def a_logo(tmp_path: Path, *, halo: bool) -> Treatment:
    """Red bars on nothing, or with a soft shadow around them."""
    alpha = np.zeros((120, 400), np.float32)
    alpha[20:100, 20:380:40] = alpha[20:100, 32:380:40] = 255
    alpha[20:100, 20:380] = np.maximum(alpha[20:100, 20:380], 0)
    for left in range(20, 380, 40):
        alpha[20:100, left : left + 20] = 255
    colors = np.zeros((120, 400, 3), np.float32)
    colors[alpha == 255] = (255, 90, 60)
    if halo:
        alpha = np.maximum(alpha, cv2.GaussianBlur(alpha, (0, 0), 8) * 0.5)
    Image.fromarray(np.dstack([colors, alpha]).astype(np.uint8)).save(tmp_path / "logo.png")
    made = read_treatment(logo=tmp_path / "logo.png", text=None, font=None)
    assert made is not None
    return made


@pytest.mark.parametrize("halo", [False, True])
def test_a_logo_keeps_its_color_and_lets_through_what_its_alpha_lets_through(
    tmp_path: Path, halo: bool
) -> None:
    logo, piece = a_logo(tmp_path, halo=halo), gradient((960, 540), 5, 30)
    on = ground(piece)

    found = planned(piece, on, logo, "16:9")
    composed = draw_title(piece, on.heads, logo, found)

    x1, y1, x2, y2 = found.box
    mark = logo.draw(found.layout, found.wide, found.align)
    part, before = composed[y1:y2, x1:x2], piece[y1:y2, x1:x2]
    assert found.color is None
    assert found.scrim is None
    assert (x2 - x1) / (y2 - y1) == pytest.approx(found.layout.ratio, rel=0.03)
    assert (part[mark.alpha == 0] == before[mark.alpha == 0]).all()
    assert np.abs(part[mark.alpha == 255].astype(int) - (255, 90, 60)).max() <= 2
    outside = np.ones(piece.shape[:2], bool)
    outside[y1:y2, x1:x2] = False
    assert (composed[outside] == piece[outside]).all()


def test_a_logo_is_never_scaled_up(tmp_path: Path) -> None:
    logo = a_logo(tmp_path, halo=False)
    assert logo.logo is not None
    piece = gradient((3840, 2160), 5, 30)

    found = plan_title(piece, ground(piece), logo, safe=safe_area(Fraction(16, 9)))

    assert isinstance(found, str) or found.box[2] - found.box[0] <= logo.logo.shape[1]


@pytest.mark.parametrize(
    ("size", "shape"), [((1920, 1080), "wide"), ((1000, 300), "wide"), ((2, 3), "tall"), ((1, 1), "square")]
)
def test_every_site_lies_in_the_safe_area(size: tuple[int, int], shape: str) -> None:
    safe = (0.1, 0.1, 0.9, 0.9)

    assert shape_of(size) == shape
    for site in sites_for(size, safe):
        x1, y1, x2, y2 = site.area
        assert 0.1 <= x1 < x2 <= 0.9
        assert 0.1 <= y1 < y2 <= 0.9


def real_pieces(shared_media: Path) -> Iterator[tuple[str, Picture, str]]:
    """Frames of real films, cut to each shape around their middle."""
    import av

    for name in ("tears_of_steel_37s.webm", "chaplin_10s.mp4", "big_buck_bunny_720p_1min.mp4"):
        with av.open(str(shared_media / "titles" / name)) as film:
            frames = [
                frame
                for number, frame in zip(range(200), film.decode(video=0), strict=False)
                if number % 90 == 60
            ]
        for frame in frames:
            picture = frame.to_ndarray(format="rgb24")
            high, wide = picture.shape[:2]
            for aspect in ("16:9", "2:3", "1:1", "9:16"):
                a, b = map(int, aspect.split(":"))
                w, h = (wide, round(wide * b / a)) if wide * b <= high * a else (round(high * a / b), high)
                x, y = (wide - w) // 2, (high - h) // 2
                yield f"{name} {aspect}", np.ascontiguousarray(picture[y : y + h, x : x + w]), aspect


def test_titles_on_real_pictures_can_be_read_after_jpeg(shared_media: Path, title: Treatment) -> None:
    made, contrasts = 0, {}
    for name, piece, aspect in real_pieces(shared_media):
        on = ground(piece, saliency=saliency_map(piece))
        wide, high = map(int, aspect.split(":"))
        found = plan_title(piece, on, title, safe=safe_area(Fraction(wide, high)))
        if isinstance(found, str):
            continue
        composed = draw_title(piece, on.heads, title, found)
        coded = cv2.imdecode(
            cv2.imencode(".jpg", composed, [cv2.IMWRITE_JPEG_QUALITY, 95])[1], cv2.IMREAD_COLOR
        )
        mark = title.draw(found.layout, found.wide, found.align)
        contrasts[name] = contrast_beside_letters(np.asarray(coded, np.uint8), mark, found.box)
        made += 1

    assert made >= 16
    assert min(contrasts.values()) >= 4.5, min(contrasts.items(), key=lambda item: item[1])
