"""What rules a still out as artwork, and how good one is that passes."""

import numpy as np
from numpy.typing import NDArray

MAX_BLACK_RANGE, MAX_BLACK_BRIGHTNESS = 0.16, 0.07
MAX_CRUSHED = 0.94  # a logo on black; night scenes show more
MIN_WHITE_BRIGHTNESS = 0.9
MIN_DETAIL_AREA, MIN_RANGE = 0.03, 0.1
MIN_SHARPNESS = 0.06
MIN_TEXT_SHARE, MIN_TEXT_AREA = 0.25, 0.008  # little text, but nothing much besides: cards and credits
MAX_TEXT_AREA, MAX_TEXT_SHARE = 0.06, 0.1  # a title over a picture
WEIGHTS = {
    "sharpness": 0.3,
    "exposure": 0.25,
    "contrast": 0.15,
    "stillness": 0.15,
    "color": 0.05,
    "detail": 0.1,
}


def gate_still(measures: dict[str, float], picture: NDArray[np.uint8]) -> str | None:
    """Why a still cannot be artwork: "black", "white", "flat", "text" or "blurred", then ": " and what was found.

    None when it is usable. The limits are generous: night, fog, black and white, grain and shallow depth of field pass.

    Args:
        measures: of measure_still.
        picture: what they were measured on.
    """
    text = measures["text_share"] > MIN_TEXT_SHARE and measures["text_area"] > MIN_TEXT_AREA
    title = measures["text_area"] > MAX_TEXT_AREA and measures["text_share"] > MAX_TEXT_SHARE
    if text or title:
        return f"text: {measures['text_area']:.0%} of it, {measures['text_share']:.0%} of its edges"
    dark = measures["brightness"] < MAX_BLACK_BRIGHTNESS and measures["range"] < MAX_BLACK_RANGE
    if dark or measures["crushed"] > MAX_CRUSHED:
        return f"black: {measures['crushed']:.0%} of it shows nothing"
    if measures["brightness"] > MIN_WHITE_BRIGHTNESS and measures["range"] < 2 * MIN_RANGE:
        return f"white: {measures['clipped']:.0%} of it shows nothing"
    if measures["detail_area"] < MIN_DETAIL_AREA or measures["range"] < MIN_RANGE:
        return f"flat: {measures['detail_area']:.0%} of it has any detail"
    if measures["sharpness"] < MIN_SHARPNESS:
        return f"blurred: sharpness {measures['sharpness']:.2f} where it is sharpest"
    return None


def still_score(measures: dict[str, float]) -> float:
    """How good a still is as a picture, 0..1: the weighted mean of its terms less what text takes away."""
    terms = score_terms(measures)
    good = sum(WEIGHTS[name] * value for name, value in terms.items())
    text = 4 * measures["text_area"] * min(1.0, 3 * measures["text_share"])
    return float(np.clip(good - min(0.5, text), 0, 1))


def score_terms(measures: dict[str, float]) -> dict[str, float]:
    """The terms of still_score, each 0..1, named as in WEIGHTS.

    sharpness and exposure as measured; contrast: full at 0.45; stillness: 1 without motion, half at 3 levels a
    frame; color: full at a colorfulness of 40; detail: full when 60 % of the picture is not flat.
    """
    return {
        "sharpness": measures["sharpness"],
        "exposure": measures["exposure"],
        "contrast": min(1.0, measures["contrast"] / 0.45),
        "stillness": 1 / (1 + measures.get("motion", 0.0) * 255 / 3),
        "color": min(1.0, measures["colorfulness"] / 40),
        "detail": min(1.0, measures["detail_area"] / 0.6),
    }
