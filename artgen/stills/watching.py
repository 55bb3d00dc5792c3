"""Naming instants worth a picture while a film is read, so that it need be decoded only once."""

from fractions import Fraction
from typing import Generic, TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from artgen.shots import Signatures
from artgen.stills.instants import BAR_COLUMNS, BAR_ROWS, INSET_S, TWINS, most_worth, worth_of

F = TypeVar("F")

JUMP_LEVELS = 24.0  # mean luma change a frame that is taken for a cut here; find_shots decides in the end
FIRST_SPACING_S, GROWTH, MAX_SPACING_S = 1.0, 1.5, 10.0  # a take that goes on gives fewer instants a second
CLEARLY = 1.15  # a twin is looked at only if it is so much worthier than the one it repeats


class Watch(Generic[F]):
    """Sees every frame of a segment once and names the best of each stretch of a second or more.

    Frames just before and after a jump are not named, nor those that show again what was named
    since the last jump. Holds two frames at most. Its answers hang on the frames alone, not on time
    or thread.
    """

    def __init__(self, *, time_base: Fraction) -> None:
        """Begin a segment; `time_base` is seconds of one unit of pts."""
        self._unit_s = float(time_base)
        self._previous: tuple[Signatures, F, float] | None = None
        self._begin_take(0)

    def see(self, signature: Signatures, frame: F) -> list[tuple[F, float]]:
        """Take the next frame, with its signature alone; returns frames to be judged now, with their motion (0..1)."""
        pts = int(signature.pts[0])
        if self._previous is None:
            self._begin_take(pts)
            self._previous = (signature, frame, 0.0)
            return []
        step = _step(self._previous[0], signature)
        jumped = step > JUMP_LEVELS
        self._consider(step)
        named: list[tuple[F, float]] = []
        if jumped or (pts - self._block_pts) * self._unit_s >= self._spacing_s:
            named = self._end_block(pts)
        if jumped:
            self._begin_take(pts)
        self._previous = (signature, frame, step)
        return named

    def end(self) -> list[tuple[F, float]]:
        """The last frames to be judged, when the segment is over."""
        if self._previous is None:
            return []
        self._consider(self._previous[2])
        return self._end_block(0)

    def _begin_take(self, pts: int) -> None:
        self._named: list[tuple[NDArray[np.float32], float]] = []
        self._spacing_s = FIRST_SPACING_S
        self._take_pts = self._block_pts = pts
        self._best: tuple[float, Signatures, F, float] | None = None

    def _consider(self, step_after: float) -> None:
        assert self._previous is not None
        signature, frame, step_before = self._previous
        if (int(signature.pts[0]) - self._take_pts) * self._unit_s < INSET_S:
            return
        motion = (step_before + step_after) / 2
        # Nothing can be worthier than its sharpness and motion allow; most frames need no closer look.
        if self._best is not None and most_worth(signature, motion) <= self._best[0]:
            return
        worth = float(worth_of(signature, np.array([motion]))[0])
        if worth > 0 and (self._best is None or worth > self._best[0]):
            self._best = (worth, signature, frame, motion)

    def _end_block(self, pts: int) -> list[tuple[F, float]]:
        best, self._best, self._block_pts = self._best, None, pts
        if best is None:
            return []
        worth, signature, frame, motion = best
        look = _look(signature)
        twins = [seen for other, seen in self._named if float(other @ look) >= TWINS]
        if twins and worth < CLEARLY * max(twins):
            return []
        self._named.append((look, worth))
        self._spacing_s = min(self._spacing_s * GROWTH, MAX_SPACING_S)
        return [(frame, motion / 255)]


def _step(before: Signatures, after: Signatures) -> float:
    return float(cv2.norm(after.luma[0], before.luma[0], cv2.NORM_L1) / after.luma[0].size)


def _look(signature: Signatures) -> NDArray[np.float32]:
    inner = signature.luma[0, BAR_ROWS:-BAR_ROWS, BAR_COLUMNS:-BAR_COLUMNS].ravel().astype(np.float32)
    inner -= inner.mean()
    return inner / max(float(np.linalg.norm(inner)), 1e-6)
