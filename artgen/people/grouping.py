"""Which faces of a title are one person."""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from artgen.people.likeness import likeness

SAME_PERSON_LIKENESS = 0.9125
"""Likeness of two groups from which they are one person; see docs/people.md."""
JOIN_LIKENESS = 0.93
"""Likeness of a poor face to a group from which it joins it."""
MIN_QUALITY = 0.25
"""Below it a face says too little of who it is to found a group or to shape one."""
SHARED_STILLS_TOLERANCE = 0.1
"""Two groups with faces in one and the same still are two people; a mirror or a photograph may break that in so
large a part of the smaller group's faces."""


def group_faces(vectors: NDArray[np.float32], qualities: Sequence[float], stills: Sequence[str]) -> list[int]:
    """Group the faces of a title into people, whose number is found.

    The two groups most alike are joined as long as any two are alike enough (see likeness: it is the distance of
    their means, corrected for how few faces they have); two faces of one still are never one person. Faces of
    poor quality take no part; each joins the nearest group afterwards, if it is near enough.

    Args:
        vectors: (n, d), see Identifier.vectors.
        qualities: of the faces, 0..1.
        stills: id of the still each face is in.

    Returns:
        For each face the number of its group, 0, 1 ... in order of first appearance; -1: nobody's, too poor to say.

    Raises:
        ValueError: the three differ in length.

    Source: Sokal and Michener, "A Statistical Method for Evaluating Systematic Relationships", 1958 (linkage of
    means; the correction is ours).
    """
    if vectors.ndim != 2 or not len(vectors) == len(qualities) == len(stills):
        raise ValueError(
            f"one vector, quality and still a face, got {vectors.shape}, {len(qualities)}, {len(stills)}"
        )
    good = np.flatnonzero(np.asarray(qualities, dtype=np.float64) >= MIN_QUALITY)
    labels = np.full(len(vectors), -1)
    linkage = _Linkage(vectors[good].astype(np.float64), [stills[int(face)] for face in good])
    labels[good] = linkage.labels()
    _join_poor(labels, vectors.astype(np.float64), stills)
    return _renumbered(labels)


class _Linkage:
    """Linkage by nearest neighbors: no matrix of all pairs is kept, so memory is linear in the faces."""

    def __init__(self, vectors: NDArray[np.float64], stills: Sequence[str]) -> None:
        count = len(vectors)
        self._means = vectors.copy()
        self._sizes = np.ones(count)
        self._alive = np.ones(count, dtype=bool)
        self._label = np.arange(count)
        self._members = [[face] for face in range(count)]
        together: dict[str, list[int]] = defaultdict(list)
        for face, still in enumerate(stills):
            together[still].append(face)
        self._neighbors = [
            [other for other in together[still] if other != face] for face, still in enumerate(stills)
        ]
        self._nearest = np.zeros(count, dtype=int)
        self._likeness = np.full(count, -np.inf)

    def labels(self) -> NDArray[np.int_]:
        """Merge until no two groups are alike enough; the group of each face."""
        for group in range(len(self._means)):
            self._look_around(group)
        while len(self._means) and self._likeness.max() >= SAME_PERSON_LIKENESS:
            first = int(np.argmax(self._likeness))
            self._merge(first, int(self._nearest[first]))
        return self._label

    def _likenesses(self, group: int) -> NDArray[np.float64]:
        """Likeness of `group` to every group; -inf to itself, to merged ones and to those it may not join."""
        found = likeness(self._means[group], self._sizes[group], self._means, self._sizes)
        found[~self._alive] = -np.inf
        found[group] = -np.inf
        others = [other for face in self._members[group] for other in self._neighbors[face]]
        if others:
            shared = np.bincount(self._label[others], minlength=len(found))
            found[shared > SHARED_STILLS_TOLERANCE * np.minimum(self._sizes, self._sizes[group])] = -np.inf
        return found

    def _look_around(self, group: int) -> None:
        found = self._likenesses(group)
        self._nearest[group] = int(np.argmax(found))
        self._likeness[group] = found[self._nearest[group]]

    def _merge(self, kept: int, gone: int) -> None:
        sizes = self._sizes[[kept, gone]]
        self._means[kept] = sizes @ self._means[[kept, gone]] / sizes.sum()
        self._sizes[kept] = sizes.sum()
        self._alive[gone] = False
        self._likeness[gone] = -np.inf
        self._members[kept] += self._members[gone]
        self._label[self._members[gone]] = kept
        stale = np.flatnonzero(self._alive & np.isin(self._nearest, (kept, gone)))
        for group in stale:
            self._look_around(int(group))
        # The merged group may have come nearer to some than their own nearest was.
        found = self._likenesses(kept)
        nearer = found > self._likeness
        nearer[kept] = False
        self._nearest[nearer] = kept
        self._likeness[nearer] = found[nearer]


def _join_poor(labels: NDArray[np.int_], vectors: NDArray[np.float64], stills: Sequence[str]) -> None:
    groups = np.unique(labels[labels >= 0])
    if not len(groups):
        return
    means = np.stack([vectors[labels == group].mean(axis=0) for group in groups])
    sizes = np.array([np.count_nonzero(labels == group) for group in groups])
    taken = {(still, int(label)) for still, label in zip(stills, labels, strict=True) if label >= 0}
    for face in np.flatnonzero(labels < 0).tolist():
        found = likeness(vectors[face], 1, means, sizes)
        nearest = int(np.argmax(found))
        place = (stills[face], int(groups[nearest]))
        if found[nearest] >= JOIN_LIKENESS and place not in taken:
            labels[face] = groups[nearest]
            taken.add(place)


def _renumbered(labels: NDArray[np.int_]) -> list[int]:
    numbers: dict[int, int] = {-1: -1}
    for label in labels:
        numbers.setdefault(int(label), len(numbers) - 1)
    return [numbers[int(label)] for label in labels]
