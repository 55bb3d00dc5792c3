"""The network read from dlib's file gives dlib's own vectors; a file that is not that file is refused."""

from collections.abc import Callable
from pathlib import Path

import dlib
import numpy as np
import pytest
from helpers.faces import draw_face, scene_with

from artgen.errors import ModelError
from artgen.people import DetectorSource, Identifier, load_detector
from artgen.people.alignment import align_face
from artgen.people.dlib_files import VECTORS_FILE, need_dlib_file
from artgen.people.dlib_network import read_network
from artgen.people.dlib_stream import DlibStream, MalformedError
from artgen.people.onnx_network import onnx_model
from artgen.pictures import load_picture

FAR_IN = 2_000_000  # a byte amid the weights


def dlibs_own(chips: np.ndarray) -> np.ndarray:
    """What dlib itself computes of aligned chips."""
    network = dlib.face_recognition_model_v1(str(need_dlib_file(VECTORS_FILE)))
    return np.array(network.compute_face_descriptor(list(chips), 0))


def ours(chips: np.ndarray) -> np.ndarray:
    import onnxruntime

    model = onnx_model(read_network(need_dlib_file(VECTORS_FILE)))
    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    return np.asarray(session.run(None, {"chips": chips})[0])


def test_vectors_are_dlibs_own() -> None:
    noise = np.random.default_rng(0).integers(0, 256, (2, 150, 150, 3), dtype=np.uint8)
    chips = np.stack([*noise, draw_face(150), np.zeros((150, 150, 3), np.uint8)])

    assert ours(chips) == pytest.approx(dlibs_own(chips), abs=1e-5)


@pytest.mark.slow
def test_vectors_of_photographed_faces_are_dlibs_own(shared_media: Path, yunet_weights: Path) -> None:
    detector = load_detector(DetectorSource("yunet", yunet_weights))
    chips = []
    for path in sorted(shared_media.glob("faces/*/0[0-1].jpg")):
        picture = np.pad(load_picture(path), ((40, 40), (40, 40), (0, 0)))
        chips.append(align_face(picture, detector.detect(picture)[0]))

    assert len(chips) == 24
    assert ours(np.stack(chips)) == pytest.approx(dlibs_own(np.stack(chips)), abs=1e-5)


def test_a_vector_does_not_depend_on_the_others_computed_with_it(identifier: Identifier) -> None:
    picture = scene_with((draw_face(160), 40, 60), (draw_face(220, skin=120), 330, 150))
    faces = load_detector(DetectorSource("dlib")).detect(picture)

    together = identifier.vectors(picture, faces * 12)
    alone = identifier.vectors(picture, faces[:1])

    assert len(faces) == 2
    assert np.array_equal(together[::2], np.repeat(alone, 12, axis=0))


def cut_short(data: bytes) -> bytes:
    return data[:-1]


def with_more_after_it(data: bytes) -> bytes:
    return data + b"\x00"


def of_another_loss(data: bytes) -> bytes:
    return data.replace(b"loss_metric_2", b"loss_metric_3")


def with_weights_that_are_no_numbers(data: bytes) -> bytes:
    return data[:FAR_IN] + b"\xff" * 8 + data[FAR_IN + 8 :]


def shifted(data: bytes) -> bytes:
    """As long as it should be, a byte missing at the front and one too many at the back."""
    return data[1:] + data[:1]


@pytest.mark.parametrize(
    "spoil",
    [
        cut_short,
        with_more_after_it,
        of_another_loss,
        with_weights_that_are_no_numbers,
        shifted,
        bytes.swapcase,
    ],
)
def test_a_spoiled_file_is_refused(tmp_path: Path, spoil: Callable[[bytes], bytes]) -> None:
    path = tmp_path / "network.dat"
    good = need_dlib_file(VECTORS_FILE).read_bytes()
    path.write_bytes(spoil(good))
    assert path.read_bytes() != good

    with pytest.raises(ModelError, match=r"network.dat is not dlib's identity network or is damaged"):
        read_network(path)


@pytest.mark.parametrize(
    ("data", "value"),
    [(b"\x00", 0), (b"\x01\x96", 150), (b"\x02\x00\x01", 256), (b"\x81\x1c", -28)],
)
def test_integers_are_read_as_dlib_writes_them(data: bytes, value: int) -> None:
    file = DlibStream(data)

    assert file.integer() == value
    file.expect_end()


def test_numbers_texts_and_tensors_are_read_as_dlib_writes_them() -> None:
    shape = b"\x01\x01" + b"\x01\x02" + b"\x01\x01" * 2
    values = np.array([1.5, -2], "<f4").tobytes()
    file = DlibStream(b"\x01\x03\x81\x01" + b"\x01\x04fc_2" + b"10" + b"\x01\x02" + shape + values)

    assert file.number() == 1.5
    assert file.text() == "fc_2"
    assert (file.flag(), file.flag()) == (True, False)
    assert file.tensor((1, 2, 1, 1)).tolist() == [[[[1.5]], [[-2.0]]]]
    file.expect_end()


@pytest.mark.parametrize(
    ("data", "read"),
    [
        (b"", DlibStream.integer),
        (b"\x71\x01", DlibStream.integer),
        (b"\x09" + b"\x01" * 9, DlibStream.integer),
        (b"\x02\x01", DlibStream.integer),
        (b"\x01\x01\x02\x00\x7d", DlibStream.number),  # how dlib writes infinity
        (b"\x01\xff" + b"a" * 255, DlibStream.text),
        (b"\x81\x05abcde", DlibStream.text),
        (b"2", DlibStream.flag),
        (b"\x01", DlibStream.expect_end),
    ],
)
def test_what_dlib_never_writes_is_refused(data: bytes, read: Callable[[DlibStream], object]) -> None:
    with pytest.raises(MalformedError):
        read(DlibStream(data))
