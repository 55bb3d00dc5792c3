"""Reduced pictures and color spaces that the measures of composition work on."""

import cv2
import numpy as np
from numpy.typing import NDArray


def checked(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The picture itself.

    Raises:
        ValueError: it is empty or not (height, width, 3) uint8.
    """
    if picture.dtype != np.uint8 or picture.ndim != 3 or picture.shape[2] != 3 or not picture.size:
        raise ValueError(f"picture must be (height, width, 3) uint8, got {picture.shape} {picture.dtype}")
    return picture


def shrink(picture: NDArray[np.uint8], side: int) -> NDArray[np.uint8]:
    """The picture or plane with its long side at `side` pixels by area averaging; smaller ones stay as they are."""
    height, width = picture.shape[:2]
    scale = side / max(height, width)
    if scale >= 1:
        return picture
    size = (max(8, round(width * scale)), max(8, round(height * scale)))
    while min(picture.shape[1] / size[0], picture.shape[0] / size[1]) >= 2 and not any(
        edge % 2 for edge in picture.shape[:2]
    ):  # halving is the same mean in many times less time
        half = (picture.shape[1] // 2, picture.shape[0] // 2)
        picture = np.asarray(cv2.resize(picture, half, interpolation=cv2.INTER_AREA), np.uint8)
    how = cv2.INTER_LINEAR if picture.shape[1] < 2 * size[0] else cv2.INTER_AREA
    return np.asarray(cv2.resize(picture, size, interpolation=how), dtype=np.uint8)


def lab(picture: NDArray[np.uint8]) -> NDArray[np.float32]:
    """CIE L*a*b* (D65) of an sRGB picture: (height, width, 3), L* 0..100, a* and b* about -110..110."""
    return np.asarray(cv2.cvtColor(picture.astype(np.float32) / 255, cv2.COLOR_RGB2LAB), dtype=np.float32)


def luma_of(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Gamma-encoded BT.601 luma 0..255 of an sRGB picture, (height, width)."""
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), dtype=np.uint8)


def resized(picture: NDArray[np.uint8], side: int) -> NDArray[np.uint8]:
    """The picture with its long side at `side` pixels, smaller ones enlarged (bicubic)."""
    height, width = picture.shape[:2]
    scale = side / max(height, width)
    if scale <= 1:
        return shrink(picture, side)
    size = (max(8, round(width * scale)), max(8, round(height * scale)))
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_CUBIC), dtype=np.uint8)
