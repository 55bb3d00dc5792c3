"""The measures of scenes say what their sources say, on cases counted by hand."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))
from labels import LABELS, scene_starts, text_spans
from scenes import boundary_f1, coverage, overflow, scores, spans_of

SHOTS = [10.0 * n for n in range(12)]
LABELED = spans_of([0, 40, 80], 120.0)


def test_scenes_lie_one_after_another_from_the_beginning() -> None:
    assert spans_of([2.0, 40.0, 40.0, 130.0], 120.0) == [(0.0, 40.0), (40.0, 120.0)]


def test_what_is_labeled_is_found_perfectly_by_itself() -> None:
    assert scores(LABELED, LABELED, SHOTS) == {
        "scenes": 3, "boundary F1": 1.0, "coverage": 1.0, "overflow": 0.0, "F-CO": 1.0,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("starts", "f1"),
    [([0, 50, 80], 1.0), ([0, 60, 80], 0.5), ([0, 40, 50, 80], 0.8), ([0], 0.0), ([0, 30, 50], 0.5)],
)
def test_a_boundary_is_right_one_shot_away_and_counts_once(starts: list[float], f1: float) -> None:
    assert boundary_f1(spans_of(starts, 120.0), LABELED, SHOTS) == pytest.approx(f1)


def test_a_film_of_one_scene_is_found_by_finding_no_boundary() -> None:
    whole = spans_of([0], 120.0)

    assert boundary_f1(whole, whole, SHOTS) == 1.0
    assert overflow(whole, whole) == 0.0


def test_a_split_scene_lowers_coverage_alone() -> None:
    split = spans_of([0, 40, 60, 80], 120.0)

    assert coverage(split, LABELED) == pytest.approx((40 + 20 + 40) / 120)
    assert overflow(split, LABELED) == 0.0


def test_joined_scenes_overflow_alone() -> None:
    joined = spans_of([0, 80], 120.0)

    assert coverage(joined, LABELED) == 1.0
    assert overflow(joined, LABELED) == pytest.approx((1.0 * 40 + 0.5 * 40 + 0.0) / 120)


def test_labels_are_read_film_by_film(tmp_path: Path) -> None:
    scenes, texts = tmp_path / "scenes.csv", tmp_path / "texts.csv"
    scenes.write_text("film,start_s\na.mp4,30\na.mp4,0\nb.mp4,1\n")
    texts.write_text("film,start_s,end_s\na.mp4,1.5,2\n")

    assert scene_starts("a.mp4", scenes) == [0.0, 30.0]
    assert text_spans("a.mp4", texts) == [(1.5, 2.0)]
    assert scene_starts("c.mp4", scenes) == []


def test_the_labels_that_are_kept_can_be_read() -> None:
    films = {line.split(",")[0] for line in (LABELS / "scenes.csv").read_text().splitlines()[1:]}

    assert len(films) >= 2
    assert all(scene_starts(film) for film in films)
