"""A frame shown while the film is read is the picture that seeking gives, and its memory goes with it."""

import gc
from pathlib import Path

import numpy as np
import pytest

from artgen.video import plan_segments, probe, read_luma, read_pictures


@pytest.mark.parametrize(
    "name", ["titles/nasa_13s.mp4", "odd/rotate-buck-bunny.mp4", "odd/hdr_hlg_hevc10.mp4"]
)
def test_a_frame_shown_while_read_equals_the_picture_sought(shared_media: Path, name: str) -> None:
    info = probe(shared_media / name)
    (segment, *_) = plan_segments(info, from_pts=None, to_pts=None)
    shown = {}
    for number, frame in enumerate(read_luma(info, segment, on_damage=print)):
        if number in (0, 3, 8):
            shown[frame.pts] = frame.picture(info).rgb

    sought = {picture.pts: picture.rgb for picture in read_pictures(info, list(shown), on_damage=print)}

    assert sought.keys() == shown.keys()
    assert all(np.array_equal(sought[pts], shown[pts]) for pts in shown)


def test_shown_frames_are_freed_at_once(shared_media: Path) -> None:
    info = probe(shared_media / "titles/nasa_13s.mp4")
    (segment, *_) = plan_segments(info, from_pts=None, to_pts=None)
    frames = read_luma(info, segment, on_damage=print)
    next(frames).picture(info)
    gc.collect()
    gc.disable()
    try:
        for _ in range(5):
            next(frames).picture(info)
        left = gc.collect()
    finally:
        gc.enable()

    assert left == 0, "a decoded frame in a cycle keeps megabytes until the garbage collector comes"
