"""What a still looks like: saliency, scale, colors, calm space, text, and where to cut it."""

from artgen.composition.saliency import saliency_map

__all__ = ["saliency_map"]
