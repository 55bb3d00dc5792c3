"""Export with a title: a second file beside each variant that has room, written down in the catalog."""

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from helpers.frames import build_frames
from PIL import Image, ImageDraw

from artgen.catalog import read_catalog, validate_catalog, write_catalog
from artgen.check import check_catalog
from artgen.delivery import size_catalog
from artgen.errors import InputError
from artgen.export import Exported, Treatment, export_catalog, read_treatment
from artgen.progress import Silent
from artgen.records import Catalog


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_frames(tmp_path_factory.mktemp("built") / "frames").root


def export(built: Path, catalog: Path, treatment: Treatment | None) -> tuple[Exported, Catalog]:
    made = export_catalog(
        catalog,
        frames=built,
        aspects=("16:9", "2:3", "1:1", "9:16"),
        treatment=treatment,
        progress=Silent(),
    )
    return made, validate_catalog(catalog)


def words(text: str) -> Treatment | None:
    return read_treatment(logo=None, text=text, font=None)


@pytest.fixture(scope="module")
def titled(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A catalog with titled pieces; not to be changed."""
    place = tmp_path_factory.mktemp("titled") / "catalog.json"
    export(built, place, words("THE ENGINE"))
    return place


def test_every_variant_has_its_piece_or_says_why_not(titled: Path) -> None:
    catalog = read_catalog(titled)

    assert sum(variant.titled is not None for variant in catalog.variants) >= 0.6 * len(catalog.variants)
    for variant in catalog.variants:
        told = [note for note in variant.why.notes if note.startswith("not titled, ")]
        assert bool(told) == (variant.titled is None)
        if variant.titled is None:
            continue
        with Image.open(titled.parent / variant.titled.file) as image:
            assert image.size == (variant.width, variant.height)
            assert f'artgen:variant="{variant.id}"'.encode() in image.info["xmp"]
        assert variant.titled.file == variant.file.replace(".jpg", "-titled.jpg")
        assert variant.titled.contrast >= 4.5
        assert " ".join(variant.titled.lines) == "THE ENGINE"


def test_the_plain_piece_stays_as_it_is_and_only_the_title_is_new(
    built: Path, titled: Path, tmp_path: Path
) -> None:
    _, plain = export(built, tmp_path / "catalog.json", None)
    catalog = read_catalog(titled)

    assert [variant.sha256 for variant in plain.variants] == [variant.sha256 for variant in catalog.variants]
    for variant in catalog.variants:
        if variant.titled is None or variant.titled.scrim is not None:
            continue
        before, after = (
            np.asarray(Image.open(titled.parent / file)).astype(int)
            for file in (variant.file, variant.titled.file)
        )
        x1, y1, x2, y2 = variant.titled.box
        before[y1 - 16 : y2 + 16, max(0, x1 - 16) : x2 + 16] = 0  # JPEG works in blocks
        after[y1 - 16 : y2 + 16, max(0, x1 - 16) : x2 + 16] = 0
        assert (before == after).all()


def test_the_same_title_gives_the_same_bytes_and_another_replaces_it(built: Path, tmp_path: Path) -> None:
    place = tmp_path / "catalog.json"
    _, first = export(built, place, words("THE ENGINE"))
    _, again = export(built, place, words("THE ENGINE"))
    _, other = export(built, place, words("NOTES"))

    assert again == first
    digests = [
        {variant.titled.sha256 for variant in catalog.variants if variant.titled is not None}
        for catalog in (first, other)
    ]
    assert not digests[0] & digests[1]


def test_without_a_title_the_titled_pieces_of_before_are_removed(built: Path, tmp_path: Path) -> None:
    place = tmp_path / "catalog.json"
    export(built, place, words("THE ENGINE"))
    assert list(tmp_path.rglob("*-titled.jpg"))

    made, catalog = export(built, place, None)

    assert made.titled == 0
    assert all(variant.titled is None for variant in catalog.variants)
    assert not list(tmp_path.rglob("*-titled.jpg"))


def test_a_file_of_somebody_else_in_the_place_is_not_replaced(
    built: Path, titled: Path, tmp_path: Path
) -> None:
    first = next(variant.titled.file for variant in read_catalog(titled).variants if variant.titled)
    (tmp_path / first).parent.mkdir(parents=True)
    (tmp_path / first).write_bytes(b"mine")

    with pytest.raises(InputError, match="not of this catalog"):
        export(built, tmp_path / "catalog.json", words("THE ENGINE"))
    assert (tmp_path / first).read_bytes() == b"mine"


def test_a_logo_is_put_on_too(built: Path, tmp_path: Path) -> None:
    logo = Image.new("RGBA", (600, 160), (0, 0, 0, 0))
    ImageDraw.Draw(logo).rounded_rectangle((10, 10, 590, 150), 40, fill=(255, 255, 255, 255))
    logo.save(tmp_path / "logo.png")

    made, catalog = export(
        built,
        tmp_path / "out" / "catalog.json",
        read_treatment(logo=tmp_path / "logo.png", text=None, font=None),
    )

    assert made.titled > 0
    titles = [variant.titled for variant in catalog.variants if variant.titled is not None]
    assert all(title.lines == () and title.color in {"#ffffff", "#000000"} for title in titles)
    assert catalog.settings["export"]["title"]["logo_size"] == [581, 141]


def test_what_must_carry_the_title_is_held_to_the_titled_piece(titled: Path) -> None:
    by_file = {variant.file: variant for variant in read_catalog(titled).variants}
    found = check_catalog(titled, spec="prime", asset="poster", progress=Silent())

    looked_at = [piece for piece in found.pieces if piece.aspect == "2:3"]
    assert any(piece.file.endswith("-titled.jpg") for piece in looked_at)
    for piece in looked_at:
        if not piece.file.endswith("-titled.jpg"):
            assert by_file[piece.file].titled is None
    assert not [
        f for f in found.findings if f.file.endswith("-titled.jpg") and f.rule in {"text", "zones", "changed"}
    ]


def test_textless_pieces_are_held_to_what_is_textless(titled: Path) -> None:
    found = check_catalog(titled, spec="kodi", progress=Silent())

    assert not [piece for piece in found.pieces if piece.file.endswith("-titled.jpg")]
    assert not [finding for finding in found.findings if finding.rule == "text"]


def test_a_preset_takes_the_pieces_without_a_title(built: Path, titled: Path, tmp_path: Path) -> None:
    shutil.copytree(titled.parent, tmp_path / "out")

    size_catalog(
        tmp_path / "out" / "catalog.json", frames=built, preset="kodi", overwrite=False, progress=Silent()
    )

    sized = read_catalog(tmp_path / "out" / "for-kodi" / "catalog.json")
    assert all(variant.titled is None for variant in sized.variants)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"file": "../titled.jpg"}, "titled.file"),
        ({"box": (0, 0, 9_999, 10)}, "titled.box"),
        ({"sha256": "no"}, "titled.sha256"),
    ],
)
def test_a_catalog_with_an_unsound_titled_piece_is_not_written(
    titled: Path, tmp_path: Path, change: dict[str, object], says: str
) -> None:
    catalog = read_catalog(titled)
    variants = list(catalog.variants)
    place = next(number for number, variant in enumerate(variants) if variant.titled is not None)
    piece = variants[place].titled
    assert piece is not None
    variants[place] = replace(variants[place], titled=replace(piece, **change))  # type: ignore[arg-type]

    with pytest.raises(ValueError, match=says):
        write_catalog(replace(catalog, variants=tuple(variants)), tmp_path / "catalog.json")
