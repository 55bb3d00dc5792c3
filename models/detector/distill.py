"""Teach the detector: python distill.py WORK --yunet FILE [--minutes N] [--go-on]

WORK is what find_faces.py wrote. Begins from random weights; the teacher says of every view what it sees at each place,
and the student learns to say the same, of the view or of the view as a film would show it. The rate falls under one
cosine over the minutes given; WORK/student.pt (the average of the weights) and WORK/state.pt are kept as it goes.
"""

import argparse
import math
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from guide import Guide
from student import STRIDES, Student
from torch import Tensor
from torch.nn import functional
from torch.utils.data import DataLoader, IterableDataset
from views import filmed, read_sources, view

SIDES = {192: 56, 256: 32, 320: 20, 384: 14}  # pixels of a view: views in a batch
SHARES = (0.1, 0.4, 0.3, 0.2)
FILMED, TEACHER_SEES_IT_TOO = 0.7, 0.35
RATE, WARM_STEPS = 3e-3, 300
AVERAGE = 0.999  # of the weights, a step
HINTS, HINTS_END = 2.0, 0.75  # weight of the neck's features, falling to nothing at this part of the time
KEEP_EVERY_S = 120
LONGEST_STEP_S = 10.0  # what lasted longer was paused
Batch = tuple[Tensor, dict[str, Tensor]]


class Lessons(IterableDataset[Batch]):
    """Batches without end: views (n, side, side, 3) uint8 as the student sees them, and the teacher's answers."""

    def __init__(self, work: Path, yunet: Path, seed: int) -> None:
        self._work, self._yunet, self._seed = work, yunet, seed

    def __iter__(self) -> Iterator[Batch]:
        import cv2

        cv2.setNumThreads(1)
        torch.set_num_threads(1)
        peopled, empty = read_sources(self._work, "train")
        guide = Guide(self._yunet)
        rng = np.random.default_rng(self._seed)
        while True:
            side = int(rng.choice(list(SIDES), p=SHARES))
            clean = [view(peopled, empty, side, rng) for _ in range(SIDES[side])]
            shown = [filmed(one, rng) if rng.random() < FILMED else one for one in clean]
            judged = [
                b if rng.random() < TEACHER_SEES_IT_TOO else a for a, b in zip(clean, shown, strict=True)
            ]
            answers = guide.look(np.stack(judged))
            yield torch.from_numpy(np.stack(shown)), {k: torch.from_numpy(v) for k, v in answers.items()}


def losses(found: dict[str, Tensor], taught: dict[str, Tensor]) -> dict[str, Tensor]:
    """How far the student's answers are from the teacher's, by kind, each summed over the strides."""
    sums = dict.fromkeys(("obj", "cls", "box", "points", "hints"), torch.zeros(()))
    faces = torch.zeros(())
    for stride in STRIDES:
        want = {kind: taught[f"{kind}_{stride}"].float() for kind in ("obj", "cls", "bbox", "kps", "neck")}
        have = {kind: found[f"{kind}_{stride}"].float() for kind in want}
        is_face, is_sure = torch.sigmoid(want["obj"]), torch.sigmoid(want["cls"])
        weight = torch.where(is_face * is_sure > 0.15, is_face * is_sure, 0.0)
        faces = faces + weight.sum()
        entropy = functional.binary_cross_entropy_with_logits
        sums["obj"] = sums["obj"] + entropy(have["obj"], is_face, reduction="sum")
        sums["cls"] = sums["cls"] + (entropy(have["cls"], is_sure, reduction="none") * (is_face + 0.01)).sum()
        boxes = (have["bbox"] - want["bbox"]).abs().sum(dim=1, keepdim=True)
        sums["box"] = sums["box"] + (boxes * weight).sum()
        # Landmarks count as parts of the face's size, so that large faces do not drown small ones.
        size = torch.exp(want["bbox"][:, 2:].clamp(-1, 4).mean(dim=1, keepdim=True))
        points = (have["kps"] - want["kps"]).abs() / size
        sums["points"] = sums["points"] + (points * weight).sum()
        near = 0.1 + functional.max_pool2d(is_face, 3, 1, 1)
        apart, large = (have["neck"] - want["neck"]).square(), want["neck"].square()
        sums["hints"] = sums["hints"] + (apart * near).sum() / ((large * near).sum() + 1e-3)
    return {kind: loss if kind == "hints" else loss / (faces + 8) for kind, loss in sums.items()}


class Course:
    """What learns, and how far it is: the student, the average of its weights, the optimizer, time spent and steps."""

    def __init__(self) -> None:
        self.student = Student().to(memory_format=torch.channels_last).train()
        self.average = {name: value.clone() for name, value in self.student.state_dict().items()}
        self.optimizer = torch.optim.AdamW(self.student.parameters(), lr=1.0, weight_decay=0.01)
        self.spent_s, self.step = 0.0, 0

    def go_on(self, work: Path) -> None:
        """Take up what `keep` left."""
        state = torch.load(work / "state.pt", weights_only=True)
        self.student.load_state_dict(state["student"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.average, self.spent_s, self.step = state["average"], state["spent_s"], state["step"]

    def keep(self, work: Path) -> None:
        """Write WORK/state.pt and WORK/student.pt, each whole or not at all."""
        everything = {
            "student": self.student.state_dict(), "optimizer": self.optimizer.state_dict(),
            "average": self.average, "spent_s": self.spent_s, "step": self.step,
        }  # fmt: skip
        for name, content in (("state.pt", everything), ("student.pt", self.average)):
            torch.save(content, work / "unfinished.pt")
            os.replace(work / "unfinished.pt", work / name)

    def learn(self, pictures: Tensor, taught: dict[str, Tensor], part: float) -> dict[str, Tensor]:
        """One step, when `part` of the time is over; the losses by kind."""
        rate = RATE * min(1.0, (self.step + 1) / WARM_STEPS) * (0.5 + 0.5 * math.cos(math.pi * part)) + 1e-5
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        seen = pictures.permute(0, 3, 1, 2).float()
        with torch.autocast("cpu", dtype=torch.bfloat16):
            found = self.student(seen)
        each = losses(found, taught)
        hints = HINTS * max(0.0, 1 - part / HINTS_END)
        loss = each["obj"] + each["cls"] + each["box"] + 2 * each["points"] + hints * each["hints"]
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self.student.parameters(), 10.0)
        self.optimizer.step()
        self.step += 1
        share = min(AVERAGE, self.step / (self.step + 20))
        with torch.no_grad():
            for name, value in self.student.state_dict().items():
                if value.is_floating_point():
                    self.average[name].lerp_(value, 1 - share)
        return each


def main() -> None:
    """Read, teach, keep."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("work", type=Path)
    parser.add_argument("--yunet", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=60.0, help="of all runs; paused time does not count")
    parser.add_argument("--go-on", action="store_true", help="from WORK/state.pt, in the minutes it had left")
    asked = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(0)
    course = Course()
    if asked.go_on:
        course.go_on(asked.work)
    lessons = DataLoader(
        Lessons(asked.work, asked.yunet, seed=course.step), batch_size=None, num_workers=1, prefetch_factor=6
    )
    stopping: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _: stopping.append(number))
    running: dict[str, float] = {}
    kept_s, begun = course.spent_s, time.monotonic()
    for pictures, taught in lessons:
        part = min(1.0, course.spent_s / (60 * asked.minutes))
        if part >= 1 or stopping:
            break
        for name, value in course.learn(pictures, taught, part).items():
            running[name] = 0.98 * running.get(name, value.item()) + 0.02 * value.item()
        if course.step % 50 == 0:
            said = ", ".join(f"{name} {value:.3f}" for name, value in running.items())
            print(f"step {course.step}, {course.spent_s / 60:.1f} min: {said}", flush=True)
        now = time.monotonic()
        course.spent_s += min(LONGEST_STEP_S, now - begun)
        begun = now
        if course.spent_s - kept_s > KEEP_EVERY_S:
            kept_s = course.spent_s
            course.keep(asked.work)
    course.keep(asked.work)


if __name__ == "__main__":
    main()
