"""What a user may ask of tag, and the folder's memory of it."""

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from artgen import __version__
from artgen.errors import InputError
from artgen.folder import FramesFolder, read_json, sha256_of, write_json
from artgen.records import FRAMES_FORMAT, DetectorName, Tagging, Title


@dataclass(frozen=True, slots=True)
class TagSettings:
    """Settings that change what tag writes; recorded in tagging.json.

    `model` is "auto", a registry id, "architecture:pretrained" or a path. `vocabulary` and `cast`
    are recorded by their content. `detector` "auto" takes YuNet where its weights are on the machine.
    `commercial` leaves out every network of the registry whose license allows no commercial use.
    """

    model: str = "auto"
    device: str = "auto"
    precision: str = "auto"
    vocabulary: Path | None = None
    cast: Path | None = None
    detector: DetectorName = "auto"
    commercial: bool = False

    def recorded(self) -> dict[str, Any]:
        """The settings as a file remembers them.

        Raises:
            InputError: the vocabulary or the cast folder is missing.
        """
        return {
            "model": self.model,
            "device": self.device,
            "precision": self.precision,
            "vocabulary": None if self.vocabulary is None else _file_digest(self.vocabulary),
            "cast": None if self.cast is None else _folder_digest(self.cast),
            "detector": self.detector,
            "commercial": self.commercial,
        }


@dataclass(frozen=True, slots=True)
class Plan:
    """What is being tagged, and how; lies in the journal while tag works."""

    format: int
    artgen: str
    film_sha256: str
    settings: dict[str, Any]


def plan_for(title: Title, settings: TagSettings) -> Plan:
    """The plan of this version of artgen for a title and settings."""
    return Plan(FRAMES_FORMAT, __version__, title.film.sha256, settings.recorded())


def finished_tagging(folder: FramesFolder, plan: Plan, *, overwrite: bool) -> Tagging | None:
    """What was tagged by the same plan before, None when there is work to do.

    Raises:
        InputError: the folder was tagged with other settings or by another version.
    """
    if overwrite or not folder.tagging.exists():
        return None
    done = read_json(folder.tagging, Tagging)
    _refuse_other(folder, plan, Plan(done.format, done.artgen, done.film_sha256, done.settings))
    return done


def begin_tagging(folder: FramesFolder, plan: Plan, *, overwrite: bool, resume: bool) -> None:
    """Make the folder ready to begin or to go on.

    Raises:
        InputError: it is half tagged with other settings or by another version.
    """
    if overwrite or not resume:
        folder.discard_journal("tag")
    folder.tagging.unlink(missing_ok=True)
    begun = folder.journal / "tag" / "plan.json"
    if begun.exists():
        _refuse_other(folder, plan, read_json(begun, Plan))
    else:
        write_json(begun, plan)


def _refuse_other(folder: FramesFolder, wanted: Plan, found: Plan) -> None:
    found = replace(
        found, settings=TagSettings().recorded() | found.settings
    )  # one younger than the folder was off
    if found == wanted:
        return
    if found.film_sha256 != wanted.film_sha256:
        what = "was tagged for another film"
    elif (found.artgen, found.format) != (wanted.artgen, wanted.format):
        what = f"was tagged by artgen {found.artgen}, this is {wanted.artgen}"
    else:
        changed = sorted(name for name in wanted.settings if found.settings[name] != wanted.settings[name])
        what = f"was tagged with other settings ({', '.join(changed)})"
    raise InputError(f"{folder.root} {what}; use --overwrite to tag it anew.")


def _file_digest(path: Path) -> str:
    if not path.is_file():
        raise InputError(f"{path} is not a file; give a vocabulary file, or leave the option out.")
    return sha256_of(path)


def _folder_digest(path: Path) -> str:
    if not path.is_dir():
        raise InputError(f"{path} is not a folder; give a folder that holds one folder of photos an actor.")
    digest = hashlib.sha256()
    for file in sorted(path.glob("*/*")):
        if file.is_file():
            digest.update(f"{file.parent.name}/{file.name}\0{sha256_of(file)}\n".encode())
    return digest.hexdigest()
