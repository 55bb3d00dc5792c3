"""The variants a chosen still becomes: one a crop, at the crop's own size."""

import hashlib
import string
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from artgen.artwork.choosing import Choice
from artgen.artwork.room import NO_ROOM, Room, find_room
from artgen.artwork.subtitles import SubtitleBand
from artgen.artwork.treatment import Treatment
from artgen.composition.crops import Refusal, crop_for, parse_aspect
from artgen.composition.figures import figure_map
from artgen.composition.framing import inside
from artgen.composition.saliency import saliency_map
from artgen.errors import UsageError
from artgen.records import Box, Crop, Face, PixelBox

DEFAULT_ASPECTS = ("16:9", "2:3", "1:1")
PLAIN = frozenset(string.ascii_lowercase + string.digits + "-_: ")


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """One variant to make. `crop.box` is in pixels of the still; `faces` are those inside it, `room` is for a title."""

    choice: Choice
    aspect: str
    crop: Crop
    faces: tuple[Face, ...]
    room: Room = NO_ROOM

    @property
    def id(self) -> str:
        """The variant's id, such as "general/00h00m12.000s-16x9"."""
        shape = self.aspect.replace(":", "x")
        return f"{file_name(self.choice.theme.id)}/{self.choice.candidate.id}-{shape}"

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels: those of the crop, as nothing is scaled."""
        x1, y1, x2, y2 = self.crop.box
        return x2 - x1, y2 - y1


def check_aspects(aspects: Sequence[str]) -> tuple[str, ...]:
    """The aspects asked for, each once.

    Raises:
        UsageError: none is given, or one is no aspect.
    """
    for aspect in aspects:
        parse_aspect(aspect)
    if not aspects:
        raise UsageError("At least one aspect must be asked for, such as 16:9.")
    return tuple(dict.fromkeys(aspects))


def plan_variants(
    choice: Choice,
    picture: NDArray[np.uint8],
    *,
    aspects: Sequence[str],
    overlays: Sequence[Box] = (),
    subtitles: SubtitleBand | None = None,
    treatment: Treatment | None = None,
    subjects: bool = True,
) -> tuple[list[Plan], list[Refusal]]:
    """Plan a still's variants: what can be made of it, and what cannot with the reason.

    Args:
        choice: the still and its theme; a person theme's person is in every crop.
        picture: the still's picture, (height, width, 3) sRGB.
        aspects: such as "16:9".
        overlays: marks over every still of the title, as boxes in its pixels; crops keep off them.
        subtitles: where the title has subtitles. A still in which some lettering is found there is
            taken to have it all along the band.
        treatment: the title that each is to carry, in a piece of its own.
        subjects: see saliency_map.
    """
    candidate, theme = choice.candidate, choice.theme
    saliency, figures = saliency_map(picture, subjects=subjects), figure_map(picture, candidate.faces)
    text_boxes = (*(candidate.composition.text_boxes if candidate.composition else ()), *overlays)
    avoid = () if subtitles is None else (subtitles.box,)
    if subtitles is not None and (subtitles.everywhere or any(map(subtitles.holds, text_boxes))):
        text_boxes, avoid = (*text_boxes, subtitles.box), ()
    keep = {theme.id.partition(":")[2]} if theme.kind == "person" else set()
    plans, refusals = [], []
    for aspect in aspects:
        crop = crop_for(
            aspect,
            picture,
            faces=candidate.faces,
            saliency=saliency,
            figures=figures,
            text_boxes=text_boxes,
            avoid=avoid,
            keep=keep,
        )
        if isinstance(crop, Refusal):
            refusals.append(crop)
        else:
            room = find_room(
                picture,
                crop.box,
                aspect=parse_aspect(aspect),
                faces=candidate.faces,
                maps=(saliency, figures),
                lettering=text_boxes,
                treatment=treatment,
            )
            plans.append(Plan(choice, aspect, crop, faces_inside(candidate.faces, crop.box), room))
    return plans, refusals


def faces_inside(faces: Sequence[Face], box: PixelBox) -> tuple[Face, ...]:
    """The faces that lie in a crop, largest first; their boxes may reach past the picture's own edge."""
    window = np.array([box], dtype=np.float64)
    middle = [((f.box[0] + f.box[2]) / 2, (f.box[1] + f.box[3]) / 2) for f in faces]
    held = [f for f, (x, y) in zip(faces, middle, strict=True) if inside(window, (x, y, x, y))[0]]
    return tuple(sorted(held, key=lambda face: face.box[1] - face.box[3]))


def file_name(text: str) -> str:
    """A theme's id as a folder name that every file system takes; different ids keep different names."""
    if len(text) <= 48 and all(c in PLAIN for c in text):
        return text.replace(":", "-").replace(" ", "_")
    kept = "".join(c if c in PLAIN else "" for c in text.lower()).replace(":", "-").replace(" ", "_")
    return f"{kept[:40]}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"
