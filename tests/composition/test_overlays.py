"""Marks that lie over a whole title are found; what the shots themselves share is not taken for one."""

from itertools import islice
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from artgen.composition import find_overlays
from artgen.records import Box, intersection_over_union

Picture = NDArray[np.uint8]
MARK: Box = (1120.0, 40.0, 1216.0, 88.0)


def shots(count: int, *, seed: int = 0) -> list[Picture]:
    """Pictures of shots that have nothing in common."""
    random = np.random.default_rng(seed)
    pictures = []
    for _ in range(count):
        soft = cv2.resize(
            random.integers(20, 220, (9, 16, 3), np.uint8), (1280, 720), interpolation=cv2.INTER_CUBIC
        )
        for x, y in random.integers(0, 600, (12, 2)):
            cv2.rectangle(soft, (x, y), (x + 200, y + 90), random.integers(0, 255, 3).tolist(), -1)
        pictures.append(np.asarray(soft, np.uint8))
    return pictures


def marked(picture: Picture, *, opacity: float = 0.8, box: Box = MARK) -> Picture:
    """The picture with a channel's ring and bar over it."""
    over = picture.copy()
    x1, y1, x2, y2 = (int(edge) for edge in box)
    cv2.rectangle(over, (x1, y1), (x2, y2), (255, 255, 255), 6)
    cv2.circle(over, ((x1 + x2) // 2, (y1 + y2) // 2), (y2 - y1) // 3, (255, 255, 255), -1)
    return np.asarray(cv2.addWeighted(over, opacity, picture, 1 - opacity, 0), np.uint8)


@pytest.mark.parametrize("opacity", [1.0, 0.5])
@pytest.mark.parametrize("count", [5, 12])
def test_a_channels_mark_is_found_where_it_lies(count: int, opacity: float) -> None:
    (found,) = find_overlays([marked(picture, opacity=opacity) for picture in shots(count)])

    assert intersection_over_union(found, MARK) > 0.6


def test_two_marks_come_top_to_bottom() -> None:
    low = (60.0, 620.0, 180.0, 680.0)

    found = find_overlays([marked(marked(picture), box=low) for picture in shots(8)])

    assert [intersection_over_union(*pair) > 0.5 for pair in zip(found, (MARK, low), strict=True)] == [
        True
    ] * 2


def test_shots_without_one_have_none() -> None:
    assert find_overlays(shots(8)) == ()


def test_a_thing_in_the_middle_and_the_same_view_again_are_no_marks() -> None:
    middle = (560.0, 330.0, 700.0, 400.0)

    assert find_overlays([marked(picture, box=middle) for picture in shots(8)]) == ()
    assert find_overlays(shots(1) * 8) == ()


def test_a_mark_may_be_lost_in_one_shot_of_eight_but_few_shots_prove_nothing() -> None:
    white = np.full((720, 1280, 3), 255, np.uint8)
    pictures = [marked(picture) for picture in shots(7)]

    assert len(find_overlays([*pictures, marked(white)])) == 1
    assert find_overlays(pictures[:3]) == ()


def test_the_mark_of_a_recording_is_found_and_a_film_has_none(shared_media: Path) -> None:
    import av

    def one_a_second(name: str, count: int) -> list[Picture]:
        with av.open(str(shared_media / "titles" / name)) as film:
            frames = islice(film.decode(video=0), 0, 30 * count, 30)
            return [np.asarray(frame.to_ndarray(format="rgb24"), np.uint8) for frame in frames]

    (mark,) = find_overlays(one_a_second("hamilton_10s.mp4", 9))

    assert intersection_over_union(mark, (574.0, 16.0, 610.0, 52.0)) > 0.6
    assert find_overlays(one_a_second("tears_of_steel_37s.webm", 25)) == ()


def test_pictures_of_two_sizes_are_our_defect() -> None:
    with pytest.raises(ValueError, match="size"):
        find_overlays([np.zeros((8, 8, 3), np.uint8), np.zeros((8, 9, 3), np.uint8)])
