"""Where a title is safe: what stores ask to be left free, and what players draw over artwork."""

from fractions import Fraction
from functools import cache

from artgen.records import Box
from artgen.specs.judging import distance
from artgen.specs.profile import PROFILES, Zone, load_profile

NEAR = 0.06  # in the logarithm of the aspect, as where files are held to profiles
OVERLAYS = (
    Zone("left edge", (0.0, 0.0, 0.05, 1.0), ("text",)),
    Zone("right edge", (0.95, 0.0, 1.0, 1.0), ("text",)),
    Zone("upper edge with badges", (0.0, 0.0, 1.0, 0.09), ("text",)),
    Zone("lower edge with progress bar", (0.0, 0.92, 1.0, 1.0), ("text",)),
)
"""What holds for every aspect: rounded corners and overscan (5 %), badges such as "new" in the upper corners,
the bar of a title half watched at the lower edge. Seen on players; none of them publishes measures."""


@cache
def zones_for(aspect: Fraction) -> tuple[Zone, ...]:
    """What lettering must leave free on a piece of an aspect: OVERLAYS, and the zones of every profile's like asset."""
    zones = list(OVERLAYS)
    for name in PROFILES:
        for asset in load_profile(name).assets:
            if asset.zones and asset.text != "none" and distance(aspect, asset) <= NEAR:
                zones += [zone for zone in asset.zones if "text" in zone.free_of and zone not in zones]
    return tuple(zones)


def safe_area(aspect: Fraction) -> Box:
    """The part of a piece that no zone reaches, as fractions of its width and height.

    Each zone is cut off from the side where least is lost.
    """
    x1, y1, x2, y2 = 0.0, 0.0, 1.0, 1.0
    for zone in zones_for(aspect):
        left, top, right, bottom = zone.box
        if left >= x2 or right <= x1 or top >= y2 or bottom <= y1:
            continue
        lost = {"left": right - x1, "top": bottom - y1, "right": x2 - left, "bottom": y2 - top}
        match min(lost, key=lambda side: lost[side]):
            case "left":
                x1 = right
            case "top":
                y1 = bottom
            case "right":
                x2 = left
            case _:
                y2 = top
    return x1, y1, x2, y2
