"""Processes that read stretches of a film side by side: threads of one process wait too long for Python's lock."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from queue import SimpleQueue

import msgspec

from artgen.errors import ArtgenError, InputError, MachineError
from artgen.extract.judging import Judge
from artgen.extract.scanning import scan_segment
from artgen.folder import FramesFolder
from artgen.machine import release_memory
from artgen.records import ImageFormat, PixelBox
from artgen.video import FilmInfo, Segment, probe

# The path is the parent's own, so that a process finds the same artgen, and nothing in the current folder.
_BEGIN = (
    "import sys, json; sys.path[:] = json.loads(sys.argv[1]); from artgen.extract.crew import serve; serve()"
)
_ERRORS = {kind.__name__: kind for kind in (InputError, MachineError, MemoryError)}


@dataclass(frozen=True, slots=True)
class Order:
    """One segment of a film to be scanned, see scan_segment; paths as the system spells them.

    Without `active_picture` nothing is judged.
    """

    film: bytes
    segment: Segment
    file: bytes
    frames_folder: bytes = b""
    active_picture: PixelBox | None = None
    image_format: ImageFormat = "jpeg"


@dataclass(frozen=True, slots=True)
class Answer:
    """How an order went: `error` is the name of what was raised, None if nothing was."""

    error: str | None = None
    message: str = ""


class Crew:
    """Processes that scan segments; each takes one order at a time."""

    def __init__(self, processes: int) -> None:
        """Start the processes; they are ready in about a third of a second, which nobody waits for."""
        begin = [sys.executable, "-I", "-c", _BEGIN, json.dumps(sys.path)]
        self._all = [
            subprocess.Popen(begin, stdin=subprocess.PIPE, stdout=subprocess.PIPE) for _ in range(processes)
        ]
        self._idle: SimpleQueue[subprocess.Popen[bytes]] = SimpleQueue()
        for process in self._all:
            self._idle.put(process)

    def scan(self, info: FilmInfo, segment: Segment, file: Path, judge: Judge | None) -> None:
        """Let an idle process do scan_segment; call it from as many threads as there are processes.

        Raises:
            InputError: of scan_segment, raised anew here.
            MachineError: of scan_segment, or the process has ended.
            RuntimeError: the process met a defect of artgen.
        """
        order = Order(os.fsencode(info.path), segment, os.fsencode(file))
        if judge is not None:
            root = os.fsencode(judge.folder.root)
            order = replace(
                order,
                frames_folder=root,
                active_picture=judge.active_picture,
                image_format=judge.image_format,
            )
        process = self._idle.get()
        try:
            answer = _ask(process, order)
        finally:
            self._idle.put(process)
        if answer.error is not None:
            raise _ERRORS.get(answer.error, RuntimeError)(answer.message)

    def close(self) -> None:
        """End the processes; what they were at is dropped."""
        for process in self._all:
            process.kill()
        for process in self._all:
            process.communicate()


@contextmanager
def crew_of(processes: int) -> Iterator[Crew]:
    """A crew that is closed when the block ends."""
    crew = Crew(processes)
    try:
        yield crew
    finally:
        crew.close()


def _ask(process: "subprocess.Popen[bytes]", order: Order) -> Answer:
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        process.stdin.write(msgspec.json.encode(order) + b"\n")
        process.stdin.flush()
        line = process.stdout.readline()
    except BrokenPipeError:
        line = b""
    if not line:
        raise MachineError(
            f"{os.fsdecode(order.film)}: a process that read it has ended ({process.wait()}), killed or out of memory; "
            "run the same command again, it goes on where it was (--workers 1 needs least memory)."
        )
    return msgspec.json.decode(line, type=Answer)


def serve() -> None:
    """Be a process of a crew: take orders from stdin, one a line, and answer each on stdout, until stdin ends."""
    import signal

    import cv2

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent hears it too, and decides
    cv2.setNumThreads(1)
    orders: SimpleQueue[bytes] = SimpleQueue()
    threading.Thread(target=_receive, args=(orders,), daemon=True).start()
    # Nothing else may come between the answers, not even from a library: what is printed goes where errors go.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    films: dict[bytes, FilmInfo] = {}
    while True:
        order = msgspec.json.decode(orders.get(), type=Order)
        answers.write(msgspec.json.encode(_answered(order, films)) + b"\n")
        answers.flush()
        release_memory()


def _receive(orders: "SimpleQueue[bytes]") -> None:
    for line in sys.stdin.buffer:
        orders.put(line)
    os._exit(0)  # the parent has ended, perhaps killed: nobody wants what is being done


def _answered(order: Order, films: dict[bytes, FilmInfo]) -> Answer:
    import traceback

    try:
        if order.film not in films:
            films[order.film] = probe(Path(os.fsdecode(order.film)))
        info = films[order.film]
        scan_segment(info, order.segment, Path(os.fsdecode(order.file)), _judge(order, info))
    except (ArtgenError, MemoryError) as fault:
        return Answer(type(fault).__name__, str(fault))
    except Exception:  # noqa: BLE001 (a process may not end without an answer; the parent raises it)
        return Answer("RuntimeError", traceback.format_exc())
    return Answer()


def _judge(order: Order, info: FilmInfo) -> Judge | None:
    if order.active_picture is None:
        return None
    folder = FramesFolder(Path(os.fsdecode(order.frames_folder)))
    return Judge(folder, order.active_picture, order.image_format, info.time_base, info.start_pts)
