"""Extract, from a film to a frames folder: what lies there, that it is the film's, and what is refused."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from helpers.films import drifting, encode

from artgen.errors import InputError, UsageError
from artgen.extract import ExtractSettings, extract_film, seconds_of
from artgen.folder import FramesFolder, read_lines, read_title
from artgen.pictures import load_picture
from artgen.progress import Silent
from artgen.records import Shot, Still

LENGTHS = (40, 30, 50)
BAR = 24


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory, ffmpeg: str) -> Path:
    """Three shots of 40, 30 and 50 frames at 25 frames/s, 320x228 with bars of 24 above and below."""
    folder = tmp_path_factory.mktemp("film")
    pictures = (
        np.pad(picture, ((BAR, BAR), (0, 0), (0, 0)))
        for seed, frames in enumerate(LENGTHS)
        for picture in drifting(seed, frames)
    )
    return encode(folder / "three shots.mp4", pictures, ffmpeg, options=("-g", "25"))


def _extract(
    film: Path, out: Path, *, workers: int = 2, overwrite: bool = False, **changes: object
) -> FramesFolder:
    settings = replace(ExtractSettings(), **changes)  # type: ignore[arg-type]
    extract_film(film, out, settings=settings, progress=Silent(), overwrite=overwrite, workers=workers)
    return FramesFolder(out)


@pytest.fixture(scope="module")
def frames(film: Path, tmp_path_factory: pytest.TempPathFactory) -> FramesFolder:
    return _extract(film, tmp_path_factory.mktemp("frames") / "out")


def _stills(folder: FramesFolder) -> list[Still]:
    return read_lines(folder.stills, Still)


def _content(folder: FramesFolder) -> dict[str, bytes]:
    return {
        path.relative_to(folder.root).as_posix(): path.read_bytes()
        for path in folder.root.rglob("*")
        if path.is_file() and path.name != ".lock"
    }


def test_the_shots_are_those_of_the_film(frames: FramesFolder) -> None:
    shots = read_lines(frames.shots, Shot)

    assert [shot.frames for shot in shots] == list(LENGTHS)
    assert [shot.end_pts for shot in shots[:-1]] == [shot.start_pts for shot in shots[1:]]
    assert [shot.start_s for shot in shots] == pytest.approx([0, 1.6, 2.8])


def test_the_title_is_described_by_what_was_measured(frames: FramesFolder, film: Path) -> None:
    title = read_title(frames)

    assert (title.width, title.height, title.frames) == (320, 180 + 2 * BAR, sum(LENGTHS))
    assert title.duration_s == pytest.approx(sum(LENGTHS) / 25)
    assert title.film.name == film.name
    assert title.film.bytes == film.stat().st_size
    assert title.active_picture == (0, BAR, 320, 180 + BAR)


def test_every_shot_gives_stills_without_the_bars(frames: FramesFolder) -> None:
    kept = [still for still in _stills(frames) if still.gate is None]

    assert {still.shot for still in kept} == {0, 1, 2}
    for still in kept:
        picture = load_picture(frames.root / str(still.file), size=(320, 180))
        assert picture[[0, -1]].mean() > 30


def test_a_still_is_the_films_frame_at_its_time(frames: FramesFolder, film: Path) -> None:
    title = read_title(frames)
    video = cv2.VideoCapture(str(film))
    decoded = {}
    for number in range(sum(LENGTHS)):
        _, picture = video.read()
        decoded[number] = picture[BAR:-BAR, :, ::-1].astype(int)

    for still in (still for still in _stills(frames) if still.file):
        picture = load_picture(frames.root / str(still.file)).astype(int)
        nearest = min(decoded, key=lambda number: float(np.abs(decoded[number] - picture).mean()))
        assert nearest == round(title.seconds(still.pts) * 25), still.id


def test_what_is_rejected_stays_with_a_reason_and_without_a_file(film: Path, tmp_path: Path) -> None:
    frames = _extract(film, tmp_path / "out", per_shot=1)
    rejected = [still for still in _stills(frames) if still.gate is not None]

    assert rejected
    assert all(still.file is None and still.gate for still in rejected)
    named = {Path(str(still.file)).name for still in _stills(frames) if still.file}
    assert named == {path.name for path in frames.pictures.iterdir()}


def test_the_result_does_not_depend_on_the_number_of_workers(
    film: Path, frames: FramesFolder, tmp_path: Path
) -> None:
    assert _content(_extract(film, tmp_path / "one", workers=1)) == _content(frames)
    assert _content(_extract(film, tmp_path / "five", workers=5)) == _content(frames)


def test_shots_alone_are_the_same_shots_without_stills(
    film: Path, frames: FramesFolder, tmp_path: Path
) -> None:
    alone = _extract(film, tmp_path / "alone", per_shot=0)

    assert alone.shots.read_bytes() == frames.shots.read_bytes()
    assert read_title(alone).active_picture == read_title(frames).active_picture
    assert not _stills(alone)


def test_a_range_of_the_film_gives_stills_of_that_range_alone(film: Path, tmp_path: Path) -> None:
    folder = _extract(film, tmp_path / "out", from_s=1.7, skip_tail_s=1.8)

    assert [round(shot.start_s, 2) for shot in read_lines(folder.shots, Shot)] == [1.72, 2.8]
    assert all(1.7 <= still.time_s < 3.0 for still in _stills(folder))


def test_counts_bound_the_stills_of_a_shot_and_of_the_title(film: Path, tmp_path: Path) -> None:
    one = [s for s in _stills(_extract(film, tmp_path / "one", per_shot=1)) if s.file]
    two = [s for s in _stills(_extract(film, tmp_path / "two", most=2)) if s.file]

    assert sorted(still.shot for still in one) == [0, 1, 2]
    assert len(two) == 2


@pytest.mark.parametrize(
    ("image_format", "magic"), [("png", b"\x89PNG"), ("webp", b"RIFF"), ("jpeg", b"\xff\xd8")]
)
def test_stills_come_in_the_format_asked_for(
    film: Path, tmp_path: Path, image_format: str, magic: bytes
) -> None:
    folder = _extract(film, tmp_path / "out", image_format=image_format, most=1)

    (picture,) = folder.pictures.iterdir()
    assert picture.read_bytes().startswith(magic)


@pytest.mark.parametrize("frames", [1, 2, 3, 5, 9, 12, 13, 14])
def test_a_film_of_a_few_frames_is_a_film(tmp_path: Path, ffmpeg: str, frames: int) -> None:
    half = frames // 2
    pictures = [*drifting(5, half), *drifting(6, frames - half)]
    folder = _extract(encode(tmp_path / "short.mp4", pictures, ffmpeg), tmp_path / "out", min_shot_s=0.0)

    assert read_title(folder).frames == frames
    assert sum(shot.frames for shot in read_lines(folder.shots, Shot)) == frames
    assert any(still.file for still in _stills(folder))


def test_a_finished_folder_is_not_made_again(film: Path, tmp_path: Path) -> None:
    folder = _extract(film, tmp_path / "out")
    before = {path: path.stat().st_mtime_ns for path in folder.root.rglob("*") if path.name != ".lock"}

    _extract(film, tmp_path / "out")

    assert before == {path: path.stat().st_mtime_ns for path in before}


def test_another_films_folder_is_refused_and_untouched(film: Path, tmp_path: Path, ffmpeg: str) -> None:
    folder = _extract(film, tmp_path / "out")
    before = _content(folder)
    other = encode(tmp_path / "other.mp4", drifting(9, 30), ffmpeg)

    with pytest.raises(InputError, match=r"another film \(three shots\.mp4\)"):
        _extract(other, tmp_path / "out")
    assert _content(folder) == before

    again = _extract(other, tmp_path / "out", overwrite=True)
    assert read_title(again).film.name == "other.mp4"
    assert len(list(again.pictures.iterdir())) == sum(still.file is not None for still in _stills(again))


def test_a_renamed_copy_is_the_same_film(film: Path, tmp_path: Path) -> None:
    folder = _extract(film, tmp_path / "out")
    before = _content(folder)
    copy = Path(shutil.copy(film, tmp_path / "copy.mp4"))

    assert _content(_extract(copy, tmp_path / "out")) == before


def test_other_settings_are_refused_with_their_names(film: Path, tmp_path: Path) -> None:
    _extract(film, tmp_path / "out")

    with pytest.raises(InputError, match=r"other settings \(image_format, per_shot\)"):
        _extract(film, tmp_path / "out", per_shot=1, image_format="png")


def test_a_newer_format_is_refused(film: Path, tmp_path: Path) -> None:
    folder = _extract(film, tmp_path / "out")
    title = json.loads(folder.title.read_text())
    folder.title.write_text(json.dumps(title | {"format": 7}))

    with pytest.raises(InputError, match=r"format 7.*update artgen"):
        _extract(film, tmp_path / "out")


def test_a_folder_of_somebody_else_is_refused(film: Path, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")

    with pytest.raises(InputError, match="files that artgen did not write"):
        _extract(film, tmp_path)
    assert [path.name for path in tmp_path.iterdir() if path.name != ".lock"] == ["thesis.txt"]


def test_overwriting_leaves_files_of_the_user_alone(film: Path, tmp_path: Path) -> None:
    folder = _extract(film, tmp_path / "out")
    mine = folder.pictures / "mine.jpg"
    mine.write_bytes(b"mine")

    _extract(film, tmp_path / "out", overwrite=True, image_format="png")

    assert mine.read_bytes() == b"mine"
    assert {path.suffix for path in folder.pictures.iterdir() if path != mine} == {".png"}


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"from_s": -1.0}, "negative"),
        ({"from_s": 5.0, "to_s": 2.0}, "empty"),
        ({"per_shot": -1}, "At least one"),
        ({"from_s": 100.0}, "Nothing of its 4.8 s"),
        ({"skip_head_s": 3.0, "skip_tail_s": 3.0}, "Nothing of its 4.8 s"),
    ],
)
def test_settings_that_leave_nothing_are_refused(
    film: Path, tmp_path: Path, changes: dict[str, float], says: str
) -> None:
    with pytest.raises(UsageError, match=says):
        _extract(film, tmp_path / "out", **changes)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("90", 90.0), ("1:30", 90.0), ("0:01:30.5", 90.5), ("2:00:00", 7200.0), (" 3 ", 3.0)],
)
def test_times_are_read_as_people_write_them(text: str, seconds: float) -> None:
    assert seconds_of(text) == seconds


@pytest.mark.parametrize("text", ["", "abc", "1:2:3:4", "-5", "nan", "inf", "1:-2"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="is not a time"):
        seconds_of(text)
