"""From the decoder's picture to an upright one with square pixels: display matrix and sample aspect."""

import math
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, cast

import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray

_MATRIX = struct.Struct("=9i")
_PIXEL_TOLERANCE = 0.5  # less cannot be shown
_ASPECT_TOLERANCE = Fraction(1, 200)  # what rounding of display sizes in headers gives; nobody sees it


@dataclass(frozen=True, slots=True)
class Orientation:
    """How a decoded picture is turned to stand upright: first mirrored left to right, then turned clockwise."""

    mirrored: bool = False
    clockwise: int = 0  # degrees: 0, 90, 180, 270


def orientation_of(frame: VideoFrame) -> Orientation:
    """The display matrix of a frame, to the nearest quarter turn.

    Source: ISO/IEC 14496-12, 6.2.2 (16.16 fixed point, row vectors times matrix).
    """
    matrix = cast("Mapping[str, Any]", frame.side_data).get("DISPLAYMATRIX")
    if matrix is None or matrix.buffer_size < _MATRIX.size:
        return Orientation()
    a, b, _, c, d, *_ = _MATRIX.unpack_from(bytes(matrix))
    mirrored = a * d - b * c < 0
    if mirrored:
        a, b = -a, -b
    if a == b == 0:
        return Orientation()
    return Orientation(mirrored, round(math.degrees(math.atan2(b, a)) / 90) % 4 * 90)


def square_size(width: int, height: int, sample_aspect: Fraction) -> tuple[int, int]:
    """Size with square pixels, (width, height): the short side is enlarged, nothing is shrunk."""
    if abs(sample_aspect - 1) <= _ASPECT_TOLERANCE:
        return width, height
    if sample_aspect > 1:
        wide = width * sample_aspect
        return (round(wide), height) if abs(wide - width) > _PIXEL_TOLERANCE else (width, height)
    high = height / sample_aspect
    return (width, round(high)) if abs(high - height) > _PIXEL_TOLERANCE else (width, height)


def upright(picture: NDArray[Any], orientation: Orientation) -> NDArray[Any]:
    """The picture (height, width, ...) mirrored and turned as `orientation` says, contiguous."""
    if orientation.mirrored:
        picture = picture[:, ::-1]
    return np.ascontiguousarray(np.rot90(picture, k=-orientation.clockwise // 90))
