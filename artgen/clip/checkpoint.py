"""From files to a model in memory: safetensors only, every tensor checked, nothing unpickled, no network."""

import gzip
import importlib.util
import warnings
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from artgen.clip.config import ModelConfig
from artgen.errors import ModelError, machine_faults

if TYPE_CHECKING:
    import torch

Tokenizer = Callable[[Sequence[str]], "torch.Tensor"]

# The largest open_clip models have some 2,000 tensors of about 100 header bytes each.
_MOST_HEADER_BYTES = 4 << 20
_MOST_MERGES_BYTES = 16 << 20


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A CLIP model found on this machine, not yet loaded; its tokenizer's files lie in `weights.parent`."""

    id: str
    weights: Path
    config: ModelConfig
    license: str


def load_model(checkpoint: Checkpoint) -> "torch.nn.Module":
    """The model with its weights, float32 on the processor, in evaluation mode.

    Raises:
        ModelError: the weights are not sound safetensors, not finite, or not this architecture's.
    """
    import torch

    state = _read_tensors(checkpoint.weights)
    _check_scale(checkpoint)
    # Building draws random weights; a caller's own random numbers must not depend on that.
    with torch.random.fork_rng(devices=[]):
        model = _build(checkpoint)
    _fit_old_names(state, model)
    try:
        model.load_state_dict(state, strict=True)
    except RuntimeError as fault:
        lines = [line.strip() for line in str(fault).splitlines()[1:] if line.strip()] or [str(fault)]
        raise ModelError(
            f"{checkpoint.weights} does not hold the architecture that its configuration describes "
            f"({lines[0][:300]}); use the two files of one model."
        ) from fault
    return model.eval().requires_grad_(False)


def load_tokenizer(checkpoint: Checkpoint) -> Tokenizer:
    """The model's own tokenizer: texts to (n, context length) int64 tokens.

    Raises:
        ModelError: its files or the package it needs are missing, or they are not sound.
    """
    import open_clip

    text = checkpoint.config.architecture["text_cfg"]
    settings: dict[str, Any] = dict(text.get("tokenizer_kwargs") or {})
    context = text.get("context_length", open_clip.tokenizer.DEFAULT_CONTEXT_LENGTH)
    folder = checkpoint.weights.parent
    unknown = set(settings) - {"bpe_path", "clean", "strip_sep_token"}
    if unknown:
        raise ModelError(
            f"{checkpoint.id} wants its tokenizer with {', '.join(sorted(unknown))}, which artgen does not know."
        )
    if text.get("hf_tokenizer_name"):
        return _hub_tokenizer(checkpoint, folder, context, settings)
    if "bpe_path" in settings:
        settings["bpe_path"] = str(_checked_merges(folder / Path(settings["bpe_path"]).name))
    try:
        tokenizer = open_clip.SimpleTokenizer(context_length=context, **settings)
    except (AssertionError, TypeError, ValueError, KeyError) as fault:
        raise ModelError(f"the tokenizer of {checkpoint.id} in {folder} cannot be read ({fault}).") from fault
    if tokenizer.vocab_size > text.get("vocab_size", tokenizer.vocab_size):
        raise ModelError(
            f"the tokenizer of {checkpoint.id} in {folder} has {tokenizer.vocab_size} words, the model only "
            f"{text['vocab_size']}; use the tokenizer that came with the model."
        )
    return lambda texts: tokenizer(list(texts))


def _read_tensors(path: Path) -> "dict[str, torch.Tensor]":
    import torch
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    if path.suffix != ".safetensors":
        raise ModelError(
            f"{path} is not a .safetensors file, and artgen reads no other (.bin, .pt and .pth files may run "
            "programs when opened); convert it with safetensors.torch.save_file where you trust it."
        )
    try:
        with machine_faults(path), open(path, "rb") as file:
            header = int.from_bytes(file.read(8), "little")
            if header > min(_MOST_HEADER_BYTES, path.stat().st_size):
                raise ModelError(
                    f"{path} is no sound safetensors file (a header of {header} bytes); fetch it again."
                )
            state: dict[str, torch.Tensor] = load_file(path)
    except (FileNotFoundError, IsADirectoryError) as fault:
        raise ModelError(f"{path} is missing or no file; name a .safetensors file or its folder.") from fault
    except (SafetensorError, ValueError, KeyError) as fault:
        raise ModelError(f"{path} is no sound safetensors file ({fault}); fetch it again.") from fault
    for name, tensor in state.items():
        if tensor.is_floating_point() and not bool(torch.isfinite(tensor).all()):
            raise ModelError(f"{path} holds numbers that are not finite (in {name}); fetch it again.")
    return state


def _check_scale(checkpoint: Checkpoint) -> None:
    """Refuse a configuration that describes far more than the file can hold, before memory is taken for it."""
    described = sum(_least_weights(checkpoint, part) for part in ("vision_cfg", "text_cfg"))
    size = checkpoint.weights.stat().st_size
    if described > size:
        raise ModelError(
            f"{checkpoint.weights} has {size} bytes, but the model its configuration describes has at least "
            f"{described} weights; use the two files of one model."
        )


def _least_weights(checkpoint: Checkpoint, part: str) -> int:
    """A lower bound of the weights in a tower: more than width^2 a layer, and width for each word."""
    tower = checkpoint.config.architecture[part]
    if "timm_model_name" in tower:
        return 0
    width, words, layers = tower.get("width", 1), tower.get("vocab_size", 0), tower.get("layers", 1)
    # A ResNet lists how many blocks each of its stages has.
    numbers = [width, words, *(layers if isinstance(layers, list) else [layers])]
    if not all(isinstance(number, int) and number >= 0 for number in numbers):
        raise ModelError(f"the configuration of {checkpoint.id} has a {part} whose sizes are no numbers.")
    return int(width * words + sum(numbers[2:]) * width**2)


def _build(checkpoint: Checkpoint) -> "torch.nn.Module":
    import open_clip

    architecture = dict(checkpoint.config.architecture)
    kind = open_clip.CustomTextCLIP if architecture.pop("custom_text", False) else open_clip.CLIP
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model: torch.nn.Module = kind(**architecture)
    except (TypeError, ValueError, RuntimeError, AssertionError, KeyError, AttributeError) as fault:
        raise ModelError(
            f"the configuration of {checkpoint.id} describes no model that open_clip can build ({fault})."
        ) from fault
    return model


def _fit_old_names(state: "dict[str, torch.Tensor]", model: "torch.nn.Module") -> None:
    """Rename what older open_clip files call differently; the same conversions as open_clip's own loader."""
    wanted = dict(model.state_dict())
    for name in [name for name in state if name.split(".")[0] in _TEXT_NAMES and f"text.{name}" in wanted]:
        state[f"text.{name}"] = state.pop(name)
    for name in ("logit_scale", "logit_bias"):
        if name in state and name in wanted and state[name].numel() == 1:
            state[name] = state[name].reshape(wanted[name].shape)


_TEXT_NAMES = ("text_projection", "positional_embedding", "token_embedding", "transformer", "ln_final")


def _checked_merges(path: Path) -> Path:
    try:
        with machine_faults(path), gzip.open(path) as file:
            if len(file.read(_MOST_MERGES_BYTES + 1)) > _MOST_MERGES_BYTES:
                raise ModelError(
                    f"{path} unpacks to more than a tokenizer's merges; use the file of the model."
                )
    except FileNotFoundError as fault:
        raise ModelError(f"{path} is missing; put the model's tokenizer beside its weights.") from fault
    except (gzip.BadGzipFile, EOFError, zlib.error) as fault:
        raise ModelError(f"{path} is not a sound gzip file ({fault}); use the file of the model.") from fault
    return path


def _hub_tokenizer(checkpoint: Checkpoint, folder: Path, context: int, settings: dict[str, Any]) -> Tokenizer:
    import open_clip

    if importlib.util.find_spec("transformers") is None:
        raise ModelError(
            f"{checkpoint.id} needs the package transformers for its tokenizer: pip install transformers."
        )
    if not (folder / "tokenizer.json").is_file():
        raise ModelError(
            f"{folder / 'tokenizer.json'} is missing; put the model's tokenizer beside its weights."
        )
    try:
        tokenizer = open_clip.tokenizer.HFTokenizer(
            str(folder), context_length=context, local_files_only=True, **settings
        )
    except (OSError, ValueError, TypeError, KeyError, AssertionError) as fault:
        raise ModelError(f"the tokenizer of {checkpoint.id} in {folder} cannot be read ({fault}).") from fault
    return lambda texts: tokenizer(list(texts))
