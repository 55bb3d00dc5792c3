"""Stills that show again what a better one shows: within a shot, and where a camera's position returns."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from artgen.records import Still

LUMA_SIZE = (32, 18)  # columns, rows
COLOR_SIZE = (8, 5)
COLOR_WEIGHT = 0.35  # of a fingerprint's length
MIN_SPREAD = 4.0  # levels: less is a blank picture, like no other
ALIKE = 0.92  # of 1: the same composition
AT_ONCE = 256  # stills compared in one product; thousands of small ones cost minutes on a busy machine


def fingerprint(picture: NDArray[np.uint8]) -> NDArray[np.float32]:
    """The layout of light and color of a picture, (656,), of unit length; all zero for a blank picture.

    The inner product of two says how alike they are, up to 1.
    """
    # YCbCr and not Lab, whose tables cost OpenCV 70 ms at the first picture of a run.
    small = cv2.cvtColor(cv2.resize(picture, (128, 72), interpolation=cv2.INTER_AREA), cv2.COLOR_RGB2YCrCb)
    light = cv2.resize(np.asarray(small[..., 0], np.float32), LUMA_SIZE, interpolation=cv2.INTER_AREA)
    light = np.asarray(cv2.GaussianBlur(light, (0, 0), 1.0), np.float32)
    light -= light.mean()
    spread = float(light.std())
    if spread < MIN_SPREAD:
        return np.zeros(LUMA_SIZE[0] * LUMA_SIZE[1] + 2 * COLOR_SIZE[0] * COLOR_SIZE[1], np.float32)
    color = cv2.resize(small[..., 1:], COLOR_SIZE, interpolation=cv2.INTER_AREA).astype(np.float32) - 128
    light = light / np.float32(np.linalg.norm(light))
    # Weak color says little: it is measured against a fixed strength, not its own.
    color *= COLOR_WEIGHT / max(float(np.linalg.norm(color)), 8.0 * color.size**0.5)
    rest = np.sqrt(max(0.0, 1 - float((color**2).sum())))
    return np.concatenate([light.ravel() * rest, color.ravel()]).astype(np.float32)


def near_duplicates(stills: Sequence[Still], fingerprints: NDArray[np.float32]) -> dict[str, str]:
    """Of stills that show the same composition the best stays.

    Args:
        stills: any stills, of one shot or of the whole title.
        fingerprints: (n, d), row i of stills[i].

    Returns:
        id of each superfluous still -> id of the better one that it repeats. No still is both.

    Raises:
        ValueError: there is not one fingerprint a still.
    """
    if len(stills) != len(fingerprints):
        raise ValueError(f"{len(stills)} stills but {len(fingerprints)} fingerprints")
    order = sorted(range(len(stills)), key=lambda i: (-stills[i].score, stills[i].pts))
    rows = fingerprints[order]
    is_kept = np.zeros(len(order), bool)
    better: dict[str, str] = {}
    for start in range(0, len(order), AT_ONCE):
        alike = rows[start : start + AT_ONCE] @ rows[: start + AT_ONCE].T
        for place, to_others in enumerate(alike, start):
            to_kept = np.where(is_kept[:place], to_others[:place], -1)
            if place and to_kept.max() >= ALIKE:
                better[stills[order[place]].id] = stills[order[int(to_kept.argmax())]].id
            else:
                is_kept[place] = True
    return better
