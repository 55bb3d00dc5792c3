"""All that training reads: pictures, captions, closed questions, and what the teacher makes of every sentence."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from batches import sentences_of
from corpus import training_sentences
from data import Row, read_index
from film_look import Picture
from loss import Question, closed_questions
from teacher import SentenceEncoder
from torch import Tensor
from towers import build_tokenizer


@dataclass(frozen=True)
class Lessons:
    """All that training reads; `meanings` and `corpus_meanings` are the teacher's unit vectors."""

    rows: list[Row]
    own: list[list[int]]
    pictures: Picture
    questions: list[Question]
    meanings: Tensor
    corpus_tokens: Tensor
    corpus_meanings: Tensor


def read_lessons(data: Path) -> Lessons:
    """Read a packed data folder; the teacher's vectors are made at the first run."""
    rows = read_index(data)
    sentences, own = sentences_of(rows)
    corpus = sorted(set(training_sentences(data)))
    meanings = meanings_of([*sentences, *corpus], data)
    pictures = np.load(data / "pack" / "pictures.npy", mmap_mode="r")
    tokens = build_tokenizer()(corpus)
    count = len(sentences)
    return Lessons(rows, own, pictures, closed_questions(rows), meanings[:count], tokens, meanings[count:])


def meanings_of(texts: list[str], data: Path) -> Tensor:
    """The teacher's unit vectors of texts, (n, 384); those once made are kept under DATA/work."""
    kept = data / "work" / "meanings.npz"
    kept.parent.mkdir(exist_ok=True)
    known: dict[str, int] = {}
    vectors = np.zeros((0, 384), dtype=np.float32)
    if kept.exists():
        with np.load(kept) as read:
            known, vectors = {t: n for n, t in enumerate(read["texts"].tolist())}, read["vectors"]
    if missing := sorted(set(texts) - set(known)):
        vectors = np.concatenate([vectors, SentenceEncoder(data / "minilm").encode(missing)])
        known |= {text: len(known) + n for n, text in enumerate(missing)}
        np.savez(kept, texts=np.array(list(known)), vectors=vectors)
    return torch.from_numpy(vectors[[known[text] for text in texts]])
