"""Sheets show the right frames of the right changes."""

import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))
from shot_sheets import COLUMNS, MARK, frames_shown, outcomes, read_frames, sheet
from trecvid import Change, Labels


def cut(last: int) -> Change:
    return Change("cut", last, last + 1)


def test_changes_are_sorted_by_what_became_of_them() -> None:
    labels = Labels([cut(10), cut(50)], unsure=[Change("unsure", 70, 90)])

    sorted_out = outcomes(labels, [cut(11), cut(30), cut(80)])

    assert sorted_out == {"right": [cut(10)], "missed": [cut(50)], "false": [cut(30)]}


def test_a_cut_is_shown_with_the_frames_around_it() -> None:
    assert frames_shown(cut(10), 1000) == [7, 8, 9, 10, 11, 12, 13, 14]
    assert frames_shown(cut(0), 3) == [0, 1, 2]


def test_a_long_change_is_shown_from_end_to_end_and_never_beyond_the_film() -> None:
    shown = frames_shown(Change("dissolve", 20, 60), 62)

    assert {20, 60} <= set(shown)
    assert shown[0] == 17
    assert max(shown) < 62
    assert len(shown) <= COLUMNS


def test_a_sheet_marks_the_two_frames_beside_a_cut(shared_media: Path) -> None:
    film = shared_media / "titles" / "hamilton_10s.mp4"
    change = cut(19)
    pictures = read_frames(film, frames_shown(change, 1000))

    drawn = np.asarray(sheet([change], pictures))

    width = drawn.shape[1] // COLUMNS
    marks = [(drawn[-3, column * width + 5] == MARK).all() for column in range(COLUMNS)]
    assert sum(marks) == 2
    first = marks.index(True)
    old, new = (drawn[20:90, (first + place) * width : (first + place + 1) * width] for place in (0, 1))
    before = drawn[20:90, (first - 1) * width : first * width]
    assert np.abs(old.astype(int) - new).mean() > 3 * np.abs(old.astype(int) - before).mean()
