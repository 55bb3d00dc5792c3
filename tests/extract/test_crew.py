"""A crew scans as this process would; what goes wrong in it is told here; it never outlives its parent."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from helpers.films import drifting, encode

import artgen
from artgen.errors import InputError, MachineError
from artgen.extract import ExtractSettings, extract_film
from artgen.extract.crew import crew_of
from artgen.extract.judging import Judge
from artgen.extract.scanning import judged_file, scan_segment
from artgen.folder import FramesFolder
from artgen.progress import Silent
from artgen.video import FilmInfo, plan_segments, probe

WHOLE = (0, 0, 320, 180)


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory, ffmpeg: str) -> Path:
    """62 seconds in 31 shots at 5 frames/s: long enough for extract to use a crew."""
    pictures = (picture for seed in range(31) for picture in drifting(seed, 10))
    return encode(tmp_path_factory.mktemp("film") / "long.mp4", pictures, ffmpeg, rate=5)


@pytest.fixture(scope="module")
def info(film: Path) -> FilmInfo:
    return probe(film)


def _judge(info: FilmInfo, root: Path) -> Judge:
    return Judge(FramesFolder(root), WHOLE, "jpeg", info.time_base, info.start_pts)


def _files(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and path.name != ".lock"
    }


@pytest.mark.parametrize("judged", [True, False])
def test_a_crew_writes_the_same_bytes_as_this_process(info: FilmInfo, tmp_path: Path, judged: bool) -> None:
    segments = plan_segments(info, from_pts=None, to_pts=None, segment_s=20.0)
    assert len(segments) > 1
    here, there = tmp_path / "here", tmp_path / "there"

    with crew_of(1) as crew:
        for segment in segments:
            name = f"{segment.index}.npz"
            scan_segment(info, segment, here / name, _judge(info, here) if judged else None)
            crew.scan(info, segment, there / name, _judge(info, there) if judged else None)

    assert _files(here) == _files(there)
    assert any(name.startswith("stills/") for name in _files(here)) == judged


def test_a_long_film_ends_in_the_same_bytes_with_a_crew_and_without(film: Path, tmp_path: Path) -> None:
    for workers in (1, 2):
        out = tmp_path / str(workers)
        extract_film(film, out, settings=ExtractSettings(), progress=Silent(), workers=workers)

    assert _files(tmp_path / "1") == _files(tmp_path / "2")
    assert any(name.startswith("stills/") for name in _files(tmp_path / "1"))


@pytest.mark.skipif(sys.platform == "win32", reason="names that are no text are a matter of POSIX systems")
def test_names_that_are_no_text_reach_the_crew(info: FilmInfo, tmp_path: Path) -> None:
    segment = plan_segments(info, from_pts=None, to_pts=None)[0]
    odd = tmp_path / os.fsdecode(b"caf\xe9\n.mp4")
    try:
        odd.write_bytes(info.path.read_bytes())
    except OSError:
        pytest.skip("this file system takes no names that are not UTF-8")

    with crew_of(1) as crew:
        crew.scan(replace(info, path=odd), segment, odd.with_suffix(".npz"), None)

    assert odd.with_suffix(".npz").exists()
    assert judged_file(odd.with_suffix(".npz")).exists()


def test_a_fault_of_the_film_is_the_same_fault_here(info: FilmInfo, tmp_path: Path) -> None:
    segment = plan_segments(info, from_pts=None, to_pts=None)[0]
    gone = replace(info, path=tmp_path / "gone.mp4")

    with crew_of(1) as crew:
        with pytest.raises(InputError, match=r"gone\.mp4"):
            crew.scan(gone, segment, tmp_path / "0.npz", None)
        crew.scan(info, segment, tmp_path / "0.npz", None)

    assert (tmp_path / "0.npz").exists()


def test_a_defect_in_a_process_is_a_defect_here_with_its_traceback(info: FilmInfo, tmp_path: Path) -> None:
    segment = plan_segments(info, from_pts=None, to_pts=None)[0]
    empty = replace(_judge(info, tmp_path), active_picture=(5, 5, 5, 5))

    with crew_of(1) as crew, pytest.raises(RuntimeError, match="measure_still"):
        crew.scan(info, segment, tmp_path / "0.npz", empty)


def test_a_process_that_was_killed_is_told_with_the_film_and_what_to_do(
    info: FilmInfo, tmp_path: Path
) -> None:
    segment = plan_segments(info, from_pts=None, to_pts=None)[0]

    with crew_of(1) as crew:
        for process in crew._all:
            process.kill()
            process.wait()
        with pytest.raises(MachineError, match=r"long\.mp4.*run the same command again"):
            crew.scan(info, segment, tmp_path / "0.npz", None)


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are looked up in /proc")
def test_a_crew_ends_with_its_parent_however_that_ends() -> None:
    code = (
        "from artgen.extract.crew import Crew; import time; crew = Crew(2);"
        "print(*(process.pid for process in crew._all), flush=True); time.sleep(60)"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", code],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(Path(artgen.__file__).parents[1])},
    )
    assert parent.stdout is not None
    children = parent.stdout.readline().split()
    assert len(children) == 2
    assert all(_runs(child) for child in children)

    parent.send_signal(signal.SIGKILL)
    parent.communicate()

    deadline = time.monotonic() + 10
    while any(_runs(child) for child in children) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(_runs(child) for child in children)


def _runs(child: str) -> bool:
    try:
        return Path(f"/proc/{child}/stat").read_text().split()[2] != "Z"
    except OSError:
        return False
