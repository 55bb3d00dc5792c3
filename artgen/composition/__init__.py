"""What a still looks like: saliency, scale, colors, calm space, text, and where to cut it."""

from artgen.composition.color_names import COLORS, color_shares
from artgen.composition.compose import compose
from artgen.composition.lettering import (
    NetworkDetector,
    StrokeDetector,
    TextDetector,
    load_text_detector,
)
from artgen.composition.measures import MEASURES
from artgen.composition.overlays import find_overlays
from artgen.composition.saliency import saliency_map
from artgen.composition.scale import SHOT_SCALES, UNKNOWN_SCALE, scale_at

__all__ = [
    "COLORS",
    "MEASURES",
    "SHOT_SCALES",
    "NetworkDetector",
    "StrokeDetector",
    "TextDetector",
    "UNKNOWN_SCALE",
    "color_shares",
    "compose",
    "find_overlays",
    "load_text_detector",
    "saliency_map",
    "scale_at",
]
