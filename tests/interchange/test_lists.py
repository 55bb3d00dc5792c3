"""artgen lists as a whole: what it writes from a frames folder and a film, and what it leaves alone."""

import csv
import json
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from helpers.films import encode
from helpers.frames import build_frames
from PIL import Image

from artgen.errors import InputError, UsageError
from artgen.folder import FramesFolder, read_title, sha256_of, write_json, write_lines
from artgen.lists import Listed, write_lists
from artgen.progress import Silent
from artgen.records import Film, Shot
from artgen.video import probe

LEVELS = (20, 60, 100, 140, 180, 220)  # of gray, one a second
RATE = 25


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory, ffmpeg: str) -> Path:
    """Six seconds, each of its own gray: a thumbnail shows from which second it is."""
    pictures = (np.full((90, 160, 3), level, np.uint8) for level in LEVELS for _ in range(RATE))
    path = tmp_path_factory.mktemp("film") / "film.mp4"
    return encode(path, pictures, ffmpeg, rate=RATE, options=("-g", "40", "-bf", "2"))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_frames(tmp_path_factory.mktemp("built") / "frames", shots=6).root


@pytest.fixture
def frames(built: Path, tmp_path: Path) -> FramesFolder:
    shutil.copytree(built, tmp_path / "frames")
    return FramesFolder(tmp_path / "frames")


@pytest.fixture
def frames_of_film(frames: FramesFolder, film: Path) -> FramesFolder:
    """A frames folder that belongs to the film: one shot a second."""
    info = probe(film)
    second = round(1 / info.time_base)
    known = Film(film.name, sha256_of(film), film.stat().st_size)
    base = f"{info.time_base.numerator}/{info.time_base.denominator}"
    title = replace(
        read_title(frames), film=known, time_base=base, start_pts=info.start_pts, width=160, height=90,
        active_picture=(0, 0, 160, 90),
    )  # fmt: skip
    write_json(frames.title, title)
    begin = info.start_pts
    shots = [
        Shot(n, begin + n * second, begin + (n + 1) * second, n, n + 1, RATE, "cut", "cut") for n in range(6)
    ]
    write_lines(frames.shots, shots)
    return frames


def lists(frames: FramesFolder, out: Path | None = None, **options: object) -> Listed:
    where = out or frames.root.parent / "lists"
    return write_lists(frames.root, where, progress=Silent(), **options)  # type: ignore[arg-type]


def cues(folder: Path) -> list[tuple[str, str, str, tuple[int, ...]]]:
    """Start, end, sheet and box of every cue."""
    text = (folder / "thumbnails.vtt").read_text()
    found = re.findall(r"(\S+) --> (\S+)\n(\S+)#xywh=(\d+),(\d+),(\d+),(\d+)", text)
    return [(start, end, sheet, tuple(map(int, box))) for start, end, sheet, *box in found]


def level(folder: Path, sheet: str, box: tuple[int, ...]) -> float:
    x, y, wide, high = box
    with Image.open(folder / sheet) as image:
        return float(np.asarray(image.convert("L"))[y : y + high, x : x + wide].mean())


def test_everything_is_written_and_said(frames: FramesFolder) -> None:
    made = lists(frames)

    folder = Path(made.folder)
    assert set(made.files) == {
        "shots.csv", "shots.edl", "shots.otio", "scenes.csv", "scenes.edl", "scenes.otio",
        "thumbnails-001.jpg", "thumbnails.vtt",
    }  # fmt: skip
    assert all((folder / name).is_file() for name in made.files)
    assert (made.shots, made.scenes, made.thumbnails) == (6, 2, 6)
    assert made.rate.startswith("25 frames a second")
    rows = list(csv.DictReader((folder / "shots.csv").open(newline="")))
    assert [row["start_timecode"] for row in rows][:2] == ["00:00:00:00", "00:00:04:00"]


def test_kept_stills_stand_for_their_own_shot_only(frames: FramesFolder) -> None:
    stills = frames.stills.read_text().splitlines()
    del stills[2]
    frames.stills.write_text("\n".join(stills) + "\n")

    found = cues(Path(lists(frames).folder))

    assert [(start, end) for start, end, _, _ in found] == [
        (f"00:00:{4 * n:02d}.000", f"00:00:{4 * n + 4:02d}.000") for n in (0, 1, 3, 4, 5)
    ]


def test_film_thumbnails_are_of_their_time_and_never_of_the_second_before(
    frames_of_film: FramesFolder, film: Path
) -> None:
    made = lists(frames_of_film, film=film, every_s=0.5)

    folder = Path(made.folder)
    found = cues(folder)
    assert len(found) == made.thumbnails == 12
    for number, (start, end, sheet, box) in enumerate(found):
        # 0.5 s lies between two frames of 0.04 s: the first one after it is shown
        whole, half = divmod(number, 2)
        assert start == f"00:00:0{whole}.{520 if half else 0:03d}"
        assert end == (found[number + 1][0] if number < 11 else "00:00:06.000")
        assert level(folder, sheet, box) == pytest.approx(LEVELS[whole], abs=4)


def test_another_film_is_refused_and_a_renamed_one_taken(
    frames_of_film: FramesFolder, film: Path, tmp_path: Path
) -> None:
    renamed = tmp_path / "renamed.mp4"
    renamed.write_bytes(film.read_bytes())
    assert lists(frames_of_film, film=renamed).thumbnails == 1

    renamed.write_bytes(film.read_bytes()[:-1] + b"x")
    with pytest.raises(InputError, match=r"renamed\.mp4 is not film\.mp4"):
        lists(frames_of_film, film=renamed)
    with pytest.raises(InputError, match="does not exist"):
        lists(frames_of_film, film=tmp_path / "gone.mp4")


def test_the_same_folder_gives_the_same_bytes(frames: FramesFolder, tmp_path: Path) -> None:
    for name in ("a", "b", "b"):
        lists(frames, tmp_path / name)

    for path in (tmp_path / "a").iterdir():
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes()


def test_files_of_a_person_stay(frames: FramesFolder, tmp_path: Path) -> None:
    out = tmp_path / "lists"
    out.mkdir()
    (out / "shots.edl").write_text("mine")

    with pytest.raises(InputError, match=r"shots\.edl is not of artgen's making"):
        lists(frames, out)
    assert (out / "shots.edl").read_text() == "mine"
    assert not (out / "shots.csv").exists()

    assert lists(frames, out, overwrite=True).shots == 6
    assert (out / "shots.edl").read_text() != "mine"


def test_a_list_that_was_edited_since_is_a_persons_again(frames: FramesFolder, tmp_path: Path) -> None:
    out = tmp_path / "lists"
    lists(frames, out)
    (out / "scenes.csv").write_text("with my notes")

    with pytest.raises(InputError, match=r"scenes\.csv is not of artgen's making"):
        lists(frames, out)


def test_what_an_earlier_run_wrote_and_this_does_not_is_removed(frames: FramesFolder, tmp_path: Path) -> None:
    out = tmp_path / "lists"
    lists(frames, out)
    (out / "mine.txt").write_text("mine")
    frames.scenes.unlink()

    made = lists(frames, out)

    assert "scenes are not known" in made.notes[0]
    assert not (out / "scenes.edl").exists()
    assert (out / "mine.txt").exists()


def test_lists_of_another_film_are_not_replaced(frames: FramesFolder, tmp_path: Path) -> None:
    lists(frames, tmp_path / "lists")
    write_json(frames.title, replace(read_title(frames), film=Film("other.mp4", "cd" * 32, 1)))

    with pytest.raises(InputError, match="made of another film than other"):
        lists(frames, tmp_path / "lists")


def test_a_damaged_still_is_named_and_the_rest_goes_on(frames: FramesFolder) -> None:
    still = sorted(frames.pictures.iterdir())[1]
    still.write_bytes(b"\xff\xd8")

    made = lists(frames)

    assert made.thumbnails == 5
    assert still.name in made.left_out[0]


@pytest.mark.parametrize(
    "values",
    [
        {"time_base": "1/0"},
        {"time_base": "x"},
        {"time_base": "-1/25"},
        {"active_picture": (0, 0, 0, 0)},
        {"width": 0},
    ],
)
def test_a_title_that_cannot_be_is_refused(frames: FramesFolder, values: dict) -> None:
    write_json(frames.title, replace(read_title(frames), **values))

    with pytest.raises(InputError, match="cannot be; run artgen extract again"):
        lists(frames)


def test_thumbnails_too_close_are_wrong_usage(frames: FramesFolder) -> None:
    for every in (0, -1, float("nan"), float("inf")):
        with pytest.raises(UsageError, match="s; thumbnails lie"):
            lists(frames, every_s=every)


def test_the_command_answers_in_json(frames: FramesFolder, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "artgen", "lists", str(frames.root), "-o", str(tmp_path / "o"), "--json"]

    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["shots"] == 6
