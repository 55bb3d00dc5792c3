"""The frames folder: where each file lies, how it is written whole, and the journal of work in progress."""

import hashlib
import io
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, TypeVar

import msgspec
import numpy as np
from numpy.typing import NDArray

from artgen.errors import InputError, MachineError, machine_faults
from artgen.records import FRAMES_FORMAT, Title

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class FramesFolder:
    """The paths inside one frames folder; docs/formats.md says what each file holds."""

    root: Path

    @property
    def title(self) -> Path:
        """title.json, written last by extract: its presence says that extract is done."""
        return self.root / "title.json"

    @property
    def shots(self) -> Path:
        """shots.jsonl."""
        return self.root / "shots.jsonl"

    @property
    def stills(self) -> Path:
        """stills.jsonl."""
        return self.root / "stills.jsonl"

    @property
    def pictures(self) -> Path:
        """The folder of still pictures."""
        return self.root / "stills"

    @property
    def faces(self) -> Path:
        """faces.jsonl."""
        return self.root / "faces.jsonl"

    @property
    def people(self) -> Path:
        """people.json."""
        return self.root / "people.json"

    @property
    def scenes(self) -> Path:
        """scenes.jsonl."""
        return self.root / "scenes.jsonl"

    @property
    def composition(self) -> Path:
        """composition.jsonl."""
        return self.root / "composition.jsonl"

    @property
    def tags(self) -> Path:
        """tags.jsonl."""
        return self.root / "tags.jsonl"

    @property
    def embeddings(self) -> Path:
        """embeddings.parquet."""
        return self.root / "embeddings.parquet"

    @property
    def identities(self) -> Path:
        """identities.parquet: the identity vector of each face."""
        return self.root / "identities.parquet"

    @property
    def tagging(self) -> Path:
        """tagging.json, written last by tag: its settings and models."""
        return self.root / "tagging.json"

    @property
    def journal(self) -> Path:
        """The folder of work in progress."""
        return self.root / ".journal"

    def discard_journal(self, stage: str) -> None:
        """Remove what `stage` left in the journal, and the journal when it is empty."""
        shutil.rmtree(self.journal / stage, ignore_errors=True)
        if self.journal.is_dir() and not any(self.journal.iterdir()):
            self.journal.rmdir()


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that it appears whole or not at all: beside it, fsynced, renamed.

    Raises:
        MachineError: the disk is full, or the place may not be written.
    """
    write_through(path, lambda beside: beside.write_bytes(data))


def write_through(path: Path, write: Callable[[Path], Any]) -> None:
    """Let `write` make a file at the path it is given, then move it to `path` whole; see write_whole."""
    beside = path.with_name(f".{path.name}.part")
    with machine_faults(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            write(beside)
            with open(beside, "rb+") as file:
                os.fsync(file.fileno())
            os.replace(beside, path)
        except BaseException:
            beside.unlink(missing_ok=True)
            raise


def to_json(record: Any, *, indent: int = 2) -> bytes:
    """A record as JSON for a file of its own: indented, ending in a newline."""
    return msgspec.json.format(msgspec.json.encode(record), indent=indent) + b"\n"


def to_lines(records: Iterable[Any]) -> bytes:
    """Records as JSON lines."""
    return b"".join(msgspec.json.encode(record) + b"\n" for record in records)


def write_json(path: Path, record: Any) -> None:
    """Write one record as a JSON file, whole."""
    write_whole(path, to_json(record))


def write_lines(path: Path, records: Iterable[Any]) -> None:
    """Write records as a JSON lines file, whole."""
    write_whole(path, to_lines(records))


def write_array(path: Path, values: NDArray[Any]) -> None:
    """Write one array as a .npy file, whole."""
    held = io.BytesIO()  # numpy reports a full disk without its number; bytes are written by us
    np.save(held, values, allow_pickle=False)
    write_whole(path, held.getvalue())


def write_arrays(path: Path, **arrays: NDArray[Any]) -> None:
    """Write named arrays as a .npz file, whole."""
    held = io.BytesIO()
    np.savez(held, allow_pickle=False, **arrays)
    write_whole(path, held.getvalue())


def read_json(path: Path, kind: type[T]) -> T:
    """Read one record.

    Raises:
        InputError: the file is missing, or not what artgen writes there.
    """
    return _decoded(_content(path), kind, f"{path}")


def read_lines(path: Path, kind: type[T]) -> list[T]:
    """Read the records of a JSON lines file; see read_json."""
    lines = _content(path).splitlines()
    return [_decoded(line, kind, f"{path} line {number}") for number, line in enumerate(lines, 1)]


def read_title(folder: FramesFolder) -> Title:
    """The Title of a finished frames folder.

    Raises:
        InputError: it is not finished, not a frames folder, or of a newer format.
    """
    if not folder.root.is_dir():
        raise InputError(f"{folder.root} is not a folder; give the frames folder that artgen extract wrote.")
    if not folder.title.exists():
        if (folder.journal / "extract").exists():
            raise InputError(
                f"{folder.root} is half written; run artgen extract again, it goes on where it was."
            )
        raise InputError(f"{folder.root} is no frames folder (no title.json); run artgen extract first.")
    found = read_json(folder.title, dict[str, Any]).get("format")
    if not isinstance(found, int) or found > FRAMES_FORMAT:
        raise InputError(
            f"{folder.title} has format {found}, this artgen reads up to {FRAMES_FORMAT}; update artgen."
        )
    return read_json(folder.title, Title)


def _content(path: Path) -> bytes:
    try:
        with machine_faults(path):
            return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError) as fault:
        raise InputError(f"{path} is missing; run the stage that writes it (see artgen --help).") from fault


def _decoded(data: bytes, kind: type[T], where: str) -> T:
    try:
        return msgspec.json.decode(data, type=kind)
    except msgspec.DecodeError as fault:
        raise InputError(
            f"{where} is not what artgen writes there ({fault}); remove it and run its stage again."
        ) from fault


class Journal:
    """A file of JSON lines that survives a kill: every line is on disk before append returns.

    A last line that was cut short is dropped on opening.
    """

    def __init__(self, path: Path) -> None:
        """Open or begin the journal at `path`."""
        self._path = path
        with machine_faults(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            kept = path.read_bytes() if path.exists() else b""
            kept = kept[: kept.rfind(b"\n") + 1]
            self._file: IO[bytes] = open(path, "r+b" if path.exists() else "w+b")  # noqa: SIM115 (held open by this object)
            self._file.truncate(len(kept))
            self._file.seek(len(kept))
        self._kept = kept

    def entries(self, kind: type[T]) -> list[T]:
        """What was there on opening."""
        return [_decoded(line, kind, f"{self._path}") for line in self._kept.splitlines()]

    def append(self, *records: Any) -> None:
        """Add records, durable when this returns."""
        with machine_faults(self._path):
            self._file.write(to_lines(records))
            self._file.flush()
            os.fsync(self._file.fileno())

    def close(self) -> None:
        """Close the file; what was appended stays."""
        self._file.close()

    def __enter__(self) -> "Journal":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


@contextmanager
def held(root: Path) -> Iterator[None]:
    """Hold a folder against a second artgen working in it; the hold ends with the process, however it ends.

    Raises:
        MachineError: another process holds it, or it may not be written.
    """
    with machine_faults(root):
        root.mkdir(parents=True, exist_ok=True)
        lock = open(root / ".lock", "a+b")  # noqa: SIM115 (closed below)
    try:
        if not _lock(lock):
            raise MachineError(f"{root} is in use by another artgen; wait for it or choose another folder.")
        yield
    finally:
        lock.close()
        # A waiting process would hold the unlinked file, so the lock file stays; it is empty.


def _lock(file: IO[bytes]) -> bool:
    try:
        if os.name == "nt":
            import msvcrt

            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def sha256_of(path: Path, *, chunk_bytes: int = 1 << 22) -> str:
    """The SHA-256 of a file's content, as lower-case hexadecimal."""
    digest = hashlib.sha256()
    with machine_faults(path), open(path, "rb") as file:
        while chunk := file.read(chunk_bytes):
            digest.update(chunk)
    return digest.hexdigest()
