"""The planes of a decoded frame as arrays: views of the decoder's memory where they can be."""

from typing import Any

import numpy as np
from av.video.frame import VideoFrame
from av.video.plane import VideoPlane
from numpy.typing import NDArray

_NEUTRAL = 128
_GRAYS = ("gray", "gray10le", "gray12le", "gray16le")


def planes_of(frame: VideoFrame) -> tuple[NDArray[np.uint8], NDArray[np.uint8], NDArray[np.uint8]]:
    """Luma and both chroma planes in 8 bits, in the film's own range and subsampling, without padding.

    Eight-bit planes are read-only views that keep the whole frame in memory while they live; deeper ones
    are shifted down; RGB, packed and other layouts are converted to 4:2:0. Gray film has neutral chroma.
    """
    frame = _as_yuv(frame)
    depth = frame.format.components[0].bits
    luma = _bytes_of(frame.planes[0], depth)
    if len(frame.planes) < 3:
        gray = np.full((-(-luma.shape[0] // 2), -(-luma.shape[1] // 2)), _NEUTRAL, np.uint8)
        return luma, gray, gray
    return luma, _bytes_of(frame.planes[1], depth), _bytes_of(frame.planes[2], depth)


def luma_of(frame: VideoFrame) -> NDArray[np.uint8]:
    """The first of planes_of alone."""
    frame = _as_yuv(frame)
    return _bytes_of(frame.planes[0], frame.format.components[0].bits)


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
