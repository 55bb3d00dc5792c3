"""Cuts: from one frame to the next everything is another picture, and stays it."""

import numpy as np
from numpy.typing import NDArray

from artgen.shots.differences import contrast, matched_difference, plain_difference
from artgen.shots.signatures import Signatures
from artgen.shots.transitions import Change

SURROUNDINGS = 6  # frames on either side that a cut must stand out from
FLASH_FRAMES = 6  # a picture that is back after at most so many frames was never left
MIN_LEVELS = 3.0  # below this no eye sees a cut
DARK_LEVELS = 5.0  # added to the contrast, so that noise in the dark is no picture
MIN_CHANGE = 0.27  # of the pictures' contrast, in levels a cell
MIN_PROMINENCE = 1.7  # times the strongest change around
RETURNS = 0.55  # of the change: a picture nearer than this to the one before is the one before


def find_cuts(window: Signatures) -> list[Change]:
    """The cuts of a window, in order.

    A candidate changes much for the contrast of its pictures and stands out from the changes around it
    (both after motion is taken out); it is a flash or something passing the lens when the old picture
    is back soon after, or the new one was there shortly before.
    """
    n = len(window)
    if n < 2:
        return []
    step = plain_difference(window.luma[:-1], window.luma[1:])
    deviation = contrast(window.luma) + DARK_LEVELS
    scale = np.maximum(deviation[:-1], deviation[1:])
    candidates = np.flatnonzero((step > MIN_LEVELS) & (step > MIN_CHANGE * scale))
    matched = _matched_near(window, candidates, step)
    cuts: list[Change] = []
    for at in candidates:
        change = float(matched[at] / scale[at])
        around = np.concatenate(
            [matched[max(0, at - SURROUNDINGS) : at], matched[at + 1 : at + 1 + SURROUNDINGS]]
        )
        prominence = float(matched[at] / max(float(around.max(initial=0.0)), 1.0))
        if (
            change < MIN_CHANGE
            or prominence < MIN_PROMINENCE
            or _is_flash(window, int(at), float(matched[at]))
        ):
            continue
        strength = min(1.0, change) * min(1.0, prominence / 4)
        cuts.append(Change(int(at), int(at) + 1, "cut", strength))
    return cuts


def _matched_near(
    window: Signatures, candidates: NDArray[np.intp], step: NDArray[np.float32]
) -> NDArray[np.float32]:
    """`step` with motion taken out near the candidates; elsewhere it stays an upper bound."""
    near = np.zeros(len(step), bool)
    for at in candidates:
        near[max(0, at - SURROUNDINGS) : at + SURROUNDINGS + 1] = True
    matched = step.copy()
    index = np.flatnonzero(near & (step > 1.0))
    matched[index] = matched_difference(window.luma[index], window.luma[index + 1])
    return matched


def _is_flash(window: Signatures, at: int, change: float) -> bool:
    luma, n = window.luma, len(window)
    later = np.arange(at + 2, min(n, at + 2 + FLASH_FRAMES))
    earlier = np.arange(max(0, at - FLASH_FRAMES), at)
    back_again = matched_difference(np.repeat(luma[at : at + 1], len(later), 0), luma[later])
    there_before = matched_difference(luma[earlier], np.repeat(luma[at + 1 : at + 2], len(earlier), 0))
    nearest = min(back_again.min(initial=np.inf), there_before.min(initial=np.inf))
    return bool(nearest < RETURNS * change)
