"""Finding the key frame with which decoding must begin; exact even where a container's seeking is not."""

from collections.abc import Iterator
from itertools import chain

import av

from artgen.video.decoding import Damage, FilmPacket, frames, packets, unheard
from artgen.video.source import OpenFilm

_BACK_S = (0, 1, 4, 16, 64)  # how much earlier to seek where landing is inexact


def key_before(film: OpenFilm, pts: int) -> int | None:
    """When the last key frame at or before `pts` is shown; None where seeking finds none, as at the start."""
    for _ in _landings(film, pts):
        found = None
        for packet in packets(film, unheard(film)):
            if _is_key(packet) and packet.pts is not None and packet.pts <= pts:
                found = packet.pts
            if (found is not None and film.is_indexed) or packet.dts is None or packet.dts > pts:
                break
        if found is not None:
            return found
    return None


def packets_from_key(film: OpenFilm, key_pts: int, damage: Damage) -> Iterator[FilmPacket] | None:
    """The packets from the key frame shown at `key_pts` on; None where seeking does not find it."""
    for _ in _landings(film, key_pts):
        coming = packets(film, damage)
        for packet in coming:
            if _is_key(packet) and packet.pts == key_pts:
                return chain([packet], coming)
            if packet.dts is None or packet.dts > key_pts:
                break
    return None


def begins_anew(film: OpenFilm, key_pts: int) -> bool:
    """Whether decoding from the key frame gives that frame: not so where pictures refresh bit by bit."""
    coming = packets_from_key(film, key_pts, unheard(film))
    if coming is None:
        return False
    shown = (pts for pts, _ in frames(film, coming, unheard(film)) if pts >= key_pts)
    return next(shown, None) == key_pts


def packets_from_start(film: OpenFilm, damage: Damage) -> Iterator[FilmPacket]:
    """The packets of the whole film, whatever was read before."""
    film.rewind()
    return packets(film, damage)


def _landings(film: OpenFilm, pts: int) -> Iterator[None]:
    for back_s in _BACK_S:
        try:
            film.seek(pts - int(back_s / film.time_base))
        except av.error.FFmpegError:
            continue
        yield


def _is_key(packet: FilmPacket) -> bool:
    return packet.is_keyframe and not packet.is_discard
