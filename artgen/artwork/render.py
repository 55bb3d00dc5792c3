"""A crop as a JPEG file that says which colors it has and where it comes from."""

import io
from functools import cache

import numpy as np
from numpy.typing import NDArray

from artgen.artwork.provenance import Provenance, xmp_packet
from artgen.records import PixelBox

QUALITY = 95
PROFILE_DATE = bytes.fromhex("07ea00010001000000000000")  # 2026-01-01 00:00:00: a fixed one, for fixed bytes


def render_variant(picture: NDArray[np.uint8], crop: PixelBox, provenance: Provenance) -> bytes:
    """Cut a still and encode it: JPEG, quality 95, full chroma, sRGB profile, XMP provenance.

    Args:
        picture: the still, (height, width, 3) sRGB.
        crop: in the still's pixels; the file has exactly this size.
        provenance: written into the file.

    Raises:
        ValueError: the crop is empty or not inside the picture.
    """
    from PIL import Image

    x1, y1, x2, y2 = crop
    if not (0 <= x1 < x2 <= picture.shape[1] and 0 <= y1 < y2 <= picture.shape[0]):
        raise ValueError(f"crop {crop} is not inside a picture of {picture.shape[1]} x {picture.shape[0]}")
    out = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(picture[y1:y2, x1:x2])).save(
        out,
        "JPEG",
        quality=QUALITY,
        subsampling=0,
        optimize=True,
        icc_profile=srgb_profile(),
        xmp=xmp_packet(provenance),
    )
    return out.getvalue()


@cache
def srgb_profile() -> bytes:
    """The sRGB ICC profile, always the same bytes: its creation date is fixed (ICC.1:2022, 7.2.8)."""
    from PIL import ImageCms

    made = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    made[24:36] = PROFILE_DATE
    return bytes(made)
