"""The ways of running a model's picture side, and torch's: float32 or bfloat16, on any device."""

from typing import TYPE_CHECKING, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from artgen.clip.config import Preprocessing

if TYPE_CHECKING:
    import torch

Precision = Literal["fp32", "bf16", "int8"]

CPU_BATCH = 8
GPU_BATCH = 128


class PictureEngine(Protocol):
    """Squares to vectors. `batch`: how many squares one call takes, no more and no fewer."""

    precision: Precision
    batch: int

    def __call__(self, squares: NDArray[np.uint8]) -> NDArray[np.float32]:
        """(batch, size, size, 3) uint8 to (batch, dim) float32, not yet of unit length."""
        ...


class TorchEngine:
    """Runs the picture tower in torch, on any device; weights in `precision`."""

    def __init__(
        self, tower: "torch.nn.Module", preprocessing: Preprocessing, *, precision: Precision, device: str
    ) -> None:
        """Take over `tower`, which is moved and converted in place."""
        import torch

        self.precision = precision
        self.batch = CPU_BATCH if device == "cpu" else GPU_BATCH
        self._device = torch.device(device)
        self._dtype = torch.bfloat16 if precision == "bf16" else torch.float32
        self._tower = tower.to(device=self._device, dtype=self._dtype)
        shape = (1, 3, 1, 1)
        self._mean = torch.tensor(preprocessing.mean, device=self._device).reshape(shape)
        self._std = torch.tensor(preprocessing.std, device=self._device).reshape(shape)

    def __call__(self, squares: NDArray[np.uint8]) -> NDArray[np.float32]:
        """See PictureEngine."""
        import torch

        with torch.inference_mode():
            planes = torch.from_numpy(squares)
            if self._device.type == "cuda":
                planes = planes.pin_memory()
            planes = planes.to(self._device, non_blocking=True).permute(0, 3, 1, 2)
            inputs = (planes.to(torch.float32) / 255 - self._mean) / self._std
            vectors: NDArray[np.float32] = self._tower(inputs.to(self._dtype)).float().cpu().numpy()
        return vectors


def run_engine(engine: PictureEngine, squares: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Vectors (n, dim) of n squares, in calls of the engine's batch, the last filled up."""
    rows = []
    for start in range(0, len(squares), engine.batch):
        few = squares[start : start + engine.batch]
        filled = np.concatenate([few, np.zeros((engine.batch - len(few), *few.shape[1:]), np.uint8)])
        rows.append(engine(filled)[: len(few)])
    return np.concatenate(rows)
