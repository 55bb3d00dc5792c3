"""Every frame of a segment as 8-bit planes, at little more than the cost of decoding."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from av.video.frame import VideoFrame
from av.video.plane import VideoPlane
from numpy.typing import NDArray

from artgen.video.decoding import Damage, frames, packets
from artgen.video.probe import FilmInfo
from artgen.video.seeking import packets_from_key
from artgen.video.segments import Segment
from artgen.video.source import open_film

_NEUTRAL = 128
_GRAYS = ("gray", "gray10le", "gray12le", "gray16le")


@dataclass(frozen=True, slots=True)
class LumaFrame:
    """The planes of one decoded frame, uint8, in coded geometry, read-only, valid until the next frame.

    `luma` is (coded height, coded width); `chroma_u` and `chroma_v` have the film's own subsampling.
    Values keep the film's range, limited or full; more than 8 bits are shifted down to 8.
    """

    pts: int
    luma: NDArray[np.uint8]
    chroma_u: NDArray[np.uint8]
    chroma_v: NDArray[np.uint8]


def read_luma(info: FilmInfo, segment: Segment, *, on_damage: Callable[[str], None]) -> Iterator[LumaFrame]:
    """Decode a segment on the calling thread; several threads may each read a segment of their own.

    A broken packet costs the frames that hang on it; `on_damage` is told once for each such place.

    Raises:
        InputError: the film has changed since it was probed, or the segment is not where it was.
        MachineError: it may not be read.
    """
    with open_film(info.path) as film:
        damage = Damage(film, info.start_pts, on_damage)
        coming = None
        if segment.seek_pts > info.start_pts:
            coming = packets_from_key(film, segment.seek_pts, damage)
            if coming is None:
                film.rewind()
        for pts, frame in frames(film, coming or packets(film, damage), damage):
            if segment.end_pts is not None and pts >= segment.end_pts:
                return
            if pts >= segment.start_pts:
                yield _planes(pts, frame)


def luma_of(frame: VideoFrame) -> NDArray[np.uint8]:
    """The luma plane of a frame as in LumaFrame."""
    frame = _as_yuv(frame)
    return _bytes_of(frame.planes[0], frame.format.components[0].bits)


def _planes(pts: int, frame: VideoFrame) -> LumaFrame:
    frame = _as_yuv(frame)
    depth = frame.format.components[0].bits
    luma = _bytes_of(frame.planes[0], depth)
    if len(frame.planes) < 3:
        gray = np.full((max(1, luma.shape[0] // 2), max(1, luma.shape[1] // 2)), _NEUTRAL, np.uint8)
        return LumaFrame(pts, luma, gray, gray)
    return LumaFrame(pts, luma, _bytes_of(frame.planes[1], depth), _bytes_of(frame.planes[2], depth))


def _as_yuv(frame: VideoFrame) -> VideoFrame:
    """The frame itself where its planes are luma and chroma as they are, else converted."""
    name = frame.format.name
    if (
        name.startswith("yuv") and frame.format.is_planar and not frame.format.is_big_endian
    ) or name in _GRAYS:
        return frame
    return frame.reformat(format="yuv420p", threads=1)


def _bytes_of(plane: VideoPlane, depth: int) -> NDArray[np.uint8]:
    if depth > 8:
        return (_samples(plane, np.dtype("<u2")) >> (depth - 8)).astype(np.uint8)
    samples: NDArray[np.uint8] = _samples(plane, np.dtype(np.uint8))
    samples.flags.writeable = False
    return samples


def _samples(plane: VideoPlane, kind: np.dtype[Any]) -> NDArray[Any]:
    padded = np.frombuffer(memoryview(plane), kind).reshape(plane.height, plane.line_size // kind.itemsize)
    return padded[:, : plane.width]
