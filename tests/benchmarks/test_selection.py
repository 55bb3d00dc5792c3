"""What is measured of a choice of stills tells good choices from bad ones."""

import sys
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))
from selection import apart, exposure, measure, motion, near_edge, sheet, summary, twins
from selections import ARTGEN, THUMBNAIL, choose_all, read_small, thumbnails, uniform

SHOTS = [{"start_s": 0.0, "end_s": 5.0}, {"start_s": 5.0, "end_s": 9.0}, {"start_s": 10.0, "end_s": 20.0}]


def gray(level: int) -> NDArray[np.uint8]:
    return np.full((18, 32), level, np.uint8)


def test_middling_light_is_exposed_best() -> None:
    dark, middling, light = (exposure(np.full((20, 20, 3), level, np.uint8)) for level in (5, 128, 250))

    assert middling > 0.99
    assert max(dark, light) < 0.1


def test_twins_are_pictures_like_an_earlier_one() -> None:
    rng = np.random.default_rng(3)
    one, other = (rng.integers(0, 256, (18, 32), dtype=np.uint8) for _ in range(2))

    assert twins([one, other]) == 0.0
    assert twins([one, other, one]) == pytest.approx(1 / 3)


def test_pictures_are_as_far_apart_as_their_nearest_neighbors() -> None:
    rows = np.eye(3, dtype=np.float32)

    assert apart(rows) == pytest.approx(1.0)
    assert apart(np.stack([rows[0], rows[0], rows[1]])) == pytest.approx(1 / 3)
    assert apart(rows[:1]) == 0.0


def test_motion_is_the_change_to_the_frames_around() -> None:
    small = {0: gray(10), 40: gray(14), 80: gray(24)}

    assert motion(small, list(small), 40) == pytest.approx(7.0)
    assert motion(small, list(small), 0) == pytest.approx(4.0)


@pytest.mark.parametrize(
    ("time_s", "near"), [(0.0, False), (4.7, False), (4.9, True), (5.1, True), (9.5, True), (19.9, False)]
)
def test_a_picture_at_or_inside_a_change_of_shot_is_near_it(time_s: float, near: bool) -> None:
    assert near_edge(time_s, SHOTS) is near


def test_uniform_frames_lie_in_the_middles_of_equal_stretches() -> None:
    assert uniform(list(range(0, 1000, 10)), 4) == [120, 370, 620, 870]


def test_ffmpegs_frames_are_frames_of_the_film(shared_media: Path) -> None:
    film = shared_media / "titles" / "hamilton_10s.mp4"

    found = thumbnails(film, 5)

    assert len(found) == 5
    assert set(found) <= set(read_small(film))


def test_wins_and_losses_follow_what_is_better() -> None:
    measured = {
        "film 10": {
            ARTGEN: {"blur": 0.2, "shots": 0.5, "text": 0.0},
            "x": {"blur": 0.3, "shots": 0.9, "text": 0.0},
        }
    }

    last = summary(measured).splitlines()[-1]

    assert [cell.strip() for cell in last.strip("|").split("|")] == ["x", "1", "1", "1", "shots: film 10"]


def test_a_film_is_gone_through_whole(shared_media: Path, tmp_path: Path) -> None:
    from selection import Film

    from artgen.clip import COMPACT, load_encoder
    from artgen.extract import ExtractSettings, extract_film
    from artgen.people import DetectorSource, load_detector, load_identifier
    from artgen.progress import Silent
    from artgen.tag import TagSettings, tag_frames

    path, frames = shared_media / "titles" / "his_girl_friday_6s.mp4", tmp_path / "frames"
    extract_film(path, frames, settings=ExtractSettings(), progress=Silent())
    tag_frames(frames, settings=TagSettings(precision="fp32"), progress=Silent())
    film = Film(path, frames)
    chosen = choose_all(path, frames, 3, film.small, katna=None, cache=tmp_path)

    found = measure(
        film,
        chosen,
        3,
        detector=load_detector(DetectorSource("dlib")),
        identifier=load_identifier(),
        encoder=load_encoder(COMPACT, device="cpu", precision="fp32", offline=True, note=print),
    )

    assert set(found) == set(chosen)
    assert found[ARTGEN]["pictures"] == len(chosen[ARTGEN]) <= 3
    assert found[THUMBNAIL]["shots"] <= 1.0
    assert all(
        0 <= one[name] <= 1 for one in found.values() for name in ("text", "edge", "twins", "exposure")
    )
    assert sheet(film, chosen).width == 10 * round(110 * 520 / 400)
