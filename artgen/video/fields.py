"""Interlaced pictures: whether the two fields show different instants, and one whole picture from them."""

import numpy as np
from av.filter import Graph
from av.video.frame import VideoFrame
from numpy.typing import NDArray

_COMB_STEP = 12  # levels a line stands out from both neighbors where fields differ; less is noise
_BLOCK = 32  # samples: a moving hand fills such a block
_MIN_COMBED = 0.1  # of a block's samples
_COMB_RATIO = 2  # real detail alternates between lines two apart as well, fields do not


def is_combed(luma: NDArray[np.uint8]) -> bool:
    """Whether a woven picture (height, width) shows the comb of two fields from different instants anywhere."""
    lines = luma.astype(np.int16)
    combed = _blocks(_alternating(lines), _BLOCK)
    detail = _blocks(_alternating(lines[::2]), _BLOCK // 2)
    high, wide = min(len(combed), len(detail)), combed.shape[1]
    combed, detail = combed[:high], detail[:high, :wide]
    return bool(((combed > _MIN_COMBED) & (combed > _COMB_RATIO * detail)).any())


def _alternating(lines: NDArray[np.int16]) -> NDArray[np.bool_]:
    """Where a sample stands out from the lines above and below it to the same side; (height - 2, width)."""
    above, below = lines[1:-1] - lines[:-2], lines[1:-1] - lines[2:]
    stands_out = np.minimum(np.abs(above), np.abs(below)) >= _COMB_STEP
    return np.asarray(stands_out & ((above > 0) == (below > 0)))


def _blocks(marks: NDArray[np.bool_], rows: int) -> NDArray[np.float64]:
    """Fraction of marked samples in blocks of so many rows and _BLOCK columns; what is left over is not seen."""
    high, wide = len(marks) // rows, marks.shape[1] // _BLOCK
    cut = marks[: high * rows, : wide * _BLOCK].reshape(high, rows, wide, _BLOCK)
    return np.asarray(cut.mean(axis=(1, 3)))


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
    run = [neighbor for neighbor in (before, frame, after) if neighbor is not None]
    for neighbor in run:
        graph.vpush(neighbor)
    graph.vpush(None)
    made = [graph.vpull() for _ in run]  # one for each, their times counted in half steps
    return made[run.index(frame)]
