"""Which detector of lettering this machine has, and which networks were used besides the CLIP model."""

from collections.abc import Collection, Sequence
from pathlib import Path

from artgen import __version__
from artgen.composition import NetworkDetector, StrokeDetector
from artgen.people import DetectorSource
from artgen.records import DetectorName, ModelUsed
from artgen.weights import entry_of, find_weights

TEXT_NETWORK, STROKES = NetworkDetector.name, StrokeDetector.name
STATES, SUBJECTS, OWN_DETECTOR = "artgen-faces", "artgen-subjects", "artgen-detector"
LACKS = {
    STATES: "closed eyes, open mouths and expressions are not seen",
    SUBJECTS: "contrast alone leads crops where no face does",
    OWN_DETECTOR: "dlib's detector stands in and finds far fewer faces (`artgen models fetch yunet` brings a better one)",
}
"""The networks that tag can do without, and what that costs."""


def networks_to_skip(detector: DetectorSource, wanted: DetectorName, *, commercial: bool) -> dict[str, str]:
    """What tag does without for commercial use: by id, what that costs; empty unless `commercial`.

    Args:
        detector: the one that finds the faces.
        wanted: the one that the user asked for.
        commercial: leave out what the registry says is not for commercial use.
    """
    stood_in = (detector.name, wanted) == ("dlib", "auto")
    return {
        name: cost
        for name, cost in LACKS.items()
        if commercial and not entry_of(name).commercial and (name != OWN_DETECTOR or stood_in)
    }


def networks_used(
    detector: DetectorSource, text_network: Path | None, *, skipped: Collection[str]
) -> tuple[ModelUsed, ...]:
    """All networks but the CLIP model, without those skipped, as frames folders and catalogs name them."""
    name, registered = {
        "yunet": ("yunet", "yunet"),
        "artgen": (OWN_DETECTOR, OWN_DETECTOR),
        "dlib": ("dlib-hog", None),
    }[detector.name]
    used = (
        _used("face detector", name, registered),
        _used("face vectors", "dlib-face-vectors", "dlib-face-vectors"),
        _used("face state", STATES, STATES),
        _used("subject map", SUBJECTS, SUBJECTS),
        _text_model_used(text_network),
    )
    return tuple(model for model in used if model.id not in skipped)


def find_text_network(*, folders: Sequence[Path] = ()) -> Path | None:
    """The text detector's weights; None means artgen's own detector.

    Raises:
        ModelError: the file is broken.
    """
    return find_weights(entry_of(TEXT_NETWORK), folders=folders)


def _text_model_used(network: Path | None) -> ModelUsed:
    if network is None:
        return ModelUsed("text detector", STROKES, __version__, None, "Apache-2.0", "fp32", "cpu")
    return _used("text detector", TEXT_NETWORK, TEXT_NETWORK)


def _used(role: str, name: str, registered: str | None) -> ModelUsed:
    if registered is None:
        return ModelUsed(role, name, "dlib", None, "BSL-1.0", "fp32", "cpu")
    entry = entry_of(registered)
    return ModelUsed(role, name, entry.files[0].name, entry.files[0].sha256, entry.license, "fp32", "cpu")
