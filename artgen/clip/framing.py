"""A whole film frame as the square that a CLIP model takes, and how the square becomes numbers."""

import numpy as np
from numpy.typing import NDArray

from artgen.clip.config import Preprocessing


def frame(picture: NDArray[np.uint8], preprocessing: Preprocessing) -> NDArray[np.uint8]:
    """Squash a picture (height, width, 3) into the model's square (size, size, 3), all of it, antialiased.

    A center crop would leave out 44 % of a 16:9 and 58 % of a 2.39:1 frame; docs/models.md has the
    comparison with padding and tiles. The filter is the one the model was trained with, in torch's 8-bit
    version, which agrees with Pillow's.
    """
    import torch

    if picture.ndim != 3 or picture.shape[2] != 3 or picture.dtype != np.uint8 or 0 in picture.shape:
        raise ValueError(f"a picture is (height, width, 3) uint8, not {picture.shape} {picture.dtype}")
    planes = torch.from_numpy(np.require(picture, requirements=["C", "W"])).permute(2, 0, 1)[None]
    small = torch.nn.functional.interpolate(
        planes,
        (preprocessing.size, preprocessing.size),
        mode=preprocessing.interpolation,
        antialias=True,
    )
    # numpy puts the bytes in order: torch would wake a team of threads for it, and frame is called from many.
    return np.ascontiguousarray(small[0].numpy().transpose(1, 2, 0))


def scale_and_shift(preprocessing: Preprocessing) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """What bytes are multiplied by, then what is added, each (1, 3, 1, 1): (rgb / 255 - mean) / std in two steps."""
    mean, std = (np.array(values).reshape(1, 3, 1, 1) for values in (preprocessing.mean, preprocessing.std))
    return (1 / (255 * std)).astype(np.float32), (-mean / std).astype(np.float32)
