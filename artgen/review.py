"""What people said of stills and crops: review.jsonl in the frames folder, and what follows from it.

The file is only ever added to, here or by hand; the latest remark on a still or a crop holds.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import msgspec

from artgen.errors import InputError, machine_faults
from artgen.folder import FramesFolder, to_lines, write_whole

Verdict = Literal["up", "down", "none"]

FILE = "review.jsonl"
MOST_BYTES = 64 << 20
MOST_NOTE = 4000
_STILL = re.compile(r"[0-9]{2,4}h[0-9]{2}m[0-9]{2}\.[0-9]{3}s(-[0-9]{1,6})?")
_ASPECT = re.compile(r"[1-9][0-9]{0,4}:[1-9][0-9]{0,4}")
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?Z")
_MOST_NAME = 200


@dataclass(frozen=True, slots=True)
class Remark:
    """What somebody said of a still, or with `aspect` of one crop of it: a line of review.jsonl.

    `verdict` "none" withdraws what was said before. `theme` is the one an "up" is meant for, None for the
    title's own. `at` is UTC in ISO 8601, "2026-01-31T12:00:00Z".
    """

    film_sha256: str
    still: str
    verdict: Verdict
    at: str
    theme: str | None = None
    aspect: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Review:
    """What holds: one remark for each still or crop that was spoken of, in order of time."""

    remarks: tuple[Remark, ...] = ()

    @property
    def picks(self) -> dict[str, str | None]:
        """Stills that must be chosen, with the theme each is meant for."""
        return {remark.still: remark.theme for remark in self._said("up")}

    @property
    def refused(self) -> set[str]:
        """Stills that must appear nowhere."""
        return {remark.still for remark in self._said("down")}

    @property
    def refused_crops(self) -> set[tuple[str, str]]:
        """Stills with the aspect in which they must not appear."""
        return {
            (remark.still, remark.aspect)
            for remark in self.remarks
            if remark.aspect is not None and remark.verdict == "down"
        }

    def _said(self, verdict: Verdict) -> list[Remark]:
        return [remark for remark in self.remarks if remark.aspect is None and remark.verdict == verdict]


def settle(remarks: Iterable[Remark]) -> Review:
    """The latest remark of each still and crop; of two at one time the one that comes later."""
    latest: dict[tuple[str, str | None], Remark] = {}
    for remark in sorted(remarks, key=lambda remark: remark.at):
        latest.pop((remark.still, remark.aspect), None)
        latest[remark.still, remark.aspect] = remark
    return Review(tuple(latest.values()))


def read_review(folder: FramesFolder, *, film_sha256: str) -> Review:
    """What was said of a title's stills; nothing where the folder has no review.jsonl.

    Raises:
        InputError: a line is no remark, or is about another film; the message names it.
        MachineError: the file may not be read.
    """
    path = folder.root / FILE
    remarks = []
    for number, line in enumerate(_content(folder).splitlines(), 1):
        if line.strip():
            remarks.append(decode_remark(line, film_sha256=film_sha256, where=f"{path} line {number}"))
    return settle(remarks)


def add_remarks(folder: FramesFolder, remarks: Sequence[Remark]) -> None:
    """Add to review.jsonl, whole or not at all.

    Raises:
        MachineError: the disk is full, or the folder may not be written.
    """
    before = _content(folder)
    if before and not before.endswith(b"\n"):
        before += b"\n"  # an editor's last line
    write_whole(folder.root / FILE, before + to_lines(remarks))


def decode_remark(line: bytes, *, film_sha256: str, where: str) -> Remark:
    """One remark from its JSON, checked; `where` is what an error calls it.

    Raises:
        InputError: it is no remark, or is about another film than `film_sha256`.
    """
    try:
        remark = msgspec.json.decode(line, type=Remark)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as fault:
        raise InputError(f"{where} is no remark ({fault}); remove it.") from fault
    if remark.film_sha256 != film_sha256:
        raise InputError(f"{where} is about another film than this folder's; remove it.")
    wrong = _fault(remark)
    if wrong is not None:
        raise InputError(f"{where} is no remark ({wrong}); remove it.")
    return remark


def _fault(remark: Remark) -> str | None:
    if not _STILL.fullmatch(remark.still):
        return f"still is {remark.still[:40]!r}"
    if not _TIME.fullmatch(remark.at):
        return f"at is {remark.at[:40]!r}, not like 2026-01-31T12:00:00Z"
    if remark.aspect is not None and not _ASPECT.fullmatch(remark.aspect):
        return f"aspect is {remark.aspect[:40]!r}, not like 16:9"
    if len(remark.theme or "") > _MOST_NAME or len(remark.note) > MOST_NOTE:
        return f"theme or note is longer than {_MOST_NAME} or {MOST_NOTE} characters"
    return None


def _content(folder: FramesFolder) -> bytes:
    path = folder.root / FILE
    try:
        with machine_faults(path):
            if path.stat().st_size > MOST_BYTES:
                raise InputError(f"{path} has more than {MOST_BYTES >> 20} MB; it is no review of one title.")
            return path.read_bytes()
    except FileNotFoundError:
        return b""
    except (IsADirectoryError, NotADirectoryError) as fault:
        raise InputError(f"{path} is no file; remove it.") from fault
