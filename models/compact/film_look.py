"""Makes photographs look like frames of films, and crops as artgen feeds them: wide, then squashed."""

import random
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
DARK_LUMA, GRAY_SPREAD = 48.0, 3.0  # mean luma below which a picture reads as low key; mean chroma of none


@dataclass(frozen=True, slots=True)
class Look:
    """A picture as it goes into the model, and what a caption may say of it."""

    picture: Picture
    gray: bool
    dark: bool


def give_film_look(picture: Picture, *, side: int, mirror: bool, rng: random.Random) -> Look:
    """Crop, squash and grade a picture by chance.

    Args:
        picture: (height, width, 3) uint8 RGB, the whole picture squashed to a square.
        side: pixels of the square that comes out.
        mirror: whether it may be flipped (lettering may not).
        rng: where chance comes from.
    """
    out = _crop(picture, side=side, rng=rng)
    if mirror and rng.random() < 0.5:
        out = np.ascontiguousarray(out[:, ::-1])
    out = _grade(out, rng)
    if rng.random() < 0.12:
        out = np.repeat(cv2.cvtColor(out, cv2.COLOR_RGB2GRAY)[:, :, None], 3, axis=2)
    if rng.random() < 0.18:
        out = _degrade(out, rng)
    if rng.random() < 0.12:
        bar = round(side * rng.uniform(0.05, 0.15))
        out = out.copy()
        out[:bar] = out[side - bar :] = rng.randint(0, 8)
    return Look(out, gray=is_gray(out), dark=mean_luma(out) < DARK_LUMA)


def mean_luma(picture: Picture) -> float:
    """Mean of a picture's gamma-encoded luma, 0..255."""
    return float(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY).mean())


def is_gray(picture: Picture) -> bool:
    """Whether a picture has next to no color."""
    red, green, blue = (picture[..., c].astype(np.int16) for c in range(3))
    return float(np.abs(red - green).mean() + np.abs(green - blue).mean()) < GRAY_SPREAD


def _crop(picture: Picture, *, side: int, rng: random.Random) -> Picture:
    height, width = picture.shape[:2]
    area = rng.uniform(0.35, 1.0) ** 0.7
    aspect = np.exp(rng.uniform(np.log(0.8), np.log(1.9)))
    crop_w = min(width, round(width * np.sqrt(area * aspect)))
    crop_h = min(height, round(height * np.sqrt(area / aspect)))
    x, y = rng.randint(0, width - crop_w), rng.randint(0, height - crop_h)
    crop = picture[y : y + crop_h, x : x + crop_w]
    shrinks = crop_w > side and crop_h > side
    out = cv2.resize(crop, (side, side), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)
    return out.astype(np.uint8, copy=False)


def _grade(picture: Picture, rng: random.Random) -> Picture:
    ramp = np.linspace(0, 1, 256)
    gamma, gain, lift, tint = 1.0, 1.0, 0.0, 0.0
    if rng.random() < 0.6:
        gamma, gain, lift = (
            np.exp(rng.uniform(-0.35, 0.35)),
            rng.uniform(0.75, 1.15),
            rng.uniform(-0.03, 0.06),
        )
        tint = rng.uniform(-0.12, 0.12)
    if rng.random() < 0.12:
        gamma, gain = gamma * rng.uniform(1.4, 2.6), gain * rng.uniform(0.4, 0.9)
    if gamma == gain == 1.0:
        return picture
    curve = lift + gain * ramp**gamma
    teal = tint * (1 - 2 * ramp)  # shadows one way, highlights the other: the common two-color grade
    table = np.stack([curve - teal, curve + 0.2 * teal, curve + teal], axis=1)
    lut = (np.clip(table, 0, 1) * 255).astype(np.uint8)[None]
    return cv2.LUT(picture, lut).astype(np.uint8, copy=False)


def _degrade(picture: Picture, rng: random.Random) -> Picture:
    match rng.randrange(3):
        case 0:
            noise = np.random.default_rng(rng.getrandbits(32)).standard_normal(
                picture.shape[:2], dtype=np.float32
            )
            grain = noise * rng.uniform(3, 14)
            return np.clip(picture + grain[:, :, None], 0, 255).astype(np.uint8)
        case 1:
            length = rng.randint(3, 9)
            return cv2.blur(picture, (length, 1) if rng.random() < 0.7 else (1, length)).astype(
                np.uint8, copy=False
            )
        case _:
            encoded = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, rng.randint(15, 60)])[1]
            decoded = cv2.imdecode(encoded, cv2.IMREAD_COLOR)
            assert decoded is not None  # what imencode wrote can be read
            return decoded.astype(np.uint8, copy=False)
