"""Real films with something odd about them: what is said of them, and every frame of each."""

from fractions import Fraction
from pathlib import Path

import pytest

from artgen.video import plan_segments, probe, read_luma, read_pictures


def silent(message: str) -> None:
    pytest.fail(f"no damage was expected: {message}")


# name: codec, (width, height) upright, rotation, sample aspect, bit depth, start_pts, frames
ODD = {
    "annex-b-avc.mkv": ("h264", (1920, 1080), 0, Fraction(1), 8, 0, 745),
    "av1_video.mkv": ("av1", (640, 360), 0, Fraction(1), 8, 0, 125),
    "bt709_full_range.mp4": ("h264", (1280, 720), 0, Fraction(1), 8, 0, 30),
    "codec_error_video.mp4": ("h264", (400, 240), 0, Fraction(5, 4), 8, 0, 300),
    "cursed-vfr.mp4": ("h264", (3026, 1386), 0, Fraction(1), 8, 0, 63),
    "edts.mp4": ("h264", (854, 480), 0, Fraction(1280, 1281), 8, 0, 225),
    "h264_10bits.mp4": ("h264", (200, 200), 0, Fraction(1), 10, 0, 30),
    "h265_10bits.mp4": ("hevc", (200, 200), 0, Fraction(1), 10, 0, 30),
    "hdr_hlg_hevc10.mp4": ("hevc", (1920, 1080), 0, Fraction(1), 10, 0, 9),
    "hdr_pq_av1_portrait_4s.mp4": ("av1", (720, 1280), 0, Fraction(1), 10, 0, 127),
    "hevc.ts": ("hevc", (1920, 1080), 0, Fraction(1), 8, 133500, 120),
    "no-initial-keyframe.ts": ("h264", (640, 360), 0, Fraction(44, 45), 8, 10336230, 15),
    "no_duration.webm": ("vp9", (1280, 720), 0, Fraction(1), 8, 0, 74),
    "rotate-buck-bunny.mp4": ("h264", (1080, 1920), 90, Fraction(1), 8, 4800, 45),
    "sar_2x1.mp4": ("h264", (1280, 360), 0, Fraction(2), 8, 0, 150),
    "sdr_vp9_10bit_bt2020_3s.webm": ("vp9", (426, 240), 0, Fraction(1), 10, 0, 72),
    "sintel_letterbox_mpeg1.mpg": ("mpeg1video", (854, 480), 0, Fraction(1), 8, 48750, 480),
    "transparent.webm": ("vp9", (200, 200), 0, Fraction(1), 8, 0, 150),
}
SLOW = {"annex-b-avc.mkv", "hevc.ts"}  # described only


@pytest.mark.parametrize("name", ODD)
def test_an_odd_film_is_described(name: str, shared_media: Path) -> None:
    codec, size, rotation, sample_aspect, bit_depth, start_pts, _ = ODD[name]

    info = probe(shared_media / "odd" / name)

    assert info.codec == codec
    assert (info.width, info.height) == size
    assert (info.rotation, info.sample_aspect) == (rotation, sample_aspect)
    assert (info.color.bit_depth, info.start_pts) == (bit_depth, start_pts)
    assert not info.interlaced
    assert info.continuous


@pytest.mark.parametrize("name", sorted(ODD.keys() - SLOW))
def test_every_frame_and_picture_of_an_odd_film_is_read_at_its_time(name: str, shared_media: Path) -> None:
    info = probe(shared_media / "odd" / name)
    segments = plan_segments(info, from_pts=None, to_pts=None, segment_s=1)

    times = [frame.pts for segment in segments for frame in read_luma(info, segment, on_damage=silent)]
    pictures = list(read_pictures(info, times[:: len(times) // 2], on_damage=silent))

    assert len(times) == ODD[name][-1]
    assert [picture.pts for picture in pictures] == times[:: len(times) // 2]
    assert {picture.rgb.shape for picture in pictures} == {(info.height, info.width, 3)}


@pytest.mark.parametrize(
    "name", ["edts.mp4", "no-initial-keyframe.ts", "no_duration.webm", "sintel_letterbox_mpeg1.mpg"]
)
def test_times_are_those_of_the_ffmpeg_program(name: str, shared_media: Path, true_frames) -> None:
    info = probe(shared_media / "odd" / name)
    segments = plan_segments(info, from_pts=None, to_pts=None)

    times = [frame.pts for segment in segments for frame in read_luma(info, segment, on_damage=silent)]

    assert times == [pts for pts, _ in true_frames(info.path)]


def test_durations_are_told_where_the_file_tells_them(shared_media: Path) -> None:
    assert probe(shared_media / "odd" / "no_duration.webm").duration_s is None
    assert probe(shared_media / "odd" / "annex-b-avc.mkv").duration_s is None
    assert probe(shared_media / "odd" / "edts.mp4").duration_s == 9
    assert probe(shared_media / "odd" / "hevc.ts").duration_s == 5


def test_of_two_full_streams_the_first_is_the_film(shared_media: Path) -> None:
    info = probe(shared_media / "titles" / "nasa_13s.mp4")

    assert (info.width, info.height, info.frame_rate) == (320, 180, 25)


def test_long_groups_of_pictures_are_cut_where_they_begin(shared_media: Path) -> None:
    info = probe(shared_media / "titles" / "big_buck_bunny_360p.mp4")

    segments = plan_segments(info, from_pts=None, to_pts=None, segment_s=20)

    lengths_s = [
        float((segment.end_pts - segment.start_pts) * info.time_base)
        for segment in segments
        if segment.end_pts
    ]
    assert len(segments) > 20
    assert all(10 <= length_s <= 31 for length_s in lengths_s)
