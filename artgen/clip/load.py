"""From what the user names to a model that runs."""

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from artgen.clip.checkpoint import Checkpoint, load_model, load_tokenizer
from artgen.clip.config import CONFIG_NAME, builtin_config, read_config
from artgen.clip.encoder import Encoder
from artgen.clip.engines import Precision
from artgen.clip.making import Engines
from artgen.clip.precision import Choice, choose_precision
from artgen.errors import ModelError, UsageError
from artgen.folder import sha256_of
from artgen.machine import cache_folder
from artgen.progress import Progress, Silent
from artgen.records import ModelUsed
from artgen.weights import WeightsEntry, WeightsFile, entry_of, fetch_weights, find_weights, read_registry

if TYPE_CHECKING:
    import torch

COMPACT = "artgen-compact"
_HUB_WEIGHTS = "open_clip_model.safetensors"
_USUAL_NAMES = {_HUB_WEIGHTS, "model.safetensors"}
_WEIGHTS_SUFFIXES = {".safetensors", ".bin", ".pt", ".pth", ".ckpt", ".onnx"}


def load_encoder(
    spec: str,
    *,
    device: str = "auto",
    precision: str = "auto",
    offline: bool,
    note: Callable[[str], None],
    progress: Progress | None = None,
    folders: Sequence[Path] = (),
    commercial: bool = False,
    cache: Path | None = None,
) -> Encoder:
    """Find, fetch if need be, and load a CLIP model.

    Args:
        spec: "auto" (a recommended model of this machine, else one fetched, else the bundled compact one),
            an id of the registry, "architecture:pretrained" as open_clip names them, a folder with
            open_clip_config.json and a .safetensors file, or such a file with the configuration beside it.
        device: "auto" (cuda, else mps, else cpu) or a torch device such as "cuda:1".
        precision: "auto", "fp32", "bf16" or "int8" (on the cpu only).
        offline: never touch the network.
        note: told in sentences what is fetched, fallen back to and measured.
        progress: shown how far a fetch is.
        folders: where weights are looked for first.
        commercial: refuse a model whose license allows no commercial use, by name or by its bytes; other
            weights that a path names are the user's own affair.
        cache: where measurements and converted models are kept; artgen's cache folder if None.

    Raises:
        ModelError: the model is not to be had, or its files are not sound.
        UsageError: there is no such device or precision.
    """
    device = find_device(device)
    if precision not in {"auto", *get_args(Precision)}:
        raise UsageError(f"there is no precision {precision}; choose auto, fp32, bf16 or int8.")
    if precision == "int8" and device != "cpu":
        raise UsageError(
            f"precision int8 runs on the cpu, not on {device}; choose fp32, bf16 or --device cpu."
        )
    checkpoint = find_checkpoint(
        spec, offline=offline, note=note, progress=progress, folders=folders, commercial=commercial
    )
    tokenize = load_tokenizer(checkpoint)
    model: Any = load_model(checkpoint)
    sha256 = sha256_of(checkpoint.weights)
    cache = cache or cache_folder()
    engines = Engines(
        model.visual, checkpoint.config.preprocessing, device=device, sha256=sha256, cache=cache
    )
    choice: Choice | None = None
    if precision == "auto":
        choice = choose_precision(engines, sha256=sha256, cache=cache, note=note)
        precision = choice.precision
    engine = engines.make(precision)  # type: ignore[arg-type]  # checked above
    if precision != "fp32":
        model.visual = None  # The engine has its own; a large tower should not stay in memory twice.
    model.to(device)

    def encode_tokens(tokens: "torch.Tensor") -> "torch.Tensor":
        vectors: torch.Tensor = model.encode_text(tokens.to(device))
        return vectors

    used = ModelUsed("clip", checkpoint.id, sha256[:12], sha256, checkpoint.license, precision, device)
    return Encoder(
        engine,
        encode_tokens,
        tokenize,
        preprocessing=checkpoint.config.preprocessing,
        dim=checkpoint.config.dim,
        used=used,
        choice=choice,
    )


def find_checkpoint(
    spec: str,
    *,
    offline: bool,
    note: Callable[[str], None],
    progress: Progress | None = None,
    folders: Sequence[Path] = (),
    commercial: bool = False,
) -> Checkpoint:
    """The files that `spec` names, fetched if need be, not yet read; see load_encoder.

    Raises:
        ModelError: they are not to be had, or not for commercial use where that is asked for.
    """
    if spec == "auto":
        return _find_auto(offline, note, progress, folders, commercial)
    path = Path(spec)
    if path.exists() or path.suffix in _WEIGHTS_SUFFIXES or spec.startswith((".", "/", "~")):
        return _local(path.expanduser(), commercial)
    entry = _pair(spec) if ":" in spec else _clip_entry(spec)
    _allow(entry, spec, commercial)
    return _from_entry(entry, offline, note, progress, folders)


def _find_auto(
    offline: bool,
    note: Callable[[str], None],
    progress: Progress | None,
    folders: Sequence[Path],
    commercial: bool,
) -> Checkpoint:
    wanted = _recommended()
    for entry in wanted:
        if (found := find_weights(entry, folders=folders)) is not None:
            return _of_entry(entry, found)
    reason = "the network is switched off"
    if not offline:
        try:
            return _from_entry(wanted[0], offline, note, progress, folders)
        except ModelError as fault:
            reason = str(fault)
    if commercial and not entry_of(COMPACT).commercial:
        raise ModelError(
            f"No CLIP model for commercial use is on this machine, and {reason.rstrip('.')}; {_other_model()}."
        )
    note(
        f"Using the bundled model {COMPACT}, because {reason.rstrip('.')}. Tags are better with {wanted[0].id}: "
        f"run `artgen models fetch {wanted[0].id}` once, with a network."
    )
    return _from_entry(entry_of(COMPACT), True, note, progress, folders)


def _recommended() -> list[WeightsEntry]:
    """The CLIP models that auto may take, best first; their licenses allow commercial use."""
    return [entry for entry in read_registry() if entry.kind == "clip" and entry.recommended]


def _allow(entry: WeightsEntry, spec: str, commercial: bool) -> None:
    if commercial and not entry.commercial:
        raise ModelError(
            f"{spec} is not known to be free for commercial use (license: {entry.license}); {_other_model()}."
        )


def _other_model() -> str:
    """What to do where a model is not for commercial use."""
    return f"run `artgen models fetch {_recommended()[0].id}` and leave --model out, or name your own by path"


def _from_entry(
    entry: WeightsEntry,
    offline: bool,
    note: Callable[[str], None],
    progress: Progress | None,
    folders: Sequence[Path],
) -> Checkpoint:
    found = find_weights(entry, folders=folders)
    if found is None:
        if entry.fetchable and not offline:
            note(f"Fetching {entry.id} (about {entry.bytes / 1e6:.0f} MB, license {entry.license}).")
        found = fetch_weights(entry, progress=progress or Silent(), offline=offline)
    return _of_entry(entry, found)


def _of_entry(entry: WeightsEntry, weights: Path) -> Checkpoint:
    if entry.architecture is None or entry.pretrained is None:
        config = read_config(weights.with_name(CONFIG_NAME))
    else:
        config = builtin_config(entry.architecture, entry.pretrained)
    return Checkpoint(entry.id, weights, config, entry.license)


def _clip_entry(id: str) -> WeightsEntry:
    entry = entry_of(id)
    if entry.kind != "clip":
        raise ModelError(f"{id} is a {entry.kind}, not a CLIP model; `artgen models list` shows which are.")
    return entry


def _pair(spec: str) -> WeightsEntry:
    """The registry's entry of an "architecture:pretrained" pair, or one made for it from what open_clip says."""
    architecture, _, pretrained = spec.partition(":")
    for entry in read_registry():
        if (entry.architecture, entry.pretrained) == (architecture, pretrained):
            return entry
    builtin_config(architecture, pretrained)
    from open_clip.pretrained import get_pretrained_cfg

    repository, _, name = str(get_pretrained_cfg(architecture, pretrained).get("hf_hub") or "").rpartition(
        "/"
    )
    if not repository or name:
        raise ModelError(
            f"{spec} is offered only as a file that may run programs when opened; choose a model that lies on "
            "Hugging Face as .safetensors, or convert it yourself and name the folder."
        )
    return WeightsEntry(
        id=re.sub(r"[^A-Za-z0-9._-]", "-", f"{architecture}--{pretrained}"),
        kind="clip",
        architecture=architecture,
        pretrained=pretrained,
        source=f"hub:{repository}",
        files=(WeightsFile(_HUB_WEIGHTS),),
        bytes=0,
        license=f"see {repository}",
        commercial=False,  # not known
        license_note="not in artgen's registry",
        summary="",
        recommended=False,
    )


def _local(path: Path, commercial: bool) -> Checkpoint:
    """A folder with a configuration and one .safetensors file, or such a file."""
    if path.is_dir():
        found = sorted(path.glob("*.safetensors"))
        preferred = [file for file in found if file.name in _USUAL_NAMES]
        if len(found) != 1 and not preferred:
            raise ModelError(f"{path} holds {len(found)} .safetensors files; name the one to use.")
        path = (preferred or found)[0]
    if path.suffix != ".safetensors":
        raise ModelError(
            f"{path} is not a .safetensors file, and artgen reads no other (.bin, .pt and .pth files may run "
            "programs when opened); convert it with safetensors.torch.save_file where you trust it."
        )
    if not path.is_file():
        raise ModelError(
            f"{path} is missing; name a .safetensors file, its folder, or a model of the registry."
        )
    name = path.parent.resolve().name if path.name in _USUAL_NAMES else path.stem
    known = _entry_with(path)
    if known is not None:
        _allow(known, f"{path} ({known.id})", commercial)
    license = "unknown" if known is None else known.license
    return Checkpoint(f"local:{name}", path, read_config(path.with_name(CONFIG_NAME)), license)


def _entry_with(weights: Path) -> WeightsEntry | None:
    """The registry's CLIP model that has these very weights; None where none is known to."""
    size = weights.stat().st_size
    for entry in read_registry():
        file = entry.files[0]
        if entry.kind == "clip" and file.bytes == size and file.sha256 == sha256_of(weights):
            return entry
    return None


def find_device(name: str) -> str:
    """The torch device of that name; "auto" is cuda, else mps, else cpu.

    Raises:
        UsageError: this machine has no such device.
    """
    import torch

    if name == "auto":
        if torch.cuda.is_available():
            return "cuda"
        return "mps" if torch.backends.mps.is_available() else "cpu"
    try:
        torch.zeros(1, device=name)
    except (RuntimeError, AssertionError, NotImplementedError) as fault:
        raise UsageError(
            f"this machine has no device {name} ({str(fault).splitlines()[0]}); use --device auto."
        ) from fault
    return name
