"""Interlaced film: told by its flags or by the comb it shows, shown with whole lines."""

from pathlib import Path

import numpy as np
import pytest

from artgen.video import Segment, probe, read_luma, read_pictures
from artgen.video.fields import is_combed

# A white bar that runs 8 samples a field before detail that stands still.
RUNNING = (
    "-f lavfi -i nullsrc=size=320x480:rate=50:duration=2,format=yuv420p,"
    "geq=lum='if(between(X-8*N,20,60)*lt(Y,240),235,16+gt(Y,260)*mod(floor(X/5)+floor(Y/5),2)*150)':cb=128:cr=128"
)
WEAVE = "-vf tinterlace=interleave_top,scale=in_range=tv:out_range=tv"

FIELDS = f"{WEAVE},setfield=tff -c:v libx264 -x264-params interlaced=1:tff=1"
WHOLE = "-vf select=not(mod(n\\,2)) -c:v libx264"


def read_frame(path: Path, number: int) -> np.ndarray:
    info = probe(path)
    whole = Segment(index=0, seek_pts=info.start_pts, start_pts=info.start_pts, end_pts=None)
    times = [frame.pts for frame in read_luma(info, whole, on_damage=pytest.fail)]
    return next(read_pictures(info, [times[number]], on_damage=pytest.fail)).rgb[..., 1]


def test_a_comb_is_seen_and_detail_is_not_taken_for_one() -> None:
    still = np.zeros((96, 96), np.uint8)
    still[:, 30:60] = 200
    moved = np.roll(still, 12, axis=1)
    woven = still.copy()
    woven[1::2] = moved[1::2]
    stripes = np.zeros((96, 96), np.uint8)
    stripes[::3] = 200

    assert is_combed(woven)
    assert not is_combed(still)
    assert not is_combed(stripes)


def test_a_small_moving_thing_is_enough() -> None:
    woven = np.full((480, 640), 90, np.uint8)
    woven[200:240:2, 300:340] = 200

    assert is_combed(woven)


def test_pictures_too_small_for_a_comb_have_none() -> None:
    assert not is_combed(np.zeros((2, 2), np.uint8))


@pytest.mark.parametrize(
    ("name", "encoding"),
    [
        ("fields.mp4", "-c:v libx264 -x264-params interlaced=1:tff=1"),
        ("fields.mpg", "-c:v mpeg2video -flags +ilme+ildct -b:v 4M"),
        ("unflagged.mp4", "-c:v libx264"),
    ],
)
def test_interlaced_film_is_known_and_shown_without_comb(name: str, encoding: str, make_film) -> None:
    film = make_film(name, f"{WEAVE},setfield={'prog' if 'un' in name else 'tff'} {encoding}", source=RUNNING)

    picture = read_frame(film, 6)

    assert probe(film).interlaced
    assert not is_combed(picture)
    bar = picture[100:140]
    columns = np.flatnonzero(bar.mean(axis=0) > 128)
    assert abs(columns.min() - (20 + 8 * 12)) <= 2  # at the instant of the first field
    assert abs(columns.max() - (60 + 8 * 12)) <= 2


def test_still_parts_of_interlaced_film_keep_their_detail(make_film) -> None:
    film = make_film("fields.mp4", FIELDS, source=RUNNING)
    progressive = make_film("whole.mp4", WHOLE, source=RUNNING)

    below = read_frame(film, 6)[280:460].astype(int)

    assert np.abs(below - read_frame(progressive, 6)[280:460]).mean() < 2


def test_progressive_film_in_interlaced_coding_is_left_as_it_is(make_film) -> None:
    progressive = make_film("whole.mp4", WHOLE, source=RUNNING)
    flagged = make_film(
        "flagged.mp4", "-c:v libx264 -qp 10 -x264-params interlaced=1:tff=1", source=f"-i {progressive}"
    )

    assert probe(flagged).interlaced
    assert not probe(progressive).interlaced
    difference = read_frame(flagged, 6).astype(int) - read_frame(progressive, 6)
    assert np.abs(difference).mean() < 1
