"""How different two frames are, by their thumbnails."""

import cv2
import numpy as np
from numpy.typing import NDArray

from artgen.shots.signatures import LUMA_COLUMNS, LUMA_ROWS, Signatures

BLOCK_ROWS, BLOCK_COLUMNS = 9, 8  # a thumbnail is 3 x 6 blocks, each moved on its own
REACH = 2  # cells a block may move: 4 % of the picture's width from frame to frame
CHROMA_WEIGHT = 1.4  # chroma spans a third of luma's range, and tells scenes apart that light does not


def plain_difference(before: NDArray[np.uint8], after: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Mean absolute difference, (n,) in levels, of n pairs of thumbnails (n, ...)."""
    n = len(before)
    if not n:
        return np.zeros(0, np.float32)
    rows = cv2.absdiff(_rows(before), _rows(after))
    return np.asarray(rows.mean(1), np.float32)


def matched_difference(before: NDArray[np.uint8], after: NDArray[np.uint8]) -> NDArray[np.float32]:
    """The plain difference of n pairs of luma thumbnails (n, 27, 48) once each block has moved to its best place.

    A pan or a shake costs little, a new picture what it costs anyway. (n,), levels.
    """
    sums, _ = _best_places(before, after)
    return np.asarray(sums.mean((1, 2)) / (BLOCK_ROWS * BLOCK_COLUMNS), np.float32)


def matched_cells(before: NDArray[np.uint8], after: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """What matched_difference averages: absolute difference of each cell, its block at its best place; (n, 27, 48)."""
    _, place = _best_places(before, after)
    place = place.repeat(BLOCK_ROWS, 1).repeat(BLOCK_COLUMNS, 2)
    down, right = place // (2 * REACH + 1), place % (2 * REACH + 1)
    n, row, column = np.ogrid[: len(before), :LUMA_ROWS, :LUMA_COLUMNS]
    return np.asarray(
        cv2.absdiff(_rows(before), _rows(_padded(after)[n, row + down, column + right])), np.uint8
    ).reshape(before.shape)


def _best_places(
    before: NDArray[np.uint8], after: NDArray[np.uint8]
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """For each block of n pairs its least sum of differences and the number of the place that gives it, (n, 3, 6)."""
    n = len(before)
    blocks = (n, LUMA_ROWS // BLOCK_ROWS, BLOCK_ROWS, LUMA_COLUMNS // BLOCK_COLUMNS, BLOCK_COLUMNS)
    best = np.full((n, blocks[1], blocks[3]), np.iinfo(np.int32).max, np.int32)
    place = np.zeros_like(best)
    if not n:
        return best, place
    padded, number = _padded(after), 0
    for down in range(2 * REACH + 1):
        for right in range(2 * REACH + 1):
            moved = padded[:, down : down + LUMA_ROWS, right : right + LUMA_COLUMNS]
            differs = cv2.absdiff(_rows(before), _rows(np.ascontiguousarray(moved)))
            sums = differs.reshape(blocks).sum((2, 4), dtype=np.int32)
            place[sums < best] = number
            np.minimum(best, sums, out=best)
            number += 1
    return best, place


def _padded(luma: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.pad(luma, ((0, 0), (REACH, REACH), (REACH, REACH)), mode="edge")


def as_vectors(signatures: Signatures) -> NDArray[np.float32]:
    """Each frame as one vector (n, 1968), so scaled that the distance of two is their RMS difference in levels."""
    n = len(signatures)
    luma = signatures.luma.reshape(n, -1).astype(np.float32)
    chroma = (signatures.chroma.reshape(n, -1).astype(np.float32) - 128) * np.float32(CHROMA_WEIGHT)
    return np.hstack([luma, chroma]) * np.float32((LUMA_ROWS * LUMA_COLUMNS) ** -0.5)


def contrast(luma: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Standard deviation within each thumbnail, (n,) in levels."""
    n = len(luma)
    return (
        np.asarray(luma.reshape(n, -1).astype(np.float32).std(1), np.float32)
        if n
        else np.zeros(0, np.float32)
    )


def _rows(stack: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return stack.reshape(len(stack), -1)
