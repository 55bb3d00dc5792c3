"""What a user may ask of extract, and the folder's memory of it."""

import math
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import msgspec

from artgen import __version__
from artgen.errors import InputError, UsageError
from artgen.folder import FramesFolder, read_json, read_lines, read_title, write_json
from artgen.records import FRAMES_FORMAT, Film, ImageFormat, Still, Title


@dataclass(frozen=True, slots=True)
class ExtractSettings:
    """Settings that change what extract finds; recorded in title.json.

    Times are seconds from the film's start. `per_shot` bounds the stills kept of one shot (of each
    minute of a longer one; 0: shots alone, no stills), `most` those of the whole title.
    """

    from_s: float = 0.0
    to_s: float | None = None
    skip_head_s: float = 0.0
    skip_tail_s: float = 0.0
    per_shot: int = 3
    most: int | None = None
    min_shot_s: float = 0.2
    image_format: ImageFormat = "jpeg"

    def __post_init__(self) -> None:
        """Refuse what cannot be meant.

        Raises:
            UsageError: a negative time, an empty range, or a count below one.
        """
        if min(self.from_s, self.skip_head_s, self.skip_tail_s, self.min_shot_s) < 0:
            raise UsageError("Times must not be negative.")
        if self.to_s is not None and self.to_s <= self.from_s:
            raise UsageError(
                f"The range from {self.from_s:g} s to {self.to_s:g} s is empty; --to must be later."
            )
        if self.per_shot < 0 or (self.most is not None and self.most < 1):
            raise UsageError("At least one still must be allowed (--most); --per-shot 0 finds shots alone.")

    def span_s(self, duration_s: float | None) -> tuple[float, float | None]:
        """The seconds of the film to look at; the end is None for "to the end".

        Raises:
            UsageError: nothing of the film is left.
        """
        start = max(self.from_s, self.skip_head_s)
        end = self.to_s
        if self.skip_tail_s and duration_s is not None:
            tail = duration_s - self.skip_tail_s
            end = tail if end is None else min(end, tail)
        if (end is not None and end <= start) or (duration_s is not None and start >= duration_s):
            known = "" if duration_s is None else f" of its {duration_s:.1f} s"
            raise UsageError(f"Nothing{known} is left to look at; lower --from, --skip-head or --skip-tail.")
        return start, end


def seconds_of(text: str) -> float:
    """Read a time such as "83.5", "1:23.5" or "0:01:23.5" as seconds.

    Raises:
        UsageError: it is none.
    """
    parts = text.strip().split(":")
    try:
        values = [float(part) for part in parts]
    except ValueError:
        values = []
    if not 1 <= len(values) <= 3 or not all(math.isfinite(value) and value >= 0 for value in values):
        raise UsageError(f"{text!r} is not a time; write seconds, M:SS or H:MM:SS.")
    return float(sum(value * 60.0**place for place, value in enumerate(reversed(values))))


@dataclass(frozen=True, slots=True)
class Plan:
    """What a frames folder is being made from; lies in the journal while extract works."""

    format: int
    artgen: str
    film: Film
    settings: dict[str, Any]


def plan_for(film: Film, settings: ExtractSettings) -> Plan:
    """The plan of this version of artgen for a film and settings."""
    return Plan(format=FRAMES_FORMAT, artgen=__version__, film=film, settings=asdict(settings))


def prepare_folder(folder: FramesFolder, plan: Plan, *, overwrite: bool, resume: bool) -> Title | None:
    """Make the folder ready for the plan: continue, begin, or answer that it is done (the Title).

    Raises:
        InputError: the folder belongs to another film, other settings, a newer format or somebody else.
    """
    if overwrite:
        discard_extraction(folder)
    elif folder.title.exists():
        title = read_title(folder)
        _refuse_other(folder.root, plan, Plan(title.format, title.artgen, title.film, title.settings))
        return title
    elif folder.root.is_dir() and not _is_ours(folder):
        raise InputError(f"{folder.root} holds files that artgen did not write; choose another folder (-o).")
    begun = folder.journal / "extract" / "plan.json"
    if begun.exists():
        if resume:
            _refuse_other(folder.root, plan, read_json(begun, Plan))
        else:
            folder.discard_journal("extract")
    write_json(begun, plan)
    return None


def discard_extraction(folder: FramesFolder) -> None:
    """Remove what earlier runs of extract and tag left, and nothing else."""
    named: list[Still] = []
    if folder.stills.exists():
        named = read_lines(folder.stills, Still)
    folder.title.unlink(missing_ok=True)
    for stage in ("extract", "tag"):
        folder.discard_journal(stage)
    for still in named:
        if still.file and Path(still.file).name == still.file.removeprefix("stills/"):
            (folder.root / still.file).unlink(missing_ok=True)
    for file in (
        folder.tagging,
        folder.shots,
        folder.stills,
        folder.faces,
        folder.people,
        folder.scenes,
        folder.composition,
        folder.tags,
        folder.embeddings,
        folder.identities,
    ):
        file.unlink(missing_ok=True)
    if folder.pictures.is_dir() and not any(folder.pictures.iterdir()):
        shutil.rmtree(folder.pictures)


def _is_ours(folder: FramesFolder) -> bool:
    names = {entry.name for entry in folder.root.iterdir()}
    return not (names - {".lock"}) or folder.journal.name in names


def _refuse_other(root: Path, wanted: Plan, found: Plan) -> None:
    if found.film != wanted.film and found.film.sha256 != wanted.film.sha256:
        raise InputError(
            f"{root} holds stills of another film ({found.film.name}); choose another folder, or --overwrite it."
        )
    if found.artgen != wanted.artgen or found.format != wanted.format:
        raise InputError(
            f"{root} was made by artgen {found.artgen}, this is {wanted.artgen}; use --overwrite."
        )
    settled = msgspec.json.decode(msgspec.json.encode(wanted.settings))
    changed = sorted(name for name in settled if found.settings.get(name) != settled[name])
    if changed:
        raise InputError(
            f"{root} was made with other settings ({', '.join(changed)}); choose another folder, or --overwrite it."
        )
