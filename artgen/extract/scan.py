"""Reading every frame once, in segments side by side, each kept in the journal when it is done."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from artgen.extract.crew import Crew
from artgen.extract.judging import Judge
from artgen.extract.scanning import scan_segment
from artgen.progress import Progress
from artgen.records import Shot
from artgen.shots import Signatures, join_signatures
from artgen.video import FilmInfo, Segment
from artgen.work import work_through

T = TypeVar("T")

POLL_S = 0.05
MAX_STRETCH_S = 60.0  # a longer shot is judged in stretches, so that memory does not grow with a single take


def scan_film(
    info: FilmInfo,
    segments: list[Segment],
    into: Path,
    *,
    judge: Judge | None,
    crew: Crew | None,
    workers: int,
    progress: Progress,
) -> list[Path]:
    """Sign all frames of the segments, and judge the promising ones while they are decoded.

    Args:
        info: the film.
        segments: all of it that is wanted.
        into: a journal folder; files that are there already are kept.
        judge: None where a frame cannot be shown without its neighbors, or bars are not known yet.
        crew: who scans; None: threads of this process, which is as good for a short film.
        workers: threads, or processes in the crew.
        progress: who watches.

    Returns:
        The file of signatures of each segment, in order; beside each what was judged.
    """
    files = [signatures_file(into, segment) for segment in segments]
    jobs = [
        partial(crew.scan if crew else scan_segment, info, segment, file, judge)
        for segment, file in zip(segments, files, strict=True)
        if not file.exists()
    ]
    done = len(files) - len(jobs)
    work_through(jobs, workers=workers, label="reading the film", done=done, progress=progress)
    return files


@contextmanager
def following(
    segments: list[Segment], into: Path, *, find: Callable[[Iterator[Signatures]], T]
) -> Iterator[Callable[[], T]]:
    """Let `find` read the signatures in order while scan_film still writes them, in a thread of its own.

    Yields:
        What gives its answer, once scan_film is done.
    """
    ended = threading.Event()

    def runs() -> Iterator[Signatures]:
        for segment in segments:
            file = signatures_file(into, segment)
            while not file.exists():
                if ended.wait(POLL_S):
                    return
            yield load_signatures(file)

    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(find, runs())
        try:
            yield answer.result
        finally:
            ended.set()


def signatures_file(into: Path, segment: Segment) -> Path:
    """Where the signatures of a segment lie in the journal folder `into`."""
    return into / f"{segment.index:06d}.npz"


def load_signatures(file: Path) -> Signatures:
    """The signatures of one scanned segment."""
    with np.load(file, allow_pickle=False) as kept:
        return Signatures(**{name: kept[name] for name in kept.files if name != "damage"})


def load_damage(files: list[Path]) -> list[str]:
    """What could not be decoded, a sentence each, in order."""
    found: list[str] = []
    for file in files:
        with np.load(file, allow_pickle=False) as kept:
            found += [str(line) for line in kept["damage"]]
    return found


def frame_times(files: list[Path]) -> NDArray[np.int64]:
    """The pts of every frame, (n,)."""
    times: list[NDArray[np.int64]] = []
    for file in files:
        with np.load(file, allow_pickle=False) as kept:
            times.append(kept["pts"])
    return np.concatenate(times) if times else np.zeros(0, np.int64)


def stretches(
    shots: list[Shot], files: list[Path], *, max_stretch_pts: int
) -> Iterator[tuple[Shot, Signatures]]:
    """Every shot with the signatures of its frames; a long one comes in several stretches."""
    runs = (load_signatures(file) for file in files)
    held = join_signatures([])
    for shot in shots:
        start = shot.start_pts
        while start < shot.end_pts:
            end = min(start + max_stretch_pts, shot.end_pts)
            while not len(held) or held.pts[-1] < end:
                more = next(runs, None)
                if more is None:
                    break
                held = join_signatures([held.between(start, end), more])
            stretch = held.between(start, end)
            if len(stretch):
                yield shot, stretch
            start = end
