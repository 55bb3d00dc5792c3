"""What must hold in a catalog beyond the types of its fields."""

import re
from collections.abc import Collection, Iterator, Sequence
from pathlib import PurePosixPath, PureWindowsPath

from artgen.catalog.features import vector_length
from artgen.records import Catalog, FeatureBlock, PixelBox, Variant

ASPECT = re.compile(r"[1-9][0-9]{0,4}:[1-9][0-9]{0,4}")
SHA256 = re.compile(r"[0-9a-f]{64}")
TOLERANCE = 1e-3  # a float16 near 1 may lie so far outside a range


def first_fault(catalog: Catalog) -> str | None:
    """The first thing that is wrong, with its place ("variants[3].theme ..."), or None."""
    return next(_faults(catalog), None)


def _faults(catalog: Catalog) -> Iterator[str]:
    title = catalog.title
    if not SHA256.fullmatch(title.film.sha256):
        yield "title.film.sha256 is not 64 hexadecimal digits"
    if title.width <= 0 or title.height <= 0:
        yield f"title.width and title.height are {title.width} x {title.height}"
    if not _lies_in(title.active_picture, (0, 0, title.width, title.height)):
        yield f"title.active_picture {list(title.active_picture)} is not inside the picture"
    yield from _block_faults(catalog.features)
    for name, ids in (
        ("people", [person.id for person in catalog.people]),
        ("themes", [theme.id for theme in catalog.themes]),
        ("variants", [variant.id for variant in catalog.variants]),
        ("variants", catalog.files()),
    ):
        repeated = _first_repeated(ids)
        if repeated is not None:
            yield f"{name}[{repeated}] repeats {ids[repeated]!r}"
    if catalog.use is not None and (catalog.policy is None or catalog.use not in catalog.policy.uses):
        yield f"use {catalog.use!r} is not among the policy's"
    themes = {theme.id for theme in catalog.themes}
    people = {person.id for person in catalog.people}
    for number, variant in enumerate(catalog.variants):
        for fault in _variant_faults(variant, catalog, themes, people):
            yield f"variants[{number}].{fault}"


def _block_faults(blocks: Sequence[FeatureBlock]) -> Iterator[str]:
    offset = 0
    for number, block in enumerate(blocks):
        where = f"features[{number}] ({block.name!r})"
        if block.length <= 0 or block.offset != offset:
            yield f"{where} begins at {block.offset} with length {block.length}; expected to begin at {offset}"
        if not block.low < block.high:
            yield f"{where} has the range {block.low} to {block.high}"
        if block.labels and len(block.labels) != block.length:
            yield f"{where} has {len(block.labels)} labels for {block.length} values"
        offset += block.length
    repeated = _first_repeated([block.name for block in blocks])
    if repeated is not None:
        yield f"features[{repeated}] repeats {blocks[repeated].name!r}"


def _variant_faults(
    variant: Variant, catalog: Catalog, themes: Collection[str], people: Collection[str]
) -> Iterator[str]:
    if variant.theme not in themes:
        yield f"theme {variant.theme!r} is not among the themes"
    if not is_safe_relative(variant.file):
        yield f"file {variant.file!r} is not a plain relative path"
    if not ASPECT.fullmatch(variant.aspect):
        yield f"aspect {variant.aspect!r} is not of the form 16:9"
    if variant.sha256 is not None and not SHA256.fullmatch(variant.sha256):
        yield "sha256 is not 64 hexadecimal digits"
    if variant.width <= 0 or variant.height <= 0:
        yield f"width and height are {variant.width} x {variant.height}"
    if not _lies_in(variant.crop, catalog.title.active_picture):
        yield f"crop {list(variant.crop)} is not inside the active picture"
    unknown = [person for person in variant.people if person not in people]
    if unknown:
        yield f"people {unknown[0]!r} is not among the people"
    yield from _use_faults(variant, catalog)
    wrong = [tag for tag, score in variant.tags.items() if not 0 <= score <= 1]
    if wrong:
        yield f"tags[{wrong[0]!r}] {variant.tags[wrong[0]]} is not in 0..1"
    yield from _title_faults(variant)
    if len(variant.vector) != vector_length(catalog.features):
        yield f"vector has {len(variant.vector)} values, the features have {vector_length(catalog.features)}"
        return
    for block in catalog.features:
        values = variant.vector[block.offset : block.offset + block.length]
        if not all(block.low - TOLERANCE <= value <= block.high + TOLERANCE for value in values):
            yield f"vector leaves the range of {block.name!r}, {block.low} to {block.high}"


def _use_faults(variant: Variant, catalog: Catalog) -> Iterator[str]:
    if variant.place is not None and not 0 <= variant.place <= 1:
        yield f"place {variant.place} is not in 0..1"
    strangers = [person for person in variant.first_seen_s if person not in variant.people]
    if strangers:
        yield f"first_seen_s {strangers[0]!r} is not among its people"
    for use, verdict in variant.uses.items():
        if catalog.policy is None or use not in catalog.policy.uses:
            yield f"uses[{use!r}] is not among the policy's"
        if (verdict.eligible is False) != bool(verdict.breaches) or (verdict.eligible and verdict.not_judged):
            yield f"uses[{use!r}] is {verdict.eligible} against its own reasons"


def _title_faults(variant: Variant) -> Iterator[str]:
    piece: PixelBox = (0, 0, variant.width, variant.height)
    for number, space in enumerate(variant.title_space):
        if not _lies_in(space.box, piece):
            yield f"title_space[{number}].box {list(space.box)} is not inside the piece"
    titled = variant.titled
    if titled is None:
        return
    if not is_safe_relative(titled.file):
        yield f"titled.file {titled.file!r} is not a plain relative path"
    if titled.sha256 is not None and not SHA256.fullmatch(titled.sha256):
        yield "titled.sha256 is not 64 hexadecimal digits"
    if not _lies_in(titled.box, piece):
        yield f"titled.box {list(titled.box)} is not inside the piece"


def is_safe_relative(file: str) -> bool:
    """True for a path that stays beside the catalog on every system: relative, no "..", no drive, no control characters."""
    if not file or "\\" in file or ":" in file or any(ord(c) < 32 for c in file):
        return False
    return (
        not PurePosixPath(file).is_absolute()
        and not {"..", "."} & set(file.split("/"))
        and not _is_reserved(file)
    )


def _is_reserved(file: str) -> bool:
    return bool(PureWindowsPath(file).drive) or any(not part for part in file.split("/"))


def _lies_in(box: PixelBox, outer: PixelBox) -> bool:
    return outer[0] <= box[0] < box[2] <= outer[2] and outer[1] <= box[1] < box[3] <= outer[3]


def _first_repeated(ids: Sequence[str]) -> int | None:
    seen: set[str] = set()
    for number, name in enumerate(ids):
        if name in seen:
            return number
        seen.add(name)
    return None
