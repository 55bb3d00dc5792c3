"""Where dlib's learned weights lie: in the package face_recognition_models, which is looked at but never imported."""

from importlib.util import find_spec
from pathlib import Path

from artgen.errors import ModelError

PACKAGE = "face_recognition_models"
VECTORS_FILE = "dlib_face_recognition_resnet_model_v1.dat"
FIVE_POINTS_FILE = "shape_predictor_5_face_landmarks.dat"
"""In the package since 0.3.0; dlib's 68 points are not used: they were learned from pictures for research only."""


def dlib_file(name: str) -> Path | None:
    """The weights file `name`, or None where the package is not installed or does not have it.

    Importing the package would fail on today's setuptools, so it is only located.
    """
    spec = find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        return None
    path = Path(spec.submodule_search_locations[0]) / "models" / name
    return path if path.is_file() else None


def need_dlib_file(name: str) -> Path:
    """The weights file `name`.

    Raises:
        ModelError: it is not installed.
    """
    path = dlib_file(name)
    if path is None:
        raise ModelError(
            f"{name} is not installed; install the package {PACKAGE}, which has it: pip install {PACKAGE}"
        )
    return path
