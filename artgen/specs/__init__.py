"""What targets ask of artwork: profiles, and how a piece is held to them."""

from artgen.specs.judging import Facts, Finding, distance, judge, largest_crop
from artgen.specs.profile import LAYOUTS, PROFILES, Asset, Profile, Slot, load_profile
from artgen.specs.safe import safe_area

__all__ = [
    "LAYOUTS",
    "PROFILES",
    "Asset",
    "Facts",
    "Finding",
    "Profile",
    "Slot",
    "distance",
    "judge",
    "largest_crop",
    "load_profile",
    "safe_area",
]
