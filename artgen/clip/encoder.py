"""A loaded CLIP model: pictures and texts to unit vectors in one space."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from artgen.clip.config import Preprocessing
from artgen.clip.engines import PictureEngine, run_ahead
from artgen.clip.framing import frame
from artgen.clip.precision import Choice
from artgen.errors import ModelError
from artgen.records import ModelUsed

if TYPE_CHECKING:
    import torch

_TEXT_BATCH = 64


class Encoder:
    """Pictures and texts to unit vectors of one CLIP model. Not for use by several threads at once.

    `dim` is the length of a vector; `used` says which model, precision and device made it, `choice` what was
    measured to choose the precision (None when it was given).
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
        self.used = used
        self.choice = choice
        self.model_id = used.id
        self.precision = used.precision
        self.device = used.device

    @property
    def sees(self) -> str:
        """What `square` makes of a picture, in a word: models for which it is the same can share squares."""
        return f"{self._preprocessing.size}-{self._preprocessing.interpolation}"

    def square(self, picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """What the model sees of a picture (height, width, 3): all of it, as (size, size, 3); from any thread.

        Raises:
            ValueError: the picture is no such array.
        """
        return frame(picture, self._preprocessing)

    def of_squares(self, squares: Iterable[NDArray[np.uint8]]) -> Iterator[NDArray[np.float32]]:
        """One vector (dim,) of unit length for each of `square`'s squares, in their order.

        Squares are taken a few batches ahead of the model and no further. A row does not depend on those around it.
        """
        for row in run_ahead(self._engine, squares):
            yield self._unit(row[None])[0]

    def pictures(self, pictures: Iterable[NDArray[np.uint8]]) -> NDArray[np.float32]:
        """Vectors (n, dim), rows of unit length, of n pictures (height, width, 3) uint8 sRGB of any shape.

        `pictures` may well be a generator that decodes: it works beside the model; see of_squares.

        Raises:
            ValueError: a picture is no such array.
        """
        rows = list(self.of_squares(map(self.square, pictures)))
        return np.stack(rows) if rows else np.zeros((0, self.dim), np.float32)

    def texts(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Vectors (n, dim), rows of unit length, of n texts; a text longer than the model takes is cut at its end."""
        import torch

        rows = []
        for start in range(0, len(texts), _TEXT_BATCH):
            few = list(texts[start : start + _TEXT_BATCH])
            with torch.inference_mode():
                tokens = self._tokenize(few + [""] * (_TEXT_BATCH - len(few)))
                rows.append(self._encode_tokens(tokens).float().cpu().numpy()[: len(few)])
        return self._unit(np.concatenate(rows)) if rows else np.zeros((0, self.dim), np.float32)

    def _unit(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        if vectors.shape[1] != self.dim:
            raise ModelError(
                f"{self.model_id} gives {vectors.shape[1]} numbers, its configuration says {self.dim}."
            )
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        if not np.isfinite(lengths).all() or not lengths.all():
            raise ModelError(f"{self.model_id} gives vectors without a direction; its weights are not sound.")
        unit: NDArray[np.float32] = (vectors / lengths).astype(np.float32)
        return unit
