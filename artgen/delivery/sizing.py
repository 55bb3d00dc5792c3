"""A catalog of its own in the sizes that a store asks for, made from the stills of another; nothing is upscaled."""

import io
import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from artgen import __version__
from artgen.artwork import Provenance, render_variant
from artgen.artwork.describing import PLACEMENT
from artgen.artwork.provenance import xmp_packet
from artgen.artwork.render import srgb_profile
from artgen.beside import Ledger, open_ledger
from artgen.catalog import read_catalog, with_digests, write_catalog, write_vectors
from artgen.delivery.framing import Cut, can_give, cut_for
from artgen.errors import InputError
from artgen.folder import FramesFolder, held, read_lines, read_title
from artgen.pictures import SUFFIXES as OF_FORMAT
from artgen.pictures import load_picture
from artgen.progress import Progress
from artgen.records import Catalog, Face, FeatureBlock, PixelBox, TitleSpace, Variant, Verdict
from artgen.specs import Asset, Profile, distance, largest_crop, load_profile

CATALOG, VECTORS, LEDGER = "catalog.json", "vectors.parquet", "preset.json"
SUFFIXES = tuple(OF_FORMAT.values())
NEAR = 1e-9
LOWER_QUALITIES = (90, 85, 80, 70)  # tried in turn where a file has too many bytes

Picture = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Sized:
    """What a preset came to. `refused` says, a sentence each, what this film or a still of it cannot give."""

    preset: str
    catalog: str
    made: int
    sizes: dict[str, int]
    refused: list[str]


@dataclass(frozen=True, slots=True)
class _Piece:
    variant: Variant
    most_bytes: int | None


def size_catalog(
    catalog: Path, *, frames: Path, preset: str, overwrite: bool = False, progress: Progress
) -> Sized:
    """Write for-PRESET/catalog.json beside a catalog: its variants, in the profile's sizes, with their artwork.

    Each variant of an aspect the profile asks for becomes one piece a size: scaled down where its crop is larger,
    taken wider where it is smaller and the still has room. What cannot be had without upscaling is not made.

    Args:
        catalog: the catalog.json.
        frames: the frames folder it was made from.
        preset: one of specs.PROFILES, or the path of a profile.
        overwrite: replace files that artgen did not write.
        progress: who watches.

    Raises:
        UsageError: there is no such profile.
        InputError: catalog, profile or frames folder are at fault, or something else lies in the place.
        MachineError: disk, memory or permission.
    """
    profile = load_profile(preset)
    source = read_catalog(catalog)
    folder = FramesFolder(frames)
    title = read_title(folder)
    same_picture = title.active_picture == source.title.active_picture
    if title.film.sha256 != source.title.film.sha256 or not same_picture:
        raise InputError(f"{frames} is of another film than {catalog}; name its own frames folder.")
    out = catalog.parent / f"for-{profile.id}"
    refused: list[str] = []
    pieces = list(_pieces(source, profile, _faces(folder, title.active_picture), refused))
    variants = tuple(piece.variant for piece in pieces)
    used = {variant.theme for variant in variants}
    made = replace(
        source,
        settings=source.settings | {"preset": profile.id},
        themes=tuple(theme for theme in source.themes if theme.id in used),
        variants=variants,
    )
    with held(out):
        ledger = open_ledger(out / LEDGER, film=source.title.film, overwrite=overwrite)
        for piece in progress.over(pieces, f"sizing for {profile.name}", total=len(pieces)):
            data = _rendered(piece, source, folder, active=title.active_picture)
            ledger.write(out / piece.variant.file, data)
        made = with_digests(made, out)
        _write(ledger, out / VECTORS, lambda beside: write_vectors(made, beside))
        _write(ledger, out / CATALOG, lambda beside: write_catalog(made, beside))
        current = {out / file for file in (CATALOG, VECTORS, *(variant.file for variant in variants))}
        ledger.drop([path for path in ledger.written_under(out) if path not in current])
    sizes = Counter(f"{variant.width} x {variant.height}" for variant in variants)
    return Sized(profile.id, f"{out / CATALOG}", len(variants), dict(sizes), refused)


def _write(ledger: Ledger, path: Path, write: Callable[[Path], None]) -> None:
    """Let `write` make a file and put it in its place by the ledger's rules."""
    beside = path.with_name(f".{path.name}.new")
    try:
        write(beside)
        ledger.write(path, beside.read_bytes())
    finally:
        beside.unlink(missing_ok=True)


def _pieces(
    source: Catalog, profile: Profile, faces: dict[str, list[Face]], refused: list[str]
) -> Iterator[_Piece]:
    """Every variant in every size the profile asks for in its aspect, once; what cannot be is told."""
    active = source.title.active_picture
    assets = [asset for asset in profile.assets if asset.made_of == "stills" and asset.ratio is not None]
    able = [asset for asset in assets if can_give(asset, active)]
    refused += [_too_small(asset, profile, active) for asset in assets if asset not in able]
    advised = [
        replace(asset, least=None, preferred=())
        for asset in assets
        if asset not in able and profile.level_of(asset, "size") == "advice"
    ]
    for variant in source.variants:
        done: set[Cut] = set()
        for asset in (*able, *advised):
            if distance(_ratio(variant.aspect), asset) > NEAR:
                continue
            cut = cut_for(asset, variant.crop, active=active, faces=faces.get(variant.still, []))
            if isinstance(cut, str):
                refused.append(f"{variant.id}: no {asset.label} of it, for {cut}.")
            elif cut not in done:
                done.add(cut)
                yield _Piece(_recut(variant, cut, asset, source), asset.most_bytes)


def _too_small(asset: Asset, profile: Profile, active: PixelBox) -> str:
    least = asset.least or (1, 1)
    picture = active[2] - active[0], active[3] - active[1]
    wide, high = largest_crop(picture, Fraction(*least))
    verb = "asks for" if profile.level_of(asset, "size") == "must" else "advises"
    what = "so none was made" if verb == "asks for" else "so it was made as large as it is"
    return (
        f"{profile.name} {verb} {least[0]} x {least[1]} for {asset.label}; a picture of {picture[0]} x {picture[1]} "
        f"gives {wide} x {high} of {asset.ratio} at most without upscaling, {what}."
    )


def _recut(variant: Variant, cut: Cut, asset: Asset, source: Catalog) -> Variant:
    wide, high = cut.size
    # The file's path was held to stay beside its catalog when that was read; an id may be anything.
    name = f"{variant.file.removeprefix('artwork/').removesuffix('.jpg')}-{wide}x{high}"
    scaled = (cut.crop[2] - cut.crop[0], cut.crop[3] - cut.crop[1]) != cut.size
    note = f"{wide} x {high} for {asset.label}, {'scaled down' if scaled else 'not scaled'}"
    return replace(
        variant,
        id=name,
        file=f"artwork/{name}.jpg",
        width=wide,
        height=high,
        crop=cut.crop,
        vector=reframed(variant.vector, source.features, old=variant.crop, new=cut.crop),
        why=replace(variant.why, notes=(*variant.why.notes, note)),
        uses=variant.uses if _holds(variant.crop, cut.crop) else _unsure(variant.uses),
        title_space=_scaled_spaces(variant, cut),
        titled=None,  # a piece of its own, which nobody sized
    )


def _scaled_spaces(variant: Variant, cut: Cut) -> tuple[TitleSpace, ...]:
    """The room for a title in the same crop at another size; unknown in another crop."""
    if cut.crop != variant.crop:
        return ()
    wide, high = cut.size
    return tuple(
        replace(
            space,
            box=(
                space.box[0] * wide // variant.width,
                space.box[1] * high // variant.height,
                space.box[2] * wide // variant.width,
                space.box[3] * high // variant.height,
            ),
        )
        for space in variant.title_space
    )


def _holds(outer: PixelBox, box: PixelBox) -> bool:
    return outer[0] <= box[0] and outer[1] <= box[1] and box[2] <= outer[2] and box[3] <= outer[3]


def _unsure(uses: Mapping[str, Verdict]) -> dict[str, Verdict]:
    """What a policy says of a crop taken wider than the one it judged: nothing that it allows is sure."""
    return {use: replace(said, eligible=None) if said.eligible else said for use, said in uses.items()}


def reframed(
    vector: Sequence[float], features: Sequence[FeatureBlock], *, old: PixelBox, new: PixelBox
) -> tuple[float, ...]:
    """A variant's vector for another crop of the same still: face heights, placement and aspect follow the crop.

    The room for a title is not known in another crop, and said to be none.

    Args:
        vector: of the old crop.
        features: the catalog's blocks.
        old: in the upright picture.
        new: likewise.
    """
    values = list(vector)
    across, down = ((new[n + 2] - new[n]) / (old[n + 2] - old[n]) for n in (0, 1))
    for block in features:
        at = block.offset
        if block.name == "people":
            values[at : at + block.length] = [value / down for value in values[at : at + block.length]]
        elif block.name == "faces" and "largest_height" in block.labels:
            values[at + block.labels.index("largest_height")] /= down
        elif block.name == "placement" and block.labels[:4] == PLACEMENT:
            x = (old[0] + values[at] * (old[2] - old[0]) - new[0]) / (new[2] - new[0])
            y = (old[1] + values[at + 1] * (old[3] - old[1]) - new[1]) / (new[3] - new[1])
            values[at : at + 4] = [x, y, values[at + 2] * across, values[at + 3] * down]
        elif block.name == "title_space" and old != new:
            values[at : at + block.length] = [0.0] * block.length
        elif block.name == "aspect":
            values[at] = math.log2((new[2] - new[0]) / (new[3] - new[1]))
        values[at : at + block.length] = [
            min(max(value, block.low), block.high) for value in values[at : at + block.length]
        ]
    return tuple(float(value) for value in np.array(values, dtype=np.float16))


def _rendered(piece: _Piece, source: Catalog, folder: FramesFolder, *, active: PixelBox) -> bytes:
    """The piece as JPEG, with lower quality where the target's limit of bytes asks for it."""
    variant = piece.variant
    size = active[2] - active[0], active[3] - active[1]
    picture = load_picture(_still_file(folder, variant.still), size=size)
    x1, y1, x2, y2 = variant.crop
    cut = picture[y1 - active[1] : y2 - active[1], x1 - active[0] : x2 - active[0]]
    scaled = _scaled(cut, (variant.width, variant.height))
    provenance = _provenance(variant, source)
    data = render_variant(scaled, (0, 0, variant.width, variant.height), provenance)
    for quality in LOWER_QUALITIES:
        if piece.most_bytes is None or len(data) <= piece.most_bytes:
            break
        data = _encoded(scaled, quality, provenance)
    return data


def _still_file(folder: FramesFolder, still: str) -> Path:
    """The picture of a still; its id comes from the catalog, so it is held to be a plain name."""
    found = next(
        (folder.pictures / f"{still}{s}" for s in SUFFIXES if (folder.pictures / f"{still}{s}").exists()),
        None,
    )
    if found is None or found.parent != folder.pictures:
        raise InputError(f"{folder.pictures} has no still {still!r}; give the frames folder of this catalog.")
    return found


def _scaled(picture: Picture, size: tuple[int, int]) -> Picture:
    from PIL import Image

    if (picture.shape[1], picture.shape[0]) == size:
        return picture
    image = Image.fromarray(np.ascontiguousarray(picture))
    return np.asarray(image.resize(size, Image.Resampling.LANCZOS))


def _encoded(picture: Picture, quality: int, provenance: Provenance) -> bytes:
    from PIL import Image

    out = io.BytesIO()
    Image.fromarray(picture).save(
        out, "JPEG", quality=quality, optimize=True, icc_profile=srgb_profile(), xmp=xmp_packet(provenance)
    )
    return out.getvalue()


def _provenance(variant: Variant, source: Catalog) -> Provenance:
    return Provenance(
        artgen=__version__,
        film_name=source.title.film.name,
        film_sha256=source.title.film.sha256,
        variant=variant.id,
        still=variant.still,
        pts=variant.pts,
        time_base=source.title.time_base,
        time_s=variant.time_s,
        crop=variant.crop,
        models=source.models,
    )


def _faces(folder: FramesFolder, active: PixelBox) -> dict[str, list[Face]]:
    """The faces of each still, in the upright picture."""
    found: dict[str, list[Face]] = {}
    if not folder.faces.exists():
        return found
    for face in read_lines(folder.faces, Face):
        x1, y1, x2, y2 = face.box
        box = (x1 + active[0], y1 + active[1], x2 + active[0], y2 + active[1])
        found.setdefault(face.still, []).append(replace(face, box=box))
    return found


def _ratio(aspect: str) -> Fraction:
    wide, high = aspect.split(":")
    return Fraction(int(wide), int(high))
