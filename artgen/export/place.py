"""Where a catalog lies: which files there are artgen's, what was done before a kill, what is stale."""

import hashlib
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from artgen.catalog import read_catalog
from artgen.catalog.checking import is_safe_relative
from artgen.errors import InputError
from artgen.folder import Journal, sha256_of

ARTWORK, VECTORS, SHEET = "artwork", "vectors.parquet", "contact-sheet.jpg"


@dataclass(frozen=True, slots=True)
class Written:
    """A line of the journal: a file that is artgen's. `key` says from what it was made, once it is whole."""

    file: str
    key: str | None = None
    sha256: str | None = None


@dataclass(slots=True)
class Place:
    """The folder a catalog is written into, while it is written."""

    catalog: Path
    journal: Journal
    owned: set[str] = field(default_factory=set)
    done: dict[str, Written] = field(default_factory=dict)

    def claim(self, files: Iterable[str], *, overwrite: bool) -> None:
        """Note files as artgen's before the first of them is written.

        Raises:
            InputError: one is there already and not artgen's.
        """
        new = [file for file in files if file not in self.owned]
        for file in new:
            if (self.catalog.parent / file).exists() and not overwrite:
                raise InputError(
                    f"{self.catalog.parent / file} is not of this catalog; move it away, choose another "
                    "folder, or use --overwrite."
                )
        self.journal.append(*(Written(file) for file in new))
        self.owned.update(new)

    def has(self, file: str, key: str) -> bool:
        """True when a file was made from the same things before, and is still what was written then."""
        found = self.done.get(file)
        path = self.catalog.parent / file
        return found is not None and found.key == key and path.is_file() and sha256_of(path) == found.sha256

    def record(self, file: str, key: str, data: bytes) -> None:
        """Remember that a file is whole."""
        self.journal.append(Written(file, key, hashlib.sha256(data).hexdigest()))

    def finish(self, current: Collection[str]) -> None:
        """Remove what earlier exports left and this one does not name, then the journal."""
        for file in sorted(self.owned - set(current)):
            path = self.catalog.parent / file
            path.unlink(missing_ok=True)
            if path.parent != self.catalog.parent and path.parent.is_dir() and not any(path.parent.iterdir()):
                path.parent.rmdir()
        self.journal.close()
        journal_path(self.catalog).unlink(missing_ok=True)


def journal_path(catalog: Path) -> Path:
    """The journal of a catalog, beside it, there only while it is written."""
    return catalog.with_name(f".{catalog.name}.journal")


@contextmanager
def open_place(catalog: Path, *, film_sha256: str, overwrite: bool) -> Iterator[Place]:
    """Find out what lies where a catalog is to be written; the journal stays until Place.finish.

    Raises:
        InputError: the place is a folder, or holds something that is not the catalog of this film.
    """
    if catalog.is_dir():
        raise InputError(f"{catalog} is a folder; name a file, such as {catalog / 'catalog.json'}.")
    owned = _owned_before(catalog, film_sha256, overwrite=overwrite)
    with Journal(journal_path(catalog)) as journal:
        entries = [entry for entry in journal.entries(Written) if is_safe_relative(entry.file)]
        known = {entry.file for entry in entries}
        journal.append(*(Written(file) for file in sorted(owned - known)))
        done = {entry.file: entry for entry in entries if entry.key is not None}
        place = Place(catalog, journal, owned | known, done)
        try:
            yield place
        except InputError:
            if not place.owned:  # nothing was begun
                journal_path(catalog).unlink(missing_ok=True)
            raise


def _owned_before(catalog: Path, film_sha256: str, *, overwrite: bool) -> set[str]:
    if not catalog.exists():
        return set()
    try:
        before = read_catalog(catalog)
    except InputError as fault:
        if overwrite:
            return set()
        raise InputError(
            f"{catalog} is there and cannot be read as a catalog; choose another name, or use --overwrite."
        ) from fault
    if before.title.film.sha256 != film_sha256 and not overwrite:
        raise InputError(
            f"{catalog} is the catalog of another film ({before.title.film.name}); choose another name, "
            "or use --overwrite."
        )
    return {file for file in before.files() if file.startswith(f"{ARTWORK}/")} | {VECTORS, SHEET}
