"""The benchmark's evaluator, against cases counted by hand."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))
from shots_accuracy import Change, score


def cut(last: int) -> Change:
    return ("cut", last, last + 1)


@pytest.mark.parametrize(
    ("labeled", "found", "tolerance", "cuts", "graduals"),
    [
        ([cut(10), cut(50)], [cut(10), cut(50)], 0, (2, 2, 2), (0, 0, 0)),
        ([cut(10)], [cut(12)], 2, (1, 1, 1), (0, 0, 0)),
        ([cut(10)], [cut(13)], 2, (0, 1, 1), (0, 0, 0)),
        ([cut(10)], [cut(10), cut(11)], 2, (1, 1, 2), (0, 0, 0)),
        ([cut(10), cut(12)], [cut(11)], 2, (1, 2, 1), (0, 0, 0)),
        ([("dissolve", 20, 60)], [("dissolve", 55, 90)], 0, (0, 0, 0), (1, 1, 1)),
        ([("dissolve", 20, 60)], [("dissolve", 60, 90)], 0, (0, 0, 0), (0, 1, 1)),
        ([("dissolve", 20, 60)], [cut(40)], 0, (0, 0, 0), (1, 1, 1)),
        ([("dissolve", 20, 60)], [cut(30), cut(40)], 0, (0, 0, 1), (1, 1, 1)),
        ([("dissolve", 20, 24)], [cut(22)], 0, (1, 1, 1), (0, 0, 0)),
        ([], [cut(5), ("fade", 9, 30)], 2, (0, 0, 1), (0, 0, 1)),
    ],
)
def test_changes_are_matched_one_to_one(
    labeled: list[Change],
    found: list[Change],
    tolerance: int,
    cuts: tuple[int, int, int],
    graduals: tuple[int, int, int],
) -> None:
    of_cuts, of_graduals = score(labeled, found, tolerance)

    assert (of_cuts.hits, of_cuts.labeled, of_cuts.found) == cuts
    assert (of_graduals.hits, of_graduals.labeled, of_graduals.found) == graduals
