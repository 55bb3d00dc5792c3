"""Signatures of shots that never were: textured pictures that move, joined by known changes."""

from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from artgen.shots import Signatures, join_signatures

Luma = NDArray[np.uint8]


def take(seed: int, frames: int, *, speed: float = 0.5, contrast: float = 1.0) -> Luma:
    """A camera moving over a picture of its own: (frames, 27, 48)."""
    rng = np.random.default_rng(seed)
    columns = 240 if speed < 1 else 24 * int(10 + speed * frames / 24)
    coarse = rng.uniform(20, 235, (7, columns // 10)).astype(np.float32)
    wide = cv2.resize(coarse, (columns, 54), interpolation=cv2.INTER_CUBIC)
    wide = np.clip(128 + (wide - 128) * contrast, 17, 234).astype(np.uint8)
    return np.stack([cv2.getRectSubPix(wide, (48, 27), (60 + speed * n, 27)) for n in range(frames)])


def signed(luma: Luma) -> Signatures:
    """Its signatures, 1 a unit of time, without color."""
    n = len(luma)
    chroma = np.full((n, 2, 14, 24), 128, np.uint8)
    return Signatures(np.arange(n, dtype=np.int64), luma, chroma, np.ones(n, np.float32))


def mixed(old: Luma, new: Luma) -> Luma:
    """From one to the other at a constant rate."""
    share = ((np.arange(len(old)) + 1) / (len(old) + 1))[:, None, None]
    return (old * (1 - share) + new * share).round().astype(np.uint8)


def blank(level: int, frames: int) -> Luma:
    return np.full((frames, 27, 48), level, np.uint8)


def in_runs(run: Signatures, lengths: list[int]) -> list[Signatures]:
    """The same frames, divided."""
    bounds = np.cumsum([0, *lengths, len(run) - sum(lengths)])
    parts = [run.part(int(a), int(b)) for a, b in pairwise(bounds)]
    assert len(join_signatures(parts)) == len(run)
    return parts
