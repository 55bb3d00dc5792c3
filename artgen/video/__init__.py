"""Films: what they are, and their frames with exact times; the only part that knows PyAV."""

from artgen.video.luma import LumaFrame, read_luma
from artgen.video.pictures import Picture, read_pictures
from artgen.video.probe import FilmInfo, probe
from artgen.video.segments import Segment, plan_segments

__all__ = [
    "FilmInfo",
    "LumaFrame",
    "Picture",
    "Segment",
    "plan_segments",
    "probe",
    "read_luma",
    "read_pictures",
]
