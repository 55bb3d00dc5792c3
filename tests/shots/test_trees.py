"""Trees answer as they are written, and a file that is damaged is refused."""

import json
from pathlib import Path

import numpy as np
import pytest

import artgen.shots.trees
from artgen.errors import ModelError
from artgen.shots.cuts import CUT_FEATURES
from artgen.shots.graduals import GRADUAL_FEATURES
from artgen.shots.trees import Tree, WrittenTrees, load_trees, stack_trees
from artgen.shots.wipes import WIPE_FEATURES

STUMP = Tree(
    feature=(1, 0, 0), threshold=(2.5, 0.0, 0.0), left=(1, 1, 2), right=(2, 1, 2), value=(0.0, -2.0, 3.0)
)


@pytest.fixture
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(artgen.shots.trees, "models_folder", lambda: tmp_path)
    (tmp_path / "shots").mkdir()
    load_trees.cache_clear()
    return tmp_path / "shots"


def test_a_stump_splits_at_its_threshold_and_trees_add_up() -> None:
    trees = stack_trees(WrittenTrees(features=("a", "b"), bias=1.0, depth=1, trees=(STUMP, STUMP)))

    scores = trees.score(np.array([[0, 2.5], [0, 2.6]], np.float32))

    assert scores == pytest.approx([1 / (1 + np.exp(3)), 1 / (1 + np.exp(-7))], abs=1e-6)
    with pytest.raises(ValueError, match="measures must be"):
        trees.score(np.zeros((2, 3), np.float32))


def test_trees_of_different_size_answer_like_one_after_the_other() -> None:
    leaf = Tree(feature=(0,), threshold=(0.0,), left=(0,), right=(0,), value=(0.75,))
    deep = Tree(
        feature=(0, 0, 1, 0, 0), threshold=(1, 0, 5, 0, 0), left=(1, 1, 3, 3, 4), right=(2, 1, 4, 3, 4),
        value=(0, -1, 0, 2, 4),
    )  # fmt: skip
    trees = stack_trees(WrittenTrees(features=("a", "b"), bias=-0.5, depth=2, trees=(deep, leaf, STUMP)))

    scores = trees.score(np.array([[0, 9], [2, 4], [2, 6]], np.float32))

    odds = [-0.5 - 1 + 0.75 + 3, -0.5 + 2 + 0.75 + 3, -0.5 + 4 + 0.75 + 3]
    assert scores == pytest.approx([1 / (1 + np.exp(-value)) for value in odds], abs=1e-6)
    assert len(trees.score(np.zeros((0, 2), np.float32))) == 0


def test_what_ships_fits_what_is_measured() -> None:
    load_trees.cache_clear()
    shipped = {"cuts": CUT_FEATURES, "graduals": GRADUAL_FEATURES, "wipes": WIPE_FEATURES}
    for name, features in shipped.items():
        scores = load_trees(name, features=features).score(np.zeros((3, len(features)), np.float32))
        assert ((scores > 0) & (scores < 1)).all()


def test_a_missing_or_damaged_file_is_named(models: Path) -> None:
    with pytest.raises(ModelError, match=r"cuts\.json cannot be read"):
        load_trees("cuts", features=("a",))
    (models / "cuts.json").write_text('{"features": ["a"], "bias": "high"}')
    with pytest.raises(ModelError, match=r"cuts\.json is damaged"):
        load_trees("cuts", features=("a",))


@pytest.mark.parametrize(
    "change",
    [
        {"features": ["b"]},
        {"trees": [{"feature": [7]}]},
        {"trees": [{"left": [9]}]},
        {"trees": [{"value": []}]},
    ],
)
def test_trees_that_do_not_fit_are_refused(models: Path, change: dict[str, list[object]]) -> None:
    tree = {"feature": [0], "threshold": [1.0], "left": [0], "right": [0], "value": [0.5]}
    written: dict[str, object] = {"features": ["a"], "bias": 0.0, "depth": 1, "trees": [tree]}
    if "trees" in change:
        written["trees"] = [tree | change["trees"][0]]  # type: ignore[operator]
    else:
        written |= change
    (models / "cuts.json").write_text(json.dumps(written))

    with pytest.raises(ModelError, match="does not fit"):
        load_trees("cuts", features=("a",))
