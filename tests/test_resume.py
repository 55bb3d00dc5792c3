"""kill -9 at many moments, then the same command again: it goes on, and ends in the same bytes."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

SAMPLE = Path(__file__).resolve().parent.parent / "samples" / "sample.mp4"
ENVIRONMENT = os.environ | {"ARTGEN_OFFLINE": "1"}
KILLS_S = (0.2, 0.5, 0.9, 1.4, 1.8, 2.3, 2.7, 3.1, 3.6, 4.2, 4.9, 5.7, 6.6)


def _command(out: Path) -> list[str]:
    options = ["--model", "artgen-compact", "--precision", "fp32", "--faces", "dlib"]
    return [sys.executable, "-m", "artgen", "run", str(SAMPLE), "--out", str(out), *options, "--json"]


def _content(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != ".lock")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    out = tmp_path_factory.mktemp("undisturbed") / "out"
    subprocess.run(_command(out), check=True, env=ENVIRONMENT, capture_output=True)
    return _content(out)


@pytest.mark.slow
def test_a_run_killed_at_many_moments_ends_in_the_same_bytes(
    tmp_path: Path, undisturbed: dict[str, bytes]
) -> None:
    out = tmp_path / "out"
    killed = 0
    for moment_s in KILLS_S:
        process = subprocess.Popen(
            _command(out), env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        time.sleep(moment_s)
        process.send_signal(signal.SIGKILL)
        killed += process.wait() == -signal.SIGKILL

    last = subprocess.run(_command(out), env=ENVIRONMENT, capture_output=True, text=True, check=False)

    assert last.returncode == 0, last.stderr
    assert killed >= 5, "the kills must fall into the work"
    found = _content(out)
    assert sorted(found) == sorted(undisturbed)
    assert [name for name, content in found.items() if content != undisturbed[name]] == []


@pytest.mark.slow
def test_nothing_of_the_work_in_progress_is_left(undisturbed: dict[str, bytes]) -> None:
    litter = [name for name in undisturbed if ".journal" in name or name.endswith(".part")]

    assert litter == []
    assert {"catalog.json", "vectors.parquet", "frames/title.json", "frames/tagging.json"} <= set(undisturbed)


@pytest.mark.slow
def test_running_it_again_changes_nothing_and_is_quick(tmp_path: Path, undisturbed: dict[str, bytes]) -> None:
    out = tmp_path / "out"
    subprocess.run(_command(out), check=True, env=ENVIRONMENT, capture_output=True)
    times = {path: path.stat().st_mtime_ns for path in out.rglob("stills/*")}

    again = subprocess.run(_command(out), check=True, env=ENVIRONMENT, capture_output=True, text=True)

    assert _content(out) == undisturbed
    assert times == {path: path.stat().st_mtime_ns for path in out.rglob("stills/*")}
    assert "done already" in again.stderr
