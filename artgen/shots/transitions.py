"""Changes of shot: what they are, and what remains of those found when they are seen together."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Kind = Literal["cut", "dissolve", "fade", "wipe"]
TOUCHING = 3  # frames between a fade and the blank frames it leads to, at most


@dataclass(frozen=True, slots=True)
class Change:
    """A change of shot: frame `last` is the old shot's last, frame `first` wholly the new shot's.

    At a cut first = last + 1; at a gradual change the frames between are the transition. Before the
    film's first frame `last` is -1, after its last one `first` is the number of frames. `strength`,
    0..1, says how sure it is.
    """

    last: int
    first: int
    kind: Kind
    strength: float

    def moved(self, frames: int) -> "Change":
        """The same change counted from another frame."""
        return replace(self, last=self.last + frames, first=self.first + frames)


def settle_changes(changes: Sequence[Change], blank: NDArray[np.bool_]) -> list[Change]:
    """The changes that stand, in order and without overlap.

    Of two that overlap the stronger stays. What leads gradually to or from blank frames is one fade with
    them: to black and up again is one fade, and the frames between belong to no shot. Cuts to and from
    blank frames stay cuts.

    Args:
        changes: as found, in any order.
        blank: (frames,) which frames of the film are blank.
    """
    settled = _with_fades(_without_overlap(changes), blank)
    return _without_overlap(settled)


def _without_overlap(changes: Sequence[Change]) -> list[Change]:
    kept: list[Change] = []
    for change in sorted(changes, key=lambda c: (-c.strength, c.last)):
        if all(change.first <= other.last or other.first <= change.last for other in kept):
            kept.append(change)
    return sorted(kept, key=lambda c: c.last)


def _with_fades(changes: Sequence[Change], blank: NDArray[np.bool_]) -> list[Change]:
    left = list(changes)
    for start, end in _runs(blank):
        into = [c for c in left if c.last < start and start - TOUCHING <= c.first <= end + TOUCHING]
        out_of = [c for c in left if c.first >= end and start - TOUCHING <= c.last < end + TOUCHING]
        into, out_of = into[-1:], [c for c in out_of if c not in into][:1]
        graduals = [c for c in into + out_of if c.kind != "cut"]
        if not graduals:
            continue
        last = into[0].last if into else start - 1
        first = out_of[0].first if out_of else end
        left = [c for c in left if c.first <= last or c.last >= first]
        left.append(Change(last, first, "fade", max(c.strength for c in graduals)))
        left.sort(key=lambda c: c.last)
    return left


def _runs(flags: NDArray[np.bool_]) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate([[0], flags.astype(np.int8), [0]])))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]
