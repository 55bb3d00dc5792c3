"""The subject map: somebody or something, told from what lies around it, whether it has a face or not."""

import hashlib
from pathlib import Path

import numpy as np
import onnx
import pytest
from numpy.typing import NDArray

from artgen.composition.crops import Refusal, crop_for
from artgen.composition.saliency import saliency_map
from artgen.composition.subjects import SubjectFinder, load_subject_finder
from artgen.errors import ModelError
from artgen.video import probe, read_pictures
from artgen.weights import entry_of

ROOT = Path(__file__).resolve().parent.parent.parent
NETWORK = ROOT / "models" / "subjects" / "subjects.onnx"
FRAME = 512  # ticks of the sample's time base
CAT, PHOTOGRAPHER, SUNSET, ASTRONAUT = 280 * FRAME, 480 * FRAME, 780 * FRAME, 620 * FRAME

Picture = NDArray[np.uint8]


@pytest.fixture(scope="module")
def sample() -> dict[int, Picture]:
    """Pictures of the sample film by their time."""
    info = probe(ROOT / "samples" / "sample.mp4")
    pictures = read_pictures(info, [CAT, PHOTOGRAPHER, SUNSET, ASTRONAUT], on_damage=print)
    return {picture.pts: picture.rgb for picture in pictures}


def mean_in(chances: NDArray[np.float32], left: float, top: float, right: float, bottom: float) -> float:
    """The map's mean in a window given in fractions of width and height."""
    rows, columns = chances.shape
    part = chances[round(top * rows) : round(bottom * rows), round(left * columns) : round(right * columns)]
    return float(part.mean())


def test_a_person_stands_out_of_the_sky_beside_her(sample: dict[int, Picture]) -> None:
    chances = load_subject_finder().map(sample[ASTRONAUT])

    assert mean_in(chances, 0.25, 0.1, 0.55, 0.9) > mean_in(chances, 0.7, 0.1, 1.0, 0.9) + 0.3


def test_somebody_turned_away_and_in_dark_clothes_is_a_subject(sample: dict[int, Picture]) -> None:
    chances = load_subject_finder().map(sample[PHOTOGRAPHER])

    assert mean_in(chances, 0.2, 0.3, 0.7, 1.0) > mean_in(chances, 0.0, 0.0, 0.25, 0.4) + 0.2


def test_the_map_has_the_pictures_shape_and_holds_chances(sample: dict[int, Picture]) -> None:
    wide = load_subject_finder().map(sample[CAT])
    tall = load_subject_finder().map(np.ascontiguousarray(sample[CAT].swapaxes(0, 1)))

    assert wide.shape == tall.shape[::-1]
    assert 1.5 < wide.shape[1] / wide.shape[0] < 2.1
    assert wide.min() >= 0
    assert wide.max() <= 1


def test_the_same_picture_gives_the_same_map(sample: dict[int, Picture]) -> None:
    first, again = (load_subject_finder().map(sample[CAT]) for _ in range(2))

    assert np.array_equal(first, again)


def test_a_narrow_crop_goes_to_the_person_though_no_face_was_found(sample: dict[int, Picture]) -> None:
    """The photographer is in profile behind his camera; the palace behind him has the finer detail."""
    picture = sample[PHOTOGRAPHER]
    crop = crop_for(
        "2:3",
        picture,
        faces=(),
        saliency=saliency_map(picture),
        figures=np.zeros((9, 16), np.float32),
        text_boxes=(),
    )

    assert not isinstance(crop, Refusal)
    left, _, right, _ = crop.box
    assert left < 510
    assert right > 690


def test_the_network_is_the_one_the_registry_knows() -> None:
    (file,) = entry_of("artgen-subjects").files
    content = NETWORK.read_bytes()

    assert (len(content), hashlib.sha256(content).hexdigest()) == (file.bytes, file.sha256)


def test_the_file_holds_numbers_and_plain_layers() -> None:
    graph = onnx.load(str(NETWORK)).graph

    assert [entry.name for entry in graph.input] == ["picture"]
    assert {node.domain for node in graph.node} == {""}


@pytest.mark.parametrize("content", [b"", b"no network", NETWORK.read_bytes()[:5000]])
def test_a_damaged_network_is_told(content: bytes, tmp_path: Path) -> None:
    damaged = tmp_path / "subjects.onnx"
    damaged.write_bytes(content)

    with pytest.raises(ModelError, match="install artgen again"):
        SubjectFinder(damaged)


def test_another_model_is_told() -> None:
    with pytest.raises(ModelError, match="does not fit"):
        SubjectFinder(ROOT / "models" / "faces" / "faces.onnx")


def test_a_missing_network_is_told(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="missing"):
        SubjectFinder(tmp_path / "subjects.onnx")
