"""Reading every frame once, in segments side by side, each kept in the journal when it is done."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from pathlib import Path

import numpy as np

from artgen.folder import write_arrays
from artgen.progress import Progress
from artgen.records import Shot
from artgen.shots import Signatures, join_signatures, sign_frames
from artgen.video import FilmInfo, Segment, read_luma

MAX_STRETCH_S = 60.0  # a longer shot is judged in stretches, so that memory does not grow with a single take


def scan_film(
    info: FilmInfo, segments: list[Segment], into: Path, *, workers: int, progress: Progress
) -> list[Path]:
    """Sign all frames of the segments; returns one file a segment, in order.

    Files that are there already are kept: a segment is written whole or not at all.
    """
    files = [into / f"{segment.index:06d}.npz" for segment in segments]
    todo = [(segment, file) for segment, file in zip(segments, files, strict=True) if not file.exists()]
    into.mkdir(parents=True, exist_ok=True)

    def scan(segment: Segment, file: Path) -> None:
        damage: list[str] = []
        _save(file, sign_frames(read_luma(info, segment, on_damage=damage.append)), damage)

    with ThreadPoolExecutor(workers) as pool:
        work = [pool.submit(scan, segment, file) for segment, file in todo]
        await_all(work, pool, progress, "finding shots", done=len(files) - len(todo))
    return files


def await_all(
    work: list[Future[None]], pool: ThreadPoolExecutor, progress: Progress, label: str, *, done: int
) -> None:
    """Wait for all of the work; the first failure, or an interrupt, ends what has not begun."""
    try:
        for finished in progress.over(as_completed(work), label, total=len(work) + done, done=done):
            finished.result()
    except BaseException:
        pool.shutdown(wait=True, cancel_futures=True)
        raise


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


def frame_times(files: list[Path]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """The pts of every frame, (n,)."""
    times: list[np.ndarray[tuple[int], np.dtype[np.int64]]] = []
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


def _save(file: Path, signatures: Signatures, damage: list[str]) -> None:
    arrays = {name: getattr(signatures, name) for name in Signatures.__dataclass_fields__}
    write_arrays(file, damage=np.array(damage, dtype=np.str_), **arrays)
