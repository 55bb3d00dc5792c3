"""The variant vector: which block lies where, what its values mean, and vectors that keep to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from artgen.records import FeatureBlock


@dataclass(frozen=True, slots=True)
class BlockSpec:
    """A block before it has its place: `labels` name its values, or `length` counts them."""

    name: str
    meaning: str
    low: float
    high: float
    labels: tuple[str, ...] = ()
    length: int | None = None


def feature_blocks(specs: Sequence[BlockSpec]) -> tuple[FeatureBlock, ...]:
    """Lay blocks one after another; a block without values is left out."""
    blocks: list[FeatureBlock] = []
    offset = 0
    for spec in specs:
        length = len(spec.labels) if spec.length is None else spec.length
        if length:
            blocks.append(
                FeatureBlock(spec.name, offset, length, spec.meaning, spec.low, spec.high, spec.labels)
            )
            offset += length
    return tuple(blocks)


def feature_vector(
    blocks: Sequence[FeatureBlock], values: Mapping[str, Sequence[float]]
) -> tuple[float, ...]:
    """One vector from the values of each block, held to its range and to what a float16 holds.

    The JSON and the Parquet file then carry exactly the same numbers.

    Raises:
        ValueError: a block's values are missing, too few or too many, or not finite.
    """
    parts: list[NDArray[np.float16]] = []
    for block in blocks:
        part = np.asarray(values.get(block.name, ()), dtype=np.float64)
        if part.shape != (block.length,) or not np.isfinite(part).all():
            raise ValueError(f"block {block.name} needs {block.length} finite values, got {part.shape}")
        parts.append(np.clip(part, block.low, block.high).astype(np.float16))
    whole = np.concatenate(parts) + np.float16(0.0) if parts else np.zeros(0, np.float16)  # -0.0 becomes 0.0
    return tuple(float(value) for value in whole)


def vector_length(blocks: Sequence[FeatureBlock]) -> int:
    """How many values a vector of these blocks has."""
    return sum(block.length for block in blocks)
