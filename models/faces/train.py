"""Train the networks of faces.onnx: python models/faces/train.py CHIPS face|eyes|mouth [--steps N]

CHIPS is what chips.py wrote. Each run trains one network and keeps it in CHIPS (face.pt ...); export.py joins the
three. Seeds are fixed.
"""

import argparse
import csv
import json
import math
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from looks import Chip, filmed, jittered
from nets import FaceNet, PartNet
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from artgen.people.expression import EXPRESSIONS, PARTS, part_of_face

HERE = Path(__file__).resolve().parent
EXPRESSION_OF = {
    "angry": "anger", "disgusted": "disgust", "frightened": "fear", "happy": "smile", "calm": "neutral",
    "sad": "sadness", "surprised": "surprise",
}  # fmt: skip
FACE_SETS = ["fer2013", "faces-web"]
EYE_STATES = ("open", "closed", "hidden")
WEB_OF_A_KIND = 2600  # calm and happy faces of faces-web are many, and alike
LOOKS = {"face": 2, "eyes": 16, "mouth": 16}
BATCH, PART_BATCH = 128, 256
Found = list[tuple[Chip, int, float]]  # chip, answer (-1: not known), 1.0 where it is a face before a camera
RATE = 2.5e-3
SMOOTHING = 0.06
AVERAGE = 0.998  # of the weights, a step


@dataclass(frozen=True, slots=True)
class Examples:
    """Parts of faces, (n, looks, height, width) float16, and what they are; -1 where that is not known."""

    parts: NDArray[np.float16]
    answers: NDArray[np.int64]
    filmed: NDArray[np.float32]


def main() -> None:
    """Read, train, keep."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("chips", type=Path)
    parser.add_argument("network", choices=("face", "eyes", "mouth"))
    parser.add_argument("--steps", type=int, default=6000)
    parser.add_argument("--go-on", action="store_true", help="from the weights that CHIPS has")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(0)
    rng = np.random.default_rng(int(arguments.go_on))  # going on, it sees other looks
    part = arguments.network
    if part == "face":
        learned, checked = faces_of(arguments.chips, FACE_SETS, rng)
        net: nn.Module = FaceNet()
    else:
        learned, checked = parts_of(arguments.chips, part)
        net = PartNet(len(EYE_STATES) if part == "eyes" else 1)
    examples = look_at(learned, part, rng, LOOKS[part])
    keep = arguments.chips / f"{part}.pt"
    if arguments.go_on:
        net.load_state_dict(torch.load(keep, weights_only=True))
    train(net, examples, look_at(checked, part, rng, 1), keep, steps=arguments.steps, rng=rng)


def read_set(chips: Path, name: str) -> tuple[NDArray[np.uint8], list[dict[str, object]]]:
    """The chips of a set, (n, 150, 150) luma, and what is known of each."""
    return np.load(chips / f"{name}.npy", mmap_mode="r"), json.loads((chips / f"{name}.json").read_text())


def faces_of(chips: Path, sets: list[str], rng: np.random.Generator) -> tuple[Found, Found]:
    """Expressions of the sets, and what is no face before a camera: to learn from, and to check on."""
    learned: Found = []
    checked: Found = []
    filmed_after_all = read_labels("filmed")
    for name in sets:
        pictures, about = read_set(chips, name)
        counts: dict[str, int] = {}
        for number in rng.permutation(len(about)):
            entry = about[number]
            expression = EXPRESSION_OF.get(str(entry["label"]))
            if expression is None or entry["split"] not in ("train", "val"):
                continue
            answer = EXPRESSIONS.index(expression)
            if entry["split"] == "val":
                checked.append((pictures[number], answer, 1.0))
                continue
            counts[expression] = counts.get(expression, 0) + 1
            if name == "faces-web" and counts[expression] > WEB_OF_A_KIND:
                continue
            learned.append((pictures[number], answer, 1.0))
    for name in ("posters", "pacs"):
        pictures, about = read_set(chips, name)
        for picture, entry in zip(pictures, about, strict=True):
            if (name, str(entry["file"]), int(str(entry["face"]))) in filmed_after_all:
                continue
            is_photo = entry["label"] == "photo"
            where = checked if entry["split"] == "heldout" else learned
            where.append((picture, -1, float(is_photo)))
    web = read_set(chips, sets[-1])[0]
    for number in rng.choice(len(web), 2500, replace=False):
        learned.append((askew(web[number], rng), -1, 0.0))
    return learned, checked


def askew(chip: Chip, rng: np.random.Generator) -> Chip:
    """Part of a face or of what is beside it, where no face should be: what a detector takes for one now and then."""
    import cv2

    matrix = cv2.getRotationMatrix2D((75, 75), rng.uniform(0, 360), rng.uniform(1.2, 3.0))
    matrix[:, 2] += rng.uniform(-60, 60, 2)
    return np.asarray(cv2.warpAffine(chip, matrix, (150, 150), borderMode=cv2.BORDER_REFLECT_101), np.uint8)


def parts_of(chips: Path, part: str) -> tuple[Found, Found]:
    """Eyes or mouths with our own labels; a fifth of each set (by file name) is kept to check on."""
    states = EYE_STATES if part == "eyes" else ("closed", "open")
    learned: Found = []
    checked: Found = []
    labels = read_labels(part)
    for name in sorted({name for name, _, _ in labels}):
        pictures, about = read_set(chips, name)
        for picture, entry in zip(pictures, about, strict=True):
            state = labels.get((name, str(entry["file"]), int(str(entry["face"]))))
            if state not in states or entry["split"] == "heldout":
                continue
            example = (picture, states.index(state), 1.0)
            (checked if is_checked(str(entry["file"])) else learned).append(example)
    return learned, checked


def read_labels(part: str) -> dict[tuple[str, str, int], str]:
    """Our labels of eyes or mouths by set, file and number of the face."""
    with (HERE / "labels.csv").open(newline="") as rows:
        return {
            (row["set"], row["file"], int(row["face"])): row[part]
            for row in csv.DictReader(rows)
            if row[part]
        }


def is_checked(file: str) -> bool:
    """True for a fifth of the files, all pictures of one person together where names say who it is."""
    name = Path(file).stem.rstrip("0123456789_") or Path(file).stem
    return sum(name.encode()) % 5 == 0 if "faces-web" in file else sum(Path(file).stem.encode()) % 5 == 0


def look_at(found: Found, part: str, rng: np.random.Generator, looks: int) -> Examples:
    """Parts of the chips: as they are, and where several looks are asked for, as films would show them."""
    width, height = PARTS[part][2]
    parts = np.zeros((len(found), looks, height, width), np.float16)
    for number, (chip, _, _) in enumerate(found):
        for look in range(looks):
            picture = np.asarray(chip)
            if looks > 1:
                picture = jittered(picture, rng)
                picture = (
                    filmed(picture, rng) if rng.random() < (0.25 if part == "face" else 0.7) else picture
                )
            parts[number, look] = part_of_face(picture.astype(np.float32), part)
    return Examples(
        parts,
        np.array([answer for _, answer, _ in found], np.int64),
        np.array([is_filmed for _, _, is_filmed in found], np.float32),
    )


def train(
    net: nn.Module, examples: Examples, checked: Examples, keep: Path, *, steps: int, rng: np.random.Generator
) -> None:
    """AdamW under one cosine, an average of the weights kept."""
    average = {name: value.clone() for name, value in net.state_dict().items()}
    averaged = [value for value in average.values() if value.is_floating_point()]
    live = [value for value in net.state_dict().values() if value.is_floating_point()]
    optimizer = torch.optim.AdamW(net.parameters(), lr=1.0, weight_decay=0.02)
    groups = balanced(examples)
    print(f"{len(examples.answers)} examples, {len(checked.answers)} to check, "
          f"{sum(p.numel() for p in net.parameters())} weights", flush=True)  # fmt: skip
    begun, running = time.time(), 0.0
    for step in range(steps):
        rate = RATE * min(1.0, (step + 1) / 200) * (0.5 + 0.5 * math.cos(math.pi * step / steps)) + 1e-5
        for group in optimizer.param_groups:
            group["lr"] = rate
        net.train()
        picked = np.concatenate([rng.choice(group, size) for group, size in groups])
        parts = torch.from_numpy(
            examples.parts[picked, rng.integers(0, examples.parts.shape[1], len(picked))].astype(np.float32)
        )[:, None]
        loss = loss_of(net, scratched(parts, rng), examples, picked)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        running += float(loss.detach())
        with torch.no_grad():
            keeps = min(AVERAGE, (step + 1) / (step + 20))
            torch._foreach_lerp_(averaged, live, 1 - keeps)
        if (step + 1) % 500 == 0 or step + 1 == steps:
            torch.save(average, keep)
            other = type(net)() if isinstance(net, FaceNet) else type(net)(net.head.out_features)
            other.load_state_dict(average)
            print(f"step {step + 1}: loss {running / 500:.3f}, {check(other, checked)}, {time.time() - begun:.0f} s",
                  flush=True)  # fmt: skip
            running = 0.0


def balanced(examples: Examples) -> list[tuple[NDArray[np.int64], int]]:
    """Which examples a batch is drawn from, and how many of each kind."""
    known = [np.flatnonzero(examples.answers == kind) for kind in np.unique(examples.answers) if kind >= 0]
    shares = np.sqrt([len(kind) for kind in known])
    has_others = bool((examples.answers < 0).any())
    sizes = np.maximum(8, shares / shares.sum() * (BATCH - 16 if has_others else PART_BATCH)).astype(int)
    groups = list(zip(known, sizes.tolist(), strict=True))
    if has_others:
        groups.append((np.flatnonzero(examples.filmed == 0), 10))
        groups.append((np.flatnonzero((examples.answers < 0) & (examples.filmed == 1)), 6))
    return groups


def scratched(parts: Tensor, rng: np.random.Generator) -> Tensor:
    """Half of them mirrored; in some a rectangle is hidden (Zhong et al., "Random Erasing", AAAI 2020)."""
    turned = torch.from_numpy(rng.random(len(parts)) < 0.5)
    parts = torch.where(turned[:, None, None, None], parts.flip(3), parts)
    height, width = parts.shape[2:]
    for number in np.flatnonzero(rng.random(len(parts)) < 0.25):
        rows, columns = int(rng.integers(4, height // 3)), int(rng.integers(4, width // 3))
        top, left = int(rng.integers(0, height - rows)), int(rng.integers(0, width - columns))
        parts[number, 0, top : top + rows, left : left + columns] = float(rng.normal())
    return parts


def loss_of(net: nn.Module, parts: Tensor, examples: Examples, picked: NDArray[np.int64]) -> Tensor:
    """Cross entropy of what is known of each example."""
    answers = torch.from_numpy(examples.answers[picked])
    if not isinstance(net, FaceNet):
        logits = net(parts)
        if logits.shape[1] == 1:
            return functional.binary_cross_entropy_with_logits(
                logits[:, 0], answers.float() * (1 - SMOOTHING) + SMOOTHING / 2
            )
        return functional.cross_entropy(logits, answers, label_smoothing=SMOOTHING)
    expression, is_filmed = net(parts)
    loss = functional.cross_entropy(expression, answers, ignore_index=-1, label_smoothing=SMOOTHING)
    return loss + 0.3 * functional.binary_cross_entropy_with_logits(
        is_filmed, torch.from_numpy(examples.filmed[picked])
    )


def check(net: nn.Module, checked: Examples) -> str:
    """How many answers are right on what was kept back."""
    net.eval()
    with torch.no_grad():
        logits = [net(torch.from_numpy(part.astype(np.float32))) for part in np.array_split(checked.parts, 8)]
    if isinstance(net, FaceNet):
        expression = torch.cat([answer[0] for answer in logits]).argmax(1).numpy()
        is_filmed = torch.cat([answer[1] for answer in logits]).numpy() > 0
        known = checked.answers >= 0
        right = (expression == checked.answers)[known].mean()
        return (f"expression {right:.3f}, filmed kept {is_filmed[checked.filmed == 1].mean():.3f}, "
                f"others refused {(~is_filmed[checked.filmed == 0]).mean():.3f}")  # fmt: skip
    values = torch.cat(logits)
    chosen = (values[:, 0] > 0).numpy() if values.shape[1] == 1 else values.argmax(1).numpy()
    return ", ".join(
        f"{kind}: {(chosen == kind)[checked.answers == kind].mean():.3f} right, "
        f"{(checked.answers == kind)[chosen == kind].mean():.3f} of those called so"
        for kind in np.unique(checked.answers)
    )


if __name__ == "__main__":
    main()
