"""The registry of learned weights artgen knows: what each is, under which license, and where it comes from."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import msgspec

from artgen.errors import ModelError, machine_faults

REGISTRY_FORMAT = 1

Kind = Literal[
    "clip", "face-detector", "face-vectors", "face-landmarks", "face-state", "subject-map", "text-detector"
]

# Nothing else is ever opened: safetensors, ONNX and dlib's own format hold numbers, not programs.
SAFE_SUFFIXES = (".safetensors", ".onnx", ".dat", ".json", ".gz")

_PLAIN_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_SOURCE = re.compile(r"(bundled:[\w-]+|package:[\w/]+|hub:[\w.-]+/[\w.-]+|https?://[^\s?#]+)")


@dataclass(frozen=True, slots=True)
class WeightsFile:
    """One file of a model; `bytes` and `sha256` are None where they are not known for certain."""

    name: str
    bytes: int | None = None
    sha256: str | None = None

    def __post_init__(self) -> None:
        if not _PLAIN_NAME.fullmatch(self.name) or not self.name.endswith(SAFE_SUFFIXES):
            raise ValueError(f"{self.name!r} is not a plain name of a file that artgen reads")
        if self.sha256 is not None and not re.fullmatch(r"[0-9a-f]{64}", self.sha256):
            raise ValueError(f"the sha256 of {self.name} is not 64 lower-case hexadecimal digits")


@dataclass(frozen=True, slots=True)
class WeightsEntry:
    """One model of the registry.

    `architecture` and `pretrained` are open_clip's names (None where the model brings its own
    configuration or is no CLIP). `source` is "bundled:FOLDER" (inside models/), "package:NAME/FOLDER"
    (inside an installed package), "hub:OWNER/REPOSITORY" (Hugging Face) or the address of a folder.
    The first of `files` is the one with the weights. `bytes` is the size of all files together,
    approximate where a file's own is None. `commercial` is True where the license that the weights are given
    under allows commercial use, whatever pictures they learned from. `install` is the command that brings the
    package of a "package:" source, None for others.
    """

    id: str
    kind: Kind
    architecture: str | None
    pretrained: str | None
    source: str
    files: tuple[WeightsFile, ...]
    bytes: int
    license: str
    commercial: bool
    license_note: str
    summary: str
    recommended: bool
    install: str | None = None

    def __post_init__(self) -> None:
        if not _PLAIN_NAME.fullmatch(self.id):
            raise ValueError(f"{self.id!r} is not a plain name")
        if not self.files:
            raise ValueError(f"{self.id} names no file")
        if not _SOURCE.fullmatch(self.source):
            raise ValueError(f"{self.id} has the source {self.source!r}, which artgen cannot read")

    @property
    def fetchable(self) -> bool:
        """True when the files come over the network, not with artgen or a package."""
        return not self.source.startswith(("bundled:", "package:"))


@dataclass(frozen=True, slots=True)
class _Registry:
    format: Literal[1]
    weights: tuple[WeightsEntry, ...]

    def __post_init__(self) -> None:
        ids = [entry.id for entry in self.weights]
        if len(set(ids)) < len(ids):
            raise ValueError("two entries have the same id")


def models_folder() -> Path:
    """The folder of the registry and bundled models: artgen/models in a wheel, models/ of a checkout."""
    package = Path(__file__).resolve().parent.parent
    inside = package / "models"
    return inside if inside.is_dir() else package.parent / "models"


def read_registry(path: Path | None = None) -> tuple[WeightsEntry, ...]:
    """Every model artgen knows, the preferred ones of a kind first; from models/registry.json if no path is given.

    Raises:
        ModelError: the file is missing or not a registry.
    """
    path = path or models_folder() / "registry.json"
    try:
        with machine_faults(path):
            return msgspec.json.decode(path.read_bytes(), type=_Registry).weights
    except FileNotFoundError as fault:
        raise ModelError(f"{path} is missing; install artgen again.") from fault
    except msgspec.DecodeError as fault:
        raise ModelError(f"{path} is not a registry of models ({fault}); install artgen again.") from fault


def entry_of(id: str) -> WeightsEntry:
    """The registry's entry of that id.

    Raises:
        ModelError: there is none.
    """
    entries = read_registry()
    for entry in entries:
        if entry.id == id:
            return entry
    known = ", ".join(entry.id for entry in entries)
    raise ModelError(f"{id} is not in the registry of models; it knows {known}.")
