"""How alike two candidates are, and when they show one moment."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from artgen.artwork.candidates import Candidate
from artgen.composition import color_shares

Values = NDArray[np.float32]  # (n,)

MOMENT_S = 1.0  # stills nearer than this show one moment
SHOT_MOMENT_S = 8.0  # within a shot little changes
NEAR_DUPLICATE = 0.85  # of the way from the title's usual similarity to the same picture
SAMPLED = 400  # stills that tell the usual similarity
WEIGHTS = {"picture": 0.40, "people": 0.15, "color": 0.10, "scale": 0.10, "scene": 0.10, "time": 0.15}


@dataclass(frozen=True, slots=True, eq=False)
class Likeness:
    """Candidates as arrays, so that one is compared with all at once.

    `usual` is the median cosine similarity of two stills of the title: what counts as alike depends
    on the model and on the film, so pictures are compared between that (0) and identity (1).
    """

    vectors: NDArray[np.float32]
    usual: float
    people: NDArray[np.bool_]
    scales: NDArray[np.int64]
    scenes: NDArray[np.int64]
    shots: NDArray[np.int64]
    colors: NDArray[np.float32]
    times_s: NDArray[np.float64]

    def to(self, index: int) -> Values:
        """Likeness of every candidate to one, 0..1, over picture, people, colors, shot scale, scene and time."""
        apart_s = np.abs(self.times_s - self.times_s[index])
        span_s = max(60.0, float(np.ptp(self.times_s)) / 10)
        shared = (self.people & self.people[index]).sum(axis=1)
        either = (self.people | self.people[index]).sum(axis=1)
        parts = {
            "picture": self.pictures(index),
            "people": np.where(either > 0, shared / np.maximum(either, 1), 0.5),
            "color": np.minimum(self.colors, self.colors[index]).sum(axis=1),
            "scale": (self.scales == self.scales[index]).astype(np.float64),
            "scene": (self.scenes == self.scenes[index]) & (self.scenes[index] >= 0),
            "time": np.exp(-apart_s / span_s),
        }
        total = np.zeros(len(self.times_s))
        for name, weight in WEIGHTS.items():
            total += weight * parts[name]
        return total.astype(np.float32)

    def moment(self, index: int) -> NDArray[np.bool_]:
        """Candidates that show the same moment as one, or the same picture again."""
        apart_s = np.abs(self.times_s - self.times_s[index])
        same_shot = self.shots == self.shots[index]
        near = self.instant(index) | (same_shot & (apart_s < SHOT_MOMENT_S))
        return np.asarray(near | (self.pictures(index) > NEAR_DUPLICATE), dtype=bool)

    def instant(self, index: int) -> NDArray[np.bool_]:
        """Candidates so near one in time that a viewer would take them for the same frame."""
        return np.asarray(np.abs(self.times_s - self.times_s[index]) < MOMENT_S, dtype=bool)

    def pictures(self, index: int) -> Values:
        """Likeness of every candidate to one as pictures alone: 0 as two stills of the title usually are, 1 the same."""
        cosine = self.vectors @ self.vectors[index]
        return np.asarray(np.clip((cosine - self.usual) / max(1 - self.usual, 1e-3), 0, 1), dtype=np.float32)


def compare_candidates(candidates: Sequence[Candidate]) -> Likeness:
    """Prepare to compare candidates; those without a CLIP vector are alike in other things only."""
    vectors = np.zeros((0, 0), dtype=np.float32)
    if candidates:
        vectors = np.stack([candidate.vector for candidate in candidates]).astype(np.float32)
    people = sorted({person for candidate in candidates for person in candidate.people()})
    scales = [candidate.composition.shot_scale if candidate.composition else "" for candidate in candidates]
    known = {scale: number for number, scale in enumerate(sorted(set(scales)))}
    return Likeness(
        vectors=vectors,
        usual=_usual_cosine(vectors),
        people=np.array([[p in c.people() for p in people] for c in candidates], dtype=bool).reshape(
            len(candidates), len(people)
        ),
        scales=np.array([known[scale] for scale in scales], dtype=np.int64),
        scenes=np.array([-1 if c.scene is None else c.scene for c in candidates], dtype=np.int64),
        shots=np.array([c.still.shot for c in candidates], dtype=np.int64),
        colors=np.array(
            [color_shares(c.composition.colors if c.composition else ()) for c in candidates],
            dtype=np.float32,
        ).reshape(len(candidates), -1),
        times_s=np.array([c.still.time_s for c in candidates], dtype=np.float64),
    )


def _usual_cosine(vectors: NDArray[np.float32]) -> float:
    step = max(1, len(vectors) // SAMPLED)
    sample = vectors[::step].astype(np.float64)
    upper = np.triu_indices(len(sample), k=1)
    cosines = (sample @ sample.T)[upper]
    return float(np.clip(np.median(cosines), 0.0, 0.95)) if cosines.size else 0.0
