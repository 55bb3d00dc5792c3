"""What a film is: header claims, checked by decoding its first frame."""

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from av.video.frame import VideoFrame

from artgen.errors import InputError
from artgen.records import Color
from artgen.video.color import color_of
from artgen.video.decoding import Damage, frames, packets, time_base_of
from artgen.video.geometry import orientation_of, square_size
from artgen.video.source import OpenFilm, open_film


@dataclass(frozen=True, slots=True)
class FilmInfo:
    """A film's video stream, as its header claims and its first decoded frame confirms.

    `start_pts` is the time of the first frame shown, in `time_base`. `coded_width` and `coded_height`
    are pixels as decoded; `width` and `height` those of the upright picture with square pixels.
    `rotation` is how many degrees clockwise the decoded picture is turned: 0, 90, 180 or 270.
    `duration_s` and `frame_rate` (mean) are None where neither header nor index tells.
    """

    path: Path
    container: str
    codec: str
    time_base: Fraction
    start_pts: int
    duration_s: float | None
    frame_rate: Fraction | None
    coded_width: int
    coded_height: int
    width: int
    height: int
    sample_aspect: Fraction
    rotation: int
    interlaced: bool
    color: Color


def probe(path: Path) -> FilmInfo:
    """Look at a film without reading it through.

    Raises:
        InputError: missing, empty, a folder, not a film, only sound, encrypted, cut short, or none of
            its pictures can be decoded.
        MachineError: it may not be read.
    """
    with open_film(path) as film:
        start_pts, frame = _first_frame(film)
        stream = film.stream
        time_base = time_base_of(stream)
        sample_aspect = stream.sample_aspect_ratio or Fraction(1)
        rotation = orientation_of(frame).clockwise
        width, height = square_size(frame.width, frame.height, sample_aspect)
        if rotation in (90, 270):
            width, height = height, width
        return FilmInfo(
            path=path,
            container=film.container.format.name,
            codec=stream.codec.canonical_name,
            time_base=time_base,
            start_pts=start_pts,
            duration_s=_duration_s(film, start_pts),
            frame_rate=stream.average_rate or stream.guessed_rate,
            coded_width=frame.width,
            coded_height=frame.height,
            width=width,
            height=height,
            sample_aspect=sample_aspect,
            rotation=rotation,
            interlaced=frame.interlaced_frame,
            color=color_of(frame),
        )


def _first_frame(film: OpenFilm) -> tuple[int, VideoFrame]:
    film.stream.thread_count = 1
    damage = Damage(film, 0, lambda _: None)
    for pts, frame in frames(film, packets(film, damage), damage):
        return pts, frame
    raise InputError(
        f"{film.path} holds video of which no picture can be decoded: it is damaged, encrypted or cut "
        "short; copy it again or convert it."
    )


def _duration_s(film: OpenFilm, start_pts: int) -> float | None:
    if film.stream.duration is not None:
        return float(film.stream.duration * time_base_of(film.stream))
    if film.container.duration is not None:
        return film.container.duration / 1_000_000
    return None
