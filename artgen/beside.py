"""Files that artgen writes among a person's own: only where nothing of theirs lies, and a list of what it wrote."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

from artgen.errors import InputError, machine_faults
from artgen.folder import read_json, sha256_of, write_json, write_whole
from artgen.records import Film

LEDGER_FORMAT = 1


@dataclass(frozen=True, slots=True)
class _Entries:
    format: int
    film: str
    files: dict[str, str]


@dataclass(slots=True)
class Ledger:
    """What artgen wrote of a film, by path, with each file's SHA-256; a file changed since is a person's again."""

    path: Path
    film_sha256: str
    overwrite: bool
    files: dict[str, str] = field(default_factory=dict)

    def may_write(self, path: Path) -> bool:
        """Whether a file may be written: nothing is there, or what artgen wrote, or `overwrite` was asked for."""
        return self.overwrite or not (path.exists() or path.is_symlink()) or self.is_ours(path)

    def is_ours(self, path: Path) -> bool:
        """Whether a file is as artgen wrote it."""
        known = self.files.get(self._key(path))
        return known is not None and path.is_file() and not path.is_symlink() and sha256_of(path) == known

    def write(self, path: Path, data: bytes) -> None:
        """Write a file whole and remember it; the list itself is written first, so that a kill loses no file of ours.

        Raises:
            InputError: something of a person's lies there; see may_write.
            MachineError: disk or permission.
        """
        if not self.may_write(path):
            raise InputError(f"{path} is not of artgen's making; move it away, or use --overwrite.")
        key, digest = self._key(path), hashlib.sha256(data).hexdigest()
        if path.is_file() and not path.is_symlink() and self.files.get(key) == digest == sha256_of(path):
            return
        self.files[key] = digest
        self._save()
        if path.is_symlink():
            path.unlink()
        write_whole(path, data)

    def drop(self, paths: Collection[Path]) -> None:
        """Remove those of the files that artgen wrote; one that was changed since stays, and is forgotten."""
        for path in sorted(paths):
            known = self.files.pop(self._key(path), None)
            if known and path.is_file() and not path.is_symlink() and sha256_of(path) == known:
                path.unlink()
        self._save()

    def written_under(self, folder: Path) -> list[Path]:
        """The files artgen wrote below a folder; whatever else the list names is passed over."""
        root = folder.resolve()
        paths = [self.path.parent / key for key in self.files]
        return [path for path in paths if path.resolve().is_relative_to(root)]

    def _save(self) -> None:
        entries = _Entries(LEDGER_FORMAT, self.film_sha256, dict(sorted(self.files.items())))
        write_json(self.path, entries)

    def _key(self, path: Path) -> str:
        """Relative to the list where it lies beneath, so that the whole can be moved; else absolute."""
        root, whole = self.path.parent.absolute(), path.absolute()
        return whole.relative_to(root).as_posix() if whole.is_relative_to(root) else whole.as_posix()


def open_ledger(path: Path, *, film: Film, overwrite: bool) -> Ledger:
    """The list at `path`, empty where there is none.

    Raises:
        InputError: something else, or the list of another film, lies there.
    """
    if overwrite or not path.exists():
        return Ledger(path, film.sha256, overwrite, _known(path) if path.exists() else {})
    found = read_json(path, _Entries)
    if found.film != film.sha256:
        raise InputError(
            f"{path} lists what was made of another film than {film.name}; name another folder, or use --overwrite."
        )
    return Ledger(path, film.sha256, overwrite, dict(found.files))


def _known(path: Path) -> dict[str, str]:
    try:
        return dict(read_json(path, _Entries).files)
    except InputError:
        return {}


def same_film(path: Path, film: Film) -> None:
    """See that a file is the film that is meant: by its size and name, by its content where it was renamed.

    Raises:
        InputError: it is missing, a folder, or another film.
        MachineError: it may not be read.
    """
    try:
        with machine_faults(path):
            size = path.stat().st_size
            same = path.is_file() and size == film.bytes
    except (FileNotFoundError, NotADirectoryError) as fault:
        raise InputError(f"{path} does not exist; check the path of the film.") from fault
    if not same or (path.name != film.name and sha256_of(path) != film.sha256):
        raise InputError(f"{path} is not {film.name}, which this was made from; give that film.")
