"""The order of a check: every variant's file is found, held to its catalog, then to the target's profile."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from artgen.catalog import read_catalog
from artgen.check.measuring import Looker, Measured
from artgen.errors import InputError, UsageError
from artgen.folder import sha256_of
from artgen.machine import model_folders
from artgen.progress import Progress
from artgen.records import Catalog, Variant
from artgen.specs import Asset, Facts, Finding, Profile, distance, judge, load_profile

NEAR = 0.06  # in the logarithm of the aspect: nearer than any two aspects that targets tell apart
CLAIMS = "docs/catalog.md"


@dataclass(frozen=True, slots=True)
class PieceChecked:
    """One variant: the asset it was held to (None: the target asks for no such aspect), and whether it is as asked."""

    variant: str
    file: str
    aspect: str
    asset: str | None
    ok: bool


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check came to. `ok` is False where a "must" is not met; `absent` names assets no variant stands for."""

    catalog: str
    spec: str
    name: str
    ok: bool
    pieces: list[PieceChecked]
    findings: list[Finding]
    absent: list[str]
    notes: list[str]


def check_catalog(catalog: Path, *, spec: str, asset: str | None = None, progress: Progress) -> Checked:
    """Hold every file of a catalog to a profile; what does not fit is found, not repaired.

    A variant is held to the asset of its own aspect. As variants are textless, it is held to one that carries the
    title only where the profile has no other of this aspect, and there its piece with the title is looked at, if it
    has one.

    Args:
        catalog: the catalog.json; its files lie beside it.
        spec: one of specs.PROFILES, or the path of a profile.
        asset: hold all to this asset of the profile instead.
        progress: who watches.

    Raises:
        UsageError: there is no such profile or asset.
        InputError: the catalog or profile is at fault, or one of its files lies outside its folder.
        MachineError: something may not be read.
    """
    profile = load_profile(spec)
    wanted = [a for a in profile.assets if a.made_of == "stills" and asset in (None, a.id)]
    if not wanted:
        ids = ", ".join(a.id for a in profile.assets if a.made_of == "stills")
        raise UsageError(f"{profile.name} has no asset {asset!r} made of stills; it has {ids}.")
    read = read_catalog(catalog)
    variants = [_as_asked(variant, wanted) for variant in read.variants]
    paths = [_inside(catalog, variant.file) for variant in variants]
    looker = Looker(folders=model_folders())
    pieces: list[PieceChecked] = []
    findings: list[Finding] = []
    rows = zip(variants, paths, strict=True)
    for variant, path in progress.over(rows, "checking files", total=len(paths)):
        piece, found = _check(variant, path, catalog=read, profile=profile, wanted=wanted, looker=looker)
        pieces.append(piece)
        findings += found
    used = {piece.asset for piece in pieces}
    return Checked(
        catalog=f"{catalog}",
        spec=profile.id,
        name=profile.name,
        ok=not any(finding.level == "must" for finding in findings),
        pieces=pieces,
        findings=findings,
        absent=[f"{a.id} ({a.ratio or 'any aspect'})" for a in profile.assets if a.id not in used],
        notes=list(profile.notes),
    )


def _as_asked(variant: Variant, wanted: Sequence[Asset]) -> Variant:
    """The variant with the file of its titled piece, where all that it could stand for must carry the title."""
    assets, titled = _assets_for(variant, wanted), variant.titled
    if titled is None or not assets or any(asset.text != "title" for asset in assets):
        return variant
    return replace(variant, file=titled.file, sha256=titled.sha256)


def _inside(catalog: Path, file: str) -> Path:
    """The place of a catalog's file, links followed; the catalog itself was read with plain relative paths only."""
    root = catalog.parent.resolve()
    path = (root / file).resolve()
    if not path.is_relative_to(root):
        raise InputError(f"{catalog} names {file}, a link that leaves its folder; remove the link.")
    return path


def _check(
    variant: Variant,
    path: Path,
    *,
    catalog: Catalog,
    profile: Profile,
    wanted: Sequence[Asset],
    looker: Looker,
) -> tuple[PieceChecked, list[Finding]]:
    assets = _assets_for(variant, wanted)
    try:
        measured = looker.measure(path, variant.file)
        facts = looker.look(measured.facts, path, assets)
    except InputError as fault:
        rule = "file" if path.exists() else "missing"
        found = [_claim(variant, rule, f"{fault}", "a picture")]
        return PieceChecked(variant.id, variant.file, variant.aspect, None, ok=False), found
    facts = replace(facts, subject=_subject(variant, catalog))
    claims = list(_broken_claims(variant, measured, catalog, path))
    x1, y1, x2, y2 = catalog.title.active_picture
    judged = [
        (asset, judge(facts, asset, profile, variant=variant.id, picture=(x2 - x1, y2 - y1)))
        for asset in assets
    ]
    best, found = min(judged, key=lambda pair: _weight(pair[1]), default=(None, []))
    ok = not any(finding.level == "must" for finding in (*claims, *found))
    piece = PieceChecked(variant.id, variant.file, variant.aspect, best.id if best else None, ok)
    return piece, [*claims, *found]


def _assets_for(variant: Variant, wanted: Sequence[Asset]) -> list[Asset]:
    wide, high = variant.aspect.split(":")
    aspect = Fraction(int(wide), int(high))
    near = [(distance(aspect, asset), asset) for asset in wanted]
    nearest = min((far for far, _ in near), default=NEAR)
    if nearest > NEAR:
        return []
    same = [asset for far, asset in near if far <= nearest + 1e-9]
    return [asset for asset in same if asset.text != "title"] or same


def _weight(found: Sequence[Finding]) -> tuple[int, int]:
    return sum(finding.level == "must" for finding in found), len(found)


def _subject(variant: Variant, catalog: Catalog) -> tuple[float, float] | None:
    """Where the subject lies, as fractions of the variant, from its vector."""
    for block in catalog.features:
        if block.name == "placement" and block.labels[:2] == ("subject_x", "subject_y"):
            across, down = variant.vector[block.offset : block.offset + 2]
            return across, down
    return None


def _broken_claims(variant: Variant, measured: Measured, catalog: Catalog, path: Path) -> Iterator[Finding]:
    """What the catalog says of its file and is not so; advice where a piece was only worked on since."""
    facts = measured.facts
    changed = _change(variant, facts, measured.origin, catalog)
    if changed is not None:
        sentence = f"{variant.file} {changed}: it was changed or replaced since the export; export the catalog again."
        yield _claim(variant, "changed", sentence, "the file that was exported")
    elif variant.sha256 is not None and sha256_of(path) != variant.sha256:
        sentence = f"{variant.file} was worked on since the export: its content is not what the catalog's SHA-256 says."
        yield replace(_claim(variant, "changed", sentence, "the file that was exported"), level="advice")
    if facts.icc is None or "srgb" not in facts.icc.lower():
        found = "no color profile" if facts.icc is None else f"the color profile {facts.icc!r}"
        sentence = f"{variant.file} has {found}; the catalog promises sRGB: export it again, or save it with an sRGB profile."
        yield _claim(variant, "profile", sentence, "an sRGB profile")
    wide, high = variant.crop[2] - variant.crop[0], variant.crop[3] - variant.crop[1]
    if facts.width > wide or facts.height > high:
        sentence = (
            f"{variant.file} has {facts.width} x {facts.height} pixels of a crop of {wide} x {high}: it is upscaled; "
            f"use it at {wide} x {high} at most, or take it from a larger master."
        )
        yield _claim(variant, "upscaled", sentence, f"{wide} x {high} at most")


def _change(variant: Variant, facts: Facts, origin: dict[str, str], catalog: Catalog) -> str | None:
    if (facts.width, facts.height) != (variant.width, variant.height):
        return (
            f"has {facts.width} x {facts.height} pixels, its catalog says {variant.width} x {variant.height}"
        )
    if not origin:
        return "does not say where it is from"
    expected = {
        "filmSha256": catalog.title.film.sha256,
        "variant": variant.id,
        "crop": " ".join(str(side) for side in variant.crop),
    }
    wrong = [name for name, value in expected.items() if origin.get(name) != value]
    if wrong:
        return f"says of itself {wrong[0]} {origin.get(wrong[0], 'nothing')!r}, its catalog {expected[wrong[0]]!r}"
    return None


def _claim(variant: Variant, rule: str, sentence: str, asked: str) -> Finding:
    return Finding(variant.file, variant.id, "", rule, "must", rule, asked, CLAIMS, sentence)
