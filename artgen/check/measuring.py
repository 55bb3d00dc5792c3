"""What a picture file is, looked at with care: format, color, size, lettering, faces, and where it says it is from."""

import re
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from artgen.composition.text import find_text
from artgen.errors import InputError, machine_faults
from artgen.people.detect import FaceDetector, find_detector, load_detector
from artgen.pictures import MAX_PIXELS, load_picture
from artgen.records import Box, area
from artgen.specs import Asset, Facts
from artgen.stills.text import find_lines

KNOWN = ("JPEG", "PNG", "WEBP", "GIF", "TIFF", "BMP")
SHOWN = ("jpeg", "png", "webp")  # what is decoded, to look for lettering and faces
MOST_XMP = 1 << 16  # bytes: a packet is one JPEG segment
CLAIM = re.compile(rb"artgen:(filmSha256|variant|crop)=[\"']([^\"'<>]{0,300})[\"']")


@dataclass(frozen=True, slots=True)
class Measured:
    """A file's facts, and what it says of its origin: filmSha256, variant and crop, as far as it does."""

    facts: Facts
    origin: dict[str, str]


class Looker:
    """Measures files; the face detector is loaded when first needed."""

    def __init__(self, *, folders: tuple[Path, ...]) -> None:
        """`folders`: where weights may lie besides the usual places."""
        self._folders = folders
        self._detector: FaceDetector | None = None

    def measure(self, path: Path, file: str) -> Measured:
        """Read a file's head.

        Args:
            path: the file.
            file: what to call it.

        Raises:
            InputError: it is missing, no picture of a known kind, or has too many pixels.
            MachineError: it may not be read.
        """
        from PIL import Image, UnidentifiedImageError

        try:
            with machine_faults(path), Image.open(path, formats=KNOWN) as image:
                if image.width * image.height > MAX_PIXELS:
                    raise InputError(
                        f"{file} has {image.width} x {image.height} pixels, more than artgen reads; replace it."
                    )
                kind = "jpeg" if image.format == "MPO" else str(image.format).lower()
                icc, xmp = image.info.get("icc_profile"), image.info.get("xmp", b"")
                size = path.stat().st_size
                facts = Facts(file, kind, image.mode, image.width, image.height, size, _profile_name(icc))
        except FileNotFoundError as fault:
            raise InputError(f"{file} is missing; export the catalog again.") from fault
        except (
            UnidentifiedImageError,
            Image.DecompressionBombError,
            SyntaxError,
            ValueError,
            OSError,
        ) as fault:
            raise InputError(f"{file} is damaged or no picture; export the catalog again.") from fault
        return Measured(facts, _origin(xmp))

    def look(self, facts: Facts, path: Path, assets: list[Asset]) -> Facts:
        """Add what the rules of these assets need to know: lettering, faces.

        Raises:
            InputError: the file cannot be decoded.
        """
        held = {name for asset in assets for zone in asset.zones for name in zone.free_of}
        wants_text = "text" in held or any(asset.text != "any" for asset in assets)
        wants_faces = "faces" in held or any(asset.focus is not None for asset in assets)
        if facts.format not in SHOWN or not (wants_text or wants_faces):
            return facts
        picture = load_picture(path)
        if wants_text:
            facts = replace(facts, text_boxes=_lettering(picture))
        if wants_faces:
            found = self._faces().detect(picture)
            facts = replace(facts, faces=tuple(face.box for face in found))
        return facts

    def _faces(self) -> FaceDetector:
        if self._detector is None:
            self._detector = load_detector(find_detector(folders=self._folders))
        return self._detector


def _lettering(picture: NDArray[np.uint8]) -> tuple[Box, ...]:
    """Boxes of lines of lettering; of two detectors with other blind spots, what the one finds that finds more."""
    import cv2

    luma = np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), dtype=np.uint8)
    lines = find_lines(luma)
    by_letter = tuple((float(x1), float(y1), float(x2), float(y2)) for x1, y1, x2, y2 in lines)
    return max(find_text(picture), by_letter, key=lambda boxes: sum(map(area, boxes)))


def _profile_name(icc: bytes | None) -> str | None:
    """What a color profile calls itself; None where there is none."""
    import io

    from PIL import ImageCms

    if not icc:
        return None
    try:
        return ImageCms.getProfileDescription(ImageCms.getOpenProfile(io.BytesIO(icc))).strip()
    except ImageCms.PyCMSError:
        return "one that cannot be read"


def _origin(xmp: bytes | str) -> dict[str, str]:
    from html import unescape

    packet = xmp.encode() if isinstance(xmp, str) else xmp
    found = CLAIM.findall(packet[:MOST_XMP])
    return {name.decode(): unescape(value.decode(errors="replace")) for name, value in found}
