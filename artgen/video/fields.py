"""Interlaced pictures: whether the two fields show different instants, and one whole picture from them."""

import av
import numpy as np
from av.filter import Graph
from av.video.frame import VideoFrame
from numpy.typing import NDArray

_COMB_STEP = 12  # levels a line stands out from both neighbors where fields differ; less is noise
_MIN_COMBED = 0.002  # fraction of samples; a small moving thing is enough
_COMB_RATIO = 3  # real detail alternates between lines two apart as well, fields do not


def is_combed(luma: NDArray[np.uint8]) -> bool:
    """Whether a woven picture (height, width) shows the comb of two fields from different instants."""
    lines = luma.astype(np.int16)
    combed = _alternating(lines)
    return combed > _MIN_COMBED and combed > _COMB_RATIO * _alternating(lines[::2])


def _alternating(lines: NDArray[np.int16]) -> float:
    above, below = lines[1:-1] - lines[:-2], lines[1:-1] - lines[2:]
    stands_out = np.minimum(np.abs(above), np.abs(below)) >= _COMB_STEP
    return float((stands_out & ((above > 0) == (below > 0))).mean()) if above.size else 0.0


def deinterlaced(before: VideoFrame | None, frame: VideoFrame, after: VideoFrame | None) -> VideoFrame:
    """The frame at the instant of its first field, all lines filled, by the bwdif filter.

    `before` and `after` are its neighbors in time, where there are any: still parts keep full detail
    through them.

    Source: BBC R&D, Weston three-field deinterlacing, and Yadif, as combined in FFmpeg's bwdif.
    """
    graph = Graph()
    source = graph.add_buffer(
        width=frame.width, height=frame.height, format=frame.format, time_base=frame.time_base
    )
    graph.link_nodes(source, graph.add("bwdif", "mode=send_frame:deint=all"), graph.add("buffersink"))
    graph.configure()
    for neighbor in (before, frame, after):
        if neighbor is not None:
            graph.vpush(neighbor)
    graph.vpush(None)
    try:
        while (made := graph.vpull()).pts != frame.pts:
            pass
    except (av.error.EOFError, av.error.BlockingIOError):
        return frame
    return made
