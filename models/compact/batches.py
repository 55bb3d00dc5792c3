"""What one step of training sees: pictures with a film look, a caption each, and which rows agree."""

import queue
import random
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from captions import SAYINGS, caption, fill, of_the_look, templates_of
from data import Row
from film_look import Picture, give_film_look
from numpy.typing import NDArray

SHARE = {
    "flickr8k": 0.27, "miniplaces": 0.23, "sports100": 0.09, "caltech101": 0.06, "imagenette": 0.05, "pacs": 0.06,
    "tiny-imagenet": 0.04, "posters": 0.05, "faces-web": 0.04, "fer2013": 0.03, "cards": 0.03, "fights": 0.015,
    "wildfire": 0.015, "weather5": 0.01, "coco-mini": 0.01,
}  # fmt: skip
RARE = re.compile(r"\b(kiss|hug|embrac|laugh|cry|crowd|gun|rifle|sword|smok|fight|wrestl|danc|couple|wedding|bride|"
                  r"night|dark|fire|police|soldier|costume|phone|hold hands|holding hands|sunset|rain|snow)", re.IGNORECASE)  # fmt: skip
RARE_WEIGHT = 3.0


@dataclass(frozen=True, slots=True)
class Batch:
    """One step's worth: `rows` index the pack, `sentences` the sentences in semantic.npz."""

    pictures: Picture
    captions: list[str]
    rows: NDArray[np.int64]
    sentences: NDArray[np.int64]
    gray: NDArray[np.bool_]
    dark: NDArray[np.bool_]


def base_sentence(row: Row) -> str:
    """The plainest sentence for a labelled picture: what it means, whatever its caption says."""
    if row.set_name == "posters":
        return f"poster of a {' '.join(row.label.split('|')[:3])} film"
    return fill(templates_of(row.set_name, row.label)[0], row.label.split("|")[-1])


def sentences_of(rows: list[Row]) -> tuple[list[str], list[list[int]]]:
    """All different sentences, and for each row the numbers of its own."""
    numbers: dict[str, int] = {}
    own = []
    for row in rows:
        said = list(row.captions) if row.captions else [base_sentence(row)]
        own.append([numbers.setdefault(text, len(numbers)) for text in said])
    return list(numbers), own


def draw_rows(rows: list[Row]) -> NDArray[np.float64]:
    """Chance of each row to be drawn: its set's share, more for what is rare, none for what is held out."""
    weights = np.array([
        0.0 if r.split != "train" else RARE_WEIGHT if r.night or any(map(RARE.search, r.captions)) else 1.0
        for r in rows
    ])  # fmt: skip
    names = np.array([r.set_name for r in rows])
    for name in np.unique(names):
        chosen = names == name
        weights[chosen] *= SHARE[name] / weights[chosen].sum()
    chances: NDArray[np.float64] = weights / weights.sum()
    return chances


def make_batch(rows: list[Row], own: list[list[int]], pictures: Picture, *, drawn: NDArray[np.int64], side: int,
               seed: int) -> Batch:  # fmt: skip
    """Make the batch of the drawn rows; the seed alone decides every chance."""
    rng = random.Random(seed)  # noqa: S311 - training, no secret
    out = np.empty((len(drawn), side, side, 3), dtype=np.uint8)
    texts, sentences, gray, dark = [], [], [], []
    for place, number in enumerate(drawn):
        row = rows[number]
        look = give_film_look(
            pictures[number], side=side, mirror=row.set_name not in {"cards", "posters"}, rng=rng
        )
        out[place] = look.picture
        chosen = rng.choice(own[number])
        text = rng.choice(row.captions) if row.captions else caption(row.set_name, row.label, rng)
        if row.captions:
            chosen = own[number][row.captions.index(text)]
        if row.label not in SAYINGS or row.set_name in {"wildfire", "fights"}:
            text = of_the_look(text, gray=look.gray, dark=look.dark, night=row.night, rng=rng)
        texts.append(text)
        sentences.append(chosen)
        gray.append(look.gray)
        dark.append(look.dark)
    return Batch(out, texts, drawn, np.array(sentences), np.array(gray), np.array(dark))


def ahead(make: Callable[[int], Batch], steps: range, *, depth: int = 3) -> Iterator[Batch]:
    """Make batches on a thread of their own, at most `depth` ahead of the one in use."""
    waiting: queue.Queue[Batch | None] = queue.Queue(depth)

    def fill_up() -> None:
        for step in steps:
            waiting.put(make(step))
        waiting.put(None)

    threading.Thread(target=fill_up, daemon=True).start()
    while (batch := waiting.get()) is not None:
        yield batch
