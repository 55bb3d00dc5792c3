"""When the frames of a film are shown, found by demuxing only."""

from artgen.video.decoding import packets, unheard
from artgen.video.probe import FilmInfo
from artgen.video.source import open_film


def frame_times(info: FilmInfo) -> list[int]:
    """The times of all frames from the first shown on, in `info.time_base`, sorted; nothing is decoded.

    Empty where the film does not say them (AVI, raw streams). A packet that turns out broken has its time here
    all the same.

    Raises:
        InputError, MachineError: as `probe`, when the file has changed since.
    """
    with open_film(info.path) as film:
        times: set[int] = set()
        for packet in packets(film, unheard(film)):
            if packet.pts is None:
                return []
            if not packet.is_discard and packet.pts >= info.start_pts:
                times.add(packet.pts)
    return sorted(times)
