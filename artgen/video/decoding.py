"""Decoding that a broken packet does not stop, and finding the packet to begin with."""

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from itertools import chain
from typing import TypeAlias

import av
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from artgen.video.source import OpenFilm

FilmPacket: TypeAlias = "Packet[VideoStream]"

_SAME_DAMAGE_S = 2  # damage nearer than this to the last is the same damage
_READ_ATTEMPTS = 8  # after so many failed reads in a row nothing more will come
_BACK_S = (0, 1, 4, 16, 64)  # how much earlier to seek where an index is inexact


class Damage:
    """Says each damaged stretch of a film once, in a sentence with its time."""

    def __init__(self, film: OpenFilm, start_pts: int, on_damage: Callable[[str], None]) -> None:
        """`start_pts` is the film's first time; times are told from there."""
        self._path, self._tell = film.path, on_damage
        self._time_base, self._start_pts = time_base_of(film.stream), start_pts
        self._last_s: float | None = None

    def at(self, pts: int | None) -> None:
        """Take note of damage at `pts` (None: time unknown)."""
        if pts is None:
            pts = self._start_pts if self._last_s is None else None
        time_s = self._last_s if pts is None else float((pts - self._start_pts) * self._time_base)
        assert time_s is not None
        is_new = self._last_s is None or abs(time_s - self._last_s) > _SAME_DAMAGE_S
        self._last_s = time_s
        if is_new:
            self._tell(
                f"{self._path} is damaged at {time_s:.3f} s: pictures there are missing or broken; "
                "the rest is read."
            )


def time_base_of(stream: VideoStream) -> Fraction:
    """Seconds of one unit of the stream's pts."""
    return stream.time_base or Fraction(1, 90_000)


def pts_of(frame: VideoFrame) -> int | None:
    """When a frame is shown: its pts, its dts in containers that know no pts."""
    return frame.pts if frame.pts is not None else frame.dts


def packets(film: OpenFilm, damage: Damage) -> Iterator[FilmPacket]:
    """The film's packets with data, from where the container stands to its end."""
    failures = 0
    while failures < _READ_ATTEMPTS:
        try:
            for packet in film.container.demux(film.stream):
                failures = 0
                if packet.size:
                    yield packet
            return
        except av.error.FFmpegError:
            failures += 1
            damage.at(None)


def frames(film: OpenFilm, source: Iterable[FilmPacket], damage: Damage) -> Iterator[tuple[int, VideoFrame]]:
    """Decode packets to (pts, frame) in the decoder's order; a packet that cannot be decoded is passed over."""
    decoder = film.stream.codec_context
    for packet in chain(source, [None]):  # None: the decoder gives what it still holds
        try:
            decoded = decoder.decode(packet)
        except av.error.FFmpegError:
            damage.at(packet.pts if packet else None)
            continue
        for frame in decoded:
            pts = pts_of(frame)
            if frame.is_corrupt:
                damage.at(pts)
            if pts is not None:
                yield pts, frame


def packets_from_key(film: OpenFilm, key_pts: int, damage: Damage) -> Iterator[FilmPacket] | None:
    """The packets from the key frame shown at `key_pts` on; None where seeking does not find it."""
    for back_s in _BACK_S:
        try:
            film.container.seek(key_pts - int(back_s / time_base_of(film.stream)), stream=film.stream)
        except av.error.FFmpegError:
            continue
        coming = packets(film, damage)
        for packet in coming:
            if packet.is_keyframe and packet.pts == key_pts:
                return chain([packet], coming)
            if packet.dts is None or packet.dts > key_pts:
                break
    return None
