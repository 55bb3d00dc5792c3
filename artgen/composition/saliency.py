"""Where the eye goes first in a picture: to somebody or something (subjects.py), where that stands out most.

What stands out is asked by three classical methods, which agree or disagree about every place:

- is its color unlike that around it, at several scales (center-surround in CIE Lab);
- is it fenced off from the picture's border by a barrier of color (minimum barrier distance);
- is it in better focus than the picture as a whole (fine detail at a higher resolution).

Sources: Itti, Koch, Niebur, "A model of saliency-based visual attention" (1998) and Montabone, Soto,
"Human detection using a mobile platform and novel features derived from a visual saliency mechanism"
(2010) for center-surround; Zhang et al., "Minimum barrier salient object detection at 80 FPS" (2015)
for the barrier and the border's colors; Jiang et al., "Salient region detection by UFO: uniqueness,
focusness and objectness" (2013) for focus; Tatler, "The central fixation bias in scene viewing" (2007)
for the mild preference of the middle.
"""

from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from artgen.composition.reduced import checked, lab, luma_of, shrink
from artgen.composition.subjects import load_subject_finder

SALIENCY_SIDE = 112
FOCUS_SIDE = 448
BARRIER_ROUNDS = 2
SIDE_LOSS, GROUND_LOSS = 0.15, 0.35
EYE_LINE = 0.2  # above the middle, of half the height
WEIGHTS = {"surround": 0.30, "barrier": 0.30, "border": 0.15, "focus": 0.25}
NO_SUBJECT, SURE_SUBJECT = 0.35, 0.85  # chances: sky and grass stay below the one, faces reach the other
GROUND_PERCENT = 30  # of a picture is no subject: what is no likelier than that is none either
CONTRAST_ALONE = 0.2  # what contrast draws where nobody is; where there is no subject at all it decides
PLAIN = (
    0.2  # what a subject without any contrast draws, of one that stands out: less than contrast alone does
)

Map = NDArray[np.float32]


def saliency_map(picture: NDArray[np.uint8], *, subjects: bool = True) -> Map:
    """Map how much each place of a picture draws the eye.

    Args:
        picture: sRGB, (height, width, 3) uint8, the active picture.
        subjects: ask the network of subjects.py; without it contrast alone decides.

    Returns:
        (h, w) float32 in 0..1, the long side SALIENCY_SIDE, the picture's shape otherwise; its
        greatest value is 1 unless nothing in the picture differs from anything else: then all 0.

    Raises:
        ValueError: the picture is empty or not (height, width, 3) uint8.
    """
    contrast = contrast_map(picture)
    rows, columns = contrast.shape
    if not subjects:
        return _settled(contrast)
    chance = cv2.resize(load_subject_finder().map(picture), (columns, rows), interpolation=cv2.INTER_CUBIC)
    least = max(NO_SUBJECT, float(np.percentile(chance, GROUND_PERCENT)))
    subject = np.clip((chance - least) / (SURE_SUBJECT - NO_SUBJECT), 0, 1) * contrast.any()
    blended = CONTRAST_ALONE * contrast + (1 - CONTRAST_ALONE) * subject * (PLAIN + (1 - PLAIN) * contrast)
    return _settled(np.asarray(blended, np.float32))


def _settled(drawn: Map) -> Map:
    """The map smoothed, with the middle preferred, its greatest value 1."""
    smooth = cv2.GaussianBlur(drawn, (0, 0), max(drawn.shape) / 40)
    return stretched(smooth * center_preference(smooth.shape))


def contrast_map(picture: NDArray[np.uint8]) -> Map:
    """Map how much each place stands out, whatever is there; as saliency_map, not smoothed."""
    colors = lab(shrink(checked(picture), SALIENCY_SIDE))
    terms = {
        "surround": surround_contrast(colors),
        "barrier": barrier_distance(colors),
        "border": border_contrast(colors),
        "focus": focus_contrast(picture, colors.shape[:2]),
    }
    weighed = [WEIGHTS[name] * stretched(term) for name, term in terms.items()]
    return stretched(np.sum(weighed, axis=0, dtype=np.float32))


def stretched(values: Map) -> Map:
    """The map from its 10th percentile to its maximum, as 0..1; all 0 where it is flat."""
    low, high = float(np.percentile(values, 10)), float(values.max())
    if high - low < 1e-3:
        return np.zeros_like(values, dtype=np.float32)
    return np.asarray(np.clip((values - low) / (high - low), 0, 1), dtype=np.float32)


def surround_contrast(colors: Map) -> Map:
    """Lab distance of each place to its surroundings, mean over three sizes of surroundings; (h, w)."""
    side = max(colors.shape[:2])
    total = np.zeros(colors.shape[:2], np.float32)
    coarse = cv2.resize(colors, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    for share in (0.08, 0.16, 0.32):
        center = cv2.GaussianBlur(colors, (0, 0), max(1.0, side * share / 6))
        blurred = cv2.GaussianBlur(coarse, (0, 0), side * share / 4, borderType=cv2.BORDER_REFLECT)
        around = cv2.resize(blurred, (colors.shape[1], colors.shape[0]), interpolation=cv2.INTER_LINEAR)
        total += np.linalg.norm(center - around, axis=2)
    return np.asarray(total / 3, dtype=np.float32)


def barrier_distance(colors: Map) -> Map:
    """Least range of color that any path from the border to a place has to span; (h, w), Lab units.

    Row and column sweeps in four directions, relaxed BARRIER_ROUNDS times: the raster scan of the
    source, vectorized along the line. The bottom border is no seed: people stand on it.
    """
    planes = np.ascontiguousarray(cv2.GaussianBlur(colors, (0, 0), 1.0).transpose(2, 0, 1))
    distance = np.full(planes.shape, np.inf, np.float32)
    distance[:, 0, :] = 0
    distance[:, :, (0, -1)] = 0
    state = np.stack([planes, distance, planes, planes])
    for _ in range(BARRIER_ROUNDS):
        state = _sweep(_sweep(state).swapaxes(2, 3)).swapaxes(2, 3)
    return np.asarray(state[1].sum(axis=0), dtype=np.float32)


def _sweep(state: Map) -> Map:
    """Let each line (axis 2) take the cheaper path through the line before it, from either end.

    `state` stacks value, distance, highest and lowest value on the best path so far. Both directions
    run side by side, as the cost is in the number of calls; where they meet the shorter path stays.
    """
    both = np.stack([state, state[:, :, ::-1]], axis=1).transpose(3, 0, 1, 2, 4).copy()
    for before, line in pairwise(both):
        highest, lowest = np.maximum(before[2], line[0]), np.minimum(before[3], line[0])
        cost = np.maximum(highest - lowest, before[1])  # infinite where no path has come yet
        better = cost < line[1]
        np.copyto(line[1:], (cost, highest, lowest), where=better)
    there, back = both.transpose(1, 2, 3, 0, 4).swapaxes(0, 1)
    back = back[:, :, ::-1]
    return np.asarray(np.where(back[1] < there[1], back, there), np.float32)


def border_contrast(colors: Map) -> Map:
    """How unlike the colors of the left, right and top border a place is; (h, w), deviations, capped.

    The nearest of the three sides counts, each described by its mean and spread.
    """
    depth = max(2, round(max(colors.shape[:2]) * 0.06))
    sides = (colors[:, :depth], colors[:, -depth:], colors[:depth])
    distances = []
    for side in sides:
        pixels = side.reshape(-1, 3)
        spread = np.cov(pixels.T) + np.eye(3) * 25.0
        offset = colors.reshape(-1, 3) - pixels.mean(axis=0)
        squared = ((offset @ np.linalg.inv(spread)) * offset).sum(axis=1)
        distances.append(np.sqrt(squared).reshape(colors.shape[:2]))
    return np.asarray(np.minimum(np.min(distances, axis=0), 6.0), dtype=np.float32)


def focus_contrast(picture: NDArray[np.uint8], shape: tuple[int, ...]) -> Map:
    """Share of fine detail near each place, (h, w) = `shape`; detail beyond what a sharp subject has is capped.

    Texture everywhere (leaves, gravel) says nothing about the subject, so the map is weighed by how
    unevenly detail is spread: about 0 where it is even.
    """
    luma = shrink(luma_of(picture), FOCUS_SIDE).astype(np.float32)
    detail = np.abs(cv2.Laplacian(cv2.GaussianBlur(luma, (0, 0), 0.8), cv2.CV_32F, ksize=3))
    small = cv2.resize(np.minimum(detail, 40.0), (shape[1], shape[0]), interpolation=cv2.INTER_AREA)
    small = cv2.GaussianBlur(small, (0, 0), max(shape) / 40)
    top, median = float(np.percentile(small, 95)), float(np.median(small))
    unevenness = (top - median) / (top + 1.0)
    return np.asarray(np.minimum(small, top) / (top + 1.0) * unevenness, dtype=np.float32)


def center_preference(shape: tuple[int, ...]) -> Map:
    """A mild, broad preference for a little above the middle, where films put eyes; (h, w), 1 down to about 0.5.

    Sides lose SIDE_LOSS, the ground at the bottom GROUND_LOSS.
    """
    y, x = np.mgrid[-1 : 1 : shape[0] * 1j, -1 : 1 : shape[1] * 1j]
    below = np.clip((y + EYE_LINE) / (1 + EYE_LINE), -1, 1)
    return np.asarray(1 - SIDE_LOSS * x**2 - GROUND_LOSS * below**2, dtype=np.float32)
