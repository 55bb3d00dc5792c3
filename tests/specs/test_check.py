"""Checking real files: every seeded violation is found, by its kind, and nothing else is."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from helpers.films import Picture
from PIL import Image, ImageDraw, ImageFont

from artgen.artwork.render import srgb_profile
from artgen.catalog import read_catalog, with_digests, write_catalog
from artgen.check import Checked, check_catalog
from artgen.errors import InputError, UsageError
from artgen.progress import Silent
from artgen.video import probe, read_pictures

from .conftest import write_piece

SAMPLE = Path(__file__).resolve().parent.parent.parent / "samples" / "sample.mp4"
Alter = Callable[..., Path]


def check(catalog: Path, spec: str = "prime", **options: str) -> Checked:
    return check_catalog(catalog, spec=spec, progress=Silent(), **options)  # type: ignore[arg-type]


def rules(found: Checked, aspect: str) -> list[str]:
    """The rules broken by the variant of an aspect, sorted."""
    shape = aspect.replace(":", "x")
    return sorted(finding.rule for finding in found.findings if finding.variant.endswith(shape))


def save_again(path: Path, image: Image.Image | None = None, kind: str = "JPEG", **options: object) -> None:
    """Save a file again with the same claims of origin, changed where asked."""
    before = Image.open(io.BytesIO(path.read_bytes()))
    kept = {"icc_profile": srgb_profile(), "xmp": before.info["xmp"], "quality": 95} | options
    (image or before).save(path, kind, **{name: value for name, value in kept.items() if value is not None})


def lettered(path: Path) -> Image.Image:
    image = Image.open(path).convert("RGB")
    size = image.height // 14
    ImageDraw.Draw(image).text(
        (image.width // 2, image.height // 2), "The Long Way Home", fill="white", anchor="mm",
        font=ImageFont.load_default(size), stroke_width=3, stroke_fill="black",
    )  # fmt: skip
    return image


def test_a_sound_catalog_breaks_no_rule_of_a_target_it_is_fit_for(catalog: Path) -> None:
    for spec in ("ember", "roku", "tmdb", "kodi", "jellyfin", "plex", "kometa"):
        found = check(catalog, spec)
        poster = {"ember": ["size", "text"], "roku": ["size"], "kodi": ["size"]}.get(spec, [])
        assert rules(found, "16:9") == [], spec
        assert rules(found, "2:3") == poster, spec
        assert rules(found, "1:1") == [], spec


def test_each_variant_is_held_to_the_asset_of_its_aspect(catalog: Path) -> None:
    found = check(catalog)

    assert [(piece.aspect, piece.asset, piece.ok) for piece in found.pieces] == [
        ("16:9", "hero", True),
        ("2:3", "poster", False),
        ("1:1", None, True),
    ]
    assert "boxart-movie (3:4)" in found.absent
    assert not found.ok


@pytest.mark.parametrize("size", [(1920, 1000), (1600, 1200)])
def test_a_wrong_aspect_is_found_and_that_the_file_was_replaced(catalog: Path, size: tuple[int, int]) -> None:
    path = catalog.parent / "artwork/general/s1-16x9.jpg"
    save_again(path, Image.open(path).resize(size))

    assert (
        {"ratio", "changed"} <= set(rules(check(catalog), "16:9")) <= {"ratio", "changed", "size", "upscaled"}
    )


def test_too_many_bytes_are_found(catalog: Path) -> None:
    path = catalog.parent / "artwork/general/s1-16x9.jpg"
    with open(path, "ab") as file:
        file.write(bytes(11_000_000))

    assert rules(check(catalog), "16:9") == ["bytes"]
    assert rules(check(catalog, "ember"), "16:9") == []


def test_a_wrong_format_is_found_by_content_not_by_name(catalog: Path) -> None:
    path = catalog.parent / "artwork/general/s1-16x9.jpg"
    save_again(path, kind="WEBP")
    assert rules(check(catalog), "16:9") == ["format"]

    save_again(path, kind="GIF", icc_profile=None)
    assert {"format", "color", "profile"} <= set(rules(check(catalog), "16:9"))


def test_a_wrong_color_mode_is_found(catalog: Path) -> None:
    path = catalog.parent / "artwork/general/s1-16x9.jpg"
    save_again(path, Image.open(path).convert("CMYK"))

    assert rules(check(catalog), "16:9") == ["color"]


def test_a_missing_srgb_profile_is_found(catalog: Path) -> None:
    path = catalog.parent / "artwork/general/s1-16x9.jpg"
    save_again(path, icc_profile=None)
    assert rules(check(catalog), "16:9") == ["profile"]

    save_again(path, icc_profile=b"no profile at all")
    found = check(catalog)
    assert rules(found, "16:9") == ["profile"]
    assert "one that cannot be read" in found.findings[0].sentence


def test_lettering_on_a_textless_piece_is_found(catalog: Path) -> None:
    path = catalog.parent / "artwork/general/s1-16x9.jpg"
    save_again(path, lettered(path))

    assert rules(check(catalog), "16:9") == ["text"]
    assert rules(check(catalog, "jellyfin"), "16:9") == []


def test_a_missing_title_is_found_and_a_title_satisfies(catalog: Path) -> None:
    path = catalog.parent / "artwork/general/s1-16x9.jpg"
    assert rules(check(catalog, asset="cover"), "16:9") == ["text"]

    save_again(path, lettered(path))
    assert rules(check(catalog, asset="cover"), "16:9") == []


def test_a_face_in_the_safe_zone_is_found(catalog: Path, film_picture: Picture, alter: Alter) -> None:
    portrait = next(iter(read_pictures(probe(SAMPLE), [225_280], on_damage=print))).rgb
    read = read_catalog(catalog)
    with_face = film_picture.copy()
    with_face[120:840, 800:2080] = portrait
    for top, expected in ((0, ["text"]), (220, ["text", "zones"])):
        path = alter("16:9", crop=(400, top, 2320, top + 1080))
        one = next(v for v in read_catalog(catalog).variants if v.aspect == "16:9")
        write_piece(catalog.parent, read, one, with_face)
        found = check(catalog, asset="cover")
        assert rules(found, "16:9") == expected, path
    assert any("a face in the top 160 of 1080 rows" in finding.sentence for finding in found.findings)


def test_upscaling_is_found(catalog: Path, alter: Alter) -> None:
    path = alter("16:9", crop=(0, 0, 1280, 720))
    before = Image.open(io.BytesIO(path.read_bytes()))
    save_again(path, xmp=before.info["xmp"].replace(b"400 200 2320 1280", b"0 0 1280 720"))

    found = check(catalog)

    assert rules(found, "16:9") == ["upscaled"]
    assert "1920 x 1080 pixels of a crop of 1280 x 720" in found.findings[0].sentence


def test_a_missing_file_is_found(catalog: Path) -> None:
    (catalog.parent / "artwork/general/s1-16x9.jpg").unlink()

    found = check(catalog, "kodi")

    assert rules(found, "16:9") == ["missing"]
    assert not found.ok


@pytest.mark.parametrize("content", [b"", b"\xff\xd8 no picture", b"<svg/>"])
def test_a_file_that_is_no_picture_is_found(catalog: Path, content: bytes) -> None:
    (catalog.parent / "artwork/general/s1-16x9.jpg").write_bytes(content)

    assert rules(check(catalog, "kodi"), "16:9") == ["file"]


def test_a_picture_cut_short_is_found(catalog: Path) -> None:
    path = catalog.parent / "artwork/general/s1-16x9.jpg"
    path.write_bytes(path.read_bytes()[:60_000])

    assert rules(check(catalog, "kodi"), "16:9") == ["file"]


def test_a_file_of_another_variant_or_film_or_crop_is_found(catalog: Path, film_picture: Picture) -> None:
    read = read_catalog(catalog)
    one = read.variants[0]
    other_film = replace(read.title, film=replace(read.title.film, sha256="cd" * 32))
    for made, wrong, words in (
        (read, replace(one, id="general/s9-16x9"), "variant 'general/s9-16x9'"),
        (replace(read, title=other_film), one, "filmSha256"),
        (read, replace(one, crop=(0, 0, 1920, 1080)), "crop '0 0 1920 1080'"),
    ):
        write_piece(catalog.parent, made, wrong if wrong.file == one.file else one, film_picture)
        found = check(catalog, "kodi")
        assert rules(found, "16:9") == ["changed"]
        assert words in found.findings[0].sentence


def test_a_file_saved_by_another_program_is_found(catalog: Path) -> None:
    path = catalog.parent / "artwork/general/s1-16x9.jpg"
    Image.open(path).save(path, "JPEG", icc_profile=srgb_profile(), xmp=None)

    assert rules(check(catalog, "kodi"), "16:9") == ["changed"]


def test_a_file_that_was_worked_on_is_named_and_does_not_fail(catalog: Path) -> None:
    write_catalog(with_digests(read_catalog(catalog), catalog.parent), catalog)
    assert rules(check(catalog, "kodi"), "16:9") == []

    save_again(catalog.parent / "artwork/general/s1-16x9.jpg", quality=90)
    found = check(catalog, "kodi")

    assert rules(found, "16:9") == ["changed"]
    assert found.ok
    assert "was worked on since the export" in found.findings[0].sentence


def test_a_catalog_whose_paths_leave_its_folder_is_refused(catalog: Path, tmp_path: Path) -> None:
    text = catalog.read_text()
    for file in ("../s1-16x9.jpg", "/etc/passwd", "C:/x.jpg", "artwork/../../x.jpg"):
        catalog.write_text(text.replace("artwork/general/s1-16x9.jpg", file))
        with pytest.raises(InputError, match="is not a plain relative path"):
            check(catalog)


def test_a_link_out_of_the_folder_is_refused(catalog: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    outside = tmp_path_factory.mktemp("outside") / "x.jpg"
    path = catalog.parent / "artwork/general/s1-16x9.jpg"
    outside.write_bytes(path.read_bytes())
    path.unlink()
    path.symlink_to(outside)

    with pytest.raises(InputError, match="a link that leaves its folder"):
        check(catalog)


def test_a_picture_of_too_many_pixels_is_not_decoded(catalog: Path) -> None:
    Image.new("1", (9000, 9000)).save(catalog.parent / "artwork/general/s1-16x9.jpg", "PNG")

    found = check(catalog, "kodi")

    assert rules(found, "16:9") == ["file"]
    assert "9000 x 9000 pixels" in found.findings[0].sentence


def test_an_asset_that_the_profile_does_not_have_is_wrong_usage(catalog: Path) -> None:
    with pytest.raises(UsageError, match="no asset 'banner' made of stills; it has hero"):
        check(catalog, asset="banner")


def test_an_empty_catalog_has_no_findings(catalog: Path) -> None:
    write_catalog(replace(read_catalog(catalog), variants=()), catalog)

    found = check(catalog)

    assert found.ok
    assert found.pieces == []


@pytest.mark.parametrize(("spec", "code"), [("kodi", 0), ("prime", 3), ("netflix", 2)])
def test_the_exit_code_says_whether_all_is_as_asked(catalog: Path, spec: str, code: int) -> None:
    command = [sys.executable, "-m", "artgen", "check", str(catalog), "--spec", spec, "--json", "-q"]
    environment = os.environ | {"ARTGEN_OFFLINE": "1"}

    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)

    assert done.returncode == code, done.stderr
    answer = json.loads(done.stdout)
    assert answer.get("ok", False) is (code == 0)
