"""The CLIP vector of every still, kept in the journal some at a time."""

import hashlib
from collections.abc import Iterable
from itertools import islice

import msgspec
import numpy as np
from numpy.typing import NDArray

from artgen.clip import Encoder
from artgen.folder import FramesFolder, write_array
from artgen.progress import Progress

STILLS_A_FILE = 128  # whole batches of any engine: a run cut short goes on with the same stills side by side


def embed_stills(
    squares: Iterable[NDArray[np.uint8]],
    folder: FramesFolder,
    encoder: Encoder,
    *,
    count: int,
    progress: Progress,
) -> NDArray[np.float16]:
    """Encode what looking kept of `count` stills; returns (count, dim) float16 rows of unit length, in their order."""
    made_with = hashlib.sha256(msgspec.json.encode(encoder.used)).hexdigest()[:12]
    into = folder.journal / "tag" / f"vectors-{made_with}"
    files = [into / f"{number:06d}.npy" for number in range(-(-count // STILLS_A_FILE))]
    whole = next((number for number, file in enumerate(files) if not file.exists()), len(files))
    done = min(whole * STILLS_A_FILE, count)
    vectors = encoder.of_squares(islice(squares, done, None))
    rows = progress.over(vectors, "embedding", total=count, done=done)
    for file in files[whole:]:
        write_array(file, np.stack(list(islice(rows, STILLS_A_FILE))).astype(np.float16))
    kept = [np.load(file, allow_pickle=False) for file in files]
    return np.concatenate(kept) if kept else np.zeros((0, encoder.dim), np.float16)
