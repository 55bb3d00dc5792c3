"""The teacher: what YuNet says of every place of a batch of pictures, not only of the faces it settles on."""

import re
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray
from student import ANSWERS, STRIDES

NECK = {8: "neck.lateral_convs.0", 16: "neck.lateral_convs.1", 32: "neck.lateral_convs.2"}


class Guide:
    """YuNet with its answers before they are flattened, for any number of pictures at once."""

    def __init__(self, yunet: Path) -> None:
        """Open YuNet's ONNX file with other outputs: the convolutions behind each answer, and the neck's features."""
        model = onnx.load(str(yunet))
        outputs = {}
        for node in model.graph.node:
            weights = node.input[1] if node.op_type == "Conv" else ""
            if match := re.fullmatch(r"bbox_head\.multi_level_(\w+)\.(\d)\.conv2\.weight", weights):
                outputs[f"{match[1]}_{STRIDES[int(match[2])]}"] = node.output[0]
            if match := re.fullmatch(r"bbox_head\.multi_level_cls\.(\d)\.conv1\.weight", weights):
                outputs[f"neck_{STRIDES[int(match[1])]}"] = node.input[0]
        if len(outputs) != len(STRIDES) * (len(ANSWERS) + 1):
            raise SystemExit(f"{yunet} is not the YuNet that this script knows")
        self._names = sorted(outputs)
        flat = {node.name for node in model.graph.output}
        del model.graph.output[:]
        kept = [node for node in model.graph.node if not (set(node.output) & flat)]
        del model.graph.node[:]
        model.graph.node.extend(kept)
        for name in self._names:
            model.graph.output.append(
                onnx.helper.make_tensor_value_info(outputs[name], onnx.TensorProto.FLOAT, None)
            )
        model.graph.input[0].type.tensor_type.shape.dim[0].dim_param = "n"
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(
            model.SerializeToString(), options, providers=["CPUExecutionProvider"]
        )

    def look(self, pictures: NDArray[np.uint8]) -> dict[str, NDArray[np.float16]]:
        """Answers of (n, h, w, 3) BGR pictures: as Student's, "cls" and "obj" as logits."""
        blob = np.ascontiguousarray(pictures.transpose(0, 3, 1, 2), dtype=np.float32)
        found = self._session.run(None, {"input": blob})
        return {
            name: np.clip(answer, -6e4, 6e4).astype(np.float16)
            for name, answer in zip(self._names, found, strict=True)
        }
