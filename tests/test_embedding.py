"""Embedding what looking kept: whole, cut short and gone on with, and what a picture's file gives by itself."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
from helpers.tiny_clip import pictures, write_tiny_model
from numpy.typing import NDArray

from artgen.clip import Encoder, load_encoder
from artgen.folder import FramesFolder
from artgen.progress import Silent
from artgen.tag.embedding import STILLS_A_FILE, embed_stills

COUNT = 2 * STILLS_A_FILE + 9


@pytest.fixture(scope="module")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Encoder:
    model = write_tiny_model(tmp_path_factory.mktemp("model") / "tiny")
    return load_encoder(str(model), device="cpu", precision="fp32", offline=True, note=pytest.fail)


@pytest.fixture(scope="module")
def squares(encoder: Encoder) -> list[NDArray[np.uint8]]:
    return [encoder.square(picture) for picture in pictures(COUNT)]


def _embed(squares: Iterator[NDArray[np.uint8]], folder: Path, encoder: Encoder) -> NDArray[np.float16]:
    return embed_stills(squares, FramesFolder(folder), encoder, count=COUNT, progress=Silent())


def test_every_square_has_its_row_in_order(
    squares: list[NDArray[np.uint8]], encoder: Encoder, tmp_path: Path
) -> None:
    rows = _embed(iter(squares), tmp_path, encoder)

    assert rows.shape == (COUNT, encoder.dim)
    assert rows.dtype == np.float16
    np.testing.assert_array_equal(rows, encoder.pictures(pictures(COUNT)).astype(np.float16))


def test_cut_short_it_goes_on_behind_the_last_whole_file_and_ends_in_the_same_rows(
    squares: list[NDArray[np.uint8]], encoder: Encoder, tmp_path: Path
) -> None:
    whole = _embed(iter(squares), tmp_path / "whole", encoder)

    def failing() -> Iterator[NDArray[np.uint8]]:
        yield from islice(squares, 2 * STILLS_A_FILE - 5)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        _embed(failing(), tmp_path / "cut", encoder)
    assert len(list((tmp_path / "cut").rglob("*.npy"))) == 1
    black = [np.zeros_like(square) for square in squares[:STILLS_A_FILE]]  # kept already: not computed again
    again = _embed(iter([*black, *squares[STILLS_A_FILE:]]), tmp_path / "cut", encoder)

    np.testing.assert_array_equal(again, whole)


def test_no_stills_give_no_rows(encoder: Encoder, tmp_path: Path) -> None:
    found = embed_stills(iter(()), FramesFolder(tmp_path), encoder, count=0, progress=Silent())

    assert found.shape == (0, encoder.dim)
