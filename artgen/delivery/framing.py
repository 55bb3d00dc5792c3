"""Which crop of which size gives an asset its pixels: nothing is scaled up, no head is cut."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from artgen.records import Box, Face, PixelBox
from artgen.specs import Asset

ABOVE, BELOW, BESIDE = 0.42, 0.12, 0.22  # hair, chin, ears: fractions of the face's box
LITTLE_SCALING = 0.98  # less scaling than this costs more sharpness than the pixels at the edges are worth
PLACES = 9  # along either side, where a crop that has to grow is tried

Extent = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Cut:
    """Take `crop` (upright picture) and make it `size` pixels, no more than it has."""

    crop: PixelBox
    size: Extent


def cut_for(asset: Asset, crop: PixelBox, *, active: PixelBox, faces: Sequence[Face]) -> Cut | str:
    """How to make an asset of a crop, or why not.

    The largest preferred size that the crop can give, else its own size cut to the exact aspect. A crop below the
    least size grows around what it shows, inside the active picture, where that cuts no head.

    Args:
        asset: with a ratio.
        crop: the variant's, in the upright picture.
        active: the active picture.
        faces: of the still, in the upright picture.
    """
    shape = asset.shape()
    if shape is None:
        raise ValueError(f"asset {asset.id} has no aspect to cut to")
    if asset.least is not None and not _holds(_extent(crop), asset.least):
        grown = _grown(crop, asset.least, active, faces)
        if grown is None:
            return f"a head would be cut at {asset.least[0]} x {asset.least[1]}"
        crop = grown
    size = _size(asset, shape, _extent(crop))
    if size[0] > LITTLE_SCALING * (crop[2] - crop[0]):
        return Cut(_middle(crop, size), size)
    return Cut(_trimmed(crop, Fraction(*size)), size)


def can_give(asset: Asset, active: PixelBox) -> bool:
    """Whether a picture has an asset's least size in it."""
    return asset.least is None or _holds(_extent(active), asset.least)


def _size(asset: Asset, shape: Fraction, have: Extent) -> Extent:
    for size in sorted(asset.preferred, key=lambda extent: -extent[0] * extent[1]):
        if _holds(have, size):
            return size
    limit = have if asset.most is None else (min(have[0], asset.most[0]), min(have[1], asset.most[1]))
    steps = min(limit[0] // shape.numerator, limit[1] // shape.denominator)
    size = (steps * shape.numerator, steps * shape.denominator)
    if steps and (asset.least is None or _holds(size, asset.least)):
        return size
    return asset.least or have


def _grown(crop: PixelBox, least: Extent, active: PixelBox, faces: Sequence[Face]) -> PixelBox | None:
    """A window of the least size around a crop, the nearest to its middle that cuts no head; None where all do."""
    wide, high = max(least[0], crop[2] - crop[0]), max(least[1], crop[3] - crop[1])
    wide, high = _same_shape(wide, high, least)
    if not _holds(_extent(active), (wide, high)):
        return None
    heads = [_head(face) for face in faces]
    across = _starts(crop[0], crop[2], wide, active[0], active[2])
    down = _starts(crop[1], crop[3], high, active[1], active[3])
    middle = ((crop[0] + crop[2] - wide) / 2, (crop[1] + crop[3] - high) / 2)
    places = sorted(
        ((x, y) for x in across for y in down),
        key=lambda place: (abs(place[0] - middle[0]) + abs(place[1] - middle[1]), place),
    )
    windows = ((x, y, x + wide, y + high) for x, y in places)
    return next((w for w in windows if not any(_cuts(w, head, active) for head in heads)), None)


def _same_shape(wide: int, high: int, least: Extent) -> Extent:
    """The smallest extent of the least size's shape that is no smaller than `wide` x `high`."""
    shape = Fraction(*least)
    return max(wide, round(high * shape)), max(high, round(wide / shape))


def _starts(begin: int, end: int, length: int, low: int, high: int) -> list[int]:
    """Where a window of `length`, no shorter than [begin, end), may begin to hold it inside [low, high)."""
    first, last = max(low, end - length), min(begin, high - length)
    return sorted({first + round((last - first) * n / (PLACES - 1)) for n in range(PLACES)})


def _head(face: Face) -> Box:
    x1, y1, x2, y2 = face.box
    wide, high = x2 - x1, y2 - y1
    return x1 - BESIDE * wide, y1 - ABOVE * high, x2 + BESIDE * wide, y2 + BELOW * high


def _cuts(window: PixelBox, head: Box, active: PixelBox) -> bool:
    """Whether an edge of the window runs through a head; the picture's own edges do not count."""
    x1, y1 = max(head[0], active[0]), max(head[1], active[1])
    x2, y2 = min(head[2], active[2]), min(head[3], active[3])
    apart = x2 <= window[0] or x1 >= window[2] or y2 <= window[1] or y1 >= window[3]
    whole = x1 >= window[0] and x2 <= window[2] and y1 >= window[1] and y2 <= window[3]
    return not (apart or whole)


def _trimmed(crop: PixelBox, shape: Fraction) -> PixelBox:
    """The largest part of a crop that has a shape to within a pixel, from its middle."""
    wide, high = _extent(crop)
    if abs(wide - high * shape) < 1 or abs(high - wide / shape) < 1:
        return crop
    return _middle(crop, (min(wide, round(high * shape)), min(high, round(wide / shape))))


def _middle(crop: PixelBox, size: Extent) -> PixelBox:
    """The part of a crop of a size, around its middle."""
    wide, high = _extent(crop)
    x, y = crop[0] + (wide - size[0]) // 2, crop[1] + (high - size[1]) // 2
    return x, y, x + size[0], y + size[1]


def _holds(have: Extent, size: Extent) -> bool:
    return have[0] >= size[0] and have[1] >= size[1]


def _extent(box: PixelBox) -> Extent:
    return box[2] - box[0], box[3] - box[1]
