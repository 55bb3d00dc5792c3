"""What other rooms saw in a still, as evidence that a picture-text model cannot give."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from artgen.records import Composition, Face

CLOSE_SCALES = ("extreme-close-up", "close-up", "medium-close-up")
WIDE_SCALES = ("long", "extreme-long")


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """What was seen in one still. Fractions are 0..1; heights are fractions of the picture's height.

    `second_face` is the height of the second largest face (0: fewer than two), `face_gap` the
    distance between the edges of the two largest, in widths of the smaller (None: fewer than two,
    0 or less: they touch or overlap). `smiles` is the part of the faces that smile, of those whose
    expression can be told, None where no such face is. The color measures are those of composition.MEASURES.
    """

    still: str
    faces: int
    largest_face: float
    second_face: float
    face_gap: float | None
    smiles: float | None
    shot_scale: str
    text_fraction: float
    text_lines: int
    lightness: float
    dark_fraction: float
    chroma: float
    chroma_spread: float
    edge_density: float
    negative_space_fraction: float


def observe(composition: Composition, faces: Sequence[Face]) -> Observation:
    """Sum up a still's composition and faces as evidence for its tags.

    Args:
        composition: of the still, with all of composition.MEASURES.
        faces: the faces in that still, in any order.
    """
    measures = composition.measures
    by_size = sorted(faces, key=_side, reverse=True)
    largest = measures["face_height_fraction"]
    second, gap = 0.0, None
    if len(by_size) > 1 and _side(by_size[0]) > 0:
        second = largest * _side(by_size[1]) / _side(by_size[0])
        gap = _gap(by_size[0], by_size[1])
    return Observation(
        still=composition.still,
        faces=len(faces),
        largest_face=largest,
        second_face=second,
        face_gap=gap,
        smiles=_smiles(faces),
        shot_scale=composition.shot_scale,
        text_fraction=measures["text_fraction"],
        text_lines=len(composition.text_boxes),
        lightness=measures["lightness"],
        dark_fraction=measures["dark_fraction"],
        chroma=measures["chroma"],
        chroma_spread=measures["chroma_spread"],
        edge_density=measures["edge_density"],
        negative_space_fraction=measures["negative_space_fraction"],
    )


def _smiles(faces: Sequence[Face]) -> float | None:
    told = [face.expression.smile for face in faces if face.expression is not None]
    return sum(ramp(smile, start=0.4, end=0.8) for smile in told) / len(told) if told else None


def _side(face: Face) -> float:
    return max(face.box[2] - face.box[0], face.box[3] - face.box[1])


def _gap(one: Face, other: Face) -> float:
    (a1, b1, a2, b2), (c1, d1, c2, d2) = one.box, other.box
    across, down = max(a1, c1) - min(a2, c2), max(b1, d1) - min(b2, d2)
    return max(across, down) / max(min(a2 - a1, c2 - c1), 1.0)


def ramp(value: float, *, start: float, end: float) -> float:
    """0 at `start` and before, 1 at `end` and beyond, straight between; `end` may be the smaller."""
    return min(1.0, max(0.0, (value - start) / (end - start)))


def _alike(seen: Observation) -> float:
    """How much two faces look like two people of one picture: both large, alike in size; 0..1."""
    if seen.faces < 2 or seen.second_face <= 0:
        return 0.0
    ratio = seen.second_face / max(seen.largest_face, 1e-6)
    return ramp(ratio, start=0.4, end=0.7) * ramp(seen.second_face, start=0.06, end=0.12)


def _near(seen: Observation) -> float:
    """Two faces alike in size and closer than half a face; 1 where they touch."""
    return 0.0 if seen.face_gap is None else _alike(seen) * ramp(seen.face_gap, start=0.9, end=0.1)


SIGNALS: dict[str, Callable[[Observation], float]] = {
    "always": lambda seen: 1.0,
    "no face": lambda seen: float(seen.faces == 0),
    "one face": lambda seen: float(seen.faces == 1),
    "two faces": lambda seen: float(seen.faces == 2),
    "three to five faces": lambda seen: float(3 <= seen.faces <= 5),
    "six faces or more": lambda seen: float(seen.faces >= 6),
    "two faces alike": _alike,
    "two faces touching": _near,
    "close": lambda seen: float(seen.shot_scale in CLOSE_SCALES),
    "wide": lambda seen: float(seen.shot_scale in WIDE_SCALES),
    "smiles": lambda seen: seen.smiles or 0.0,
    "dark": lambda seen: (
        ramp(seen.dark_fraction, start=0.45, end=0.8) * ramp(seen.lightness, start=0.30, end=0.18)
    ),
    "bright": lambda seen: ramp(seen.lightness, start=0.5, end=0.7),
    "vivid": lambda seen: ramp(seen.chroma, start=0.3, end=0.55),
    "colorless": lambda seen: ramp(seen.chroma_spread, start=0.06, end=0.02),
    "lettering": lambda seen: ramp(seen.text_fraction, start=0.004, end=0.03),
    "many lines": lambda seen: ramp(seen.text_lines, start=2, end=7),
    "plain": lambda seen: ramp(seen.edge_density, start=0.08, end=0.03),
}
"""Evidence that a vocabulary may name: each 0..1, how strongly it was seen."""
