"""Pictures: exactly the frames asked for, upright with square pixels, whole lines, nothing broken."""

import random
from pathlib import Path

import numpy as np
import pytest

from artgen.video import FilmInfo, Picture, Segment, probe, read_luma, read_pictures

X264 = "-c:v libx264 -preset veryfast"
OPEN_264 = "-bf 3 -x264-params open-gop=1:keyint=25:min-keyint=25:scenecut=0:b-pyramid=normal"
X265 = (
    "-c:v libx265 -preset veryfast -tag:v hvc1 -x265-params log-level=none:keyint=25:min-keyint=25:scenecut=0"
)
FILMS = {
    "h264-open.mp4": f"{X264} {OPEN_264}",
    "h264-open.ts": f"{X264} {OPEN_264}",
    "h264-refresh.ts": f"{X264} -bf 0 -x264-params intra-refresh=1:keyint=25",
    "hevc-open.mp4": f"{X265}:open-gop=1:bframes=4",
    "av1.mp4": "-c:v libsvtav1 -preset 12 -g 25 -svtav1-params keyint=25:scd=0",
    "av1-forward.mkv": "-c:v libsvtav1 -preset 12 -svtav1-params keyint=25:irefresh-type=1",
    "mpeg2.vob": "-c:v mpeg2video -g 12 -bf 2 -b:v 400k",
    "mpeg4.avi": "-c:v mpeg4 -g 25 -bf 2 -b:v 400k",
}
# One quarter of the picture is white: where it lies shows how the picture was turned.
QUARTER = "-f lavfi -i color=black:size=160x90:rate=25:duration=1,drawbox=w=80:h=45:color=white:t=fill"


def silent(message: str) -> None:
    pytest.fail(f"no damage was expected: {message}")


def times_of(info: FilmInfo) -> list[int]:
    whole = Segment(index=0, seek_pts=info.start_pts, start_pts=info.start_pts, end_pts=None)
    return [frame.pts for frame in read_luma(info, whole, on_damage=lambda _: None)]


def read(info: FilmInfo, times: list[int]) -> dict[int, bytes]:
    return {picture.pts: picture.rgb.tobytes() for picture in read_pictures(info, times, on_damage=silent)}


def first(path: Path) -> Picture:
    info = probe(path)
    return next(read_pictures(info, [info.start_pts], on_damage=silent))


@pytest.mark.parametrize("name", FILMS)
def test_each_picture_is_the_frame_of_a_straight_decode(name: str, make_film) -> None:
    info = probe(make_film(name, FILMS[name]))
    times = times_of(info)
    straight = read(info, times)
    assert list(straight) == times
    assert len(set(straight.values())) == len(times)  # every frame of this film differs

    for wanted in (random.Random(1).sample(times, 9), [times[24]], [times[60]], times[-1:]):
        assert read(info, wanted) == {pts: straight[pts] for pts in wanted}


def test_pictures_are_the_ffmpeg_programs_frames(make_film, make_bytes) -> None:
    film = make_film("h264-open.mp4", FILMS["h264-open.mp4"])
    info = probe(film)
    pts = times_of(info)[33]

    picture = next(read_pictures(info, [pts], on_damage=silent)).rgb

    frame = make_bytes(
        f"-i {film} -vf select=eq(n\\,33),scale=in_color_matrix=smpte170m:in_h_chr_pos=0:in_v_chr_pos=128:"
        "flags=bicubic+accurate_rnd+full_chroma_int+full_chroma_inp -frames:v 1 -pix_fmt rgb24 -f rawvideo -"
    )
    true_picture = np.frombuffer(frame, np.uint8).reshape(picture.shape)
    # The same chroma filter in two releases of one scaler: rounding alone may differ.
    assert np.abs(picture.astype(int) - true_picture).mean() < 0.5


def test_times_asked_for_twice_or_unsorted_come_once_in_order(make_film) -> None:
    info = probe(make_film("h264-open.mp4", FILMS["h264-open.mp4"]))
    times = times_of(info)

    pictures = list(read_pictures(info, [times[40], times[3], times[40]], on_damage=silent))

    assert [picture.pts for picture in pictures] == [times[3], times[40]]


def test_no_times_give_no_pictures(make_film) -> None:
    assert read(probe(make_film("h264-open.mp4", FILMS["h264-open.mp4"])), []) == {}


def test_a_time_at_which_no_frame_is_shown_is_left_out_and_told(make_film) -> None:
    info = probe(make_film("h264-open.mp4", FILMS["h264-open.mp4"]))
    times = times_of(info)
    told: list[str] = []

    pictures = list(read_pictures(info, [times[3], times[4] + 1], on_damage=told.append))

    assert [picture.pts for picture in pictures] == [times[3]]
    assert len(told) == 1


def test_broken_pictures_are_left_out_and_told_once(make_film, tmp_path: Path) -> None:
    film = make_film("h264-open.mp4", FILMS["h264-open.mp4"])
    times = times_of(probe(film))
    data = bytearray(film.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 3000 : 3] = bytes(1000)
    path = tmp_path / "broken.mp4"
    path.write_bytes(data)
    told: list[str] = []

    pictures = list(read_pictures(probe(path), times, on_damage=told.append))

    shown = {picture.pts for picture in pictures}
    assert shown >= {*times[:50], *times[-40:]}
    assert len(shown) < 125
    assert len(told) == 1
    assert str(path) in told[0]


@pytest.mark.parametrize(
    ("option", "white_corner"),
    [
        ("-display_rotation 0", (0, 0)),
        ("-display_rotation 270", (0, 1)),  # counterclockwise, as ffmpeg counts: 90 clockwise
        ("-display_rotation 180", (1, 1)),
        ("-display_rotation 90", (1, 0)),
        ("-display_hflip", (0, 1)),
        ("-display_vflip", (1, 0)),
        ("-display_rotation 90 -display_hflip", None),
    ],
)
def test_pictures_stand_as_the_display_matrix_says(option, white_corner, make_film, make_bytes) -> None:
    flat = make_film("quarter.mp4", X264, source=QUARTER)
    name = f"turned{option.replace(' ', '')}.mp4"
    film = make_film(name, "-c copy", source=f"{option} -i {flat}")
    info = probe(film)

    picture = first(film).rgb

    assert picture.shape == (info.height, info.width, 3)
    high, wide = info.height // 2, info.width // 2
    corners = picture[high // 2 :: high, wide // 2 :: wide, 0][:2, :2]
    shown = np.frombuffer(make_bytes(f"-i {film} -frames:v 1 -pix_fmt rgb24 -f rawvideo -"), np.uint8)
    assert np.abs(picture.astype(int) - shown.reshape(picture.shape)).mean() < 1  # as ffmpeg turns it
    if white_corner is not None:
        assert corners[white_corner] > 200
        assert (corners > 200).sum() == 1


@pytest.mark.parametrize(
    ("aspect", "size"),
    [("2/1", (320, 90)), ("1/2", (160, 180)), ("16/15", (171, 90)), ("1280/1281", (160, 90))],
)
def test_pixels_become_square_by_enlarging_the_short_side(aspect, size, make_film) -> None:
    film = make_film(f"aspect{aspect.replace('/', 'to')}.mp4", f"-vf setsar={aspect} {X264}", source=QUARTER)

    assert (probe(film).width, probe(film).height) == size
    assert first(film).rgb.shape == (size[1], size[0], 3)


def test_pictures_keep_the_films_size_where_its_frames_change_theirs(make_film, films: Path) -> None:
    parts = [
        make_film(
            f"part{size}.ts",
            X264,
            source=f"-f lavfi -i testsrc2=size={size}:rate=25:duration=1,format=yuv420p",
        )
        for size in ("160x90", "320x180")
    ]
    film = films / "changing.ts"
    film.write_bytes(b"".join(part.read_bytes() for part in parts))
    info = probe(film)
    times = times_of(info)

    pictures = list(read_pictures(info, [times[3], times[-3]], on_damage=lambda _: None))

    assert len(times) == 50
    assert [picture.rgb.shape for picture in pictures] == [(90, 160, 3)] * 2


def test_odd_sizes_are_kept(make_film) -> None:
    film = make_film(
        "odd.mkv", "-c:v ffv1 -pix_fmt yuv444p", source="-f lavfi -i testsrc=size=161x91:duration=1"
    )

    assert first(film).rgb.shape == (91, 161, 3)


def test_transparent_parts_stand_over_black(make_film) -> None:
    half = (
        "-f lavfi -i color=red:size=64x48:rate=5:duration=1,format=yuva420p,"
        "geq=lum='p(X,Y)':cb='p(X,Y)':cr='p(X,Y)':a='if(lt(X,32),255,0)'"
    )
    for name, encoding in (
        ("alpha.webm", "-c:v libvpx-vp9 -pix_fmt yuva420p -crf 10"),
        ("alpha.mov", "-c:v qtrle -pix_fmt argb"),
    ):
        picture = first(make_film(name, encoding, source=half)).rgb

        assert picture[24, 16, 0] > 220
        assert picture[:, 40:].max() < 16


def test_gray_film_is_gray(make_film) -> None:
    film = make_film("gray.mkv", "-c:v ffv1 -pix_fmt gray", source=QUARTER)

    picture = first(film).rgb

    assert (picture == picture[..., :1]).all()
    assert (picture[20, 20, 0], picture[80, 140, 0]) == (255, 0)
