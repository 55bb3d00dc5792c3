"""The CLIP vector of every still, kept in the journal batch by batch."""

import hashlib
from collections.abc import Sequence
from itertools import islice

import msgspec
import numpy as np
from numpy.typing import NDArray

from artgen.clip import Encoder
from artgen.folder import FramesFolder, write_array
from artgen.pictures import load_picture
from artgen.progress import Progress
from artgen.records import Still

STILLS_A_BATCH = 64  # whole batches only: with some precisions a vector hangs a little on its company


def embed_stills(
    stills: Sequence[Still],
    folder: FramesFolder,
    encoder: Encoder,
    *,
    size: tuple[int, int],
    progress: Progress,
) -> NDArray[np.float16]:
    """Encode the stills' pictures; returns (n, dim) float16 rows of unit length."""
    made_with = hashlib.sha256(msgspec.json.encode(encoder.used)).hexdigest()[:12]
    into = folder.journal / "tag" / f"vectors-{made_with}"
    batches = [stills[i : i + STILLS_A_BATCH] for i in range(0, len(stills), STILLS_A_BATCH)]
    files = [into / f"{number:06d}.npy" for number in range(len(batches))]
    todo = [(batch, file) for batch, file in zip(batches, files, strict=True) if not file.exists()]
    waiting = [folder.root / str(still.file) for batch, _ in todo for still in batch]
    pictures = progress.over(
        (load_picture(path, size=size, least_side=encoder.side) for path in waiting),
        "embedding",
        total=len(stills),
        done=len(stills) - len(waiting),
    )
    for batch, file in todo:
        write_array(file, encoder.pictures(islice(pictures, len(batch))).astype(np.float16))
    rows = [np.load(file, allow_pickle=False) for file in files]
    return np.concatenate(rows) if rows else np.zeros((0, encoder.dim), np.float16)
