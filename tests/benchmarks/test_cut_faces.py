"""A face counts as cut when a part of it, and not next to all or nothing, lies inside a crop."""

import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))
from cut_faces import TILE, Cut, cut_faces, draw_sheet, in_still, inside_fraction

CROP = (100.0, 0.0, 300.0, 200.0)


@pytest.mark.parametrize(
    ("face", "fraction"),
    [
        ((150, 50, 190, 100), 1.0),
        ((80, 50, 120, 100), 0.5),
        ((290, 180, 310, 220), 0.25),
        ((10, 50, 50, 100), 0.0),
        ((60, 50, 100, 100), 0.0),
    ],
)
def test_how_much_of_a_face_a_crop_has(face: tuple[float, float, float, float], fraction: float) -> None:
    assert inside_fraction(face, CROP) == pytest.approx(fraction)


def test_whole_faces_and_those_left_out_are_not_cut() -> None:
    whole, outside, halved = (150, 50, 190, 100), (10, 50, 50, 100), (80, 50, 120, 100)
    ear_lost, ear_kept = (97, 50, 137, 100), (63, 50, 103, 100)

    assert cut_faces(CROP, [whole, outside, ear_lost, ear_kept]) == []
    assert cut_faces(CROP, [whole, halved]) == [halved]


def test_the_sheet_shows_each_cut_with_its_face_in_red(tmp_path: Path) -> None:
    Image.fromarray(np.full((200, 300, 3), 90, np.uint8)).save(tmp_path / "still.png")
    cut = Cut("film", "00h", "1:1", CROP, (80.0, 50.0, 120.0, 100.0), str(tmp_path / "still.png"))

    sheet = draw_sheet([cut] * 5).astype(int)

    assert sheet.shape[0] == 2 * TILE[1]
    red = (sheet[..., 0] > 200) & (sheet[..., 1] < 60)
    assert red[: TILE[1], : TILE[0]].sum() > 50
    assert red[TILE[1] :, : TILE[0]].sum() > 50
    assert red[TILE[1] :, TILE[0] :].sum() == 0


def test_a_crop_of_a_letterboxed_film_is_told_from_where_its_stills_begin() -> None:
    assert in_still((0, 60, 638, 419), (0, 60, 848, 420)) == (0, 0, 638, 359)
