"""Make the background of a CLIP model: how its vectors of ordinary pictures are spread.

    python models/background.py artgen-compact PICTURES... [--most 3000]

Writes models/backgrounds/ID.safetensors, which artgen.tags reads to know what cosine is usual for a
sentence. To be run again whenever the model's weights change: the file names their sha256, and a test
compares it. PICTURES are folders of photographs of people, places and things; no picture can be told
from the mean and covariance that are kept.
"""

import argparse
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save_file

from artgen.clip import load_encoder
from artgen.tags.calibration import background_path

AXES = 96  # of the covariance; what lies in the other directions is taken for even


def main() -> None:
    """Encode pictures and write their mean and covariance."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("model", help="id in the registry")
    parser.add_argument("pictures", type=Path, nargs="+")
    parser.add_argument("--most", type=int, default=3000)
    settings = parser.parse_args()
    found = sorted(
        file for folder in settings.pictures for file in folder.rglob("*") if file.suffix in {".jpg", ".png"}
    )
    chosen = found[:: max(1, len(found) // settings.most)]
    encoder = load_encoder(settings.model, device="cpu", precision="fp32", offline=True, note=print)
    vectors = encoder.pictures(_read(chosen))
    arrays = moments(vectors.astype(np.float64))
    path = background_path(encoder.model_id)
    assert path is not None, f"{encoder.model_id} is no id of the registry"
    path.parent.mkdir(exist_ok=True)
    names = {"weights_sha256": str(encoder.used.sha256), "pictures": str(len(vectors))}
    save_file(arrays, path, metadata=names)
    print(f"{len(vectors)} pictures, {path}")


def moments(vectors: NDArray[np.float64]) -> dict[str, NDArray[np.float32]]:
    """Mean, principal axes scaled to the covariance, and the variance left in each other direction."""
    values, directions = np.linalg.eigh(np.cov(vectors.T))
    kept = min(AXES, len(values) - 1)
    rest = float(values[:-kept].mean())
    axes = (directions[:, -kept:] * np.sqrt(np.maximum(values[-kept:] - rest, 0))).T
    return {
        "mean": vectors.mean(axis=0).astype(np.float32),
        "axes": np.ascontiguousarray(axes, np.float32),
        "rest": np.array([rest], np.float32),
    }


def _read(files: list[Path]) -> Iterator[NDArray[np.uint8]]:
    for file in files:
        picture = cv2.imread(str(file), cv2.IMREAD_COLOR_RGB)
        if picture is not None:
            yield np.asarray(picture, np.uint8)


if __name__ == "__main__":
    main()
