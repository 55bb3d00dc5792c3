"""Where lettering is laid over or fills a picture: subtitles, titles, credits, names of makers.

Strokes of one brightness are joined along the row into bars. A bar is taken for a line of letters by
a linear rule over eight features: letters turn from stroke to gap often and sharply, stand free above
and below, have one color and one stroke width. Grass, leaves, bricks and fences share some of that,
seldom all. No letter is read: a page held into the lens is lettering too; handwriting, upright
lettering and single letters are missed.

Source: Wu, Manmatha, Riseman, "TextFinder" (1999) for strokes joined into bars and their rules;
Epshtein, Ofek, Wexler, "Detecting text in natural scenes with stroke width transform" (2010) for one
stroke color and width.
"""

from collections.abc import Iterator
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from artgen.composition.reduced import checked, lab, luma_of, resized
from artgen.records import Box

SIDES = (768, 384, 192)  # letters from 1.5 % to about a quarter of the picture's height
STROKE_PX = 9
JOIN_PX = 11
LETTER_PX = (6, 30)
LEAST_CONTRAST = 26  # levels of luma
LEAST_TURNS = 3.0

RULE = {
    "turns": 2.4,
    "ink above": -5.16,
    "ink below": -5.43,
    "steepness": 3.66,
    "rectangular": 6.07,
    "contrast": 2.12,
    "color spread": -1.07,
    "stroke spread": -0.95,
}
"""Log-odds a unit of each feature, fitted by logistic regression on bars of 900 photographs, six in ten
of which had lettering of 94 fonts drawn on them and were compressed; held-out average precision 0.99."""
RULE_BASE = -9.99
LEAST_LOG_ODDS = 1.5
LEAST_BESIDE_OTHERS = -3.0  # enough for a bar that continues a line

Mask = NDArray[np.uint8]
Bar = tuple[int, int, int, int, float]


def find_text(picture: NDArray[np.uint8]) -> tuple[Box, ...]:
    """Boxes of the lines of lettering in a picture, top to bottom, in its pixels.

    Args:
        picture: sRGB, (height, width, 3) uint8.

    Raises:
        ValueError: the picture is empty or not (height, width, 3) uint8.
    """
    checked(picture)
    boxes: list[Box] = []
    reduced = picture
    for side in SIDES:
        reduced = resized(reduced, side)
        scale = picture.shape[1] / reduced.shape[1]
        found: list[tuple[Box, float]] = []
        for (x1, y1, x2, y2, _), features in bar_features(reduced):
            log_odds = RULE_BASE + sum(RULE[name] * value for name, value in features.items())
            found.append(((x1 * scale, y1 * scale, x2 * scale, y2 * scale), log_odds))
        boxes += [box for box in _lines(found) if not _holds_several(box, boxes)]
    return tuple(sorted((_padded(box, picture.shape) for box in _joined(boxes)), key=lambda b: (b[1], b[0])))


def bar_features(picture: NDArray[np.uint8]) -> Iterator[tuple[Bar, dict[str, float]]]:
    """Every bar of strokes in a reduced picture that could be lettering, with the features of RULE."""
    luma = luma_of(picture).astype(np.uint8)
    for polarity in (luma, 255 - luma):
        strokes = _strokes(polarity)
        for bar in _bars(strokes):
            features = _features(strokes, picture, bar)
            if features is not None:
                yield bar, features


def _strokes(luma: Mask) -> Mask:
    """1 where something thinner than STROKE_PX is clearly brighter than what surrounds it."""
    kernel = cv2.getStructuringElement(cv2.MORPH_RECT, (STROKE_PX, STROKE_PX))
    hat = cv2.morphologyEx(luma, cv2.MORPH_TOPHAT, kernel)
    return np.asarray(hat > LEAST_CONTRAST, dtype=np.uint8)


def _bars(strokes: Mask) -> list[Bar]:
    """Bars of strokes joined along the row, of the height of letters: x1, y1, x2, y2, filled part of the box."""
    joined = cv2.morphologyEx(strokes, cv2.MORPH_CLOSE, np.ones((1, JOIN_PX), np.uint8))
    joined = cv2.morphologyEx(joined, cv2.MORPH_OPEN, np.ones((3, 5), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(joined[:, ::2].copy(), connectivity=4)
    stats = stats * np.array(
        [2, 1, 2, 1, 2]
    )  # bars are 5 pixels wide at least: every other column tells them
    width, height, filled = stats[1:, 2], stats[1:, 3], stats[1:, 4]
    kept = (height >= LETTER_PX[0]) & (height <= LETTER_PX[1]) & (width >= 1.6 * height)
    kept &= filled > 0.5 * width * height
    left, top = stats[1:, 0], stats[1:, 1]  # lettering keeps off the border, grass and fences run into it
    kept &= (left > 0) & (top > 0) & (left + width < strokes.shape[1]) & (top + height < strokes.shape[0])
    return [
        (int(x), int(y), int(x + w), int(y + h), float(a / (w * h))) for x, y, w, h, a in stats[1:][kept, :5]
    ]


def _features(strokes: Mask, picture: NDArray[np.uint8], bar: Bar) -> dict[str, float] | None:
    """What RULE weighs of a bar; None where it turns from stroke to gap too seldom to be letters."""
    x1, y1, x2, y2, filled = bar
    ink = strokes[y1:y2, x1:x2]
    turns = _quantile(np.abs(np.diff(ink.astype(np.int8), axis=1)).sum(axis=1) / 2, 0.6)
    if turns < LEAST_TURNS:
        return None
    density = float(ink.mean())
    margin = max(2, round((y2 - y1) * 0.35))
    above, below = strokes[max(0, y1 - margin) : y1, x1:x2], strokes[y2 : y2 + margin, x1:x2]
    colors = lab(picture[y1:y2, x1:x2])
    depth = cv2.distanceTransform(np.pad(ink, 1), cv2.DIST_L2, 3)[1:-1, 1:-1]
    core = colors[(ink > 0) & (depth >= _quantile(depth[ink > 0], 0.5))]
    gaps = colors[cv2.dilate(ink, np.ones((3, 3), np.uint8)) == 0]
    gaps = gaps if len(gaps) >= 5 else colors[ink == 0]
    contrast = float(np.linalg.norm(core.mean(axis=0) - gaps.mean(axis=0))) if len(gaps) else 0.0
    step = _quantile(np.abs(np.diff(colors[..., 0], axis=1)), 0.9) / (contrast + 1)
    ridge = depth[(ink > 0) & (depth >= cv2.dilate(depth, np.ones((3, 3), np.uint8)))]
    return {
        "turns": float(np.log(turns + 0.5)),
        "ink above": min(1.0, float(above.mean()) / density) if above.size else 0.0,
        "ink below": min(1.0, float(below.mean()) / density) if below.size else 0.0,
        "steepness": float(np.log(min(step, 2.0) + 0.1)),
        "rectangular": filled,
        "contrast": float(np.log(contrast + 1)),
        "color spread": float(np.log(np.linalg.norm(core.std(axis=0)) + 1)),
        "stroke spread": float(ridge.std() / ridge.mean()),
    }


def _quantile(values: NDArray[Any], part: float) -> float:
    """np.quantile of a few values, without its tens of microseconds of preparation."""
    ordered = np.sort(values, axis=None)
    place = part * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return float(ordered[low] + (place - low) * (ordered[high] - ordered[low]))


def _padded(box: Box, shape: tuple[int, ...]) -> Box:
    pad = 0.1 * (box[3] - box[1])
    x1, y1, x2, y2 = box[0] - pad, box[1] - pad, box[2] + pad, box[3] + pad
    return (
        round(max(0.0, x1), 1),
        round(max(0.0, y1), 1),
        round(min(float(shape[1]), x2), 1),
        round(min(float(shape[0]), y2), 1),
    )


def _lines(bars: list[tuple[Box, float]]) -> list[Box]:
    """The bars that are lettering, those that continue the same line joined to one."""
    lines = [box for box, log_odds in bars if log_odds > LEAST_LOG_ODDS]
    rest = [box for box, log_odds in bars if LEAST_BESIDE_OTHERS < log_odds <= LEAST_LOG_ODDS]
    grown = True
    while grown:
        grown = False
        for i, line in enumerate(lines):
            beside = [box for box in lines[i + 1 :] + rest if _continues(line, box)]
            for box in beside:
                (lines if box in lines[i + 1 :] else rest).remove(box)
                lines[i] = _around(lines[i], box)
            if beside:
                grown = True
                break
    return lines


def _continues(line: Box, other: Box) -> bool:
    """Whether two bars are of one height, on one row, and no more than a word's gap apart."""
    tall, short = sorted((line[3] - line[1], other[3] - other[1]), reverse=True)
    shared = min(line[3], other[3]) - max(line[1], other[1])
    gap = max(line[0], other[0]) - min(line[2], other[2])
    return short > 0.5 * tall and shared > 0.6 * short and gap < 1.5 * tall


def _around(box: Box, other: Box) -> Box:
    return (min(box[0], other[0]), min(box[1], other[1]), max(box[2], other[2]), max(box[3], other[3]))


def _holds_several(box: Box, lines: list[Box]) -> bool:
    """Whether a bar of a coarser copy lies over much lower lines: it has run together what they tell apart."""
    over = [line for line in lines if _overlap(box, line)]
    return any(line[3] - line[1] < 0.6 * (box[3] - box[1]) for line in over)


def _overlap(box: Box, other: Box) -> bool:
    across = min(box[2], other[2]) - max(box[0], other[0])
    return across > 0 and min(box[3], other[3]) > max(box[1], other[1])


def _joined(boxes: list[Box]) -> list[Box]:
    """The boxes with overlapping ones replaced by the box around both, until none overlap."""
    rest, joined = list(boxes), list[Box]()
    while rest:
        box = rest.pop()
        for other in rest + joined:
            if min(box[2], other[2]) > max(box[0], other[0]) and min(box[3], other[3]) > max(
                box[1], other[1]
            ):
                (rest if other in rest else joined).remove(other)
                rest.append(_around(box, other))
                break
        else:
            joined.append(box)
    return joined
