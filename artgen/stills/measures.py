"""What is measured of a still; MEASURES says what each number means."""

import cv2
import numpy as np
from numpy.typing import NDArray

from artgen.records import MeasureSpec
from artgen.stills.text import measure_text

MEASURES: dict[str, MeasureSpec] = {
    "brightness": MeasureSpec("mean luma of the gamma-encoded picture", "fraction", 0, 1),
    "contrast": MeasureSpec("standard deviation of luma, of the most there can be", "fraction", 0, 1),
    "range": MeasureSpec("luma between the darkest and the brightest percent", "fraction", 0, 1),
    "crushed": MeasureSpec("pixels too dark to show anything", "fraction", 0, 1),
    "clipped": MeasureSpec("pixels too bright to show anything", "fraction", 0, 1),
    "exposure": MeasureSpec(
        "how well the light is spread: 1 neither crushed, clipped nor dim", "fraction", 0, 1
    ),
    "sharpness": MeasureSpec(
        "how fine the edges of the sharpest parts are; grain does not count", "fraction", 0, 1
    ),
    "sharp_area": MeasureSpec("parts with edges whose edges are fine", "fraction", 0, 1),
    "noise": MeasureSpec("standard deviation of grain and coding noise", "luma levels of 255", 0, 64),
    "colorfulness": MeasureSpec(
        "Hasler and Suesstrunk's metric; 0 gray, 60 and more very colorful", "levels", 0, 200
    ),
    "entropy": MeasureSpec("information of the luma histogram", "bits", 0, 8),
    "detail_area": MeasureSpec("parts that are not flat", "fraction", 0, 1),
    "text_area": MeasureSpec("picture covered by lines of text", "fraction", 0, 1),
    "text_share": MeasureSpec("of all edges, those that belong to lines of text", "fraction", 0, 1),
    "motion": MeasureSpec("mean luma change to the frames before and after", "fraction", 0, 1),
}
CRUSHED_LUMA, CLIPPED_LUMA = 10, 245
WORKING_PIXELS = (
    640 * 360
)  # larger pictures are measured at this size, so that measures compare between titles
# Red - green and yellow - blue, of red, green and blue; twice, for yellow is half of red and green.
TWICE_OPPONENTS = np.array([[2, -2, 0], [1, 1, -2]], np.float32)
BLOCK = 20  # pixels a side of the parts that are judged one by one
NOISE_MARGIN = 1.3  # times the noise's variance
FLAT_LEVELS = 3.0  # standard deviation of a part below which it is flat
FINE_SIGMA, COARSE_SIGMA = 1.0, 3.0  # pixels at working size: edges that survive only the first are fine
FINEST_RATIO, BLURRED_RATIO = (
    0.48,
    0.16,
)  # share of detail that is fine: clean edges, edges blurred over 5 pixels


def measure_still(picture: NDArray[np.uint8]) -> dict[str, float]:
    """Measure a picture; every name but "motion" of MEASURES, see motion_at for that.

    Args:
        picture: sRGB (height, width, 3), already cut to the active picture.

    Raises:
        ValueError: it is empty or not uint8 of that shape.
    """
    if picture.dtype != np.uint8 or picture.ndim != 3 or picture.shape[2] != 3 or not picture.size:
        raise ValueError(f"picture must be (height, width, 3) uint8, got {picture.shape} {picture.dtype}")
    noise = _noise(_luma(picture))
    small = working_size(picture)
    luma = _luma(small)
    counts = cv2.calcHist([luma], [0], None, [256], [0, 256]).ravel().astype(np.float64) / luma.size
    left = noise * (small.shape[0] / picture.shape[0])  # resizing averages most of it away
    text_area, text_share = measure_text(luma, noise=left)
    return {
        **_light(counts),
        **_sharpness(luma, left),
        "noise": min(noise, 64.0),
        "colorfulness": _colorfulness(small),
        "text_area": text_area,
        "text_share": text_share,
    }


def working_size(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The picture at about WORKING_PIXELS; smaller ones as they are."""
    scale = (WORKING_PIXELS / (picture.shape[0] * picture.shape[1])) ** 0.5
    if scale >= 1:
        return picture
    size = max(1, round(picture.shape[1] * scale)), max(1, round(picture.shape[0] * scale))
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)


def _luma(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), np.uint8)


def _light(counts: NDArray[np.float64]) -> dict[str, float]:
    levels = np.arange(256)
    mean = float(counts @ levels)
    deviation = max(0.0, float(counts @ (levels - mean) ** 2)) ** 0.5
    cumulated = np.cumsum(counts)
    low, high = (int(np.searchsorted(cumulated, share)) for share in (0.01, 0.99))
    crushed, clipped = float(counts[: CRUSHED_LUMA + 1].sum()), float(counts[CLIPPED_LUMA:].sum())
    present = counts[counts > 0]
    # A third of black or a tenth of white is common in good pictures; only what goes beyond costs.
    lost = max(0.0, crushed - 0.33) / 0.67 + max(0.0, clipped - 0.1) / 0.4
    reach = min(1.0, (high - low) / 128)
    dimness = min(1.0, mean / 45)
    return {
        "brightness": mean / 255,
        "contrast": deviation / 127.5,
        "range": (high - low) / 255,
        "crushed": crushed,
        "clipped": clipped,
        "exposure": max(0.0, 1 - lost) * reach**0.5 * dimness**0.5,
        "entropy": max(0.0, float(-(present * np.log2(present)).sum())),
    }


def _sharpness(luma: NDArray[np.uint8], noise: float) -> dict[str, float]:
    """Fine detail as a share of all detail, part by part; the parts with most detail and least blur decide."""
    gray = luma.astype(np.float32)
    fine = _part_energy(gray - cv2.GaussianBlur(gray, (0, 0), FINE_SIGMA))
    coarse = _part_energy(gray - cv2.GaussianBlur(gray, (0, 0), COARSE_SIGMA))
    # Noise passes both filters nearly whole; what it adds is taken out of both, and some more, for it is uneven.
    grain = NOISE_MARGIN * noise**2
    fine, coarse = np.maximum(fine - 0.8 * grain, 0), np.maximum(coarse - grain, 0)
    busy = coarse > max(FLAT_LEVELS**2, 2 * grain)
    if not busy.any():
        return {"sharpness": 0.0, "sharp_area": 0.0, "detail_area": 0.0}
    ratio = np.sqrt(fine[busy] / coarse[busy])
    fineness = np.clip((ratio - BLURRED_RATIO) / (FINEST_RATIO - BLURRED_RATIO), 0, 1)
    finest = np.sort(fineness)[-max(1, len(fineness) // 5) :]
    return {
        "sharpness": float(finest.mean()),
        "sharp_area": float((fineness > 0.3).mean()),
        "detail_area": float(busy.mean()),
    }


def _part_energy(detail: NDArray[np.float32]) -> NDArray[np.float32]:
    size = max(1, detail.shape[1] // BLOCK), max(1, detail.shape[0] // BLOCK)
    return np.asarray(cv2.resize(detail * detail, size, interpolation=cv2.INTER_AREA), np.float32)


def _noise(luma: NDArray[np.uint8]) -> float:
    """Noise by the Laplacian difference of the calmest quarter of the picture.

    Source: Immerkaer, "Fast Noise Variance Estimation", 1996; taken where there is no texture.
    """
    if min(luma.shape) < 3:
        return 0.0
    second = np.array([1.0, -2.0, 1.0])
    # Beyond 255 lie edges, which are not calm; so bytes do.
    response = cv2.convertScaleAbs(cv2.sepFilter2D(luma, cv2.CV_16S, second, second))[1:-1, 1:-1]
    size = max(1, response.shape[1] // BLOCK), max(1, response.shape[0] // BLOCK)
    parts = np.sort(cv2.resize(response.astype(np.float32), size, interpolation=cv2.INTER_AREA).ravel())
    calm = parts[: max(1, len(parts) // 4)]
    return float(calm.mean() * np.sqrt(np.pi / 2) / 6)


def _colorfulness(picture: NDArray[np.uint8]) -> float:
    """Source: Hasler and Suesstrunk, "Measuring colourfulness in natural images", 2003."""
    opponents = cv2.transform(picture.astype(np.int16), TWICE_OPPONENTS)
    mean, spread = (of_both.ravel() / 2 for of_both in cv2.meanStdDev(opponents))
    return float(np.hypot(*spread) + 0.3 * np.hypot(*mean))
