"""Make subjects.onnx out of the compact model: python models/subjects/export.py

The compact model's image tower says what a picture is of as a whole: the mean of what it sees at every
place, turned into a vector. Asked of each place by itself, the same tower says what is there; texts say which
of it is a subject and which is only around one.

Source: Zhou, Loy, Dai, "Extract Free Dense Labels from CLIP" (ECCV 2022).
"""

import sys
import warnings
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "compact"))
from towers import MEAN, STD, build_model, build_tokenizer  # noqa: E402

SUBJECTS = (
    "a person", "a man", "a woman", "a child", "a face", "a portrait", "people", "a cartoon character", "an animal",
    "a dog", "a rabbit", "a bird", "a horse", "a monster", "a robot", "a soldier", "a statue", "a vehicle", "a ship",
)  # fmt: skip
SURROUNDINGS = (
    "grass", "trees", "leaves", "a forest", "the sky", "clouds", "a wall", "a floor", "the ground", "water", "a field",
    "mountains", "flowers", "a building", "a window", "a curtain", "darkness", "a blurred background", "empty scenery",
)  # fmt: skip
TEMPLATES = ("{}", "a photo of {}", "a picture of {}")
SOFTNESS = 0.5  # of the model's own scale: places are surer of themselves than pictures
KEPT_WHOLE = 64  # numbers: smaller tensors (biases) stay float32


class SubjectMap(nn.Module):
    """A picture (height, width, 3) uint8 to (height / 32, width / 32): how likely each place is a subject."""

    def __init__(self) -> None:
        super().__init__()
        model = build_model().eval()
        model.load_state_dict(load_file(HERE.parent / "compact" / "model.safetensors"))
        self.trunk, self.head = model.visual.trunk, model.visual.head
        tokenize = build_tokenizer()
        words = [template.format(word) for word in SUBJECTS + SURROUNDINGS for template in TEMPLATES]
        with torch.no_grad():
            texts = functional.normalize(model.encode_text(tokenize(words)), dim=-1)
            texts = functional.normalize(
                texts.reshape(-1, len(TEMPLATES), texts.shape[1]).mean(dim=1), dim=-1
            )
            self.texts = nn.Parameter(texts * model.logit_scale.exp() * SOFTNESS)
        self.mean = nn.Parameter(255 * torch.tensor(MEAN).view(1, 3, 1, 1))
        self.std = nn.Parameter(255 * torch.tensor(STD).view(1, 3, 1, 1))

    def forward(self, picture: Tensor) -> Tensor:
        """See the class."""
        pixels = (picture.float().permute(2, 0, 1)[None] - self.mean) / self.std
        places = self.trunk.act2(
            self.trunk.norm_head(self.trunk.conv_head(self.trunk.forward_features(pixels)))
        )
        places = self.head(self.trunk.classifier(places[0].permute(1, 2, 0)))
        likeness = functional.normalize(places, dim=-1) @ self.texts.T
        chance: Tensor = likeness.softmax(dim=-1)[..., : len(SUBJECTS)].sum(dim=-1)
        return chance


def halved(model: onnx.ModelProto) -> onnx.ModelProto:
    """The model with its large tensors stored as float16, made float32 again where they are used."""
    graph, casts = model.graph, []
    for tensor in graph.initializer:
        values = numpy_helper.to_array(tensor)
        if values.dtype != np.float32 or values.size < KEPT_WHOLE:
            continue
        name = tensor.name
        tensor.CopyFrom(numpy_helper.from_array(values.astype(np.float16), f"{name}.half"))
        casts.append(helper.make_node("Cast", [f"{name}.half"], [name], to=TensorProto.FLOAT))
    nodes = [*casts, *graph.node]
    del graph.node[:]
    graph.node.extend(nodes)
    onnx.checker.check_model(model)
    return model


def main() -> None:
    """Export, halve, write."""
    path = HERE / "subjects.onnx"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            SubjectMap().eval(),
            (torch.zeros(192, 352, 3, dtype=torch.uint8),),
            str(path),
            dynamo=False,
            input_names=["picture"],
            output_names=["subject"],
            dynamic_axes={"picture": {0: "height", 1: "width"}, "subject": {0: "rows", 1: "columns"}},
        )
    path.write_bytes(halved(onnx.load(str(path))).SerializeToString())
    print(f"{path.name}: {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
