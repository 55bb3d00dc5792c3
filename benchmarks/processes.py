"""Runs a command and measures what it and everything it starts costs."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")
SAMPLE_S, MOST_SAMPLE_S = 0.05, 0.25  # between two looks at memory, at least and at most
LOOKING = 0.01  # of the time that may go into looking, within that: what is measured runs on the same cores


@dataclass(frozen=True, slots=True)
class Cost:
    """What one run took."""

    wall_s: float
    processor_s: float  # user and system time of the process and all it waited for
    peak_mb: float | None  # 10^6 bytes, of all processes together; None where there is no /proc
    exit_code: int


def run_measured(
    command: Sequence[str],
    *,
    folder: Path,
    log: Path,
    environment: Mapping[str, str],
    limit_s: float,
) -> Cost:
    """Run a command to its end, or to the limit, and measure it.

    Args:
        command: program and arguments.
        folder: where it runs.
        log: file that takes what it prints.
        environment: added to this process's own.
        limit_s: after which it is killed with all it started; its exit code is then negative.
    """
    with log.open("wb") as told:
        start = time.perf_counter()
        process = subprocess.Popen(
            command,
            cwd=folder,
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            stdout=told,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        ended = threading.Event()
        peak: list[float] = []
        watcher = threading.Thread(target=_watch, args=(process.pid, ended, peak), daemon=True)
        watcher.start()
        limit = threading.Timer(limit_s, _kill, [process.pid])
        limit.start()
        _, status, usage = os.wait4(process.pid, 0)
        wall_s = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    limit.cancel()
    ended.set()
    watcher.join()
    _kill(process.pid)  # what it left behind
    return Cost(wall_s, usage.ru_utime + usage.ru_stime, peak[0] if peak else None, process.returncode)


def _kill(session: int) -> None:
    try:
        os.killpg(session, signal.SIGKILL)
    except ProcessLookupError:
        return


def _watch(session: int, ended: threading.Event, peak: list[float]) -> None:
    """Keep in peak[0] the most memory that the processes of a session were seen to hold at once."""
    if not PROC.joinpath("self", "stat").exists():
        return
    foreign: set[str] = set()
    members: set[str] = set()
    pause_s = 0.0
    while not ended.wait(pause_s):
        began = time.perf_counter()
        there = {path.name for path in PROC.iterdir() if path.name.isdigit()}
        for name in there - foreign - members:
            (members if _session_of(name) == session else foreign).add(name)
        members &= there
        # Pages that two processes share would count twice; their fair share is dear to ask for, so only then.
        sizes = [_kilobytes(name, fair=len(members) > 1) for name in members]
        highest = [_high_water(name) for name in members]
        now = max([sum(sizes), *highest]) * 1024 / 1e6
        if now:
            peak[:] = [max(now, *peak)] if peak else [now]
        looked_s = time.perf_counter() - began
        pause_s = min(max(SAMPLE_S, looked_s / LOOKING), MOST_SAMPLE_S) if peak else 0.0


def _session_of(pid: str) -> int | None:
    try:
        line = (PROC / pid / "stat").read_text(errors="replace")
    except OSError:
        return None
    return int(line.rpartition(")")[2].split()[3])


def _kilobytes(pid: str, *, fair: bool) -> int:
    """Memory a process holds now; where it shares pages, its fair part of them."""
    return _field(pid, "smaps_rollup", "Pss:") if fair else _field(pid, "status", "VmRSS:")


def _high_water(pid: str) -> int:
    """The most memory a process has held since it began, also between two looks."""
    return _field(pid, "status", "VmHWM:")


def _field(pid: str, file: str, name: str) -> int:
    try:
        lines = (PROC / pid / file).read_text(errors="replace").splitlines()
    except OSError:
        return 0  # it has just ended, or may not be looked into
    return next((int(line.split()[1]) for line in lines if line.startswith(name)), 0)
