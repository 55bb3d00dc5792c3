"""Chips as films show them: shifted and turned a little, small, blurred, dark, noisy, compressed."""

import cv2
import numpy as np
from numpy.typing import NDArray

Chip = NDArray[np.uint8]
CHIP_PX = 150
UPRIGHT_EYES_PX = 52.5  # distance of the eyes in a chip


def jittered(chip: Chip, rng: np.random.Generator, *, strength: float = 1.0) -> Chip:
    """As if the landmarks had been found a little elsewhere."""
    angle = rng.normal(0, 4 * strength)
    scale = np.exp(rng.normal(0, 0.05 * strength))
    shift = rng.normal(0, 0.03 * strength * CHIP_PX, 2)
    middle = (CHIP_PX - 1) / 2
    matrix = cv2.getRotationMatrix2D((middle, middle), angle, scale)
    matrix[:, 2] += shift
    matrix[0, 1] += rng.normal(0, 0.03 * strength)
    return np.asarray(
        cv2.warpAffine(
            chip, matrix, (CHIP_PX, CHIP_PX), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
        ),
        dtype=np.uint8,
    )


def filmed(chip: Chip, rng: np.random.Generator) -> Chip:
    """As a worse camera, a darker set or a stronger compression would have it."""
    picture = chip
    eyes_px = rng.uniform(11, 50)
    if eyes_px < 45 and rng.random() < 0.8:
        side = max(16, round(CHIP_PX * eyes_px / UPRIGHT_EYES_PX))
        picture = cv2.resize(picture, (side, side), interpolation=cv2.INTER_AREA)
    if rng.random() < 0.3:
        picture = cv2.GaussianBlur(picture, (0, 0), rng.uniform(0.4, 1.4) * picture.shape[0] / CHIP_PX * 2)
    if rng.random() < 0.2:
        picture = _smeared(picture, rng)
    light = picture.astype(np.float32) / 255
    if rng.random() < 0.6:
        light = light ** np.exp(rng.normal(0, 0.35))
        light = light * rng.uniform(0.25, 1.1) + rng.uniform(0, 0.1)
    if rng.random() < 0.3:
        ramp = np.linspace(*rng.uniform(0.4, 1.2, 2), light.shape[1], dtype=np.float32)
        light = light * ramp
    if rng.random() < 0.5:
        light = light + rng.normal(0, rng.uniform(0.005, 0.05), light.shape)
    picture = np.asarray(np.clip(light * 255, 0, 255), np.uint8)
    if rng.random() < 0.5:
        quality = int(rng.integers(15, 80))
        picture = cv2.imdecode(
            cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])[1], cv2.IMREAD_GRAYSCALE
        )
    how = cv2.INTER_CUBIC if rng.random() < 0.5 else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(picture, (CHIP_PX, CHIP_PX), interpolation=how), np.uint8)


def _smeared(picture: Chip, rng: np.random.Generator) -> Chip:
    """Motion blur."""
    length = int(rng.integers(2, 3 + picture.shape[0] // 20))
    kernel = np.zeros((length, length), np.float32)
    kernel[length // 2] = 1 / length
    turn = cv2.getRotationMatrix2D(((length - 1) / 2, (length - 1) / 2), rng.uniform(0, 180), 1)
    kernel = cv2.warpAffine(kernel, turn, (length, length))
    return np.asarray(
        cv2.filter2D(picture, -1, kernel / max(float(kernel.sum()), 1e-3), borderType=cv2.BORDER_REPLICATE),
        np.uint8,
    )
