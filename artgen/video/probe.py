"""What a film is: header claims, checked by decoding its first frame."""

from dataclasses import dataclass
from fractions import Fraction
from itertools import chain, islice
from pathlib import Path

import av
from av.video.frame import VideoFrame

from artgen.errors import InputError
from artgen.records import Color
from artgen.video.color import color_of, refuse_unshowable
from artgen.video.decoding import frames, packets, unheard
from artgen.video.fields import is_combed
from artgen.video.geometry import orientation_of, square_size
from artgen.video.planes import luma_of
from artgen.video.source import MAX_PIXELS, OpenFilm, open_film

_INTERLACED_ORDERS = (2, 3, 4, 5)  # AVFieldOrder: one field before the other, in coding or in showing
_INTERLACED_HEIGHTS = (480, 486, 576, 1080)
_COMB_PLACES, _COMB_FRAMES = 4, 6  # frames looked at; telecined film has comb in two of five
_TIME_SAMPLES = 64  # places where a film without an index is looked at for time that begins anew


@dataclass(frozen=True, slots=True)
class FilmInfo:
    """A film's video stream, as its header claims and its first decoded frame confirms.

    `start_pts` is the time of the first frame shown, in `time_base`. `coded_width` and `coded_height`
    are pixels as decoded; `width` and `height` those of the upright picture with square pixels.
    `rotation` is how many degrees clockwise the decoded picture is turned, 0, 90, 180 or 270, after it was
    mirrored left to right where `mirrored` says so.
    `duration_s` and `frame_rate` (mean) are None where neither header nor index tells. `continuous` is
    False where the file's own time goes back, as in joined recordings: its pts then go on from stretch
    to stretch, and it can only be read from its start.
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
    mirrored: bool
    interlaced: bool
    color: Color
    continuous: bool = True


def probe(path: Path) -> FilmInfo:
    """Look at a film without reading it through.

    Raises:
        InputError: missing, empty, a folder, not a film, only sound, encrypted, cut short, beyond the size
            limit, in colors that cannot be shown, or none of its pictures can be decoded.
        MachineError: it may not be read.
    """
    with open_film(path) as film:
        start_pts, frame = _first_frame(film)
        refuse_unshowable(path, frame)
        sample_aspect = film.stream.sample_aspect_ratio or Fraction(1)
        orientation = orientation_of(frame)
        is_turned = orientation.clockwise in (90, 270)
        width, height = square_size(frame.width, frame.height, sample_aspect)
        continuous = not film.may_jump or _is_continuous(film)
        return FilmInfo(
            path=path,
            container=film.container.format.name,
            codec=film.stream.codec.canonical_name,
            time_base=film.time_base,
            start_pts=start_pts,
            duration_s=_duration_s(film) if continuous else None,
            frame_rate=film.stream.average_rate or film.stream.guessed_rate,
            coded_width=frame.width,
            coded_height=frame.height,
            width=height if is_turned else width,
            height=width if is_turned else height,
            sample_aspect=sample_aspect,
            rotation=orientation.clockwise,
            mirrored=orientation.mirrored,
            interlaced=_is_interlaced(film, frame, start_pts),
            color=color_of(frame),
            continuous=continuous,
        )


def _first_frame(film: OpenFilm) -> tuple[int, VideoFrame]:
    coming = packets(film, unheard(film))
    first = next(coming, None)
    if first is None:
        raise InputError(f"{film.path} has a video stream with no pictures in it; copy the film again.")
    if first.has_sidedata("encryption_info") or first.has_sidedata("encryption_init_info"):
        raise InputError(f"{film.path} is encrypted; give a copy without copy protection.")
    found = next(frames(film, chain([first], coming), unheard(film)), None)
    if found is None:
        raise InputError(
            f"{film.path} holds video of which no picture can be decoded: it is damaged, protected, cut "
            f"short or beyond {MAX_PIXELS // 10**6} million pixels; copy it again or convert it."
        )
    return found


def _is_interlaced(film: OpenFilm, first: VideoFrame, start_pts: int) -> bool:
    """Whether the stream says that it is interlaced or, at sizes that may be, frames from all over show it."""
    if first.interlaced_frame or film.decoder.field_order in _INTERLACED_ORDERS:
        return True
    duration_s = _duration_s(film)
    if first.height not in _INTERLACED_HEIGHTS or duration_s is None:
        return False
    combed = 0
    for place in range(_COMB_PLACES):
        try:
            film.seek(start_pts + int(duration_s * place / _COMB_PLACES / film.time_base))
        except av.error.FFmpegError:
            continue
        coming = frames(film, packets(film, unheard(film)), unheard(film))
        combed += sum(is_combed(luma_of(frame)) for _, frame in islice(coming, _COMB_FRAMES))
    return combed > _COMB_PLACES * _COMB_FRAMES // 5


def _duration_s(film: OpenFilm) -> float | None:
    if film.stream.duration is not None:
        return float(film.stream.duration * film.time_base)
    if film.container.duration is not None:
        return film.container.duration / av.time_base
    return None


def _is_continuous(film: OpenFilm) -> bool:
    latest: int | None = None
    for sample in range(_TIME_SAMPLES):
        place = film.container.size * sample // _TIME_SAMPLES
        try:
            film.container.seek(place, stream=film.stream, unsupported_byte_offset=True)
            found = next((p.dts for p in film.container.demux(film.stream) if p.dts is not None), None)
        except av.error.FFmpegError:
            continue
        if found is not None:
            if latest is not None and found < latest:
                return False
            latest = found
    return True
