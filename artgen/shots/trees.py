"""Small boosted trees: a learned score from a handful of measures, as numbers in a JSON file."""

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


class Trees(msgspec.Struct, frozen=True):
    """What `models/shots/train.py` writes: names of the measures, a bias and trees whose values add to log odds."""

    features: tuple[str, ...]
    bias: float
    depth: int
    trees: tuple[Tree, ...]

    def score(self, measures: NDArray[np.float32]) -> NDArray[np.float32]:
        """The probability, (n,), for n rows of measures (n, f) in the order of `features`.

        Raises:
            ValueError: there are not f measures a row.
        """
        if measures.ndim != 2 or measures.shape[1] != len(self.features):
            raise ValueError(f"measures must be (n, {len(self.features)}), got {measures.shape}")
        odds = np.full(len(measures), self.bias)
        rows = np.arange(len(measures))
        for tree in self.trees:
            feature, threshold = np.array(tree.feature), np.array(tree.threshold)
            left, right = np.array(tree.left), np.array(tree.right)
            node = np.zeros(len(measures), np.intp)
            for _ in range(self.depth):
                node = np.where(measures[rows, feature[node]] <= threshold[node], left[node], right[node])
            odds += np.array(tree.value)[node]
        return np.asarray(1 / (1 + np.exp(-odds)), np.float32)


@cache
def load_trees(name: str, *, features: tuple[str, ...]) -> Trees:
    """The trees `name` of models/shots.

    Raises:
        ModelError: the file is missing, damaged, or was learned on other measures than `features`.
    """
    path = models_folder() / "shots" / f"{name}.json"
    try:
        trees = msgspec.json.decode(path.read_bytes(), type=Trees)
    except OSError as fault:
        raise ModelError(f"{path} cannot be read ({fault.strerror}); install artgen again.") from fault
    except msgspec.DecodeError as fault:
        raise ModelError(f"{path} is damaged ({fault}); install artgen again.") from fault
    if trees.features != features or not all(_is_sound(tree, len(features)) for tree in trees.trees):
        raise ModelError(f"{path} does not fit this artgen; install artgen again.")
    return trees


def _is_sound(tree: Tree, features: int) -> bool:
    size = len(tree.value)
    return (
        size > 0
        and len(tree.feature) == len(tree.threshold) == len(tree.left) == len(tree.right) == size
        and all(0 <= feature < features for feature in tree.feature)
        and all(0 <= node < size for node in tree.left + tree.right)
    )
