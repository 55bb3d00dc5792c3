"""What is installed, which models are here, which device will be used: for a person with a question."""

import platform
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from artgen import __version__
from artgen.clip import find_device
from artgen.errors import ModelError
from artgen.machine import cache_folder, core_count, is_offline
from artgen.tag.detectors import STROKES
from artgen.weights import ModelRow, describe_models, entry_of

PACKAGES = (
    "torch", "torchvision", "open_clip_torch", "onnxruntime", "av", "opencv-python-headless", "pillow", "numpy",
    "pyarrow", "dlib-bin", "face_recognition_models",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Examination:
    """What artgen found on this machine.

    `text_detector` is what finds lettering here. `problems` are sentences; empty means that all is well.
    """

    artgen: str
    python: str
    system: str
    cores: int
    device: str
    offline: bool
    cache: str
    packages: dict[str, str]
    models: list[ModelRow]
    text_detector: str
    problems: list[str]


def examine(*, folders: Sequence[Path] = ()) -> Examination:
    """Look at this machine; touches no network. `folders` are where the user keeps model files."""
    problems: list[str] = []
    packages: dict[str, str] = {}
    for name in PACKAGES:
        try:
            packages[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            problems.append(f"The package {name} is not installed; run `pip install {name}`.")
    models = list(describe_models(folders))
    problems += [model.note for model in models if model.state == "broken"]
    try:
        device = find_device("auto")
    except (ModelError, ImportError) as fault:
        device = "unknown"
        problems.append(f"PyTorch does not start ({fault}); reinstall torch.")
    return Examination(
        artgen=__version__,
        python=platform.python_version(),
        system=f"{platform.system()} {platform.machine()}",
        cores=core_count(),
        device=device,
        offline=is_offline(),
        cache=str(cache_folder()),
        packages=packages,
        models=models,
        text_detector=next(
            (model.id for model in models if model.kind == "text-detector" and model.state == "here"), STROKES
        ),
        problems=problems,
    )


def verify_models(ids: Sequence[str], *, folders: Sequence[Path] = ()) -> list[str]:
    """Check models of this machine against their known sizes and hashes; returns the ids that hold.

    Args:
        ids: which; none of them means every model that is here.
        folders: where the user keeps model files.

    Raises:
        ModelError: one is damaged, or was named and is missing.
    """
    wanted = [entry_of(name).id for name in ids]
    rows = [row for row in describe_models(folders) if row.id in wanted or not wanted]
    broken = [row.note for row in rows if row.state == "broken"]
    missing = [row.id for row in rows if row.state == "missing" and wanted]
    if broken:
        raise ModelError(" ".join(broken))
    if missing:
        raise ModelError(f"{', '.join(missing)}: not on this machine; run `artgen models fetch` with the id.")
    return [row.id for row in rows if row.state == "here"]
