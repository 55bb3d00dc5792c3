"""What people say of stills is kept, the latest holds, and what is no remark is named."""

from dataclasses import fields, replace
from pathlib import Path

import msgspec
import pytest
from helpers.films import drifting, encode

from artgen.errors import InputError
from artgen.extract import ExtractSettings, extract_film
from artgen.folder import FramesFolder, read_title
from artgen.progress import Silent
from artgen.review import MOST_NOTE, Remark, add_remarks, read_review, settle

FILM = "ab" * 32
STILL, OTHER = "00h00m02.000s", "00h00m06.000s"


def said(verdict: str, minute: int = 0, **more: str) -> Remark:
    remark = {
        "film_sha256": FILM,
        "still": STILL,
        "at": f"2026-01-31T12:{minute:02d}:00Z",
        "verdict": verdict,
    }
    return msgspec.convert(remark | more, Remark)


@pytest.fixture
def folder(tmp_path: Path) -> FramesFolder:
    return FramesFolder(tmp_path)


def test_nothing_was_said_where_there_is_no_file(folder: FramesFolder) -> None:
    review = read_review(folder, film_sha256=FILM)

    assert (review.picks, review.refused, review.refused_crops) == ({}, set(), set())


def test_what_was_said_is_there_after_writing_again_and_again(folder: FramesFolder) -> None:
    add_remarks(folder, [said("up", theme="genre:comedy", note="her look")])
    add_remarks(folder, [said("down", still=OTHER), said("down", aspect="2:3")])

    review = read_review(folder, film_sha256=FILM)

    assert review.picks == {STILL: "genre:comedy"}
    assert review.refused == {OTHER}
    assert review.refused_crops == {(STILL, "2:3")}
    assert [remark.note for remark in review.remarks] == ["her look", "", ""]


def test_the_latest_holds_whatever_the_order_of_lines() -> None:
    assert settle([said("down", 2), said("up", 1)]).refused == {STILL}
    assert settle([said("up", 3), said("down", 2)]).picks == {STILL: None}
    assert settle([said("up", 1), said("none", 1)]).picks == {}, "at one time the later line holds"


def test_a_crop_and_its_still_are_spoken_of_apart() -> None:
    review = settle(
        [
            said("up", 1),
            said("down", 2, aspect="1:1"),
            said("down", 3, aspect="2:3"),
            said("none", 4, aspect="1:1"),
        ]
    )

    assert review.picks == {STILL: None}
    assert review.refused_crops == {(STILL, "2:3")}


def test_a_file_edited_by_hand_keeps_its_last_line(folder: FramesFolder) -> None:
    (folder.root / "review.jsonl").write_bytes(b"\n" + msgspec.json.encode(said("up")))

    add_remarks(folder, [said("down", still=OTHER)])

    review = read_review(folder, film_sha256=FILM)
    assert review.picks == {STILL: None}
    assert review.refused == {OTHER}


def test_reading_the_film_again_leaves_it_alone(folder: FramesFolder, ffmpeg: str) -> None:
    film = encode(folder.root / "film.mp4", drifting(3, 40), ffmpeg)
    frames = FramesFolder(folder.root / "frames")
    extract_film(film, frames.root, settings=ExtractSettings(), progress=Silent())
    sha256 = read_title(frames).film.sha256
    add_remarks(frames, [replace(said("down"), film_sha256=sha256)])

    extract_film(film, frames.root, settings=ExtractSettings(per_shot=1), progress=Silent(), overwrite=True)

    assert read_review(frames, film_sha256=sha256).refused == {STILL}


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"still": "../../etc/passwd"}, "still is"),
        ({"verdict": "sideways"}, "verdict"),
        ({"aspect": "wide"}, "not like 16:9"),
        ({"at": "yesterday"}, "not like 2026"),
        ({"film_sha256": "cd" * 32}, "about another film"),
        ({"note": "x" * (MOST_NOTE + 1)}, "longer than"),
        ({"note": 7}, "note"),
    ],
)
def test_what_is_no_remark_is_named_by_its_line(
    folder: FramesFolder, change: dict[str, object], complaint: str
) -> None:
    lines = [msgspec.to_builtins(said("up")), msgspec.to_builtins(said("up")) | change]
    (folder.root / "review.jsonl").write_bytes(b"\n".join(map(msgspec.json.encode, lines)))

    with pytest.raises(InputError, match=rf"review\.jsonl line 2 .*{complaint}"):
        read_review(folder, film_sha256=FILM)


@pytest.mark.parametrize("content", [b"\xff\xfe", b"[" * 100_000, b"not json", b"{}"])
def test_rubbish_is_an_error_of_the_input(folder: FramesFolder, content: bytes) -> None:
    (folder.root / "review.jsonl").write_bytes(content)

    with pytest.raises(InputError, match="remove it"):
        read_review(folder, film_sha256=FILM)


def test_a_folder_in_its_place_is_an_error_of_the_input(folder: FramesFolder) -> None:
    (folder.root / "review.jsonl").mkdir()

    with pytest.raises(InputError, match="no file"):
        read_review(folder, film_sha256=FILM)


def test_every_field_of_a_remark_is_on_its_page() -> None:
    page = (Path(__file__).resolve().parent.parent / "docs" / "report.md").read_text(encoding="utf-8")

    assert [field.name for field in fields(Remark) if f"| `{field.name}` |" not in page] == []
