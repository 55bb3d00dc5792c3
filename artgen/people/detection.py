"""What every face detector gives."""

from dataclasses import dataclass

from artgen.records import Box, Point


@dataclass(frozen=True, slots=True)
class Detection:
    """A face found in a picture.

    `box` is (x1, y1, x2, y2) in pixels, inside the picture. `score` is 0..1, comparable within one detector
    only. `landmarks` are as in records.Face: five from YuNet and artgen's own; from dlib right eye, left eye and the
    nose's base, or none where its five-point file is missing.
    """

    box: Box
    score: float
    landmarks: tuple[Point, ...]
