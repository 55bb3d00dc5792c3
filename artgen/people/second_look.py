"""A second look at what a detector is not sure is a face.

A face is one at every size and in a mirror; bark, clocks and machines that look like one by chance mostly are so at
one size alone. And the network that reads faces, which learned from other pictures, has its own opinion.
"""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from artgen.people.alignment import align_face
from artgen.people.detection import Detection
from artgen.people.expression import load_reader
from artgen.records import intersection_over_union

SURE_SCORE = 0.87  # of the first look: from here on a face is one
LOOKS = {24: 128, 36: 128, 56: 128, 80: 192, 112: 256}
"""How large the face is shown, in pixels of its box's longer side, and the side of the square around it."""
SAME_PLACE = 0.35  # overlap with the first look's box
AGREEMENT, FILMED, ENOUGH = 0.3, 0.3, 0.92
"""What all looks together, and a face that surely stood before a camera, add to the score; and how much is a face."""

Picture = NDArray[np.uint8]


def stands_up(picture: Picture, face: Detection, see: Callable[[Picture], Sequence[Detection]]) -> bool:
    """True when a face is found again in enough of ten looks: five sizes, each as it is and mirrored.

    Args:
        picture: in which the face was found, sRGB (height, width, 3).
        face: what the first look made of it.
        see: the detector's look at a small picture, without a second one.

    Raises:
        ModelError: the networks that come with artgen are missing or damaged.
    """
    if face.score >= SURE_SCORE:
        return True
    agreeing = np.mean([_seen_again(picture, face, see, *look) for look in LOOKS.items()])
    if not agreeing:
        return False
    filmed = load_reader().look(align_face(picture, face)).filmed
    return bool(face.score + AGREEMENT * agreeing + FILMED * filmed >= ENOUGH)


def _seen_again(
    picture: Picture, face: Detection, see: Callable[[Picture], Sequence[Detection]], shown: int, side: int
) -> float:
    """Part of two looks, one mirrored, that find a face `shown` pixels large in the middle of a square again."""
    wide, high = face.box[2] - face.box[0], face.box[3] - face.box[1]
    scale = shown / max(wide, high)
    there = (
        (side - wide * scale) / 2,
        (side - high * scale) / 2,
        (side + wide * scale) / 2,
        (side + high * scale) / 2,
    )
    square = _around(picture, face, reach=side / scale / 2, side=side)
    both = (square, np.ascontiguousarray(square[:, ::-1]))
    return sum(
        any(intersection_over_union(there, other.box) >= SAME_PLACE for other in see(look)) for look in both
    ) / len(both)


def _around(picture: Picture, face: Detection, *, reach: float, side: int) -> Picture:
    """The square (side, side, 3) that reaches so far from the middle of a face; black beyond the picture."""
    import cv2

    x1, y1, x2, y2 = face.box
    left, top = round((x1 + x2) / 2 - reach), round((y1 + y2) / 2 - reach)
    length = max(1, round(2 * reach))
    height, width = picture.shape[:2]
    cut = picture[max(0, top) : top + length, max(0, left) : left + length]
    above, before = max(0, -top), max(0, -left)
    below, behind = max(0, top + length - height), max(0, left + length - width)
    whole = cv2.copyMakeBorder(cut, above, below, before, behind, cv2.BORDER_CONSTANT)
    how = cv2.INTER_AREA if length > side else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(whole, (side, side), interpolation=how), dtype=np.uint8)
