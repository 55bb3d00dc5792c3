"""Chosen instants of a film as pictures for people: full quality, sRGB, upright, square pixels."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from artgen.video.color import color_of
from artgen.video.decoding import Damage, frames
from artgen.video.fields import deinterlaced, is_combed
from artgen.video.geometry import Orientation, square_size, upright
from artgen.video.planes import luma_of
from artgen.video.probe import FilmInfo
from artgen.video.rgb import to_srgb
from artgen.video.seeking import begins_anew, key_before, packets_from_key, packets_from_start
from artgen.video.source import OpenFilm, open_film

# Here a frame can be left out by its packet; others show frames that came in earlier packets.
_ONE_FRAME_A_PACKET = {"h264", "hevc", "mpeg1video", "mpeg2video"}


@dataclass(frozen=True, slots=True)
class Picture:
    """One frame as it looks: `rgb` is (height, width, 3) uint8 sRGB, upright, with square pixels."""

    pts: int
    rgb: NDArray[np.uint8]


def read_pictures(
    info: FilmInfo, pts: Sequence[int], *, on_damage: Callable[[str], None]
) -> Iterator[Picture]:
    """The frames shown at exactly these times (in `info.time_base`), in time order, each once.

    Nothing is decoded twice: times of one group of pictures are read in one go. Frames that damage has
    swallowed or broken are left out; `on_damage` is told once for each such place.

    Raises:
        InputError: the film has changed since it was probed.
        MachineError: it may not be read.
    """
    with open_film(info.path, threads=0) as film, open_film(info.path) as scout:
        damage = Damage(film, info.start_pts, on_damage)
        for key, group in groupby(sorted(set(pts)), _key_finder(scout, info, pts)):
            yield from _group(film, info, key, list(group), damage)


def _key_finder(scout: OpenFilm, info: FilmInfo, pts: Sequence[int]) -> Callable[[int], int | None]:
    """What names the key frame a time hangs on; None for all where only a straight decode is sure."""
    if info.continuous and scout.is_seekable and pts:
        ends = {key_before(scout, min(pts)), key_before(scout, max(pts))}
        if all(key is None or begins_anew(scout, key) for key in ends):
            return lambda wanted: key_before(scout, wanted)
    return lambda wanted: None


def _group(
    film: OpenFilm, info: FilmInfo, key: int | None, wanted: list[int], damage: Damage
) -> Iterator[Picture]:
    """The wanted frames that hang on one key frame (None: the film's first packet)."""
    missing = dict.fromkeys(wanted)
    coming = None if key is None else packets_from_key(film, key, damage)
    if coming is None:
        coming = packets_from_start(film, damage)
    may_spare = info.codec in _ONE_FRAME_A_PACKET and not info.interlaced
    decoded = frames(film, coming, damage, only=frozenset(wanted) if may_spare else None)
    last_key = wanted[0]
    for before, (pts, frame), after in _with_neighbors(decoded):
        if frame.key_frame:
            last_key = pts
        if pts in missing:
            del missing[pts]
            if not damage.lies_in(last_key, pts):
                yield Picture(pts, shown(before, frame, after, info))
        if pts >= wanted[-1]:
            break
    for pts in missing:
        damage.at(pts)


def _with_neighbors(
    coming: Iterable[tuple[int, VideoFrame]],
) -> Iterator[tuple[VideoFrame | None, tuple[int, VideoFrame], VideoFrame | None]]:
    before: VideoFrame | None = None
    current: tuple[int, VideoFrame] | None = None
    for after in coming:
        if current is not None:
            yield before, current, after[1]
            before = current[1]
        current = after
    if current is not None:
        yield before, current, None


def shown(
    before: VideoFrame | None, frame: VideoFrame, after: VideoFrame | None, info: FilmInfo
) -> NDArray[np.uint8]:
    """A decoded frame as it looks, (height, width, 3) uint8; its neighbors in time fill lines of interlaced film."""
    color = color_of(frame)
    # Asking the frame itself for its matrix would tie it into a cycle, and keep its memory until one is looked for.
    orientation = Orientation(info.mirrored, info.rotation)
    if frame.interlaced_frame or info.interlaced:
        whole = [near if near and near.height == frame.height else None for near in (before, after)]
        if is_combed(luma_of(frame)):
            frame = deinterlaced(whole[0], frame, whole[1])
    # The film's own size: broadcasts may change that of the frames in their midst.
    size = square_size(info.coded_width, info.coded_height, info.sample_aspect)
    return upright(to_srgb(frame, color, size=size), orientation)
