"""HDR shown as SDR: what SDR can show comes back as it was, highlights keep their differences and hues."""

import numpy as np
import pytest
from numpy.typing import NDArray

from artgen.video import probe, read_pictures
from artgen.video.tonemap import bt709_matrix, hdr_to_srgb, is_narrow, method_of, wide_to_srgb

TO_BT2020 = np.array(  # linear BT.709 to BT.2020 (ITU-R BT.2087-0, annex 2)
    [[0.6274, 0.3293, 0.0433], [0.0691, 0.9195, 0.0114], [0.0164, 0.0880, 0.8956]]
)
PATCHES = np.array(
    [[(255, 255, 255), (0, 0, 0), (128, 128, 128), (200, 120, 60), (60, 120, 200), (230, 180, 160)]]
)


def linear(srgb: NDArray[np.int64]) -> NDArray[np.float64]:
    coded = srgb / 255
    return np.where(coded <= 0.04045, coded / 12.92, ((coded + 0.055) / 1.055) ** 2.4)


def pq(nits: NDArray[np.float64]) -> NDArray[np.uint16]:
    """SMPTE ST 2084, the inverse EOTF, as 16 bits."""
    power = (nits / 10_000) ** 0.1593017578125
    coded = ((0.8359375 + 18.8515625 * power) / (1 + 18.6875 * power)) ** 78.84375
    return np.rint(coded * 65_535).astype(np.uint16)


def hlg(nits: NDArray[np.float64]) -> NDArray[np.uint16]:
    """ITU-R BT.2100 HLG of light on a display of 1,000 cd/m2: inverse OOTF, then OETF, as 16 bits."""
    light = nits / 1000
    luma = np.maximum(light @ (0.2627, 0.6780, 0.0593), 1e-9)[..., None]
    scene = light * luma ** (1 / 1.2 - 1)
    high = 0.17883277 * np.log(np.maximum(12 * scene - 0.28466892, 1e-9)) + 0.55991073
    coded = np.where(scene <= 1 / 12, np.sqrt(3 * scene), high)
    return np.rint(coded.clip(0, 1) * 65_535).astype(np.uint16)


CODES = {"smpte2084": pq, "arib-std-b67": hlg}


def shown(nits_709: NDArray[np.float64], transfer: str) -> NDArray[np.int64]:
    """Light in linear BT.709 cd/m2, coded as BT.2020 HDR and shown as sRGB."""
    coded = CODES[transfer](np.maximum(nits_709 @ TO_BT2020.T, 0))
    return hdr_to_srgb(coded, transfer=transfer, primaries="bt2020").astype(np.int64)


@pytest.mark.parametrize("transfer", CODES)
def test_what_sdr_can_show_comes_back_as_it_was(transfer: str) -> None:
    assert np.abs(shown(203 * linear(PATCHES), transfer) - PATCHES).max() <= 1


@pytest.mark.parametrize("transfer", CODES)
def test_highlights_stay_apart_and_reach_white_at_the_peak(transfer: str) -> None:
    nits = np.array([0, 1, 10, 50, 100, 203, 400, 700, 1000.0])

    levels = shown(np.tile(nits.repeat(9)[:, None, None], (1, 9, 3)), transfer)[::9, 0, 0]

    assert (np.diff(levels) >= 2).all()
    assert levels[-1] == 255
    assert 200 < levels[5] < 245  # white of paper stays light beside highlights
    assert levels[3] == pytest.approx(round(255 * (1.055 * (50 / 203) ** (1 / 2.4) - 0.055)), abs=1)


def test_a_bright_color_keeps_its_hue() -> None:
    orange = np.array([[(1000.0, 400.0, 50.0), (100.0, 40.0, 5.0)]])

    bright, plain = linear(shown(orange, "smpte2084"))[0]

    np.testing.assert_allclose(bright / bright.max(), plain / plain.max(), atol=0.02)


def test_colors_outside_srgb_lose_saturation_and_not_luminance() -> None:
    laser = np.array([[(0, pq(np.array(100.0)), 0)]], np.uint16)  # pure green of BT.2020

    red, green, blue = linear(hdr_to_srgb(laser, transfer="smpte2084", primaries="bt2020"))[0, 0]

    assert green > max(red, blue)
    assert 0.2126 * red + 0.7152 * green + 0.0722 * blue == pytest.approx(0.678 * 100 / 203, rel=0.02)


def test_few_bright_pixels_do_not_darken_a_picture() -> None:
    nits = np.full((900, 900, 3), 100.0)
    nits[:6, :6] = 10_000

    assert shown(nits, "smpte2084")[100, 100, 0] == shown(nits[50:], "smpte2084")[50, 100, 0]


def test_wide_sdr_keeps_neutral_colors() -> None:
    gray = np.arange(256, dtype=np.uint16).repeat(3).reshape(1, 256, 3) * 257

    np.testing.assert_allclose(wide_to_srgb(gray, primaries="smpte432")[0, :, 0], np.arange(256), atol=1)


def test_matrices_between_primaries_are_the_standards() -> None:
    np.testing.assert_allclose(np.linalg.inv(bt709_matrix("bt2020")), TO_BT2020, atol=1e-4)
    np.testing.assert_allclose(bt709_matrix("smpte431").sum(axis=1), 1, atol=1e-5)  # white stays white
    assert is_narrow("bt709")
    assert not is_narrow("smpte432")


def test_an_unknown_transfer_is_our_defect() -> None:
    with pytest.raises(ValueError, match="transfer must be one of"):
        hdr_to_srgb(np.zeros((1, 1, 3), np.uint16), transfer="bt709", primaries="bt709")


def test_the_method_is_named_with_its_sources() -> None:
    assert method_of("bt709") is None
    for transfer in CODES:
        assert "BT.2100" in str(method_of(transfer))
        assert "BT.2408" in str(method_of(transfer))


@pytest.mark.parametrize(("transfer", "codes"), CODES.items(), ids=CODES.keys())
def test_an_hdr_film_is_shown_as_sdr(transfer, codes, make_yuv_film) -> None:
    nits = (203 * linear(PATCHES) @ TO_BT2020.T).repeat(32, axis=0).repeat(32, axis=1)
    rgb = codes(nits) / 65_535
    luma = rgb @ (0.2627, 0.6780, 0.0593)
    planes = [
        luma * 876 + 64,
        (rgb[..., 2] - luma) / 1.8814 * 896 + 512,
        (rgb[..., 0] - luma) / 1.4746 * 896 + 512,
    ]
    tags = f"colormatrix=bt2020nc:colorprim=bt2020:transfer={transfer}:fullrange=off"
    film = make_yuv_film(f"{transfer}.mp4", [np.rint(plane) for plane in planes], tags=tags, depth=10)

    info = probe(film)
    picture = next(read_pictures(info, [0], on_damage=pytest.fail)).rgb

    assert info.color.tone_mapping == method_of(transfer)
    # Ten-bit samples of steep curves: two or three levels of sRGB lie between two of them.
    assert np.abs(picture[16, 16::32].astype(int) - PATCHES[0]).max() <= 4
