"""A decoded frame as a picture for people: color tags, range, alpha, size and turning applied."""

from typing import Any

import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange, Colorspace, Interpolation
from numpy.typing import NDArray

from artgen.records import Color
from artgen.video.tonemap import HDR_TRANSFERS, hdr_to_srgb, is_narrow, wide_to_srgb

# Bicubic chroma at full resolution with exact rounding: what swscale does best.
_SCALING = (
    Interpolation.BICUBIC
    | Interpolation.ACCURATE_RND
    | Interpolation.FULL_CHR_H_INT
    | Interpolation.FULL_CHR_H_INP
)
_SWS_MATRICES = {
    "bt709": Colorspace.ITU709,
    "fcc": Colorspace.FCC,
    "bt470bg": Colorspace.ITU601,
    "smpte170m": Colorspace.ITU601,
    "smpte240m": Colorspace.SMPTE240M,
    "bt2020nc": Colorspace.BT2020,
    "bt2020c": Colorspace.BT2020,  # constant luminance is all but unused; nearest
}


def to_srgb(frame: VideoFrame, color: Color, *, size: tuple[int, int]) -> NDArray[np.uint8]:
    """The frame as sRGB, (height, width, 3) uint8, not yet turned; transparent parts over black.

    Args:
        frame: as decoded.
        color: how its samples are to be read.
        size: (width, height) with square pixels.
    """
    has_alpha = any(part.is_alpha for part in frame.format.components) or frame.format.has_palette
    is_deep = color.transfer in HDR_TRANSFERS or not is_narrow(color.primaries)
    layout = ("rgba64le" if has_alpha else "rgb48le") if is_deep else ("rgba" if has_alpha else "rgb24")
    samples = _converted(frame, color, size, layout)
    rgb = samples[..., :3]
    if color.transfer in HDR_TRANSFERS:
        rgb = hdr_to_srgb(rgb, transfer=color.transfer, primaries=color.primaries)
    elif is_deep:
        rgb = wide_to_srgb(rgb, primaries=color.primaries)
    if has_alpha:
        opacity = samples[..., 3:] / np.float32(np.iinfo(samples.dtype).max)
        rgb = np.rint(rgb * opacity).astype(np.uint8)
    return np.asarray(rgb, np.uint8)


def _converted(frame: VideoFrame, color: Color, size: tuple[int, int], layout: str) -> NDArray[Any]:
    converted = frame.reformat(
        width=size[0],
        height=size[1],
        format=layout,
        src_colorspace=_SWS_MATRICES.get(color.matrix),
        src_color_range=ColorRange.JPEG if color.range == "full" else ColorRange.MPEG,
        dst_color_range=ColorRange.JPEG,
        interpolation=_SCALING,
    )
    return converted.to_ndarray()
