"""What the sample's scenes are drawn with: noise, light, lettering, a camera, photographs.

Pictures are float32, (720, 1280, 3), red, green, blue, gamma-encoded, 0..1; plates are larger pictures that
a camera sees a part of. Everything random is seeded, so the same call gives the same picture.
"""

from functools import cache
from importlib.util import find_spec
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

Picture = NDArray[np.float32]

WIDTH, HEIGHT = 1280, 720
ROWS, COLUMNS = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
ENLARGED = 3  # photographs are small; their plates are this much larger


def mix(first: Picture, second: Picture, share: Picture | float) -> Picture:
    """Blend two pictures; `share` of the second, one number or one a pixel."""
    share = np.asarray(share, np.float32)
    share = share[..., None] if share.ndim == 2 else share
    return first + (second - first) * share


def color(*rgb: int) -> Picture:
    """One color, from 0..255."""
    return np.array(rgb, np.float32) / 255


def gradient(*stops: tuple[float, tuple[int, int, int]]) -> Picture:
    """A vertical gradient over the frame: stops of (height 0..1, color)."""
    heights = [height * HEIGHT for height, _ in stops]
    bands = [np.interp(ROWS[:, 0], heights, [rgb[band] / 255 for _, rgb in stops]) for band in range(3)]
    return np.repeat(np.stack(bands, -1)[:, None], WIDTH, 1).astype(np.float32)


@cache
def clouds(seed: int, *, rows: int, columns: int, cells: int, octaves: int = 6) -> Picture:
    """Fractal noise in 0..1, (rows, columns), with `cells` lumps across; it repeats sideways."""
    random, total, weight = np.random.default_rng(seed), np.zeros((rows, columns), np.float32), 1.0
    for octave in range(octaves):
        across = cells << octave
        down = max(2, round(across * rows / columns))
        grid = np.pad(random.random((down, across), np.float32), ((2, 2), (2, 2)), mode="wrap")
        smooth = cv2.resize(grid, None, fx=columns / across, fy=rows / down, interpolation=cv2.INTER_CUBIC)
        top, left = round(2 * rows / down), round(2 * columns / across)
        total += weight * smooth[top : top + rows, left : left + columns]
        weight /= 2
    low, high = np.quantile(total, (0.01, 0.99))
    return np.clip((total - low) / (high - low), 0, 1)


def sampled(texture: Picture, rows: Picture, columns: Picture) -> Picture:
    """A texture at other places, going on past its edges."""
    places = (columns.astype(np.float32), np.broadcast_to(rows, columns.shape).astype(np.float32))
    return cv2.remap(texture, *places, cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP)


def shake(seconds: float, *, pixels: float, seed: int) -> tuple[float, float]:
    """Where a hand holds the camera: a slow wander of about `pixels`."""
    phases = np.random.default_rng(seed).uniform(0, 2 * np.pi, (2, 3))
    wander = [
        np.sin(2 * np.pi * np.array((0.35, 0.8, 1.7)) * seconds + phase) @ (0.6, 0.3, 0.1) for phase in phases
    ]
    return pixels * wander[0], pixels * wander[1]


def view(
    plate: Picture,
    *,
    center: tuple[float, float],
    width: float,
    shift: tuple[float, float] = (0, 0),
    beyond: int = cv2.BORDER_REFLECT,
) -> Picture:
    """What a camera sees of a plate: `width` of its pixels around `center`, moved by `shift` frame pixels.

    `beyond` says how OpenCV goes on past the plate's edge.
    """
    scale = WIDTH / width
    matrix = np.array(
        [
            [scale, 0, WIDTH / 2 - scale * center[0] + shift[0]],
            [0, scale, HEIGHT / 2 - scale * center[1] + shift[1]],
        ]
    )
    seen = cv2.warpAffine(plate, matrix, (WIDTH, HEIGHT), flags=cv2.INTER_CUBIC, borderMode=beyond)
    return np.clip(seen, 0, 1)


def eased(share: float) -> float:
    """A move that begins and ends gently; 0..1 to 0..1."""
    share = min(max(share, 0.0), 1.0)
    return share * share * (3 - 2 * share)


def graded(
    picture: Picture, *, tint: tuple[float, float, float], contrast: float = 1.0, saturation: float = 1.0
) -> Picture:
    """The look of a scene: tint, contrast around the middle, saturation, darker corners."""
    picture = picture.astype(np.float32)
    gray = (picture @ np.array((0.2126, 0.7152, 0.0722), np.float32))[..., None]
    picture = (gray + (picture - gray) * saturation) * np.array(tint, np.float32)
    picture = (picture - 0.45) * contrast + 0.45
    corners = ((COLUMNS / WIDTH - 0.5) ** 2 + (ROWS / HEIGHT - 0.5) ** 2)[..., None]
    return np.clip(picture * (1 - 0.45 * corners), 0, 1)


def glow(row: float, column: float, *, radius: float) -> Picture:
    """A soft light, (720, 1280) in 0..1."""
    return np.exp(-((ROWS - row) ** 2 + (COLUMNS - column) ** 2) / (2 * radius**2))


def polygon(corners: str) -> NDArray[np.int32]:
    """Corners written "column,row column,row ...", as OpenCV takes them."""
    return np.array([corner.split(",") for corner in corners.split()]).astype(np.int32)


@cache
def photograph(name: str) -> Picture:
    """A photograph that scikit-image ships, three times as large and sharpened."""
    package = find_spec("skimage")
    if package is None or not package.submodule_search_locations:
        raise SystemExit("The photographs come with scikit-image: pip install scikit-image")
    small = Image.open(Path(package.submodule_search_locations[0]) / "data" / name).convert("RGB")
    plate = np.asarray(small, np.float32) / 255
    plate = cv2.resize(plate, None, fx=ENLARGED, fy=ENLARGED, interpolation=cv2.INTER_LANCZOS4)
    plate = plate + 0.9 * (plate - cv2.GaussianBlur(plate, (0, 0), 2.0))
    return np.clip(plate, 0, 1).astype(np.float32)


def lettering(*lines: tuple[str, int, int, int]) -> Picture:
    """Lines of (text, row, size, spacing), centered; (720, 1280) in 0..1."""
    page = Image.new("L", (WIDTH, HEIGHT))
    draw = ImageDraw.Draw(page)
    for text, row, size, spacing in lines:
        font = ImageFont.load_default(size)
        advances = [font.getlength(letter) + spacing for letter in text]
        column = (WIDTH - sum(advances) + spacing) / 2
        for letter, advance in zip(text, advances, strict=True):
            draw.text((column, row), letter, font=font, fill=255, anchor="lm")
            column += advance
    return np.asarray(page, np.float32) / 255


def stars(*, seed: int, count: int) -> Picture:
    """A starry sky, (900, 1600, 3)."""
    random = np.random.default_rng(seed)
    sky = np.zeros((900, 1600, 3), np.float32)
    for row, column, light, warmth in random.random((count, 4)):
        sky[int(row * 900), int(column * 1600)] += light**4 * (
            1.2 * mix(color(190, 210, 255), color(255, 226, 190), warmth)
        )
    return np.clip(5 * cv2.GaussianBlur(sky, (0, 0), 0.9) + 1.5 * cv2.GaussianBlur(sky, (0, 0), 2.5), 0, 1)
