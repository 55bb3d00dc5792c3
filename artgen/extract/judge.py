"""Decoding the promising instants at full quality, judging them, and keeping the best of each shot."""

import itertools
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from artgen.extract.scan import await_all
from artgen.folder import FramesFolder, read_json, write_array, write_json, write_whole
from artgen.pictures import SUFFIXES, encode_picture
from artgen.progress import Progress
from artgen.records import ImageFormat, PixelBox, Still, rounded, still_id
from artgen.stills import fingerprint, gate_still, measure_still, near_duplicates, still_score
from artgen.video import FilmInfo, Picture, read_pictures

STRETCHES_A_BATCH = (
    6  # enough to share a group of pictures between neighbors, few enough to lose little on a kill
)


@dataclass(frozen=True, slots=True)
class Candidates:
    """The instants of one stretch of a shot that are worth decoding, and the motion at each (fraction)."""

    shot: int
    pts: tuple[int, ...]
    motion: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class JudgeSettings:
    """What every batch is judged by."""

    active_picture: PixelBox
    per_stretch: int
    image_format: ImageFormat
    time_base: Fraction
    start_pts: int
    seekable: bool


def judge_candidates(
    info: FilmInfo,
    candidates: Sequence[Candidates],
    folder: FramesFolder,
    *,
    settings: JudgeSettings,
    workers: int,
    progress: Progress,
) -> tuple[list[Still], NDArray[np.float32], list[str]]:
    """Judge all candidates; pictures of those that pass lie in the folder when this returns.

    Returns:
        The stills in time order, their fingerprints (n, d), and sentences about damage met.
    """
    into = folder.journal / "extract" / "judged"
    # A film that cannot be entered in its middle is decoded once, not once a batch.
    size = STRETCHES_A_BATCH if settings.seekable else max(1, len(candidates))
    batches = [candidates[i : i + size] for i in range(0, len(candidates), size)]
    files = [into / f"{number:06d}.json" for number in range(len(batches))]
    todo = [(batch, file) for batch, file in zip(batches, files, strict=True) if not file.exists()]

    def judge(batch: Sequence[Candidates], file: Path) -> None:
        _judge_batch(info, batch, file, folder, settings)

    with ThreadPoolExecutor(workers) as pool:
        work = [pool.submit(judge, batch, file) for batch, file in todo]
        await_all(work, pool, progress, "judging stills", done=len(files) - len(todo))
    judged = [read_json(file, _Judged) for file in files]
    prints = [np.load(file.with_suffix(".npy"), allow_pickle=False) for file in files]
    stills = [still for batch in judged for still in batch.stills]
    damage = [line for batch in judged for line in batch.damage]
    if not stills:
        return [], np.zeros((0, 1), np.float32), damage
    return stills, np.concatenate([rows for rows in prints if rows.size]), damage


@dataclass(frozen=True, slots=True)
class _Judged:
    stills: list[Still]
    damage: list[str]


def _judge_batch(
    info: FilmInfo, batch: Sequence[Candidates], file: Path, folder: FramesFolder, settings: JudgeSettings
) -> None:
    damage: list[str] = []
    stills: list[Still] = []
    prints: list[NDArray[np.float32]] = []
    owner = {pts: stretch for stretch in batch for pts in stretch.pts}
    pictures = read_pictures(info, sorted(owner), on_damage=damage.append)
    # Pictures arrive in time order, so those of one stretch come together and are freed with it.
    for stretch, arrived in itertools.groupby(pictures, key=lambda picture: owner[picture.pts]):
        judged, rows = _judge_stretch(stretch, list(arrived), folder, settings)
        stills += judged
        prints += rows
    write_array(file.with_suffix(".npy"), np.stack(prints) if prints else np.zeros((0, 1), np.float32))
    write_json(file, _Judged(stills, damage))


def _judge_stretch(
    stretch: Candidates,
    pictures: Sequence[Picture],
    folder: FramesFolder,
    settings: JudgeSettings,
) -> tuple[list[Still], list[NDArray[np.float32]]]:
    x1, y1, x2, y2 = settings.active_picture
    motion = dict(zip(stretch.pts, stretch.motion, strict=True))
    crops = [np.ascontiguousarray(picture.rgb[y1:y2, x1:x2]) for picture in pictures]
    stills: list[Still] = []
    judged: list[Still] = []
    for picture, crop in zip(pictures, crops, strict=True):
        measures = measure_still(crop) | {"motion": motion[picture.pts]}
        time_s = float((picture.pts - settings.start_pts) * settings.time_base)
        judged.append(
            Still(
                id=still_id(time_s),
                shot=stretch.shot,
                pts=picture.pts,
                time_s=round(time_s, 6),
                file=None,
                measures=rounded(measures),
                gate=gate_still(measures, crop),
                score=round(still_score(measures), 6),
            )
        )
    rows = [fingerprint(crop) for crop in crops]
    judged = _best_of_stretch(judged, rows, settings.per_stretch)
    for still, crop in zip(judged, crops, strict=True):
        if still.gate is None:
            name = f"stills/{still.id}{SUFFIXES[settings.image_format]}"
            write_whole(folder.root / name, encode_picture(crop, settings.image_format))
            stills.append(replace(still, file=name))
        else:
            stills.append(still)
    return stills, rows


def _best_of_stretch(stills: list[Still], rows: list[NDArray[np.float32]], most: int) -> list[Still]:
    passed = [i for i, still in enumerate(stills) if still.gate is None]
    if not passed:
        return stills
    better = near_duplicates([stills[i] for i in passed], np.stack([rows[i] for i in passed]))
    judged = [
        replace(still, gate=f"duplicate: of {better[still.id]}") if still.id in better else still
        for still in stills
    ]
    left = sorted(
        (still for still in judged if still.gate is None), key=lambda still: (-still.score, still.pts)
    )
    surplus = {still.id for still in left[most:]}
    return [
        replace(still, gate="surplus: better stills of this shot are kept") if still.id in surplus else still
        for still in judged
    ]
