"""artgen's own face detector: its file is what the registry says, and how it is made holds."""

import hashlib
import json
import sys
from pathlib import Path

import cv2
import numpy as np
import onnx
import onnxruntime
import pytest
import torch

from artgen.weights import entry_of

DETECTOR = Path(__file__).resolve().parent.parent.parent / "models" / "detector"
sys.path.append(str(DETECTOR))

from distill import losses  # noqa: E402
from student import ANSWERS, STRIDES, Student, Written, output_names  # noqa: E402
from views import MOST_ENLARGED, Source, filmed, pasted, read_sources, view  # noqa: E402
from write import write_detector  # noqa: E402


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """What find_faces.py would leave: a picture with one face (a white square), one without, one kept back."""
    rng = np.random.default_rng(3)
    lines = []
    for name, split, faces in (
        ("a", "train", [[60, 40, 50, 50, 0.9]]),
        ("b", "train", []),
        ("c", "check", []),
    ):
        picture = rng.integers(40, 120, (160, 200, 3), dtype=np.uint8)
        for x, y, width, height, _ in faces:
            picture[y : y + height, x : x + width] = 255
        cv2.imwrite(str(tmp_path / f"{name}.png"), picture)
        lines.append({"path": str(tmp_path / f"{name}.png"), "split": split, "faces": faces})
    (tmp_path / "pictures.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    return tmp_path


def test_the_file_is_the_one_the_registry_knows_and_small() -> None:
    (file,) = entry_of("artgen-detector").files
    content = (DETECTOR / file.name).read_bytes()

    assert (len(content), hashlib.sha256(content).hexdigest()) == (file.bytes, file.sha256)
    assert len(content) < 500_000


def test_the_file_has_plain_layers_and_the_outputs_that_opencv_reads() -> None:
    graph = onnx.load(str(DETECTOR / "detector.onnx")).graph

    assert [output.name for output in graph.output] == output_names()
    assert {node.domain for node in graph.node} == {""}
    assert {node.op_type for node in graph.node} <= {
        "Add", "Constant", "Conv", "Div", "MaxPool", "Relu", "Reshape", "Resize", "Sigmoid", "Sub", "Transpose",
    }  # fmt: skip


def test_a_student_is_written_as_it_answers_whatever_the_size(tmp_path: Path) -> None:
    torch.manual_seed(0)
    student = Student().eval()
    write_detector(student, tmp_path / "d.onnx")
    session = onnxruntime.InferenceSession(str(tmp_path / "d.onnx"))

    for height, width in ((64, 96), (160, 32)):
        picture = torch.rand(1, 3, height, width) * 255
        answers = session.run(None, {"input": picture.numpy()})
        with torch.no_grad():
            expected = Written(student)(picture)
        for name, answer, wanted in zip(output_names(), answers, expected, strict=True):
            kind, _, stride = name.rpartition("_")
            assert answer.shape == (1, height * width // int(stride) ** 2, ANSWERS[kind])
            np.testing.assert_allclose(answer, wanted.numpy(), atol=1e-4)


def test_places_are_read_row_by_row() -> None:
    student = Student().eval()
    found = {
        f"{kind}_{stride}": torch.zeros(1, count, 64 // stride, 96 // stride)
        for kind, count in ANSWERS.items()
        for stride in STRIDES
    }
    found["bbox_8"][0, 2, 1, 3] = 7.0  # the width of a face at row 1, column 3 of twelve

    class Fixed(torch.nn.Module):
        def forward(self, picture: torch.Tensor) -> dict[str, torch.Tensor]:
            return found

    written = Written(student)
    written.student = Fixed()  # type: ignore[assignment]
    answers = dict(zip(output_names(), written(torch.zeros(1, 3, 64, 96)), strict=True))

    assert answers["bbox_8"][0, 1 * 12 + 3, 2] == 7.0
    assert answers["bbox_8"].abs().sum() == 7.0


def test_pictures_kept_back_are_never_learned_from(work: Path) -> None:
    peopled, empty = read_sources(work, "train")

    assert [source.path.stem for source in peopled] == ["a"]
    assert [source.path.stem for source in empty] == ["b"]
    assert [source.path.stem for source in read_sources(work, "check")[1]] == ["c"]


@pytest.mark.parametrize("face_px", [12.0, 60.0, 150.0])
def test_a_pasted_face_has_the_size_asked_for(work: Path, face_px: float) -> None:
    (source,), _ = read_sources(work, "train")
    areas = []
    for seed in range(12):
        canvas = np.zeros((256, 256, 3), np.uint8)
        shown = pasted(canvas, source, face_px, np.random.default_rng(seed))
        areas.append(int((shown[..., 0] > 190).sum()))

    assert np.sqrt(max(areas)) == pytest.approx(face_px, rel=0.15)


def test_a_small_face_is_not_enlarged_beyond_what_it_holds(work: Path) -> None:
    (source,), _ = read_sources(work, "train")
    tiny = Source(source.path, np.array([[60, 40, 10, 10, 0.9]]))

    shown = pasted(np.zeros((256, 256, 3), np.uint8), tiny, 250.0, np.random.default_rng(0))

    assert np.sqrt((shown[..., 0] > 190).sum()) < 50 * MOST_ENLARGED * 1.1


def test_views_are_the_same_for_the_same_seed_and_another_for_another(work: Path) -> None:
    peopled, empty = read_sources(work, "train")
    one, again, other = (
        filmed(view(peopled, empty, 128, rng), rng) for rng in map(np.random.default_rng, (1, 1, 2))
    )

    assert one.shape == (128, 128, 3)
    assert one.dtype == np.uint8
    np.testing.assert_array_equal(one, again)
    assert np.abs(one.astype(int) - other).mean() > 1


def test_film_looks_darken_gray_and_soften_but_seldom_hide_everything(work: Path) -> None:
    picture = cv2.imread(str(work / "a.png"))[:128, :128]
    looks = [filmed(np.asarray(picture, np.uint8), np.random.default_rng(seed)) for seed in range(60)]

    gray = [np.ptp(look.astype(int), axis=2).mean() < 2 for look in looks]
    assert 0.1 < np.mean(gray) < 0.6
    assert min(look.mean() for look in looks) < 0.6 * picture.mean()
    assert np.mean([look.std() > 4 for look in looks]) > 0.85


def test_a_student_that_says_what_the_teacher_says_loses_nothing_but_doubt() -> None:
    rng = torch.Generator().manual_seed(0)
    taught = {
        f"{kind}_{stride}": torch.randn(2, count, 64 // stride, 64 // stride, generator=rng)
        for kind, count in {**ANSWERS, "neck": 64}.items()
        for stride in STRIDES
    }
    same = losses(taught, taught)
    moved = losses({name: answer + 0.5 for name, answer in taught.items()}, taught)

    assert [same[kind].item() for kind in ("box", "points", "hints")] == [0, 0, 0]
    assert all(moved[kind] > same[kind] for kind in same)
