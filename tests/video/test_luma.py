"""Planes of every frame: exact times, no padding, 8 bits, damage passed over, two threads at once."""

import gc
import random
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from helpers.memory import peak_memory_mb

from artgen.video import FilmInfo, LumaFrame, Segment, plan_segments, probe, read_luma

H264 = "-c:v libx264 -preset veryfast -g 25 -bf 2"


def whole(info: FilmInfo) -> Segment:
    return Segment(index=0, seek_pts=info.start_pts, start_pts=info.start_pts, end_pts=None)


def silent(message: str) -> None:
    pytest.fail(f"no damage was expected: {message}")


def first(path: Path) -> LumaFrame:
    info = probe(path)
    return next(read_luma(info, whole(info), on_damage=silent))


def ramp(high: int, wide: int, top: int) -> np.ndarray:
    """Values 0..top, each place another."""
    return (np.arange(high * wide) * 37 % (top + 1)).reshape(high, wide)


def test_planes_are_the_films_own_samples(make_yuv_film) -> None:
    planes = [ramp(90, 162, 255), ramp(45, 81, 254), ramp(45, 81, 253)]  # a width that decoders pad

    frame = first(make_yuv_film("ramp8.mp4", planes, tags=""))

    for given, read in zip(planes, (frame.luma, frame.chroma_u, frame.chroma_v), strict=True):
        assert read.dtype == np.uint8
        np.testing.assert_array_equal(read, given)


def test_ten_bits_are_shifted_to_eight(make_yuv_film) -> None:
    planes = [ramp(48, 64, 1023), ramp(24, 32, 1022), ramp(24, 32, 1021)]

    frame = first(make_yuv_film("ramp10.mp4", planes, tags="", depth=10))

    for given, read in zip(planes, (frame.luma, frame.chroma_u, frame.chroma_v), strict=True):
        np.testing.assert_array_equal(read, given >> 2)


def test_chroma_keeps_its_subsampling(make_yuv_film) -> None:
    planes = [ramp(48, 64, 255)] * 3

    frame = first(make_yuv_film("ramp444.mp4", planes, tags=""))

    np.testing.assert_array_equal(frame.chroma_u, planes[1])


@pytest.mark.parametrize(
    ("name", "encoding"),
    [
        ("rgb.mkv", "-c:v libx264rgb -qp 0"),
        ("planar-rgb.mkv", "-c:v ffv1 -pix_fmt gbrp"),
        ("deep-gray.mkv", "-c:v ffv1 -pix_fmt gray10le"),
        ("gray.mkv", "-c:v ffv1 -pix_fmt gray"),
        ("packed.mov", "-c:v rawvideo -pix_fmt uyvy422"),
        ("palette.gif", ""),
    ],
)
def test_any_layout_has_luma_and_chroma(name: str, encoding: str, make_film) -> None:
    half = "-f lavfi -i color=black:size=64x48:rate=5:duration=1,drawbox=w=32:h=48:color=white:t=fill"

    frame = first(make_film(name, encoding, source=half))

    assert frame.luma.shape == (48, 64)
    assert frame.luma[:, 4:28].min() > 215
    assert frame.luma[:, 36:60].max() < 25
    assert frame.chroma_u.shape == frame.chroma_v.shape
    assert abs(int(frame.chroma_u.mean()) - 128) <= 1


def test_planes_of_the_decoder_cannot_be_written_to(make_film) -> None:
    frame = first(make_film("plain.mp4", H264))

    with pytest.raises(ValueError, match="read-only"):
        frame.luma[0, 0] = 0


def test_frames_pass_through_memory_and_do_not_stay(make_film) -> None:
    long = "-f lavfi -i testsrc2=size=640x360:rate=25:duration=20,format=yuv420p"
    info = probe(make_film("long.mp4", "-c:v libx264 -preset ultrafast", source=long))
    stream = read_luma(info, whole(info), on_damage=silent)
    next(stream)
    gc.collect()
    before_mb = peak_memory_mb()

    count = sum(1 for _ in stream)

    assert count == 499
    assert peak_memory_mb() - before_mb < 30  # all planes together are 170 MB


def test_two_threads_read_two_segments_at_once(make_film) -> None:
    info = probe(make_film("plain.mp4", H264))
    segments = plan_segments(info, from_pts=None, to_pts=None, segment_s=2.5)

    def read(segment: Segment) -> list[tuple[int, int]]:
        return [(f.pts, int(f.luma.sum())) for f in read_luma(info, segment, on_damage=silent)]

    with ThreadPoolExecutor(2) as pool:
        apart = [row for rows in pool.map(read, segments) for row in rows]

    assert len(segments) >= 2
    assert apart == read(whole(info))


def test_times_of_a_film_with_varying_rate_are_exact(make_film, true_frames) -> None:
    film = make_film("varying.mp4", f"-vf setpts=N*N*100 -fps_mode passthrough -enc_time_base 1/90000 {H264}")
    info = probe(film)

    times = [frame.pts for frame in read_luma(info, whole(info), on_damage=silent)]

    assert times == [pts for pts, _ in true_frames(film)]
    assert len({later - earlier for earlier, later in pairwise(times)}) > 100


def damaged(film: Path, folder: Path) -> Path:
    """The film with some bytes changed at its middle."""
    data, places = bytearray(film.read_bytes()), random.Random(3)
    middle = len(data) // 2
    for place in range(middle, middle + 3000, 3):
        data[place] = places.randrange(256)
    path = folder / f"damaged-{film.name}"
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("name", ["plain.mp4", "plain.ts"])
def test_damage_is_told_once_and_the_rest_is_read(name: str, make_film, true_frames, tmp_path: Path) -> None:
    film = make_film(name, H264)
    path = damaged(film, tmp_path)
    info = probe(path)
    told: list[str] = []

    times = [frame.pts for frame in read_luma(info, whole(info), on_damage=told.append)]

    true_times = [pts for pts, _ in true_frames(film)]
    assert times[:50] == true_times[:50]
    assert times[-40:] == true_times[-40:]
    assert len(told) == 1
    assert f"{path} is damaged at 2." in told[0]
    assert told[0].endswith("the rest is read.")


def test_damage_is_the_same_in_segments(make_film, tmp_path: Path) -> None:
    info = probe(damaged(make_film("plain.mp4", H264), tmp_path))
    segments = plan_segments(info, from_pts=None, to_pts=None, segment_s=1)

    def times(chosen: list[Segment]) -> list[int]:
        return [f.pts for segment in chosen for f in read_luma(info, segment, on_damage=lambda _: None)]

    assert len(segments) == 5
    assert times(segments) == times([whole(info)])


def test_a_film_cut_off_at_its_end_gives_what_is_there(make_film, true_frames, tmp_path: Path) -> None:
    film = make_film("plain.mkv", H264)
    path = tmp_path / "short.mkv"
    path.write_bytes(film.read_bytes()[: film.stat().st_size * 3 // 4])
    info = probe(path)

    times = [frame.pts for frame in read_luma(info, whole(info), on_damage=lambda _: None)]

    assert 70 < len(times) < 125
    assert times == [pts for pts, _ in true_frames(film)][: len(times)]
