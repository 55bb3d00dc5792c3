"""Where each still lies on a map of a title, and which stills look like it; numpy alone, the same every time."""

import numpy as np
from numpy.typing import NDArray

SPREAD = 0.6  # how far places go from plain projection (0) to even use of the map (1)
ROWS_AT_ONCE = 1024

Vectors = NDArray[np.float32]


def place_on_map(vectors: Vectors) -> NDArray[np.float32]:
    """Places (n, 2) in 0..1 for unit vectors (n, d): stills that look alike lie near each other.

    The two directions in which a title's vectors differ most, spread towards even use of the map, since
    films have dense middles and a few far pictures. All at 0.5 where nothing differs.

    Source: Pearson, "On lines and planes of closest fit to systems of points in space" (1901).
    """
    count = len(vectors)
    if count < 2 or not vectors.size:
        return np.full((count, 2), 0.5, np.float32)
    centered = vectors.astype(np.float64) - vectors.mean(axis=0, dtype=np.float64)
    _, axes = np.linalg.eigh(centered.T @ centered)
    main = axes[:, : -3 if axes.shape[1] > 1 else None : -1]
    # The sign of an axis is free: let its largest part point up, so that a map does not flip between runs.
    main = main * np.sign(main[np.abs(main).argmax(axis=0), np.arange(main.shape[1])])
    places = np.full((count, 2), 0.5)
    for column, values in enumerate((centered @ main).T):
        places[:, column] = _spread(values)
    return places.astype(np.float32)


def look_alikes(vectors: Vectors, *, most: int) -> NDArray[np.int32]:
    """For each unit vector (n, d) the `most` others nearest to it, nearest first; (n, min(most, n - 1))."""
    count = len(vectors)
    most = min(most, max(count - 1, 0))
    found = np.zeros((count, most), np.int32)
    for start in range(0, count if most else 0, ROWS_AT_ONCE):
        stop = min(start + ROWS_AT_ONCE, count)
        likeness = vectors[start:stop] @ vectors.T
        likeness[np.arange(stop - start), np.arange(start, stop)] = -np.inf
        found[start:stop] = np.argsort(-likeness, axis=1, kind="stable")[:, :most]
    return found


def _spread(values: NDArray[np.float64]) -> NDArray[np.float64]:
    low, high = values.min(), values.max()
    if high - low < 1e-6:
        return np.full(len(values), 0.5)
    plain = (values - low) / (high - low)
    even = np.argsort(np.argsort(values, kind="stable"), kind="stable") / (len(values) - 1)
    return np.asarray(SPREAD * even + (1 - SPREAD) * plain)
