"""Picture files: what is written comes back, what is damaged or hostile is refused in a sentence."""

import struct
import zlib
from pathlib import Path

import numpy as np
import pytest

from artgen.errors import InputError
from artgen.pictures import SUFFIXES, encode_picture, load_logo, load_picture
from artgen.records import ImageFormat


def _scene() -> np.ndarray[tuple[int, int, int], np.dtype[np.uint8]]:
    y, x = np.mgrid[0:72, 0:128]
    return np.stack([x * 2, y * 3, 255 - x], axis=2).astype(np.uint8)


@pytest.mark.parametrize(("image_format", "off"), [("jpeg", 3.0), ("png", 0.0), ("webp", 4.0)])
def test_a_picture_comes_back_from_its_file(tmp_path: Path, image_format: ImageFormat, off: float) -> None:
    picture = _scene()
    path = tmp_path / f"a{SUFFIXES[image_format]}"
    path.write_bytes(encode_picture(picture, image_format))

    again = load_picture(path, size=(128, 72))

    assert again.shape == picture.shape
    assert np.abs(again.astype(int) - picture).mean() <= off


def test_a_jpeg_keeps_its_color_at_full_resolution(tmp_path: Path) -> None:
    stripes = np.zeros((16, 16, 3), np.uint8)
    stripes[:, ::2] = (255, 0, 0)
    stripes[:, 1::2] = (0, 0, 255)
    (tmp_path / "a.jpg").write_bytes(encode_picture(stripes, "jpeg"))

    again = load_picture(tmp_path / "a.jpg").astype(int)

    assert (again[:, ::2, 0] - again[:, ::2, 2]).min() > 150, "4:2:0 would mix red and blue columns"


@pytest.mark.parametrize(("least_side", "shape"), [(64, (72, 128, 3)), (30, (36, 64, 3)), (18, (18, 32, 3))])
def test_a_jpeg_comes_smaller_where_that_is_enough(
    tmp_path: Path, least_side: int, shape: tuple[int, int, int]
) -> None:
    picture = _scene()
    path = tmp_path / "a.jpg"
    path.write_bytes(encode_picture(picture, "jpeg"))

    small = load_picture(path, size=(128, 72), least_side=least_side)

    step = 72 // shape[0]
    blocks = picture.reshape(shape[0], step, shape[1], step, 3).mean((1, 3))
    assert small.shape == shape
    assert np.abs(small - blocks).mean() <= 3.0


@pytest.mark.parametrize("cut", [0, 20, 600])
def test_a_damaged_picture_is_refused_by_name(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "cut.jpg"
    path.write_bytes(encode_picture(_scene(), "jpeg")[:cut])

    with pytest.raises(InputError, match=r"cut\.jpg is damaged or not a picture"):
        load_picture(path)


def test_a_missing_picture_says_how_to_get_it(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"gone\.jpg is missing; run artgen extract again"):
        load_picture(tmp_path / "gone.jpg")


def test_a_picture_of_another_size_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(encode_picture(_scene(), "png"))

    with pytest.raises(InputError, match="128 x 72, but this title's stills are 640 x 360"):
        load_picture(tmp_path / "a.png", size=(640, 360))


def test_a_picture_of_30000_by_30000_pixels_is_refused_before_it_is_decoded(tmp_path: Path) -> None:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    path = tmp_path / "bomb.png"
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b""))
        + chunk(b"IEND", b"")
    )

    with pytest.raises(InputError, match="far too many pixels"):
        load_picture(path)


def test_another_kind_of_file_is_no_picture(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_text("#!/bin/sh")

    with pytest.raises(InputError, match="not a picture"):
        load_picture(tmp_path / "a.jpg")


def test_a_logo_comes_with_its_alpha_cut_to_what_can_be_seen(tmp_path: Path) -> None:
    from PIL import Image

    whole = np.zeros((40, 60, 4), np.uint8)
    whole[10:20, 30:50] = (200, 10, 20, 128)
    whole[10:20, 29] = (9, 9, 9, 3)  # too faint to be seen
    Image.fromarray(whole).save(tmp_path / "logo.png")

    logo = load_logo(tmp_path / "logo.png")

    assert logo.shape == (10, 20, 4)
    assert (logo == (200, 10, 20, 128)).all()


def test_a_logo_that_is_missing_is_told_what_to_give(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"gone\.png is missing; give a PNG file with a transparent ground"):
        load_logo(tmp_path / "gone.png")
