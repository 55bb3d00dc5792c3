"""A title put on a piece of artwork, legible: in white or black, over a soft gradient where it needs one."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from artgen.artwork.lettering import Side
from artgen.artwork.placing import MOST_TEXTURE, Ground, Placing, find_placings
from artgen.artwork.scrim import DARK, LIGHT, own_color, rgb, scrim_cover, veiled
from artgen.artwork.treatment import WHITE, Layout, Mark, Treatment
from artgen.composition.contrast import LEGIBLE, contrast_ratio, luminance
from artgen.records import Box, PixelBox, Scrim

TARGET = 4.75  # to 1: JPEG takes some from LEGIBLE at the edges of letters
WORST = 5  # percentile of each part of the lettering: the worst twentieth may be noise
OPACITIES = tuple(step / 20 for step in range(17))
MOST_LIGHT = 0.25  # opacity of a light gradient under black letters: more looks like fog
SCRIM_COSTS, VEIL_COSTS = (
    0.25,
    0.6,
)  # of a placing's worth, at full opacity; where all of the subject lies under it
TRIED = 4  # placings of each site that are drawn to see whether they are legible
OPAQUE, SEEN = 200, 8  # of 255: alpha that is lettering, and that is any of it

Picture = NDArray[np.uint8]
Map = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Titling:
    """How a piece gets its title: all that draws it again to the bit.

    `wide` is what was asked of Treatment.draw, `box` what came of it, `contrast` what was measured.
    """

    place: str
    layout: Layout
    align: Side
    wide: int
    box: PixelBox
    color: str | None
    contrast: float
    scrim: Scrim | None


def plan_title(piece: Picture, ground: Ground, treatment: Treatment, *, safe: Box) -> Titling | str:
    """Find place, size and color of a title, and the gradient it needs; or say why there is none.

    Args:
        piece: (height, width, 3) sRGB.
        ground: the same piece measured.
        treatment: the title.
        safe: the part that stores and players leave free, as fractions.
    """
    placings = find_placings(ground, treatment.layouts(), safe=safe, most_wide=treatment.most_wide())
    if not placings:
        return "no place is large enough that is off heads, the main figure and the edges"
    best: tuple[float, Titling] | None = None
    drawn: Counter[str] = Counter()
    for placing in placings:
        if best is not None and placing.worth <= best[0]:
            break  # none after it is better, even without a gradient
        drawn[placing.site.name] += 1
        if drawn[placing.site.name] > TRIED:
            continue
        mark = treatment.draw(placing.layout, placing.box[2] - placing.box[0], placing.site.align)
        for color in treatment.versions():
            found = _legible(piece, ground, placing, mark, color)
            if found is not None:
                worth = placing.worth - _scrim_costs(ground, found)
                if best is None or worth > best[0]:
                    best = worth, found
    if best is None:
        return f"no place gives it a contrast of {LEGIBLE}:1, even over a gradient"
    return best[1]


def draw_title(piece: Picture, heads: Sequence[Box], treatment: Treatment, titling: Titling) -> Picture:
    """The piece with its title; heads keep every pixel.

    Args:
        piece: (height, width, 3) sRGB.
        heads: boxes of head_box, in its pixels.
        treatment: that plan_title was given.
        titling: what it found.
    """
    mark = treatment.draw(titling.layout, titling.wide, titling.align)
    drawn = piece
    if titling.scrim is not None:
        size = (piece.shape[1], piece.shape[0])
        capital = titling.layout.capital * (titling.box[3] - titling.box[1])
        cover = scrim_cover(
            titling.box, titling.scrim.sides, heads, capital=capital, size=size, part=(0, 0, *size)
        )
        drawn = veiled(piece, cover * titling.scrim.opacity, rgb(titling.scrim.color))
    x1, y1, _, _ = titling.box
    return _inked(drawn, mark, titling.color, (x1, y1))


def measured_contrast(ground: Picture, mark: Mark, color: str | None, *, at: tuple[int, int]) -> float:
    """The least contrast of any part of a title with what lies under and beside it.

    The lettering is divided into cells as wide as half its height, at least; in each the contrast that all but
    the worst twentieth of the ground reaches is taken, and the least of these counts. The ground is what
    lies under the letters and around them as far as an eighth of the cells; around alone for a logo in its
    own colors, each place against the color of the logo nearest to it.

    Args:
        ground: the piece without the lettering, with its gradient, (height, width, 3).
        mark: the lettering.
        color: its color; None: its own.
        at: its upper left corner in the piece.
    """
    rim = max(2, round(min(mark.alpha.shape) / 16))
    alpha = np.pad(mark.alpha, rim)
    x, y = at[0] - rim, at[1] - rim
    around = _window(ground, (x, y, x + alpha.shape[1], y + alpha.shape[0]))
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * rim + 1, 2 * rim + 1))
    if color is not None:
        where = cv2.dilate((alpha >= SEEN).astype(np.uint8), kernel) > 0
        values = contrast_ratio(float(luminance(rgb(color)[None, None])[0, 0]), luminance(around))
    else:
        solid = (alpha >= OPAQUE).astype(np.uint8)
        if not solid.any():
            return 1.0
        where = (cv2.dilate(solid, kernel) > 0) & (cv2.dilate(solid, np.ones((3, 3), np.uint8)) == 0)
        values = _beside_own(around, mark, alpha, solid, rim)
    return _least_of_cells(values, where, cell=max(4, min(mark.alpha.shape) // 2))


def _legible(
    piece: Picture, ground: Ground, placing: Placing, mark: Mark, color: str | None
) -> Titling | None:
    """A placing in one color with as much of a gradient as it needs; None where none is enough."""
    high, wide = mark.alpha.shape
    box = _seated(placing, wide, high)
    capital = placing.layout.capital * high
    margin = round(capital) + 4
    part = _clipped((box[0] - margin, box[1] - margin, box[2] + margin, box[3] + margin), ground.size)
    under = _window(piece, part)
    at = (box[0] - part[0], box[1] - part[1])
    tone = _lightness_wanted(mark, color)
    veil = own_color(under, *tone)
    cover = scrim_cover(box, placing.site.sides, ground.heads, capital=capital, size=ground.size, part=part)

    def reached(opacity: float) -> float:
        seen = veiled(under, cover * opacity, rgb(veil)) if opacity else under
        return measured_contrast(seen, mark, color, at=at)

    least = 1 - MOST_TEXTURE / max(placing.detail, MOST_TEXTURE)
    steps = [step for step in OPACITIES if step >= least and (tone is DARK or step <= MOST_LIGHT)]
    place = bisect_left(steps, TARGET, key=reached)
    if place == len(steps):
        return None
    opacity, contrast = steps[place], round(reached(steps[place]), 2)
    scrim = Scrim(veil, opacity, placing.site.sides) if opacity else None
    layout, align, wide = placing.layout, placing.site.align, placing.box[2] - placing.box[0]
    return Titling(placing.site.name, layout, align, wide, box, color, contrast, scrim)


def _scrim_costs(ground: Ground, titling: Titling) -> float:
    """What a gradient takes from a placing's worth: more where it darkens the subject."""
    if titling.scrim is None:
        return 0.0
    high, wide = ground.subject.shape
    scale = wide / ground.size[0]
    x1, y1, x2, y2 = (round(edge * scale) for edge in titling.box)
    capital = titling.layout.capital * (y2 - y1)
    size, whole = (wide, high), (0, 0, wide, high)
    cover = scrim_cover((x1, y1, x2, y2), titling.scrim.sides, (), capital=capital, size=size, part=whole)
    return titling.scrim.opacity * (SCRIM_COSTS + VEIL_COSTS * float((cover * ground.subject).sum()))


def _seated(placing: Placing, wide: int, high: int) -> PixelBox:
    """The box of what was drawn, which whole pixels may make a little other, flush as its place wants it."""
    x1, y1, x2, y2 = placing.box
    match placing.site.align:
        case "left":
            x = x1
        case "right":
            x = x2 - wide
        case _:
            x = (x1 + x2 - wide) // 2
    y = (y1 + y2 - high) // 2
    return x, y, x + wide, y + high


def _lightness_wanted(mark: Mark, color: str | None) -> tuple[float, float]:
    if color is not None:
        return DARK if color == WHITE else LIGHT
    assert mark.colors is not None
    solid = mark.colors[mark.alpha >= OPAQUE]
    tone = float(luminance(solid[None]).mean()) if solid.size else 1.0
    return DARK if tone > 0.18 else LIGHT


def _inked(picture: Picture, mark: Mark, color: str | None, at: tuple[int, int]) -> Picture:
    high, wide = mark.alpha.shape
    x, y = at
    drawn = picture.copy()
    part = drawn[y : y + high, x : x + wide]
    ink = mark.colors if color is None else rgb(color)[None, None]
    assert ink is not None
    cover = mark.alpha[:, :, None].astype(np.float32) / 255
    part[:] = np.rint(part + (ink.astype(np.float32) - part) * cover).astype(np.uint8)
    return drawn


def _beside_own(around: Picture, mark: Mark, alpha: Picture, solid: Picture, rim: int) -> Map:
    """Contrast of each place with the nearest solid color of a logo, whose faint parts lie on the ground."""
    assert mark.colors is not None
    own = luminance(np.pad(mark.colors, ((rim, rim), (rim, rim), (0, 0))))
    _, nearest = cv2.distanceTransformWithLabels(1 - solid, cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL)
    tones = np.zeros(int(nearest.max()) + 1, np.float32)
    tones[nearest[solid > 0]] = own[solid > 0]
    drawn = _inked(around, Mark(alpha, np.pad(mark.colors, ((rim, rim), (rim, rim), (0, 0)))), None, (0, 0))
    light, tone = luminance(drawn), tones[nearest]
    return np.asarray((np.maximum(light, tone) + 0.05) / (np.minimum(light, tone) + 0.05), np.float32)


def _least_of_cells(values: Map, where: NDArray[np.bool_], *, cell: int) -> float:
    rows, columns = values.shape
    least = np.inf
    for top in range(0, rows, cell):
        for left in range(0, columns, cell):
            held = where[top : top + cell, left : left + cell]
            if held.sum() >= 12:
                there = values[top : top + cell, left : left + cell][held]
                least = min(least, float(np.percentile(there, WORST)))
    return least if np.isfinite(least) else float(np.percentile(values, WORST))


def _window(picture: Picture, box: PixelBox) -> Picture:
    """What a box covers; beyond the picture its border is repeated."""
    high, wide = picture.shape[:2]
    rows = np.clip(np.arange(box[1], box[3]), 0, high - 1)
    columns = np.clip(np.arange(box[0], box[2]), 0, wide - 1)
    return picture[rows[:, None], columns[None, :]]


def _clipped(box: PixelBox, size: tuple[int, int]) -> PixelBox:
    return max(0, box[0]), max(0, box[1]), min(size[0], box[2]), min(size[1], box[3])
