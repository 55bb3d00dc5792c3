"""Stills of known lettering: what is drawn is where it is said to be, the same every time; and how finds are counted."""

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))
from lettering import Tally, covered, is_found
from lettering_stills import KINDS, Lettered, compressed, find_fonts, letter

from artgen.records import Box

FRAME = np.full((360, 640, 3), (90, 120, 60), np.uint8)


class Sees:
    """A detector that answers what it is told to."""

    name = "sees"

    def __init__(self, *boxes: Box) -> None:
        self.boxes = boxes

    def find(self, picture: np.ndarray) -> tuple[Box, ...]:
        """The boxes."""
        return self.boxes


@pytest.mark.parametrize("kind", KINDS)
def test_lettering_lies_in_its_boxes_and_changes_nothing_else(kind: str) -> None:
    fonts = find_fonts()
    if not fonts:
        pytest.skip("none of the fonts that the benchmark draws with is on this machine")
    still = letter(FRAME, kind, seed=3, fonts=fonts)
    again = letter(FRAME, kind, seed=3, fonts=fonts)
    assert np.array_equal(still.picture, again.picture)
    assert still.boxes == again.boxes
    for x1, y1, x2, y2 in still.boxes:
        inside = still.picture[round(y1) : round(y2), round(x1) : round(x2)]
        assert 0 <= x1 < x2 <= 640
        assert 0 <= y1 < y2 <= 360
        assert inside.std() > 10
    if kind != "credits":  # which darken the frame
        changed = np.abs(still.picture.astype(int) - compressed(FRAME)).max(axis=2) > 40
        grown = [(x1 - 60, y1 - 60, x2 + 60, y2 + 60) for x1, y1, x2, y2 in still.boxes]
        rows, columns = np.nonzero(changed)
        held = [
            any(a <= x <= c and b <= y <= d for a, b, c, d in grown)
            for y, x in zip(rows, columns, strict=True)
        ]
        assert np.mean(held) > 0.98


def test_a_still_is_found_when_half_of_its_area_is() -> None:
    still = Lettered(FRAME, "title", ((0, 0, 100, 10), (0, 20, 50, 30)))
    assert covered((0, 0, 100, 10), [(-5, -5, 50, 20)]) == 0.5
    assert is_found(still, [(0, 0, 75, 10)])
    assert not is_found(still, [(0, 0, 70, 10)])
    assert not is_found(still, [])


def test_precision_counts_as_many_clean_stills_as_lettered_ones() -> None:
    tally = Tally(Sees((0.0, 0.0, 100.0, 10.0)))
    for box in ((0, 0, 100, 10), (200, 200, 300, 210)):
        tally.look(Lettered(FRAME, "logo", (box,)))
    for kind in KINDS:
        if kind != "logo":
            tally.look(Lettered(FRAME, kind, ((0, 0, 100, 10),)))
    tally.look(Lettered(FRAME, "clean", ()))
    rows = {row[2]: row[3:] for row in tally.rows("half")}
    assert rows["logo"] == [
        "2",
        "0.333",
        "0.500",
        "0.400",
    ]  # recall 1/2; every clean still is taken for lettered
    assert rows["title"] == ["1", "0.500", "1.000", "0.667"]
    assert "1 of 1 clean stills" in tally.summary("half")
