"""Cutting a film at key frames into stretches that can be decoded apart, by demuxing only."""

from collections.abc import Iterator
from dataclasses import dataclass

from artgen.video.decoding import packets, unheard
from artgen.video.probe import FilmInfo
from artgen.video.seeking import begins_anew, key_before, packets_from_key
from artgen.video.source import OpenFilm, open_film

_FAR_PTS = 1 << 52


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of film: frames with start_pts <= pts < end_pts (None: to the end).

    Decoding begins at the key frame shown at `seek_pts`, and at the file's first packet where that is not
    after the film's start.
    """

    index: int
    seek_pts: int
    start_pts: int
    end_pts: int | None


def plan_segments(
    info: FilmInfo, *, from_pts: int | None, to_pts: int | None, segment_s: float = 20.0
) -> list[Segment]:
    """Cut the film from `from_pts` (None: its start) to before `to_pts` (None: its end) into segments.

    Cuts lie at key frames about `segment_s` apart. The frames of all segments together are those of one
    straight decode; where a codec or container gives no such cuts, there is a single segment.

    Raises:
        InputError, MachineError: as `probe`, when the file has changed since.
        ValueError: `segment_s` is not positive.
    """
    if not segment_s > 0:
        raise ValueError(f"segment_s must be positive, got {segment_s}")
    start = info.start_pts if from_pts is None else max(from_pts, info.start_pts)
    cuts: list[int] = []
    with open_film(info.path) as film:
        if info.continuous and film.is_seekable:
            cuts = _cuts(film, info, max(1, round(segment_s / info.time_base)))
    seek_pts = max((cut for cut in cuts if cut <= start), default=info.start_pts)
    inner = [cut for cut in cuts if cut > start and (to_pts is None or cut < to_pts)]
    begins = [(seek_pts, start), *((cut, cut) for cut in inner)]
    ends = [*inner, to_pts]
    return [Segment(n, *begin, end) for n, (begin, end) in enumerate(zip(begins, ends, strict=True))]


def _cuts(film: OpenFilm, info: FilmInfo, step: int) -> list[int]:
    keys = _keys_by_seeking if film.is_indexed else _keys_by_reading
    cuts = list(keys(film, info, step))
    return cuts if all(begins_anew(film, cut) for cut in cuts[:2]) else []


def _keys_by_seeking(film: OpenFilm, info: FilmInfo, step: int) -> Iterator[int]:
    last = key_before(film, _FAR_PTS)
    previous = info.start_pts
    target = previous + step
    while last is not None and previous < last:
        key = last if target >= last else key_before(film, target)
        if key is not None and key > previous:
            yield key
            previous = key
        target += step


def _keys_by_reading(film: OpenFilm, info: FilmInfo, step: int) -> Iterator[int]:
    """Without an index: read the film through once, then see that seeking finds the keys chosen."""
    keys = [p.pts for p in packets(film, unheard(film)) if p.is_keyframe and p.pts is not None]
    previous = info.start_pts
    for key in sorted(keys):
        if key - previous >= step and packets_from_key(film, key, unheard(film)) is not None:
            yield key
            previous = key
