"""The networks that read faces: their labels are sound, their file is what the registry says, and how it is made."""

import csv
import hashlib
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import onnx
import pytest
import torch

from artgen.people.expression import EXPRESSIONS, PARTS, part_of_face
from artgen.weights import entry_of

FACES = Path(__file__).resolve().parent.parent.parent / "models" / "faces"
sys.path.append(str(FACES))

from looks import CHIP_PX, Chip, filmed, jittered  # noqa: E402
from nets import FaceNet, PartNet, Reader  # noqa: E402


@pytest.fixture
def chip() -> Chip:
    """Bars and a slope: something that shows when it is moved, blurred or turned."""
    rows, columns = np.mgrid[:CHIP_PX, :CHIP_PX]
    return np.asarray((columns // 15 % 2) * 120 + rows // 3 + 40, np.uint8)


def labels() -> list[dict[str, str]]:
    with (FACES / "labels.csv").open(newline="") as rows:
        return list(csv.DictReader(rows))


def test_every_face_is_labeled_once_with_words_that_training_knows() -> None:
    rows = labels()

    assert max(Counter((row["set"], row["file"], row["face"]) for row in rows).values()) == 1
    assert {row["eyes"] for row in rows} == {"", "open", "closed", "hidden", "doubtful"}
    assert {row["mouth"] for row in rows} == {"", "open", "closed", "doubtful"}
    assert {row["filmed"] for row in rows} == {"", "yes"}
    assert all(row["eyes"] or row["mouth"] or row["filmed"] for row in rows)
    assert not [row["file"] for row in rows if row["file"].startswith("/") or ".." in row["file"]]


def test_there_are_labels_enough_of_each_state() -> None:
    eyes = Counter(row["eyes"] for row in labels())
    mouths = Counter(row["mouth"] for row in labels())

    assert eyes["closed"] > 300
    assert eyes["open"] > 1500
    assert min(mouths["open"], mouths["closed"]) > 500


def test_the_networks_are_those_the_registry_knows() -> None:
    (file,) = entry_of("artgen-faces").files
    content = (FACES / file.name).read_bytes()

    assert (len(content), hashlib.sha256(content).hexdigest()) == (file.bytes, file.sha256)


def test_the_file_holds_numbers_and_plain_layers() -> None:
    graph = onnx.load(str(FACES / "faces.onnx")).graph

    assert {entry.name for entry in graph.input} == set(PARTS)
    assert {node.domain for node in graph.node} == {""}
    assert {node.op_type for node in graph.node} <= {
        "Add", "Concat", "Constant", "Conv", "Div", "Flatten", "Gemm", "GlobalAveragePool", "Relu", "Reshape", "Shape",
        "Sigmoid", "Slice", "Softmax", "Squeeze", "Unsqueeze", "Gather", "Identity",
    }  # fmt: skip


def test_a_film_look_is_the_same_for_the_same_seed_and_another_for_another(chip: Chip) -> None:
    one, again, other = (
        filmed(jittered(chip, generator), generator)
        for generator in (np.random.default_rng(1), np.random.default_rng(1), np.random.default_rng(2))
    )

    assert one.shape == (CHIP_PX, CHIP_PX)
    assert one.dtype == np.uint8
    np.testing.assert_array_equal(one, again)
    assert np.abs(one.astype(int) - other).mean() > 1


def test_film_looks_take_detail_away(chip: Chip) -> None:
    def detail(picture: Chip) -> float:
        return float(np.abs(np.diff(picture.astype(float), axis=1)).mean() / max(picture.std(), 1))

    looks = [filmed(chip, np.random.default_rng(seed)) for seed in range(40)]

    assert np.median([detail(look) for look in looks]) < 1.5 * detail(chip)
    assert min(look.mean() for look in looks) < 0.6 * chip.mean()


def test_jitter_moves_a_face_by_a_few_pixels_at_most(chip: Chip) -> None:
    spot = np.zeros((CHIP_PX, CHIP_PX), np.uint8)
    spot[73:77, 73:77] = 255

    moved = [jittered(spot, np.random.default_rng(seed)) for seed in range(30)]

    middles = np.array([np.argwhere(picture > 60).mean(axis=0) for picture in moved])
    assert 1 < np.abs(middles - 74.5).mean() < 10
    assert np.abs(middles - 74.5).max() < 25


def test_a_part_is_cut_where_it_lies_and_knows_neither_light_nor_contrast() -> None:
    luma = np.full((CHIP_PX, CHIP_PX), 50, np.float32)
    luma[96:104, 60:90] = 200  # where a mouth is

    mouth, eyes = part_of_face(luma, "mouth"), part_of_face(luma, "eyes")

    assert mouth.shape == (40, 48)
    assert mouth[16, 24] > 1
    assert np.abs(eyes).max() == 0
    assert mouth.mean() == pytest.approx(0, abs=1e-5)
    np.testing.assert_allclose(part_of_face(luma * 0.8 + 20, "mouth"), mouth, rtol=0.05, atol=0.01)


def test_the_joined_networks_answer_probabilities() -> None:
    torch.manual_seed(0)
    temperatures = {"expression": 1.0, "eyes": 1.0, "mouth": 1.0}
    reader = Reader(FaceNet(), PartNet(3), PartNet(1), temperatures).eval()
    parts = [torch.randn(2, 1, height, width) for _, _, (width, height) in PARTS.values()]

    with torch.no_grad():
        expression, is_filmed, eyes, lips = reader(*parts)

    assert expression.shape == (2, len(EXPRESSIONS))
    assert expression.sum(dim=1).tolist() == pytest.approx([1, 1])
    assert eyes.sum(dim=1).tolist() == pytest.approx([1, 1])
    assert bool(((is_filmed > 0) & (is_filmed < 1) & (lips > 0) & (lips < 1)).all())
