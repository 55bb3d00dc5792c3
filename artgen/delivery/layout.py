"""A catalog's best pieces beside their film, under the names that a player looks for."""

import io
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from artgen.beside import Ledger, open_ledger, same_film
from artgen.catalog import read_catalog
from artgen.errors import InputError, UsageError, machine_faults
from artgen.progress import Progress
from artgen.records import Catalog, Variant
from artgen.review import Review
from artgen.specs import LAYOUTS, Profile, Slot, load_profile

LEDGER = "layouts.json"
FILMS = (
    ".3gp", ".asf", ".avi", ".divx", ".flv", ".iso", ".m2ts", ".m4v", ".mkv", ".mov", ".mp4", ".mpeg", ".mpg",
    ".mts", ".ogm", ".ogv", ".ts", ".vob", ".webm", ".wmv",
)  # fmt: skip
EXTRAS = (
    "trailer", "sample", "-scene", "-clip", "-interview", "-behindthescenes", "-deleted", "-deletedscene",
    "-featurette", "-short", "-other", "-extra",
)  # fmt: skip
PICTURES = (".jpg", ".jpeg", ".png", ".webp", ".tbn")
SUFFIXES = {"JPEG": ".jpg", "PNG": ".png", "WEBP": ".webp"}
LEAST_OF_BEST = 0.6  # of the best choice's score, for a still of another theme than the title's own
APART_S = 4.0  # seconds between such a still and those before it: nearer ones show the same
MOST_BYTES = 200 << 20  # of a piece


@dataclass(frozen=True, slots=True)
class Placed:
    """A file beside the film, and the variant it is a copy of."""

    file: str
    asset: str
    variant: str


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that a person has there and that was left as it is, in a sentence."""

    file: str
    sentence: str


@dataclass(frozen=True, slots=True)
class LaidOut:
    """What a layout came to. `missing` names what no variant could be found for."""

    layout: str
    folder: str
    own_folder: bool
    placed: list[Placed]
    kept: list[Kept]
    missing: list[str]


def lay_out(
    catalog: Path,
    *,
    film: Path,
    layout: str,
    review: Review = Review(),  # noqa: B008 (frozen)
    overwrite: bool = False,
    progress: Progress,
) -> LaidOut:
    """Copy the best variants beside a film, under the names of a player.

    Best are the stills a person picked, then those of the title itself, then those of other themes that are nearly
    as good and of another moment; no still that a person refused. A file of a person's stays, and so does what it
    stands for.

    Args:
        catalog: the catalog.json; what was written is noted beside it.
        film: the film it was made from.
        layout: one of specs.LAYOUTS.
        review: what people said of the stills.
        overwrite: replace a person's files too.
        progress: who watches.

    Raises:
        UsageError: there is no such layout, or it has no names for films that share a folder.
        InputError: catalog or film are at fault.
        MachineError: disk or permission.
    """
    if layout not in LAYOUTS:
        raise UsageError(f"There is no layout {layout!r}; use one of {', '.join(LAYOUTS)}.")
    profile = load_profile(layout)
    read = read_catalog(catalog)
    same_film(film, read.title.film)
    folder = film.absolute().parent
    alone = _is_alone(film)
    if not alone and all(slot.shared_folder is None for slot in profile.layout):
        raise UsageError(f"{profile.name} wants each film in a folder of its own; move {film} into one.")
    ledger = open_ledger(catalog.parent / LEDGER, film=read.title.film, overwrite=overwrite)
    placed: list[Placed] = []
    kept: list[Kept] = []
    missing: list[str] = []
    for slot in progress.over(profile.layout, f"laying out for {profile.name}", total=len(profile.layout)):
        ranked = _ranked(read, slot, review)
        if not ranked:
            missing.append(f"{slot.asset}: the catalog has no variant of {slot.aspect}")
        for name, variant in _pairs(
            slot, ranked, profile=profile, film=film, alone=alone, ledger=ledger, kept=kept
        ):
            data, suffix = _content(catalog, variant)
            ledger.write(folder / f"{name}{suffix}", data)
            placed.append(Placed(f"{folder / name}{suffix}", slot.asset, variant.id))
    _drop_stale(ledger, profile, placed, film=film.stem, alone=alone, folder=folder)
    return LaidOut(layout, f"{folder}", alone, placed, kept, missing)


def _pairs(
    slot: Slot,
    ranked: Sequence[Variant],
    *,
    profile: Profile,
    film: Path,
    alone: bool,
    ledger: Ledger,
    kept: list[Kept],
) -> Iterator[tuple[str, Variant]]:
    """Names with the variants they get; none where a person has put a picture in the slot's first place."""
    folder = film.absolute().parent
    names = slot.names(film.stem, own_folder=alone)
    others = [other for other in slot.others(film.stem) if alone or other.startswith(film.stem)]
    for name in [*names[:1], *others]:
        mine = _of_a_person(folder, name, ledger)
        if mine is None:
            continue
        if not ledger.overwrite:
            sentence = f"{mine} is yours and was kept; --overwrite puts artgen's {slot.asset} there."
            kept.append(Kept(f"{mine}", sentence))
            return
        if mine.name.casefold() != f"{names[0]}.jpg".casefold():
            sentence = (
                f"{mine} lies there too; remove it, so that {profile.name} takes artgen's {slot.asset}."
            )
            kept.append(Kept(f"{mine}", sentence))
    free = [name for name in names if ledger.overwrite or _of_a_person(folder, name, ledger) is None]
    yield from zip(free, ranked, strict=False)


def _of_a_person(folder: Path, name: str, ledger: Ledger) -> Path | None:
    """A picture of this name, of any kind, that artgen did not write."""
    wanted = {f"{name}{suffix}".casefold() for suffix in PICTURES}
    with machine_faults(folder):
        there = sorted(path for path in folder.iterdir() if path.name.casefold() in wanted)
    return next((path for path in there if not ledger.is_ours(path)), None)


def _ranked(catalog: Catalog, slot: Slot, review: Review) -> list[Variant]:
    """The variants for a slot, best first: picks, the title's own, then others that are good and of another moment."""
    shape = _ratio(slot.aspect)
    fit = [
        variant
        for variant in catalog.variants
        if _ratio(variant.aspect) == shape
        and variant.still not in review.refused
        and (variant.still, variant.aspect) not in review.refused_crops
    ]
    general = {theme.id for theme in catalog.themes if theme.kind == "general"}
    picked = [variant for variant in fit if variant.still in review.picks]
    own = [variant for variant in fit if variant.theme in general]
    best = max((_choice(variant) for variant in fit), default=0.0)
    others = sorted((v for v in fit if _choice(v) >= LEAST_OF_BEST * best), key=_choice, reverse=True)
    ranked = list({variant.still: variant for variant in (*picked, *own)}.values())
    for variant in others:
        if all(abs(variant.time_s - before.time_s) >= APART_S for before in ranked):
            ranked.append(variant)
    return ranked


def _choice(variant: Variant) -> float:
    """What the choice of its still was worth."""
    return variant.scores.get("choice", 0.0)


def _ratio(aspect: str) -> Fraction:
    wide, high = aspect.split(":")
    return Fraction(int(wide), int(high))


def _is_alone(film: Path) -> bool:
    """Whether no other film lies in the film's folder; its own versions, named after the folder, and extras are none."""
    folder = film.absolute().parent
    with machine_faults(film):
        names = [path.stem.casefold() for path in folder.iterdir() if path.suffix.lower() in FILMS]
    own = folder.name.casefold()
    same = film.stem.casefold().startswith(own)
    return all(
        name == film.stem.casefold() or name.endswith(EXTRAS) or (same and name.startswith(own))
        for name in names
    )


def _content(catalog: Path, variant: Variant) -> tuple[bytes, str]:
    """A variant's file as it is, and the ending of its kind.

    Raises:
        InputError: it is missing, leaves the catalog's folder, or is no picture.
    """
    from PIL import Image, UnidentifiedImageError

    root = catalog.parent.resolve()
    path = (root / variant.file).resolve()
    if not path.is_relative_to(root):
        raise InputError(f"{catalog} names {variant.file}, a link that leaves its folder; remove the link.")
    try:
        with machine_faults(path):
            if path.stat().st_size > MOST_BYTES:
                raise InputError(f"{path} is too large for a piece of artwork; export the catalog again.")
            data = path.read_bytes()
        with Image.open(io.BytesIO(data), formats=tuple(SUFFIXES)) as image:
            image.verify()
            return data, SUFFIXES[str(image.format)]
    except (FileNotFoundError, IsADirectoryError) as fault:
        raise InputError(f"{path} is missing; export the catalog again.") from fault
    except (
        UnidentifiedImageError,
        Image.DecompressionBombError,
        SyntaxError,
        ValueError,
        KeyError,
        OSError,
    ) as fault:
        raise InputError(f"{path} is damaged or no picture; export the catalog again.") from fault


def _drop_stale(
    ledger: Ledger, profile: Profile, placed: Collection[Placed], *, film: str, alone: bool, folder: Path
) -> None:
    """Remove what this layout wrote earlier and no longer does; other layouts' files stay."""
    names = {name for slot in profile.layout for name in slot.names(film, own_folder=alone)}
    stale = [folder / f"{name}{suffix}" for name in names for suffix in SUFFIXES.values()]
    now = {piece.file for piece in placed}
    ledger.drop([path for path in stale if f"{path}" not in now])
