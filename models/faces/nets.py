"""The three networks of faces.onnx: one for the whole face, one for the strip of the eyes, one for the mouth."""

import torch
from torch import Tensor, nn
from torch.nn import functional

FACE_WIDTHS, FACE_DEPTHS = (20, 56, 112, 208), (2, 4, 2)
PART_WIDTHS, PART_DEPTHS = (16, 48, 96), (2, 3)


class Separable(nn.Module):
    """A depthwise 3x3 and a pointwise convolution, with a way around where the shape stays."""

    def __init__(self, into: int, out: int, stride: int) -> None:
        super().__init__()
        self.depthwise = nn.Conv2d(into, into, 3, stride, 1, groups=into, bias=False)
        self.inner = nn.BatchNorm2d(into)
        self.pointwise = nn.Conv2d(into, out, 1, bias=False)
        self.outer = nn.BatchNorm2d(out)
        self.around = into == out and stride == 1

    def forward(self, maps: Tensor) -> Tensor:
        """(n, into, h, w) to (n, out, h / stride, w / stride)."""
        made = self.outer(self.pointwise(self.inner(self.depthwise(maps))))
        return functional.relu(made + maps if self.around else made)


def trunk(widths: tuple[int, ...], depths: tuple[int, ...]) -> nn.Sequential:
    """A stem of stride 2, then for each width `depth` blocks, the first of stride 2; ends in one vector."""
    layers: list[nn.Module] = [
        nn.Conv2d(1, widths[0], 5, 2, 2, bias=False),
        nn.BatchNorm2d(widths[0]),
        nn.ReLU(),
    ]
    for into, out, depth in zip(widths, widths[1:], depths, strict=False):
        layers.append(Separable(into, out, 2))
        layers += [Separable(out, out, 1) for _ in range(depth - 1)]
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten())


class FaceNet(nn.Module):
    """(n, 1, 48, 48) to seven expressions and one logit for "this is a face before a camera"."""

    def __init__(self) -> None:
        super().__init__()
        self.trunk = trunk(FACE_WIDTHS, FACE_DEPTHS)
        self.dropout = nn.Dropout(0.15)
        self.expression = nn.Linear(FACE_WIDTHS[-1], 7)
        self.filmed = nn.Linear(FACE_WIDTHS[-1], 1)

    def forward(self, faces: Tensor) -> tuple[Tensor, Tensor]:
        """Logits (n, 7) and (n,)."""
        seen = self.dropout(self.trunk(faces))
        return self.expression(seen), self.filmed(seen)[:, 0]


class PartNet(nn.Module):
    """(n, 1, height, width) of a part of the face to `answers` logits."""

    def __init__(self, answers: int) -> None:
        super().__init__()
        self.trunk = trunk(PART_WIDTHS, PART_DEPTHS)
        self.dropout = nn.Dropout(0.3)
        self.head = nn.Linear(PART_WIDTHS[-1], answers)

    def forward(self, parts: Tensor) -> Tensor:
        """Logits (n, answers)."""
        return self.head(self.dropout(self.trunk(parts)))


class Reader(nn.Module):
    """All three with their probabilities, as artgen runs them; temperatures are set after training."""

    def __init__(self, face: FaceNet, eyes: PartNet, mouth: PartNet, temperatures: dict[str, float]) -> None:
        super().__init__()
        self.face, self.eyes, self.mouth = face, eyes, mouth
        self.temperatures = temperatures

    def forward(self, face: Tensor, eyes: Tensor, mouth: Tensor) -> tuple[Tensor, ...]:
        """Probabilities (n, 7), (n, 1), (n, 3) and (n, 1)."""
        expression, filmed = self.face(face)
        return (
            torch.softmax(expression / self.temperatures["expression"], dim=1),
            torch.sigmoid(filmed[:, None]),
            torch.softmax(self.eyes(eyes) / self.temperatures["eyes"], dim=1),
            torch.sigmoid(self.mouth(mouth) / self.temperatures["mouth"]),
        )
