"""The learned detector of lettering: which regions of its map are lines, and what it finds in pictures."""

from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from artgen.composition import compose, load_text_detector
from artgen.composition.lettering import READING_SIDE, NetworkDetector, StrokeDetector, text_regions
from artgen.composition.text import find_text
from artgen.errors import ModelError
from artgen.machine import model_folders
from artgen.records import Box, area
from artgen.weights import entry_of, find_weights, models_folder

Picture = NDArray[np.uint8]


@pytest.fixture(scope="module")
def network() -> NetworkDetector:
    """The detector, where its file is on this machine."""
    weights = find_weights(entry_of("pp-ocrv6-text"), folders=model_folders())
    if weights is None:
        pytest.skip(
            "pp-ocrv6-text is not on this machine: `pip install --no-deps rapidocr==3.10.0` brings it"
        )
    return NetworkDetector(weights)


def map_with(
    *lines: tuple[int, int, int, int, float], size: tuple[int, int] = (360, 640)
) -> NDArray[np.float32]:
    """A map of text with upright rectangles of a likelihood, (x1, y1, x2, y2, likelihood)."""
    likelihood = np.zeros(size, np.float32)
    for x1, y1, x2, y2, value in lines:
        likelihood[y1:y2, x1:x2] = value
    return likelihood


def test_a_region_is_grown_by_what_the_map_takes_off() -> None:
    (region,) = text_regions(map_with((100, 200, 300, 220, 0.95)))
    off = 1.6 * 200 * 20 / (2 * (200 + 20))
    assert region.box == pytest.approx((100 - off, 200 - off, 300 + off, 220 + off), abs=1.0)
    assert region.score == pytest.approx(0.95)
    assert region.filled == pytest.approx(1.0)
    assert region.of_height == pytest.approx((20 + 2 * off) / 360, abs=0.01)
    assert region.is_line


@pytest.mark.parametrize(
    ("wide", "high", "score", "is_line"),
    [
        (200, 14, 0.95, True),
        (200, 14, 0.80, False),  # texture is never so sure
        (300, 60, 0.90, False),  # what is large must be surer than a subtitle
        (300, 60, 0.95, True),
        (24, 24, 0.90, False),  # and so must be what is no longer than high
        (24, 24, 0.95, True),
        (600, 200, 0.99, False),  # nobody writes over half the picture's height
    ],
)
def test_a_line_is_sure_for_its_size_and_shape(wide: int, high: int, score: float, is_line: bool) -> None:
    (region,) = text_regions(map_with((10, 20, 10 + wide, 20 + high, score)))
    assert region.is_line is is_line


def test_a_region_without_corners_is_no_line() -> None:
    likelihood = map_with()
    cv2.line(likelihood, (200, 100), (320, 160), 0.9, 12)  # a line may be turned
    (turned,) = text_regions(likelihood)
    cv2.line(likelihood, (200, 160), (320, 100), 0.9, 12)  # a cross is none
    (cross,) = text_regions(likelihood)
    assert turned.is_line
    assert turned.long > 3 * turned.high
    assert not cross.is_line


def test_specks_are_no_regions() -> None:
    assert text_regions(map_with((10, 10, 40, 12, 0.9))) == []


def test_without_a_file_artgens_own_detector_is_taken() -> None:
    detector = load_text_detector(None)
    picture = written("Where is she now", size=1.4)[0]
    assert isinstance(detector, StrokeDetector)
    assert detector.find(picture) == find_text(picture)


def test_what_is_no_text_detector_is_refused(tmp_path: Path) -> None:
    broken = tmp_path / "broken.onnx"
    broken.write_bytes(b"no model at all")
    with pytest.raises(ModelError, match=r"broken\.onnx is damaged"):
        load_text_detector(broken)
    with pytest.raises(ModelError, match=r"faces\.onnx is not a detector of text"):
        load_text_detector(models_folder() / "faces" / "faces.onnx")


def written(words: str, *, size: float, at: tuple[int, int] = (300, 640)) -> tuple[Picture, Box]:
    """Words over soft shapes, and the box they take."""
    low = np.random.default_rng(1).integers(40, 180, (9, 16, 3), dtype=np.uint8)
    picture = np.asarray(cv2.resize(low, (1280, 720), interpolation=cv2.INTER_CUBIC), np.uint8)
    (width, height), _ = cv2.getTextSize(words, cv2.FONT_HERSHEY_DUPLEX, size, 2)
    cv2.putText(picture, words, at, cv2.FONT_HERSHEY_DUPLEX, size, (255,) * 3, 2, cv2.LINE_AA)
    return picture, (at[0], at[1] - height, at[0] + width, at[1])


@pytest.mark.parametrize("size", [0.7, 1.4, 3.0])
def test_a_line_is_found_where_it_stands(network: NetworkDetector, size: float) -> None:
    picture, box = written("Wait for me", size=size)
    (found,) = network.find(picture)
    assert found[0] <= box[0] + 4
    assert found[1] <= box[1] + 4
    assert found[2] >= box[2] - 4
    assert found[3] >= box[3] - 4
    assert area(found) < 3 * area(box)


def test_boxes_lie_inside_pictures_of_any_size_top_to_bottom(network: NetworkDetector) -> None:
    picture, _ = written("One", size=2, at=(0, 60))
    cv2.putText(picture, "Two", (1130, 712), cv2.FONT_HERSHEY_DUPLEX, 2, (255,) * 3, 3, cv2.LINE_AA)
    for width in (1280, READING_SIDE, 321):
        shown = np.asarray(
            cv2.resize(picture, (width, width * 9 // 16), interpolation=cv2.INTER_AREA), np.uint8
        )
        found = network.find(shown)
        assert len(found) == 2, width
        assert all(a[1] <= b[1] for a, b in pairwise(found))
        assert all(0 <= x1 < x2 <= width and 0 <= y1 < y2 <= width * 9 // 16 for x1, y1, x2, y2 in found)


def test_the_same_picture_gives_the_same_boxes(network: NetworkDetector) -> None:
    picture, _ = written("Again and again", size=1.2)
    assert network.find(picture) == network.find(picture.copy())


@pytest.mark.parametrize("shape", [(0, 10, 3), (10, 10), (10, 10, 4)])
def test_what_is_no_picture_is_a_defect(network: NetworkDetector, shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="picture must be"):
        network.find(np.zeros(shape, np.uint8))


def test_a_station_logo_on_a_real_film_is_lettering(network: NetworkDetector, shared_media: Path) -> None:
    picture = frame_of(shared_media / "titles/hamilton_10s.mp4", at_s=6.0)
    composition = compose("s", picture, faces=[], lettering=network)
    (logo,) = composition.text_boxes  # WH.GOV, two words high
    assert 560 < logo[0] < logo[2] < 620
    assert 10 < logo[1] < logo[3] < 60
    assert composition.measures["text_fraction"] == pytest.approx(area(logo) / (640 * 360), abs=1e-4)


def test_scenes_of_real_films_have_no_lettering_and_their_cards_have(
    network: NetworkDetector, shared_media: Path
) -> None:
    for at_s in (2.0, 9.0, 20.0):
        assert network.find(frame_of(shared_media / "titles/sintel_26s.mp4", at_s=at_s)) == ()
    assert len(network.find(frame_of(shared_media / "titles/sintel_trailer_52s.mp4", at_s=49.5))) >= 8


def frame_of(film: Path, *, at_s: float) -> Picture:
    import av

    with av.open(str(film)) as container:
        for frame in container.decode(video=0):
            if (frame.time or 0) >= at_s:
                return np.asarray(frame.to_ndarray(format="rgb24"), np.uint8)
    raise AssertionError(f"{film} is shorter than {at_s} s")
