"""Which detector of lettering this machine has, and which networks were used besides the CLIP model."""

from collections.abc import Sequence
from pathlib import Path

from artgen import __version__
from artgen.composition import NetworkDetector, StrokeDetector
from artgen.people import DetectorSource
from artgen.records import ModelUsed
from artgen.weights import entry_of, find_weights

TEXT_NETWORK, STROKES = NetworkDetector.name, StrokeDetector.name


def face_models_used(detector: DetectorSource) -> tuple[ModelUsed, ...]:
    """The face models as frames folders and catalogs name them."""
    name, registered = {
        "yunet": ("yunet", "yunet"),
        "artgen": ("artgen-detector", "artgen-detector"),
        "dlib": ("dlib-hog", None),
    }[detector.name]
    return (
        _used("face detector", name, registered),
        _used("face vectors", "dlib-face-vectors", "dlib-face-vectors"),
        _used("face state", "artgen-faces", "artgen-faces"),
    )


def find_text_network(*, folders: Sequence[Path] = ()) -> Path | None:
    """The text detector's weights; None means artgen's own detector.

    Raises:
        ModelError: the file is broken.
    """
    return find_weights(entry_of(TEXT_NETWORK), folders=folders)


def text_model_used(network: Path | None) -> ModelUsed:
    """The detector of lettering as frames folders and catalogs name it."""
    if network is None:
        return ModelUsed("text detector", STROKES, __version__, None, "Apache-2.0", "fp32", "cpu")
    return _used("text detector", TEXT_NETWORK, TEXT_NETWORK)


def subject_model_used() -> ModelUsed:
    """The map of subjects, which leads crops where no face does, as frames folders and catalogs name it."""
    return _used("subject map", "artgen-subjects", "artgen-subjects")


def _used(role: str, name: str, registered: str | None) -> ModelUsed:
    if registered is None:
        return ModelUsed(role, name, "dlib", None, "BSL-1.0", "fp32", "cpu")
    entry = entry_of(registered)
    return ModelUsed(role, name, entry.files[0].name, entry.files[0].sha256, entry.license, "fp32", "cpu")
