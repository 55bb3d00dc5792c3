"""Lines of text are found on any ground and in any size; nature, masonry and film are not taken for text."""

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from artgen.stills import gate_still, measure_still
from artgen.stills.text import find_lines, measure_text

Luma = NDArray[np.uint8]


def written(ground: Luma, text: str, *, scale: float, light: int, at: tuple[int, int] = (60, 180)) -> Luma:
    luma = ground.copy()
    thickness = max(1, round(2 * scale))
    cv2.putText(luma, text, at, cv2.FONT_HERSHEY_SIMPLEX, scale, light, thickness, cv2.LINE_AA)
    return luma


def gradient() -> Luma:
    return np.tile(np.linspace(60, 150, 640).astype(np.uint8), (360, 1))


@pytest.mark.parametrize("scale", [0.6, 1.0, 2.0])
@pytest.mark.parametrize(("ground", "light"), [(0, 230), (235, 20), (110, 240)])
def test_a_line_is_found_where_it_stands(scale: float, ground: int, light: int) -> None:
    luma = written(np.full((360, 640), ground, np.uint8), "A film by Nobody", scale=scale, light=light)
    ink = np.argwhere(np.abs(luma.astype(int) - ground) > 40)

    lines = find_lines(luma)

    covered = np.zeros(luma.shape, bool)
    for x1, y1, x2, y2 in lines:
        covered[y1:y2, x1:x2] = True
    assert covered[ink[:, 0], ink[:, 1]].mean() > 0.45
    top, left = ink.min(0) - 3
    assert not covered[:top].any()
    assert not covered[:, : max(left, 0)].any()


def test_a_subtitle_on_a_picture_is_measured_by_its_area() -> None:
    area, share = measure_text(written(gradient(), "What did you say?", scale=1.0, light=250, at=(170, 330)))

    assert 0.01 < area < 0.08
    assert share > 0.5


@pytest.mark.parametrize("kind", ["bars", "grain", "bricks", "blades", "nothing"])
def test_what_is_no_text_is_not_taken_for_it(kind: str) -> None:
    rng = np.random.default_rng(4)
    luma = gradient()
    match kind:
        case "bars":
            for x in range(20, 620, 40):
                luma[60:300, x : x + 16] = 235
        case "grain":
            luma = np.clip(luma + rng.normal(0, 25, luma.shape), 0, 255).astype(np.uint8)
        case "bricks":
            for row in range(0, 360, 24):
                luma[row : row + 20, (row // 24 % 2) * 20 :: 48] = 30
                luma[row : row + 2] = 30
        case "blades":
            for x, length, lean in zip(
                rng.integers(0, 640, 400), rng.integers(20, 150, 400), rng.normal(0, 12, 400), strict=True
            ):
                tip = (int(x + lean), int(359 - length))
                cv2.line(luma, (int(x), 359), tip, int(rng.integers(40, 230)), 1, cv2.LINE_AA)
        case "nothing":
            pass

    measures = measure_still(np.repeat(luma[..., None], 3, 2))

    assert measures["text_area"] < 0.02


def test_a_card_is_refused_and_a_caption_on_a_picture_is_not() -> None:
    card = np.repeat(
        written(np.zeros((360, 640), np.uint8), "THE END", scale=1.5, light=220)[..., None], 3, 2
    )
    rng = np.random.default_rng(1)
    scene = cv2.GaussianBlur(rng.integers(0, 256, (360, 640)).astype(np.uint8), (0, 0), 2.0)
    scene = cv2.normalize(scene, None, 0, 255, cv2.NORM_MINMAX)
    captioned = np.repeat(written(scene, "Paris 1944", scale=0.8, light=255, at=(20, 340))[..., None], 3, 2)

    assert (gate_still(measure_still(card), card) or "").startswith("text: ")
    assert gate_still(measure_still(captioned), captioned) is None
