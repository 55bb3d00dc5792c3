"""Changes in which the new picture comes in part by part: what is measured of them, and which of them stand."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from artgen.shots.transitions import Change

ALMOST = 0.97  # of the surest that touch: among these the one that is placed best stands

Floats = NDArray[np.float32]
Integers = NDArray[np.int64]
Row = tuple[int, int, list[float]]


@dataclass(frozen=True, slots=True)
class Sweeps:
    """Possible changes, k entries each: last old frame, first new frame, (k, d) measures by the finder's features."""

    last: Integers
    first: Integers
    measures: Floats


def sweeps_of(rows: Sequence[Row], *, features: Sequence[str]) -> Sweeps:
    """Rows of last old frame, first new frame and measures, one of each of `features`, as arrays."""
    last, first = (np.array([row[side] for row in rows], np.int64) for side in (0, 1))
    measures = np.array([row[2] for row in rows], np.float32).reshape(len(rows), len(features))
    return Sweeps(last, first, measures)


def surest_sweeps(sweeps: Sweeps, sure: Floats, *, astray: Floats, least: float) -> list[Change]:
    """The sweeps that stand, in order and not overlapping; all are called wipes, with `sure` as their strength.

    Args:
        sweeps: k possible ones.
        sure: (k,) their probabilities, 0..1.
        astray: (k,) how ill each is placed, in any unit: of those that touch and are almost as sure the least stands.
        least: probability below which nothing stands.
    """
    changes: list[Change] = []
    left = sure >= least
    for seed in np.argsort(-sure, kind="stable"):
        if left[seed]:
            touching = (sweeps.first > sweeps.last[seed]) & (sweeps.last < sweeps.first[seed])
            alike = np.flatnonzero(left & touching & (sure >= ALMOST * sure[seed]))
            best = alike[np.lexsort((sweeps.last[alike], astray[alike]))[0]]
            left &= ~touching & ((sweeps.first <= sweeps.last[best]) | (sweeps.last >= sweeps.first[best]))
            changes.append(Change(int(sweeps.last[best]), int(sweeps.first[best]), "wipe", float(sure[seed])))
    return sorted(changes, key=lambda change: change.last)
