"""The contact sheet shows every theme and stays a picture that can be opened."""

import io

import numpy as np
import pytest
from PIL import Image

from artgen.artwork import SheetRow, SheetStill, contact_sheet, thumbnail
from artgen.artwork.sheet import MOST_HIGH, PAPER, ROW_HIGH, WIDEST

RED = np.full((ROW_HIGH, 260, 3), (200, 20, 20), np.uint8)


def sheet(rows: list[SheetRow], title: str = "film.mp4") -> Image.Image:
    return Image.open(io.BytesIO(contact_sheet(rows, title=title, subtitle="1:00 min")))


def row(label: str = "Comedy", stills: int = 2) -> SheetRow:
    return SheetRow(label, "genre", tuple(SheetStill("00h00m01s", (RED, RED)) for _ in range(stills)))


def test_every_picture_is_on_it() -> None:
    pixels = np.asarray(sheet([row(), row()])).astype(int)

    red = (np.abs(pixels - (200, 20, 20)).max(axis=2) < 12).sum()
    assert red == pytest.approx(2 * 2 * 2 * ROW_HIGH * 260, rel=0.02)


def test_a_theme_of_many_stills_is_broken_into_lines() -> None:
    few, many = sheet([row(stills=2)]), sheet([row(stills=12)])

    assert many.width <= WIDEST + 200
    assert many.height > few.height + 2 * ROW_HIGH


def test_hundreds_of_themes_stay_a_picture_that_opens() -> None:
    assert sheet([row() for _ in range(300)]).height <= MOST_HIGH


def test_an_empty_catalog_has_a_sheet_too() -> None:
    assert np.asarray(sheet([]))[0, 0].tolist() == list(PAPER)


@pytest.mark.parametrize("title", ["", "x" * 5000, "a word " * 900, "映画.mp4", "\x00\n\t", "🎬"])
def test_titles_and_labels_of_any_kind_fit(title: str) -> None:
    assert sheet([row(label=title)], title=title).width <= WIDEST + 200


def test_the_same_rows_give_the_same_bytes() -> None:
    assert contact_sheet([row()], title="a", subtitle="b") == contact_sheet([row()], title="a", subtitle="b")


def test_thumbnails_have_the_height_of_a_row_and_are_never_enlarged() -> None:
    picture = np.zeros((1080, 1920, 3), np.uint8)

    assert thumbnail(picture, (600, 0, 1320, 1080)).shape == (ROW_HIGH, ROW_HIGH * 2 // 3, 3)
    assert thumbnail(picture, (0, 0, 160, 90)).shape == (90, 160, 3)
