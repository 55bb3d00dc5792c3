"""Bad input from a user's side: one sentence that names the file, the right exit code, nothing lost."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from helpers.films import drifting, encode

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = os.environ | {"ARTGEN_OFFLINE": "1"}


def _artgen(*arguments: object, before: tuple[str, ...] = ()) -> "subprocess.CompletedProcess[str]":
    command = [*before, sys.executable, "-m", "artgen", *map(str, arguments)]
    return subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, check=False)


def _is_one_sentence(answer: "subprocess.CompletedProcess[str]", code: int, *parts: str) -> None:
    lines = [line for line in answer.stderr.splitlines() if line.startswith("artgen: ")]
    assert answer.returncode == code, answer.stderr
    assert len(lines) == 1, answer.stderr
    assert "Traceback" not in answer.stderr
    for part in parts:
        assert part in lines[0]


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory, ffmpeg: str) -> Path:
    pictures = (picture for seed in range(2) for picture in drifting(seed, 40))
    return encode(tmp_path_factory.mktemp("film") / "film.mp4", pictures, ffmpeg, options=("-g", "20"))


@pytest.fixture(scope="module")
def frames(film: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("frames") / "out"
    assert _artgen("extract", film, "-o", out, "-q").returncode == 0
    return out


def test_a_missing_film(tmp_path: Path) -> None:
    _is_one_sentence(_artgen("extract", tmp_path / "gone.mp4", "-o", tmp_path / "o"), 3, "gone.mp4")
    assert not (tmp_path / "o").exists()


@pytest.mark.parametrize("content", [b"", b"plain text, not a film\n" * 50, bytes(range(256)) * 40])
def test_what_is_no_film(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "note.mp4").write_bytes(content)

    _is_one_sentence(_artgen("extract", tmp_path / "note.mp4", "-o", tmp_path / "o"), 3, "note.mp4")


def test_a_folder_instead_of_a_film(tmp_path: Path) -> None:
    _is_one_sentence(_artgen("extract", tmp_path, "-o", tmp_path / "o"), 3, str(tmp_path))


def test_a_film_cut_off_before_its_index(film: Path, tmp_path: Path) -> None:
    (tmp_path / "cut.mp4").write_bytes(film.read_bytes()[:4000])

    _is_one_sentence(_artgen("extract", tmp_path / "cut.mp4", "-o", tmp_path / "o"), 3, "cut.mp4")


def test_sound_without_a_picture(tmp_path: Path, ffmpeg: str) -> None:
    sound = tmp_path / "sound.m4a"
    subprocess.run([ffmpeg, "-v", "error", "-f", "lavfi", "-i", "sine=d=1", str(sound)], check=True)

    _is_one_sentence(_artgen("extract", sound, "-o", tmp_path / "o"), 3, "sound.m4a")


def test_a_film_broken_in_its_middle_gives_everything_else(film: Path, tmp_path: Path) -> None:
    data = bytearray(film.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 6000] = b"\xff" * 6000
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(data)

    answer = _artgen("extract", broken, "-o", tmp_path / "o", "--json")

    assert answer.returncode == 0, answer.stderr
    found = json.loads(answer.stdout)
    assert found["kept"] > 0
    assert found["title"]["damage"]
    assert all(line in answer.stderr for line in found["title"]["damage"])


@pytest.mark.parametrize(
    "arguments",
    [("extract",), ("extract", "x.mp4", "--per-shot", "-1"), ("extract", "x.mp4", "--format", "gif")],
)
def test_wrong_usage_exits_with_2(arguments: tuple[str, ...]) -> None:
    assert _artgen(*arguments).returncode == 2


def test_a_time_that_is_none(film: Path, tmp_path: Path) -> None:
    _is_one_sentence(_artgen("extract", film, "-o", tmp_path / "o", "--from", "noon"), 2, "noon", "H:MM:SS")


def test_tag_without_frames(tmp_path: Path) -> None:
    _is_one_sentence(_artgen("tag", tmp_path / "gone"), 3, "gone")
    _is_one_sentence(_artgen("tag", tmp_path), 3, "no frames folder")


def test_tag_of_a_newer_format(frames: Path, tmp_path: Path) -> None:
    shutil.copytree(frames, tmp_path / "o")
    title = json.loads((tmp_path / "o" / "title.json").read_text())
    (tmp_path / "o" / "title.json").write_text(json.dumps(title | {"format": 9}))

    _is_one_sentence(_artgen("tag", tmp_path / "o"), 3, "format 9", "update artgen")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("{", "vocabulary"),
        ('{"format": 1}', "vocabulary"),
        ("[]", "vocabulary"),
        ('{"format": 99}', "vocabulary"),
    ],
)
def test_a_broken_vocabulary(frames: Path, tmp_path: Path, text: str, place: str) -> None:
    (tmp_path / "vocabulary.json").write_text(text)

    answer = _artgen("tag", frames, "--vocabulary", tmp_path / "vocabulary.json")

    _is_one_sentence(answer, 3, place)
    assert not (frames / "tagging.json").exists()


def test_cast_photos_without_a_face(frames: Path, tmp_path: Path) -> None:
    from artgen.pictures import encode_picture

    (tmp_path / "cast" / "Ann").mkdir(parents=True)
    wall = np.full((200, 200, 3), 120, np.uint8)
    (tmp_path / "cast" / "Ann" / "wall.jpg").write_bytes(encode_picture(wall, "jpeg"))

    _is_one_sentence(_artgen("tag", frames, "--cast", tmp_path / "cast", "--faces", "dlib"), 3, "wall.jpg")


def test_a_hostile_weights_file_is_never_unpickled(frames: Path, tmp_path: Path) -> None:
    import pickle

    class Trap:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return os.mkdir, (str(tmp_path / "sprung"),)

    for name in ("open_clip_config.json", "merges.txt.gz"):
        shutil.copy(ROOT / "models" / "compact" / name, tmp_path)
    for name in ("model.safetensors", "model.pt"):
        (tmp_path / name).write_bytes(pickle.dumps(Trap()))
        answer = _artgen("tag", frames, "--model", tmp_path / name, "--faces", "dlib")
        _is_one_sentence(answer, 4, name)
    assert not (tmp_path / "sprung").exists()


def test_an_unknown_model(frames: Path) -> None:
    _is_one_sentence(
        _artgen("tag", frames, "--model", "no-such-model", "--faces", "dlib"), 4, "no-such-model"
    )


@pytest.mark.slow
def test_a_corrupt_still_is_left_out_and_the_rest_is_done(frames: Path, tmp_path: Path) -> None:
    out = Path(shutil.copytree(frames, tmp_path / "o"))
    broken = sorted((out / "stills").iterdir())[0]
    broken.write_bytes(broken.read_bytes()[:300])

    answer = _artgen(
        "tag", out, "--model", "artgen-compact", "--precision", "fp32", "--faces", "dlib", "--json"
    )

    _is_one_sentence(answer, 3, broken.name)
    found = json.loads(answer.stdout)
    assert found["stills"] == len(list((out / "stills").iterdir())) - 1
    assert (out / "tagging.json").exists()


def test_export_of_frames_that_are_not_tagged(frames: Path, tmp_path: Path) -> None:
    _is_one_sentence(_artgen("export", tmp_path / "catalog.json", "--frames", frames), 3, "artgen tag")


def test_a_film_that_may_not_be_read_and_a_folder_that_may_not_be_written(film: Path, tmp_path: Path) -> None:
    powerless: tuple[str, ...] = ()
    if os.geteuid() == 0:  # root may do anything until it gives that power away
        powerless = ("setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-all")
        if shutil.which("setpriv") is None:
            pytest.skip("root cannot give up its power here (no setpriv), so permissions cannot be tried")
    secret = Path(shutil.copy(film, tmp_path / "secret.mp4"))
    secret.chmod(0o000)
    (tmp_path / "closed").mkdir(mode=0o555)

    answer = _artgen("extract", secret, "-o", tmp_path / "o", before=powerless)
    _is_one_sentence(answer, 5, "secret.mp4", "permission")
    answer = _artgen("extract", film, "-o", tmp_path / "closed" / "o", before=powerless)
    _is_one_sentence(answer, 5, "closed", "permission")


def test_a_full_disk_loses_nothing_and_the_same_command_goes_on(film: Path, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=300k", "tmpfs", str(disk)]
    if subprocess.run(mount, check=False, capture_output=True).returncode != 0:
        pytest.skip("no small disk can be mounted here, so a full one cannot be tried")
    try:
        answer = _artgen("extract", film, "-o", disk / "o", "-q")
        _is_one_sentence(answer, 5, "disk is full")
        subprocess.run(["mount", "-o", "remount,size=100m", str(disk)], check=True)
        assert _artgen("extract", film, "-o", disk / "o", "-q").returncode == 0
        assert _artgen("extract", film, "-o", tmp_path / "o", "-q").returncode == 0
        for path in (tmp_path / "o").rglob("*.jp*g"):
            assert (disk / "o" / path.relative_to(tmp_path / "o")).read_bytes() == path.read_bytes()
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_errors_come_as_json_where_asked_for(tmp_path: Path) -> None:
    answer = _artgen("extract", tmp_path / "gone.mp4", "--json")

    found = json.loads(answer.stdout)
    assert found["exit_code"] == answer.returncode == 3
    assert "gone.mp4" in found["error"]


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (("--model", "vit-x"), 4, "vit-x is not in the registry"),
        (
            ("--model", ROOT / "models" / "compact", "--commercial"),
            4,
            "artgen-compact) is not known to be free",
        ),
        (("--faces", "artgen", "--commercial"), 4, "artgen-detector is not for commercial use"),
        (("--vocabulary", ROOT / "pyproject.toml"), 3, "pyproject.toml"),
        (("--cast", ROOT / "docs" / "images"), 3, "no folders in it"),
    ],
)
def test_a_run_tells_what_tagging_would_stumble_over_before_it_reads_the_film(
    film: Path, tmp_path: Path, options: tuple[object, ...], code: int, said: str
) -> None:
    _is_one_sentence(_artgen("run", film, "-o", tmp_path / "o", *options), code, said)
    assert not (tmp_path / "o").exists()
