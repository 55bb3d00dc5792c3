"""Shots grouped into scenes: runs of shots of one place, time and company."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from artgen.records import Scene, Shot, Still

LOOK_AHEAD_SHOTS = 8
LOOK_AHEAD_S = 45.0
TEMPORAL_REACH_S = 30.0
LINK_DEVIATIONS = 1.0
SHORTEST_SCENE_S = 4.0

Vectors = NDArray[np.float32]


def group_scenes(shots: Sequence[Shot], stills: Sequence[Still], vectors: Vectors) -> list[Scene]:
    """Group the shots of a title into scenes by overlapping links.

    Two shots are linked when they are near in time and look alike; a scene ends where no link
    crosses. What "alike" means is taken from the title itself: more alike than shots of it that
    lie far apart usually are, by LINK_DEVIATIONS. A shot without a still joins the scene around it;
    a dissolve or a fade makes a link across it harder.

    Args:
        shots: in time order; all of them, whether they have stills or not.
        stills: n stills of these shots.
        vectors: (n, d) unit rows, of the stills in the same order.

    Returns:
        Scenes in time order; together they hold every shot once.

    Raises:
        ValueError: the numbers of stills and vectors differ.

    Source: Hanjalic, Lagendijk, Biemond, "Automated high-level movie segmentation for advanced
    video-retrieval systems" (1999), overlapping links; the coherence over time as in Rasheed and
    Shah, "Detection and representation of scenes in videos" (2005).
    """
    if len(stills) != len(vectors):
        raise ValueError(f"{len(stills)} stills but {len(vectors)} vectors")
    if not shots:
        return []
    similarity = _shot_similarity(shots, stills, vectors)
    threshold = _link_threshold(similarity)
    starts = _scene_starts(shots, similarity, threshold)
    starts = _without_short_ones(shots, starts)
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


def _shot_similarity(shots: Sequence[Shot], stills: Sequence[Still], vectors: Vectors) -> Vectors:
    """Greatest cosine between any stills of two shots, (shots, shots); NaN where one has no still."""
    owned: dict[int, list[int]] = {}
    for i, still in enumerate(stills):
        owned.setdefault(still.shot, []).append(i)
    similarity = np.full((len(shots), len(shots)), np.nan, np.float32)
    for a, shot in enumerate(shots):
        for b in range(a, min(len(shots), a + LOOK_AHEAD_SHOTS * 4 + 1)):
            mine, others = owned.get(shot.id), owned.get(shots[b].id)
            if mine and others:
                similarity[a, b] = similarity[b, a] = float((vectors[mine] @ vectors[others].T).max())
    return similarity


def _link_threshold(similarity: Vectors) -> float:
    """What two shots must be alike by to be linked: above what shots far apart are."""
    far = [
        similarity[a, b]
        for a in range(len(similarity))
        for b in range(a + 2 * LOOK_AHEAD_SHOTS, min(len(similarity), a + 4 * LOOK_AHEAD_SHOTS + 1))
    ]
    known = np.array([value for value in far if np.isfinite(value)], np.float32)
    if len(known) < LOOK_AHEAD_SHOTS:  # a short clip has no far shots: go by all pairs
        known = similarity[np.triu_indices(len(similarity), 1)]
        known = known[np.isfinite(known)]
        if not known.size:
            return 1.0
        return float(known.mean())
    return float(min(0.95, known.mean() + LINK_DEVIATIONS * known.std()))


def _scene_starts(shots: Sequence[Shot], similarity: Vectors, threshold: float) -> list[int]:
    """Indices of the shots that begin a scene."""
    reach, starts = 0, [0]
    for a in range(len(shots)):
        if a > reach:
            starts.append(a)
            reach = a
        if not np.isfinite(similarity[a, a]):
            reach = max(reach, a)
            if a + 1 < len(shots) and a == reach:
                reach = a + 1  # nothing seen of it: it decides nothing
            continue
        for b in range(a + 1, min(len(shots), a + LOOK_AHEAD_SHOTS + 1)):
            apart_s = shots[b].start_s - shots[a].end_s
            if apart_s > LOOK_AHEAD_S:
                break
            if similarity[a, b] >= threshold + _hurdle(shots, a, b):
                reach = max(reach, b)
    return starts


def _hurdle(shots: Sequence[Shot], a: int, b: int) -> float:
    """How much more alike shots must be that lie apart in time or across a gradual transition."""
    apart_s = max(0.0, shots[b].start_s - shots[a].end_s)
    gradual = any(shot.transition_in in ("dissolve", "fade", "wipe") for shot in shots[a + 1 : b + 1])
    return 0.05 * min(1.0, apart_s / TEMPORAL_REACH_S) + (0.05 if gradual else 0.0)


def _without_short_ones(shots: Sequence[Shot], starts: list[int]) -> list[int]:
    """Scene starts, less those that would make a scene shorter than SHORTEST_SCENE_S: it joins the one before."""
    kept = [0]
    for start, end in zip(starts[1:], [*starts[2:], len(shots)], strict=True):
        if shots[end - 1].end_s - shots[start].start_s >= SHORTEST_SCENE_S:
            kept.append(start)
    return kept
