"""Cutting a film at key frames into stretches that can be decoded apart, by demuxing only."""

from collections.abc import Iterator
from dataclasses import dataclass

import av

from artgen.video.decoding import Damage, frames, packets, packets_from_key
from artgen.video.probe import FilmInfo
from artgen.video.source import OpenFilm, open_film

# Codecs whose key frames begin decoding anew; in others a cut could change pictures.
_CUTTABLE_CODECS = {
    "h264", "hevc", "vp8", "vp9", "av1", "mpeg1video", "mpeg2video", "prores", "dnxhd", "mjpeg",
}  # fmt: skip
_INDEXED_CONTAINERS = ("mov", "matroska")  # seeking is exact and cheap
_SCANNED_CONTAINERS = ("mpegts",)  # without an index: read once, each cut verified
_FAR_PTS = 1 << 52


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of film: frames with start_pts <= pts < end_pts (None: to the end).

    Decoding begins at the key frame shown at `seek_pts`, at the file's first packet where that is not
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

    Cuts lie at key frames at least about `segment_s` apart. The frames of all segments together are those of one
    straight decode; where a codec or container gives no such cuts, there is a single segment.

    Raises:
        InputError, MachineError: as `probe`, when the file has changed since.
    """
    start = info.start_pts if from_pts is None else max(from_pts, info.start_pts)
    step = max(1, round(segment_s / info.time_base))
    with open_film(info.path) as film:
        cuts = _cuts(film, info, step)
    seek_pts = max((cut for cut in cuts if cut <= start), default=info.start_pts)
    inner = [cut for cut in cuts if cut > start and (to_pts is None or cut < to_pts)]
    begins = [(seek_pts, start), *((cut, cut) for cut in inner)]
    ends = [*inner, to_pts]
    return [Segment(n, *begin, end) for n, (begin, end) in enumerate(zip(begins, ends, strict=True))]


def _cuts(film: OpenFilm, info: FilmInfo, step: int) -> list[int]:
    if info.codec not in _CUTTABLE_CODECS:
        return []
    names = info.container.split(",")
    if names[0] in _INDEXED_CONTAINERS:
        keys = _keys_by_seeking(film, info, step)
    elif names[0] in _SCANNED_CONTAINERS:
        keys = _keys_by_reading(film, info, step)
    else:
        return []
    cuts = list(keys)
    return cuts if all(_begins_anew(film, info, cut) for cut in cuts[:2]) else []


def _keys_by_seeking(film: OpenFilm, info: FilmInfo, step: int) -> Iterator[int]:
    last = _key_before(film, info, _FAR_PTS)
    previous = info.start_pts
    target = previous + step
    while last is not None and previous < last:
        key = last if target >= last else _key_before(film, info, target)
        if key is not None and key > previous:
            yield key
            previous = key
        target += step


def _key_before(film: OpenFilm, info: FilmInfo, pts: int) -> int | None:
    try:
        film.container.seek(pts, stream=film.stream)
    except av.error.FFmpegError:
        return None
    for packet in packets(film, _silent(film, info)):
        if packet.is_keyframe and packet.pts is not None and not packet.is_discard:
            return packet.pts
    return None


def _keys_by_reading(film: OpenFilm, info: FilmInfo, step: int) -> Iterator[int]:
    keys = sorted(
        packet.pts
        for packet in packets(film, _silent(film, info))
        if packet.is_keyframe and packet.pts is not None
    )
    previous = info.start_pts
    for key in keys:
        if key - previous >= step and packets_from_key(film, key, _silent(film, info)) is not None:
            yield key
            previous = key


def _begins_anew(film: OpenFilm, info: FilmInfo, key_pts: int) -> bool:
    """Whether the first picture that decoding from the key frame gives is that frame, or leads to it."""
    damage = _silent(film, info)
    coming = packets_from_key(film, key_pts, damage)
    if coming is None:
        return False
    shown = (pts for pts, _ in frames(film, coming, damage) if pts >= key_pts)
    return next(shown, None) == key_pts


def _silent(film: OpenFilm, info: FilmInfo) -> Damage:
    return Damage(film, info.start_pts, lambda _: None)
