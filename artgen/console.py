"""What a person sees: progress on a terminal or in plain lines, one JSON object, errors as one sentence."""

import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import typer

from artgen.errors import ArtgenError, MachineError

T = TypeVar("T")

SECONDS_BETWEEN_LINES = 10.0
INTERRUPTED = 130


class Lines:
    """Progress as plain lines on stderr: one at the start, some on the way, one at the end."""

    def over(
        self, items: Iterable[T], label: str, *, total: float | None = None, done: float = 0
    ) -> Iterator[T]:
        """Pass items on; see progress.Progress."""
        began = said = time.monotonic()
        count = done
        self.note(f"{label} ..." if not done else f"{label}, going on at {done:g} of {total:g} ...")
        for item in items:
            yield item
            count += 1
            now = time.monotonic()
            if total and now - said > SECONDS_BETWEEN_LINES:
                said = now
                left = (now - began) / max(count - done, 1) * (total - count)
                self.note(f"{label}: {count:g} of {total:g}, about {_clock(left)} left")
        self.note(f"{label}: {count:g} done in {_clock(time.monotonic() - began)}")

    def note(self, text: str) -> None:
        """Say one sentence."""
        print(text, file=sys.stderr, flush=True)


class Bars:
    """Progress as bars with the time left, for a terminal."""

    def __init__(self) -> None:
        from rich.console import Console

        self._console = Console(stderr=True, highlight=False)

    def over(
        self, items: Iterable[T], label: str, *, total: float | None = None, done: float = 0
    ) -> Iterator[T]:
        """Pass items on; see progress.Progress."""
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            Progress,
            TextColumn,
            TimeElapsedColumn,
            TimeRemainingColumn,
        )

        columns = (
            TextColumn("{task.description:<16}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("left"),
            TimeRemainingColumn(),
        )
        with Progress(*columns, console=self._console) as bar:
            task = bar.add_task(label, total=total, completed=int(done))
            for item in items:
                yield item
                bar.advance(task)

    def note(self, text: str) -> None:
        """Say one sentence, above a running bar."""
        self._console.print(text, markup=False)


class Session:
    """One command on its way to an answer."""

    def __init__(self, *, as_json: bool, quiet: bool) -> None:
        from artgen.progress import Silent

        self._as_json = as_json
        self.exit_code = 0
        if quiet:
            self.progress: Lines | Bars | Silent = Silent()
        elif sys.stderr.isatty() and not as_json:
            self.progress = Bars()
        else:
            self.progress = Lines()

    def finish(self, answer: Any, tell: Callable[[], Iterable[str]]) -> None:
        """Give the answer: as JSON where asked for, else as the lines that `tell` makes, on stdout."""
        if self._as_json:
            import msgspec

            sys.stdout.buffer.write(msgspec.json.encode(answer) + b"\n")
            sys.stdout.flush()
        else:
            for line in tell():
                print(line)

    def fault(self, left_out: Iterable[str]) -> None:
        """Items were left out because the input is at fault: say each, and end in exit code 3."""
        for line in left_out:
            print(f"artgen: {line}", file=sys.stderr)
            self.exit_code = 3


@contextmanager
def session(*, as_json: bool = False, quiet: bool = False) -> Iterator[Session]:
    """Run a command's body; whatever goes wrong becomes one sentence and an exit code (docs/commands.md)."""
    running = Session(as_json=as_json, quiet=quiet)
    try:
        yield running
        code, message = running.exit_code, None
    except ArtgenError as fault:
        code, message = fault.exit_code, str(fault)
    except KeyboardInterrupt:
        code, message = INTERRUPTED, "Interrupted; the same command goes on where it was."
    except MemoryError:
        code, message = (
            MachineError.exit_code,
            "This machine's memory is used up; close programs or use --workers 1.",
        )
    except BrokenPipeError:
        code, message = 0, None
    except (typer.Exit, typer.Abort):
        raise
    except Exception as defect:  # noqa: BLE001 (the last stop: no traceback may reach a person)
        code, message = 1, _report(defect)
    if message is not None:
        print(f"artgen: {message}", file=sys.stderr)
        if as_json:
            running.finish({"error": message, "exit_code": code}, list)
    if code:
        raise typer.Exit(code)


def _report(defect: Exception) -> str:
    text = "".join(traceback.format_exception(defect))
    kind = f"{type(defect).__name__}: {defect}".splitlines()[0][:300]
    try:
        with tempfile.NamedTemporaryFile(
            "w", prefix="artgen-defect-", suffix=".txt", delete=False, encoding="utf-8"
        ) as file:
            file.write(text)
    except OSError:
        return f"This is a defect of artgen ({kind}). Please report it."
    return f"This is a defect of artgen ({kind}). Please report it with {Path(file.name)}."


def table(head: list[str], rows: list[list[str]]) -> Iterator[str]:
    """Rows under a head, in aligned columns; no lines, no color."""
    widths = [max(len(row[i]) for row in [head, *rows]) for i in range(len(head))]
    for row in [head, *rows]:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def _clock(seconds: float) -> str:
    whole = max(0, round(seconds))
    return (
        f"{whole // 3600}:{whole // 60 % 60:02d}:{whole % 60:02d}"
        if whole >= 3600
        else f"{whole // 60}:{whole % 60:02d}"
    )
