"""Shots of real films, and of films whose changes are known because they were made here."""

import csv
import itertools
from pathlib import Path

import pytest

from artgen.shots import find_shots, join_signatures, sign_frames
from artgen.video import plan_segments, probe, read_luma


def changes_of(path: Path) -> list[tuple[str, int, int]]:
    info = probe(path)
    run = join_signatures(
        [
            sign_frames(read_luma(info, s, on_damage=pytest.fail))
            for s in plan_segments(info, from_pts=None, to_pts=None)
        ]
    )
    shots = find_shots([run], time_base=info.time_base, start_pts=info.start_pts, frame_s=0.04, min_shot_s=0)
    number = {int(pts): frame for frame, pts in enumerate(run.pts)}
    return [
        (old.transition_out, number[old.end_pts] - 1, number[new.start_pts])
        for old, new in itertools.pairwise(shots)
    ]


def labeled(media: Path) -> dict[str, list[tuple[str, int, int]]]:
    films: dict[str, list[tuple[str, int, int]]] = {}
    with (media / "shots" / "labels.csv").open() as file:
        for row in csv.DictReader(file):
            label = (row["kind"], int(row["last_frame"]), int(row["first_frame"]))
            films.setdefault(row["file"], []).append(label)
    return films


@pytest.mark.parametrize("film", ["sintel_26s.mp4", "hamilton_10s.mp4", "nasa_13s.mp4"])
def test_the_changes_of_a_labeled_film_are_found_and_no_others(shared_media: Path, film: str) -> None:
    expected = labeled(shared_media)[film]

    found = changes_of(shared_media / "titles" / film)

    assert [kind for kind, _, _ in found] == [kind for kind, _, _ in expected]
    for (kind, last, first), (_, true_last, true_first) in zip(found, expected, strict=True):
        tolerance = 0 if kind == "cut" else 2
        assert abs(last - true_last) <= tolerance
        assert abs(first - true_first) <= tolerance


@pytest.mark.parametrize("film", ["chaplin_10s.mp4", "his_girl_friday_6s.mp4"])
def test_a_film_of_one_shot_is_not_cut(shared_media: Path, film: str) -> None:
    assert changes_of(shared_media / "titles" / film) == []
