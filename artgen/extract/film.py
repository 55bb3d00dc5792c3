"""The order of extract's work, from a video file to a finished frames folder."""

import sys
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from pathlib import Path

import numpy as np

from artgen import __version__
from artgen.errors import InputError
from artgen.extract.candidates import Candidate, judge_candidates
from artgen.extract.choosing import assign_shots, join_judged, keep_best
from artgen.extract.crew import crew_of
from artgen.extract.judging import Judge, Judged, load_judged
from artgen.extract.scan import MAX_STRETCH_S, following, frame_times, load_damage, scan_film, stretches
from artgen.extract.scanning import judged_file
from artgen.extract.settings import ExtractSettings, plan_for, prepare_folder
from artgen.folder import FramesFolder, held, read_lines, sha256_of, write_json, write_lines
from artgen.machine import core_count
from artgen.pictures import SUFFIXES
from artgen.progress import Progress
from artgen.records import FRAMES_FORMAT, Film, PixelBox, Shot, Still, Title
from artgen.shots import Signatures, find_shots
from artgen.stills import choose_instants, find_active_picture, motion_at
from artgen.video import FilmInfo, plan_segments, probe, read_pictures

DEFAULT_FRAME_S = 0.04  # how long the last frame is shown where the film does not say
CANDIDATES_A_STILL = 2  # instants decoded for each still that may be kept: a choice without decoding too much
# Long enough to cost little to begin, short enough to share out evenly; never a matter of how many share.
MAX_SEGMENT_S, MIN_SEGMENT_S, SEGMENTS = 20.0, 4.0, 16
CREW_FROM_S = 60.0  # starting processes costs a third of a second, which less film does not win back
BAR_SAMPLES, LEAST_BAR_SAMPLES = 24, 8  # pictures that decide about letterbox bars
BAR_SAMPLE_S = 10.0  # a short film needs no more of them than one in so many seconds


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
        segment_s=_segment_s(span, info.duration_s),
    )
    scan = folder.journal / "extract" / "scan"
    find = partial(_find_shots, info, settings)
    processes = min(workers, len(segments)) if (_length_s(span, info.duration_s) or 0.0) >= CREW_FROM_S else 1
    # An embedded Python may not know its own program.
    crew_or_none = crew_of(processes) if processes > 1 and sys.executable else nullcontext()
    keys = _key_times(info)
    early = None
    with ThreadPoolExecutor(1) as aside, crew_or_none as crew, following(segments, scan, find=find) as found:
        if len(keys) >= LEAST_BAR_SAMPLES and not info.interlaced:
            early = aside.submit(_active_picture, info, keys)  # while the crew gets ready, or reads
        judging = _judge(info, folder, settings, early.result()) if early and settings.per_shot else None
        files = scan_film(info, segments, scan, judge=judging, crew=crew, workers=workers, progress=progress)
        shots = found()
    times = frame_times(files)
    if not times.size:
        raise InputError(f"{info.path} has no frame that can be decoded; the film is damaged or encrypted.")
    frame_s = _frame_s(info, times)
    seen = load_judged(judged_file(file) for file in files)
    seen = assign_shots(seen, shots, time_base=info.time_base)
    candidates = _candidates(info, shots, files, settings, seen) if settings.per_shot else []
    if early:
        active = early.result()
    else:
        active = _active_picture(info, _bar_times(keys, [candidate.pts for candidate in candidates]))
    judge = _judge(info, folder, settings, active)
    sought = judge_candidates(
        info,
        candidates,
        folder.journal / "extract" / "judged",
        judge=judge,
        seekable=len(segments) > 1,
        workers=workers,
        progress=progress,
    )
    judged = join_judged(seen, sought)
    stills = keep_best(
        judged,
        per_stretch=settings.per_shot,
        most=settings.most,
        stretch_pts=round(Fraction(MAX_STRETCH_S) / info.time_base),
        shots=shots,
    )
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
        damage=tuple(dict.fromkeys(load_damage(files) + judged.damage)),
    )
    for line in title.damage:
        progress.note(line)
    _finish(folder, title, shots, stills, settings)
    return title, stills


def _find_shots(info: FilmInfo, settings: ExtractSettings, runs: Iterator[Signatures]) -> list[Shot]:
    return list(
        find_shots(
            runs,
            time_base=info.time_base,
            start_pts=info.start_pts,
            frame_s=float(1 / info.frame_rate) if info.frame_rate else DEFAULT_FRAME_S,
            min_shot_s=settings.min_shot_s,
        )
    )


def _segment_s(span: tuple[float, float | None], duration_s: float | None) -> float:
    length_s = _length_s(span, duration_s)
    return MAX_SEGMENT_S if length_s is None else min(MAX_SEGMENT_S, max(MIN_SEGMENT_S, length_s / SEGMENTS))


def _length_s(span: tuple[float, float | None], duration_s: float | None) -> float | None:
    end_s = span[1] if span[1] is not None else duration_s
    return None if end_s is None else end_s - span[0]


def _pts(info: FilmInfo, seconds: float) -> int:
    return info.start_pts + round(Fraction(seconds) / info.time_base)


def _frame_s(info: FilmInfo, times: np.ndarray[tuple[int], np.dtype[np.int64]]) -> float:
    if times.size > 1:
        return float(int(np.median(np.diff(times))) * info.time_base)
    return float(1 / info.frame_rate) if info.frame_rate else DEFAULT_FRAME_S


def _candidates(
    info: FilmInfo, shots: list[Shot], files: list[Path], settings: ExtractSettings, seen: Judged
) -> list[Candidate]:
    """Instants of the stretches of which nothing was judged while the film was read."""
    stretch_pts = round(Fraction(MAX_STRETCH_S) / info.time_base)
    served = sorted(still.pts for still in seen.stills if not (still.gate or "").startswith("transition"))
    found: list[Candidate] = []
    for shot, signatures in stretches(shots, files, max_stretch_pts=stretch_pts):
        first, last = int(signatures.pts[0]), int(signatures.pts[-1])
        if bisect_left(served, first) < bisect_right(served, last):
            continue
        most = settings.per_shot * CANDIDATES_A_STILL
        found += [
            Candidate(shot.id, pts, motion_at(signatures, pts))
            for pts in choose_instants(shot, signatures, time_base=info.time_base, most=most)
        ]
    return found


def _judge(
    info: FilmInfo, folder: FramesFolder, settings: ExtractSettings, active_picture: PixelBox
) -> Judge:
    return Judge(folder, active_picture, settings.image_format, info.time_base, info.start_pts)


def _active_picture(info: FilmInfo, times: list[int]) -> PixelBox:
    pictures = (picture.rgb for picture in read_pictures(info, times, on_damage=lambda _: None))
    return find_active_picture(pictures) or (0, 0, info.width, info.height)


def _key_times(info: FilmInfo) -> list[int]:
    """Times of key frames spread over the film: each costs one decoded frame."""
    step_s = (info.duration_s or 0.0) / BAR_SAMPLES
    cuts = plan_segments(info, from_pts=None, to_pts=None, segment_s=max(step_s, 0.1))
    most = min(BAR_SAMPLES, max(LEAST_BAR_SAMPLES, round((info.duration_s or 0.0) / BAR_SAMPLE_S)))
    return _spread([cut.start_pts for cut in cuts], most)


def _bar_times(keys: list[int], others: list[int]) -> list[int]:
    """Key frames, and where they are few other instants, to look for bars at."""
    return sorted({*keys, *_spread(others, max(0, LEAST_BAR_SAMPLES - len(keys)))})


def _spread(values: list[int], most: int) -> list[int]:
    if len(values) <= most:
        return values
    return [values[i * len(values) // most] for i in range(most)]


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
