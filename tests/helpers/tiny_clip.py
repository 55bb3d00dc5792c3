"""A CLIP model small enough to make anew in every test, and pictures for it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

SIZE = 32
CONFIG: dict[str, Any] = {
    "model_cfg": {
        "embed_dim": 24,
        "vision_cfg": {"image_size": SIZE, "layers": 2, "width": 32, "head_width": 16, "patch_size": 8},
        "text_cfg": {"context_length": 16, "vocab_size": 517, "width": 16, "heads": 2, "layers": 1}
        | {"tokenizer_kwargs": {"bpe_path": "merges.txt.gz"}},
    },
    "preprocess_cfg": {"mean": [0.5, 0.5, 0.5], "std": [0.25, 0.25, 0.25], "interpolation": "bicubic"},
}

# Three merges above the 512 single bytes, and two marks: 517 words.
MERGES = b"#version: 0.2\nk i\nki s\nkis s</w>"

MakeModel = Callable[..., Path]


def pictures(count: int, *, height: int = 60, width: int = 143) -> list[NDArray[np.uint8]]:
    """Pictures of 2.39:1 with soft color fields, all different."""
    rng = np.random.default_rng(7)
    y, x = np.mgrid[0:height, 0:width][..., None] / 60
    return [
        np.uint8(127 + 60 * np.sin(rng.uniform(1, 6, 3) * x + rng.uniform(1, 6, 3) * y)) for _ in range(count)
    ]


def write_tiny_model(folder: Path) -> Path:
    """A folder with a whole CLIP model of CONFIG, its weights drawn from a fixed seed."""
    import gzip
    import json

    import open_clip
    import torch
    from safetensors.torch import save_file

    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        state = dict(open_clip.CLIP(**json.loads(json.dumps(CONFIG["model_cfg"]))).state_dict())
    folder.mkdir(parents=True)
    (folder / "open_clip_config.json").write_text(json.dumps(CONFIG), encoding="utf-8")
    (folder / "merges.txt.gz").write_bytes(gzip.compress(MERGES))
    save_file(state, folder / "model.safetensors")
    return folder
