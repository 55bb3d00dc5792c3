"""Which instants of a shot could be artwork: measures, gates with reasons, near-duplicates."""

from artgen.stills.bars import find_active_picture
from artgen.stills.gates import gate_still, score_terms, still_score
from artgen.stills.instants import choose_instants, inset_bounds, motion_at
from artgen.stills.measures import MEASURES, measure_still
from artgen.stills.repeats import fingerprint, near_duplicates
from artgen.stills.watching import Watch

__all__ = [
    "MEASURES",
    "Watch",
    "choose_instants",
    "find_active_picture",
    "fingerprint",
    "gate_still",
    "inset_bounds",
    "measure_still",
    "motion_at",
    "near_duplicates",
    "score_terms",
    "still_score",
]
