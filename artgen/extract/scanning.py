"""Scanning one segment: every frame is signed, and the promising ones are judged while they are at hand."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from artgen.extract.judging import NO_SHOT, Judge, collect, save_judged
from artgen.folder import write_arrays
from artgen.records import Still
from artgen.shots import Signatures, join_signatures, sign_frames
from artgen.stills import Watch
from artgen.video import FilmInfo, LumaFrame, Segment, read_luma


def scan_segment(info: FilmInfo, segment: Segment, file: Path, judge: Judge | None) -> None:
    """Decode a segment once; keep its signatures in `file`, written last, and what was judged beside it.

    Raises:
        InputError: the film has changed since it was probed.
        MachineError: disk, memory or permission.
    """
    damage: list[str] = []
    frames = read_luma(info, segment, on_damage=damage.append)
    if judge is None:
        arrays, judged = sign_frames(frames), collect((), [])
    else:
        signatures: list[Signatures] = []
        judged = collect(_watched(frames, info, signatures, judge), [])
        arrays = join_signatures(signatures)
    save_judged(judged, judged_file(file))
    write_arrays(
        file,
        damage=np.array(damage, dtype=np.str_),
        **{name: getattr(arrays, name) for name in Signatures.__dataclass_fields__},
    )


def judged_file(signatures_file: Path) -> Path:
    """Where what was judged of a segment lies."""
    return signatures_file.with_suffix(".json")


def _watched(
    frames: Iterator[LumaFrame], info: FilmInfo, signatures: list[Signatures], judge: Judge
) -> Iterator[tuple[Still, NDArray[np.float32]]]:
    watch: Watch[LumaFrame] = Watch(time_base=info.time_base)
    for frame in frames:
        signature = sign_frames([frame])
        signatures.append(signature)
        yield from _judged(watch.see(signature, frame), info, judge)
    yield from _judged(watch.end(), info, judge)


def _judged(
    named: list[tuple[LumaFrame, float]], info: FilmInfo, judge: Judge
) -> Iterator[tuple[Still, NDArray[np.float32]]]:
    for frame, motion in named:
        yield judge.judge(frame.picture(info), shot=NO_SHOT, motion=motion)
