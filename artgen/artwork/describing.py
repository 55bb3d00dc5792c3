"""What a variant is like, as numbers for whoever chooses between variants."""

from collections.abc import Mapping, Sequence

import numpy as np

from artgen.artwork.ranking import COUNTED_FACE
from artgen.artwork.variants import Plan
from artgen.composition import color_shares
from artgen.records import Face, MeasureSpec, PixelBox, area

MOST_CONTRAST = 21.0  # to 1: black and white
MOST_PEOPLE = 8  # leads that have a place of their own in the vector
FACES = ("count_of_ten", "largest_height", "quality", "eyes_open", "mouth_open")
GAZE = ("yaw", "pitch")
TITLE_SPACE = ("area", "x", "y", "contrast")
PLACEMENT = ("subject_x", "subject_y", "crop_width", "crop_height")


def describe_variant(
    plan: Plan,
    *,
    size: tuple[int, int],
    duration_s: float,
    people: Sequence[str],
    tags: Sequence[str],
    scales: Sequence[str],
    measures: Mapping[str, MeasureSpec],
) -> dict[str, list[float]]:
    """The values of every feature block of a variant, by block name; feature_blocks says what they mean.

    Args:
        plan: the variant.
        size: (width, height) of the still.
        duration_s: of the film.
        people: ids, leads first.
        tags: names, in the order of the block.
        scales: the shot scales there are.
        measures: those of composition, with their ranges.
    """
    candidate, box = plan.choice.candidate, plan.crop.box
    composition = candidate.composition
    high = box[3] - box[1]
    scale = composition.shot_scale if composition else ""
    return {
        "embedding": [float(value) for value in candidate.vector],
        "tags": [candidate.tags.get(tag, 0.0) for tag in tags],
        "people": [_height_of(person, plan.faces, high) for person in _padded(people)],
        "faces": _faces(plan.faces, high),
        "gaze": _gaze(plan.faces),
        "scale": [float(name == scale) for name in scales],
        "composition": [
            (candidate.measure(name, spec.low) - spec.low) / (spec.high - spec.low)
            for name, spec in measures.items()
        ],
        "colors": color_shares(composition.colors if composition else ()),
        "placement": _placement(plan, size),
        "title_space": _title_space(plan),
        "time": [candidate.still.time_s / duration_s if duration_s > 0 else 0.0],
        "aspect": [float(np.log2((box[2] - box[0]) / high))],
    }


def _padded(people: Sequence[str]) -> list[str]:
    return [*people[:MOST_PEOPLE], *[""] * (MOST_PEOPLE - len(people))]


def _height_of(person: str, faces: Sequence[Face], high: int) -> float:
    return max(((f.box[3] - f.box[1]) / high for f in faces if person and f.person == person), default=0.0)


def _faces(faces: Sequence[Face], high: int) -> list[float]:
    if not faces:
        return [0.0] * len(FACES)
    first = faces[0]
    counted = sum(1 for face in faces if (face.box[3] - face.box[1]) / high >= COUNTED_FACE)
    return [
        counted / 10,
        (first.box[3] - first.box[1]) / high,
        first.quality,
        0.5 if first.eyes_open is None else first.eyes_open,
        0.5 if first.mouth_open is None else first.mouth_open,
    ]


def _gaze(faces: Sequence[Face]) -> list[float]:
    if not faces:
        return [0.0, 0.0]
    return [(faces[0].yaw_deg or 0.0) / 90, (faces[0].pitch_deg or 0.0) / 90]


def _placement(plan: Plan, size: tuple[int, int]) -> list[float]:
    x1, y1, x2, y2 = plan.crop.box
    if plan.faces:
        face = max(plan.faces, key=lambda face: area(face.box)).box
        x, y = (face[0] + face[2]) / 2, (face[1] + face[3]) / 2
    else:
        composition = plan.choice.candidate.composition
        x, y = composition.saliency_center if composition else ((x1 + x2) / 2, (y1 + y2) / 2)
    return [(x - x1) / (x2 - x1), (y - y1) / (y2 - y1), (x2 - x1) / size[0], (y2 - y1) / size[1]]


def _title_space(plan: Plan) -> list[float]:
    first = next((space for space in plan.room.spaces if space.safe), None)
    if first is None:
        return [0.0] * len(TITLE_SPACE)
    x1, y1, x2, y2 = first.box
    wide, high = plan.size
    return [
        first.area,
        (x1 + x2) / 2 / wide,
        (y1 + y2) / 2 / high,
        max(first.white, first.black) / MOST_CONTRAST,
    ]


def in_upright_picture(box: PixelBox, active_picture: PixelBox) -> PixelBox:
    """A box of a still, which is cut to the active picture, in pixels of the upright picture."""
    left, top = active_picture[:2]
    return box[0] + left, box[1] + top, box[2] + left, box[3] + top
