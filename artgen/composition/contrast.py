"""How well lettering stands out from what lies under it.

Source: WCAG 2.2, "relative luminance" and "contrast ratio"; success criterion 1.4.3 asks for 4.5:1.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

Luminances = NDArray[np.float32]

LEGIBLE = 4.5  # to 1


def luminance(picture: NDArray[np.uint8]) -> Luminances:
    """Relative luminance of an sRGB picture (height, width, 3): (height, width), 0 black to 1 white."""
    encoded = np.arange(256) / 255
    linear = np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)
    red, green, blue = cv2.split(cv2.LUT(picture, linear.astype(np.float32)))
    return np.asarray(0.2126 * red + 0.7152 * green + 0.0722 * blue, dtype=np.float32)


def contrast_ratio(tone: float, ground: Luminances) -> Luminances:
    """Contrast of lettering of luminance `tone` with each place of a ground: 1 (none) to 21, shaped as the ground."""
    high, low = np.maximum(ground, tone), np.minimum(ground, tone)
    return np.asarray((high + 0.05) / (low + 0.05), dtype=np.float32)


def least_contrast(tone: float, ground: Luminances, percentile: float) -> float:
    """What the contrast of lettering with a ground falls to: that percentile of all places, not their mean."""
    return float(np.percentile(contrast_ratio(tone, ground), percentile))
