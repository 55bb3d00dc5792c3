"""Where shots begin and end, and by what transition."""

from artgen.shots.finding import find_shots
from artgen.shots.signatures import Signatures, join_signatures, sign_frames

__all__ = ["Signatures", "find_shots", "join_signatures", "sign_frames"]
