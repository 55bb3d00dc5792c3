"""The room a piece of artwork has for its title, and the title in it where one was given."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from artgen.artwork.placing import ground_of, head_box
from artgen.artwork.titling import Titling, plan_title
from artgen.artwork.treatment import Treatment
from artgen.composition.space import title_spaces
from artgen.records import Box, Face, PixelBox, TitleSpace
from artgen.specs import safe_area

Map = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Room:
    """Where a title could stand, boxes in the piece's pixels; how it does where one was given, else why not.

    `heads` are what neither a title nor a gradient touches.
    """

    spaces: tuple[TitleSpace, ...] = ()
    heads: tuple[Box, ...] = ()
    titling: Titling | None = None
    refused: str | None = None


NO_ROOM = Room()


def find_room(
    picture: NDArray[np.uint8],
    crop: PixelBox,
    *,
    aspect: Fraction,
    faces: Sequence[Face],
    maps: tuple[Map, Map],
    lettering: Sequence[Box],
    treatment: Treatment | None,
) -> Room:
    """Measure the room for a title in a crop of a still.

    Args:
        picture: the still, (height, width, 3) sRGB.
        crop: in its pixels.
        aspect: of the crop, which decides what stores want free.
        faces: of the still.
        maps: saliency and figures of the still, of any size.
        lettering: boxes of lettering and marks in the still.
        treatment: the title, or None.
    """
    piece = np.ascontiguousarray(_cut(picture, crop, picture.shape))
    saliency, figures = (np.ascontiguousarray(_cut(part, crop, picture.shape)) for part in maps)
    held = [replace(face, box=_moved(face.box, crop)) for face in faces if _meet(face.box, crop)]
    marks = [_moved(box, crop) for box in lettering if _meet(box, crop)]
    heads = tuple(head_box(face) for face in held)
    safe = safe_area(aspect)
    spaces = title_spaces(piece, saliency, taken=(*heads, *marks), figures=figures, safe=safe)
    if treatment is None:
        return Room(spaces, heads)
    ground = ground_of(piece, faces=held, saliency=saliency, figures=figures, lettering=marks)
    found = plan_title(piece, ground, treatment, safe=safe)
    return Room(spaces, heads, None, found) if isinstance(found, str) else Room(spaces, heads, found)


def _cut(values: NDArray[np.generic], crop: PixelBox, shape: tuple[int, ...]) -> NDArray[np.generic]:
    """What a crop of a picture of `shape` covers of a map of it; never empty."""
    down, across = values.shape[0] / shape[0], values.shape[1] / shape[1]
    left, top = int(crop[0] * across), int(crop[1] * down)
    right, bottom = int(np.ceil(crop[2] * across)), int(np.ceil(crop[3] * down))
    return values[top : max(top + 1, bottom), left : max(left + 1, right)]


def _moved(box: Box, crop: PixelBox) -> Box:
    return box[0] - crop[0], box[1] - crop[1], box[2] - crop[0], box[3] - crop[1]


def _meet(box: Box, crop: PixelBox) -> bool:
    return box[0] < crop[2] and box[2] > crop[0] and box[1] < crop[3] and box[3] > crop[1]
