"""Where a title's burned-in subtitles stand: in one band, in still after still, whatever is found of each."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from artgen.artwork.candidates import Candidate
from artgen.records import Box

LOWER_PART = 0.7  # of the height: subtitles stand below it
LINE_HIGH = (0.015, 0.16)  # of the height; two lines may have been joined to one
ROWS = 0.08  # of the height, that lines of one band may lie apart from its middle
LEAST_SHOTS, LEAST_SHARE = 3, 0.1  # shots with lettering there, of all shots
MOST_SHARE = 0.25  # as about half of all subtitles are found, from here on any still may have one


@dataclass(frozen=True, slots=True)
class SubtitleBand:
    """The band that a title's subtitles take, in pixels of its stills; `everywhere`: any still may have one."""

    box: Box
    everywhere: bool

    def holds(self, line: Box) -> bool:
        """Whether a line of lettering stands in the band: its middle is in the band's rows."""
        return self.box[1] <= (line[1] + line[3]) / 2 <= self.box[3]


def find_subtitle_band(candidates: Sequence[Candidate], *, size: tuple[int, int]) -> SubtitleBand | None:
    """The band of a title's subtitles, from what was found in its stills of `size` (width, height).

    Lettering is often found in part only and in some stills only, but subtitles are centered and keep
    their rows: the band is as wide as the widest find and its mirror image.

    Returns:
        The band, or None where fewer shots than LEAST_SHOTS or LEAST_SHARE of all have lettering there.
    """
    width, height = size
    lines = [
        (candidate.still.shot, box)
        for candidate in candidates
        for box in (candidate.composition.text_boxes if candidate.composition else ())
        if box[1] >= LOWER_PART * height and LINE_HIGH[0] <= (box[3] - box[1]) / height <= LINE_HIGH[1]
    ]
    if not lines:
        return None
    middle = float(np.median([(box[1] + box[3]) / 2 for _, box in lines]))
    lines = [(shot, box) for shot, box in lines if abs((box[1] + box[3]) / 2 - middle) <= ROWS * height]
    found = len({shot for shot, _ in lines})
    shots = len({candidate.still.shot for candidate in candidates})
    if found < max(LEAST_SHOTS, LEAST_SHARE * shots):
        return None
    reach = max(max(width / 2 - box[0], box[2] - width / 2) for _, box in lines)
    top, bottom = min(box[1] for _, box in lines), max(box[3] for _, box in lines)
    box = (max(0.0, width / 2 - reach), top, min(float(width), width / 2 + reach), bottom)
    return SubtitleBand(box, everywhere=found >= MOST_SHARE * shots)
