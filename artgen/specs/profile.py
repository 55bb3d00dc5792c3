"""What stores and players ask of artwork: one profile a target, each rule with where it was read."""

import re
from dataclasses import dataclass, field
from fractions import Fraction
from importlib import resources
from pathlib import Path
from typing import Literal

import msgspec

from artgen.errors import InputError, UsageError, machine_faults
from artgen.records import Box

PROFILE_FORMAT = 1
PROFILES = ("prime", "ember", "roku", "max", "googletv", "tmdb", "kodi", "jellyfin", "plex", "kometa")
LAYOUTS = ("kodi", "jellyfin", "plex", "kometa")
MOST_BYTES = 1 << 20  # of a profile file; ours have some kilobytes
RATIO = re.compile(r"[1-9][0-9]{0,4}:[1-9][0-9]{0,4}")
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
PATTERN = re.compile(r"(\{film\}|\{n\}|[a-z0-9_-]){1,60}")

Rule = Literal["ratio", "size", "bytes", "format", "color", "profile", "text", "zones", "focus"]
Level = Literal["must", "advice"]
ImageKind = Literal["jpeg", "png", "webp"]
Extent = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Source:
    """Where a rule was found, and how surely: read there, read in a report of it, or not checked."""

    title: str
    where: str
    read: str
    standing: Literal["read", "second-hand", "not checked"]


@dataclass(frozen=True, slots=True)
class Zone:
    """A part of a piece, as fractions of its width and height, that faces or lettering must leave free."""

    name: str
    box: Box
    free_of: tuple[Literal["faces", "text"], ...]


@dataclass(frozen=True, slots=True)
class Asset:
    """One kind of picture a target asks for.

    `ratio` is "16:9", or None where any will do; `ratio_low` and `ratio_high` widen it to a range of
    width / height. `least`, `most` and `preferred` are (width, height) in pixels. `text`: "title" must carry
    the title, "none" must be textless. `focus` is the side the subject belongs on. What is made of "design" is drawn, not cut from stills. `advice` names rules that
    the target itself calls advice; `sources` those that come from another source than `source`.
    """

    id: str
    label: str
    source: str
    purpose: str
    ratio: str | None
    formats: tuple[ImageKind, ...]
    text: Literal["title", "none", "any"]
    made_of: Literal["stills", "design"] = "stills"
    ratio_low: float | None = None
    ratio_high: float | None = None
    exact_ratio: bool = False
    orientation: Literal["portrait", "landscape", "square"] | None = None
    least: Extent | None = None
    most: Extent | None = None
    preferred: tuple[Extent, ...] = ()
    most_bytes: int | None = None
    modes: tuple[str, ...] = ()
    icc: str | None = None
    zones: tuple[Zone, ...] = ()
    focus: Literal["left", "right"] | None = None
    advice: tuple[Rule, ...] = ()
    sources: dict[Rule, str] = field(default_factory=dict)

    def shape(self) -> Fraction | None:
        """Width over height; None where any will do."""
        if self.ratio is None:
            return None
        wide, high = self.ratio.split(":")
        return Fraction(int(wide), int(high))


@dataclass(frozen=True, slots=True)
class Slot:
    """A file that a layout puts beside a film: its name without ending, and the next ones' names.

    "{film}" stands for the film's name without ending, "{n}" for 1, 2, ... `shared_folder` is for a film that
    does not lie alone in its folder; None: the target has no such name. `also` are other names that the target
    takes for the same: where one is there, a person has chosen.
    """

    asset: str
    aspect: str
    own_folder: str
    source: str
    shared_folder: str | None = None
    more_own: str | None = None
    more_shared: str | None = None
    most: int = 1
    also: tuple[str, ...] = ()

    def names(self, film: str, *, own_folder: bool) -> list[str]:
        """The names of its files without ending, best first; none where the target has none for a shared folder."""
        first, more = (
            (self.own_folder, self.more_own) if own_folder else (self.shared_folder, self.more_shared)
        )
        if first is None:
            return []
        patterns = [first, *([more] * (self.most - 1) if more else [])]
        return [pattern.replace("{n}", str(n)).replace("{film}", film) for n, pattern in enumerate(patterns)]

    def others(self, film: str) -> list[str]:
        """The other names, without ending."""
        return [pattern.replace("{film}", film) for pattern in self.also]


@dataclass(frozen=True, slots=True)
class Profile:
    """What one target asks for."""

    format: int
    id: str
    name: str
    sources: dict[str, Source]
    notes: tuple[str, ...]
    assets: tuple[Asset, ...]
    layout: tuple[Slot, ...] = ()

    def source_of(self, asset: Asset, rule: Rule) -> Source:
        """Where a rule of an asset was found."""
        return self.sources[asset.sources.get(rule, asset.source)]

    def level_of(self, asset: Asset, rule: Rule) -> Level:
        """Advice where the target says so, or where the rule was not read at the target itself."""
        sure = self.source_of(asset, rule).standing == "read"
        return "must" if sure and rule not in asset.advice else "advice"

    def aspects(self) -> tuple[str, ...]:
        """The aspects of everything that stills can become for this target, each once."""
        asked = [asset.ratio for asset in self.assets if asset.made_of == "stills"]
        return tuple(dict.fromkeys(a for a in [*asked, *(slot.aspect for slot in self.layout)] if a))


def load_profile(name: str) -> Profile:
    """Read a profile: one of PROFILES, or the path of a JSON file of the same form.

    Raises:
        UsageError: there is no such profile.
        InputError: the file is not a sound profile; the message names the place.
        MachineError: it may not be read.
    """
    if name in PROFILES:
        place = resources.files("artgen.specs") / "profiles" / f"{name}.json"
        return _checked(name, place.read_bytes())
    path = Path(name)
    if path.suffix != ".json":
        raise UsageError(
            f"There is no profile {name!r}; use one of {', '.join(PROFILES)}, or a profile of your own as .json."
        )
    try:
        with machine_faults(path):
            if path.stat().st_size > MOST_BYTES:
                raise InputError(f"{path} has more than {MOST_BYTES >> 20} MB; it is no profile.")
            return _checked(name, path.read_bytes())
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError) as fault:
        raise InputError(f"{path} is no file; name a profile, or one of {', '.join(PROFILES)}.") from fault


def _checked(name: str, data: bytes) -> Profile:
    try:
        profile = msgspec.json.decode(data, type=Profile)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as fault:
        raise InputError(f"{name} is no profile ({fault}); docs/specs.md shows the form.") from fault
    wrong = _first_fault(profile)
    if wrong is not None:
        raise InputError(f"{name} is not a sound profile: {wrong}; docs/specs.md shows the form.")
    return profile


def _first_fault(profile: Profile) -> str | None:
    if profile.format != PROFILE_FORMAT:
        return f"format is {profile.format}, this artgen reads {PROFILE_FORMAT}"
    if not NAME.fullmatch(profile.id):
        return f"id {profile.id!r} is not of small letters, digits and dashes"
    for number, asset in enumerate(profile.assets):
        wrong = _asset_fault(asset, profile)
        if wrong is not None:
            return f"assets[{number}] {wrong}"
    ids = [asset.id for asset in profile.assets]
    for number, slot in enumerate(profile.layout):
        names = (slot.own_folder, slot.shared_folder, slot.more_own, slot.more_shared, *slot.also)
        if slot.asset not in ids or slot.source not in profile.sources or not RATIO.fullmatch(slot.aspect):
            return f"layout[{number}] names an asset, source or aspect that is not there"
        if not all(pattern is None or PATTERN.fullmatch(pattern) for pattern in names):
            return f"layout[{number}] has a name that is not a plain file name"
    return None


def _asset_fault(asset: Asset, profile: Profile) -> str | None:
    if not NAME.fullmatch(asset.id):
        return f"id {asset.id!r} is not of small letters, digits and dashes"
    if asset.ratio is not None and not RATIO.fullmatch(asset.ratio):
        return f"ratio {asset.ratio!r} is not of the form 16:9"
    missing = {asset.source, *asset.sources.values()} - set(profile.sources)
    if missing:
        return f"names the source {sorted(missing)[0]!r}, which is not there"
    extents = [extent for extent in (asset.least, asset.most, *asset.preferred) if extent is not None]
    if any(side < 1 for extent in extents for side in extent):
        return "has a size below one pixel"
    if any(not (0 <= z.box[0] < z.box[2] <= 1 and 0 <= z.box[1] < z.box[3] <= 1) for z in asset.zones):
        return "has a zone that is not inside 0..1"
    return None
