"""A whole film frame as the square that a CLIP model takes."""

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
    square: NDArray[np.uint8] = small[0].permute(1, 2, 0).contiguous().numpy()
    return square
