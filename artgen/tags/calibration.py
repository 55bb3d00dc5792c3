"""From cosine similarity to how much a tag stands out: deviations, comparable between tags and models.

The cosine of a picture and a sentence says little by itself: every model has its own range, and some
sentences are near to every picture. What counts is how far a cosine lies above what it usually is.
Two ways to know the usual; docs/tags.md says what each can and cannot do.
"""

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from artgen.errors import ModelError
from artgen.weights import models_folder

Vectors = NDArray[np.float32]

STYLE_SHARE = 0.5
OWN_TRUST = 20  # stills of a title after which half of their mean is taken for the usual
LEAST_SPREAD = 1e-4
NORMAL_MAD = 1.4826  # standard deviations in a median absolute deviation, for a normal distribution

_FILE_NAME = re.compile(r"[a-z0-9][a-z0-9.-]{0,60}")

NEUTRAL_SENTENCES = (
    "a film still", "a photo", "a picture", "a frame of a movie", "a scene", "a man", "a woman",
    "people", "a face", "a room", "a house", "a street", "a city", "a landscape", "trees", "the sky",
    "water", "an animal", "a car", "a table", "food", "a building", "an object", "hands", "clothes",
    "someone standing", "someone sitting", "someone talking", "someone walking", "a blurred background",
    "something dark", "something bright",
)  # fmt: skip
"""What almost any still shows: a tag must do better than these."""


@dataclass(frozen=True, slots=True)
class Background:
    """How one model's vectors of ordinary pictures are spread: mean (d,), axes (k, d), rest.

    The covariance is axes.T @ axes + rest * identity.
    """

    mean: Vectors
    axes: Vectors
    rest: float

    def usual(self, texts: Vectors) -> tuple[Vectors, Vectors]:
        """Mean and standard deviation of the cosine of each text (m, d) over ordinary pictures; (m,) each."""
        mean = texts @ self.mean
        variance = ((texts @ self.axes.T) ** 2).sum(axis=1) + self.rest * (texts**2).sum(axis=1)
        return mean, np.maximum(np.sqrt(variance), LEAST_SPREAD)


def background_path(model_id: str) -> Path | None:
    """Where the background of a model of the registry lies, there or not; None for ids that are no file name."""
    if not _FILE_NAME.fullmatch(model_id):
        return None
    return models_folder() / "backgrounds" / f"{model_id}.safetensors"


def read_background(path: Path, *, dim: int) -> Background:
    """Read a Background from a safetensors file with `mean`, `axes` and `rest`.

    Raises:
        ModelError: it is broken, or of a model with another number of dimensions.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    try:
        held = load_file(path)
    except (OSError, SafetensorError) as broken:
        raise ModelError(
            f"{path}: not a readable safetensors file ({broken}); fetch the model again."
        ) from broken
    if (
        set(held) != {"mean", "axes", "rest"}
        or held["mean"].shape != (dim,)
        or held["axes"].shape[1:] != (dim,)
    ):
        raise ModelError(
            f"{path}: not the background of a model with {dim} dimensions; fetch the model again."
        )
    arrays = {name: np.asarray(array, dtype=np.float32) for name, array in held.items()}
    return Background(arrays["mean"], arrays["axes"], float(arrays["rest"].ravel()[0]))


def deviations(
    pictures: Vectors,
    texts: Vectors,
    neutral: Vectors,
    background: Background | None,
    *,
    of_the_film: NDArray[np.bool_],
) -> NDArray[np.float32]:
    """How many deviations each picture's cosine to each text lies above the usual; (n, m).

    Args:
        pictures: (n, d) unit rows, the stills of one title.
        texts: (m, d) unit rows, the tags.
        neutral: (k, d) unit rows, of NEUTRAL_SENTENCES.
        background: of the model, when it has one.
        of_the_film: (m,) true for texts that a whole film may fit, such as "a cartoon": what they
            have over the title is not taken from them.

    With a background the usual is known for every text; of what a text stands above it over the
    whole title, STYLE_SHARE is put down to the look of the film, in proportion to trust. Without,
    it is estimated: a text is judged by how much better than the neutral sentences it fits (their
    mean is subtracted), less a share of the title's own mean by trust, n / (n + OWN_TRUST) of n
    stills; one deviation is the spread over all tags and stills, by their median so that the tags
    that do fit do not widen it.
    """
    if not pictures.size:
        return np.zeros((0, len(texts)), np.float32)
    trust = np.where(of_the_film, 0.0, len(pictures) / (len(pictures) + OWN_TRUST))
    if background is not None:
        mean, spread = background.usual(texts)
        above = (pictures @ texts.T - mean) / spread
        look = np.maximum(above.mean(axis=0), 0)
        return np.asarray(above - STYLE_SHARE * trust * look, dtype=np.float32)
    residual = pictures @ (texts - neutral.mean(axis=0)).T
    usual = trust * residual.mean(axis=0) + (1 - trust) * float(np.median(residual))
    residual = residual - usual
    one = NORMAL_MAD * float(np.median(np.abs(residual)))
    return np.asarray(residual / max(one, LEAST_SPREAD), dtype=np.float32)
