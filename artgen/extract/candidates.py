"""Instants that reading the film did not name: they are decoded by seeking, and judged."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from artgen.extract.judging import Judge, Judged, collect, load_judged, save_judged
from artgen.progress import Progress
from artgen.records import Still
from artgen.video import FilmInfo, read_pictures
from artgen.work import work_through

CANDIDATES_A_BATCH = (
    12  # enough to share groups of pictures between neighbors, few enough to lose little on a kill
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """An instant of a shot that is worth decoding, and the motion at it (0..1)."""

    shot: int
    pts: int
    motion: float


def judge_candidates(
    info: FilmInfo,
    candidates: Sequence[Candidate],
    into: Path,
    *,
    judge: Judge,
    seekable: bool,
    workers: int,
    progress: Progress,
) -> Judged:
    """Decode and judge candidates, batch by batch; a batch that lies in the journal folder `into` is kept.

    Args:
        info: the film.
        candidates: in time order.
        into: a journal folder.
        judge: what pictures are judged by.
        seekable: False: the film is decoded in one go, not from its start for each batch.
        workers: threads.
        progress: who watches.
    """
    size = CANDIDATES_A_BATCH if seekable else max(1, len(candidates))
    batches = [candidates[i : i + size] for i in range(0, len(candidates), size)]
    files = [into / f"{number:06d}.json" for number in range(len(batches))]
    jobs = [
        partial(_judge_batch, info, batch, file, judge)
        for batch, file in zip(batches, files, strict=True)
        if not file.exists()
    ]
    if batches:
        done = len(files) - len(jobs)
        work_through(jobs, workers=workers, label="judging stills", done=done, progress=progress)
    return load_judged(files)


def _judge_batch(info: FilmInfo, batch: Sequence[Candidate], file: Path, judge: Judge) -> None:
    damage: list[str] = []
    save_judged(collect(_judged(info, batch, judge, damage), damage), file)


def _judged(
    info: FilmInfo, batch: Sequence[Candidate], judge: Judge, damage: list[str]
) -> Iterator[tuple[Still, NDArray[np.float32]]]:
    named = {candidate.pts: candidate for candidate in batch}
    for picture in read_pictures(info, sorted(named), on_damage=damage.append):
        candidate = named[picture.pts]
        yield judge.judge(picture, shot=candidate.shot, motion=candidate.motion)
