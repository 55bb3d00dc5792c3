"""The report's own pictures: every still small and large, faces of people, and the artwork, light enough to browse."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from artgen.errors import InputError, machine_faults
from artgen.folder import write_whole
from artgen.pictures import load_picture
from artgen.records import Box

FOLDER = "pictures"
LARGE, SMALL, PORTRAIT = 1280, 400, 256  # pixels of the longer side
QUALITY = {LARGE: 84, SMALL: 78, PORTRAIT: 82}  # of JPEG
FACE_SHARE = 0.55  # of a portrait's side that the face takes

Picture = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class PictureJob:
    """One source file and what the report needs of it.

    `name` begins the files' names. `size` is what the source must have, (width, height), where known.
    `faces` are boxes in it to make portraits of.
    """

    source: Path
    name: str
    size: tuple[int, int] | None = None
    small: bool = True
    faces: Sequence[tuple[str, Box]] = ()


@dataclass(frozen=True, slots=True)
class Made:
    """Files of one PictureJob, relative to the report; `portraits` by the name given, `size` of the source."""

    large: str
    small: str
    portraits: dict[str, str]
    size: tuple[int, int]


def make_pictures(job: PictureJob, into: Path) -> Made:
    """Write what is not there yet. Names hold a digest of the source, so a file that is there is the right one.

    Raises:
        InputError: the source is missing, damaged or of another size.
        MachineError: the disk is full, or the report may not be written.
    """
    digest = _digest(job)
    large, small = f"{FOLDER}/{job.name}-{digest}-large.jpg", f"{FOLDER}/{job.name}-{digest}.jpg"
    portraits = {name: f"{FOLDER}/{name}-{digest}.jpg" for name, _ in job.faces}
    wanted = [large, *([small] if job.small else ()), *portraits.values()]
    if job.size is not None and all((into / file).exists() for file in wanted):
        return Made(large, small, portraits, job.size)
    picture = load_picture(job.source, size=job.size)
    middle = _fit(picture, LARGE)
    _write(into / large, middle, LARGE)
    if job.small:
        _write(into / small, _fit(middle, SMALL), SMALL)
    for name, box in job.faces:
        _write(into / portraits[name], _portrait(picture, box), PORTRAIT)
    return Made(large, small, portraits, (picture.shape[1], picture.shape[0]))


def _digest(job: PictureJob) -> str:
    """Of the source's content and everything that decides what is made of it."""
    try:
        with machine_faults(job.source):
            content = job.source.read_bytes()
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError) as fault:
        raise InputError(f"{job.source} is missing; run the stage that writes it again.") from fault
    how = repr((LARGE, SMALL, PORTRAIT, QUALITY, FACE_SHARE, list(job.faces)))
    return hashlib.sha256(content + how.encode()).hexdigest()[:10]


def _fit(picture: Picture, side: int) -> Picture:
    """The picture with its longer side at most `side`; never larger than it is."""
    high, wide = picture.shape[:2]
    scale = side / max(high, wide)
    if scale >= 1:
        return picture
    size = max(1, round(wide * scale)), max(1, round(high * scale))
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)


def _portrait(picture: Picture, box: Box) -> Picture:
    """A square around a face, inside the picture."""
    high, wide = picture.shape[:2]
    x1, y1, x2, y2 = box
    side = max(1, round(min(max(x2 - x1, y2 - y1) / FACE_SHARE, high, wide)))
    left = round(min(max((x1 + x2 - side) / 2, 0), wide - side))
    top = round(min(max((y1 + y2 - side) / 2, 0), high - side))
    return _fit(np.ascontiguousarray(picture[top : top + side, left : left + side]), PORTRAIT)


def _write(path: Path, picture: Picture, kind: int) -> None:
    settings = [cv2.IMWRITE_JPEG_QUALITY, QUALITY[kind]]
    fine, data = cv2.imencode(".jpg", picture[:, :, ::-1], settings)
    if not fine:
        raise ValueError(f"a picture of {picture.shape} could not be encoded")
    write_whole(path, data.tobytes())
