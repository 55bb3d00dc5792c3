"""Files beside a film: the names a player looks for, the best pieces, and nothing of a person's lost."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from artgen.catalog import read_catalog, write_catalog
from artgen.deliver import aspects_for
from artgen.delivery import LaidOut, lay_out
from artgen.errors import InputError, UsageError
from artgen.folder import sha256_of
from artgen.progress import Silent
from artgen.review import Remark, Review, settle
from artgen.specs import LAYOUTS


def film_of(place: Path) -> Path:
    return place / "film" / "Movie (2020)" / "Movie (2020).mkv"


def laid(place: Path, layout: str = "kodi", **options: object) -> LaidOut:
    film = options.pop("film", film_of(place))
    return lay_out(place / "out" / "catalog.json", film=film, layout=layout, progress=Silent(), **options)  # type: ignore[arg-type]


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()} - {"Movie (2020).mkv", "Other.mp4"}


def without_numbers(found: set[str]) -> set[str]:
    return {name for name in found if not any(c.isdigit() for c in name.replace("(2020)", ""))}


@pytest.mark.parametrize(
    ("layout", "own", "shared"),
    [
        (
            "kodi",
            {"poster.jpg", "keyart.jpg", "fanart.jpg"},
            {"Movie (2020)-poster.jpg", "Movie (2020)-keyart.jpg", "Movie (2020)-fanart.jpg"},
        ),
        (
            "jellyfin",
            {"poster.jpg", "backdrop.jpg"},
            {"Movie (2020)-poster.jpg", "Movie (2020)-backdrop.jpg"},
        ),
        ("plex", {"poster.jpg", "fanart.jpg"}, {"Movie (2020).jpg", "Movie (2020)-fanart.jpg"}),
        ("kometa", {"poster.jpg", "background.jpg", "square.jpg"}, None),
    ],
)
def test_each_player_finds_its_names(
    place: Path, layout: str, own: set[str], shared: set[str] | None
) -> None:
    folder = film_of(place).parent

    assert laid(place, layout).own_folder
    assert without_numbers(names(folder)) == own
    for name in names(folder):
        (folder / name).unlink()

    (folder / "Other.mp4").write_bytes(b"another film")
    if shared is None:
        with pytest.raises(UsageError, match="a folder of its own"):
            laid(place, layout)
    else:
        assert not laid(place, layout).own_folder
        assert without_numbers(names(folder)) == shared


@pytest.mark.parametrize(
    ("beside", "alone"),
    [
        ("trailer.mp4", True),
        ("Movie (2020)-behindthescenes.mkv", True),
        ("Movie (2020) - 2160p.mkv", True),
        ("Movie (2020).srt", True),
        ("Another Movie (1999).mkv", False),
    ],
)
def test_trailers_and_versions_are_no_other_films(place: Path, beside: str, alone: bool) -> None:
    (film_of(place).parent / beside).write_bytes(b"x")

    assert laid(place).own_folder is alone


def test_the_files_are_the_variants_as_they_are_the_titles_own_first(place: Path) -> None:
    found = laid(place)

    catalog = read_catalog(place / "out" / "catalog.json")
    by_id = {variant.id: variant for variant in catalog.variants}
    for piece in found.placed:
        variant = by_id[piece.variant]
        assert Path(piece.file).read_bytes() == (place / "out" / variant.file).read_bytes()
        assert sha256_of(Path(piece.file)) == variant.sha256
    general = [v for v in catalog.variants if v.theme == "general" and v.aspect == "16:9"]
    fanart = [piece.variant for piece in found.placed if piece.asset == "fanart"]
    assert fanart[: len(general)] == [variant.id for variant in general]
    assert Path(found.placed[-1].file).name == f"fanart{len(fanart) - 1}.jpg"
    assert len(fanart) <= 8


def test_a_weak_still_of_another_theme_and_one_of_the_same_moment_are_left_out(place: Path) -> None:
    catalog = read_catalog(place / "out" / "catalog.json")
    wide = [v for v in catalog.variants if v.aspect == "16:9"]
    first = wide[0]
    others = [v for v in wide if v.theme != "general"]
    weak, same = others[0], others[1]
    changed = {
        weak.id: replace(weak, scores=weak.scores | {"choice": 0.1}),
        same.id: replace(same, time_s=first.time_s + 1.0),
    }
    variants = tuple(changed.get(v.id, v) for v in catalog.variants)
    write_catalog(replace(catalog, variants=variants), place / "out" / "catalog.json")

    placed = {piece.variant for piece in laid(place).placed if piece.asset == "fanart"}

    assert first.id in placed
    assert not placed & {weak.id, same.id}


def test_a_persons_pick_comes_first_and_a_refused_still_not_at_all(place: Path) -> None:
    catalog = read_catalog(place / "out" / "catalog.json")
    posters = [variant for variant in catalog.variants if variant.aspect == "2:3"]
    pick, refused = posters[-1], posters[0]

    def said(still: str, verdict: str, aspect: str | None = None) -> Remark:
        return Remark(catalog.title.film.sha256, still, verdict, "2026-01-01T00:00:00Z", aspect=aspect)  # type: ignore[arg-type]

    review = settle(
        [said(pick.still, "up"), said(refused.still, "down"), said(posters[1].still, "down", "2:3")]
    )

    found = laid(place, review=review)

    assert found.placed[0].variant == pick.id
    assert refused.still not in {by.variant.split("/")[1][:13] for by in found.placed}
    assert posters[1].id not in {piece.variant for piece in found.placed}


@pytest.mark.parametrize(
    "mine", ["poster.jpg", "poster.png", "Poster.JPG", "folder.jpg", "movie.tbn", "Movie (2020)-poster.webp"]
)
def test_a_poster_of_a_person_stays_and_no_other_is_put_beside_it(place: Path, mine: str) -> None:
    folder = film_of(place).parent
    (folder / mine).write_bytes(b"mine")

    found = laid(place)

    assert (folder / mine).read_bytes() == b"mine"
    assert {name for name in names(folder) if name.lower().startswith("poster")} <= {mine}
    assert "is yours and was kept" in found.kept[0].sentence
    assert "fanart" in {piece.asset for piece in found.placed}


def test_a_numbered_fanart_of_a_person_is_stepped_over(place: Path) -> None:
    folder = film_of(place).parent
    (folder / "fanart1.jpg").write_bytes(b"mine")

    found = laid(place)

    files = [Path(piece.file).name for piece in found.placed if piece.asset == "fanart"]
    assert files[:2] == ["fanart.jpg", "fanart2.jpg"]
    assert (folder / "fanart1.jpg").read_bytes() == b"mine"


def test_overwriting_replaces_a_persons_file_and_names_what_lies_beside(place: Path) -> None:
    folder = film_of(place).parent
    (folder / "poster.jpg").write_bytes(b"mine")
    (folder / "folder.jpg").write_bytes(b"mine too")

    found = laid(place, overwrite=True)

    assert (folder / "poster.jpg").read_bytes() != b"mine"
    assert (folder / "folder.jpg").read_bytes() == b"mine too"
    assert [kept.sentence for kept in found.kept] == [
        f"{folder / 'folder.jpg'} lies there too; remove it, so that Kodi takes artgen's poster."
    ]


def test_laying_out_again_replaces_its_own_and_removes_what_is_no_longer_chosen(place: Path) -> None:
    folder = film_of(place).parent
    laid(place)
    before = names(folder)
    catalog = read_catalog(place / "out" / "catalog.json")
    fewer = [v for v in catalog.variants if v.theme == "general"]
    write_catalog(replace(catalog, variants=tuple(reversed(fewer))), place / "out" / "catalog.json")
    (folder / "fanart.jpg").write_bytes(b"retouched")

    found = laid(place)

    assert names(folder) < before
    assert (folder / "fanart.jpg").read_bytes() == b"retouched"
    assert len(found.kept) == 1


def test_layouts_of_several_players_live_side_by_side(place: Path) -> None:
    folder = film_of(place).parent
    for layout in LAYOUTS:
        laid(place, layout)
    everything = names(folder)

    for layout in LAYOUTS:
        assert laid(place, layout).kept == []
    assert names(folder) == everything


def test_what_the_catalog_lacks_is_said(place: Path) -> None:
    catalog = read_catalog(place / "out" / "catalog.json")
    wide = tuple(v for v in catalog.variants if v.aspect == "16:9")
    write_catalog(replace(catalog, variants=wide), place / "out" / "catalog.json")

    assert laid(place).missing == [
        "poster: the catalog has no variant of 2:3",
        "keyart: the catalog has no variant of 2:3",
    ]


def test_another_film_is_refused(place: Path) -> None:
    film_of(place).write_bytes(b"another!!")

    with pytest.raises(InputError, match="which this was made from"):
        laid(place)


def test_a_file_that_is_missing_or_no_picture_is_refused(place: Path) -> None:
    first = read_catalog(place / "out" / "catalog.json").variants
    for variant in first:
        (place / "out" / variant.file).write_bytes(b"<script>")
    with pytest.raises(InputError, match="damaged or no picture"):
        laid(place)
    for variant in first:
        (place / "out" / variant.file).unlink()
    with pytest.raises(InputError, match="is missing; export the catalog again"):
        laid(place)


def test_a_link_out_of_the_catalogs_folder_is_refused(place: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.jpg"
    for variant in read_catalog(place / "out" / "catalog.json").variants:
        path = place / "out" / variant.file
        if not secret.exists():
            secret.write_bytes(path.read_bytes())
        path.unlink()
        path.symlink_to(secret)

    with pytest.raises(InputError, match="a link that leaves its folder"):
        laid(place)


def test_an_unknown_layout_is_wrong_usage(place: Path) -> None:
    with pytest.raises(UsageError, match="no layout 'vlc'; use one of kodi"):
        laid(place, "vlc")


def export(place: Path, *arguments: object) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "artgen", "export", str(place / "out" / "catalog.json")]
    command += ["--frames", str(place / "frames"), "-q", "--json", *map(str, arguments)]
    environment = os.environ | {"ARTGEN_OFFLINE": "1"}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)


def test_export_lays_out_beside_the_film(place: Path) -> None:
    done = export(place, "--layout", "kodi", "--film", film_of(place))

    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert answer["laid_out"]["placed"]
    assert answer["exported"]["themes"]
    assert (film_of(place).parent / "poster.jpg").is_file()


@pytest.mark.parametrize("arguments", [("--layout", "kodi"), ("--film", "x.mkv"), ("--preset", "netflix")])
def test_export_begins_nothing_when_asked_for_what_cannot_be(place: Path, arguments: tuple[str, ...]) -> None:
    before = (place / "out" / "catalog.json").stat().st_mtime_ns

    done = export(place, *arguments)

    assert done.returncode == 2
    assert (place / "out" / "catalog.json").stat().st_mtime_ns == before


def test_plain_export_answers_as_it_always_did(place: Path) -> None:
    assert set(json.loads(export(place).stdout)) >= {"catalog", "themes", "variants", "left_out"}


def test_run_tells_of_an_unknown_name_before_the_long_work(tmp_path: Path) -> None:
    for option, name in (("--layout", "vlc"), ("--preset", "netflix")):
        command = [
            sys.executable,
            "-m",
            "artgen",
            "run",
            "no-film.mkv",
            "-o",
            str(tmp_path / "o"),
            option,
            name,
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 2
        assert f"{name!r}" in done.stderr


def test_a_preset_says_which_aspects_are_cut_and_a_layout_adds_its_own() -> None:
    assert aspects_for(None, preset=None, layout=None) == ("16:9", "2:3", "1:1")
    assert aspects_for(None, preset="tmdb", layout="kometa") == ("16:9", "2:3", "1:1")
    assert aspects_for(None, preset="googletv", layout=None) == ("25:36", "16:9")
    assert aspects_for(None, preset="googletv", layout="kodi") == ("25:36", "16:9", "2:3")
    assert aspects_for(["9:16"], preset="prime", layout="kodi") == ["9:16"]


def test_no_review_is_an_empty_one() -> None:
    assert Review().picks == {}
