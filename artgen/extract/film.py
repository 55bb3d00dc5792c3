"""The order of extract's work, from a video file to a finished frames folder."""

from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import numpy as np

from artgen import __version__
from artgen.errors import InputError
from artgen.extract.judge import Candidates, JudgeSettings, judge_candidates
from artgen.extract.scan import (
    MAX_STRETCH_S,
    frame_times,
    load_damage,
    load_signatures,
    scan_film,
    stretches,
)
from artgen.extract.settings import ExtractSettings, plan_for, prepare_folder
from artgen.folder import FramesFolder, held, read_lines, sha256_of, write_json, write_lines
from artgen.machine import core_count
from artgen.pictures import SUFFIXES
from artgen.progress import Progress
from artgen.records import FRAMES_FORMAT, Film, PixelBox, Shot, Still, Title
from artgen.shots import find_shots
from artgen.stills import choose_instants, find_active_picture, motion_at, near_duplicates
from artgen.video import FilmInfo, plan_segments, probe, read_pictures

CANDIDATES_A_STILL = 2  # instants decoded for each still that may be kept: a choice without decoding too much
BAR_SAMPLES, LEAST_BAR_SAMPLES = 32, 12  # pictures that decide about letterbox bars


@dataclass(frozen=True, slots=True)
class Extracted:
    """What a run of extract came to."""

    frames_folder: str
    title: Title
    shots: int
    kept: int
    rejected: dict[str, int]
    already_done: bool


def extract_film(
    video: Path,
    out: Path,
    *,
    settings: ExtractSettings,
    progress: Progress,
    overwrite: bool = False,
    resume: bool = True,
    workers: int | None = None,
) -> Extracted:
    """Turn a film into a frames folder; a run that was cut short goes on where it was.

    Raises:
        InputError: the film cannot be read, or the folder belongs to something else.
        UsageError: the settings leave nothing of the film.
        MachineError: disk, memory or permission; nothing done is lost.
    """
    info = probe(video)
    span = settings.span_s(info.duration_s)
    folder = FramesFolder(out)
    film = Film(name=video.name, sha256=sha256_of(video), bytes=video.stat().st_size)
    with held(out):
        done = prepare_folder(folder, plan_for(film, settings), overwrite=overwrite, resume=resume)
        if done is not None:
            progress.note(f"{out} is done already; --overwrite makes it anew.")
            return _summary(folder, done, read_lines(folder.stills, Still), already_done=True)
        title, stills = _extract(
            info,
            folder,
            film=film,
            settings=settings,
            span=span,
            progress=progress,
            workers=workers or core_count(),
        )
    return _summary(folder, title, stills, already_done=False)


def _extract(
    info: FilmInfo,
    folder: FramesFolder,
    *,
    film: Film,
    settings: ExtractSettings,
    span: tuple[float, float | None],
    progress: Progress,
    workers: int,
) -> tuple[Title, list[Still]]:
    segments = plan_segments(
        info,
        from_pts=None if span[0] == 0 else _pts(info, span[0]),
        to_pts=None if span[1] is None else _pts(info, span[1]),
    )
    files = scan_film(info, segments, folder.journal / "extract" / "scan", workers=workers, progress=progress)
    times = frame_times(files)
    if not times.size:
        raise InputError(f"{info.path} has no frame that can be decoded; the film is damaged or encrypted.")
    frame_s = _frame_s(info, times)
    shots = list(
        find_shots(
            (load_signatures(file) for file in files),
            time_base=info.time_base,
            start_pts=info.start_pts,
            frame_s=frame_s,
            min_shot_s=settings.min_shot_s,
        )
    )
    candidates = _candidates(info, shots, files, settings)
    active = _active_picture(info, len(times) * frame_s, candidates)
    judge = JudgeSettings(
        active, settings.per_shot, settings.image_format, info.time_base, info.start_pts, len(segments) > 1
    )
    stills, prints, damage = judge_candidates(
        info, candidates, folder, settings=judge, workers=workers, progress=progress
    )
    stills = _without_repeats(stills, prints, settings.most)
    title = Title(
        format=FRAMES_FORMAT,
        artgen=__version__,
        film=film,
        time_base=str(info.time_base),
        start_pts=info.start_pts,
        duration_s=round(float((int(times[-1]) - info.start_pts) * info.time_base) + frame_s, 6),
        frames=len(times),
        width=info.width,
        height=info.height,
        sample_aspect=str(info.sample_aspect),
        rotation=info.rotation,
        interlaced=info.interlaced,
        color=info.color,
        active_picture=active,
        settings=plan_for(film, settings).settings,
        damage=tuple(dict.fromkeys(load_damage(files) + damage)),
    )
    for line in title.damage:
        progress.note(line)
    _finish(folder, title, shots, stills, settings)
    return title, stills


def _pts(info: FilmInfo, seconds: float) -> int:
    return info.start_pts + round(Fraction(seconds) / info.time_base)


def _frame_s(info: FilmInfo, times: np.ndarray[tuple[int], np.dtype[np.int64]]) -> float:
    if times.size > 1:
        return float(int(np.median(np.diff(times))) * info.time_base)
    return float(1 / info.frame_rate) if info.frame_rate else 0.04


def _candidates(
    info: FilmInfo, shots: list[Shot], files: list[Path], settings: ExtractSettings
) -> list[Candidates]:
    found: list[Candidates] = []
    max_stretch_pts = round(Fraction(MAX_STRETCH_S) / info.time_base)
    for shot, signatures in stretches(shots, files, max_stretch_pts=max_stretch_pts):
        most = settings.per_shot * CANDIDATES_A_STILL
        instants = choose_instants(shot, signatures, time_base=info.time_base, most=most)
        if instants:
            motion = tuple(motion_at(signatures, pts) for pts in instants)
            found.append(Candidates(shot.id, tuple(instants), motion))
    return found


def _active_picture(info: FilmInfo, span_s: float, candidates: list[Candidates]) -> PixelBox:
    # Key frames cost one decoded frame each; a film with few of them is asked at candidates too.
    cuts = plan_segments(info, from_pts=None, to_pts=None, segment_s=span_s / BAR_SAMPLES)
    chosen = _spread([cut.start_pts for cut in cuts], BAR_SAMPLES)
    others = [stretch.pts[len(stretch.pts) // 2] for stretch in candidates]
    chosen = sorted({*chosen, *_spread(others, max(0, LEAST_BAR_SAMPLES - len(chosen)))})
    pictures = (picture.rgb for picture in read_pictures(info, chosen, on_damage=lambda _: None))
    return find_active_picture(pictures) or (0, 0, info.width, info.height)


def _spread(values: list[int], most: int) -> list[int]:
    if len(values) <= most:
        return values
    return [values[i * len(values) // most] for i in range(most)]


def _without_repeats(
    stills: list[Still], prints: np.ndarray[tuple[int, int], np.dtype[np.float32]], most: int | None
) -> list[Still]:
    kept = [i for i, still in enumerate(stills) if still.gate is None]
    better = near_duplicates([stills[i] for i in kept], prints[kept]) if kept else {}
    judged = [
        _refused(still, f"duplicate: of {better[still.id]}") if still.id in better else still
        for still in stills
    ]
    if most is not None:
        ranked = sorted((s for s in judged if s.gate is None), key=lambda still: (-still.score, still.pts))
        surplus = {still.id for still in ranked[most:]}
        judged = [
            _refused(s, f"surplus: not among the best {most}") if s.id in surplus else s for s in judged
        ]
    return judged


def _refused(still: Still, reason: str) -> Still:
    return replace(still, gate=reason, file=None)


def _finish(
    folder: FramesFolder, title: Title, shots: list[Shot], stills: list[Still], settings: ExtractSettings
) -> None:
    # title.json comes last: where it stands, everything stands. A kill before it repeats only this function.
    write_lines(folder.shots, shots)
    write_lines(folder.stills, stills)
    suffix = SUFFIXES[settings.image_format]
    for still in stills:
        if still.gate is not None:
            (folder.pictures / f"{still.id}{suffix}").unlink(missing_ok=True)
    write_json(folder.title, title)
    folder.discard_journal("extract")


def _summary(folder: FramesFolder, title: Title, stills: list[Still], *, already_done: bool) -> Extracted:
    reasons: dict[str, int] = {}
    for still in stills:
        if still.gate is not None:
            reason = still.gate.split(":")[0]
            reasons[reason] = reasons.get(reason, 0) + 1
    with folder.shots.open("rb") as lines:
        shots = sum(1 for _ in lines)
    return Extracted(
        frames_folder=str(folder.root),
        title=title,
        shots=shots,
        kept=sum(still.gate is None for still in stills),
        rejected=dict(sorted(reasons.items())),
        already_done=already_done,
    )
