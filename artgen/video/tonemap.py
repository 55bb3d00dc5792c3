"""Light of other screens shown on an sRGB one: HDR rolled off to SDR, wide gamuts brought to BT.709."""

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

HDR_TRANSFERS = ("smpte2084", "arib-std-b67")
WHITE_NITS = 203.0  # HDR reference white (ITU-R BT.2408, 2.2), shown as SDR white
PQ_PEAK_NITS = 10_000.0
HLG_PEAK_NITS = 1_000.0  # the nominal HLG display, whose system gamma is 1.2 (ITU-R BT.2100, table 5)
HLG_SYSTEM_GAMMA = 1.2
SDR_GAMMA = 2.4  # reference display (ITU-R BT.1886)
_HIGHLIGHT_FRACTION = 1e-4  # pixels that may be brighter than what counts as a picture's peak
_KNEE = 0.3  # light below this fraction of white, skin and shade, keeps its value
_PEAK_STRIDE = 3  # of rows and columns looked at for a picture's peak
_STRIP_ROWS = 32  # worked on at a time: they stay in the processor's cache
_TINY = np.float32(1e-6)
_STEPS = 1 << 16
BT2020_LUMA = np.array([0.2627, 0.6780, 0.0593], np.float32)
BT709_LUMA = np.array([0.2126, 0.7152, 0.0722], np.float32)

# Chromaticities of red, green, blue, white (ITU-T H.273, table 2).
_D65 = (0.3127, 0.3290)
_CHROMATICITIES = {
    "bt709": ((0.640, 0.330), (0.300, 0.600), (0.150, 0.060), _D65),
    "bt470m": ((0.67, 0.33), (0.21, 0.71), (0.14, 0.08), (0.310, 0.316)),
    "bt470bg": ((0.64, 0.33), (0.29, 0.60), (0.15, 0.06), _D65),
    "smpte170m": ((0.630, 0.340), (0.310, 0.595), (0.155, 0.070), _D65),
    "smpte240m": ((0.630, 0.340), (0.310, 0.595), (0.155, 0.070), _D65),
    "bt2020": ((0.708, 0.292), (0.170, 0.797), (0.131, 0.046), _D65),
    "smpte431": ((0.680, 0.320), (0.265, 0.690), (0.150, 0.060), (0.314, 0.351)),
    "smpte432": ((0.680, 0.320), (0.265, 0.690), (0.150, 0.060), _D65),
}


def method_of(transfer: str) -> str | None:
    """How films of this transfer are brought to SDR, for Color.tone_mapping; None where they need not be."""
    match transfer:
        case "smpte2084":
            source = "PQ EOTF"
        case "arib-std-b67":
            source = f"HLG inverse OETF, OOTF for {HLG_PEAK_NITS:.0f} cd/m2"
        case _:
            return None
    return (
        f"{source} (ITU-R BT.2100), white at {WHITE_NITS:.0f} cd/m2 (ITU-R BT.2408); to BT.709; hyperbolic "
        f"roll-off of the largest of red, green and blue from {_KNEE} of white to each picture's own peak; "
        "colors outside BT.709 desaturated at equal luminance; sRGB"
    )


def is_narrow(primaries: str) -> bool:
    """Whether colors of these primaries can be shown on an sRGB screen as they are."""
    return primaries == "bt709" or primaries not in _CHROMATICITIES


def hdr_to_srgb(rgb: NDArray[np.uint16], *, transfer: str, primaries: str) -> NDArray[np.uint8]:
    """A PQ or HLG picture as sRGB.

    Args:
        rgb: (height, width, 3) uint16, nonlinear, full range.
        transfer: "smpte2084" or "arib-std-b67".
        primaries: as in Color; "bt2020" for nearly all such films.

    Returns: (height, width, 3) uint8.

    Source: ITU-R BT.2100-2 (EOTF, OOTF), BT.2408-7 (reference white), BT.2407-0 (gamut); the roll-off is
    of the family of Reinhard et al., Photographic Tone Reproduction, 2002, on the largest component as in
    BT.2390-10, 5.4.
    """
    light_of = {"smpte2084": _pq_light, "arib-std-b67": _hlg_light}.get(transfer)
    if light_of is None:
        raise ValueError(f"transfer must be one of {HDR_TRANSFERS}, got {transfer}")
    matrix = bt709_matrix(primaries).T / np.float32(WHITE_NITS)
    sample = (light_of(rgb[::_PEAK_STRIDE, ::_PEAK_STRIDE]) @ matrix).max(axis=2)
    peak = max(1.0, float(np.quantile(sample, 1 - _HIGHLIGHT_FRACTION)))
    shown = np.empty(rgb.shape, np.uint8)
    for top in range(0, len(rgb), _STRIP_ROWS):
        strip = slice(top, top + _STRIP_ROWS)
        light = light_of(rgb[strip]) @ matrix
        light *= _roll_off(light.max(axis=2), peak)[..., None]
        shown[strip] = _encoded(_inside(light), _srgb_codes())
    return shown


def wide_to_srgb(rgb: NDArray[np.uint16], *, primaries: str) -> NDArray[np.uint8]:
    """An SDR picture of wider (or other) primaries as sRGB; neutral colors keep their values.

    Args:
        rgb: (height, width, 3) uint16, nonlinear, full range.
        primaries: as in Color.

    Returns: (height, width, 3) uint8.

    Source: ITU-R BT.2407-0 (conversion between gamuts in linear light), BT.1886 (gamma 2.4).
    """
    matrix = bt709_matrix(primaries).T
    shown = np.empty(rgb.shape, np.uint8)
    for top in range(0, len(rgb), _STRIP_ROWS):
        strip = slice(top, top + _STRIP_ROWS)
        shown[strip] = _encoded(_inside(_gamma_light()[rgb[strip]] @ matrix), _gamma_codes())
    return shown


def _pq_light(rgb: NDArray[np.uint16]) -> NDArray[np.float32]:
    """Light in cd/m2."""
    return _pq_nits()[rgb]


def _hlg_light(rgb: NDArray[np.uint16]) -> NDArray[np.float32]:
    """Light in cd/m2 of the nominal display."""
    scene = _hlg_scene()[rgb]
    gain = HLG_PEAK_NITS * (scene @ BT2020_LUMA) ** np.float32(HLG_SYSTEM_GAMMA - 1)
    return np.asarray(scene * gain[..., None], np.float32)


def _roll_off(light: NDArray[np.float32], peak: float) -> NDArray[np.float32]:
    """What to multiply light (1: white) with: 1 up to the knee, then a hyperbola that brings `peak` to 1.

    The hyperbola continues the straight part without a bend, and keeps differences among highlights up to
    the peak, where the spline of BT.2390 runs flat.
    """
    if peak <= 1:
        return np.ones_like(light)
    shift = (_KNEE**2 - 2 * _KNEE * peak + peak) / (peak - 1)
    rise = -(_KNEE**2) * (peak - 1) / (_KNEE**2 - 2 * _KNEE + peak)
    scale = (shift + _KNEE) ** 2 / (shift - rise)
    above = np.maximum(light, np.float32(_KNEE))
    return np.asarray(
        np.float32(scale) * (above + np.float32(rise)) / ((above + np.float32(shift)) * above), np.float32
    )


def _inside(light: NDArray[np.float32]) -> NDArray[np.float32]:
    """Linear BT.709 with every value in 0..1: what lies outside moves toward gray of its own luminance."""
    gray = np.clip(light @ BT709_LUMA, 0, 1)
    low, high = gray - light.min(axis=2), light.max(axis=2) - gray
    keep = np.minimum(gray / np.maximum(low, _TINY), (1 - gray) / np.maximum(high, _TINY))
    keep = np.minimum(keep, np.float32(1))[..., None]
    return np.asarray(np.clip(light * keep + gray[..., None] * (1 - keep), 0, 1), np.float32)


def _encoded(light: NDArray[np.float32], codes: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.asarray(codes[(np.sqrt(light) * np.float32(_STEPS - 1) + np.float32(0.5)).astype(np.uint16)])


@cache
def bt709_matrix(primaries: str) -> NDArray[np.float32]:
    """(3, 3): linear red, green, blue of these primaries to BT.709; white stays white.

    Source: SMPTE RP 177 (from chromaticities), Bradford adaptation where the white differs.
    """
    to_xyz, white = _xyz_matrix(primaries)
    to_xyz_709, white_709 = _xyz_matrix("bt709")
    bradford = np.array([[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]])
    gains = np.diag((bradford @ white_709) / (bradford @ white))
    adapt = np.linalg.inv(bradford) @ gains @ bradford
    return np.asarray(np.linalg.inv(to_xyz_709) @ adapt @ to_xyz, np.float32)


def _xyz_matrix(primaries: str) -> tuple[NDArray[Any], NDArray[Any]]:
    *rgb, white = (np.array([x / y, 1, (1 - x - y) / y]) for x, y in _CHROMATICITIES[primaries])
    columns = np.stack(rgb, axis=1)
    return columns * np.linalg.solve(columns, white), white


@cache
def _pq_nits() -> NDArray[np.float32]:
    """PQ EOTF over all codes, in cd/m2 (ITU-R BT.2100-2, table 4)."""
    m1, m2, c1, c2, c3 = 2610 / 16384, 2523 / 32, 3424 / 4096, 2413 / 128, 2392 / 128
    root = np.linspace(0, 1, _STEPS) ** (1 / m2)
    return np.asarray(PQ_PEAK_NITS * (np.maximum(root - c1, 0) / (c2 - c3 * root)) ** (1 / m1), np.float32)


@cache
def _hlg_scene() -> NDArray[np.float32]:
    """HLG inverse OETF over all codes, 0..1 (ITU-R BT.2100-2, table 5)."""
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    coded = np.linspace(0, 1, _STEPS)
    return np.where(coded <= 0.5, coded**2 / 3, (np.exp((coded - c) / a) + b) / 12).astype(np.float32)


@cache
def _gamma_light() -> NDArray[np.float32]:
    return (np.linspace(0, 1, _STEPS) ** SDR_GAMMA).astype(np.float32)


@cache
def _gamma_codes() -> NDArray[np.uint8]:
    light = np.linspace(0, 1, _STEPS) ** 2
    return np.round(255 * light ** (1 / SDR_GAMMA)).astype(np.uint8)


@cache
def _srgb_codes() -> NDArray[np.uint8]:
    """Codes of sRGB over the square root of linear light in equal steps (IEC 61966-2-1)."""
    light = np.linspace(0, 1, _STEPS) ** 2
    coded = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    return np.round(255 * coded).astype(np.uint8)
