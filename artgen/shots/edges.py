"""Edges that sweep over the picture: each cell has a moment at which it changes, and the moments follow a way.

In a wipe the light of each cell of coarse thumbnails changes once and for good, and the moments follow the way of
an edge over the picture: from side to side, slantwise, from the middle, around it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from artgen.shots.signatures import LUMA_COLUMNS, LUMA_ROWS

ROWS, COLUMNS = LUMA_ROWS // 3, LUMA_COLUMNS // 3
DARK_LUMA, MIN_LIT_CELLS = 26, 48  # cells never brighter are bars around the picture, unless few are left
FINEST = 20  # of longer spans every second or third frame is enough
MIN_CORRELATION = 0.82  # of the cells' moments with the way of the edge

Floats = NDArray[np.float32]
Integers = NDArray[np.int64]


def _ways() -> Floats:
    """(16, 144) ways of an edge: when it comes to each cell, 0..1. Backwards they serve too."""
    down, right = np.mgrid[0 : 1 : ROWS * 1j, 0 : 1 : COLUMNS * 1j]
    aside, above = np.abs(right - 0.5) * 16 / 9, np.abs(down - 0.5)
    turn = np.arctan2(down - 0.5, (right - 0.5) * 16 / 9) / (2 * np.pi)
    straight = [right, down, right + down / 2, right - down / 2, right + down, right - down]
    inward = [
        aside,
        above,
        np.maximum(aside, above),
        *(np.hypot(aside, above * high) for high in (0.5, 1, 1.8)),
    ]
    around = [(turn + quarter / 4) % 1 for quarter in range(4)]
    found = np.stack([*straight, *inward, *around]).reshape(-1, ROWS * COLUMNS)
    least = found.min(1, keepdims=True)
    return np.asarray((found - least) / (found.max(1, keepdims=True) - least), np.float32)


WAYS = _ways()


@dataclass(frozen=True, slots=True)
class Edge:
    """What may be an edge sweeping over the c cells of one span of n frames, of which every so many are looked at.

    cells: (n, c) light. moments: (c,) when each changes, fitted: (c,) when the edge would come there, both counted
    in frames looked at. weights: (c,) how much a cell counts. explained, total: (c,) of its squares over time.
    """

    start: int
    every: int
    cells: Floats
    moments: Floats
    fitted: Floats
    weights: Floats
    explained: Floats
    total: Floats
    correlation: float


def find_edges(light: Floats, ways: Floats, starts: Integers, span: int) -> Iterator[Edge]:
    """Find a moment for each cell of each span, and the way of an edge that the moments follow best."""
    every = max(1, span // FINEST)
    cells = light[starts[:, None] + np.arange(0, span + 1, every)]
    moments, weights, explained, total = _moments(cells)
    mean = (weights * moments).sum(-1, keepdims=True)
    spread = np.maximum((weights * (moments - mean) ** 2).sum(-1, keepdims=True), 1e-3)
    mean_way = weights @ ways.T
    spread_way = np.maximum(weights @ (ways**2).T - mean_way**2, 1e-4)
    shared = (weights * (moments - mean)) @ ways.T
    correlation = np.abs(shared) / np.sqrt(spread_way * spread)
    kind = correlation.max(-1).argmax(0)
    for i in np.flatnonzero(correlation.max((0, 2)) >= MIN_CORRELATION):
        j = kind[i]
        way = int(correlation[j, i].argmax())
        slope = shared[j, i, way] / spread_way[j, i, way]
        fitted = mean[j, i] + slope * (ways[way] - mean_way[j, i, way])
        yield Edge(
            int(starts[i]), every, cells[i], moments[j, i], fitted, weights[j, i], explained[i], total[i],
            float(correlation[j, i, way]),
        )  # fmt: skip


def _moments(cells: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """When the cells of k spans (k, n, cells) change, told in three ways, and how much that counts, (3, k, cells) each.

    Where a split in time explains most; where a cell leaves what it first was (the new picture slides over an old
    one at rest); where it comes to what it is at last (the old one slides away). Besides, (k, cells), what the best
    split explains of a cell's squares over time, and these squares.
    """
    n = cells.shape[1]
    centered = cells - cells.mean(1, keepdims=True)
    total = np.maximum(np.einsum("ijk,ijk->ik", centered, centered), 1e-3)
    before = np.arange(1, n, dtype=np.float32)[:, None]
    gain = np.cumsum(centered, 1)[:, :-1] ** 2 * (n / (before * (n - before)))
    split, explained = gain.argmax(1), gain.max(1)
    start, end = cells[:, :1], cells[:, -1:]
    half = np.abs(end - start) / 2
    left = (np.abs(cells[:, 1:] - start) > half).argmax(1)
    stays = (np.abs(cells[:, :-1] - end) > half)[:, ::-1].argmax(1)
    moments = np.stack([split, left, n - 2 - stays]).astype(np.float32)
    # What is explained badly has moved rather than changed.
    weights = np.stack([explained**2 / total, half[:, 0] ** 2, half[:, 0] ** 2])
    return moments, weights / np.maximum(weights.sum(-1, keepdims=True), 1e-6), explained, total


def active_cells(luma: NDArray[np.uint8]) -> tuple[Floats, Floats]:
    """(n, c) light of coarse cells, and (16, c) ways of an edge over them; without those of black bars."""
    tall = luma.reshape(-1, LUMA_COLUMNS)
    coarse = cv2.resize(tall, None, fx=1 / 3, fy=1 / 3, interpolation=cv2.INTER_AREA)
    light = np.asarray(coarse, np.uint8).reshape(len(luma), ROWS * COLUMNS).astype(np.float32)
    lit = light.max(0) > DARK_LUMA
    if lit.sum() < MIN_LIT_CELLS:
        lit[:] = True
    return light[:, lit], WAYS[:, lit]
