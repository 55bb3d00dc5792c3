"""Lettering: titles, subtitles and credits are found where they are; texture is not taken for them."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from artgen.composition.text import find_text
from artgen.records import Box, area

Picture = NDArray[np.uint8]
FONTS = {"sans": cv2.FONT_HERSHEY_DUPLEX, "serif": cv2.FONT_HERSHEY_TRIPLEX}


def backdrop(*, seed: int = 1) -> Picture:
    """Soft shapes, as behind a subtitle."""
    random = np.random.default_rng(seed)
    picture = random.integers(40, 180, (9, 16, 3), dtype=np.uint8)
    return np.asarray(cv2.resize(picture, (1280, 720), interpolation=cv2.INTER_CUBIC), dtype=np.uint8)


def write(
    picture: Picture,
    words: str,
    *,
    at: tuple[int, int],
    size: float = 1.4,
    color: int = 255,
    font: str = "sans",
) -> Box:
    """Write words into the picture, baseline at `at`; the box they take."""
    (width, height), low = cv2.getTextSize(words, FONTS[font], size, 2)
    cv2.putText(picture, words, at, FONTS[font], size, (color,) * 3, 2, cv2.LINE_AA)
    return (at[0], at[1] - height, at[0] + width, at[1] + low * 0.3)


def covered(box: Box, found: tuple[Box, ...]) -> float:
    """How much of a box lies in what was found."""
    parts = [(max(box[0], f[0]), max(box[1], f[1]), min(box[2], f[2]), min(box[3], f[3])) for f in found]
    return sum(area(part) for part in parts) / area(box)


@pytest.mark.parametrize("font", sorted(FONTS))
@pytest.mark.parametrize("size", [0.9, 1.4, 2.5, 4.0])
def test_a_line_of_lettering_is_found_where_it_stands(font: str, size: float) -> None:
    picture = backdrop()
    box = write(picture, "Where is she now", at=(60, 400), size=size, font=font)
    found = find_text(picture)

    assert covered(box, found) > 0.7
    assert sum(area(f) for f in found) < 2 * area(box)


@pytest.mark.parametrize("color", [255, 0])
def test_light_and_dark_letters_are_found(color: int) -> None:
    picture = np.full((720, 1280, 3), 128, np.uint8)

    assert (
        covered(write(picture, "a love story", at=(300, 300), size=2, color=color), find_text(picture)) > 0.7
    )


def test_a_roll_of_names_is_found_line_by_line() -> None:
    picture = np.zeros((720, 1280, 3), np.uint8)
    boxes = [write(picture, name, at=(300 + 11 * i, 70 + 52 * i), size=1.0) for i, name in enumerate(NAMES)]
    found = find_text(picture)

    assert np.mean([covered(box, found) > 0.6 for box in boxes]) > 0.8
    assert len(found) >= 8


NAMES = (
    "Directed by Anna Smith", "Camera Peter Jones", "Music Maria Garcia", "Casting Tom Hardwick",
    "Editor Halina Rein", "Sound Luis Ortega", "Costumes Jane Doe", "Story Ahmed Khan",
    "Producer Li Wei", "Stunts Ivan Petrov", "Art Eva Lind", "Script Noor Aziz",
)  # fmt: skip


def test_lettering_is_found_at_the_size_of_small_video_too() -> None:
    picture = backdrop()
    box = write(picture, "You have to go now", at=(340, 640), size=1.6)
    small = np.asarray(cv2.resize(picture, (640, 360), interpolation=cv2.INTER_AREA), dtype=np.uint8)

    half = (box[0] / 2, box[1] / 2, box[2] / 2, box[3] / 2)
    assert covered(half, find_text(small)) > 0.6


def texture(kind: str) -> Picture:
    random = np.random.default_rng(8)
    picture = np.full((720, 1280, 3), 60, np.uint8)
    if kind == "leaves":
        for _ in range(6000):
            x, y = random.integers(0, (1280, 720)).tolist()
            color = random.integers(30, 160, 3).tolist()
            axes = tuple(random.integers(2, 9, 2).tolist())
            cv2.ellipse(picture, (x, y), axes, float(random.integers(0, 180)), 0, 360, color, -1, cv2.LINE_AA)
    elif kind == "grass":
        for _ in range(9000):
            x, y = random.integers(0, (1280, 720)).tolist()
            color = (random.integers(20, 70), random.integers(80, 180), random.integers(10, 60))
            tip = (x + int(random.integers(-7, 8)), y - int(random.integers(8, 30)))
            cv2.line(picture, (x, y), tip, [int(c) for c in color], 1, cv2.LINE_AA)
    elif kind == "bricks":
        for row in range(24):
            for column in range(-1, 17):
                x, y = column * 80 + 40 * (row % 2), row * 30
                color = (random.integers(-12, 12) + np.array([140, 70, 50])).tolist()
                cv2.rectangle(picture, (x + 2, y + 2), (x + 76, y + 27), color, -1)
    elif kind == "fence":
        for x in range(0, 1280, 24):
            cv2.rectangle(picture, (x, 200), (x + 10, 560), (170, 160, 150), -1)
    return picture


@pytest.mark.parametrize("kind", ["leaves", "grass", "bricks", "fence", "plain"])
def test_texture_is_not_taken_for_lettering(kind: str) -> None:
    found = find_text(texture(kind))

    assert sum(area(box) for box in found) < 0.004 * 1280 * 720, found


def test_boxes_come_top_to_bottom_inside_the_picture_and_apart() -> None:
    picture = np.zeros((720, 1280, 3), np.uint8)
    for i, name in enumerate(NAMES[:5]):
        write(picture, name, at=(200, 150 + 110 * i), size=1.5)
    found = find_text(picture)

    assert [box[1] for box in found] == sorted(box[1] for box in found)
    assert all(0 <= x1 < x2 <= 1280 and 0 <= y1 < y2 <= 720 for x1, y1, x2, y2 in found)
    assert len(found) >= 5


def test_cards_of_a_real_film_have_lettering_and_its_scenes_have_not(shared_media: Path) -> None:
    scenes = [_frame(shared_media / "titles/sintel_26s.mp4", at_s) for at_s in (2.0, 9.0, 20.0)]
    card = _frame(shared_media / "titles/sintel_trailer_52s.mp4", 49.5)

    assert len(find_text(card)) >= 5
    assert max(sum(area(b) for b in find_text(s)) / (s.shape[0] * s.shape[1]) for s in scenes) < 0.01


def _frame(film: Path, at_s: float) -> Picture:
    import av

    with av.open(str(film)) as container:
        for frame in container.decode(video=0):
            if (frame.time or 0) >= at_s:
                return np.asarray(frame.to_ndarray(format="rgb24"), dtype=np.uint8)
    raise AssertionError(f"{film} is shorter than {at_s} s")
