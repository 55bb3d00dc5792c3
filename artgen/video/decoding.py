"""Packets and frames of an open film; broken ones are told and passed over, the rest is never lost."""

from collections.abc import Callable, Container, Iterable, Iterator
from itertools import chain, pairwise
from typing import TypeAlias

import av
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from artgen.video.source import OpenFilm

FilmPacket: TypeAlias = "Packet[VideoStream]"

_SAME_DAMAGE_S = 2  # damage nearer than this to the last is the same damage
_READ_ATTEMPTS = 8  # after so many failed reads in a row nothing more will come


class Damage:
    """Says each damaged stretch of a film once, in a sentence with its time."""

    def __init__(self, film: OpenFilm, start_pts: int, on_damage: Callable[[str], None]) -> None:
        """`start_pts` is the film's first time; times are told from there."""
        self._faults: list[float] = []
        self._film, self._start_pts, self._tell = film, start_pts, on_damage
        self._last_s: float | None = None

    def at(self, pts: int | None) -> None:
        """Take note of a fault at `pts` (None: time unknown, so it goes with the last)."""
        time_s = (self._last_s or 0.0) if pts is None else self._seconds(pts)
        is_new = self._last_s is None or abs(time_s - self._last_s) > _SAME_DAMAGE_S
        self._last_s = time_s
        self._faults.append(time_s)
        if is_new:
            self._tell(
                f"{self._film.path} is damaged at {max(time_s, 0.0):.3f} s: pictures there are missing or "
                "broken; the rest is read."
            )

    def lies_in(self, first_pts: int, last_pts: int) -> bool:
        """Whether a fault was noted at these times or between them."""
        first_s, last_s = self._seconds(first_pts), self._seconds(last_pts)
        return any(first_s <= fault_s <= last_s for fault_s in self._faults)

    def _seconds(self, pts: int) -> float:
        return float((pts - self._start_pts) * self._film.time_base)


def unheard(film: OpenFilm) -> Damage:
    """Damage that is told to nobody: for looking around in a film before reading it."""
    return Damage(film, 0, lambda _: None)


def packets(film: OpenFilm, damage: Damage) -> Iterator[FilmPacket]:
    """The film's packets with data, from where the container stands to its end, their times going on."""
    failures = 0
    clock = _Clock()
    read_pts: int | None = None
    while failures < _READ_ATTEMPTS:
        try:
            for packet in film.container.demux(film.stream):
                failures = 0
                if packet.size:
                    if film.may_jump:
                        clock.set(packet)
                    read_pts = packet.pts if packet.pts is not None else packet.dts
                    yield packet
            return
        except av.error.FFmpegError:
            failures += 1
            damage.at(read_pts)


class _Clock:
    """Lets time go on where a joined file or a broadcast begins it anew."""

    def __init__(self) -> None:
        self._last_dts: int | None = None
        self._shift, self._step = 0, 1

    def set(self, packet: FilmPacket) -> None:
        """Correct the packet's times; they stay as they are in a film whose time never goes back."""
        if packet.dts is None:
            if packet.pts is not None:
                packet.pts += self._shift
            return
        dts = packet.dts + self._shift
        if self._last_dts is not None:
            if dts < self._last_dts:
                self._shift += self._last_dts + self._step - dts
            elif dts > self._last_dts:
                self._step = packet.duration or dts - self._last_dts
        packet.dts += self._shift
        if packet.pts is not None:
            packet.pts += self._shift
        self._last_dts = packet.dts


def frames(
    film: OpenFilm, source: Iterable[FilmPacket], damage: Damage, *, only: Container[int] | None = None
) -> Iterator[tuple[int, VideoFrame]]:
    """Decode packets to (pts, frame) in the order of showing; a packet that cannot be decoded is passed over.

    With `only`, frames at other times that no frame hangs on are left out as well, which saves their cost.
    A frame without pts, as in AVI, is shown at its dts, at the end of such a film a frame's time after the last.
    """
    shown: int | None = None
    ends = chain(source, [None] * 3)  # the first None: the decoder gives what it still holds
    for (packet, second), (_, third) in pairwise(pairwise(ends)):
        if packet and packet.is_corrupt and not _is_seam(second, third):
            damage.at(packet.pts)
        if packet and only is not None:
            film.decoder.skip_frame = "DEFAULT" if packet.pts is None or packet.pts in only else "NONREF"
        try:
            decoded = film.decoder.decode(packet)
        except av.error.FFmpegError:
            damage.at(packet.pts if packet else None)
            continue
        for frame in decoded:
            pts = frame.pts if frame.pts is not None else frame.dts
            if pts is None and shown is not None:
                pts = shown + max(1, frame.duration)
            if frame.is_corrupt:
                damage.at(pts)
            if pts is not None:
                shown = pts
                yield pts, frame


def _is_seam(*following: "FilmPacket | None") -> bool:
    """Whether a gap in a transport stream lies where joined files meet: a key frame follows, nothing is lost.

    Two packets are looked at because the mark of a gap may come one packet early.
    """
    return any(packet is None or packet.is_keyframe for packet in following)
