"""Stills of real films: what is chosen, refused and taken for a repetition."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from artgen.records import Shot
from artgen.shots import Signatures, join_signatures, sign_frames
from artgen.stills import choose_instants, find_active_picture, gate_still, measure_still
from artgen.video import plan_segments, probe, read_luma, read_pictures

CARD_S, CREDITS_S, PICTURE_S = 10.0, 49.0, 27.9  # of the trailer: a line of text, credits, a face


@pytest.fixture(scope="module")
def trailer(shared_media: Path) -> dict[float, str | None]:
    info = probe(shared_media / "titles" / "sintel_trailer_52s.mp4")
    seconds = {round(s / info.time_base / 1001) * 1001: s for s in (CARD_S, CREDITS_S, PICTURE_S)}
    run = _sign(shared_media / "titles" / "sintel_trailer_52s.mp4")
    pts = {int(run.pts[np.abs(run.pts - at).argmin()]): second for at, second in seconds.items()}
    return {
        pts[picture.pts]: gate_still(measure_still(picture.rgb), picture.rgb)
        for picture in read_pictures(info, sorted(pts), on_damage=pytest.fail)
    }


def test_credits_are_refused_as_text_and_a_face_is_not(trailer: dict[float, str | None]) -> None:
    assert (trailer[CREDITS_S] or "").startswith("text")
    assert trailer[CARD_S] is not None
    assert trailer[PICTURE_S] is None


def test_burned_in_bars_are_found_in_a_noisy_film(shared_media: Path) -> None:
    path = shared_media / "odd" / "sintel_letterbox_mpeg1.mpg"
    info = probe(path)
    run = _sign(path)

    box = find_active_picture(
        picture.rgb for picture in read_pictures(info, run.pts[::25].tolist(), on_damage=pytest.fail)
    )

    assert box is not None
    left, top, right, bottom = box
    assert (left, right) == (0, info.width)
    assert (right - left) / (bottom - top) == pytest.approx(2.35, abs=0.05)


def test_the_instants_of_a_shot_are_sharper_than_its_middle(shared_media: Path) -> None:
    path = shared_media / "titles" / "sintel_26s.mp4"
    info = probe(path)
    run = _sign(path)
    shot = Shot(0, int(run.pts[121]), int(run.pts[319]), 0.0, 0.0, 198, "cut", "cut")

    chosen = choose_instants(shot, run, time_base=Fraction(info.time_base), most=4)

    at = np.searchsorted(run.pts, chosen)
    assert len(chosen) == 4
    assert np.all(np.diff(at) >= 15)
    assert at.min() > 121
    assert at.max() < 318
    assert run.sharpness[at].max() > np.median(run.sharpness[121:319])


def _sign(path: Path) -> Signatures:
    info = probe(path)
    segments = plan_segments(info, from_pts=None, to_pts=None)
    return join_signatures([sign_frames(read_luma(info, s, on_damage=pytest.fail)) for s in segments])
