"""Shots grouped into scenes: runs of shots of one place, time and company."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from artgen.records import Scene, Shot, Still

WINDOW_SHOTS = 5
QUIET_QUANTILE = 0.35  # of the windows: those that lie inside one scene
PENALTY = 2.5  # in scatters of a quiet window
SHARES = {"dissolve": 0.6, "wipe": 0.6, "fade": 0.2}  # of the penalty, where one begins the scene
LONGEST_SCENE_SHOTS = 250
SHORTEST_SCENE_S = 6.0

Vectors = NDArray[np.float32]


def group_scenes(
    shots: Sequence[Shot], stills: Sequence[Still], vectors: Vectors, *, colors: Sequence[Sequence[float]]
) -> list[Scene]:
    """Cut the shots of a title into the scenes that explain its pictures best.

    Of all ways to cut, the one is taken whose scenes are least scattered around their mean picture,
    where each scene costs PENALTY times the scatter inside a quiet stretch of this title. Views that
    alternate are one scene: cutting between them makes none less scattered. A single look elsewhere
    does not pay for two cuts. Pictures are compared by what they show and by their colors alike, for
    light and place hold through a scene while what is in view changes.

    Args:
        shots: in time order; all of them, whether they have stills or not.
        stills: n stills of these shots.
        vectors: (n, d) unit rows, of the stills in the same order.
        colors: n rows, the part of each still that is of each color; 0..1.

    Returns:
        Scenes in time order; together they hold every shot once. A shot without stills joins the
        scene before it.

    Raises:
        ValueError: the numbers of stills, vectors and colors differ.

    Source: Arlot, Celisse, Harchaoui, "A kernel multiple change-point algorithm via model selection"
    (2019); for shots of film, Rotman, Porat, Ashour, "Optimal sequential grouping for robust video
    scene detection using multiple modalities" (2017).
    """
    if not len(stills) == len(vectors) == len(colors):
        raise ValueError(f"{len(stills)} stills, {len(vectors)} vectors and {len(colors)} colors")
    if not shots:
        return []
    seen, rows = _vector_of_shots(shots, stills, _with_colors(vectors, colors))
    starts = [0, *(seen[i] for i in _best_cuts(rows, [shots[i] for i in seen]))]
    ends = [*starts[1:], len(shots)]
    return [
        Scene(
            id=i,
            first_shot=shots[first].id,
            last_shot=shots[end - 1].id,
            start_s=shots[first].start_s,
            end_s=shots[end - 1].end_s,
        )
        for i, (first, end) in enumerate(zip(starts, ends, strict=True))
    ]


def _with_colors(vectors: Vectors, colors: Sequence[Sequence[float]]) -> Vectors:
    """Rows whose dot product is the mean of both likenesses; of colors it is the Bhattacharyya coefficient."""
    shares = np.sqrt(np.asarray(colors, np.float32).reshape(len(vectors), len(colors[0]) if colors else 0))
    shares /= np.maximum(np.linalg.norm(shares, axis=1, keepdims=True), 1e-6)
    return np.asarray(np.hstack([vectors, shares]) / np.sqrt(2), np.float32)


def _vector_of_shots(
    shots: Sequence[Shot], stills: Sequence[Still], vectors: Vectors
) -> tuple[list[int], NDArray[np.float64]]:
    """Places in `shots` of those with stills, and the unit mean of each one's stills."""
    owned: dict[int, list[int]] = {}
    for i, still in enumerate(stills):
        owned.setdefault(still.shot, []).append(i)
    seen = [i for i, shot in enumerate(shots) if shot.id in owned]
    rows = np.zeros((len(seen), vectors.shape[1]), np.float64)
    for row, i in enumerate(seen):
        rows[row] = vectors[owned[shots[i].id]].mean(axis=0)
    return seen, rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)


def _best_cuts(rows: NDArray[np.float64], shots: Sequence[Shot]) -> list[int]:
    """Indices of rows that begin a new scene, the first left out; dynamic programming."""
    count = len(rows)
    if count < 2:
        return []
    scatter = _Scatter(rows)
    penalty = PENALTY * _quiet_scatter(scatter, count)
    cost = np.full(count + 1, np.inf)
    cost[0] = -penalty
    came_from = np.zeros(count + 1, np.int64)
    price = penalty * np.array([SHARES.get(shot.transition_in, 1.0) for shot in shots])
    price[0] = penalty
    begins, ends = np.array([shot.start_s for shot in shots]), [shot.end_s for shot in shots]
    for end in range(1, count + 1):
        first = np.arange(max(0, end - LONGEST_SCENE_SHOTS), end)
        total = cost[first] + price[first] + scatter.of(first, end)
        brief = ends[end - 1] - begins[first] < SHORTEST_SCENE_S
        total = total + np.where(brief, price[first], 0.0)
        best = int(total.argmin())
        cost[end], came_from[end] = total[best], first[best]
    cuts, end = list[int](), count
    while came_from[end] > 0:
        end = int(came_from[end])
        cuts.append(end)
    return cuts[::-1]


class _Scatter:
    """Sum of squared distances of a run of unit rows to their mean, from running sums."""

    def __init__(self, rows: NDArray[np.float64]) -> None:
        self._sums = np.concatenate([np.zeros((1, rows.shape[1])), np.cumsum(rows, axis=0)])

    def of(self, first: NDArray[np.int64], end: int) -> NDArray[np.float64]:
        """Scatter of rows first[i]..end-1 for each i."""
        held = end - first
        squared = ((self._sums[end] - self._sums[first]) ** 2).sum(axis=1)
        return np.asarray(np.maximum(held - squared / held, 0.0), dtype=np.float64)


def _quiet_scatter(scatter: _Scatter, count: int) -> float:
    """Scatter a shot, an unbiased variance, of the quieter windows of the title."""
    width = min(WINDOW_SHOTS, count)
    found = [
        float(scatter.of(np.array([start]), start + width)[0]) / (width - 1)
        for start in range(count - width + 1)
    ]
    return max(float(np.quantile(found, QUIET_QUANTILE)), 1e-4)
