"""Picture files from disk, checked before they are decoded, and pictures as files."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from artgen.errors import InputError, machine_faults
from artgen.records import ImageFormat

if TYPE_CHECKING:
    from PIL.ImageFile import ImageFile

SUFFIXES: dict[ImageFormat, str] = {"jpeg": ".jpg", "png": ".png", "webp": ".webp"}
MAX_PIXELS = 64_000_000  # 8K is 33 million; more is a mistake or an attack
LEAST_ALPHA = 8  # of 255: fainter parts of a logo, such as the end of a shadow, do not count as its extent


def encode_picture(picture: NDArray[np.uint8], image_format: ImageFormat) -> bytes:
    """An sRGB picture (height, width, 3) as an image file: JPEG quality 95 without chroma subsampling, PNG or WebP."""
    from PIL import Image

    out = io.BytesIO()
    image = Image.fromarray(picture)
    match image_format:
        case "jpeg":
            image.save(out, "JPEG", quality=95, subsampling=0)
        case "png":
            image.save(out, "PNG", compress_level=4)
        case "webp":
            image.save(out, "WEBP", quality=95, method=2)
    return out.getvalue()


def load_picture(
    path: Path, *, size: tuple[int, int] | None = None, least_side: int | None = None
) -> NDArray[np.uint8]:
    """Decode a JPEG, PNG or WebP file to sRGB, (height, width, 3) uint8.

    Args:
        path: the file.
        size: the (width, height) it must have, where known.
        least_side: what is needed of either side, in pixels: a JPEG comes at a half, a quarter or an eighth of
            its size where that is enough, for a third of the time. None: the whole picture.

    Raises:
        InputError: missing, not a picture, damaged, too large, or of another size.
        MachineError: it may not be read.
    """
    with _opened(path, "JPEG", "PNG", "WEBP", remedy="run artgen extract again with --overwrite") as image:
        if size is not None and image.size != size:
            raise InputError(
                f"{path} is {image.width} x {image.height}, but this title's stills are "
                f"{size[0]} x {size[1]}; it was replaced or is of another title."
            )
        if least_side is not None:
            image.draft("RGB", (least_side, least_side))
        return np.asarray(image.convert("RGB"))


def load_logo(path: Path) -> NDArray[np.uint8]:
    """Decode a PNG file with transparency to sRGB with alpha, cut to what can be seen: (height, width, 4) uint8.

    Raises:
        InputError: missing, no PNG, damaged, too large, all transparent, or without anything transparent.
        MachineError: it may not be read.
    """
    with _opened(path, "PNG", remedy="give a PNG file with a transparent ground") as image:
        logo = np.asarray(image.convert("RGBA"))
    seen = logo[:, :, 3] >= LEAST_ALPHA
    if not seen.any():
        raise InputError(f"{path} is transparent all over; give a logo that can be seen.")
    if (logo[:, :, 3] == 255).all():
        raise InputError(f"{path} has no transparent ground; give the logo alone, as a PNG file with alpha.")
    rows, columns = np.flatnonzero(seen.any(axis=1)), np.flatnonzero(seen.any(axis=0))
    return np.ascontiguousarray(logo[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1])


@contextmanager
def _opened(path: Path, *formats: str, remedy: str) -> Iterator["ImageFile"]:
    """A picture file, not yet decoded; whatever goes wrong while it is open is the file's fault."""
    from PIL import Image, UnidentifiedImageError

    try:
        with machine_faults(path), Image.open(path, formats=formats) as image:
            if image.width * image.height > MAX_PIXELS:
                raise InputError(
                    f"{path} has {image.width} x {image.height} pixels, more than the "
                    f"{MAX_PIXELS // 1_000_000} million artgen reads; scale it down."
                )
            yield image
    except FileNotFoundError as fault:
        raise InputError(f"{path} is missing; {remedy}.") from fault
    except Image.DecompressionBombError as fault:
        raise InputError(f"{path} has far too many pixels ({fault}); scale it down.") from fault
    except (UnidentifiedImageError, SyntaxError, ValueError, OSError) as fault:
        raise InputError(f"{path} is damaged or not a picture ({fault}); replace it, or {remedy}.") from fault
