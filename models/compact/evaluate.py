"""Measure the compact CLIP on held-out pictures: python evaluate.py DATA

DATA is the folder that data.py packed (its raw/ and manifest.parquet are read). The model is loaded
as artgen loads it and sees only prompts. Prints a table and writes figures.json to the folder
"work" of DATA: for each figure its value, the bounds of its 95 % interval (bootstrap over pictures, 1,000 draws) and how
many pictures it rests on.
"""

import argparse
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import open_clip
import pyarrow.parquet as pq
import torch
from captions import EXPRESSIONS, SAYINGS, STYLES, fill
from data import read_index
from numpy.typing import NDArray
from PIL import Image
from towers import HERE

Vectors = NDArray[np.float32]
Figure = dict[str, float | int]
SEED, DRAWS = 5, 1000
TEMPLATES = ("a photo of {a}", "a film still of {a}", "{a}")
WEATHER = {
    "cloudy sky": ("a cloudy sky", "an overcast day"), "sunshine": ("sunshine", "a sunny day, bright sun in the sky"),
    "sunrise": ("a sunrise", "the sun at the horizon"), "rain": ("rain", "a rainy day"),
}  # fmt: skip
DAY_NIGHT = {
    "outdoors by day": ("a photo taken by day", "outdoors in daylight"),
    "outdoors at night": ("a photo taken at night", "outdoors in the dark of night"),
}
GENRES = ("Romance", "Comedy", "Horror", "Action", "Drama", "Animation", "War", "Western", "Documentary", "Family",
          "Science Fiction", "Crime", "Thriller", "Fantasy")  # fmt: skip


class Model:
    """The shipped model as artgen loads it."""

    def __init__(self, folder: Path) -> None:
        """Load config, weights and tokenizer of a folder."""
        self._model, self._preprocess = open_clip.create_model_from_pretrained(f"local-dir:{folder}")
        self._model.eval()  # open_clip leaves batch normalization in training mode
        self._tokenize = open_clip.get_tokenizer(
            f"local-dir:{folder}", bpe_path=str(folder / "merges.txt.gz")
        )

    @torch.inference_mode()
    def pictures(self, paths: list[Path]) -> Vectors:
        """Unit vectors of picture files, (n, 256)."""

        def read(path: Path) -> torch.Tensor:
            with Image.open(path) as image:
                tensor: torch.Tensor = self._preprocess(image.convert("RGB"))
                return tensor

        out = []
        with ThreadPoolExecutor(2) as pool:
            for start in range(0, len(paths), 128):
                batch = torch.stack(list(pool.map(read, paths[start : start + 128])))
                out.append(self._model.encode_image(batch, normalize=True).numpy())
        return np.concatenate(out)

    @torch.inference_mode()
    def sentences(self, texts: list[str]) -> Vectors:
        """Unit vectors of sentences, (n, 256)."""
        parts = [
            self._model.encode_text(self._tokenize(texts[i : i + 256]), normalize=True)
            for i in range(0, len(texts), 256)
        ]
        return torch.cat(parts).numpy()

    def prompts(self, groups: list[tuple[str, ...]]) -> Vectors:
        """The mean direction of each group of prompts, (groups, 256)."""
        means = np.stack([self.sentences(list(group)).mean(0) for group in groups])
        directions: Vectors = means / np.linalg.norm(means, axis=1, keepdims=True)
        return directions


def interval(values: NDArray[np.float64]) -> Figure:
    """Mean of per-picture values and its bootstrap interval."""
    rng = np.random.default_rng(SEED)
    draws = [values[rng.integers(len(values), size=len(values))].mean() for _ in range(DRAWS)]
    low, high = np.percentile(draws, [2.5, 97.5])
    return {"value": float(values.mean()), "low": float(low), "high": float(high), "pictures": len(values)}


def hit_within(scores: Vectors, right: NDArray[np.int64], k: int) -> NDArray[np.float64]:
    """For each row of scores whether the right column is among the k highest, 0 or 1."""
    mine = scores[np.arange(len(scores)), right][:, None]
    hits: NDArray[np.float64] = ((scores > mine).sum(1) < k).astype(np.float64)
    return hits


def average_precision(scores: NDArray[np.float32], right: NDArray[np.bool_]) -> float:
    """Average precision of a ranking by falling score."""
    found = right[np.argsort(-scores, kind="stable")]
    return float((np.cumsum(found)[found] / (np.flatnonzero(found) + 1)).mean()) if found.any() else 0.0


def classify(model: Model, vectors: Vectors, labels: list[str], prompts: dict[str, tuple[str, ...]], *, name: str,
             ks: tuple[int, ...] = (1,)) -> dict[str, Figure]:  # fmt: skip
    """Figures of choosing each picture's label by prompts."""
    order = list(prompts)
    scores = vectors @ model.prompts([prompts[label] for label in order]).T
    right = np.array([order.index(label) for label in labels])
    return {
        f"{name}, top-{k}": interval(hit_within(scores, right, k)) | {"chance": k / len(order)} for k in ks
    }


def retrieval(model: Model, vectors: Vectors, captions: list[list[str]]) -> dict[str, Figure]:
    """Figures of finding pictures by sentence and sentences by picture."""
    owner = np.array([i for i, said in enumerate(captions) for _ in said])
    scores = model.sentences([text for said in captions for text in said]) @ vectors.T
    figures = {
        f"Flickr8k test, text to image R@{k}": interval(hit_within(scores, owner, k)) for k in (1, 5, 10)
    }
    order = np.argsort(-scores.T, axis=1, kind="stable")
    for k in (1, 5, 10):
        found = (owner[order[:, :k]] == np.arange(len(vectors))[:, None]).any(1)
        figures[f"Flickr8k test, image to text R@{k}"] = interval(found.astype(np.float64))
    return figures


def poster_genres(model: Model, vectors: Vectors, labels: list[str]) -> dict[str, Figure]:
    """Average precision of each genre, its interval, and chance (the genre's share)."""
    figures: dict[str, Figure] = {}
    rng = np.random.default_rng(SEED)
    draws = rng.integers(len(labels), size=(DRAWS, len(labels)))
    for genre in GENRES:
        word = genre.lower()
        right = np.array([word in label.split("|") for label in labels])
        scores = (
            vectors
            @ model.prompts([(f"poster of a {word} film", f"a film poster, {word}", f"{word} film")])[0]
        )
        spread = [average_precision(scores[d], right[d]) for d in draws]
        low, high = np.percentile(spread, [2.5, 97.5])
        figures[f"posters, {word}, average precision"] = {
            "value": average_precision(scores, right), "low": float(low), "high": float(high),
            "chance": float(right.mean()), "pictures": len(labels),
        }  # fmt: skip
    return figures


def drawn_or_filmed(model: Model, vectors: Vectors, styles: list[str]) -> dict[str, Figure]:
    """Figures of telling photographs from drawn pictures, and of the four styles of PACS."""
    order = list(STYLES)
    groups = [
        tuple(fill(t, "something").replace("a something", "something") for t in STYLES[s]) for s in order
    ]
    best = (vectors @ model.prompts(groups).T).argmax(1)
    chosen = np.array([order[i] for i in best])
    real = np.array(styles)
    return {
        "PACS, photo or drawn": interval(((chosen == "photo") == (real == "photo")).astype(np.float64)),
        "PACS, four styles": interval((chosen == real).astype(np.float64)),
    }


def held_out(data: Path) -> dict[str, dict[Path, tuple[str, list[str]]]]:
    """Set id to its held-out files, each with label and captions."""
    columns = pq.read_table(
        data / "manifest.parquet", columns=["path", "set", "label", "caption", "split"]
    ).to_pydict()
    out: dict[str, dict[Path, tuple[str, list[str]]]] = {}
    for path, name, label, caption, split in zip(*columns.values(), strict=True):
        if split == "heldout":
            out.setdefault(name, {}).setdefault(data / "raw" / path, (label, []))[1].append(caption)
    return out


def packed_figures(model: Model, data: Path) -> dict[str, Figure]:
    """Figures of the drawn cards and the fight clips that were held out when packed."""
    rows = read_index(data)
    pictures = np.load(data / "pack" / "pictures.npy", mmap_mode="r")
    folder = data / "work" / "held-out"
    folder.mkdir(parents=True, exist_ok=True)
    paths: dict[str, list[tuple[Path, str]]] = {"cards": [], "fights": []}
    for number, row in enumerate(rows):
        if row.split == "heldout":
            path = folder / f"{number}.png"
            if not path.exists():
                Image.fromarray(pictures[number]).save(path)
            paths[row.set_name].append((path, row.label))
    prompts = {kind: SAYINGS[kind] for kind in ("title card", "credits", "text over picture", "black frame")}
    cards, fights = (model.pictures([p for p, _ in paths[name]]) for name in ("cards", "fights"))
    figures = classify(
        model, cards, [k for _, k in paths["cards"]], prompts, name="cards, which of four kinds"
    )
    prompts = {"fight": ("people fighting",), "no fight": ("people standing and walking",)}
    return figures | classify(
        model, fights, [k for _, k in paths["fights"]], prompts, name="fight clips, fight or not"
    )


def measure(data: Path) -> dict[str, Figure]:
    """Every figure of the model card."""
    model, sets = Model(HERE), held_out(data)
    figures: dict[str, Figure] = {}

    def read(name: str) -> tuple[Vectors, list[str]]:
        files = sets[name]
        return model.pictures(list(files)), [label for label, _ in files.values()]

    def by_labels(
        name: str, title: str, ks: tuple[int, ...] = (1,), template: Callable[[str], tuple[str, ...]] = _named
    ) -> None:
        vectors, labels = read(name)
        prompts = {label: template(label) for label in sorted(set(labels))}
        figures.update(classify(model, vectors, labels, prompts, name=title, ks=ks))

    figures.update(
        retrieval(model, model.pictures(list(sets["flickr8k"])), [c for _, c in sets["flickr8k"].values()])
    )
    by_labels("miniplaces", "MiniPlaces val, 100 places", (1, 5))
    by_labels("scenes15", "fifteen scenes, set never seen")
    by_labels(
        "sports100",
        "25 sports never trained on",
        (1, 5),
        lambda s: (f"a photo of {s}", f"people doing sport: {s}", s),
    )
    by_labels("imagenette", "Imagenette val, ten things")
    by_labels("imagenet-1000", "ImageNet, one picture of each of 1,000 classes", (1, 5))
    by_labels("daynight", "day or night, set never seen", template=DAY_NIGHT.__getitem__)
    by_labels("weather4", "four kinds of weather, set never seen", template=WEATHER.__getitem__)
    by_labels("ck48", "CK+ expressions, set never seen", template=EXPRESSIONS.__getitem__)
    by_labels("fer2013", "FER2013 test, seven expressions", template=EXPRESSIONS.__getitem__)
    vectors, labels = read("posters")
    figures.update(poster_genres(model, vectors, labels))
    styles = [{"art_painting": "painting"}.get(p.parts[-3], p.parts[-3]) for p in sets["pacs"]]
    figures.update(drawn_or_filmed(model, read("pacs")[0], styles))
    return figures | packed_figures(model, data)


def _named(label: str) -> tuple[str, ...]:
    return tuple(fill(t, label) for t in TEMPLATES)


def as_table(figures: dict[str, Figure]) -> str:
    """The figures as lines of a Markdown table, in percent."""
    lines = ["| held-out test | % | 95 % interval | chance | pictures |", "|---|---:|---|---:|---:|"]
    for name, f in figures.items():
        chance = f"{100 * f['chance']:.1f}" if "chance" in f else ""
        lines.append(
            f"| {name} | {100 * f['value']:.1f} | {100 * f['low']:.1f} to {100 * f['high']:.1f} | {chance} | {f['pictures']:,} |"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path)
    folder = parser.parse_args().data
    measured = measure(folder)
    (folder / "work" / "figures.json").write_text(json.dumps(measured, indent=1) + "\n", encoding="utf-8")
    print(as_table(measured))
