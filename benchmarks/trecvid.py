"""Counts how well changes of shot were found, after the rules of TRECVID's shot boundary task.

Labeled changes are taken in order; each matches the one free found change that shares most frames with it, and no
found change matches twice. Changes of at most five frames count as cuts, in the labels and in what was found.

Source: NIST, TRECVID 2002 to 2007, "Shot Boundary (SB) Measures". Two things differ, both on purpose. TRECVID widens a
labeled cut by five frames each way, for the decoders of its day did not count frames alike; here the caller says by
how many, and 0 asks for the exact frame. And TRECVID lets cuts match cuts and gradual changes gradual ones only; tools
that tell no kinds would lose every dissolve that way, so a change of either kind may match unless `same_kind` is asked.
"""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

SHORT_FRAMES = 5  # a gradual change with no more frames of its own counts as a cut
NO_CHANGE = "none"  # the kind of a row that only says that a film was looked through
UNSURE = "unsure"  # the kind of a row that names a stretch where even people would not agree


class Change(NamedTuple):
    """One change of shot; frames count from 0 in the order they are shown."""

    kind: str
    last_frame: int  # the last that is wholly of the old shot
    first_frame: int  # the first that is wholly of the new one

    @property
    def is_cut(self) -> bool:
        """Whether it counts as a cut."""
        return self.first_frame - self.last_frame - 1 <= SHORT_FRAMES

    @property
    def frames(self) -> range:
        """The frames of a gradual change; for a cut the two beside it and what may lie between them."""
        if self.is_cut:
            return range(self.last_frame, self.first_frame + 1)
        return range(self.last_frame + 1, self.first_frame)


@dataclass(frozen=True, slots=True)
class Labels:
    """What is known of one film."""

    changes: list[Change] = field(default_factory=list)
    unsure: list[Change] = field(default_factory=list)  # what is found there is neither right nor wrong


@dataclass(frozen=True, slots=True)
class Count:
    """Changes labeled, found, and matched with each other; or frames of them."""

    hits: int = 0
    labeled: int = 0
    found: int = 0

    def __add__(self, other: "Count") -> "Count":
        return Count(self.hits + other.hits, self.labeled + other.labeled, self.found + other.found)

    @property
    def precision(self) -> float:
        """Part of the found that is right; 1 where nothing was found."""
        return self.hits / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """Part of the labeled that was found; 1 where nothing is labeled."""
        return self.hits / self.labeled if self.labeled else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall; 1 where nothing is labeled and nothing found."""
        both = self.labeled + self.found
        return 2 * self.hits / both if both else 1.0


@dataclass(frozen=True, slots=True)
class Score:
    """How one film, or many, came out. A match counts with the kind of its label, a false one with its own."""

    cuts: Count = Count()
    graduals: Count = Count()
    frames: Count = Count()  # of the gradual changes that were matched: how well their extent was met

    def __add__(self, other: "Score") -> "Score":
        return Score(self.cuts + other.cuts, self.graduals + other.graduals, self.frames + other.frames)

    @property
    def together(self) -> Count:
        """Cuts and gradual changes."""
        return self.cuts + self.graduals


def score(
    labeled: Iterable[Change],
    found: Iterable[Change],
    *,
    tolerance_frames: int,
    same_kind: bool = False,
    unsure: Sequence[Change] = (),
) -> Score:
    """Match found changes with labeled ones, one to one, and count.

    Args:
        labeled: all changes of one film.
        found: what a tool says they are.
        tolerance_frames: how far a found cut may lie from a labeled one; gradual changes need one common frame.
        same_kind: match cuts with cuts and gradual changes with gradual ones only, as TRECVID does.
        unsure: stretches in which a found change that matches nothing is not counted.

    Raises:
        ValueError: a change ends before it begins, or the tolerance is below 0.
    """
    total = Score()
    for label, match in match_changes(
        labeled, found, tolerance_frames=tolerance_frames, same_kind=same_kind, unsure=unsure
    ):
        total += _counted(label, match)
    return total


def match_changes(
    labeled: Iterable[Change],
    found: Iterable[Change],
    *,
    tolerance_frames: int,
    same_kind: bool = False,
    unsure: Sequence[Change] = (),
) -> list[tuple[Change | None, Change | None]]:
    """(labeled, found) of every match, (labeled, None) of what was missed, (None, found) of what is false; see score."""
    labeled, free = sorted(labeled, key=_place), sorted(found, key=_place)
    if tolerance_frames < 0:
        raise ValueError(f"a tolerance cannot be {tolerance_frames} frames")
    for change in (*labeled, *free):
        if change.first_frame <= change.last_frame:
            raise ValueError(f"a new shot cannot begin before the old one ends: {change}")
    pairs: list[tuple[Change | None, Change | None]] = []
    for change in labeled:
        fitting = [other for other in free if not same_kind or other.is_cut == change.is_cut]
        best = _best(change, fitting, tolerance_frames)
        if best is not None:
            free.remove(best)
        pairs.append((change, best))
    doubtful = [stretch.frames for stretch in unsure]
    false = [other for other in free if not any(_shared(other.frames, frames) for frames in doubtful)]
    return pairs + [(None, other) for other in false]


def read_labels(paths: Iterable[Path]) -> dict[str, Labels]:
    """The labels of each film named in files with lines of file, kind, last_frame, first_frame.

    A film without a change is named by a line of the kind "none". Lines that appear twice count once.

    Raises:
        ValueError: a line lacks a field or a number is none.
    """
    films: dict[str, Labels] = {}
    for path in paths:
        with path.open(encoding="utf-8", newline="") as file:
            for number, row in enumerate(csv.DictReader(file), start=2):
                try:
                    film, kind = row["file"], row["kind"]
                    own = films.setdefault(film, Labels())
                    if kind == NO_CHANGE:
                        continue
                    change = Change(kind, int(row["last_frame"]), int(row["first_frame"]))
                except (KeyError, TypeError, ValueError) as fault:
                    raise ValueError(
                        f"{path}, line {number}: file,kind,last_frame,first_frame expected"
                    ) from fault
                listed = own.unsure if kind == UNSURE else own.changes
                if change not in listed:
                    listed.append(change)
    return films


def _place(change: Change) -> tuple[int, int]:
    return change.last_frame, change.first_frame


def _shared(one: range, other: range) -> int:
    return max(0, min(one.stop, other.stop) - max(one.start, other.start))


def _best(labeled: Change, found: Sequence[Change], tolerance_frames: int) -> Change | None:
    """The one that fits best: the nearest cut, the most common frames, then the higher precision, the earliest."""
    fitting: list[tuple[float, float, int, Change]] = []
    for place, other in enumerate(found):
        common = _shared(labeled.frames, other.frames)
        if labeled.is_cut and other.is_cut:
            apart = max(other.last_frame - labeled.first_frame, labeled.last_frame - other.first_frame) + 1
            if apart <= tolerance_frames:
                fitting.append((max(apart, 0), -common, place, other))
        elif common:
            fitting.append((-common, -common / len(other.frames), place, other))
    return min(fitting)[-1] if fitting else None


def _counted(labeled: Change | None, match: Change | None) -> Score:
    own = Count(
        hits=int(None not in (labeled, match)), labeled=int(labeled is not None), found=int(match is not None)
    )
    kind = labeled or match
    if kind is None or kind.is_cut:
        return Score(cuts=own)
    if labeled is None or match is None:
        return Score(graduals=own)
    common = _shared(labeled.frames, match.frames)
    return Score(graduals=own, frames=Count(common, len(labeled.frames), len(match.frames)))
