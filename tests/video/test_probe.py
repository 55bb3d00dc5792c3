"""What probe says of real films, odd ones among them."""

from fractions import Fraction
from pathlib import Path

import pytest

from artgen.errors import InputError
from artgen.video import probe


def test_probe_tells_size_time_base_and_codec(shared_media: Path) -> None:
    info = probe(shared_media / "titles" / "big_buck_bunny_360p.mp4")

    assert (info.codec, info.width, info.height) == ("h264", 640, 360)
    assert (info.time_base, info.start_pts) == (Fraction(1, 12288), 504)
    assert info.frame_rate == 24


def test_a_missing_film_is_the_inputs_fault(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"gone\.mp4 does not exist; check"):
        probe(tmp_path / "gone.mp4")
