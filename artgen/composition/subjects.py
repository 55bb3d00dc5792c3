"""Where in a picture there is somebody or something rather than what lies around it.

A small network of our own, made out of the compact model (models/subjects/README.md), looks at each place. It knows
people from behind, animals and drawn characters, whose faces no detector finds.

Source: Zhou, Loy, Dai, "Extract free dense labels from CLIP" (2022).
"""

from functools import cache
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from artgen.weights import entry_of, models_folder, open_network, verify_weights

CELL = 32  # pixels of the reduced picture that become one place of the map
LOOKS = (66, 140)  # places, about: at a glance for what is large, closer for what is small


class SubjectFinder:
    """The network, by ONNX Runtime on one core; it may be used from many threads."""

    def __init__(self, weights: Path) -> None:
        """Load it.

        Raises:
            ModelError: the file is missing, damaged or another model's.
        """
        self._session = open_network(weights, named=weights, inputs=("picture",))

    def map(self, picture: NDArray[np.uint8]) -> NDArray[np.float32]:
        """How likely each place is a subject.

        Args:
            picture: sRGB, (height, width, 3) uint8.

        Returns:
            (rows, columns) float32 in 0..1, about as many places as the closest of LOOKS has, in the
            picture's shape: the mean over the looks.
        """
        seen = [self._look(picture, places) for places in LOOKS]
        rows, columns = seen[-1].shape
        alike = [cv2.resize(look, (columns, rows), interpolation=cv2.INTER_LINEAR) for look in seen]
        return np.asarray(np.mean(alike, axis=0), np.float32)

    def _look(self, picture: NDArray[np.uint8], places: int) -> NDArray[np.float32]:
        height, width = picture.shape[:2]
        cell = (height * width / places) ** 0.5
        rows, columns = (max(1, round(side / cell)) for side in (height, width))
        reduced = cv2.resize(picture, (columns * CELL, rows * CELL), interpolation=cv2.INTER_AREA)
        found: NDArray[np.float32] = self._session.run(["subject"], {"picture": reduced})[0]
        return found


@cache
def load_subject_finder() -> SubjectFinder:
    """The network that comes with artgen, loaded once.

    Raises:
        ModelError: its file is missing or damaged.
    """
    entry = entry_of("artgen-subjects")
    path = models_folder() / "subjects" / entry.files[0].name
    verify_weights(entry, path)
    return SubjectFinder(path)
