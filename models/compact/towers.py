"""The model of open_clip_config.json: built, started from ImageNet, written and read back."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import open_clip
import torch
from numpy.typing import NDArray
from safetensors.torch import save_file
from torch import Tensor, nn
from torch.nn import functional

HERE = Path(__file__).parent
MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)  # those of ImageNet, as in preprocess_cfg
TEXTS_AT_ONCE = 128  # of like length
FROZEN_BLOCKS = 2  # of six; with the stem they would take a third of the time to train
TORCHVISION_EPSILON, TIMM_EPSILON = 1e-3, 1e-5


def build_model() -> open_clip.CLIP:
    """A model with random weights, of the config beside this file."""
    config: dict[str, Any] = json.loads((HERE / "open_clip_config.json").read_text(encoding="utf-8"))[
        "model_cfg"
    ]
    return open_clip.CLIP(**config)


def build_tokenizer() -> Callable[[list[str]], Tensor]:
    """The tokenizer of merges.txt.gz: sentences to (n, 32) int64."""
    tokenizer: Callable[[list[str]], Tensor] = open_clip.get_tokenizer(
        f"local-dir:{HERE}", bpe_path=str(HERE / "merges.txt.gz")
    )
    return tokenizer


def start_from_imagenet(model: open_clip.CLIP, path: Path) -> None:
    """Give the image tower torchvision's ImageNet features of MobileNetV3-Small.

    The two libraries name the same tensors in the same order. timm adds less to a variance than
    torchvision, so the difference goes into the variances.

    Args:
        model: gets the weights.
        path: state dict of a torchvision `features` module; read with weights_only, so no code runs.
    """
    theirs = torch.load(path, weights_only=True, map_location="cpu")
    ours = {
        k: v
        for k, v in model.visual.trunk.state_dict().items()
        if not k.startswith(("conv_head", "classifier"))
    }
    state = {}
    for (name, old), new in zip(ours.items(), theirs.values(), strict=True):
        if old.shape != new.shape:
            raise ValueError(f"{path}: {name} should be {tuple(old.shape)}, found {tuple(new.shape)}")
        state[name] = new + (TORCHVISION_EPSILON - TIMM_EPSILON) if name.endswith("running_var") else new
    model.visual.trunk.load_state_dict(state, strict=False)


def as_input(pictures: NDArray[np.uint8]) -> Tensor:
    """Pictures (n, side, side, 3) uint8 as the normalized (n, 3, side, side) float32 that the model takes."""
    x = torch.from_numpy(pictures).permute(0, 3, 1, 2).float().div_(255)  # channels stay last in memory
    return x.sub_(torch.tensor(MEAN).view(1, 3, 1, 1)).div_(torch.tensor(STD).view(1, 3, 1, 1))


def frozen_part(model: open_clip.CLIP) -> nn.Sequential:
    """The first layers of the image tower, which keep their ImageNet weights: edges are edges in film too."""
    trunk = model.visual.trunk
    return nn.Sequential(trunk.conv_stem, trunk.bn1, *trunk.blocks[:FROZEN_BLOCKS])


def encode_pictures(model: open_clip.CLIP, x: Tensor) -> Tensor:
    """Unit vectors (n, embed_dim) of pictures, as model.encode_image gives, the frozen part without gradients."""
    with torch.no_grad():
        x = frozen_part(model)(x)
    trunk = model.visual.trunk
    return functional.normalize(trunk.forward_head(trunk.blocks[FROZEN_BLOCKS:](x)), dim=-1)


def encode_text(model: open_clip.CLIP, tokens: Tensor) -> Tensor:
    """Unit vectors (n, embed_dim) of tokens (n, 32), as model.encode_text gives, the padding not computed."""
    ends = tokens.argmax(1)  # the end-of-text token has the largest id
    order = ends.argsort()
    parts = [
        _encode_alike(model, tokens[chosen], ends[chosen]) for chosen in torch.split(order, TEXTS_AT_ONCE)
    ]
    return torch.cat(parts)[order.argsort()]


def _encode_alike(model: open_clip.CLIP, tokens: Tensor, ends: Tensor) -> Tensor:
    length = int(ends.max()) + 1
    with torch.autocast("cpu", torch.bfloat16):
        x = model.token_embedding(tokens[:, :length]) + model.positional_embedding[:length]
        x = model.transformer(x, attn_mask=model.attn_mask[:length, :length])
        x = model.ln_final(x)
    x = x[torch.arange(len(x)), ends].float() @ model.text_projection
    return functional.normalize(x, dim=-1)


def save_weights(state: dict[str, Tensor], path: Path) -> None:
    """Write a state dict as safetensors, floating point as fp16."""
    halves = {k: v.half().contiguous() if v.is_floating_point() else v.contiguous() for k, v in state.items()}
    save_file(halves, path, metadata={"format": "pt"})
