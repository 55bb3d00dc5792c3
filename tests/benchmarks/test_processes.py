"""What a command costs, against programs whose cost is known."""

import sys
import time
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))
from processes import Cost, run_measured

linux_only = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="memory is read from /proc")


def measure(code: str, folder: Path, *, limit_s: float = 60) -> Cost:
    return run_measured(
        [sys.executable, "-c", code],
        folder=folder,
        log=folder / "log.txt",
        environment={"SAID": "yes"},
        limit_s=limit_s,
    )


def test_waiting_costs_time_but_no_processor(tmp_path: Path) -> None:
    cost = measure("import time; time.sleep(0.5)", tmp_path)

    assert 0.5 < cost.wall_s < 5
    assert cost.processor_s < 0.4
    assert cost.exit_code == 0


def test_work_of_children_is_counted(tmp_path: Path) -> None:
    work = "import time; e = time.process_time() + 0.4\nwhile time.process_time() < e: pass"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {work!r}])"

    assert measure(parent, tmp_path).processor_s > 0.4


@linux_only
def test_the_peak_is_seen_even_when_it_is_over(tmp_path: Path) -> None:
    few = measure("import time; time.sleep(0.3)", tmp_path).peak_mb
    many = measure("import time; b = b'x' * 200_000_000; del b; time.sleep(0.3)", tmp_path).peak_mb

    assert few is not None
    assert many is not None
    assert 195 < many - few < 230


@linux_only
def test_memory_of_several_processes_adds_up(tmp_path: Path) -> None:
    hold = "import time; b = b'x' * 100_000_000; time.sleep(1)"
    parent = (
        f"import subprocess, sys; p = [subprocess.Popen([sys.executable, '-c', {hold!r}]) for _ in 'ab']\n"
        "[one.wait() for one in p]"
    )

    peak = measure(parent, tmp_path).peak_mb

    assert peak is not None
    assert 200 < peak < 260


@linux_only
def test_memory_that_processes_share_counts_once(tmp_path: Path) -> None:
    code = (
        "import os, time; b = b'x' * 200_000_000\nif os.fork() == 0: time.sleep(0.6); os._exit(0)\nos.wait()"
    )

    peak = measure(code, tmp_path).peak_mb

    assert peak is not None
    assert 200 < peak < 260


def test_a_command_that_does_not_end_is_killed_with_its_children(tmp_path: Path) -> None:
    child = "import time; time.sleep(3); open('still_alive', 'w')"
    code = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"

    cost = measure(code, tmp_path, limit_s=0.6)
    time.sleep(3)

    assert cost.exit_code < 0
    assert cost.wall_s < 3
    assert not (tmp_path / "still_alive").exists()


def test_what_is_printed_is_kept_and_the_environment_passed_on(tmp_path: Path) -> None:
    cost = measure("import os, sys; print(os.environ['SAID'], flush=True); sys.exit('bad')", tmp_path)

    assert cost.exit_code == 1
    assert (tmp_path / "log.txt").read_text().split() == ["yes", "bad"]
