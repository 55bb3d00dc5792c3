"""How far the camera seems from what it shows, by the picture-text model: for stills in which no face tells it."""

import numpy as np
from numpy.typing import NDArray

from artgen.tags.tagging import TextEncoder, Vectors, background_of, mean_vectors

SENTENCES = (
    ("head and shoulders of a person",),
    ("a person from the waist up",),
    ("a wide landscape with tiny people", "a wide landscape"),
)
WEIGHTS = (-0.7, -0.7, 0.55)  # places a deviation
USUAL = 5.9  # the place of a still that is like none of them: what is near is mostly a face, and seen as one


def camera_distances(
    vectors: Vectors, encode_texts: TextEncoder, *, model_id: str
) -> NDArray[np.float64] | None:
    """Estimate shot scales as places in composition.SHOT_SCALES: 0 is nearest, 6 farthest, fractions lie between.

    Fitted by least squares to the stills without a face of one half of benchmarks/labels/tags.csv, then spread as
    wide as the labels are.

    Args:
        vectors: (n, d) unit rows.
        encode_texts: of the same model, sentences to (m, d) unit rows.
        model_id: whose background tells what is usual.

    Returns:
        (n,), or None for a model without a background, whose cosines tell nothing by themselves.

    Raises:
        ModelError: the model's background file is broken.
    """
    background = background_of(model_id, dim=vectors.shape[1])
    if background is None:
        return None
    texts = mean_vectors(SENTENCES, encode_texts)
    mean, spread = background.usual(texts)
    above = (vectors @ texts.T - mean) / spread
    return np.asarray(USUAL + above @ np.array(WEIGHTS), np.float64)
