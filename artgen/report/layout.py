"""Where each still lies on a map of a title, and which stills look like it; numpy alone, the same every time."""

import numpy as np
from numpy.typing import NDArray

SPREAD = 0.6  # how far places go from where they fall (0) to even use of the map (1)
ROWS_AT_ONCE = 1024
STEPS, STRIDE = 100, 0.1
REPELLED_BY = 128  # stills that each is pushed away from in a step, drawn anew
REPULSION = 5.0  # so many times as many repel as attract
WIDTH = 10.0  # of the map while forces act, in units in which they fall off with 1 / (1 + distance²)

Vectors = NDArray[np.float32]
Places = NDArray[np.float64]


def place_on_map(vectors: Vectors, alike: NDArray[np.int32]) -> Vectors:
    """Places (n, 2) in 0..1 for unit vectors (n, d): stills that look alike lie near each other.

    From the two directions in which a title's vectors differ most, each still is drawn to those that look
    like it and pushed away from others; then the places are spread, for films have dense middles and a few
    far pictures. All at 0.5 where nothing differs.

    Args:
        vectors: (n, d) unit rows.
        alike: (n, k) of look_alikes.

    Source: Tang and others, "Visualizing large-scale and high-dimensional data" (2016), for the forces.
    """
    if len(vectors) < 2 or not vectors.size:
        return np.full((len(vectors), 2), 0.5, np.float32)
    places = _pull_together(_project(vectors), alike)
    return np.stack([_spread(column) for column in places.T], axis=1).astype(np.float32)


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


def _project(vectors: Vectors) -> Places:
    """Principal components, each spread over 0..1.

    Source: Pearson, "On lines and planes of closest fit to systems of points in space" (1901).
    """
    centered = vectors.astype(np.float64) - vectors.mean(axis=0, dtype=np.float64)
    _, axes = np.linalg.eigh(centered.T @ centered)
    main = axes[:, : -3 if axes.shape[1] > 1 else None : -1]
    # The sign of an axis is free: let its largest part point up, so that a map does not flip between runs.
    main = main * np.sign(main[np.abs(main).argmax(axis=0), np.arange(main.shape[1])])
    places = np.full((len(vectors), 2), 0.5)
    for column, values in enumerate((centered @ main).T):
        places[:, column] = _spread(values)
    return places


def _pull_together(places: Places, alike: NDArray[np.int32]) -> Places:
    """Let the forces act, with strides that end in rest."""
    count, near = alike.shape
    if not near or np.ptp(places) == 0:
        return places
    drawn = np.random.default_rng(0)
    places = (places - 0.5) * WIDTH
    one, other = np.repeat(np.arange(count), near), alike.ravel()
    for step in range(STEPS):
        apart = places[other] - places[one]
        pull = 2 * apart / (1 + (apart**2).sum(axis=1, keepdims=True))
        some = np.arange(count) if count <= REPELLED_BY else drawn.choice(count, REPELLED_BY, replace=False)
        apart = places[:, None] - places[some]
        square = (apart**2).sum(axis=2, keepdims=True)
        push = np.clip(2 * apart / ((0.01 + square) * (1 + square)), -4, 4).sum(axis=1)
        force = push * min(1.0, REPULSION * near / len(some))
        for axis in (0, 1):
            force[:, axis] += np.bincount(one, pull[:, axis], count) - np.bincount(
                other, pull[:, axis], count
            )
        places = places + STRIDE * (1 - step / STEPS) * np.clip(force, -WIDTH, WIDTH)
    return places


def _spread(values: Places) -> Places:
    low, high = values.min(), values.max()
    if high - low < 1e-6:
        return np.full(len(values), 0.5)
    plain = (values - low) / (high - low)
    even = np.argsort(np.argsort(values, kind="stable"), kind="stable") / (len(values) - 1)
    return np.asarray(SPREAD * even + (1 - SPREAD) * plain)
