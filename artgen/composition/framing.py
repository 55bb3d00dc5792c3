"""What makes a crop of a still good: each term by itself, for many windows at once.

Rules of framing as camera books give them (eye line on the upper third, head room, looking room,
no cut at the edge of a thing that stands out), each as a number in 0..1 times its weight.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from artgen.records import Box

Windows = NDArray[np.float64]  # (n, 4) boxes x1, y1, x2, y2 on whole pixels
Values = NDArray[np.float64]  # (n,)

FACE_WEIGHTS = {
    "people": 0.22,
    "eye_line": 0.11,
    "looking_room": 0.12,
    "head_room": 0.10,
    "body_room": 0.07,
    "face_size": 0.07,
    "size": 0.08,
    "unbroken": 0.15,
    "text_free": 0.08,
}
SUBJECT_WEIGHTS = {"subject": 0.40, "placement": 0.15, "size": 0.15, "unbroken": 0.20, "text_free": 0.10}
MAIN_WEIGHT = 0.6  # faces that weigh so much of the heaviest are the still's main people
EYE_LINE = 0.37  # of the crop's height: the upper third, a little lower in close shots


@dataclass(frozen=True, slots=True)
class Head:
    """A face as crops see it: `face` must never be cut, `head` (with hair and chin) is kept whole if kept."""

    id: str
    face: Box
    head: Box
    eyes_y: float
    height: float
    yaw_deg: float
    weight: float


@dataclass(frozen=True, slots=True)
class View:
    """A still measured for crops of one ratio.

    `integral` sums the saliency map from its upper left corner, (rows + 1, columns + 1), the whole
    being 1; `peak` is the density of what stands out; `center` is the map's center in pixels.
    `figures` sums figure_map in the same way, the whole being the picture's part that is people.
    """

    width: int
    height: int
    ratio: float
    heads: tuple[Head, ...]
    integral: NDArray[np.float64]
    peak: float
    center: tuple[float, float]
    text_boxes: tuple[Box, ...]
    figures: NDArray[np.float64]

    def largest(self) -> tuple[float, float]:
        """Width and height of the largest window of the ratio, in pixels, not yet whole."""
        wide = min(float(self.width), self.height * self.ratio)
        return wide, wide / self.ratio

    def main(self) -> tuple[Head, ...]:
        """The heads that matter most."""
        heaviest = max((head.weight for head in self.heads), default=0.0)
        return tuple(head for head in self.heads if head.weight >= MAIN_WEIGHT * heaviest)

    def weights(self) -> Mapping[str, float]:
        """The weight of each term; they add up to 1."""
        return FACE_WEIGHTS if self.heads else SUBJECT_WEIGHTS


def weighted_terms(view: View, windows: Windows) -> dict[str, Values]:
    """Every term of each window's score, times its weight: they add up to the score, 0..1."""
    x1, y1, x2, y2 = windows.T
    terms = {
        "size": 1.0 + np.log2(np.clip((x2 - x1) / view.largest()[0], 0.5, 1.0)),
        "unbroken": _unbroken(view, windows),
        "text_free": _text_free(view, windows),
    }
    if view.heads:
        terms |= _people_terms(view, windows)
        terms["unbroken"] = _figures_unbroken(view, windows) * (0.7 + 0.3 * terms["unbroken"])
    else:
        across, down = (view.center[0] - x1) / (x2 - x1), (view.center[1] - y1) / (y2 - y1)
        terms["subject"] = _sum_in(view, view.integral, windows)
        terms["placement"] = _between_thirds(across) * _bell(down, 0.5, 0.25)
    return {name: weight * terms[name] for name, weight in view.weights().items()}


def inside(windows: Windows, box: Box) -> NDArray[np.bool_]:
    """Windows that hold the whole box."""
    x1, y1, x2, y2 = windows.T
    return np.asarray((x1 <= box[0]) & (y1 <= box[1]) & (x2 >= box[2]) & (y2 >= box[3]), dtype=bool)


def outside(windows: Windows, box: Box) -> NDArray[np.bool_]:
    """Windows that hold nothing of the box."""
    x1, y1, x2, y2 = windows.T
    return np.asarray((x1 >= box[2]) | (y1 >= box[3]) | (x2 <= box[0]) | (y2 <= box[1]), dtype=bool)


def _people_terms(view: View, windows: Windows) -> dict[str, Values]:
    """How the people stand in each window; where they stand is asked of the main people inside it."""
    x1, y1, x2, y2 = windows.T
    wide, high = x2 - x1, y2 - y1
    everybody = np.array([head.weight for head in view.heads])
    kept = np.stack([inside(windows, head.face) for head in view.heads])
    main = view.main()
    here = np.stack([inside(windows, head.face) for head in main])
    weight = here * np.array([[head.weight] for head in main])
    weight = weight / np.maximum(weight.sum(axis=0), 1e-9)

    def mean(values: list[float]) -> Values:
        return np.asarray((weight * np.array(values)[:, None]).sum(axis=0))

    boxes = np.array([head.head for head in main])[:, :, None]
    left = np.where(here, boxes[:, 0], np.inf).min(axis=0)
    top = np.where(here, boxes[:, 1], np.inf).min(axis=0)
    right = np.where(here, boxes[:, 2], -np.inf).max(axis=0)
    chin = np.where(here, boxes[:, 3], -np.inf).max(axis=0)
    head_high = np.maximum(np.where(here, boxes[:, 3] - boxes[:, 1], 0.0).max(axis=0), 1.0)
    gap, size = (top - y1) / high, mean([head.height for head in main]) / high
    across = (mean([(head.face[0] + head.face[2]) / 2 for head in main]) - x1) / wide
    beside, below = np.minimum(left - x1, x2 - right) / head_high, (y2 - chin) / head_high
    return {
        "people": (kept * everybody[:, None]).sum(axis=0) / everybody.sum(),
        "eye_line": _bell((mean([head.eyes_y for head in main]) - y1) / high, EYE_LINE, 0.16),
        "looking_room": _looking_room(across, mean([head.yaw_deg for head in main]), view.ratio),
        "head_room": np.clip(gap / 0.05, 0, 1) * np.clip((0.45 - gap) / 0.25, 0, 1),
        "body_room": 0.5 * np.clip(beside / 0.5, 0, 1) + 0.5 * np.clip(below / 0.9, 0, 1),
        "face_size": np.clip((size - 0.04) / 0.18, 0, 1) * np.clip((0.95 - size) / 0.35, 0, 1),
    }


def _looking_room(across: Values, yaw_deg: Values, ratio: float) -> Values:
    """1 where the gaze has room before it; people who look ahead may stand in the middle or on a third."""
    turned = np.clip(yaw_deg / 40.0, -1.0, 1.0)
    is_wide = ratio >= 1.3
    ahead = _between_thirds(across) if is_wide else _bell(across, 0.5, 0.16)
    aside = _bell(across, 0.5 - (1 / 6 if is_wide else 0.09) * turned, 0.14)
    sideways = np.clip(np.abs(turned) * 2 - 0.4, 0, 1)
    return np.asarray((1 - sideways) * ahead + sideways * aside)


def _between_thirds(across: Values) -> Values:
    """1 in the middle, 0.85 on the lines of thirds, falling off beyond.

    Without a valley between middle and thirds: two peaks would let a crop jump from one to the other
    when a face moves by a pixel.
    """
    away = np.abs(across - 0.5) * 6
    return np.asarray(np.where(away <= 1, 1 - 0.15 * away, 0.85 * _bell(away, 1.0, 0.9)))


def _bell(value: Values, center: float | Values, width: float) -> Values:
    return np.asarray(np.exp(-(((value - center) / width) ** 2)))


def _sum_in(view: View, table: NDArray[np.float64], boxes: Windows) -> Values:
    """What a summed map holds inside each box."""
    rows, columns = table.shape[0] - 1, table.shape[1] - 1
    x = np.clip(boxes[:, [0, 2]] * columns / view.width, 0, columns)
    y = np.clip(boxes[:, [1, 3]] * rows / view.height, 0, rows)

    def up_to(across: Values, down: Values) -> Values:
        column = np.minimum(across.astype(np.int64), columns - 1)
        row = np.minimum(down.astype(np.int64), rows - 1)
        right, below = across - column, down - row
        upper = table[row, column] * (1 - right) + table[row, column + 1] * right
        lower = table[row + 1, column] * (1 - right) + table[row + 1, column + 1] * right
        return np.asarray(upper * (1 - below) + lower * below)

    (x1, x2), (y1, y2) = x.T, y.T
    return up_to(x2, y2) - up_to(x1, y2) - up_to(x2, y1) + up_to(x1, y1)


def _unbroken(view: View, windows: Windows) -> Values:
    """1 where the window's edges pass through nothing that stands out; the picture's own edges do not count."""
    worst = np.zeros(len(windows))
    for is_cut, density in _along_edges(view, view.integral, windows):
        worst = np.maximum(worst, is_cut * density / view.peak)
    return np.clip(1.0 - worst, 0.0, 1.0)


def _figures_unbroken(view: View, windows: Windows) -> Values:
    """1 where no edge but the lower one runs through a person; a side that does so for a third of its length: 0."""
    left, right, top, _ = (is_cut * part for is_cut, part in _along_edges(view, view.figures, windows))
    return np.clip(1.0 - 3.0 * np.maximum(np.maximum(left, right), top), 0.0, 1.0)


def _along_edges(
    view: View, table: NDArray[np.float64], windows: Windows
) -> list[tuple[NDArray[np.bool_], Values]]:
    """For the left, right, upper and lower edge: where it cuts the picture, and a map's density along it."""
    x1, y1, x2, y2 = windows.T
    thick = 0.03 * np.minimum(x2 - x1, y2 - y1)
    strips = (
        (x1 > 0, np.stack([x1 - thick, y1, x1 + thick, y2], axis=1)),
        (x2 < view.width, np.stack([x2 - thick, y1, x2 + thick, y2], axis=1)),
        (y1 > 0, np.stack([x1, y1 - thick, x2, y1 + thick], axis=1)),
        (y2 < view.height, np.stack([x1, y2 - thick, x2, y2 + thick], axis=1)),
    )
    densities = []
    for is_cut, strip in strips:
        part = (strip[:, 2] - strip[:, 0]) * (strip[:, 3] - strip[:, 1]) / (view.width * view.height)
        densities.append((is_cut, _sum_in(view, table, strip) / np.maximum(part, 1e-12)))
    return densities


def _text_free(view: View, windows: Windows) -> Values:
    """1 where no burned-in text is inside; text cut through counts as three times the text kept whole."""
    x1, y1, x2, y2 = windows.T
    covered = np.zeros(len(windows))
    for box in view.text_boxes:
        wide = np.clip(np.minimum(x2, box[2]) - np.maximum(x1, box[0]), 0, None)
        high = np.clip(np.minimum(y2, box[3]) - np.maximum(y1, box[1]), 0, None)
        covered += wide * high * np.where(inside(windows, box), 1.0, 3.0)
    return np.asarray(np.clip(1.0 - 8.0 * covered / ((x2 - x1) * (y2 - y1)), 0.0, 1.0))
