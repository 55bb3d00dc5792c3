"""The colors of a picture: the few that dominate it, and how warm, strong and varied they are."""

import cv2
import numpy as np
from numpy.typing import NDArray

from artgen.composition.reduced import lab, shrink

COLORS_SIDE = 48
MOST_COLORS = 6
LLOYD_ROUNDS = 12
SAME_COLOR = 12.0  # Lab units: closer clusters are one color to the eye at poster size
LEAST_FRACTION = 0.03
COLORLESS_CHROMA = 6.0  # Lab units: below it a place counts as gray


def dominant_colors(picture: NDArray[np.uint8]) -> tuple[tuple[str, float], ...]:
    """The picture's dominant colors, greatest first, each "#rrggbb" with the fraction it covers.

    K-means in CIE Lab on a small copy, seeded without chance: the first center is the fullest cell
    of a coarse histogram, each next one the cell with the greatest count times distance to the
    centers so far. Fractions sum to at most 1: colors under LEAST_FRACTION are left out.

    Source: Arthur and Vassilvitskii, "k-means++" (2007), its seeding made greedy.
    """
    pixels = lab(shrink(picture, COLORS_SIDE)).reshape(-1, 3)
    centers = _seeds(pixels)
    for _ in range(LLOYD_ROUNDS):
        owner = _nearest(pixels, centers)
        held = np.bincount(owner, minlength=len(centers))
        sums = np.stack([np.bincount(owner, pixels[:, i], len(centers)) for i in range(3)], axis=1)
        moved = np.where(held[:, None] > 0, sums / np.maximum(held, 1)[:, None], centers)
        if np.abs(moved - centers).max() < 0.01:
            break
        centers = moved
    fractions = np.bincount(_nearest(pixels, centers), minlength=len(centers)) / len(pixels)
    merged = _merge(centers, fractions)
    return tuple((_hex(center), round(share, 4)) for center, share in merged if share >= LEAST_FRACTION)


def color_measures(picture: NDArray[np.uint8]) -> dict[str, float]:
    """Lightness, darkness, chroma, its spread, and warmth; see MEASURES for meaning and range."""
    colors = lab(shrink(picture, COLORS_SIDE))
    lightness, a, b = colors[..., 0], colors[..., 1], colors[..., 2]
    chroma = np.hypot(a, b)
    colored = chroma > COLORLESS_CHROMA
    # Warm runs from magenta-red over orange to yellow-green; cold is the opposite half of the wheel.
    warm = np.cos(np.arctan2(b, a) - np.radians(55.0))
    warmth = float((warm * chroma)[colored].sum() / max(chroma[colored].sum(), 1e-6))
    return {
        "lightness": float(lightness.mean()) / 100,
        "dark_fraction": float((lightness < 15).mean()),
        "chroma": min(1.0, float(chroma.mean()) / 60),
        "chroma_spread": min(1.0, float(np.hypot(a - a.mean(), b - b.mean()).mean()) / 40),
        "warmth": warmth * float(colored.mean()),
    }


def _seeds(pixels: NDArray[np.float32]) -> NDArray[np.float64]:
    cells = np.floor_divide(pixels, np.array([12.5, 20.0, 20.0], np.float32)).astype(np.int64)
    _, index, counts = np.unique(cells, axis=0, return_inverse=True, return_counts=True)
    means = np.stack([np.bincount(index.ravel(), pixels[:, i]) for i in range(3)], axis=1) / counts[:, None]
    chosen = [int(counts.argmax())]
    while len(chosen) < min(MOST_COLORS, len(counts)):
        distance = np.min([np.linalg.norm(means - means[i], axis=1) for i in chosen], axis=0)
        chosen.append(int((counts * distance).argmax()))
    return np.asarray(means[chosen], dtype=np.float64)


def _nearest(pixels: NDArray[np.float32], centers: NDArray[np.float64]) -> NDArray[np.int64]:
    # |p - c|^2 less |p|^2, which is the same for every center
    distance = (centers**2).sum(axis=1) - 2 * pixels @ centers.T
    return np.asarray(distance.argmin(axis=1), dtype=np.int64)


def _merge(
    centers: NDArray[np.float64], fractions: NDArray[np.float64]
) -> list[tuple[NDArray[np.float64], float]]:
    """Join centers that look alike to their weighted mean; greatest fraction first."""
    merged: list[tuple[NDArray[np.float64], float]] = []
    for place in np.argsort(-fractions, kind="stable"):
        center, share = centers[place], float(fractions[place])
        for i, (other, held) in enumerate(merged):
            if float(np.linalg.norm(other - center)) < SAME_COLOR:
                merged[i] = ((other * held + center * share) / max(held + share, 1e-9), held + share)
                break
        else:
            merged.append((center, share))
    return sorted(merged, key=lambda pair: -pair[1])


def _hex(center: NDArray[np.float64]) -> str:
    rgb = cv2.cvtColor(center.astype(np.float32).reshape(1, 1, 3), cv2.COLOR_LAB2RGB)[0, 0]
    red, green, blue = (round(float(np.clip(value, 0, 1)) * 255) for value in rgb)
    return f"#{red:02x}{green:02x}{blue:02x}"
