"""How alike two groups of faces are by their identity vectors: one measure for grouping and for naming."""

import numpy as np
from numpy.typing import NDArray

FACE_SCATTER = 0.1
"""Squared distance of a face's vector from its person's place, on average; that of the mean of n faces is 1 / n of
it."""


def likeness(
    mean: NDArray[np.floating], faces: float, others: NDArray[np.floating], counts: NDArray[np.floating]
) -> NDArray[np.float64]:
    """How alike a group of faces is to each of several others: 1 at one place, less the farther apart.

    It is 1 less half the squared distance of the means (for unit vectors the cosine), once what the scatter of so
    few faces adds to that distance has been taken away: so one bound fits groups of any size. It can exceed 1 a
    little.

    Args:
        mean: (d,) mean vector of the group.
        faces: in the group.
        others: (n, d) mean vectors of the other groups.
        counts: (n,) faces in each of them.
    """
    others64, mean64 = np.asarray(others, dtype=np.float64), np.asarray(mean, dtype=np.float64)
    squared = np.einsum("ij,ij->i", others64, others64) - 2 * (others64 @ mean64) + mean64 @ mean64
    by_chance = FACE_SCATTER * (1 / faces + 1 / np.asarray(counts, dtype=np.float64))
    return np.asarray(1 - (squared - by_chance) / 2, dtype=np.float64)
