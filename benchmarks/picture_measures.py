"""How sharp and how blurred a picture is, by measures that have no part in artgen's own choice of stills.

All are taken on the luma of the picture at a height of 360, so that pictures of different sizes compare.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

HEIGHT = 360
LUMA_WEIGHTS = np.array([0.2126, 0.7152, 0.0722], np.float32)  # ITU-R BT.709-6, item 3.2
SPREAD = 9  # pixels over which a picture is blurred on purpose


@dataclass(frozen=True, slots=True)
class Quality:
    """What a picture's detail says. `laplacian` and `tenengrad`: more is sharper; `blur`: 0 sharp to 1 smeared."""

    laplacian: float
    tenengrad: float
    blur: float


def measure_quality(picture: NDArray[np.uint8]) -> Quality:
    """Measure an sRGB picture, (height, width, 3) uint8.

    Sources: the variance of the Laplacian, Pech-Pacheco et al., "Diatom autofocusing in brightfield microscopy", 2000;
    the mean square of Sobel gradients ("Tenengrad"), Krotkov, "Focusing", 1987; the blur effect of Crete et al., "The
    Blur Effect: Perception and Estimation with a New No-Reference Perceptual Blur Metric", 2007, here of the worse
    direction, for motion smears along one.
    """
    import cv2

    luma = np.asarray(at_height(picture) @ (LUMA_WEIGHTS / 255), np.float32)
    along_x, along_y = cv2.Sobel(luma, cv2.CV_32F, 1, 0), cv2.Sobel(luma, cv2.CV_32F, 0, 1)
    return Quality(
        laplacian=round(float(cv2.Laplacian(luma, cv2.CV_32F).var()), 6),
        tenengrad=round(float((along_x**2 + along_y**2).mean()), 6),
        blur=round(max(_smear(luma), _smear(luma.T)), 4),
    )


def at_height(picture: NDArray[np.uint8], height: int = HEIGHT) -> NDArray[np.uint8]:
    """A picture scaled to a height in pixels, its proportions kept."""
    import cv2

    width = max(1, round(picture.shape[1] * height / picture.shape[0]))
    shrinks = picture.shape[0] > height
    scaled = cv2.resize(
        picture, (width, height), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC
    )
    return np.asarray(scaled, np.uint8)


def _smear(luma: NDArray[np.float32]) -> float:
    """How little a blur along the rows takes away from the differences along them: much of it was gone before."""
    import cv2

    blurred = cv2.blur(luma, (SPREAD, 1))
    before, after = (np.abs(np.diff(plane, axis=1)) for plane in (luma, blurred))
    lost = np.maximum(before - after, 0).sum()
    return float(1 - lost / before.sum()) if before.sum() > 0 else 1.0
