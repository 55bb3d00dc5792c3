"""How much of a picture is of which color, by the names people have for colors."""

import colorsys
from collections.abc import Sequence

HUES = ("red", "orange", "yellow", "green", "cyan", "blue", "purple", "pink")
HUE_STARTS_DEG = (-15, 15, 45, 70, 160, 195, 255, 295)
COLORS = ("black", "gray", "white", *HUES)


def color_shares(colors: Sequence[tuple[str, float]]) -> list[float]:
    """How much of a picture each of COLORS covers, from its dominant colors as ("#rrggbb", fraction)."""
    shares = dict.fromkeys(COLORS, 0.0)
    for code, share in colors:
        shares[color_name(code)] += share
    return list(shares.values())


def color_name(code: str) -> str:
    """The one of COLORS that "#rrggbb" is nearest to, by hue, saturation and value."""
    red, green, blue = (int(code[i : i + 2], 16) / 255 for i in (1, 3, 5))
    hue, saturation, value = colorsys.rgb_to_hsv(red, green, blue)
    if value < 0.18:
        return "black"
    if saturation < 0.16:
        return "white" if value > 0.82 else "gray"
    degrees = (hue * 360 + 15) % 360 - 15
    return [name for name, start in zip(HUES, HUE_STARTS_DEG, strict=True) if degrees >= start][-1]
