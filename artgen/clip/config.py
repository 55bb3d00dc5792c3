"""What a CLIP model is made of and how it wants its pictures: open_clip's configuration, checked."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import msgspec

from artgen.errors import ModelError, machine_faults

CONFIG_NAME = "open_clip_config.json"

Interpolation = Literal["bicubic", "bilinear"]

# open_clip's own default, the statistics of OpenAI's CLIP training pictures.
_CLIP_MEAN = (0.48145466, 0.4578275, 0.40821073)
_CLIP_STD = (0.26862954, 0.26130258, 0.27577711)
_MOST_CONFIG_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Preprocessing:
    """How a picture becomes input: side of the square in pixels, then (rgb / 255 - mean) / std."""

    size: int
    mean: tuple[float, float, float]
    std: tuple[float, float, float]
    interpolation: Interpolation


@dataclass(frozen=True, slots=True)
class ModelConfig:
    """A checked configuration; `architecture` is what open_clip's model classes are built from, `dim` what comes out."""

    architecture: dict[str, Any]
    dim: int
    preprocessing: Preprocessing


class _PreprocessForm(msgspec.Struct, forbid_unknown_fields=True):
    mean: tuple[float, float, float] = _CLIP_MEAN
    std: tuple[float, float, float] = _CLIP_STD
    interpolation: Interpolation = "bicubic"
    resize_mode: Literal["shortest", "longest", "squash"] = "shortest"
    size: int | tuple[int, int] | None = None
    mode: Literal["RGB"] = "RGB"
    fill_color: int = 0


class _ConfigForm(msgspec.Struct):
    model_cfg: dict[str, Any]
    preprocess_cfg: _PreprocessForm = msgspec.field(default_factory=_PreprocessForm)


def read_config(path: Path) -> ModelConfig:
    """The configuration in an open_clip_config.json.

    Raises:
        ModelError: missing, not such a file, or asking for what artgen does not do.
    """
    try:
        with machine_faults(path):
            if path.stat().st_size > _MOST_CONFIG_BYTES:
                raise ModelError(
                    f"{path} is too large for a model's configuration; use the one that came with it."
                )
            form = msgspec.json.decode(path.read_bytes(), type=_ConfigForm)
    except FileNotFoundError as fault:
        raise ModelError(f"{path} is missing; put the model's {CONFIG_NAME} beside its weights.") from fault
    except msgspec.DecodeError as fault:
        raise ModelError(
            f"{path} is not an open_clip configuration that artgen can follow ({fault})."
        ) from fault
    return _checked(form, str(path))


def builtin_config(architecture: str, pretrained: str) -> ModelConfig:
    """The configuration that open_clip itself has for a pair of names.

    Raises:
        ModelError: open_clip does not know the pair.
    """
    import open_clip
    from open_clip.pretrained import get_pretrained_cfg

    model = open_clip.get_model_config(architecture)
    tag = get_pretrained_cfg(architecture, pretrained)
    if model is None or not tag:
        raise ModelError(
            f"open_clip has no model {architecture}:{pretrained}; "
            "`python -c 'import open_clip; print(open_clip.list_pretrained())'` lists what it has."
        )
    preprocess = {
        key: tag[key] for key in ("mean", "std", "interpolation", "resize_mode") if tag.get(key) is not None
    }
    where = f"{architecture}:{pretrained}"
    try:
        form = msgspec.convert({"model_cfg": model, "preprocess_cfg": preprocess}, type=_ConfigForm)
    except msgspec.ValidationError as fault:
        raise ModelError(f"{where} asks for preprocessing that artgen does not know ({fault}).") from fault
    return _checked(form, where)


def _checked(form: _ConfigForm, where: str) -> ModelConfig:
    model, preprocess = form.model_cfg, form.preprocess_cfg
    vision, text = model.get("vision_cfg"), model.get("text_cfg")
    if not isinstance(vision, dict) or not isinstance(text, dict):
        raise ModelError(f"{where} describes no vision_cfg and text_cfg; use a CLIP model's configuration.")
    if "multimodal_cfg" in model or text.get("hf_model_name"):
        raise ModelError(
            f"{where} needs a text model of another library; use a CLIP model that open_clip has whole."
        )
    # A name with a scheme ("hf-hub:...") would make timm load a configuration, or worse, from the network.
    if ":" in str(vision.get("timm_model_name", "")):
        raise ModelError(f"{where} names a timm model by address; use a plain model name.")
    size = vision.get("image_size", 224)
    size = size[0] if isinstance(size, list | tuple) and len(set(size)) == 1 else size
    stated = preprocess.size if not isinstance(preprocess.size, tuple) else preprocess.size[0]
    if not isinstance(size, int) or not 16 <= size <= 1024 or stated not in {None, size}:
        raise ModelError(f"{where} wants pictures of size {size}; artgen gives squares of 16 to 1024 pixels.")
    if min(preprocess.std) <= 0:
        raise ModelError(
            f"{where} has a std that is not positive; use the configuration that came with the model."
        )
    dim = model.get("embed_dim")
    if not isinstance(dim, int) or not 1 <= dim <= 16384:
        raise ModelError(f"{where} has the embed_dim {dim}; use the configuration that came with the model.")
    if "timm_model_name" in vision:
        vision["timm_model_pretrained"] = False
    return ModelConfig(
        model, dim, Preprocessing(size, preprocess.mean, preprocess.std, preprocess.interpolation)
    )
