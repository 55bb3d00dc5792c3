"""The face detector that learns: a backbone of depthwise separable convolutions with heads at strides 8, 16 and 32.

The form of its answers is that of YuNet (Wu, Peng, Yu, "YuNet: A Tiny Millisecond-level Face Detector", Machine
Intelligence Research 2023), so that whatever reads YuNet's file reads this one; the widths, the residual
connections and the input's scaling are our own.
"""

from collections.abc import Iterator

import torch
from torch import Tensor, nn
from torch.nn import functional

STRIDES = (8, 16, 32)
ANSWERS = {"cls": 1, "obj": 1, "bbox": 4, "kps": 10}
NECK = 64
RARE_FACE = -4.0  # the first guess, as a logit: few places of a picture are faces


class Separable(nn.Module):
    """1x1 convolution, then 3x3 in each channel; normalized and rectified, and added to its input where it fits."""

    def __init__(self, came: int, go: int, *, adds: bool = True) -> None:
        super().__init__()
        self.mix = nn.Conv2d(came, go, 1, bias=False)
        self.look = nn.Conv2d(go, go, 3, padding=1, groups=go, bias=False)
        self.norm = nn.BatchNorm2d(go)
        self.adds = adds and came == go

    def forward(self, seen: Tensor) -> Tensor:
        """(n, came, h, w) to (n, go, h, w)."""
        out: Tensor = functional.relu(self.norm(self.look(self.mix(seen))))
        return seen + out if self.adds else out


class Head(nn.Module):
    """One kind of answer at one stride: 1x1 convolution, then 3x3 in each channel."""

    def __init__(self, answers: int, first_guess: float) -> None:
        super().__init__()
        self.mix = nn.Conv2d(NECK, answers, 1)
        self.look = nn.Conv2d(answers, answers, 3, padding=1, groups=answers)
        nn.init.constant_(self.look.bias, first_guess)  # type: ignore[arg-type]

    def forward(self, seen: Tensor) -> Tensor:
        """(n, NECK, h, w) to (n, answers, h, w)."""
        out: Tensor = self.look(self.mix(seen))
        return out


class Student(nn.Module):
    """Finds faces. Its input is (n, 3, h, w), BGR, 0..255, sides divisible by 32."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Conv2d(3, 16, 3, stride=2, padding=1, bias=False)
        self.stem_norm = nn.BatchNorm2d(16)
        self.second = nn.Conv2d(16, 32, 3, stride=2, padding=1, bias=False)
        self.second_norm = nn.BatchNorm2d(32)
        self.quarter = Separable(32, 32)
        self.eighth = nn.Sequential(
            nn.MaxPool2d(2), *(Separable(a, b) for a, b in ((32, 64), (64, 64), (64, 64)))
        )
        self.sixteenth = nn.Sequential(
            nn.MaxPool2d(2), *(Separable(a, b) for a, b in ((64, 96), (96, 96), (96, 96)))
        )
        self.last = nn.Sequential(nn.MaxPool2d(2), *(Separable(96, 96) for _ in range(3)))
        self.narrow = nn.Conv2d(96, NECK, 1)
        self.neck = nn.ModuleList(Separable(width, NECK, adds=False) for width in (64, NECK, 96))
        self.heads = nn.ModuleDict(
            {
                f"{name}_{stride}": Head(count, RARE_FACE if name == "obj" else 0.0)
                for name, count in ANSWERS.items()
                for stride in STRIDES
            }
        )

    def forward(self, pictures: Tensor) -> dict[str, Tensor]:
        """Answers by name and stride, (n, answers, h/stride, w/stride), "cls" and "obj" as logits; and "neck_8" ..."""
        seen = functional.relu(self.stem_norm(self.stem((pictures - 127.5) / 64)))
        seen = functional.relu(self.second_norm(self.second(seen)))
        eighth = self.eighth(self.quarter(seen))
        sixteenth = self.sixteenth(eighth)
        coarse = self.neck[2](self.last(sixteenth))
        middle = self.neck[1](
            self.narrow(sixteenth) + functional.interpolate(coarse, scale_factor=2.0, mode="nearest")
        )
        fine = self.neck[0](eighth + functional.interpolate(middle, scale_factor=2.0, mode="nearest"))
        necks = dict(zip(STRIDES, (fine, middle, coarse), strict=True))
        found = {name: head(necks[int(name.rpartition("_")[2])]) for name, head in self.heads.items()}
        return found | {f"neck_{stride}": neck for stride, neck in necks.items()}


class Written(nn.Module):
    """A student in the form of the file: twelve answers, (1, anchors, ...), probabilities for cls and obj."""

    def __init__(self, student: Student) -> None:
        super().__init__()
        self.student = student

    def forward(self, picture: Tensor) -> tuple[Tensor, ...]:
        """(1, 3, h, w) to the answers in the order of `output_names`."""
        return tuple(self._flat(self.student(picture)))

    def _flat(self, found: dict[str, Tensor]) -> Iterator[Tensor]:
        for name in output_names():
            kind = name.rpartition("_")[0]
            answer = found[name].permute(0, 2, 3, 1).reshape(1, -1, ANSWERS[kind])
            yield torch.sigmoid(answer) if kind in ("cls", "obj") else answer


def output_names() -> list[str]:
    """The twelve answers, as the file names and orders them: "cls_8", "cls_16", ..., "kps_32"."""
    return [f"{kind}_{stride}" for kind in ANSWERS for stride in STRIDES]
