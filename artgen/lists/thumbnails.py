"""Which instants become thumbnails, and their sheets."""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from artgen.errors import InputError
from artgen.folder import FramesFolder
from artgen.interchange import Clock, Cue, Grid, sprite_sheet
from artgen.pictures import load_picture
from artgen.records import Shot, Still, Title
from artgen.video import probe, read_pictures
from artgen.video.times import frame_times

TILE_WIDE = 320

Picture = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Instant:
    """A thumbnail to make: the frame shown at `pts`, for [pts, end_pts); `still` where its picture is a kept one."""

    pts: int
    end_pts: int
    still: Still | None = None


def instants_of_stills(stills: Sequence[Still], shots: Sequence[Shot]) -> list[Instant]:
    """One a kept still: from its shot's beginning, or its own time after another of that shot, to the next or its end.

    So no picture stands for another shot, and shots without a kept still have none.
    """
    ends = {shot.id: (shot.start_pts, shot.end_pts) for shot in shots}
    kept = sorted((s for s in stills if s.file and s.shot in ends), key=lambda still: still.pts)
    instants = []
    for number, still in enumerate(kept):
        start, end = ends[still.shot]
        before = number > 0 and kept[number - 1].shot == still.shot
        after = number + 1 < len(kept) and kept[number + 1].shot == still.shot
        begin, stop = still.pts if before else start, kept[number + 1].pts if after else end
        if begin < stop:
            instants.append(Instant(begin, stop, still))
    return instants


def instants_of_film(film: Path, clock: Clock, *, every_s: float) -> list[Instant]:
    """One every so many seconds: the first frame at or after that time, never the one before.

    Empty where the film does not say its frames' times.
    """
    times = frame_times(probe(film))
    step = Fraction(every_s).limit_denominator(1000) / clock.time_base
    begins: list[int] = []
    place = Fraction(clock.start_pts)
    while times and place <= times[-1]:
        pts = times[bisect_left(times, place)]
        if not begins or pts > begins[-1]:
            begins.append(pts)
        place += step
    frame = round(1 / (clock.rate * clock.time_base))
    ends = [*begins[1:], times[-1] + max(1, frame)] if begins else []
    return [Instant(pts, end) for pts, end in zip(begins, ends, strict=True)]


def draw_sheets(
    pictures: Iterator[tuple[Instant, Picture]], clock: Clock, grid: Grid
) -> Iterator[tuple[list[Cue], bytes]]:
    """Cues and the sheet they lie on, a sheet at a time; at most one sheet's pictures are held."""
    cues: list[Cue] = []
    held: list[Picture] = []
    for instant, picture in pictures:
        cues.append(Cue(clock.seconds(instant.pts), clock.seconds(instant.end_pts)))
        held.append(_small(picture, grid))
        if len(held) == grid.tiles:
            yield cues, sprite_sheet(held, grid)
            cues, held = [], []
    if held:
        yield cues, sprite_sheet(held, grid)


def still_pictures(
    instants: Sequence[Instant], folder: FramesFolder, *, on_damage: Callable[[str], None]
) -> Iterator[tuple[Instant, Picture]]:
    """The kept stills' pictures; one that cannot be read is told and left out."""
    for instant in instants:
        if instant.still is None or instant.still.file is None:
            continue
        try:
            path = folder.pictures / Path(instant.still.file).name
            yield instant, load_picture(path, least_side=TILE_WIDE)
        except InputError as fault:
            on_damage(str(fault))


def film_pictures(
    instants: Sequence[Instant], film: Path, *, on_damage: Callable[[str], None]
) -> Iterator[tuple[Instant, Picture]]:
    """The film's frames at exactly these times; those that damage has swallowed are told and left out."""
    by_pts = {instant.pts: instant for instant in instants}
    for picture in read_pictures(probe(film), sorted(by_pts), on_damage=on_damage):
        if picture.pts in by_pts:
            yield by_pts[picture.pts], picture.rgb


def grid_for(title: Title, *, active_only: bool) -> Grid:
    """Tiles of the picture's own shape, with even sides; `active_only`: without its bars, as stills are."""
    x1, y1, x2, y2 = title.active_picture if active_only else (0, 0, title.width, title.height)
    high = max(2, 2 * round(TILE_WIDE * (y2 - y1) / (x2 - x1) / 2))
    return Grid(TILE_WIDE, high)


def _small(picture: Picture, grid: Grid) -> Picture:
    from PIL import Image

    image = Image.fromarray(picture)
    return np.asarray(image.resize((grid.wide, grid.high), Image.Resampling.BICUBIC, reducing_gap=2))
