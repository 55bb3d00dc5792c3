"""Vectors: unit length, one for each picture and text, whatever stands beside it."""

import threading
from pathlib import Path

import numpy as np
import pytest
from helpers.tiny_clip import CONFIG, MakeModel, pictures

from artgen.clip import Encoder, load_encoder
from artgen.clip.int8 import can_export_int8


@pytest.fixture
def encoder(make_model: MakeModel, tmp_path: Path) -> Encoder:
    folder = make_model(tmp_path / "tiny")
    return load_encoder(str(folder), device="cpu", precision="fp32", offline=True, note=pytest.fail)


def test_vectors_have_unit_length_and_the_models_dimension(encoder: Encoder) -> None:
    found = encoder.pictures(pictures(19))
    assert found.shape == (19, 24)
    assert found.dtype == np.float32
    assert encoder.dim == 24
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1, atol=1e-6)
    texts = encoder.texts(["a kiss", "a forest at night"])
    assert texts.shape == (2, 24)
    np.testing.assert_allclose(np.linalg.norm(texts, axis=1), 1, atol=1e-6)
    assert texts[0] @ texts[1] < 0.9999


def test_nothing_gives_no_rows(encoder: Encoder) -> None:
    assert encoder.pictures([]).shape == (0, 24)
    assert encoder.texts([]).shape == (0, 24)


def test_a_row_does_not_depend_on_order_or_company(encoder: Encoder) -> None:
    shown = pictures(21)
    together = encoder.pictures(shown)
    np.testing.assert_array_equal(encoder.pictures(shown[::-1])[::-1], together)
    np.testing.assert_array_equal(encoder.pictures(shown[17:18]), together[17:18])
    texts = [f"text number {number}" for number in range(70)]
    np.testing.assert_array_equal(encoder.texts(texts[66:])[0], encoder.texts(texts)[66])


def test_pictures_of_different_shapes_mix(encoder: Encoder) -> None:
    mixed = [*pictures(2, height=50, width=50), *pictures(2, height=90, width=40), *pictures(2)]
    np.testing.assert_array_equal(encoder.pictures(mixed)[4:], encoder.pictures(mixed[4:]))


@pytest.mark.parametrize("edge", [slice(0, 6), slice(137, 143)])
def test_a_change_at_the_far_edge_of_a_wide_picture_counts(encoder: Encoder, edge: slice) -> None:
    (picture,) = pictures(1)
    changed = picture.copy()
    changed[:, edge] = 255 - changed[:, edge]
    before, after = encoder.pictures([picture, changed])
    assert before @ after < 0.999


def test_pictures_may_come_from_a_generator_and_are_taken_a_few_ahead_only(encoder: Encoder) -> None:
    taken = 0

    def decoding():  # type: ignore[no-untyped-def]
        nonlocal taken
        for picture in pictures(100):
            taken += 1
            yield picture

    encoder._engine.at_once = 2
    ahead = [
        taken - index for index, _ in enumerate(encoder.of_squares(map(encoder.square, decoding())), start=1)
    ]
    assert len(ahead) == 100
    assert max(ahead) < 3 * encoder._engine.batch


def test_squares_made_elsewhere_give_the_same_vectors(encoder: Encoder) -> None:
    shown = pictures(21)
    rows = list(encoder.of_squares([encoder.square(picture) for picture in shown]))
    np.testing.assert_array_equal(np.stack(rows), encoder.pictures(shown))


@pytest.mark.parametrize("precision", ["fp32", "bf16", *(["int8"] if can_export_int8() else [])])
def test_vectors_do_not_depend_on_the_number_of_cores(
    make_model: MakeModel, tmp_path: Path, precision: str
) -> None:
    folder = make_model(tmp_path / "tiny")
    encoder = load_encoder(str(folder), device="cpu", precision=precision, offline=True, note=pytest.fail)
    found = []
    for at_once in (1, 3):
        encoder._engine.at_once = at_once
        found.append(encoder.pictures(pictures(60)))
    np.testing.assert_array_equal(*found)


def test_torch_has_its_threads_back_afterwards(encoder: Encoder) -> None:
    import torch

    found: list[int] = []
    for wanted in (2, 1):
        torch.set_num_threads(wanted)
        encoder.pictures(pictures(3))
        beside = threading.Thread(target=lambda: found.append(torch.get_num_threads()))
        beside.start()
        beside.join()
    assert found == [2, 1]


def test_a_fault_of_the_source_reaches_the_caller(encoder: Encoder) -> None:
    def failing():  # type: ignore[no-untyped-def]
        yield from pictures(3)
        raise OSError("the disk is gone")

    with pytest.raises(OSError, match="the disk is gone"):
        encoder.pictures(failing())


def test_a_long_text_is_cut_and_not_refused(encoder: Encoder) -> None:
    assert encoder.texts(["word " * 500]).shape == (1, 24)


def test_it_says_what_it_is(encoder: Encoder) -> None:
    assert encoder.model_id == encoder.used.id == "local:tiny"
    assert (encoder.used.role, encoder.precision, encoder.device) == ("clip", "fp32", "cpu")
    assert encoder.used.sha256 is not None
    assert encoder.used.sha256.startswith(encoder.used.version)
    assert CONFIG["model_cfg"]["embed_dim"] == encoder.dim


def test_loading_leaves_the_callers_random_numbers_alone(make_model: MakeModel, tmp_path: Path) -> None:
    import torch

    folder = make_model(tmp_path / "tiny")
    torch.manual_seed(5)
    expected = torch.rand(1)
    torch.manual_seed(5)
    load_encoder(str(folder), device="cpu", precision="fp32", offline=True, note=pytest.fail)
    assert torch.rand(1) == expected
