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
HEADS_SHOWN = (0.95, 1.67, 2.35, 4.4, 7.2, 15.0)
"""Frame height in head heights up to which each scale reaches, a tenth of the frame being air: part of a face; head
and shoulders (1.5 heads of a figure); chest (2.1); waist and hips (4); knees and shins (6.5); whole figure, at least
half as high as the frame; beyond is extreme-long."""


def shot_scale(faces: Sequence[Face], *, picture_height: int) -> str:
    """Name the shot scale of a picture by its largest face.

    A person's chest is two heads below the crown, the waist three, the knees not quite six, the soles seven and a half:
    the canon of figure drawing. A face box (brow to chin) is FACE_SHARE_OF_HEAD of a head. Drawn figures with large
    heads are taken for nearer than they are.

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


def scale_at(distance: float) -> str:
    """The scale whose place in SHOT_SCALES is nearest, where no face tells it; `distance` is of tags.camera_distances."""
    return SHOT_SCALES[min(max(round(distance), 0), len(SHOT_SCALES) - 1)]


def face_height_fraction(faces: Sequence[Face], *, picture_height: int) -> float:
    """Height of the largest face as a fraction of the picture's, 0 without a face.

    The longer side of a box counts: a face that lies on its side is as near as one upright.
    """
    sides = [max(face.box[2] - face.box[0], face.box[3] - face.box[1]) for face in faces]
    return max(sides, default=0.0) / picture_height
