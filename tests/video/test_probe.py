"""What probe says of real films, odd ones among them."""

from fractions import Fraction
from pathlib import Path

from artgen.video import probe


def test_probe_tells_size_time_base_and_codec(shared_media: Path) -> None:
    info = probe(shared_media / "titles" / "big_buck_bunny_360p.mp4")

    assert (info.codec, info.width, info.height) == ("h264", 640, 360)
    assert (info.time_base, info.start_pts) == (Fraction(1, 12288), 504)
    assert info.frame_rate == 24


def test_an_offset_start_is_the_first_frame_shown(make_film) -> None:
    film = make_film("offset.mp4", "-c:v libx264 -preset veryfast -bf 2 -output_ts_offset 5")

    info = probe(film)

    assert info.start_pts * info.time_base == 5


def test_color_tags_of_the_header_are_told(make_film) -> None:
    tags = "-x264-params colormatrix=bt709:colorprim=smpte432:transfer=bt709:fullrange=on"

    color = probe(make_film("tagged.mp4", f"-c:v libx264 {tags}")).color

    assert (color.matrix, color.primaries, color.transfer, color.range) == (
        "bt709",
        "smpte432",
        "bt709",
        "full",
    )
    assert color.assumed == ()
