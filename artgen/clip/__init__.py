"""CLIP models: any that open_clip has, pictures and texts to unit vectors. The only room that knows torch."""

from artgen.clip.encoder import Encoder
from artgen.clip.load import COMPACT, find_checkpoint, find_device, load_encoder
from artgen.clip.precision import Choice, Trial

__all__ = ["COMPACT", "Choice", "Encoder", "Trial", "find_checkpoint", "find_device", "load_encoder"]
