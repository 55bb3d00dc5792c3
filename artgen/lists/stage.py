"""The order of work of artgen lists: read the frames folder, write each list, then the thumbnails."""

from collections.abc import Iterator
from dataclasses import dataclass
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
LEDGER = "lists.json"


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
    if not every_s >= 0.1:
        raise UsageError(f"--every is {every_s:g} s; thumbnails lie at least 0.1 s apart.")
    folder = FramesFolder(frames)
    title = read_title(folder)
    if film is not None:
        same_film(film, title.film)
    shots, stills = read_lines(folder.shots, Shot), read_lines(folder.stills, Still)
    scenes = read_lines(folder.scenes, Scene) if folder.scenes.exists() else []
    clock = measure_clock(title, shots, instants=[still.pts for still in stills if still.file])
    notes = [clock.said()] if clock.variable else []
    if not folder.scenes.exists():
        notes.append(f"{frames} is not tagged, so scenes are not known; run artgen tag for scene lists.")
    left_out: list[str] = []
    with held(out):
        ledger = open_ledger(out / LEDGER, film=title.film, overwrite=overwrite)
        files = dict(_texts(title, clock, shots=shots, scenes=scenes, stills=stills))
        _claim(ledger, [out / name for name in files])
        for name, text in files.items():
            ledger.write(out / name, text.encode())
        instants: list[Instant] = []
        if film is not None:
            instants = instants_of_film(film, clock, every_s=every_s)
            if not instants:
                notes.append(
                    f"{film} does not say when its frames are shown; thumbnails are the kept stills."
                )
        if film is not None and instants:
            pictures = film_pictures(instants, film, on_damage=left_out.append)
        else:
            film = None
            instants = instants_of_stills(stills, shots)
            pictures = still_pictures(instants, folder, on_damage=left_out.append)
        shown = progress.over(pictures, "drawing thumbnails", total=len(instants))
        made, cues = _thumbnails(ledger, out, shown, title=title, clock=clock, of_film=film is not None)
        current = {out / name for name in (*files, *made)}
        ledger.drop([path for path in ledger.written_under(out) if path not in current])
    return Listed(
        folder=f"{out}",
        files=[*files, *made],
        shots=len(shots),
        scenes=len(scenes),
        thumbnails=cues,
        rate=clock.said(),
        variable_rate=clock.variable,
        drop_frame=clock.drop_frame,
        left_out=left_out,
        notes=notes,
    )


def _texts(
    title: Title, clock: Clock, *, shots: list[Shot], scenes: list[Scene], stills: list[Still]
) -> Iterator[tuple[str, str]]:
    yield "shots.csv", shot_table(shots, scenes=scenes, stills=stills, clock=clock)
    start = title.start_pts
    spans = shot_spans(shots, start_pts=start, scenes=scenes, stills=stills)
    yield from _timelines("shots", spans, title, clock)
    if scenes:
        yield "scenes.csv", scene_table(shots, scenes=scenes, clock=clock)
        yield from _timelines("scenes", scene_spans(shots, start_pts=start, scenes=scenes), title, clock)


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
    ledger: Ledger,
    out: Path,
    pictures: Iterator[tuple[Instant, Picture]],
    *,
    title: Title,
    clock: Clock,
    of_film: bool,
) -> tuple[list[str], int]:
    grid = grid_for(title, active_only=not of_film)
    cues: list[Cue] = []
    sheets: list[str] = []
    for of_sheet, data in draw_sheets(pictures, clock, grid):
        sheets.append(f"thumbnails-{len(sheets) + 1:03d}.jpg")
        ledger.write(out / sheets[-1], data)
        cues += of_sheet
    if not cues:
        return [], 0
    ledger.write(
        out / "thumbnails.vtt", webvtt(cues, grid=grid, sheets=sheets, film=title.film.name).encode()
    )
    return [*sheets, "thumbnails.vtt"], len(cues)
