"""Which engine is fastest on this machine: timed once for a model, remembered in the cache folder.

No flag of a processor says it: bfloat16 was 2.3 times as fast as float32 on one and half as fast on
another, and torch called it supported on both.
"""

import copy
import hashlib
import os
import platform
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import numpy as np
from numpy.typing import NDArray

from artgen.clip.config import Preprocessing
from artgen.clip.engines import (
    OnnxEngine,
    PictureEngine,
    Precision,
    TorchEngine,
    can_export_int8,
    export_int8,
)
from artgen.errors import MachineError, ModelError
from artgen.folder import write_json
from artgen.machine import core_count

if TYPE_CHECKING:
    import torch

# Below this a candidate's vectors would reorder close neighbors; docs/models.md has what was measured.
LOWEST_COSINE = 0.99
# A candidate must win clearly: a machine that is busy for a moment should not change what it computes.
_LEAST_GAIN = 1.25
# Decoding a still and reading its faces takes longer than this; a faster model would wait for them.
_FAST_ENOUGH_PER_S = 25.0
_ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Trial:
    """One candidate: pictures a second, and the lowest cosine of its vectors to float32's."""

    precision: Precision
    per_second: float
    lowest_cosine: float


@dataclass(frozen=True, slots=True)
class Choice:
    """What was chosen for a model on a machine, with every trial and what was left out and why."""

    precision: Precision
    trials: tuple[Trial, ...]
    left_out: dict[Precision, str]
    machine: dict[str, str]


class Engines:
    """Makes the engines of one picture tower on one device; the tower is loaded once and copied for bfloat16."""

    def __init__(
        self, tower: "torch.nn.Module", preprocessing: Preprocessing, *, device: str, sha256: str, cache: Path
    ) -> None:
        """`tower` is float32; `sha256` of its weights names what is kept in `cache`."""
        self._tower = tower
        self._int8 = cache / "clip" / f"{sha256[:16]}-{_versions_key()}.int8.onnx"
        self.preprocessing = preprocessing
        self.device = device

    @property
    def candidates(self) -> tuple[Precision, ...]:
        """What may be faster than fp32 on this device."""
        if self.device == "cpu":
            return ("bf16", "int8")
        return ("bf16",) if self.device.startswith("cuda") else ()

    def make(self, precision: Precision) -> PictureEngine:
        """An engine ready to run.

        Raises:
            ModelError: int8 was asked for and cannot be had.
        """
        match precision:
            case "fp32":
                return TorchEngine(self._tower, self.preprocessing, precision="fp32", device=self.device)
            case "bf16":
                tower = copy.deepcopy(self._tower)
                return TorchEngine(tower, self.preprocessing, precision="bf16", device=self.device)
            case "int8":
                return self._make_int8()

    def _make_int8(self) -> OnnxEngine:
        if not self._int8.is_file():
            if not can_export_int8():
                raise ModelError(
                    "precision int8 needs the package onnx to convert the model: pip install onnx."
                )
            try:
                export_int8(self._tower, self.preprocessing, self._int8)
            except (RuntimeError, ValueError, TypeError, NotImplementedError) as fault:
                raise ModelError(
                    f"this model cannot be converted to int8 ({str(fault).splitlines()[0][:200]}); choose fp32 or bf16."
                ) from fault
        return OnnxEngine(self._int8, self.preprocessing, threads=core_count())


def choose_precision(engines: Engines, *, sha256: str, cache: Path, note: Callable[[str], None]) -> Choice:
    """The precision for a model on this machine, timed the first time and read from `cache` later."""
    machine = describe_machine(engines.device)
    key = hashlib.sha256(repr((sha256, sorted(machine.items()))).encode()).hexdigest()[:16]
    path = cache / "clip" / f"precision-{key}.json"
    remembered = _remembered(path)
    if remembered is not None:
        return remembered
    choice = _try_all(engines, machine, note)
    try:
        write_json(path, choice)
    except (MachineError, OSError) as fault:
        note(f"The choice of precision could not be kept ({fault}) and will be made again next time.")
    return choice


def describe_machine(device: str) -> dict[str, str]:
    """What the speed of an engine hangs on: device, cores, and versions of the libraries that run it."""
    return {"device": _device_name(device), "cores": str(core_count())} | _versions()


def _try_all(engines: Engines, machine: dict[str, str], note: Callable[[str], None]) -> Choice:
    squares = sample_squares(engines.preprocessing.size)
    plain = engines.make("fp32")
    truth = run_engine(plain, squares)
    trials = [Trial("fp32", _per_second([plain], squares)[0], 1.0)]
    if trials[0].per_second >= _FAST_ENOUGH_PER_S:
        reason = f"fp32 is fast enough ({trials[0].per_second:.0f} pictures a second)"
        return Choice("fp32", tuple(trials), dict.fromkeys(engines.candidates, reason), machine)
    note("Choosing the model's precision for this machine; this happens once.")
    left_out: dict[Precision, str] = {}
    candidates = []
    for precision in engines.candidates:
        try:
            candidates.append(engines.make(precision))
        except (ModelError, MachineError) as fault:
            left_out[precision] = str(fault)
    rates = _per_second([plain, *candidates], squares)
    trials = [Trial("fp32", rates[0], 1.0)]
    for engine, rate in zip(candidates, rates[1:], strict=True):
        trials.append(Trial(engine.precision, rate, _lowest_cosine(run_engine(engine, squares), truth)))
    return Choice(_winner(trials), tuple(trials), left_out, machine)


def _winner(trials: list[Trial]) -> Precision:
    """The fastest that is close enough to float32 and clearly faster than it."""
    plain = trials[0]
    good = [
        trial
        for trial in trials[1:]
        if trial.lowest_cosine >= LOWEST_COSINE and trial.per_second >= _LEAST_GAIN * plain.per_second
    ]
    return max(good, key=lambda trial: trial.per_second).precision if good else plain.precision


def run_engine(engine: PictureEngine, squares: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Vectors (n, dim) of n squares, in calls of the engine's batch, the last filled up."""
    rows = []
    for start in range(0, len(squares), engine.batch):
        few = squares[start : start + engine.batch]
        filled = np.concatenate([few, np.zeros((engine.batch - len(few), *few.shape[1:]), np.uint8)])
        rows.append(engine(filled)[: len(few)])
    return np.concatenate(rows)


def _per_second(engines: list[PictureEngine], squares: NDArray[np.uint8]) -> list[float]:
    """Pictures a second of each, the best of some rounds in turn: what else the machine does meets all alike."""
    for engine in engines:
        run_engine(engine, squares[:1])
    best = [np.inf] * len(engines)
    for _ in range(_ROUNDS):
        for index, engine in enumerate(engines):
            start = time.perf_counter()
            run_engine(engine, squares)
            best[index] = min(best[index], time.perf_counter() - start)
    return [len(squares) / seconds for seconds in best]


def sample_squares(size: int) -> NDArray[np.uint8]:
    """16 generated pictures (16, size, size, 3) with edges, gradients and texture, alike on every machine."""
    rng = np.random.default_rng(0)
    y, x = np.mgrid[0:size, 0:size].astype(np.float32) / size
    squares = np.zeros((16, size, size, 3), np.uint8)
    for square in squares:
        picture = rng.uniform(0, 200, 3) + (
            x[..., None] * rng.uniform(-80, 80, 3) + y[..., None] * rng.uniform(-80, 80, 3)
        )
        for _ in range(6):
            cx, cy, radius = rng.uniform(0, 1, 3) * (1, 1, 0.3)
            picture[(x - cx) ** 2 + (y - cy) ** 2 < radius**2] = rng.uniform(0, 255, 3)
        square[:] = np.clip(picture + rng.normal(0, 6, picture.shape), 0, 255)
    return squares


def _lowest_cosine(vectors: NDArray[np.float32], truth: NDArray[np.float32]) -> float:
    lengths = np.linalg.norm(vectors, axis=1) * np.linalg.norm(truth, axis=1)
    cosines = (vectors * truth).sum(axis=1) / np.maximum(lengths, 1e-12)
    return float(np.nan_to_num(cosines, nan=-1.0).min())


def _remembered(path: Path) -> Choice | None:
    try:
        return msgspec.json.decode(path.read_bytes(), type=Choice)
    except (OSError, msgspec.DecodeError):
        # Not there, or cut short: it is only a measurement, and is made again.
        return None


def _versions() -> dict[str, str]:
    found = {}
    for name in ("torch", "onnxruntime", "onnx"):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "none"
    return found


def _versions_key() -> str:
    return hashlib.sha256(repr(sorted(_versions().items())).encode()).hexdigest()[:8]


def _device_name(device: str) -> str:
    if not device.startswith("cuda"):
        return f"{device} {_processor()}"
    import torch

    return f"{device} {torch.cuda.get_device_name(device)}"


def _processor() -> str:
    """The processor's name, and on Linux its instructions: virtual machines often share a name and differ in these."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return f"{platform.machine()} {platform.processor()} {os.environ.get('PROCESSOR_IDENTIFIER', '')}".strip()
    wanted = ("model name", "flags", "Features", "CPU part")
    facts = {key: value for line in lines for key, _, value in [line.partition(":")] if key.strip() in wanted}
    name = next(
        (value.strip() for key, value in facts.items() if key.strip() == "model name"), platform.machine()
    )
    return f"{name} {hashlib.sha256(repr(sorted(facts.items())).encode()).hexdigest()[:8]}"
