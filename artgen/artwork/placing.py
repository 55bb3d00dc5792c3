"""Where on a piece of artwork a title stands, and how large: places designers use, weighed on the picture.

Wide pieces carry it in the left or right third or low in the middle, tall ones near the lower or upper edge,
square ones likewise. Of every place, size and way to break the lines, those that cover a head or leave the
safe area are struck out; the rest are weighed by size, by the usual place, and by what they cover.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from artgen.artwork.lettering import Side
from artgen.artwork.treatment import Layout
from artgen.composition.contrast import LEGIBLE, contrast_ratio, luminance
from artgen.composition.crops import HEAD_ABOVE, HEAD_BELOW, HEAD_BESIDE
from artgen.composition.reduced import shrink
from artgen.composition.space import MOST_DETAIL, detail_map
from artgen.records import Box, Edge, Face, PixelBox, area

MAP_SIDE = 160
WIDE, TALL = 1.2, 0.85  # aspects beyond these are laid out as wide or tall pieces
AWAY_COSTS = 0.012  # of worth, for each height in a place that is liked better
SIZES = (1.0, 0.88, 0.77, 0.67, 0.58, 0.5)  # of what fits a place
MOST_CAPITAL = {
    "wide": 0.16,
    "tall": 0.1,
    "square": 0.125,
}  # height of a capital, of the piece's; logos: see Layout
LEAST_CAPITAL = 0.04  # of the root of the piece's area: below it nobody reads a small copy
AIR = 0.35  # of a capital's height, kept around the lettering
HEAD_AIR = 0.06  # of the piece's height, more to heads where a gradient has to end before them
MOST_TEXTURE = 0.22  # of Ground.detail: on more, letters need a gradient that calms it
NECK = 0.35  # of a face, below the chin: a title never cuts it
MOST_FIGURE = 0.12  # of the lettering's box may lie over people, but below the chest of those on a poster
CHEST = 0.4  # of a face, below the chin
MOST_SUBJECT, MOST_PEAK = (
    0.12,
    3.5,
)  # of what the eye goes to, where no face was found; and at any spot, of the mean

Map = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Site:
    """A place for a title: `area` as fractions of the piece, the side it is flush to, how well it is liked (0..1).

    `down` are its heights in the area, 0 at its top to 1 at its bottom; `sides` those a scrim runs out to.
    """

    name: str
    area: Box
    align: Side
    liking: float
    down: tuple[float, ...]
    sides: tuple[Edge, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """A piece of artwork as maps, MAP_SIDE long: what a title would cover.

    `size` is the piece's (width, height); `heads` with hair and neck, and `lettering`, are boxes in its pixels.
    `chest` is the row where the chests of the large heads end. `subject` sums to 1; all 0 where faces tell who
    the subject is.
    """

    size: tuple[int, int]
    heads: tuple[Box, ...]
    chest: float
    lettering: tuple[Box, ...]
    figures: Map
    subject: Map
    detail: Map
    light: Map


@dataclass(frozen=True, slots=True)
class Placing:
    """A title's place, before it is drawn: `box` in pixels of the piece; `detail` and `worth` up to 1."""

    site: Site
    layout: Layout
    box: PixelBox
    detail: float
    worth: float


def ground_of(
    piece: NDArray[np.uint8],
    *,
    faces: Sequence[Face],
    saliency: Map,
    figures: Map,
    lettering: Sequence[Box],
) -> Ground:
    """Measure a piece, (height, width, 3) sRGB; boxes and maps are the piece's own, maps of any size."""
    small = shrink(piece, MAP_SIDE)
    size = (small.shape[1], small.shape[0])

    def fitted(values: Map) -> Map:
        return np.asarray(cv2.resize(values, size, interpolation=cv2.INTER_AREA), np.float32)

    chests = [(f.box[3] - f.box[1], f.box[3] + CHEST * (f.box[3] - f.box[1])) for f in faces]
    tallest = max((high for high, _ in chests), default=0.0)
    above = np.clip(fitted(saliency) - np.percentile(saliency, 50), 0, None) ** 1.5
    subject = above / max(float(above.sum()), 1e-9)
    return Ground(
        size=(piece.shape[1], piece.shape[0]),
        heads=tuple(head_box(face) for face in faces),
        chest=max((chest for high, chest in chests if high >= 0.5 * tallest), default=0.0),
        lettering=tuple(lettering),
        figures=fitted(figures),
        subject=np.asarray(subject * (not faces), np.float32),
        detail=np.clip(fitted(detail_map(piece)) / (2 * MOST_DETAIL), 0, 1),
        light=luminance(small),
    )


def head_box(face: Face) -> Box:
    """A face with hair, ears and neck: what no title and no scrim may touch."""
    x1, y1, x2, y2 = face.box
    wide, high = x2 - x1, y2 - y1
    below = max(HEAD_BELOW, NECK)
    return x1 - HEAD_BESIDE * wide, y1 - HEAD_ABOVE * high, x2 + HEAD_BESIDE * wide, y2 + below * high


def find_placings(
    ground: Ground, layouts: Sequence[Layout], *, safe: Box, most_wide: int | None
) -> list[Placing]:
    """Every placing that can be, best first.

    Args:
        ground: the piece.
        layouts: of the treatment.
        safe: the part that stores and players leave free, as fractions.
        most_wide: pixels a logo has; it is not scaled up.
    """
    found = [
        Placing(site, layout, box, float(_part(ground.detail, box, ground).mean()), worth - AWAY_COSTS * away)
        for site in sites_for(ground.size, safe)
        for layout in layouts
        for box, away in _boxes(site, layout, ground.size, most_wide)
        if (worth := _worth(ground, site, layout, box)) is not None
    ]
    return sorted(found, key=lambda placing: -placing.worth)


def sites_for(size: tuple[int, int], safe: Box) -> tuple[Site, ...]:
    """The places of a piece of this (width, height), inside its safe area."""
    x1, y1, x2, y2 = safe
    middle = (x1 + x2) / 2
    match shape_of(size):
        case "wide":
            reach = min(0.44, 0.33 + 0.09 * 1.78 * size[1] / size[0])  # ultra-wide pieces keep to a third
            heights = (0.5, 0.62, 0.38, 0.75, 0.25, 0.88, 1.0)
            return (
                Site("left", (x1, y1, x1 + reach, y2), "left", 1.0, heights, ("left",)),
                Site("right", (x2 - reach, y1, x2, y2), "right", 0.85, heights, ("right",)),
                Site("lower middle", (middle - 0.33, 0.55, middle + 0.33, y2), "center", 0.7, (1.0, 0.8), ("bottom",)),
                Site("upper middle", (middle - 0.33, y1, middle + 0.33, 0.45), "center", 0.45, (0.0, 0.2), ("top",)),
            )  # fmt: skip
        case "tall":
            return (
                Site("bottom", (x1, 0.62, x2, y2), "center", 1.0, (1.0, 0.85, 0.7, 0.55, 0.4), ("bottom",)),
                Site("top", (x1, y1, x2, 0.36), "center", 0.85, (0.0, 0.15, 0.3, 0.5), ("top",)),
            )
        case _:
            return (
                Site("bottom", (x1, 0.6, x2, y2), "center", 1.0, (1.0, 0.85, 0.7, 0.5), ("bottom",)),
                Site("top", (x1, y1, x2, 0.4), "center", 0.85, (0.0, 0.15, 0.3, 0.5), ("top",)),
                Site("left", (x1, y1, x1 + 0.42, y2), "left", 0.6, (0.5, 0.7, 0.3, 1.0), ("left",)),
                Site("right", (x2 - 0.42, y1, x2, y2), "right", 0.6, (0.5, 0.7, 0.3, 1.0), ("right",)),
            )


def shape_of(size: tuple[int, int]) -> str:
    """Whether a piece of (width, height) is laid out as "wide", "tall" or "square"."""
    ratio = size[0] / size[1]
    return "wide" if ratio >= WIDE else "tall" if ratio <= TALL else "square"


def _boxes(
    site: Site, layout: Layout, size: tuple[int, int], most_wide: int | None
) -> Iterator[tuple[PixelBox, int]]:
    """Boxes of a layout at a site, largest first, each with its place in the order in which heights are liked."""
    wide, high = size
    left, top, right, bottom = (edge * size[n % 2] for n, edge in enumerate(site.area))
    most_high = min(bottom - top, MOST_CAPITAL[shape_of(size)] * high / layout.capital)
    largest = min(right - left, most_high * layout.ratio, most_wide or wide)
    least = LEAST_CAPITAL * (wide * high) ** 0.5 / layout.capital * layout.ratio
    for part in SIZES:
        across = int(largest * part)
        down = max(1, round(across / layout.ratio))
        if across < max(8.0, least):
            return
        match site.align:
            case "left":
                x = left
            case "right":
                x = right - across
            case _:
                x = (left + right - across) / 2
        for away, place in enumerate(site.down):
            y = top + place * (bottom - top - down)
            yield (round(x), round(y), round(x) + across, round(y) + down), away


def _worth(ground: Ground, site: Site, layout: Layout, box: PixelBox) -> float | None:
    """What a placing is worth; None where it may not be."""
    _, y1, _, y2 = box
    capital = layout.capital * (y2 - y1)
    detail = float(_part(ground.detail, box, ground).mean())
    short = _shortfall(_part(ground.light, _grown(box, AIR * capital), ground))
    # A gradient, where it will need one, ends before it comes to a head.
    air = AIR * capital + (HEAD_AIR * ground.size[1] if short or detail > MOST_TEXTURE else 0.0)
    if any(_overlap(_grown(box, air), head) > 0 for head in ground.heads):
        return None
    if any(_overlap(_grown(box, AIR * capital), other) > 0 for other in ground.lettering):
        return None
    figures = float(_part(ground.figures, box, ground).mean())
    subject = float(_part(ground.subject, box, ground).sum())
    peak = float(_part(ground.subject, box, ground).max()) * ground.subject.size
    if subject > MOST_SUBJECT or peak > MOST_PEAK:
        return None
    if figures > MOST_FIGURE and not (site.name == "bottom" and y1 > ground.chest):
        return None
    size = capital / (MOST_CAPITAL[shape_of(ground.size)] * ground.size[1])
    return float(
        0.30 * site.liking
        + 0.34 * min(1.0, size) ** 0.7
        - 0.25 * figures
        - 0.07 * peak
        - 0.18 * detail
        - 0.20 * short
        - 0.08 * (len(layout.lines) > 2)
    )


def _shortfall(light: Map) -> float:
    """How much a place lacks of legibility with the better of white and black letters: 0 nothing, 1 all."""
    best = max(float(np.percentile(contrast_ratio(tone, light), 5)) for tone in (0.0, 1.0))
    return float(np.clip(np.log(LEGIBLE / best) / np.log(LEGIBLE), 0, 1))


def _part(values: Map, box: Sequence[float], ground: Ground) -> Map:
    scale = values.shape[1] / ground.size[0]
    x1, y1 = max(0, int(box[0] * scale)), max(0, int(box[1] * scale))
    x1, y1 = min(x1, values.shape[1] - 1), min(y1, values.shape[0] - 1)
    return values[
        y1 : max(y1 + 1, int(np.ceil(box[3] * scale))), x1 : max(x1 + 1, int(np.ceil(box[2] * scale)))
    ]


def _grown(box: Sequence[float], by: float) -> Box:
    return box[0] - by, box[1] - by, box[2] + by, box[3] + by


def _overlap(a: Sequence[float], b: Sequence[float]) -> float:
    return area((max(a[0], b[0]), max(a[1], b[1]), min(a[2], b[2]), min(a[3], b[3])))
