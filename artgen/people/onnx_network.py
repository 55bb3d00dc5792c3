"""The identity network as an ONNX model, which ONNX Runtime runs several times faster than dlib without a BLAS."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from artgen.people.dlib_network import CHIP_PX, DIM, Convolution, Network

_OPSET, _IR_VERSION = 17, 8


def onnx_model(network: Network) -> bytes:
    """The model as ONNX: `chips`, (n, 150, 150, 3) uint8, give `vectors`, (n, 128) float32, not yet of unit length."""
    from onnx import TensorProto, helper

    graph = _Graph()
    graph.add("Cast", "chips", to=TensorProto.FLOAT)
    graph.add("Transpose", graph.last, perm=[0, 3, 1, 2])
    graph.add("Sub", graph.last, graph.constant(np.reshape(network.mean_rgb, (1, 3, 1, 1))))
    graph.add("Mul", graph.last, graph.constant(np.array(1 / 256)))
    graph.convolve(network.entry)
    graph.add("Relu", graph.last)
    graph.add("MaxPool", graph.last, kernel_shape=[3, 3], strides=[2, 2])
    side = (_after(network.entry, CHIP_PX) - 3) // 2 + 1
    channels = len(network.entry.bias)
    for block in network.blocks:
        before, side_before, channels_before = graph.last, side, channels
        side, channels = _after(block.second, _after(block.first, side)), len(block.second.bias)
        graph.convolve(block.first)
        graph.add("Relu", graph.last)
        graph.convolve(block.second)
        inner, shortcut = graph.last, before
        if block.halves:
            # The halved shortcut can be a pixel larger than what it is added to, and have fewer channels: dlib
            # adds them as if both were filled up with zeros.
            graph.add("AveragePool", before, kernel_shape=[2, 2], strides=[2, 2])
            shortcut = graph.fill_up(graph.last, channels=channels - channels_before, pixels=0)
            inner = graph.fill_up(inner, channels=0, pixels=side_before // 2 - side)
            side = side_before // 2
        graph.add("Add", inner, shortcut)
        graph.add("Relu", graph.last)
    graph.add("GlobalAveragePool", graph.last)
    graph.add("Flatten", graph.last)
    graph.add("MatMul", graph.last, graph.constant(network.projection), output="vectors")
    chips = helper.make_tensor_value_info("chips", TensorProto.UINT8, ["n", CHIP_PX, CHIP_PX, 3])
    vectors = helper.make_tensor_value_info("vectors", TensorProto.FLOAT, ["n", DIM])
    made = helper.make_graph(graph.nodes, "identity", [chips], [vectors], graph.constants)
    opset = [helper.make_opsetid("", _OPSET)]
    return bytes(helper.make_model(made, opset_imports=opset, ir_version=_IR_VERSION).SerializeToString())


class _Graph:
    """Nodes and constants that are added one after the other; `last` is the name of the newest node's output."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.constants: list[Any] = []
        self.last = ""

    def add(self, kind: str, *inputs: str, output: str | None = None, **settings: Any) -> None:
        from onnx import helper

        self.last = output or f"{kind}{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [self.last], **settings))

    def constant(self, values: NDArray[np.generic]) -> str:
        from onnx import numpy_helper

        kept = values if values.dtype == np.int64 else values.astype(np.float32)
        name = f"constant{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(kept), name))
        return name

    def convolve(self, convolution: Convolution) -> None:
        names = self.constant(convolution.weights), self.constant(convolution.bias)
        side = convolution.weights.shape[-1]
        self.add(
            "Conv",
            self.last,
            *names,
            kernel_shape=[side, side],
            strides=[convolution.stride] * 2,
            pads=[convolution.padding] * 4,
        )

    def fill_up(self, name: str, *, channels: int, pixels: int) -> str:
        """The named picture with so many channels more, and pixels more to the right and below, all zero."""
        if not channels and not pixels:
            return name
        self.add("Pad", name, self.constant(np.array([0, 0, 0, 0, 0, channels, pixels, pixels])))
        return self.last


def _after(convolution: Convolution, side: int) -> int:
    """Width and height of a square picture after a convolution."""
    kernel = len(convolution.weights[0, 0])
    return (side + 2 * convolution.padding - kernel) // convolution.stride + 1
