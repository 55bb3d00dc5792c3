"""Where to cut a still for an aspect: faces whole, subject well placed, text left out.

Windows of the aspect on a grid of sizes and places are scored (see framing.py), those that cut a face
are struck out, and the best one is refined to the pixel. It is arithmetic on boxes and a small
saliency map: the same still always gives the same crop, and a little change a near one.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from artgen.composition.framing import (
    Head,
    Values,
    View,
    Windows,
    inside,
    outside,
    weighted_terms,
)
from artgen.errors import UsageError
from artgen.records import Box, Crop, Face, area, covered_fraction, rounded

MOST_EXTREME_ASPECT = 5
LEAST_SCALE_WITH_FACES = 0.6  # of the largest crop's side: below this a 1080p still makes no poster
LEAST_SCALE = 0.8  # saliency alone is not sure enough to cut closer
LEAST_SHORT_SIDE_PX = 360  # no crop is made smaller than this to look better
HEAD_ABOVE, HEAD_BELOW, HEAD_BESIDE = 0.42, 0.12, 0.22  # hair, chin, ears: fractions of the face box
HEAD_BEHIND = (0.5, 0.0)  # more on the side that a face in profile turns away; none where that does not fit
SAFETY = 0.08  # detectors' boxes differ by about this fraction
LEAST_SUBJECT = 0.62  # of the saliency a faceless crop must hold; below it the subject is visibly cut
LEAST_SCORE = 0.4
MOST_LETTERING = 0.01  # of a crop: artwork is to be textless
CLEAN_SHARE = 0.8  # of the best crop's score: so good is a crop without any lettering that it comes first


@dataclass(frozen=True, slots=True)
class Refusal:
    """No good crop of this aspect exists in a still, and why."""

    aspect: str
    reason: str


def parse_aspect(aspect: Fraction | str) -> Fraction:
    """The ratio of width to height that "16:9" names.

    Raises:
        UsageError: it is not two positive whole numbers with a colon, or wider or taller than 5:1.
    """
    if isinstance(aspect, Fraction):
        ratio = aspect
    else:
        parts = aspect.split(":")
        if len(parts) != 2 or not all(_is_side(part) for part in parts):
            raise UsageError(f"The aspect {aspect!r} is not of the form width:height; write 16:9 or 2:3.")
        ratio = Fraction(int(parts[0]), int(parts[1]))
    if not Fraction(1, MOST_EXTREME_ASPECT) <= ratio <= MOST_EXTREME_ASPECT:
        raise UsageError(f"The aspect {aspect} is too extreme; use one between 1:5 and 5:1.")
    return ratio


def crop_for(
    aspect: Fraction | str,
    picture: NDArray[np.uint8],
    *,
    faces: Sequence[Face],
    saliency: NDArray[np.float32],
    figures: NDArray[np.float32],
    text_boxes: Sequence[Box],
    avoid: Sequence[Box] = (),
    keep: Collection[str] = (),
) -> Crop | Refusal:
    """Find the best crop of an aspect in a still.

    Args:
        aspect: such as "2:3".
        picture: (height, width, 3), already cut to the active picture.
        faces: those in this still, boxes in its pixels.
        saliency: (rows, columns) in 0..1 over the whole picture, any size; see saliency_map.
        figures: likewise, 1 on people; see figure_map. It counts where there are faces.
        text_boxes: burned-in text and marks; a crop that keeps much of them is refused.
        avoid: where there may be more; kept out where a good crop does that.
        keep: ids of the persons who must be in the crop.

    Returns:
        A crop whose sides are the aspect's to within a pixel, with `terms` that add up to its score
        (0..1); or a Refusal: faces that cannot be kept whole or left out whole, a subject that does
        not fit, lettering that stays in, or nothing that scores well enough.

    Raises:
        UsageError: the aspect is none.
        ValueError: picture, saliency or figures are not of those shapes.
    """
    if picture.ndim != 3 or any(part.ndim != 2 for part in (saliency, figures)):
        raise ValueError(f"a picture (h, w, 3) and maps (h, w), got {picture.shape} and {saliency.shape}")
    if not (picture.size and saliency.size and figures.size):
        raise ValueError("the picture or a map of it is empty")
    ratio, name = parse_aspect(aspect), str(aspect).replace("/", ":")
    must = frozenset(face.id for face in faces if face.person in keep)
    size = picture.shape[1], picture.shape[0]
    for behind in HEAD_BEHIND:
        heads = _heads(faces, must, size, behind=behind)
        view = _view(size, ratio, heads, (saliency, figures), (*text_boxes, *avoid))
        windows = _windows(view)
        allowed = _allowed(view, windows, must)
        if allowed.any():
            break
    else:
        return Refusal(name, _why_cut(view, name))
    best = _best(view, windows[allowed], must)
    if covered_fraction(best.tolist(), text_boxes) > MOST_LETTERING:
        return Refusal(name, f"no good crop of {name} leaves the lettering out")
    terms = rounded({term: value[0] for term, value in weighted_terms(view, best[None]).items()})
    score = sum(terms.values())
    if not heads and terms["subject"] < view.weights()["subject"] * LEAST_SUBJECT:
        return Refusal(name, f"what the eye goes to is spread wider than {name} can hold")
    if score < LEAST_SCORE:
        weakest = min(terms, key=lambda term: terms[term] / view.weights()[term]).replace("_", " ")
        return Refusal(name, f"the best crop scores {score:.2f}, below {LEAST_SCORE}; worst: {weakest}")
    x1, y1, x2, y2 = (int(side) for side in best)
    return Crop(aspect=name, box=(x1, y1, x2, y2), score=round(score, 6), terms=terms)


def _is_side(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 5 and int(text) > 0


def _heads(
    faces: Sequence[Face], must: frozenset[str], size: tuple[int, int], *, behind: float
) -> tuple[Head, ...]:
    """The faces as heads; those in `must` weigh as much as the heaviest, so that they count as main people."""
    heads = [_head(face, size, behind) for face in faces]
    heaviest = max((head.weight for head in heads), default=0.0)
    return tuple(replace(head, weight=heaviest) if head.id in must else head for head in heads)


def _head(face: Face, size: tuple[int, int], behind: float) -> Head:
    x1, y1, x2, y2 = face.box
    wide, high = x2 - x1, y2 - y1
    eyes = [point[1] for point in face.landmarks[:2]]
    core = (x1 - SAFETY * wide, y1 - SAFETY * high, x2 + SAFETY * wide, y2 + SAFETY * high)
    turned = behind * float(np.clip((face.yaw_deg or 0.0) / 60.0, -1.0, 1.0))
    head = (
        x1 - (HEAD_BESIDE + max(0.0, turned)) * wide,
        y1 - HEAD_ABOVE * high,
        x2 + (HEAD_BESIDE + max(0.0, -turned)) * wide,
        y2 + HEAD_BELOW * high,
    )
    return Head(
        id=face.id,
        face=_clamped(core, *size),
        head=_clamped(head, *size),
        eyes_y=sum(eyes) / 2 if len(eyes) == 2 else y1 + 0.4 * high,
        height=high,
        yaw_deg=face.yaw_deg or 0.0,
        weight=area(face.box) ** 0.75 * (0.5 + 0.5 * face.quality) + 1e-9,
    )


def _clamped(box: Box, width: int, height: int) -> Box:
    return (max(0.0, box[0]), max(0.0, box[1]), min(float(width), box[2]), min(float(height), box[3]))


def _view(
    size: tuple[int, int],
    ratio: Fraction,
    heads: tuple[Head, ...],
    maps: tuple[NDArray[np.float32], NDArray[np.float32]],
    text_boxes: Sequence[Box],
) -> View:
    saliency, figures = maps
    # The floor of a saliency map is haze over everything; only what stands out of it is a subject.
    above = np.clip(saliency.astype(np.float64) - np.percentile(saliency, 50), 0.0, None) ** 1.5
    above = above / above.sum() if above.sum() > 1e-9 else np.full(above.shape, 1.0 / above.size)
    rows, columns = saliency.shape
    x = float(above.sum(axis=0) @ (np.arange(columns) + 0.5)) * size[0] / columns
    y = float(above.sum(axis=1) @ (np.arange(rows) + 0.5)) * size[1] / rows
    peak = max(float(np.percentile(above, 95)) * above.size, 1e-9)
    shares = figures.astype(np.float64) / figures.size
    return View(*size, float(ratio), heads, _summed(above), peak, (x, y), tuple(text_boxes), _summed(shares))


def _summed(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Sums of a map from its upper left corner, (rows + 1, columns + 1)."""
    return np.pad(values.cumsum(axis=0).cumsum(axis=1), ((1, 0), (1, 0)))


def _least_scale(view: View) -> float:
    least = LEAST_SCALE_WITH_FACES if view.heads else LEAST_SCALE
    return min(1.0, max(least, LEAST_SHORT_SIDE_PX / min(view.largest())))


def _windows(view: View) -> Windows:
    found = []
    for scale in np.geomspace(1.0, _least_scale(view), 9):
        wide, high = (side * scale for side in view.largest())
        for x in np.linspace(0.0, view.width - wide, 25):
            found += [(x, y, wide, high) for y in np.linspace(0.0, view.height - high, 17)]
    return _on_pixels(view, np.asarray(found))


def _on_pixels(view: View, placed: NDArray[np.float64]) -> Windows:
    """Windows given as (x, y, width, height), moved to whole pixels inside the picture."""
    wide = np.clip(np.round(placed[:, 2]), 1, max(1, round(view.largest()[0])))
    high = np.clip(np.round(wide / view.ratio), 1, view.height)
    x = np.clip(np.round(placed[:, 0] + (placed[:, 2] - wide) / 2), 0, view.width - wide)
    y = np.clip(np.round(placed[:, 1] + (placed[:, 3] - high) / 2), 0, view.height - high)
    return np.unique(np.stack([x, y, x + wide, y + high], axis=1), axis=0)


def _allowed(view: View, windows: Windows, must: frozenset[str], *, clean: bool = False) -> NDArray[np.bool_]:
    """Windows that cut no face, hold somebody who matters, and everybody in `must`; `clean`: and no lettering."""
    allowed = np.ones(len(windows), dtype=bool)
    holds_main = np.full(len(windows), not view.heads)
    main = view.main()
    for head in view.heads:
        is_main = head in main
        held = inside(windows, head.head if is_main else head.face)
        allowed &= held if head.id in must else held | outside(windows, head.face)
        if is_main:
            holds_main |= held
    for box in view.text_boxes if clean else ():
        allowed &= outside(windows, box)
    return np.asarray(allowed & holds_main, dtype=bool)


def _best(view: View, windows: Windows, must: frozenset[str]) -> Values:
    """The best window; one without lettering if there is any that is nearly as good."""
    best = _refined(view, windows, must, clean=False)
    clean = windows[_allowed(view, windows, must, clean=True)]
    if not view.text_boxes or not len(clean):
        return best
    without = _refined(view, clean, must, clean=True)
    scores = _score(view, np.stack([best, without]))
    return without if scores[1] >= CLEAN_SHARE * scores[0] else best


def _refined(view: View, windows: Windows, must: frozenset[str], *, clean: bool) -> Values:
    """The best window, moved and resized in ever smaller steps while that helps."""
    best = windows[int(np.argmax(_score(view, windows)))]
    narrowest = np.floor(view.largest()[0] * _least_scale(view))
    step = 1 / 24
    while step * max(best[2] - best[0], best[3] - best[1]) >= 0.5:
        around = _on_pixels(view, _neighbors(best, step))
        around = around[around[:, 2] - around[:, 0] >= narrowest]
        around = np.concatenate([best[None], around[_allowed(view, around, must, clean=clean)]])
        scores = _score(view, around)
        winner = int(np.argmax(scores))
        if scores[winner] <= scores[0] + 1e-9:
            step /= 2
        else:
            best = around[winner]
    return np.asarray(best)


def _neighbors(window: Values, step: float) -> NDArray[np.float64]:
    x, y, wide, high = window[0], window[1], window[2] - window[0], window[3] - window[1]
    moves = [(ds, dx, dy) for ds in (-step, 0, step) for dx in (-step, 0, step) for dy in (-step, 0, step)]
    return np.array(
        [
            (x + (dx - ds / 2) * wide, y + (dy - ds / 2) * high, wide * (1 + ds), high * (1 + ds))
            for ds, dx, dy in moves
        ]
    )


def _score(view: View, windows: Windows) -> Values:
    return np.asarray(np.sum(list(weighted_terms(view, windows).values()), axis=0))


def _why_cut(view: View, name: str) -> str:
    if len(view.heads) == 1:
        return f"the face is too large to be whole in {name}"
    return f"no crop of {name} keeps the main people whole and cuts none of the {len(view.heads)} faces"
