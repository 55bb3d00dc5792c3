"""The ways of running a model's picture side: what they have in common, torch's, and several calls at once."""

import threading
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from artgen.clip.config import Preprocessing
from artgen.clip.framing import scale_and_shift
from artgen.machine import core_count

if TYPE_CHECKING:
    import torch

Precision = Literal["fp32", "bf16", "int8"]

CPU_BATCH = 8
GPU_BATCH = 128


class PictureEngine(Protocol):
    """Squares to vectors; may be called from many threads.

    `batch`: how many squares one call takes, no more and no fewer. `at_once`: how many calls side by side keep the
    device busy. On a processor a call takes one core, for the cores of one call would wait for each other: two calls
    on two cores were 1.3 times as fast as one call on both (int8), and a vector does not hang on the number of cores.
    """

    precision: Precision
    batch: int
    at_once: int

    def inputs(self, squares: NDArray[np.uint8]) -> Any:
        """(batch, size, size, 3) uint8 as what `forward` takes, on the device."""
        ...

    def forward(self, inputs: Any) -> NDArray[np.float32]:
        """The bare pass: (batch, dim) float32, not yet of unit length."""
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
        # On a GPU the next batch is made ready and copied there while one is computed.
        self.at_once = {"cpu": core_count(), "cuda": 2}.get(self._device.type, 1)
        self._dtype = torch.bfloat16 if precision == "bf16" else torch.float32
        self._tower = tower.to(device=self._device, dtype=self._dtype)
        scale, shift = scale_and_shift(preprocessing)
        self._scale = torch.from_numpy(scale).to(self._device)
        self._shift = torch.from_numpy(shift).to(self._device)
        self._of_thread = threading.local()
        if self._device.type == "cuda":
            # The streams of other threads would not wait for the weights.
            torch.cuda.synchronize(self._device)

    def inputs(self, squares: NDArray[np.uint8]) -> "torch.Tensor":
        """See PictureEngine."""
        import torch

        with torch.inference_mode(), torch.cuda.stream(self._stream()):
            planes = torch.from_numpy(squares)
            # On Apple's GPUs a copy that is not waited for may read the squares after they were freed.
            on_cuda = self._device.type == "cuda"
            if on_cuda:
                planes = planes.pin_memory()
            planes = planes.to(self._device, non_blocking=on_cuda).permute(0, 3, 1, 2)
            return planes.to(torch.float32).mul_(self._scale).add_(self._shift).to(self._dtype)

    def forward(self, inputs: "torch.Tensor") -> NDArray[np.float32]:
        """See PictureEngine."""
        import torch

        with torch.inference_mode(), torch.cuda.stream(self._stream()):
            vectors: NDArray[np.float32] = self._tower(inputs).float().cpu().numpy()
        return vectors

    def _stream(self) -> "torch.cuda.Stream | None":
        """The calling thread's own queue on a GPU, so that its result waits for no other thread's work."""
        import torch

        if self._device.type != "cuda":
            return None
        if not hasattr(self._of_thread, "stream"):
            self._of_thread.stream = torch.cuda.Stream(self._device)  # type: ignore[no-untyped-call]
        stream: torch.cuda.Stream = self._of_thread.stream
        return stream


def run_ahead(engine: PictureEngine, squares: Iterable[NDArray[np.uint8]]) -> Iterator[NDArray[np.float32]]:
    """One vector (dim,) a square, in their order, from as many calls side by side as the engine likes.

    Squares are taken one batch further than is being computed, so they may well come from a generator that decodes.
    Batches have one size, the last is filled up: kernels, and so the last bits, follow the size.
    """
    remaining = iter(squares)
    under_way: deque[tuple[Future[NDArray[np.float32]], int]] = deque()
    with callers(engine) as pool:
        while True:
            few = list(islice(remaining, engine.batch))
            if few:
                under_way.append((pool.submit(_vectors, engine, few), len(few)))
            if not under_way:
                return
            if not few or len(under_way) > engine.at_once:
                done, count = under_way.popleft()
                yield from done.result()[:count]


@contextmanager
def callers(engine: PictureEngine) -> Iterator[ThreadPoolExecutor]:
    """Threads to call an engine from, `at_once` of them; in these and in the caller's torch keeps to one core."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with ThreadPoolExecutor(engine.at_once, initializer=partial(torch.set_num_threads, 1)) as pool:
            yield pool
    finally:
        torch.set_num_threads(before)


def run_engine(engine: PictureEngine, squares: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Vectors (n, dim) of n squares; see run_ahead."""
    return np.stack(list(run_ahead(engine, squares)))


def _vectors(engine: PictureEngine, few: list[NDArray[np.uint8]]) -> NDArray[np.float32]:
    squares = np.zeros((engine.batch, *few[0].shape), np.uint8)
    squares[: len(few)] = few
    return engine.forward(engine.inputs(squares))
