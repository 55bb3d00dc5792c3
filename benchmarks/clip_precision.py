"""How fast and how exact is each precision of a CLIP model on this machine?

    python benchmarks/clip_precision.py ViT-B-32 ViT-L-14      # open_clip architectures, random weights
    python benchmarks/clip_precision.py artgen-compact         # a real model
    python benchmarks/clip_precision.py artgen-compact --captions captions.csv

Every precision is timed in turn, several rounds, so that whatever else the machine does meets all alike; the
best and the median round are printed, with the lowest cosine to float32 over the trial pictures. With captions
("picture file,caption" a line): how many nearest pictures a caption keeps when vectors are off by a cosine.
"""

import argparse
import csv
import statistics
import tempfile
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from artgen.clip import load_encoder
from artgen.clip.checkpoint import load_model
from artgen.clip.config import Preprocessing
from artgen.clip.engines import PictureEngine, run_engine
from artgen.clip.load import find_checkpoint
from artgen.clip.machinery import describe_machine
from artgen.clip.making import Engines
from artgen.clip.precision import _lowest_cosine, _per_second, sample_squares
from artgen.errors import ModelError
from artgen.progress import Silent


def make_engines(name: str, cache: Path) -> Engines:
    """The engines of a model of this machine, or of an architecture with weights drawn from a fixed seed."""
    import open_clip
    import torch

    if name not in open_clip.list_models():
        checkpoint = find_checkpoint(name, offline=True, note=print, progress=Silent())
        model = load_model(checkpoint)
        return Engines(model.visual, checkpoint.config.preprocessing, device="cpu", sha256=name, cache=cache)
    torch.manual_seed(0)
    config = open_clip.get_model_config(name)
    model = open_clip.CLIP(**config).eval().requires_grad_(False)
    wanted = Preprocessing(
        config["vision_cfg"]["image_size"], (0.48, 0.46, 0.41), (0.27, 0.26, 0.28), "bicubic"
    )
    return Engines(model.visual, wanted, device="cpu", sha256=name, cache=cache)


def time_all(name: str, rounds: int) -> None:
    """Print one line a precision."""
    with tempfile.TemporaryDirectory() as cache:
        engines = make_engines(name, Path(cache))
        squares = sample_squares(engines.preprocessing.size)
        made: list[PictureEngine] = []
        for precision in ("fp32", *engines.candidates):
            start = time.perf_counter()
            try:
                made.append(engines.make(precision))
            except ModelError as fault:
                print(f"{name:16} {precision}: {fault}")
                continue
            print(f"{name:16} {precision}: ready in {time.perf_counter() - start:.1f} s")
        truth = run_engine(made[0], squares)
        cosines = [_lowest_cosine(run_engine(engine, squares), truth) for engine in made]
        rates: list[list[float]] = [[] for _ in made]
        for _ in range(rounds):
            for index, engine in enumerate(made):
                rates[index] += _per_second([engine], squares)
        for engine, cosine, rate in zip(made, cosines, rates, strict=True):
            print(
                f"{name:16} {engine.precision:5} best {max(rate):6.1f}  median {statistics.median(rate):6.1f} "
                f"pictures/s, lowest cosine {cosine:.5f}"
            )


def shake(captions: Path, model: str, most: int = 500) -> None:
    """Print what a given lowest cosine would do to the order of pictures."""
    with open(captions, encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    names = list(dict.fromkeys(name for name, _ in rows))[:most]
    encoder = load_encoder(model, precision="fp32", offline=True, note=print)
    pictures = encoder.pictures(
        np.asarray(Image.open(captions.parent / name).convert("RGB")) for name in names
    )
    texts = encoder.texts([caption for name, caption in rows if name in set(names)])
    scores = texts @ pictures.T
    print(f"{model}: spread of a text's cosines over pictures {scores.std(axis=1).mean():.4f}")
    for cosine in (0.95, 0.98, 0.99, 0.995, 0.999):
        off = texts @ _turned(pictures, cosine).T
        same = np.mean([len(_first(a) & _first(b)) / 10 for a, b in zip(scores, off, strict=True)])
        print(f"  all vectors off by cosine {cosine}: {same:.1%} of the first ten pictures stay, "
              f"a text's cosine moves by {np.abs(off - scores * cosine).std():.4f}")  # fmt: skip


def _first(scores: NDArray[np.float32]) -> set[int]:
    return set(np.argsort(-scores)[:10].tolist())


def _turned(vectors: NDArray[np.float32], cosine: float) -> NDArray[np.float32]:
    """Each vector turned by that cosine in a random direction."""
    noise = np.random.default_rng(0).normal(size=vectors.shape)
    noise -= (noise * vectors).sum(axis=1, keepdims=True) * vectors
    noise /= np.linalg.norm(noise, axis=1, keepdims=True)
    return (cosine * vectors + np.sqrt(1 - cosine**2) * noise).astype(np.float32)


def main() -> None:
    """Time every model named, then shake the vectors of the first if captions are given."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("models", nargs="+")
    parser.add_argument("--captions", type=Path)
    parser.add_argument("--rounds", type=int, default=7)
    asked = parser.parse_args()
    print(describe_machine("cpu"))
    for name in asked.models:
        time_all(name, asked.rounds)
    if asked.captions:
        shake(asked.captions, asked.models[0])


if __name__ == "__main__":
    main()
