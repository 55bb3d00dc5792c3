"""A preset's sizes: exact, never upscaled, no head cut, and sound as a catalog of their own."""

import json
from dataclasses import replace
from importlib import resources
from pathlib import Path

import numpy as np
import pytest
from helpers.frames import ACTIVE, face
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from artgen.catalog import read_catalog, validate_catalog, write_catalog
from artgen.check import check_catalog
from artgen.delivery import Sized, size_catalog
from artgen.delivery.framing import Cut, can_give, cut_for
from artgen.delivery.sizing import reframed
from artgen.errors import InputError
from artgen.folder import FramesFolder, read_title, write_json
from artgen.progress import Silent
from artgen.records import Film, PixelBox
from artgen.specs import Asset, Facts, judge, largest_crop, load_profile

HD: PixelBox = (0, 0, 1920, 1080)
UHD: PixelBox = (0, 0, 3840, 2160)
HERO = Asset(
    "hero", "hero art", "s", "hero", "16:9", ("jpeg",), "none", least=(1920, 1080), preferred=((1920, 1080),)
)
TILE = Asset("tile", "tile", "s", "tile", "10:3", ("jpeg",), "none", least=(3840, 1152), most=(3840, 1152), preferred=((3840, 1152),))  # fmt: skip
ANY_SIZE = Asset("banner", "banner", "s", "banner", "16:9", ("jpeg",), "any", exact_ratio=True)


def test_a_crop_that_is_large_enough_is_scaled_down_to_the_preferred_size() -> None:
    assert cut_for(HERO, (100, 100, 2660, 1540), active=UHD, faces=[]) == Cut(
        (100, 100, 2660, 1540), (1920, 1080)
    )


def test_a_crop_that_is_too_small_grows_around_what_it_shows() -> None:
    cut = cut_for(HERO, (1000, 500, 2280, 1220), active=UHD, faces=[])

    assert cut == Cut((680, 320, 2600, 1400), (1920, 1080))


def test_a_growing_crop_stays_inside_the_picture() -> None:
    corner = cut_for(HERO, (2560, 1440, 3840, 2160), active=UHD, faces=[])
    whole = cut_for(HERO, (300, 100, 1580, 820), active=HD, faces=[])

    assert corner == Cut((1920, 1080, 3840, 2160), (1920, 1080))
    assert whole == Cut(HD, (1920, 1080))


def test_a_growing_crop_goes_round_a_head() -> None:
    beside = face("s", 0, (600.0, 500.0, 700.0, 640.0))

    cut = cut_for(HERO, (1000, 500, 2280, 1220), active=UHD, faces=[beside])

    assert isinstance(cut, Cut)
    assert cut.size == (1920, 1080)
    assert cut.crop[0] >= 722 or cut.crop[0] <= 578
    assert cut.crop[0] <= 1000
    assert cut.crop[2] >= 2280


def test_where_every_crop_would_cut_a_head_none_is_made() -> None:
    everywhere = [
        face("s", n, (x, y, x + 300.0, y + 400.0))
        for n, (x, y) in enumerate([(750, 100), (750, 1000), (2300, 500)])
    ]

    refused = cut_for(HERO, (1100, 560, 2300, 1235), active=(600, 0, 2700, 2160), faces=everywhere)

    assert refused == "a head would be cut at 1920 x 1080"


def test_without_a_least_size_the_exact_aspect_is_cut_from_the_crop_and_not_scaled() -> None:
    cut = cut_for(ANY_SIZE, (0, 0, 1279, 719), active=HD, faces=[])

    assert cut == Cut((7, 4, 1271, 715), (1264, 711))


def test_almost_the_right_size_is_cut_and_not_scaled() -> None:
    cut = cut_for(HERO, (10, 10, 1935, 1093), active=UHD, faces=[])

    assert cut == Cut((12, 11, 1932, 1091), (1920, 1080))


def test_what_a_picture_can_give() -> None:
    assert can_give(HERO, HD)
    assert not can_give(HERO, (0, 140, 1920, 940))
    assert not can_give(TILE, HD)
    assert can_give(TILE, UHD)
    assert can_give(ANY_SIZE, HD)


@given(
    st.integers(400, 4096), st.integers(300, 2304), st.floats(0, 1), st.floats(0, 1), st.floats(0.2, 1),
    st.sampled_from(["prime", "roku", "max", "tmdb", "googletv", "kodi"]), st.data(),
)  # fmt: skip
def test_no_cut_is_scaled_up_leaves_the_picture_or_has_another_aspect(
    wide: int, high: int, x: float, y: float, scale: float, spec: str, data: st.DataObject
) -> None:
    asset = data.draw(
        st.sampled_from([a for a in load_profile(spec).assets if a.ratio and a.made_of == "stills"])
    )
    active: PixelBox = (8, 4, 8 + wide, 4 + high)
    shape = asset.shape()
    assert shape is not None
    crop_wide, crop_high = largest_crop((wide, high), shape)
    crop_wide, crop_high = max(1, int(crop_wide * scale)), max(1, int(crop_high * scale))
    left, top = 8 + int(x * (wide - crop_wide)), 4 + int(y * (high - crop_high))
    crop: PixelBox = (left, top, left + crop_wide, top + crop_high)
    if not can_give(asset, active):
        return

    cut = cut_for(asset, crop, active=active, faces=[])

    assert isinstance(cut, Cut)
    x1, y1, x2, y2 = cut.crop
    assert active[0] <= x1 < x2 <= active[2]
    assert active[1] <= y1 < y2 <= active[3]
    assert cut.size[0] <= x2 - x1
    assert cut.size[1] <= y2 - y1
    assert asset.least is None or (cut.size[0] >= asset.least[0] and cut.size[1] >= asset.least[1])
    facts = Facts("f", "jpeg", "RGB", *cut.size, 1, "sRGB", (), (), None)
    rules = {f.rule for f in judge(facts, asset, load_profile(spec), variant="v", picture=(wide, high))}
    assert not rules & {"ratio", "size"}


@pytest.fixture
def preset(tmp_path: Path) -> Path:
    """A profile of sizes that drawn stills of 640 x 360 can give, and one they cannot."""
    content = json.loads((resources.files("artgen.specs") / "profiles" / "roku.json").read_bytes())
    kept = {asset["id"]: asset for asset in content["assets"]}
    small, poster = kept["background"], kept["poster"]
    small |= {"least": [480, 270], "most": [640, 360], "preferred": [[480, 270]], "zones": []}
    poster |= {"least": [1000, 1500], "zones": []}
    content |= {"id": "house", "name": "House", "assets": [small, poster]}
    path = tmp_path / "house.json"
    path.write_text(json.dumps(content))
    return path


def size(place: Path, preset: Path | str, **options: bool) -> Sized:
    return size_catalog(
        place / "out" / "catalog.json",
        frames=place / "frames",
        preset=f"{preset}",
        progress=Silent(),
        **options,
    )


def test_the_sizes_are_a_sound_catalog_that_passes_its_own_check(place: Path, preset: Path) -> None:
    made = size(place, preset)

    catalog = validate_catalog(Path(made.catalog))
    wide = [v for v in read_catalog(place / "out" / "catalog.json").variants if v.aspect == "16:9"]
    assert made.made == len(catalog.variants) == len(wide)
    assert made.sizes == {"480 x 270": len(wide)}
    assert made.refused == [
        "House asks for 1000 x 1500 for poster art; a picture of 640 x 360 gives 240 x 360 of 2:3 at most "
        "without upscaling, so none was made."
    ]
    found = check_catalog(Path(made.catalog), spec=f"{preset}", progress=Silent())
    assert found.findings == []
    assert (Path(made.catalog).parent / "vectors.parquet").is_file()


def test_each_piece_shows_what_its_crop_says(place: Path, preset: Path) -> None:
    made = size(place, preset)

    for variant in read_catalog(Path(made.catalog)).variants:
        still = Image.open(place / "frames" / "stills" / f"{variant.still}.jpg").convert("RGB")
        x1, y1, x2, y2 = variant.crop
        cut = still.crop((x1, y1 - ACTIVE[1], x2, y2 - ACTIVE[1])).resize(
            (480, 270), Image.Resampling.LANCZOS
        )
        piece = Image.open(Path(made.catalog).parent / variant.file)
        assert piece.size == (480, 270)
        assert np.abs(np.asarray(piece.convert("RGB")).astype(int) - np.asarray(cut)).mean() < 3


def test_advised_sizes_that_the_film_lacks_are_made_as_large_as_it_is(place: Path) -> None:
    made = size(place, "kodi")

    assert made.made > 0
    assert all("made as large as it is" in sentence for sentence in made.refused)
    assert check_catalog(Path(made.catalog), spec="kodi", progress=Silent()).ok


def test_a_store_that_a_small_film_cannot_serve_gets_nothing_and_that_is_said(place: Path) -> None:
    made = size(place, "max")

    assert made.made == 0
    assert any("3840 x 2160 for horizontal tile" in sentence for sentence in made.refused)
    assert validate_catalog(Path(made.catalog)).variants == ()


def test_the_same_is_made_twice_and_stale_pieces_go(place: Path, preset: Path) -> None:
    made = size(place, preset)
    folder = Path(made.catalog).parent
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    size(place, preset)
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before

    catalog = read_catalog(place / "out" / "catalog.json")
    write_catalog(replace(catalog, variants=catalog.variants[:3]), place / "out" / "catalog.json")
    (folder / "artwork" / "mine.jpg").write_bytes(b"mine")
    size(place, preset)

    pictures = {path.relative_to(folder).as_posix() for path in folder.rglob("*.jpg")}
    named = {variant.file for variant in read_catalog(folder / "catalog.json").variants}
    assert pictures == named | {"artwork/mine.jpg"}


def test_too_many_bytes_are_saved_with_lower_quality(place: Path, preset: Path) -> None:
    content = json.loads(preset.read_text())
    limit = 11_000
    content["assets"][0]["most_bytes"] = limit
    usual = size(place, preset)
    before = [path.stat().st_size for path in Path(usual.catalog).parent.rglob("*.jpg")]
    assert max(before) > limit
    preset.write_text(json.dumps(content))
    smaller = size(place, preset)

    folder = Path(smaller.catalog).parent
    assert usual.made == smaller.made
    for variant in read_catalog(Path(smaller.catalog)).variants:
        assert (folder / variant.file).stat().st_size <= limit


def test_another_films_frames_are_refused(place: Path, preset: Path) -> None:
    folder = FramesFolder(place / "frames")
    title = read_title(folder)
    for other in (
        replace(title, film=Film("x.mp4", "00" * 32, 1)),
        replace(title, active_picture=(0, 0, 640, 360)),
    ):
        write_json(folder.title, other)
        with pytest.raises(InputError, match="is of another film than"):
            size(place, preset)


def test_a_catalog_that_names_a_still_outside_is_refused(place: Path, preset: Path) -> None:
    catalog = read_catalog(place / "out" / "catalog.json")
    variants = tuple(replace(variant, still="../../secret") for variant in catalog.variants)
    (place / "secret.jpg").write_bytes((place / "out" / catalog.variants[0].file).read_bytes())
    write_catalog(replace(catalog, variants=variants), place / "out" / "catalog.json")

    with pytest.raises(InputError, match="has no still"):
        size(place, preset)


def test_an_id_that_looks_like_a_path_writes_nothing_outside(place: Path, preset: Path) -> None:
    catalog = read_catalog(place / "out" / "catalog.json")
    variants = tuple(replace(v, id=f"../../../{n}") for n, v in enumerate(catalog.variants))
    write_catalog(replace(catalog, variants=variants), place / "out" / "catalog.json")
    before = {path for path in place.rglob("*") if "for-house" not in path.parts}

    made = size(place, preset)

    assert made.made > 0
    assert {path for path in place.rglob("*") if "for-house" not in path.parts} == before
    assert all(v.id.startswith(v.theme.partition(":")[0]) for v in read_catalog(Path(made.catalog)).variants)


def test_the_vector_follows_the_crop(place: Path, preset: Path) -> None:
    catalog = read_catalog(place / "out" / "catalog.json")
    variant = next(v for v in catalog.variants if v.aspect == "16:9")
    blocks = {block.name: block for block in catalog.features}

    def values(vector: tuple[float, ...], name: str) -> list[float]:
        block = blocks[name]
        return list(vector[block.offset : block.offset + block.length])

    x1, y1, x2, y2 = variant.crop
    half = (x1, y1, x1 + (x2 - x1) // 2, y2)
    new = reframed(variant.vector, catalog.features, old=variant.crop, new=half)

    before, after = values(variant.vector, "placement"), values(new, "placement")
    assert after[0] == pytest.approx(min(1, 2 * before[0]), abs=2e-3)
    assert after[1] == pytest.approx(before[1], abs=2e-3)
    assert after[2] == pytest.approx(before[2] / 2, abs=2e-3)
    assert values(new, "aspect") == pytest.approx([float(np.log2((half[2] - half[0]) / (y2 - y1)))], abs=2e-3)
    assert values(new, "embedding") == values(variant.vector, "embedding")
