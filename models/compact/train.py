"""Train the compact CLIP: python train.py DATA [--steps N]

Four steps, each kept under DATA/work so that a run which was cut short goes on:
 1. the teacher's vectors of all sentences (teacher.py);
 2. frozen ImageNet features, on which the head of the image tower and a linear map of the teacher's
    vectors are trained against each other: this makes the shared space;
 3. the text tower learns to put sentences where that map puts the teacher's vectors;
 4. everything is trained end to end on pictures with a film look. The mean of the weights over the
    last few hundred steps is what ships: model.safetensors beside this file.
"""

import argparse
import math
import os
import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import open_clip
import torch
from batches import Batch, ahead, draw_rows, make_batch
from film_look import Picture
from lessons import Lessons, read_lessons
from loss import Question, ask, contrast, look_questions, mean_the_same
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional
from towers import (
    HERE,
    as_input,
    build_model,
    build_tokenizer,
    encode_pictures,
    encode_text,
    frozen_part,
    save_weights,
    start_from_imagenet,
)

SEED = 20
BATCH, SIDE = 256, 128  # trained on crops smaller than the 160 px of use, which show things as large
HEAD_PICTURES, HEAD_STEPS, HEAD_BATCH = 25_000, 500, 768
TEXT_STEPS, TEXT_BATCH = 500, 256
ASKED = 0.5  # chance of each closed question at a step: their prompts cost as much as the captions
ANCHORS = 96  # sentences a step that keep the text tower where the teacher wants it
RATES = {"trunk": 6e-4, "head": 1e-3, "text": 6e-4, "map": 6e-4}
MEAN_DECAY = 0.998
MAX_SCALE = 100.0


def meaning_map() -> nn.Linear:
    """The linear map from the teacher's vectors into the shared space."""
    return nn.Linear(384, 256, bias=False)


@torch.inference_mode()
def frozen_features(model: open_clip.CLIP, pictures: Picture, numbers: NDArray[np.int64]) -> Tensor:
    """Pooled features (n, 576) of the untrained trunk for pictures of these numbers, taken whole."""
    trunk = model.visual.trunk.eval()
    out = []
    for start in range(0, len(numbers), BATCH):
        chosen = np.asarray(pictures[numbers[start : start + BATCH]])
        small = np.stack([cv2.resize(p, (SIDE, SIDE), interpolation=cv2.INTER_AREA) for p in chosen])
        out.append(trunk.forward_features(as_input(small.astype(np.uint8, copy=False))).mean((2, 3)))
    return torch.cat(out)


def train_head(model: open_clip.CLIP, to_space: nn.Linear, lessons: Lessons) -> None:
    """Train the head of the image tower and the map of meanings on frozen features of a sample."""
    trunk = model.visual.trunk
    parts = nn.ModuleList([trunk.conv_head, trunk.classifier, to_space])
    scale = nn.Parameter(torch.tensor(math.log(20.0)))
    optimizer = torch.optim.AdamW([*parts.parameters(), scale], lr=1e-3, weight_decay=0.05)
    chance, rng = draw_rows(lessons.rows), np.random.default_rng(SEED)
    sample = np.sort(rng.choice(len(chance), HEAD_PICTURES, p=chance, replace=False))
    features = frozen_features(model, lessons.pictures, sample)
    for step in range(HEAD_STEPS):
        _set_rates(optimizer, {"all": 1e-3}, step=step, steps=HEAD_STEPS)
        drawn = rng.choice(HEAD_PICTURES, HEAD_BATCH)
        chosen = [lessons.own[i][rng.integers(len(lessons.own[i]))] for i in sample[drawn]]
        meanings = lessons.meanings[chosen]
        x = features[drawn]
        x = x + 0.1 * x.std() * torch.randn_like(x)
        images = functional.normalize(trunk.forward_head(x[:, :, None, None]), dim=-1)
        texts = functional.normalize(to_space(meanings), dim=-1)
        loss = contrast(
            images, texts, scale=scale.exp().clamp(max=MAX_SCALE), same=meanings @ meanings.T > 0.9
        )
        _step(optimizer, loss)
        if step % 100 == 0:
            print(f"head {step} loss {loss.item():.3f} scale {scale.exp().item():.1f}", flush=True)
    with torch.no_grad():
        model.logit_scale.copy_(scale)


def train_text(model: open_clip.CLIP, to_space: nn.Linear, lessons: Lessons) -> None:
    """Teach the text tower where the map puts the teacher's vector of each sentence."""
    names = ("token_embedding", "positional_embedding", "transformer", "ln_final", "text_projection")
    optimizer = torch.optim.AdamW(
        [p for n, p in model.named_parameters() if n.startswith(names)], weight_decay=0.01
    )
    rng = np.random.default_rng(SEED)
    for step in range(TEXT_STEPS):
        _set_rates(optimizer, {"all": 1.5e-3}, step=step, steps=TEXT_STEPS)
        drawn = rng.choice(len(lessons.corpus_tokens), TEXT_BATCH, replace=False)
        loss = anchor_loss(model, to_space, lessons, drawn)
        _step(optimizer, loss)
        if step % 100 == 0:
            print(f"text {step} loss {loss.item():.3f}", flush=True)


def anchor_loss(
    model: open_clip.CLIP, to_space: nn.Linear, lessons: Lessons, drawn: NDArray[np.int64]
) -> Tensor:
    """How far the text tower is from the mapped vectors of the teacher, alone and among each other."""
    wanted = functional.normalize(to_space(lessons.corpus_meanings[drawn]), dim=-1)
    got = encode_text(model, lessons.corpus_tokens[drawn])
    among = functional.cross_entropy(25 * got @ wanted.T, (25 * wanted @ wanted.T).softmax(1))
    return among + 2 * (1 - (got * wanted).sum(1)).mean()


def batch_loss(model: open_clip.CLIP, to_space: nn.Linear, lessons: Lessons, batch: Batch, *,
               tokenize: Callable[[list[str]], Tensor], rng: np.random.Generator) -> Tensor:  # fmt: skip
    """Loss of one batch: captions, closed questions, the teacher's meanings and its anchors.

    Args:
        model: the towers.
        to_space: the map of meanings.
        lessons: what batches are made of.
        batch: the pictures and captions of this step.
        tokenize: sentences to tokens.
        rng: chooses questions, prompts and anchors.
    """
    images = encode_pictures(model, as_input(batch.pictures))
    asked = [Question(q.prompts, q.answer[batch.rows]) for q in lessons.questions if rng.random() < ASKED]
    asked += look_questions(gray=batch.gray, dark=batch.dark)
    prompts = [str(rng.choice(p)) for q in asked for p in q.prompts]
    said = encode_text(model, tokenize(batch.captions + prompts))
    texts, choices = said[: len(batch.captions)], said[len(batch.captions) :]
    scale = model.logit_scale.exp().clamp(max=MAX_SCALE)
    meanings = lessons.meanings[batch.sentences]
    rows = [lessons.rows[i] for i in batch.rows]
    labels = [(r.set_name, frozenset(r.label.split("|") if r.label else ())) for r in rows]
    same = mean_the_same(meanings, labels)
    taught = functional.normalize(to_space(meanings), dim=-1)
    anchors = rng.choice(len(lessons.corpus_tokens), ANCHORS, replace=False)
    return (
        contrast(images, texts, scale=scale, same=same)
        + 0.25 * contrast(images, taught, scale=scale, same=same)
        + 0.7 * ask(images, choices, asked, scale=scale)
        + 0.3 * anchor_loss(model, to_space, lessons, anchors)
    )


def train_all(model: open_clip.CLIP, to_space: nn.Linear, lessons: Lessons, *, steps: int, kept: Path,
              every: int) -> dict[str, Tensor]:  # fmt: skip
    """Train end to end, going on from `kept` if it is there; gives the averaged state dict."""
    optimizer, mean, first = _optimizer(model, to_space), _copy(model), 0
    if kept.exists():
        state = torch.load(kept, weights_only=True)
        model.load_state_dict(state["model"])
        to_space.load_state_dict(state["map"])
        optimizer.load_state_dict(state["optimizer"])
        mean, first = state["mean"], int(state["step"])
    chance, tokenize = draw_rows(lessons.rows), build_tokenizer()

    def make(step: int) -> Batch:
        drawn = np.random.default_rng((SEED, step)).choice(len(chance), BATCH, p=chance, replace=False)
        return make_batch(
            lessons.rows, lessons.own, lessons.pictures, drawn=drawn, side=SIDE, seed=SEED + step
        )

    model.train()
    frozen_part(model).eval()
    began, total = time.monotonic(), 0.0
    for step, batch in enumerate(ahead(make, range(first, steps)), start=first):
        _set_rates(optimizer, RATES, step=step, steps=steps)
        rng = np.random.default_rng((SEED + 1, step))
        loss = batch_loss(model, to_space, lessons, batch, tokenize=tokenize, rng=rng)
        _step(optimizer, loss)
        _average(mean, model, decay=min(MEAN_DECAY, (step + 1) / (step + 20)))
        total += loss.item()
        if (step + 1) % 50 == 0:
            pace = (time.monotonic() - began) / (step + 1 - first)
            print(f"step {step + 1} loss {total / 50:.3f} scale {model.logit_scale.exp().item():.1f} {pace:.2f} s",
                  flush=True)  # fmt: skip
            total = 0.0
        if (step + 1) % every == 0 or step + 1 == steps:
            state = {"model": model.state_dict(), "map": to_space.state_dict(), "mean": mean, "step": step + 1,
                     "optimizer": optimizer.state_dict()}  # fmt: skip
            torch.save(state, kept.with_suffix(".part"))
            os.replace(kept.with_suffix(".part"), kept)
            save_weights(mean, kept.with_name("model.safetensors"))
    return mean


def _optimizer(model: open_clip.CLIP, to_space: nn.Linear) -> torch.optim.Optimizer:
    groups: dict[str, list[nn.Parameter]] = {name: [] for name in RATES}
    for name, parameter in model.named_parameters():
        is_head = "conv_head" in name or "classifier" in name
        groups["head" if is_head else "trunk" if name.startswith("visual") else "text"].append(parameter)
    groups["map"] += to_space.parameters()
    return torch.optim.AdamW(
        [{"params": p, "name": n} for n, p in groups.items()], weight_decay=0.05, betas=(0.9, 0.98)
    )


def _set_rates(optimizer: torch.optim.Optimizer, rates: dict[str, float], *, step: int, steps: int) -> None:
    """Warm up over the first 100 steps, then fall along a cosine."""
    factor = min(1.0, (step + 1) / 100) * (0.01 + 0.99 * (1 + math.cos(math.pi * step / steps)) / 2)
    for group in optimizer.param_groups:
        group["lr"] = factor * rates[group.get("name", "all")]


def _step(optimizer: torch.optim.Optimizer, loss: Tensor) -> None:
    optimizer.zero_grad(set_to_none=True)
    loss.backward()  # type: ignore[no-untyped-call]
    nn.utils.clip_grad_norm_([p for g in optimizer.param_groups for p in g["params"]], 2.0)
    optimizer.step()


def _copy(model: nn.Module) -> dict[str, Tensor]:
    return {k: v.detach().clone() for k, v in model.state_dict().items()}


@torch.no_grad()
def _average(mean: dict[str, Tensor], model: nn.Module, *, decay: float) -> None:
    for name, value in model.state_dict().items():
        if value.is_floating_point():
            mean[name].lerp_(value, 1 - decay)
        else:
            mean[name].copy_(value)


def main(data: Path, *, steps: int, every: int) -> None:
    """Do what the module says, with the data folder's files."""
    torch.manual_seed(SEED)
    lessons = read_lessons(data)
    model = build_model()
    model.visual.to(memory_format=torch.channels_last)
    to_space = meaning_map()
    ready = data / "work" / "ready.pt"
    if not ready.exists():
        start_from_imagenet(model, data / "init" / "mobilenetv3_embed.pt")
        train_head(model, to_space, lessons)
        train_text(model, to_space, lessons)
        torch.save({"model": model.state_dict(), "map": to_space.state_dict()}, ready)
    state = torch.load(ready, weights_only=True)
    model.load_state_dict(state["model"])
    to_space.load_state_dict(state["map"])
    mean = train_all(model, to_space, lessons, steps=steps, kept=data / "work" / "training.pt", every=every)
    save_weights(mean, HERE / "model.safetensors")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path)
    parser.add_argument("--steps", type=int, default=900, help="steps of training end to end")
    parser.add_argument("--every", type=int, default=50, help="steps between two checkpoints")
    given = parser.parse_args()
    main(given.data, steps=given.steps, every=given.every)
