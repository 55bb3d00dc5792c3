"""Shot scale from the height of the nearest face: how much of a person the frame shows."""

from collections.abc import Sequence

from artgen.records import Face

SHOT_SCALES = (
    "extreme-close-up",
    "close-up",
    "medium-close-up",
    "medium",
    "medium-long",
    "long",
    "extreme-long",
)
UNKNOWN_SCALE = "unknown"

FACE_SHARE_OF_HEAD = 0.77
HEADS_SHOWN = (1.15, 2.1, 3.3, 5.0, 7.2, 14.0)
"""Frame height in head heights up to which each scale reaches: part of a face, head and shoulders,
chest, waist, knees, whole figure with air; beyond is extreme-long."""


def shot_scale(faces: Sequence[Face], *, picture_height: int) -> str:
    """Name the shot scale of a picture by its largest face.

    A frame that shows a person to the chest is about three heads high, to the waist about four and
    a half, to the knees six, whole seven and a half: the canon of figure drawing. A face box (brow
    to chin) is FACE_SHARE_OF_HEAD of a head.

    Args:
        faces: with boxes in pixels of the picture.
        picture_height: pixels.

    Returns:
        One of SHOT_SCALES, or UNKNOWN_SCALE where no face is seen: an empty landscape and a hand
        in close-up both have none.

    Raises:
        ValueError: picture_height is not positive.

    Source: A. Loomis, "Figure Drawing for All It's Worth" (1943), for heads to a figure; the seven
    scales and where they cut the figure as in Benini et al., "Shot scale distribution in art films"
    (2016), Bowen and Thompson, "Grammar of the Shot" (2009).
    """
    if picture_height <= 0:
        raise ValueError(f"picture_height must be positive, got {picture_height}")
    height = face_height_fraction(faces, picture_height=picture_height)
    if height <= 0:
        return UNKNOWN_SCALE
    heads_shown = FACE_SHARE_OF_HEAD / height
    for scale, limit in zip(SHOT_SCALES, HEADS_SHOWN, strict=False):
        if heads_shown < limit:
            return scale
    return SHOT_SCALES[-1]


def face_height_fraction(faces: Sequence[Face], *, picture_height: int) -> float:
    """Height of the largest face as a fraction of the picture's, 0 without a face.

    The longer side of a box counts: a face that lies on its side is as near as one upright.
    """
    sides = [max(face.box[2] - face.box[0], face.box[3] - face.box[1]) for face in faces]
    return max(sides, default=0.0) / picture_height
