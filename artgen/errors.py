"""The errors artgen raises on purpose: each is one sentence for a person, and an exit code.

Every message names the file, says what was found and what to do about it. Anything else that
escapes (ValueError, KeyError ...) is a defect of artgen and ends in exit code 1.
"""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar


class ArtgenError(Exception):
    """Base of all errors raised on purpose; never raised itself."""

    exit_code: ClassVar[int] = 1


class UsageError(ArtgenError):
    """The command or its settings ask for something that cannot be (exit 2)."""

    exit_code = 2


class InputError(ArtgenError):
    """A film, folder, picture, vocabulary or other input is at fault (exit 3)."""

    exit_code = 3


class ModelError(ArtgenError):
    """A model is missing, broken or not what it claims to be (exit 4)."""

    exit_code = 4


class MachineError(ArtgenError):
    """The machine is at fault: disk full, no permission, out of memory (exit 5)."""

    exit_code = 5


_SENTENCES = {
    errno.ENOSPC: "the disk is full; free some space and run the same command again, it goes on where it was",
    errno.EDQUOT: "the disk quota is used up; free some space and run the same command again",
    errno.EACCES: "permission was denied; change the permissions or choose another folder",
    errno.EPERM: "the operation is not permitted; change the permissions or choose another folder",
    errno.EROFS: "the file system is read-only; choose another folder",
    errno.EIO: "the disk reported an input/output error; check the disk",
    errno.EMFILE: "too many files are open; raise the limit (ulimit -n)",
    errno.ENAMETOOLONG: "the name is too long for this file system; choose a shorter one",
}


@contextmanager
def machine_faults(path: Path) -> Iterator[None]:
    """Turn the operating system's refusals while working on `path` into a MachineError.

    Raises:
        MachineError: for a full disk, missing permission and their like; other OSErrors pass through.
    """
    try:
        yield
    except OSError as fault:
        sentence = _SENTENCES.get(fault.errno or 0)
        if sentence is None:
            raise
        raise MachineError(f"{fault.filename or path}: {sentence}.") from fault
