"""The evaluator of changes of shot, against cases counted by hand."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))
from trecvid import Change, Count, Score, match_changes, read_labels, score


def cut(last: int) -> Change:
    return Change("cut", last, last + 1)


def dissolve(last: int, first: int) -> Change:
    return Change("dissolve", last, first)


@pytest.mark.parametrize(
    ("labeled", "found", "tolerance", "cuts", "graduals"),
    [
        ([cut(10), cut(50)], [cut(10), cut(50)], 0, (2, 2, 2), (0, 0, 0)),
        ([cut(10)], [cut(11)], 0, (0, 1, 1), (0, 0, 0)),
        ([cut(10)], [cut(12)], 2, (1, 1, 1), (0, 0, 0)),
        ([cut(10)], [cut(8)], 2, (1, 1, 1), (0, 0, 0)),
        ([cut(10)], [cut(13)], 2, (0, 1, 1), (0, 0, 0)),
        ([cut(10)], [cut(7)], 2, (0, 1, 1), (0, 0, 0)),
        ([cut(10)], [], 2, (0, 1, 0), (0, 0, 0)),
        ([], [cut(5), dissolve(9, 30)], 2, (0, 0, 1), (0, 0, 1)),
        ([dissolve(20, 60)], [dissolve(30, 50)], 0, (0, 0, 0), (1, 1, 1)),
        ([dissolve(20, 60)], [dissolve(58, 90)], 0, (0, 0, 0), (1, 1, 1)),  # both hold frame 59
        ([dissolve(20, 60)], [dissolve(59, 90)], 2, (0, 0, 0), (0, 1, 1)),  # 59 | 60: none in common
        ([], [], 2, (0, 0, 0), (0, 0, 0)),
    ],
)
def test_a_change_is_found_where_it_is(
    labeled: list[Change],
    found: list[Change],
    tolerance: int,
    cuts: tuple[int, int, int],
    graduals: tuple[int, int, int],
) -> None:
    counted = score(labeled, found, tolerance_frames=tolerance)

    assert counted.cuts == Count(*cuts)
    assert counted.graduals == Count(*graduals)


@pytest.mark.parametrize("tolerance", [0, 2])
def test_one_change_answers_for_one_label_only(tolerance: int) -> None:
    twice = score([cut(10)], [cut(10), cut(10), cut(11)], tolerance_frames=tolerance)
    halved = score([dissolve(20, 60)], [dissolve(20, 35), dissolve(40, 60)], tolerance_frames=tolerance)
    merged = score([dissolve(20, 40), dissolve(50, 70)], [dissolve(20, 70)], tolerance_frames=tolerance)

    assert twice.cuts == Count(hits=1, labeled=1, found=3)
    assert halved.graduals == Count(hits=1, labeled=1, found=2)
    assert merged.graduals == Count(hits=1, labeled=2, found=1)


def test_the_nearest_cut_is_taken_and_the_other_left_for_its_own_label() -> None:
    counted = score([cut(10), cut(12)], [cut(12), cut(10)], tolerance_frames=2)

    assert counted.cuts == Count(2, 2, 2)
    assert score([cut(10), cut(12)], [cut(11)], tolerance_frames=2).cuts == Count(1, 2, 1)


@pytest.mark.parametrize(
    ("frames_between", "is_cut"), [(0, True), (1, True), (5, True), (6, False), (40, False)]
)
def test_changes_of_at_most_five_frames_are_cuts(frames_between: int, is_cut: bool) -> None:
    labeled = dissolve(20, 20 + frames_between + 1)

    counted = score([labeled], [labeled], tolerance_frames=0, same_kind=True)

    assert (counted.cuts if is_cut else counted.graduals) == Count(1, 1, 1)
    assert (counted.graduals if is_cut else counted.cuts) == Count()


@pytest.mark.parametrize(("place", "tolerance", "hits"), [(19, 0, 0), (20, 0, 1), (23, 0, 1), (24, 0, 0), (26, 2, 0), (25, 2, 1)])  # fmt: skip
def test_a_cut_may_stand_anywhere_in_a_short_change(place: int, tolerance: int, hits: int) -> None:
    # frames 21, 22 and 23 are mixed, so the change lies between 20 and 24
    assert score([dissolve(20, 24)], [cut(place)], tolerance_frames=tolerance).cuts.hits == hits


def test_tools_that_tell_no_kinds_are_not_punished_unless_kinds_are_asked_for() -> None:
    labeled, found = [dissolve(20, 60)], [cut(40)]

    either = score(labeled, found, tolerance_frames=2)
    strict = score(labeled, found, tolerance_frames=2, same_kind=True)

    assert either.graduals == Count(1, 1, 1)
    assert strict == Score(cuts=Count(0, 0, 1), graduals=Count(0, 1, 0))


def test_several_cuts_in_one_gradual_change_are_false_but_for_one() -> None:
    counted = score([dissolve(20, 60)], [cut(30), cut(40), cut(50)], tolerance_frames=2)

    assert counted.graduals == Count(1, 1, 1)
    assert counted.cuts == Count(0, 0, 2)
    assert counted.together == Count(hits=1, labeled=1, found=3)


def test_a_cut_at_the_very_edge_of_a_gradual_change_shares_a_frame_with_it() -> None:
    labeled = [dissolve(20, 60)]  # frames 21 to 59

    hits = {place: score(labeled, [cut(place)], tolerance_frames=0).graduals.hits for place in range(18, 63)}

    assert [place for place, hit in hits.items() if hit] == list(range(20, 60))


def test_of_several_gradual_changes_the_one_with_most_common_frames_is_taken() -> None:
    counted = score([dissolve(20, 60)], [dissolve(10, 30), dissolve(29, 61)], tolerance_frames=0)

    assert counted.graduals == Count(1, 1, 2)
    assert counted.frames == Count(hits=30, labeled=39, found=31)  # 30 to 59, of 21 to 59 and 30 to 60


def test_the_extent_of_gradual_changes_is_met_in_frames() -> None:
    counted = score([dissolve(20, 31), cut(80)], [dissolve(15, 26), cut(80)], tolerance_frames=0)

    assert counted.frames == Count(hits=5, labeled=10, found=10)
    assert counted.frames.precision == counted.frames.recall == 0.5


def test_what_is_found_where_nobody_is_sure_does_not_count() -> None:
    unsure = [Change("unsure", 100, 140)]

    counted = score([cut(10)], [cut(10), cut(120), cut(150)], tolerance_frames=0, unsure=unsure)

    assert counted.cuts == Count(hits=1, labeled=1, found=2)


def test_films_add_up_and_rates_come_from_the_sums() -> None:
    counted = score([cut(1), cut(9)], [cut(1)], tolerance_frames=0) + score(
        [dissolve(5, 25)], [dissolve(5, 25), cut(50), cut(70)], tolerance_frames=0
    )

    assert counted.together == Count(hits=2, labeled=3, found=4)
    assert counted.together.precision == 0.5
    assert counted.together.recall == pytest.approx(2 / 3)
    assert counted.together.f1 == pytest.approx(4 / 7)


def test_a_film_without_changes_in_which_none_are_found_is_perfect() -> None:
    nothing = score([], [], tolerance_frames=2).together

    assert (nothing.precision, nothing.recall, nothing.f1) == (1.0, 1.0, 1.0)


def test_the_order_of_what_is_found_does_not_matter() -> None:
    labeled = [cut(10), dissolve(40, 60), cut(90)]
    found = [cut(91), dissolve(42, 55), cut(9), cut(45)]

    counted = score(labeled, found, tolerance_frames=2)

    assert counted == score(labeled[::-1], found[::-1], tolerance_frames=2)
    assert counted.together == Count(3, 3, 4)


def test_what_was_matched_missed_and_false_is_named() -> None:
    labeled = [cut(10), dissolve(40, 60)]
    found = [cut(12), cut(50), cut(90), cut(120)]

    pairs = match_changes(labeled, found, tolerance_frames=0, unsure=[Change("unsure", 110, 130)])

    assert pairs == [(cut(10), None), (dissolve(40, 60), cut(50)), (None, cut(12)), (None, cut(90))]


@pytest.mark.parametrize("tolerance", [0, 2])
def test_a_change_that_ends_before_it_begins_is_refused(tolerance: int) -> None:
    with pytest.raises(ValueError, match="begin before"):
        score([Change("cut", 10, 10)], [], tolerance_frames=tolerance)


def test_a_tolerance_below_zero_is_refused() -> None:
    with pytest.raises(ValueError, match="-1 frames"):
        score([cut(1)], [cut(1)], tolerance_frames=-1)


def test_labels_are_read_film_by_film(tmp_path: Path) -> None:
    one, other = tmp_path / "one.csv", tmp_path / "other.csv"
    one.write_text(
        "file,kind,last_frame,first_frame\n"
        "a.mp4,cut,75,76\na.mp4,unsure,90,120\na.mp4,fade out,200,230\nstill.mp4,none,,\n"
    )
    other.write_text("file,kind,last_frame,first_frame\na.mp4,cut,75,76\nb.mp4,cut,3,4\n")

    labels = read_labels([one, other])

    assert list(labels) == ["a.mp4", "still.mp4", "b.mp4"]
    assert labels["a.mp4"].changes == [cut(75), Change("fade out", 200, 230)]
    assert labels["a.mp4"].unsure == [Change("unsure", 90, 120)]
    assert labels["still.mp4"].changes == []


@pytest.mark.parametrize("line", ["a.mp4,cut,75", "a.mp4,cut,x,76", ",".join("abc")])
def test_labels_that_are_no_labels_are_named_with_their_line(tmp_path: Path, line: str) -> None:
    path = tmp_path / "labels.csv"
    path.write_text(f"file,kind,last_frame,first_frame\na.mp4,cut,1,2\n{line}\n")

    with pytest.raises(ValueError, match=r"labels\.csv, line 3"):
        read_labels([path])
