"""What people say of stills and crops decides what export makes, run after run."""

import shutil
from pathlib import Path

import pytest
from helpers.frames import build_frames

from artgen.catalog import read_catalog
from artgen.errors import InputError
from artgen.export import Exported, export_catalog
from artgen.folder import FramesFolder
from artgen.progress import Silent
from artgen.records import Catalog
from artgen.review import Remark, add_remarks

FILM = "ab" * 32
CARD = "00h00m38.000s"  # what its tags call a title card: by itself it is never chosen


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_frames(tmp_path_factory.mktemp("built") / "frames").root


@pytest.fixture
def frames(built: Path, tmp_path: Path) -> FramesFolder:
    shutil.copytree(built, tmp_path / "frames")
    return FramesFolder(tmp_path / "frames")


def say(frames: FramesFolder, still: str, verdict: str, **more: str) -> None:
    add_remarks(frames, [Remark(FILM, still, verdict, "2026-01-31T12:00:00Z", **more)])  # type: ignore[arg-type]


def export(frames: FramesFolder) -> tuple[Exported, Catalog]:
    made = export_catalog(frames.root.parent / "catalog.json", frames=frames.root, progress=Silent())
    return made, read_catalog(Path(made.catalog))


def test_a_pick_stands_first_in_its_theme_and_what_was_dropped_nowhere(frames: FramesFolder) -> None:
    _, before = export(frames)
    best = before.variants[0].still
    say(frames, CARD, "up", theme="genre:comedy")
    say(frames, best, "down")

    _, after = export(frames)

    comedy = [variant for variant in after.variants if variant.theme == "genre:comedy"]
    assert comedy[0].still == CARD
    assert comedy[0].why.gates == ("picked by a person",)
    assert best in {variant.still for variant in before.variants}
    assert best not in {variant.still for variant in after.variants}
    assert not list((frames.root.parent / "artwork").rglob(f"{best}*")), "nor its files"


def test_it_holds_run_after_run_until_it_is_withdrawn(frames: FramesFolder) -> None:
    _, before = export(frames)
    say(frames, CARD, "up")
    _, once = export(frames)
    _, again = export(frames)
    say(frames, CARD, "none")
    _, withdrawn = export(frames)

    assert CARD in {variant.still for variant in once.variants}
    assert again == once
    assert withdrawn == before


def test_a_crop_that_was_dropped_is_not_made_and_the_others_say_why(frames: FramesFolder) -> None:
    _, before = export(frames)
    still = next(v.still for v in before.variants if v.aspect == "2:3")
    say(frames, still, "down", aspect="2:3")

    _, after = export(frames)

    own = {variant.aspect: variant for variant in after.variants if variant.still == still}
    assert set(own) == {"16:9", "1:1"}
    assert all("no 2:3, dropped by a person" in variant.why.notes for variant in own.values())


def test_a_still_of_which_every_crop_was_dropped_makes_room(frames: FramesFolder) -> None:
    _, before = export(frames)
    still = before.variants[0].still
    for aspect in ("16:9", "2:3", "1:1"):
        say(frames, still, "down", aspect=aspect)

    made, after = export(frames)

    assert still not in {variant.still for variant in after.variants}
    assert any(still in note and "dropped by a person" in note for note in made.notes)


def test_a_pick_that_is_no_longer_there_is_said(frames: FramesFolder) -> None:
    say(frames, "00h09m00.000s", "up")

    made, _ = export(frames)

    assert "00h09m00.000s was picked by a person, but is not among the stills." in made.notes


def test_a_review_that_cannot_be_read_stops_before_anything_is_made(frames: FramesFolder) -> None:
    (frames.root / "review.jsonl").write_text("{}\n")

    with pytest.raises(InputError, match=r"review\.jsonl line 1 is no remark"):
        export(frames)
    assert not (frames.root.parent / "catalog.json").exists()
