"""Which detectors this machine has, of faces and of lettering, and which were used."""

from collections.abc import Sequence
from pathlib import Path

from artgen import __version__
from artgen.errors import ModelError
from artgen.records import DetectorName, ModelUsed
from artgen.weights import entry_of, find_weights

TEXT_NETWORK, STROKES = "pp-ocrv6-text", "artgen-strokes"


def find_yunet(wanted: DetectorName, *, folders: Sequence[Path] = ()) -> Path | None:
    """The YuNet detector's weights; None means dlib's detector.

    Raises:
        ModelError: YuNet was asked for and is not on this machine, or its file is broken.
    """
    if wanted == "dlib":
        return None
    found = find_weights(entry_of("yunet"), folders=folders)
    if found is None and wanted == "yunet":
        raise ModelError(
            "The YuNet face detector is not on this machine; run `artgen models fetch yunet`, or use --faces dlib."
        )
    return found


def face_models_used(yunet: Path | None) -> tuple[ModelUsed, ...]:
    """The face models as frames folders and catalogs name them."""
    detector = "yunet" if yunet is not None else "dlib-hog"
    used = [_used("face detector", detector, "yunet" if yunet is not None else None)]
    used.append(_used("face vectors", "dlib-face-vectors", "dlib-face-vectors"))
    used.append(_used("face state", "artgen-faces", "artgen-faces"))
    return tuple(used)


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


def _used(role: str, name: str, registered: str | None) -> ModelUsed:
    if registered is None:
        return ModelUsed(role, name, "dlib", None, "BSL-1.0", "fp32", "cpu")
    entry = entry_of(registered)
    return ModelUsed(role, name, entry.files[0].name, entry.files[0].sha256, entry.license, "fp32", "cpu")
