"""Chosen instants of a film as pictures for people: full quality, sRGB, upright, square pixels."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from artgen.video.color import color_of
from artgen.video.decoding import Damage, frames, packets, packets_from_key
from artgen.video.geometry import square_size
from artgen.video.probe import FilmInfo
from artgen.video.rgb import to_srgb
from artgen.video.source import OpenFilm, open_film


@dataclass(frozen=True, slots=True)
class Picture:
    """One frame as it looks: `rgb` is (height, width, 3) uint8 sRGB, upright, with square pixels."""

    pts: int
    rgb: NDArray[np.uint8]


def read_pictures(
    info: FilmInfo, pts: Sequence[int], *, on_damage: Callable[[str], None]
) -> Iterator[Picture]:
    """The frames shown at exactly these times (in `info.time_base`), in time order.

    Frames that damage has swallowed are missing; `on_damage` is told once for each such place.

    Raises:
        InputError: the film has changed since it was probed.
        MachineError: it may not be read.
    """
    with open_film(info.path) as film, open_film(info.path) as scout:
        film.stream.thread_type = "AUTO"
        damage = Damage(film, info.start_pts, on_damage)
        for key_pts, wanted in _by_key(scout, info, sorted(set(pts))):
            yield from _group(film, info, key_pts, wanted, damage)


def _by_key(scout: OpenFilm, info: FilmInfo, wanted: Sequence[int]) -> Iterator[tuple[int, list[int]]]:
    groups: dict[int, list[int]] = {}
    for pts in wanted:
        groups.setdefault(_key_for(scout, info, pts), []).append(pts)
    yield from groups.items()


def _key_for(scout: OpenFilm, info: FilmInfo, pts: int) -> int:
    scout.container.seek(pts, stream=scout.stream)
    for packet in packets(scout, Damage(scout, info.start_pts, lambda _: None)):
        if packet.is_keyframe and packet.pts is not None:
            return packet.pts if packet.pts <= pts else info.start_pts
    return info.start_pts


def _group(
    film: OpenFilm, info: FilmInfo, key_pts: int, wanted: list[int], damage: Damage
) -> Iterator[Picture]:
    coming = packets_from_key(film, key_pts, damage)
    if coming is None:
        film.container.seek(0)
        coming = packets(film, damage)
    for pts, frame in frames(film, coming, damage):
        if pts in wanted:
            yield Picture(pts, _shown(frame, info))
        if pts >= wanted[-1]:
            return


def _shown(frame: VideoFrame, info: FilmInfo) -> NDArray[np.uint8]:
    size = square_size(frame.width, frame.height, info.sample_aspect)
    return to_srgb(frame, color_of(frame), size=size)
