"""Measures of stills tell sharp pictures from soft and smeared ones; the comparison takes what it says it takes."""

import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))
from picture_measures import Quality, at_height, measure_quality
from stills_quality import (
    ARTGEN,
    KATNA,
    MIDDLE,
    THUMBNAIL,
    Looked,
    contact_sheet,
    summary,
    take_stills,
    thumbnail_of,
)

Picture = NDArray[np.uint8]


@pytest.fixture(scope="module")
def picture() -> Picture:
    rng = np.random.default_rng(5)
    patches = np.kron(rng.integers(0, 256, (45, 80, 3)), np.ones((16, 16, 1)))
    return patches.astype(np.uint8)


def test_a_soft_picture_is_less_sharp_and_more_blurred(picture: Picture) -> None:
    soft = cv2.GaussianBlur(picture, (0, 0), 5)

    sharp, blurred = measure_quality(picture), measure_quality(np.asarray(soft))

    assert sharp.laplacian > 3 * blurred.laplacian
    assert sharp.tenengrad > 1.5 * blurred.tenengrad
    assert sharp.blur + 0.1 < blurred.blur


@pytest.mark.parametrize("vertical", [False, True])
def test_a_smear_along_one_direction_is_as_bad_as_its_direction(picture: Picture, vertical: bool) -> None:
    smeared = cv2.blur(picture, (1, 31) if vertical else (31, 1))
    level = measure_quality(picture).blur

    assert measure_quality(np.asarray(smeared)).blur > level + 0.2


def test_size_matters_little(picture: Picture) -> None:
    large = cv2.resize(picture, (3840, 2160), interpolation=cv2.INTER_NEAREST)
    of_large, of_small = measure_quality(np.asarray(large)), measure_quality(picture)

    assert of_large.tenengrad == pytest.approx(of_small.tenengrad, rel=0.1)
    assert of_large.blur == pytest.approx(of_small.blur, abs=0.05)


def test_a_plain_picture_has_no_detail() -> None:
    assert measure_quality(np.full((90, 160, 3), 80, np.uint8)) == Quality(0.0, 0.0, 1.0)


def test_proportions_stay() -> None:
    assert at_height(np.zeros((1080, 1920, 3), np.uint8), 360).shape == (360, 640, 3)
    assert at_height(np.zeros((100, 50, 3), np.uint8), 360).shape == (360, 180, 3)


def test_the_summary_counts_how_often_the_middle_is_beaten() -> None:
    def looked(tool: str, shot: int, sharpness: float, closed: int = 0) -> Looked:
        return Looked("a.mp4", tool, shot, Quality(sharpness, sharpness, 1 - sharpness), 2, 2, closed)

    middle = [looked(MIDDLE, shot, 0.5) for shot in range(4)]
    best = [looked(ARTGEN, shot, value, 1) for shot, value in enumerate((0.6, 0.7, 0.5, 0.4))]

    lines = summary([*best, *middle]).splitlines()
    cells = [cell.strip() for cell in lines[2].strip("|").split("|")]

    assert cells == ["artgen", "4", "0.5500", "0.5500", "0.4500", "62%", "62%", "62%", "8", "8", "4"]
    assert lines[3].count("%") == 0  # the middle frame is not compared with itself


def test_a_thumbnail_is_of_its_own_shot(shared_media: Path) -> None:
    film = shared_media / "titles" / "hamilton_10s.mp4"  # its pictures begin late, its sound does not
    taken = take_stills(film, film.parent, katna=None)

    assert list(taken) == [ARTGEN, MIDDLE, THUMBNAIL]
    assert taken[ARTGEN].keys() == taken[MIDDLE].keys() == taken[THUMBNAIL].keys()
    assert len(taken[ARTGEN]) >= 3
    for shot, picture in taken[THUMBNAIL].items():
        apart = {other: _apart(picture, middle) for other, middle in taken[MIDDLE].items()}
        assert min(apart, key=lambda other: apart[other]) == shot


def test_no_thumbnail_is_made_of_a_shot_without_frames(shared_media: Path) -> None:
    film = shared_media / "titles" / "his_girl_friday_6s.mp4"
    nowhere = {"start_pts": 10**9, "end_pts": 10**9 + 1, "frames": 1}

    assert thumbnail_of(film, nowhere, 1e-9) is None


def test_a_sheet_has_a_column_a_tool_and_a_row_a_shot(picture: Picture) -> None:
    some = dict.fromkeys(range(40), picture)

    sheet = contact_sheet({ARTGEN: some, MIDDLE: {0: picture}, KATNA: {}})

    assert sheet.width == 3 * round(1280 * 150 / 720)
    assert sheet.height == 16 + 14 * 150


def _apart(one: Picture, other: Picture) -> float:
    small = (cv2.resize(p, (32, 18), interpolation=cv2.INTER_AREA).astype(float) for p in (one, other))
    return float(np.abs(np.subtract(*small)).mean())
