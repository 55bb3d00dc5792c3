"""A loaded CLIP model: pictures and texts to unit vectors in one space."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from artgen.clip.config import Preprocessing
from artgen.clip.engines import PictureEngine
from artgen.clip.framing import frame
from artgen.clip.precision import Choice
from artgen.errors import ModelError
from artgen.records import ModelUsed

if TYPE_CHECKING:
    import torch

_TEXT_BATCH = 64


class Encoder:
    """Pictures and texts to unit vectors of one CLIP model. Not for use by several threads at once.

    `dim` is the length of a vector, `side` that of the square a picture becomes; `used` says which model,
    precision and device made it, `choice` what was measured to choose the precision (None when it was given).
    """

    def __init__(
        self,
        engine: PictureEngine,
        encode_tokens: "Callable[[torch.Tensor], torch.Tensor]",
        tokenize: "Callable[[Sequence[str]], torch.Tensor]",
        *,
        preprocessing: Preprocessing,
        dim: int,
        used: ModelUsed,
        choice: Choice | None,
    ) -> None:
        """Use load_encoder; this only puts the pieces together."""
        self._engine = engine
        self._encode_tokens = encode_tokens
        self._tokenize = tokenize
        self._preprocessing = preprocessing
        self.dim = dim
        self.side = preprocessing.size
        self.used = used
        self.choice = choice
        self.model_id = used.id
        self.precision = used.precision
        self.device = used.device

    def pictures(self, pictures: Iterable[NDArray[np.uint8]]) -> NDArray[np.float32]:
        """Vectors (n, dim), rows of unit length, of n pictures (height, width, 3) uint8 sRGB of any shape.

        The whole of each picture counts. Taking the next pictures and resizing them goes on beside the model,
        two batches ahead and no further, so `pictures` may well be a generator that decodes. A row does not
        depend on the pictures around it.

        Raises:
            ValueError: a picture is no such array.
        """
        rows = [np.zeros((0, self.dim), np.float32)]
        with ThreadPoolExecutor(max_workers=1) as beside:
            source = self._batches(pictures)
            ahead = [beside.submit(next, source, None) for _ in range(2)]
            while (batch := ahead.pop(0).result()) is not None:
                ahead.append(beside.submit(next, source, None))
                squares, count = batch
                rows.append(self._engine(squares)[:count])
        return self._unit(rows)

    def texts(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Vectors (n, dim), rows of unit length, of n texts; a text longer than the model takes is cut at its end."""
        import torch

        rows = [np.zeros((0, self.dim), np.float32)]
        for start in range(0, len(texts), _TEXT_BATCH):
            few = list(texts[start : start + _TEXT_BATCH])
            with torch.inference_mode():
                tokens = self._tokenize(few + [""] * (_TEXT_BATCH - len(few)))
                rows.append(self._encode_tokens(tokens).float().cpu().numpy()[: len(few)])
        return self._unit(rows)

    def _unit(self, rows: list[NDArray[np.float32]]) -> NDArray[np.float32]:
        if any(row.shape[1] != self.dim for row in rows):
            raise ModelError(
                f"{self.model_id} gives {rows[-1].shape[1]} numbers, its configuration says {self.dim}."
            )
        vectors = np.concatenate(rows)
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        if not np.isfinite(lengths).all() or not lengths.all():
            raise ModelError(f"{self.model_id} gives vectors without a direction; its weights are not sound.")
        unit: NDArray[np.float32] = (vectors / lengths).astype(np.float32)
        return unit

    def _batches(self, pictures: Iterable[NDArray[np.uint8]]) -> Iterator[tuple[NDArray[np.uint8], int]]:
        """Squares in batches of one size, the last filled up: kernels, and so the last bits, follow the size."""
        size, batch = self._preprocessing.size, self._engine.batch
        remaining = iter(pictures)
        while few := list(islice(remaining, batch)):
            squares = np.zeros((batch, size, size, 3), np.uint8)
            for index, picture in enumerate(few):
                squares[index] = frame(picture, self._preprocessing)
            yield squares, len(few)
