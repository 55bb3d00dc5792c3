"""Which judged stills are kept: in their shot, away from its ends, the best, none twice."""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction

import numpy as np

from artgen.extract.judging import Judged
from artgen.records import Shot, Still
from artgen.stills import inset_bounds, near_duplicates


def assign_shots(judged: Judged, shots: Sequence[Shot], *, time_base: Fraction) -> Judged:
    """Give every still its shot; one inside a transition or at a shot's very end is refused."""
    starts = [shot.start_pts for shot in shots]
    stills: list[Still] = []
    for still in judged.stills:
        shot = shots[max(0, bisect_right(starts, still.pts) - 1)]
        first, end = inset_bounds(shot, time_base=time_base)
        placed = replace(still, shot=shot.id)
        if not shot.start_pts <= still.pts < shot.end_pts:
            placed = _refused(placed, f"transition: after shot {shot.id}")
        elif not first <= still.pts < end:
            placed = _refused(placed, "transition: too near to it")
        stills.append(placed)
    return Judged(stills, judged.prints, judged.damage)


def keep_best(
    judged: Judged, *, per_stretch: int, most: int | None, stretch_pts: int, shots: Sequence[Shot]
) -> list[Still]:
    """The stills with all refusals: repeats within a shot, surplus of a shot, repeats in the title, surplus.

    Args:
        judged: with shots assigned, in time order.
        per_stretch: stills kept of a shot, of each `stretch_pts` of a longer one.
        most: stills kept of the title; None: no bound.
        stretch_pts: see there.
        shots: by id.
    """
    stills = list(judged.stills)

    def refuse_repeats(among: Sequence[int]) -> None:
        own = [i for i in among if stills[i].gate is None]
        better = near_duplicates([stills[i] for i in own], judged.prints[own]) if own else {}
        for i in own:
            if stills[i].id in better:
                stills[i] = _refused(stills[i], f"duplicate: of {better[stills[i].id]}")

    def refuse_surplus(among: Sequence[int], bound: int, reason: str) -> None:
        own = [i for i in among if stills[i].gate is None]
        for i in sorted(own, key=lambda i: (-stills[i].score, stills[i].pts))[bound:]:
            stills[i] = _refused(stills[i], f"surplus: {reason}")

    for group in _stretches(stills, stretch_pts, lambda still: shots[still.shot].start_pts):
        refuse_repeats(group)
        refuse_surplus(group, per_stretch, "better stills of this shot are kept")
    everything = range(len(stills))
    refuse_repeats(everything)
    if most is not None:
        refuse_surplus(everything, most, f"not among the best {most}")
    return stills


def join_judged(one: Judged, other: Judged) -> Judged:
    """Both, in time order."""
    both = [part for part in (one, other) if part.stills]
    if len(both) < 2:
        only = both[0] if both else one
        return Judged(only.stills, only.prints, [*one.damage, *other.damage])
    stills = [*one.stills, *other.stills]
    order = sorted(range(len(stills)), key=lambda i: stills[i].pts)
    prints = np.concatenate([one.prints, other.prints])[order]
    return Judged([stills[i] for i in order], prints, [*one.damage, *other.damage])


def _stretches(
    stills: Sequence[Still], stretch_pts: int, shot_start: Callable[[Still], int]
) -> list[list[int]]:
    groups: dict[tuple[int, int], list[int]] = {}
    for i, still in enumerate(stills):
        groups.setdefault((still.shot, (still.pts - shot_start(still)) // stretch_pts), []).append(i)
    return list(groups.values())


def _refused(still: Still, reason: str) -> Still:
    return still if still.gate is not None else replace(still, gate=reason, file=None)
