"""What is refused and why, what passes, and what scores better than what."""

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from artgen.stills import MEASURES, gate_still, measure_still, score_terms, still_score

Picture = NDArray[np.uint8]


def scene(*, seed: int = 0, height: int = 360, width: int = 640) -> Picture:
    """Soft hills of color with hard-edged things on them."""
    rng = np.random.default_rng(seed)
    ground = cv2.resize(
        rng.integers(40, 200, (5, 8, 3)).astype(np.uint8), (width, height), interpolation=cv2.INTER_CUBIC
    )
    for _ in range(40):
        center = int(rng.integers(0, width)), int(rng.integers(0, height))
        color = tuple(int(c) for c in rng.integers(10, 245, 3))
        cv2.circle(ground, center, int(rng.integers(8, height // 6)), color, -1, cv2.LINE_AA)
    return ground


def gate(picture: Picture) -> str | None:
    return gate_still(measure_still(picture), picture)


def blurred(picture: Picture, sigma: float) -> Picture:
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), sigma), np.uint8)


def test_every_measure_is_described_and_lies_in_its_range() -> None:
    tiny = [np.full((height, width, 3), 90, np.uint8) for height, width in ((1, 1), (1, 40), (3, 2))]
    for picture in (scene(), np.zeros((90, 160, 3), np.uint8), np.full((90, 160, 3), 255, np.uint8), *tiny):
        measures = measure_still(picture)

        assert set(measures) | {"motion"} == set(MEASURES)
        for name, value in measures.items():
            assert MEASURES[name].low <= value <= MEASURES[name].high, name


@pytest.mark.parametrize(
    ("picture", "reason"),
    [
        (np.zeros((360, 640, 3), np.uint8), "black"),
        (np.full((360, 640, 3), 6, np.uint8), "black"),
        (np.full((360, 640, 3), 252, np.uint8), "white"),
        (np.full((360, 640, 3), 120, np.uint8), "flat"),
        (blurred(scene(), 4), "blurred"),
    ],
    ids=["black", "nearly black", "white", "gray", "out of focus"],
)
def test_what_cannot_be_artwork_is_refused_with_its_reason(picture: Picture, reason: str) -> None:
    assert (gate(picture) or "").split(":")[0] == reason


def test_night_fog_grain_monochrome_and_shallow_focus_pass() -> None:
    sharp = scene()
    night = (sharp * 0.22).astype(np.uint8)
    fog = (sharp * 0.3 + 140).astype(np.uint8)
    grain = np.clip(sharp + np.random.default_rng(2).normal(0, 12, sharp.shape), 0, 255).astype(np.uint8)
    monochrome = np.repeat(cv2.cvtColor(sharp, cv2.COLOR_RGB2GRAY)[..., None], 3, 2)
    shallow = blurred(sharp, 9)
    shallow[100:260, 240:420] = sharp[100:260, 240:420]

    for picture in (sharp, night, fog, grain, monochrome, shallow):
        assert gate(picture) is None


def test_sharpness_falls_with_blur_but_not_with_light_size_or_grain() -> None:
    sharp = scene(height=720, width=1280)
    values = [measure_still(blurred(sharp, sigma))["sharpness"] for sigma in (0.5, 4, 8, 16)]

    assert values == sorted(values, reverse=True)
    assert values[0] > 0.8
    assert values[-1] < 0.1
    dim = (sharp * 0.4).astype(np.uint8)
    assert measure_still(dim)["sharpness"] == pytest.approx(values[0], abs=0.15)
    soft = blurred(sharp, 8)
    grain = np.clip(soft + np.random.default_rng(3).normal(0, 10, soft.shape), 0, 255).astype(np.uint8)
    assert measure_still(grain)["sharpness"] < values[0] - 0.3


def test_noise_is_measured_in_levels() -> None:
    flat = np.full((360, 640, 3), 120, np.uint8)
    noise = np.random.default_rng(5).normal(0, 8, (360, 640, 1))

    measured = measure_still(np.clip(flat + noise, 0, 255).astype(np.uint8))["noise"]

    assert measured == pytest.approx(8, rel=0.2)


def test_a_still_scores_by_sharpness_stillness_and_light() -> None:
    sharp = scene()
    good = still_score(measure_still(sharp) | {"motion": 0.0})

    assert good > still_score(measure_still(blurred(sharp, 5)) | {"motion": 0.0})
    assert good > still_score(measure_still(sharp) | {"motion": 0.05})
    assert good > still_score(measure_still((sharp * 0.15).astype(np.uint8)) | {"motion": 0.0})
    assert all(0 <= value <= 1 for value in score_terms(measure_still(sharp)).values())


@pytest.mark.parametrize("shape", [(0, 4, 3), (4, 4), (4, 4, 4)])
def test_what_is_no_picture_is_our_defect(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="picture must be"):
        measure_still(np.zeros(shape, np.uint8))
