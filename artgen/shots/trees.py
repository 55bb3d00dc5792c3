"""Small boosted trees: a learned score from a handful of measures, as numbers in a JSON file."""

from dataclasses import dataclass
from functools import cache

import msgspec
import numpy as np
from numpy.typing import NDArray

from artgen.errors import ModelError
from artgen.weights import models_folder


class Tree(msgspec.Struct, frozen=True):
    """One tree of nodes 0, 1, ...; `left` and `right` of a leaf are the leaf itself."""

    feature: tuple[int, ...]
    threshold: tuple[float, ...]
    left: tuple[int, ...]
    right: tuple[int, ...]
    value: tuple[float, ...]


class WrittenTrees(msgspec.Struct, frozen=True):
    """What `models/shots/train.py` writes: names of the measures, a bias and trees whose values add to log odds."""

    features: tuple[str, ...]
    bias: float
    depth: int
    trees: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class Trees:
    """The same with the nodes of all trees in one row: children count from its start, `roots` are where trees begin."""

    bias: float
    depth: int
    measures: int
    roots: NDArray[np.intp]
    feature: NDArray[np.intp]
    threshold: NDArray[np.float32]
    children: NDArray[np.intp]
    value: NDArray[np.float64]

    def score(self, measures: NDArray[np.float32]) -> NDArray[np.float32]:
        """The probability, (n,), for n rows of measures (n, f) in the order of the features.

        Raises:
            ValueError: there are not f measures a row.
        """
        if measures.ndim != 2 or measures.shape[1] != self.measures:
            raise ValueError(f"measures must be (n, {self.measures}), got {measures.shape}")
        rows = np.arange(len(measures))[:, None] * self.measures
        flat = np.ascontiguousarray(measures, np.float32).ravel()
        node = np.broadcast_to(self.roots, (len(measures), len(self.roots)))
        for _ in range(self.depth):
            node = self.children[2 * node + (flat[rows + self.feature[node]] > self.threshold[node])]
        odds = self.bias + self.value[node].sum(1)
        return np.asarray(1 / (1 + np.exp(-odds)), np.float32)


def stack_trees(written: WrittenTrees) -> Trees:
    """Lay the nodes of all trees in one row."""
    sizes = [len(tree.value) for tree in written.trees]
    roots = np.cumsum([0, *sizes[:-1]]).astype(np.intp) if sizes else np.zeros(0, np.intp)
    pairs = [
        (int(root) + left, int(root) + right)
        for root, tree in zip(roots, written.trees, strict=True)
        for left, right in zip(tree.left, tree.right, strict=True)
    ]
    return Trees(
        bias=written.bias,
        depth=written.depth,
        measures=len(written.features),
        roots=roots,
        feature=np.array([f for tree in written.trees for f in tree.feature], np.intp),
        threshold=np.array([t for tree in written.trees for t in tree.threshold], np.float32),
        children=np.array(pairs, np.intp).ravel(),
        value=np.array([v for tree in written.trees for v in tree.value], np.float64),
    )


@cache
def load_trees(name: str, *, features: tuple[str, ...]) -> Trees:
    """The trees `name` of models/shots.

    Raises:
        ModelError: the file is missing, damaged, or was learned on other measures than `features`.
    """
    path = models_folder() / "shots" / f"{name}.json"
    try:
        written = msgspec.json.decode(path.read_bytes(), type=WrittenTrees)
    except OSError as fault:
        raise ModelError(f"{path} cannot be read ({fault.strerror}); install artgen again.") from fault
    except msgspec.DecodeError as fault:
        raise ModelError(f"{path} is damaged ({fault}); install artgen again.") from fault
    if written.features != features or not all(_is_sound(tree, len(features)) for tree in written.trees):
        raise ModelError(f"{path} does not fit this artgen; install artgen again.")
    return stack_trees(written)


def _is_sound(tree: Tree, features: int) -> bool:
    size = len(tree.value)
    return (
        size > 0
        and len(tree.feature) == len(tree.threshold) == len(tree.left) == len(tree.right) == size
        and all(0 <= feature < features for feature in tree.feature)
        and all(0 <= node < size for node in tree.left + tree.right)
    )
