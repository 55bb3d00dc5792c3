"""Segments decoded apart are one straight decode, frame for frame, in every codec and container."""

import hashlib
from itertools import pairwise
from pathlib import Path

import pytest

from artgen.video import FilmInfo, LumaFrame, Segment, plan_segments, probe, read_luma

X264 = "-c:v libx264 -preset veryfast"
X265 = (
    "-c:v libx265 -preset veryfast -tag:v hvc1 -x265-params log-level=none:keyint=25:min-keyint=25:scenecut=0"
)
OPEN_264 = "-bf 3 -x264-params open-gop=1:keyint=25:min-keyint=25:scenecut=0:b-pyramid=normal"
VP9 = "-c:v libvpx-vp9 -g 25 -b:v 200k -deadline realtime -cpu-used 6 -auto-alt-ref 1 -lag-in-frames 16"
MPEG2 = "-c:v mpeg2video -g 12 -bf 2 -b:v 400k"
CUT_FILMS = {
    "h264-closed.mp4": f"{X264} -g 25 -bf 3",
    "h264-no-b.mp4": f"{X264} -g 25 -bf 0",
    "h264-open.mp4": f"{X264} {OPEN_264}",
    "h264-open.mkv": f"{X264} {OPEN_264}",
    "h264-open.ts": f"{X264} {OPEN_264}",
    "h264-offset.ts": f"{X264} {OPEN_264} -output_ts_offset 95440",  # the clock of 33 bits runs over
    "h264-fragmented.mp4": f"{X264} -g 25 -bf 3 -movflags frag_keyframe+empty_moov",
    "hevc-open.mp4": f"{X265}:open-gop=1:bframes=4",
    "hevc-open.ts": f"{X265}:open-gop=1:bframes=4",
    "hevc-radl.mp4": f"{X265}:open-gop=0:radl=2:bframes=4",
    "hevc-no-b.mkv": f"{X265}:bframes=0",
    "vp8.webm": "-c:v libvpx -g 25 -b:v 200k -deadline realtime -cpu-used 6",
    "vp9.webm": VP9,
    "vp9-no-cues.webm": f"{VP9} -live 1",
    "av1.mp4": "-c:v libsvtav1 -preset 12 -g 25 -svtav1-params keyint=25:scd=0",
    "mpeg2-open.ts": MPEG2,
    "mpeg2.mkv": MPEG2,
    "mpeg4.mp4": "-c:v mpeg4 -g 25 -bf 2 -b:v 400k",
}
WHOLE_FILMS = {  # seeking is not sure here, so these are read in one go
    "h264-refresh.mp4": f"{X264} -bf 0 -x264-params intra-refresh=1:keyint=25",
    "h264-refresh.ts": f"{X264} -bf 0 -x264-params intra-refresh=1:keyint=25",
    "av1-forward.mkv": "-c:v libsvtav1 -preset 12 -svtav1-params keyint=25:irefresh-type=1",
    "mpeg1.mpg": "-c:v mpeg1video -g 12 -bf 2 -b:v 400k",
    "mpeg2.vob": MPEG2,
    "h264.avi": f"{X264} -g 25 -bf 3",
    "mpeg4.avi": "-c:v mpeg4 -g 25 -bf 2 -b:v 400k",
    "h264.flv": f"{X264} -g 25 -bf 3",
}


def silent(message: str) -> None:
    pytest.fail(f"no damage was expected: {message}")


def key(frame: LumaFrame) -> tuple[int, str]:
    planes = (frame.luma, frame.chroma_u, frame.chroma_v)
    return frame.pts, hashlib.md5(b"".join(plane.tobytes() for plane in planes)).hexdigest()


def decode(info: FilmInfo, segments: list[Segment]) -> list[tuple[int, str]]:
    return [key(frame) for segment in segments for frame in read_luma(info, segment, on_damage=silent)]


@pytest.mark.parametrize("name", CUT_FILMS)
def test_segments_together_are_the_straight_decode(name, make_film, true_frames) -> None:
    film = make_film(name, CUT_FILMS[name])
    info = probe(film)

    segments = plan_segments(info, from_pts=None, to_pts=None, segment_s=1)

    assert len(segments) >= 4
    assert decode(info, segments) == true_frames(film)


@pytest.mark.parametrize("name", WHOLE_FILMS)
def test_a_film_that_cannot_be_cut_safely_is_one_segment(name, make_film, true_frames) -> None:
    film = make_film(name, WHOLE_FILMS[name])
    info = probe(film)

    segments = plan_segments(info, from_pts=None, to_pts=None, segment_s=1)

    assert len(segments) == 1
    assert decode(info, segments) == true_frames(film)


@pytest.mark.parametrize("name", ["h264-open.mp4", "hevc-open.mp4", "av1.mp4"])
def test_frames_outside_the_edit_list_are_left_out(name, make_film, true_frames) -> None:
    source = make_film(name, CUT_FILMS[name])
    film = make_film(f"edited-{name}", "-c copy", source=f"-ss 1.3 -i {source}")
    info = probe(film)

    segments = plan_segments(info, from_pts=None, to_pts=None, segment_s=1)

    assert 90 <= len(true_frames(film)) <= 94
    assert decode(info, segments) == true_frames(film)


def test_segments_are_numbered_and_meet(make_film) -> None:
    info = probe(make_film("h264-closed.mp4", CUT_FILMS["h264-closed.mp4"]))

    segments = plan_segments(info, from_pts=None, to_pts=None, segment_s=2)

    assert [segment.index for segment in segments] == [0, 1, 2]
    assert all(one.end_pts == next_one.start_pts for one, next_one in pairwise(segments))
    assert segments[0].start_pts == info.start_pts
    assert segments[-1].end_pts is None
    assert all((s.end_pts - s.start_pts) * info.time_base == 2 for s in segments[:-1])


def test_a_range_of_time_is_exactly_that_range(make_film, true_frames) -> None:
    film = make_film("h264-open.mp4", CUT_FILMS["h264-open.mp4"])
    info = probe(film)
    from_pts, to_pts = info.start_pts + int(1.5 / info.time_base), info.start_pts + int(3.5 / info.time_base)

    segments = plan_segments(info, from_pts=from_pts, to_pts=to_pts, segment_s=1)

    assert segments[0].seek_pts > info.start_pts  # not from the film's start
    assert decode(info, segments) == [row for row in true_frames(film) if from_pts <= row[0] < to_pts]


def test_joined_recordings_go_on_in_time(make_film, true_frames, films: Path) -> None:
    single = make_film("h264-open.ts", CUT_FILMS["h264-open.ts"])
    joined = films / "joined.ts"
    joined.write_bytes(single.read_bytes() * 2)

    info = probe(joined)
    frames = decode(info, plan_segments(info, from_pts=None, to_pts=None, segment_s=1))

    assert not info.continuous
    assert [digest for _, digest in frames] == [digest for _, digest in true_frames(single)] * 2
    assert all(earlier < later for (earlier, _), (later, _) in pairwise(frames))


def test_a_length_that_is_none_is_refused(make_film) -> None:
    info = probe(make_film("h264-closed.mp4", CUT_FILMS["h264-closed.mp4"]))

    with pytest.raises(ValueError, match="segment_s must be positive, got 0"):
        plan_segments(info, from_pts=None, to_pts=None, segment_s=0)
