"""Colors come back as they were: known patches through each matrix, range and depth, tagged or not."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from artgen.errors import InputError
from artgen.video import probe, read_pictures
from artgen.video.color import is_dolby_vision_only

# Red, green and blue of luma (ITU-R BT.601-7, BT.709-6, BT.2020-2), the blue and red coefficient.
LUMA = {"bt709": (0.2126, 0.0722), "smpte170m": (0.299, 0.114), "bt2020nc": (0.2627, 0.0593)}
PATCHES = np.array(
    [
        [(255, 255, 255), (0, 0, 0), (128, 128, 128), (255, 0, 0)],
        [(0, 255, 0), (0, 0, 255), (255, 255, 0), (0, 255, 255)],
        [(255, 0, 255), (200, 120, 60), (60, 120, 200), (230, 180, 160)],
    ]
)
TO_BT2020 = np.array(  # linear BT.709 to BT.2020 (ITU-R BT.2087-0, annex 2)
    [[0.6274, 0.3293, 0.0433], [0.0691, 0.9195, 0.0114], [0.0164, 0.0880, 0.8956]]
)


def planes_of(rgb: NDArray[np.float64], matrix: str, *, full: bool, depth: int) -> list[NDArray[np.uint16]]:
    """Luma and chroma of nonlinear RGB in 0..1, each value as a patch of 32x32, by the standard's formulas."""
    red_luma, blue_luma = LUMA[matrix]
    rgb = rgb.repeat(32, axis=0).repeat(32, axis=1)
    luma = rgb @ (red_luma, 1 - red_luma - blue_luma, blue_luma)
    blue = (rgb[..., 2] - luma) / (2 - 2 * blue_luma)
    red = (rgb[..., 0] - luma) / (2 - 2 * red_luma)
    step, zero, top = 1 << (depth - 8), 1 << (depth - 1), (1 << depth) - 1
    if full:
        planes = [luma * top, blue * top + zero, red * top + zero]
    else:
        planes = [(luma * 219 + 16) * step, blue * 224 * step + zero, red * 224 * step + zero]
    return [np.rint(plane).clip(0, top).astype(np.uint16) for plane in planes]


def patches_of(film: Path) -> NDArray[np.int64]:
    """The middles of the patches as read."""
    info = probe(film)
    picture = next(read_pictures(info, [info.start_pts], on_damage=pytest.fail)).rgb
    return picture[16::32, 16::32].astype(np.int64)


@pytest.mark.parametrize("depth", [8, 10])
@pytest.mark.parametrize("full", [False, True], ids=["limited", "full"])
@pytest.mark.parametrize("matrix", ["bt709", "smpte170m"])
def test_patches_come_back(matrix: str, full: bool, depth: int, make_yuv_film) -> None:
    planes = planes_of(PATCHES / 255, matrix, full=full, depth=depth)
    tags = f"colormatrix={matrix}:fullrange={'on' if full else 'off'}"

    film = make_yuv_film(f"{matrix}-{full}-{depth}.mp4", planes, tags=tags, depth=depth)

    color = probe(film).color
    assert (color.matrix, color.range, color.bit_depth) == (matrix, "full" if full else "limited", depth)
    assert not {"matrix", "range"} & {*color.assumed}
    assert np.abs(patches_of(film) - PATCHES).max() <= 1  # one level: samples and pictures are both rounded


@pytest.mark.parametrize(("size", "matrix"), [("720x576", "smpte170m"), ("1280x720", "bt709")])
def test_untagged_film_is_read_as_players_read_its_size(size: str, matrix: str, make_film) -> None:
    film = make_film(
        f"untagged{size}.mp4", "-c:v libx264", source=f"-f lavfi -i color=red:size={size}:duration=0.1"
    )

    color = probe(film).color

    assert (color.matrix, color.primaries, color.range) == (matrix, "bt709", "limited")
    assert color.assumed == ("matrix", "primaries", "transfer", "range")
    assert color.tone_mapping is None


def test_untagged_patches_come_back_by_the_assumed_matrix(make_yuv_film) -> None:
    planes = planes_of(PATCHES / 255, "smpte170m", full=False, depth=8)

    assert np.abs(patches_of(make_yuv_film("untagged.mp4", planes, tags="")) - PATCHES).max() <= 1


def test_wide_primaries_of_sdr_film_are_brought_to_srgb(make_yuv_film) -> None:
    wide = ((PATCHES / 255) ** 2.4 @ TO_BT2020.T) ** (1 / 2.4)
    planes = planes_of(wide, "bt2020nc", full=False, depth=10)
    tags = "colormatrix=bt2020nc:colorprim=bt2020:transfer=bt2020-10:fullrange=off"

    film = make_yuv_film("bt2020.mp4", planes, tags=tags, depth=10)

    assert probe(film).color.primaries == "bt2020"
    apart = np.abs(patches_of(film) - PATCHES)
    assert apart[PATCHES > 0].max() <= 2
    # Eleven levels above black are a thousandth of the light: rounding of samples and of the standard's digits.
    assert apart[PATCHES == 0].max() <= 12


def test_chroma_lies_where_the_film_says(make_yuv_film) -> None:
    luma = np.full((96, 128), 128, np.uint16)
    slope = np.tile(100 + np.arange(64, dtype=np.uint16), (48, 1))
    neutral = np.full((48, 64), 128, np.uint16)

    def blue(name: str, location: int) -> NDArray[np.float64]:
        tags = f"colormatrix=bt709:chromaloc={location}"
        film = make_yuv_film(name, [luma, slope, neutral], tags=tags)
        info = probe(film)
        picture = next(read_pictures(info, [0], on_damage=pytest.fail)).rgb
        return picture[48, 20:60, 2].astype(float)

    beside, between = blue("left.mp4", 0), blue("center.mp4", 1)

    # Half a sample of luma further to the right, at about one level of blue a sample.
    assert (beside - between).mean() == pytest.approx(0.5 * 0.5 * 1.8556 * 255 / 224, abs=0.15)


def test_rgb_film_is_shown_as_it_is(make_bytes, make_film) -> None:
    source = "-f lavfi -i testsrc=size=64x48:duration=0.1"
    film = make_film("rgb.mkv", "-c:v libx264rgb -qp 0", source=source)

    picture = next(read_pictures(probe(film), [0], on_damage=pytest.fail)).rgb

    shown = make_bytes(f"{source} -frames:v 1 -pix_fmt rgb24 -f rawvideo -")
    np.testing.assert_array_equal(picture, np.frombuffer(shown, np.uint8).reshape(48, 64, 3))


def test_a_matrix_that_cannot_be_shown_is_refused(make_yuv_film) -> None:
    planes = planes_of(PATCHES / 255, "bt709", full=False, depth=8)

    film = make_yuv_film("ycgco.mp4", planes, tags="colormatrix=YCgCo")

    with pytest.raises(InputError, match="has ycgco colors, which artgen cannot show; convert it"):
        probe(film)


@pytest.mark.parametrize(
    ("vdr_rpu_profile", "full_range", "alone"), [(0, 1, True), (1, 0, False), (0, 0, False)]
)
def test_dolby_vision_without_a_base_picture_is_known(vdr_rpu_profile, full_range, alone) -> None:
    header = bytes([2, 0, 0, 0, vdr_rpu_profile, 0, 0, 0, 23, 1, full_range, 0])
    metadata = (48).to_bytes(8, "little") + bytes(40) + header

    assert is_dolby_vision_only(metadata) is alone


@pytest.mark.parametrize("metadata", [b"", bytes(7), (1 << 60).to_bytes(8, "little") + bytes(40)])
def test_broken_dolby_vision_metadata_says_nothing(metadata: bytes) -> None:
    assert not is_dolby_vision_only(metadata)
