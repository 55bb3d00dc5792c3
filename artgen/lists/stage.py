"""The order of work of artgen lists: read the frames folder, write each list, then the thumbnails."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from artgen.beside import Ledger, open_ledger, same_film
from artgen.errors import InputError, UsageError
from artgen.folder import FramesFolder, held, read_lines, read_title
from artgen.interchange import (
    Clock,
    Cue,
    Span,
    edl,
    measure_clock,
    otio,
    scene_spans,
    scene_table,
    shot_spans,
    shot_table,
    webvtt,
)
from artgen.lists.thumbnails import (
    Instant,
    Picture,
    draw_sheets,
    film_pictures,
    grid_for,
    instants_of_film,
    instants_of_stills,
    still_pictures,
)
from artgen.progress import Progress
from artgen.records import Scene, Shot, Still, Title

EVERY_S = 10.0
LEAST_EVERY_S, MOST_EVERY_S = 0.1, 86_400.0
LEDGER, TRACK = "lists.json", "thumbnails.vtt"


@dataclass(frozen=True, slots=True)
class Listed:
    """What was written. `rate` says how times are counted; `left_out` names pictures that could not be read."""

    folder: str
    files: list[str]
    shots: int
    scenes: int
    thumbnails: int
    rate: str
    variable_rate: bool
    drop_frame: bool
    left_out: list[str]
    notes: list[str]


def write_lists(
    frames: Path,
    out: Path,
    *,
    film: Path | None = None,
    every_s: float = EVERY_S,
    overwrite: bool = False,
    progress: Progress,
) -> Listed:
    """Write shots and scenes as CSV, EDL and OpenTimelineIO, and thumbnails as WebVTT with sheets.

    Args:
        frames: a frames folder; scenes are listed where tag found them.
        out: the folder to write into; what a person has there stays.
        film: the film itself, for a thumbnail every `every_s` seconds; without it the kept stills are used.
        every_s: seconds between thumbnails of the film.
        overwrite: replace files that artgen did not write.
        progress: who watches.

    Raises:
        UsageError: `every_s` is too small.
        InputError: the frames folder or film is at fault, or the place holds something else.
        MachineError: disk, memory or permission.
    """
    if not LEAST_EVERY_S <= every_s <= MOST_EVERY_S:
        raise UsageError(f"--every is {every_s:g} s; thumbnails lie {LEAST_EVERY_S:g} s to a day apart.")
    reel = _read(frames)
    if film is not None:
        same_film(film, reel.title.film)
    left_out: list[str] = []
    with held(out):
        ledger = open_ledger(out / LEDGER, film=reel.title.film, overwrite=overwrite)
        texts = dict(_texts(reel))
        _claim(ledger, [out / name for name in texts])
        for name, text in texts.items():
            ledger.write(out / name, text.encode())
        strip = _strip(reel, film, every_s=every_s, on_damage=left_out.append)
        sheets, thumbnails = _thumbnails(ledger, out, strip, reel=reel, progress=progress)
        files = [*texts, *sheets]
        current = {out / name for name in files}
        ledger.drop([path for path in ledger.written_under(out) if path not in current])
    return Listed(
        folder=f"{out}",
        files=files,
        shots=len(reel.shots),
        scenes=len(reel.scenes),
        thumbnails=thumbnails,
        rate=reel.clock.said(),
        variable_rate=reel.clock.variable,
        drop_frame=reel.clock.drop_frame,
        left_out=left_out,
        notes=[*reel.notes, *strip.notes],
    )


@dataclass(frozen=True, slots=True)
class _Reel:
    """What the frames folder says of the title."""

    folder: FramesFolder
    title: Title
    shots: list[Shot]
    stills: list[Still]
    scenes: list[Scene]
    clock: Clock
    notes: list[str]


@dataclass(frozen=True, slots=True)
class _Strip:
    """The thumbnails to draw, as they come; `of_film`: of the whole picture, not of stills without its bars."""

    pictures: Iterator[tuple[Instant, Picture]]
    count: int
    of_film: bool
    notes: list[str]


def _read(frames: Path) -> _Reel:
    folder = FramesFolder(frames)
    title = read_title(folder)
    _check(folder, title)
    shots, stills = read_lines(folder.shots, Shot), read_lines(folder.stills, Still)
    clock = measure_clock(title, shots, instants=[still.pts for still in stills if still.file])
    notes = [clock.said()] if clock.variable else []
    if not folder.scenes.exists():
        notes.append(f"{frames} is not tagged, so scenes are not known; run artgen tag for scene lists.")
        return _Reel(folder, title, shots, stills, [], clock, notes)
    return _Reel(folder, title, shots, stills, read_lines(folder.scenes, Scene), clock, notes)


def _check(folder: FramesFolder, title: Title) -> None:
    """Hold what is divided by to being something."""
    try:
        base = Fraction(title.time_base)
    except (ValueError, ZeroDivisionError):
        base = Fraction(0)
    x1, y1, x2, y2 = title.active_picture
    if base <= 0 or not (0 <= x1 < x2 <= title.width and 0 <= y1 < y2 <= title.height):
        raise InputError(
            f"{folder.title} has a time base or picture that cannot be; run artgen extract again."
        )


def _strip(reel: _Reel, film: Path | None, *, every_s: float, on_damage: Callable[[str], None]) -> _Strip:
    notes = []
    if film is not None:
        instants = instants_of_film(film, reel.clock, every_s=every_s)
        if instants:
            pictures = film_pictures(instants, film, on_damage=on_damage)
            return _Strip(pictures, len(instants), of_film=True, notes=[])
        notes = [f"{film} does not say when its frames are shown; thumbnails are the kept stills."]
    instants = instants_of_stills(reel.stills, reel.shots)
    pictures = still_pictures(instants, reel.folder, on_damage=on_damage)
    return _Strip(pictures, len(instants), of_film=False, notes=notes)


def _texts(reel: _Reel) -> Iterator[tuple[str, str]]:
    shots, scenes, stills, clock = reel.shots, reel.scenes, reel.stills, reel.clock
    start = reel.title.start_pts
    yield "shots.csv", shot_table(shots, scenes=scenes, stills=stills, clock=clock)
    spans = shot_spans(shots, start_pts=start, scenes=scenes, stills=stills)
    yield from _timelines("shots", spans, reel.title, clock)
    if scenes:
        yield "scenes.csv", scene_table(shots, scenes=scenes, clock=clock)
        yield from _timelines("scenes", scene_spans(shots, start_pts=start, scenes=scenes), reel.title, clock)


def _timelines(name: str, spans: list[Span], title: Title, clock: Clock) -> Iterator[tuple[str, str]]:
    for number, text in enumerate(edl(spans, film=title.film.name, clock=clock), 1):
        yield f"{name}.edl" if number == 1 else f"{name}-{number}.edl", text
    yield f"{name}.otio", otio(spans, film=title.film.name, track=name, clock=clock)


def _claim(ledger: Ledger, paths: list[Path]) -> None:
    """See that everything may be written before anything is."""
    foreign = [path for path in paths if not ledger.may_write(path)]
    if foreign:
        raise InputError(
            f"{foreign[0]} is not of artgen's making; move it away, name another folder, or use --overwrite."
        )


def _thumbnails(
    ledger: Ledger, out: Path, strip: _Strip, *, reel: _Reel, progress: Progress
) -> tuple[list[str], int]:
    """Write the sheets and what says which is when; names of the files, and how many thumbnails there are."""
    grid = grid_for(reel.title, active_only=not strip.of_film)
    cues: list[Cue] = []
    sheets: list[str] = []
    shown = progress.over(strip.pictures, "drawing thumbnails", total=strip.count)
    for of_sheet, data in draw_sheets(shown, reel.clock, grid):
        sheets.append(f"thumbnails-{len(sheets) + 1:03d}.jpg")
        ledger.write(out / sheets[-1], data)
        cues += of_sheet
    if not cues:
        return [], 0
    text = webvtt(cues, grid=grid, sheets=sheets, film=reel.title.film.name)
    ledger.write(out / TRACK, text.encode())
    return [*sheets, TRACK], len(cues)
