"""Which engine is fastest on this machine: timed once for a model, remembered in the cache folder.

No flag of a processor says it: bfloat16 was 2.3 times as fast as float32 on one and half as fast on
another, and torch called it supported on both.
"""

import hashlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from artgen.clip.engines import PictureEngine, Precision, run_engine
from artgen.clip.machinery import describe_machine
from artgen.clip.making import Engines
from artgen.errors import MachineError, ModelError
from artgen.folder import write_json

# Below this a candidate's vectors would reorder close neighbors; docs/models.md has what was measured.
LOWEST_COSINE = 0.99
# A candidate must win clearly: a machine that is busy for a moment should not change what it computes.
_LEAST_GAIN = 1.25
# A tower this small costs less than decoding the still: float32 untimed, and the same on every run.
_FEW_WEIGHTS = 10_000_000
# From here on the model is the small part of a still's cost, beside its faces and its composition.
_FAST_ENOUGH_PER_S = 100.0


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


def choose_precision(engines: Engines, *, sha256: str, cache: Path, note: Callable[[str], None]) -> Choice:
    """The precision for a model on this machine, timed the first time and read from `cache` later.

    A small model is not timed.
    """
    machine = describe_machine(engines.device)
    if engines.weight_count < _FEW_WEIGHTS:
        return Choice("fp32", (), dict.fromkeys(engines.candidates, "the model is small"), machine)
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


def _try_all(engines: Engines, machine: dict[str, str], note: Callable[[str], None]) -> Choice:
    squares = sample_squares(engines.preprocessing.size)
    plain = engines.make("fp32")
    truth = run_engine(plain, squares)  # and the libraries have warmed up
    (rate,) = _per_second([plain], squares)
    if rate >= _FAST_ENOUGH_PER_S:
        reason = f"fp32 is fast enough ({rate:.0f} pictures a second)"
        left_out = dict.fromkeys(engines.candidates, reason)
        return Choice("fp32", (Trial("fp32", rate, 1.0),), left_out, machine)
    note("Measuring which precision is fastest for this model on this machine; this happens once.")
    left_out = {}
    candidates = []
    for precision in engines.candidates:
        try:
            candidates.append(engines.make(precision))
        except (ModelError, MachineError) as fault:
            left_out[precision] = str(fault)
    cosines = [_lowest_cosine(run_engine(engine, squares), truth) for engine in candidates]
    rates = _per_second([plain, *candidates, plain, *candidates], squares)
    best = np.reshape(rates, (2, -1)).max(axis=0)
    trials = [Trial("fp32", float(best[0]), 1.0)]
    for engine, per_second, cosine in zip(candidates, best[1:], cosines, strict=True):
        trials.append(Trial(engine.precision, float(per_second), cosine))
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


def _per_second(engines: Sequence[PictureEngine], squares: NDArray[np.uint8]) -> list[float]:
    """Pictures a second of each engine, one after the other, all of them run before, with every core at work."""
    rates = []
    for engine in engines:
        many = np.tile(
            squares, (-(-max(engine.batch, len(squares)) // len(squares)) * engine.at_once, 1, 1, 1)
        )
        start = time.perf_counter()
        run_engine(engine, many)
        rates.append(len(many) / (time.perf_counter() - start))
    return rates


def sample_squares(size: int) -> NDArray[np.uint8]:
    """8 generated pictures (8, size, size, 3) with edges, gradients and texture, alike on every machine."""
    rng = np.random.default_rng(0)
    y, x = np.mgrid[0:size, 0:size].astype(np.float32) / size
    squares = np.zeros((8, size, size, 3), np.uint8)
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
