"""Where weights lie on this machine, and whether they are what the registry says."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from artgen.errors import ModelError
from artgen.folder import sha256_of
from artgen.machine import cache_folder
from artgen.weights.registry import Kind, WeightsEntry, models_folder, read_registry


@dataclass(frozen=True, slots=True)
class ModelRow:
    """One line of `artgen models list`: a model of the registry, and what this machine has of it.

    `state` is "here" (found, size and hash as known), "missing", or "broken" (`note` says what is wrong;
    otherwise it is about the license). `commercial`: see WeightsEntry. `bytes` is what fetching it costs. `path` is the weights file.
    """

    id: str
    kind: Kind
    summary: str
    license: str
    commercial: bool
    bytes: int
    recommended: bool
    state: Literal["here", "missing", "broken"]
    path: str | None
    note: str


def fetched_folder() -> Path:
    """Where fetched models lie, a folder each."""
    return cache_folder() / "models"


def find_weights(entry: WeightsEntry, *, folders: Sequence[Path] = ()) -> Path | None:
    """The entry's weights file on this machine, its other files beside it; None when there is none.

    Looked for in `folders` (as FOLDER/ID/FILE, and FOLDER/FILE for other kinds than CLIP, whose files share
    one name), among fetched models, inside artgen or the package it comes with, and in the Hugging Face cache.

    Raises:
        ModelError: a file was found but is not what the registry says (size, SHA-256).
    """
    for folder in _places(entry, folders):
        if all((folder / file.name).is_file() for file in entry.files):
            verify_weights(entry, folder / entry.files[0].name)
            return folder / entry.files[0].name
    return None


def verify_weights(entry: WeightsEntry, path: Path) -> None:
    """Check the files of an entry whose weights lie at `path` against all that is known of them.

    Known are the registry's sizes and SHA-256; where it has none, the SHA-256 noted beside a file when it
    was fetched.

    Raises:
        ModelError: a file is missing or differs.
    """
    again = "install artgen again" if entry.install is None else f"install it again (`{entry.install}`)"
    for file in entry.files:
        place = path.with_name(file.name)
        remedy = f"remove it and run `artgen models fetch {entry.id}`" if entry.fetchable else again
        if not place.is_file():
            raise ModelError(f"{place} is missing; {remedy}.")
        size = place.stat().st_size
        if file.bytes is not None and size != file.bytes:
            raise ModelError(f"{place} has {size} bytes, not the {file.bytes} of {entry.id}; {remedy}.")
        known = file.sha256 or noted_sha256(place)
        if known is not None and sha256_of(place) != known:
            raise ModelError(
                f"{place} is damaged or another file (its SHA-256 is not that of {entry.id}); {remedy}."
            )


def noted_sha256(path: Path) -> str | None:
    """The SHA-256 written beside a fetched file as FILE.sha256 (the form of sha256sum), None where there is none."""
    note = path.with_name(f"{path.name}.sha256")
    if not note.is_file() or note.stat().st_size > 1000:
        return None
    words = note.read_text(encoding="utf-8", errors="replace").split()
    return words[0] if words else None


def describe_models(folders: Sequence[Path] = ()) -> tuple[ModelRow, ...]:
    """Every model of the registry and whether it is on this machine; never touches the network."""
    return tuple(_row(entry, folders) for entry in read_registry())


def _row(entry: WeightsEntry, folders: Sequence[Path]) -> ModelRow:
    state: Literal["here", "missing", "broken"] = "missing"
    path, note = None, entry.license_note
    try:
        path = find_weights(entry, folders=folders)
        state = "here" if path else "missing"
    except ModelError as fault:
        state, note = "broken", str(fault)
    return ModelRow(
        entry.id,
        entry.kind,
        entry.summary,
        entry.license,
        entry.commercial,
        entry.bytes,
        entry.recommended,
        state,
        None if path is None else str(path),
        note,
    )


def _places(entry: WeightsEntry, folders: Sequence[Path]) -> Iterator[Path]:
    for folder in folders:
        yield folder / entry.id
        if entry.kind != "clip":
            yield folder
    yield fetched_folder() / entry.id
    scheme, _, rest = entry.source.partition(":")
    match scheme:
        case "bundled":
            yield models_folder() / rest
        case "package":
            name, _, inside = rest.partition("/")
            spec = find_spec(name)
            for root in (spec.submodule_search_locations or ()) if spec else ():
                yield Path(root) / inside
        case "hub":
            from huggingface_hub import try_to_load_from_cache

            cached = try_to_load_from_cache(rest, entry.files[0].name)
            if isinstance(cached, str):
                yield Path(cached).parent
