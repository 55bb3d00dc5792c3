"""What is kept of every frame of a film: a thumbnail of light and color, and how much fine detail it has."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from artgen.video import LumaFrame

LUMA_ROWS, LUMA_COLUMNS = 27, 48
CHROMA_ROWS, CHROMA_COLUMNS = 14, 24
SAMPLES_A_CELL = 4  # samples averaged along each side of a thumbnail's cell: enough against aliasing
DETAIL_ROW_STEP = 8  # fine detail is measured on every eighth row


@dataclass(frozen=True, slots=True)
class Signatures:
    """What is kept of n frames in time order, 1,980 bytes each.

    pts: (n,) int64, strictly rising.
    luma: (n, 27, 48) uint8, the decoder's luma averaged over cells of the coded picture.
    chroma: (n, 2, 14, 24) uint8, the decoder's Cb and Cr in the same way.
    sharpness: (n,) float32, fine detail at full resolution: root mean square of the luma steps between
        neighbors along a row and between rows two apart, in luma levels (0..361). Comparable between
        frames of one shot, not between films.
    """

    pts: NDArray[np.int64]
    luma: NDArray[np.uint8]
    chroma: NDArray[np.uint8]
    sharpness: NDArray[np.float32]

    def __post_init__(self) -> None:
        n = len(self.pts)
        shapes = (self.luma.shape, self.chroma.shape, self.sharpness.shape)
        if shapes != ((n, LUMA_ROWS, LUMA_COLUMNS), (n, 2, CHROMA_ROWS, CHROMA_COLUMNS), (n,)):
            raise ValueError(f"signatures of {n} frames have shapes {shapes}")

    def __len__(self) -> int:
        return len(self.pts)

    def between(self, start_pts: int, end_pts: int) -> "Signatures":
        """The frames with start_pts <= pts < end_pts, as views."""
        first, end = np.searchsorted(self.pts, [start_pts, end_pts])
        return self.part(int(first), int(end))

    def part(self, first: int, end: int) -> "Signatures":
        """The frames first..end - 1, as views."""
        return Signatures(
            self.pts[first:end], self.luma[first:end], self.chroma[first:end], self.sharpness[first:end]
        )


def join_signatures(runs: Sequence[Signatures]) -> Signatures:
    """One run of what follows each other in `runs`; of no runs, a run of no frames."""
    if not runs:
        return sign_frames(())
    return Signatures(
        np.concatenate([run.pts for run in runs]),
        np.concatenate([run.luma for run in runs]),
        np.concatenate([run.chroma for run in runs]),
        np.concatenate([run.sharpness for run in runs]),
    )


def sign_frames(frames: Iterable["LumaFrame"]) -> Signatures:
    """Sign every frame; takes about 0.12 ms a frame of 1280x720, most of it without Python's lock.

    Raises:
        ValueError: a plane is empty or not a uint8 matrix.
    """
    pts: list[int] = []
    luma: list[NDArray[np.uint8]] = []
    chroma: list[NDArray[np.uint8]] = []
    sharpness: list[float] = []
    for frame in frames:
        pts.append(frame.pts)
        luma.append(_cells(frame.luma, LUMA_ROWS, LUMA_COLUMNS))
        chroma.append(_cells(frame.chroma_u, CHROMA_ROWS, CHROMA_COLUMNS))
        chroma.append(_cells(frame.chroma_v, CHROMA_ROWS, CHROMA_COLUMNS))
        sharpness.append(_fine_detail(frame.luma))
    n = len(pts)
    return Signatures(
        np.array(pts, np.int64),
        np.array(luma, np.uint8).reshape(n, LUMA_ROWS, LUMA_COLUMNS),
        np.array(chroma, np.uint8).reshape(n, 2, CHROMA_ROWS, CHROMA_COLUMNS),
        np.array(sharpness, np.float32),
    )


def _cells(plane: NDArray[np.uint8], rows: int, columns: int) -> NDArray[np.uint8]:
    if plane.dtype != np.uint8 or plane.ndim != 2 or not plane.size:
        raise ValueError(f"a plane must be a uint8 matrix, got {plane.shape} {plane.dtype}")
    size = columns * SAMPLES_A_CELL, rows * SAMPLES_A_CELL
    samples = cv2.resize(plane, size, interpolation=cv2.INTER_NEAREST)
    return np.asarray(cv2.resize(samples, (columns, rows), interpolation=cv2.INTER_AREA), np.uint8)


def _fine_detail(luma: NDArray[np.uint8]) -> float:
    height, width = luma.shape
    if height < 3 or width < 2:
        return 0.0
    rows = luma[: height - 2 : DETAIL_ROW_STEP]
    # Two rows apart, so that the comb of interlaced motion does not count as detail.
    below = luma[2::DETAIL_ROW_STEP][: len(rows)]
    energy = cv2.norm(rows[:, 1:], rows[:, :-1], cv2.NORM_L2SQR) / (width - 1)
    energy += cv2.norm(below, rows, cv2.NORM_L2SQR) / width
    return float(np.sqrt(energy / len(rows)))
