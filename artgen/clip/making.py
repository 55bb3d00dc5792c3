"""The engines of one model on one device, made when they are asked for."""

import copy
import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from artgen.clip.config import Preprocessing
from artgen.clip.engines import PictureEngine, Precision, TorchEngine
from artgen.clip.int8 import OnnxEngine, can_export_int8, export_int8
from artgen.clip.machinery import library_versions
from artgen.errors import ModelError

if TYPE_CHECKING:
    import torch


class Engines:
    """Makes the engines of one picture tower on one device; the tower is loaded once and copied for bfloat16."""

    def __init__(
        self, tower: "torch.nn.Module", preprocessing: Preprocessing, *, device: str, sha256: str, cache: Path
    ) -> None:
        """`tower` is float32; `sha256` of its weights names what is kept in `cache`."""
        self._tower = tower
        self._int8 = cache / "clip" / f"{sha256[:16]}-{_key_of_libraries()}.int8.onnx"
        self.preprocessing = preprocessing
        self.device = device

    @property
    def candidates(self) -> tuple[Precision, ...]:
        """What may be faster than fp32 on this device."""
        if self.device == "cpu":
            return ("bf16", "int8")
        return ("bf16",) if self.device.startswith("cuda") else ()

    @property
    def weight_count(self) -> int:
        """How many weights the tower has."""
        return sum(weight.numel() for weight in self._tower.parameters())

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
        return OnnxEngine(self._int8, self.preprocessing)


def _key_of_libraries() -> str:
    return hashlib.sha256(repr(sorted(library_versions().items())).encode()).hexdigest()[:8]
