"""Every frame of a segment as 8-bit planes, at little more than the cost of decoding."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from artgen.video.decoding import Damage, frames, packets
from artgen.video.pictures import Picture, shown
from artgen.video.planes import planes_of
from artgen.video.probe import FilmInfo
from artgen.video.seeking import packets_from_key
from artgen.video.segments import Segment
from artgen.video.source import open_film


@dataclass(frozen=True, slots=True)
class LumaFrame:
    """The planes of one decoded frame, uint8, in coded geometry, read-only, valid until the next frame.

    `luma` is (coded height, coded width); `chroma_u` and `chroma_v` have the film's own subsampling.
    Values keep the film's range, limited or full; more than 8 bits are shifted down to 8.
    """

    pts: int
    luma: NDArray[np.uint8]
    chroma_u: NDArray[np.uint8]
    chroma_v: NDArray[np.uint8]
    _frame: VideoFrame | None = None

    def picture(self, info: FilmInfo) -> Picture:
        """The frame at full quality, as read_pictures gives it; for film that is not interlaced.

        Raises:
            ValueError: the film is interlaced: a picture needs its neighbors, ask read_pictures.
        """
        if info.interlaced or self._frame is None:
            raise ValueError(f"the frame at {self.pts} cannot be shown without its neighbors")
        return Picture(self.pts, shown(None, self._frame, None, info))


def read_luma(info: FilmInfo, segment: Segment, *, on_damage: Callable[[str], None]) -> Iterator[LumaFrame]:
    """Decode a segment on the calling thread; several threads may each read a segment of their own.

    A broken packet costs the frames that hang on it; `on_damage` is told once for each such place.

    Raises:
        InputError: the film has changed since it was probed, or the segment is not where it was.
        MachineError: it may not be read.
    """
    with open_film(info.path) as film:
        damage = Damage(film, info.start_pts, on_damage)
        coming = None
        if segment.seek_pts > info.start_pts:
            coming = packets_from_key(film, segment.seek_pts, damage)
            if coming is None:
                film.rewind()
        for pts, frame in frames(film, coming or packets(film, damage), damage):
            if segment.end_pts is not None and pts >= segment.end_pts:
                return
            if pts >= segment.start_pts:
                yield LumaFrame(pts, *planes_of(frame), frame)
