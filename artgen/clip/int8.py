"""The picture side in 8-bit integers, run by ONNX Runtime: for processors, where it is often the fastest."""

import importlib.util
import logging
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from artgen.clip.config import Preprocessing
from artgen.clip.engines import Precision
from artgen.clip.framing import scale_and_shift
from artgen.errors import machine_faults
from artgen.folder import write_through
from artgen.machine import core_count
from artgen.weights import open_network

if TYPE_CHECKING:
    import torch


class OnnxEngine:
    """Runs a quantized picture tower in ONNX Runtime, on the processor.

    One square a call: dynamic quantization takes its scale from the whole input, so in a batch each
    vector would depend on its neighbors (cosine 0.9998). It is also the fastest size there.
    """

    precision: Precision = "int8"
    batch = 1

    def __init__(self, path: Path, preprocessing: Preprocessing) -> None:
        """Open the ONNX file that export_int8 wrote.

        Raises:
            ModelError: it is damaged.
        """
        self._session = open_network(path, named=path, remedy="remove it, and artgen makes it anew")
        self._scale, self._shift = scale_and_shift(preprocessing)
        self.at_once = core_count()

    def inputs(self, squares: NDArray[np.uint8]) -> NDArray[np.float32]:
        """See PictureEngine."""
        count, height, width, channels = squares.shape
        planes = np.empty((count, channels, height, width), np.float32)
        np.multiply(squares.transpose(0, 3, 1, 2), self._scale, out=planes)
        planes += self._shift
        return planes

    def forward(self, inputs: NDArray[np.float32]) -> NDArray[np.float32]:
        """See PictureEngine."""
        vectors: NDArray[np.float32] = self._session.run(None, {"pictures": inputs})[0]
        return vectors


def can_export_int8() -> bool:
    """True when the package `onnx` is installed, which exporting and quantizing need and running does not."""
    return importlib.util.find_spec("onnx") is not None


def export_int8(tower: "torch.nn.Module", preprocessing: Preprocessing, to: Path) -> None:
    """Write a float32 picture tower as ONNX, weights as 8-bit integers, a scale for each channel.

    Raises:
        RuntimeError: torch's exporter does not know the architecture.
        MachineError: the disk is full or may not be written.
    """
    import torch
    from onnxruntime.quantization import QuantType, quantize_dynamic

    example = torch.zeros(1, 3, preprocessing.size, preprocessing.size)
    whole = to.with_name(f"{to.stem}.{os.getpid()}.fp32.onnx")
    with machine_faults(to):
        to.parent.mkdir(parents=True, exist_ok=True)
    # Attention of weights without gradient takes a fused path that the exporter does not know.
    tower.requires_grad_(True)
    try:
        with _quiet():
            # The TorchScript exporter: torch's newer one needs onnxscript and makes nothing faster here.
            torch.onnx.export(
                tower,
                (example,),
                str(whole),
                dynamo=False,
                input_names=["pictures"],
                output_names=["vectors"],
            )
            # Convolutions stay in float32: in 8 bits they are slower in ONNX Runtime, and coarse.
            write_through(
                to,
                lambda beside: quantize_dynamic(
                    str(whole),
                    str(beside),
                    per_channel=True,
                    weight_type=QuantType.QInt8,
                    op_types_to_quantize=["MatMul", "Gemm"],
                ),
            )
    finally:
        tower.requires_grad_(False)
        whole.unlink(missing_ok=True)


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep the exporters' advice to developers off the user's terminal."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        before = logging.root.manager.disable
        logging.disable(logging.WARNING)
        try:
            yield
        finally:
            logging.disable(before)
