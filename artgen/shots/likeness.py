"""How alike the frames of a window are, each with those that follow it soon."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray

from artgen.shots.signatures import CHROMA_COLUMNS, CHROMA_ROWS, LUMA_COLUMNS, LUMA_ROWS, Signatures

FARTHEST = 116  # frames apart that are compared at most
BLOCK, PIECE = 13, 144  # frames multiplied with those that follow at once, and cells
GRAY, MOST = (
    128,
    113,
)  # levels from gray that count: products of 1,296 cells stay whole numbers that float32 holds
CHROMA_WEIGHT = 1.4  # chroma spans a third of luma's range, and tells scenes apart that light does not
CHROMA_CELLS = 4  # cells of chroma that are averaged to one, 2 x 2
CELLS = LUMA_ROWS * LUMA_COLUMNS
DARK_LUMA = 26  # cells never brighter than this in a window are bars around the picture and say nothing
MIN_LIT_CELLS = CELLS // 4  # with fewer it is simply dark
BLANK_CONTRAST = 2.0  # levels at most, of a frame without a picture
NOISE_LEVELS = 2.0  # added to each frame's contrast: two dark frames are not unlike for their noise

Floats = NDArray[np.float32]
Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Likeness:
    """n frames compared with the FARTHEST frames after each: entry [i, k] is of frames i and i + k.

    distances: (n, FARTHEST + 1), squared RMS difference in levels, over luma and chroma. Distances suffice
        to say where a frame lies between two others.
    patterns: (n, FARTHEST + 1), covariance of their luma, in squared levels; [i, 0] is a frame's own variance.
    Black bars are left out of both, or every picture would be like every other.
    Entries beyond the last frame mean nothing.
    """

    distances: Floats
    patterns: Floats

    def __len__(self) -> int:
        return len(self.distances)

    def blank_frames(self) -> NDArray[np.bool_]:
        """Which frames show one even surface (black, white or a color), (n,)."""
        return np.asarray(self.patterns[:, 0] < BLANK_CONTRAST**2)

    def distance(self, one: Integers, later: Integers) -> Floats:
        """Squared distances of frames and frames not before them."""
        return np.asarray(self.distances[one, later - one], np.float32)

    def unlike(self, one: Integers, later: Integers) -> Floats:
        """1 - correlation of two frames' light, as a root: 0 the same picture however bright, 1 nothing in common."""
        contrasts = self.patterns[one, 0] * self.patterns[later, 0]
        alike = self.patterns[one, later - one] / (np.sqrt(contrasts) + NOISE_LEVELS**2)
        return np.asarray(np.sqrt(np.clip(1 - alike, 0, 2)), np.float32)

    def shares(self, start: Integers, end: Integers, at: Integers) -> Floats:
        """The share of frame `end` in the frames `at` between, if these are mixtures of it and `start`."""
        whole = self.distance(start, end)
        along = self.distance(start, at) + whole - self.distance(at, end)
        return np.asarray(along / (2 * np.maximum(whole, 1e-6)), np.float32)


def measure_likeness(window: Signatures) -> Likeness:
    """Compare all frames of a window with those that follow.

    Sums of whole numbers below 2^24 are exact in float32, so the result is the same however they are added up.
    """
    n = len(window)
    lit = window.luma.reshape(n, CELLS).max(0, initial=0) > DARK_LUMA
    cells = int(lit.sum())
    if cells < MIN_LIT_CELLS:
        lit[:], cells = True, CELLS
    luma = _centered(window.luma.reshape(n, CELLS)) * lit.astype(np.float32)
    tall = window.chroma.reshape(-1, CHROMA_COLUMNS)
    coarse = cv2.resize(tall, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA) if n else tall
    chroma = _centered(np.asarray(coarse, np.uint8).reshape(n, -1 if n else CHROMA_ROWS))
    of_luma, of_chroma = _following(luma), _following(chroma)
    means = np.pad(luma.sum(1) / cells, (0, FARTHEST))
    following = as_strided(means, (n, FARTHEST + 1), means.strides * 2)
    patterns = of_luma / cells - means[:n, None] * following
    np.maximum(patterns[:, 0], 0, out=patterns[:, 0])
    products = of_luma + np.float32(CHROMA_CELLS * CHROMA_WEIGHT**2) * of_chroma
    squares = np.pad(products[:, 0], (0, FARTHEST))
    following = as_strided(squares, (n, FARTHEST + 1), squares.strides * 2)
    distances = np.maximum(squares[:n, None] + following - 2 * products, 0) / cells
    return Likeness(distances.astype(np.float32, copy=False), patterns.astype(np.float32, copy=False))


def _centered(rows: NDArray[np.uint8]) -> Floats:
    return np.clip(rows, GRAY - MOST, GRAY + MOST).astype(np.float32) - np.float32(GRAY)


def _following(vectors: Floats) -> Floats:
    """Inner products of each of n vectors with itself and the FARTHEST after it, (n, FARTHEST + 1).

    In pieces so small that a BLAS of many threads leaves them to one: its threads would wait for each other, busy.
    """
    n, width = vectors.shape
    blocks = -(-n // BLOCK)
    padded = np.pad(vectors, ((0, blocks * BLOCK + FARTHEST - n), (0, 0)))
    down, right = padded.strides
    found = np.zeros((blocks, BLOCK, BLOCK + FARTHEST), np.float32)
    for first in range(0, width, PIECE):
        piece = padded[:, first : first + PIECE]
        size = piece.shape[1]
        own = as_strided(piece, (blocks, BLOCK, size), (BLOCK * down, down, right))
        other = as_strided(piece, (blocks, size, BLOCK + FARTHEST), (BLOCK * down, right, down))
        found += own @ other
    across, down, right = found.strides
    skewed = as_strided(found, (blocks, BLOCK, FARTHEST + 1), (across, down + right, right))
    return skewed.reshape(blocks * BLOCK, FARTHEST + 1)[:n]
