"""Signatures hold what a frame looks like and how sharp it is."""

from collections.abc import Iterator

import cv2
import numpy as np
import pytest

from artgen.shots import Signatures, join_signatures, sign_frames
from artgen.video import LumaFrame


def frames(*lumas: np.ndarray[tuple[int, int], np.dtype[np.uint8]]) -> Iterator[LumaFrame]:
    for n, luma in enumerate(lumas):
        half = luma.shape[0] // 2, luma.shape[1] // 2
        yield LumaFrame(n * 10, luma, np.full(half, 100, np.uint8), np.full(half, 150, np.uint8))


def board(height: int, width: int) -> np.ndarray[tuple[int, int], np.dtype[np.uint8]]:
    rows, columns = np.mgrid[0:height, 0:width]
    return (((rows * 9 // height + columns * 16 // width) % 2) * 180 + 30).astype(np.uint8)


@pytest.mark.parametrize(
    ("height", "width"), [(2160, 3840), (720, 1280), (360, 640), (90, 160), (20, 30), (2, 2)]
)
def test_the_thumbnail_shows_the_picture_at_any_size(height: int, width: int) -> None:
    luma = board(height, width)

    run = sign_frames(frames(luma))

    expected = cv2.resize(luma, (48, 27), interpolation=cv2.INTER_AREA)
    assert np.abs(run.luma[0].astype(int) - expected).mean() < 12
    assert (run.chroma[0, 0] == 100).all()
    assert (run.chroma[0, 1] == 150).all()


def test_sharpness_falls_with_blur_and_not_by_interlacing() -> None:
    sharp = np.random.default_rng(1).integers(0, 255, (45, 80)).astype(np.uint8)
    sharp = cv2.resize(sharp, (640, 360), interpolation=cv2.INTER_NEAREST)
    combed = np.full((360, 640), 40, np.uint8)
    combed[::2] = 200

    values = sign_frames(frames(sharp, cv2.blur(sharp, (9, 9)), cv2.blur(sharp, (25, 25)), combed)).sharpness

    assert values[0] > 1.5 * values[1] > 1.5 * values[2]
    assert values[3] == 0


def test_parts_and_joins_keep_time() -> None:
    run = sign_frames(frames(*[board(54, 96)] * 7))

    assert run.between(20, 50).pts.tolist() == [20, 30, 40]
    again = join_signatures([run.part(0, 2), run.part(2, 7)])
    assert again.pts.tolist() == run.pts.tolist()
    assert (again.luma == run.luma).all()
    assert len(join_signatures([])) == 0


def test_wrong_arrays_are_our_defect() -> None:
    with pytest.raises(ValueError, match="uint8 matrix"):
        sign_frames(frames(np.zeros((4, 4, 3), np.uint8)))  # type: ignore[arg-type]
    good = sign_frames(frames(board(54, 96)))
    with pytest.raises(ValueError, match="have shapes"):
        Signatures(good.pts, good.luma[:, :5], good.chroma, good.sharpness)
