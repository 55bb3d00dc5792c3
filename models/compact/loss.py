"""What training asks for: pictures near their words, far from words that say something else."""

from dataclasses import dataclass

import numpy as np
import torch
from captions import CLASS_SETS, SAYINGS, STYLES, fill, templates_of
from data import INDOORS, Row
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

SAME_MEANING = 0.80
"""Cosine of the teacher's vectors above which two captions are not each other's negatives."""


@dataclass(frozen=True, slots=True)
class Question:
    """A closed question asked of some rows: which of these prompts is right?"""

    prompts: tuple[tuple[str, ...], ...]
    answer: NDArray[np.int64]
    """For each row of the pack its prompt's number, -1 where the question is not asked."""


DAY = ("outdoors by day", "a scene in daylight", "a picture taken by day", "a bright day")
NIGHT = ("outdoors at night", "a night scene", "a picture taken at night", "a dark scene at night")
LIGHT = (
    ("a bright picture", "a bright, well-lit scene", "daylight"),
    ("a dark scene", "a dark and gloomy picture", "a low-key, underexposed shot"),
)
COLOR = (
    ("a color picture", "a color film still", "a colorful picture"),
    ("a black and white picture", "a black and white film still", "an old black and white film"),
)


def closed_questions(rows: list[Row]) -> list[Question]:
    """One question a labelled set, one of style for PACS, one that tells cards from film, one of day and night."""
    questions = []
    for name in CLASS_SETS:
        labels = sorted({r.label for r in rows if r.set_name == name})
        answer = [labels.index(r.label) if r.set_name == name else -1 for r in rows]
        prompts = tuple(tuple(fill(t, label) for t in templates_of(name, label)) for label in labels)
        questions.append(Question(prompts, np.array(answer)))
    styles = list(STYLES)
    style_words = tuple(
        tuple(fill(t, "something").replace("a something", "something") for t in STYLES[s]) for s in styles
    )
    questions.append(Question(style_words, np.array(
        [styles.index(r.label.split("|")[0]) if r.set_name == "pacs" else -1 for r in rows])))  # fmt: skip
    kinds = ["title card", "credits", "text over picture", "black frame"]
    film = ("a film still", "a photo", "a picture without any text", "a scene from a film")
    answer = [
        kinds.index(r.label) if r.set_name == "cards" else -1 if r.set_name == "posters" else 4 for r in rows
    ]
    questions.append(Question((*(SAYINGS[k] for k in kinds), film), np.array(answer)))
    outdoors = [r.set_name == "miniplaces" and r.label not in INDOORS for r in rows]
    answer = [int(r.night) if out else -1 for r, out in zip(rows, outdoors, strict=True)]
    questions.append(Question((DAY, NIGHT), np.array(answer)))
    return questions


def look_questions(*, gray: NDArray[np.bool_], dark: NDArray[np.bool_]) -> list[Question]:
    """Questions of light and color; their answers are of a batch's rows, not the pack's."""
    return [Question(LIGHT, dark.astype(np.int64)), Question(COLOR, gray.astype(np.int64))]


def contrast(images: Tensor, texts: Tensor, *, scale: Tensor, same: Tensor) -> Tensor:
    """Contrastive loss of n pictures and their n texts, both ways.

    Args:
        images: (n, width) unit vectors.
        texts: (n, width) unit vectors.
        scale: factor of the cosines (1 / temperature).
        same: (n, n) bool, true where two rows mean the same and are no negatives.

    Source: Radford et al., "Learning Transferable Visual Models From Natural Language Supervision", 2021.
    """
    others = same & ~torch.eye(len(same), dtype=torch.bool)
    logits = (scale * images @ texts.T).masked_fill(others, -1e4)
    target = torch.arange(len(images))
    return (functional.cross_entropy(logits, target) + functional.cross_entropy(logits.T, target)) / 2


def ask(images: Tensor, choices: Tensor, questions: list[Question], *, scale: Tensor) -> Tensor:
    """Loss of the closed questions put to a batch.

    Args:
        images: (n, width) unit vectors.
        choices: unit vectors of the prompts, one a possible answer, of one question after the other.
        questions: what is asked; answers are of the n pictures.
        scale: factor of the cosines.
    """
    loss, start = torch.zeros(()), 0
    for question in questions:
        own = choices[start : start + len(question.prompts)]
        start += len(question.prompts)
        answer = torch.from_numpy(question.answer)
        if (known := answer >= 0).any():
            logits = scale * images[known] @ own.T
            part = functional.cross_entropy(logits, answer[known], label_smoothing=0.05)
            loss = loss + part * known.float().mean()
    return loss


def mean_the_same(meanings: Tensor, labels: list[tuple[str, frozenset[str]]]) -> Tensor:
    """Which rows of a batch are no negatives of each other, (n, n) bool.

    Args:
        meanings: (n, 384) unit vectors of the teacher.
        labels: the set and the labels of each row; labelled rows of one set that share a label agree.
    """
    known = {key: i for i, key in enumerate(sorted({(s, w) for s, ws in labels for w in ws}))}
    marks = torch.zeros(len(labels), max(len(known), 1))
    for row, (name, words) in enumerate(labels):
        for word in words:
            marks[row, known[name, word]] = 1
    return (meanings @ meanings.T > SAME_MEANING) | (marks @ marks.T > 0)
