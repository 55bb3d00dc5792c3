"""Titles in letters and logos: what cannot be set is refused in a sentence, what can is set as a designer would."""

import io
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageFont

from artgen.artwork.lettering import breaks, draw_lines
from artgen.artwork.treatment import BLACK, MOST_FONT_BYTES, WHITE, Treatment, read_treatment
from artgen.errors import InputError, UsageError


def title(text: str, font: Path | None = None) -> Treatment:
    made = read_treatment(logo=None, text=text, font=font)
    assert made is not None
    return made


def logo(path: Path, pixels: np.ndarray) -> Treatment:
    Image.fromarray(pixels.astype(np.uint8)).save(path)
    made = read_treatment(logo=path, text=None, font=None)
    assert made is not None
    return made


def disc(color: tuple[int, int, int], *, size: tuple[int, int] = (300, 120)) -> np.ndarray:
    """A filled ellipse of one color on a transparent ground, with a margin around."""
    wide, high = size
    y, x = np.mgrid[:high, :wide]
    inside = ((x - wide / 2) / (0.4 * wide)) ** 2 + ((y - high / 2) / (0.4 * high)) ** 2 <= 1
    return np.dstack([np.broadcast_to(np.array(color), (high, wide, 3)), inside * 255])


@pytest.fixture
def font_file(tmp_path: Path) -> Path:
    """A font of a file, with Latin letters alone."""
    default = ImageFont.load_default(20)
    assert isinstance(default, ImageFont.FreeTypeFont)
    (tmp_path / "own.ttf").write_bytes(default.font_bytes)
    return tmp_path / "own.ttf"


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("HAMILTON", [("HAMILTON",)]),
        ("TEARS OF STEEL", [("TEARS OF STEEL",), ("TEARS", "OF STEEL")]),  # never a line "OF"
        ("BIG BUCK BUNNY", [("BIG BUCK BUNNY",), ("BIG BUCK", "BUNNY")]),
        ("UP", [("UP",)]),
        ("The Lord\nof the Rings", [("The Lord", "of the Rings")]),  # as it was given
    ],
)
def test_lines_break_for_balance_and_sense(text: str, lines: list[tuple[str, ...]]) -> None:
    assert list(breaks(text)) == lines


def test_no_line_of_a_long_title_ends_in_a_small_word() -> None:
    for lines in breaks("The Assassination of Jesse James by the Coward Robert Ford"):
        assert not any(line.split()[-1] in {"the", "of", "by"} for line in lines[:-1])


def test_a_title_breaks_after_its_colon() -> None:
    assert ("STAR TREK:", "FIRST CONTACT") in list(breaks("STAR TREK: FIRST CONTACT"))


def test_capitals_are_spaced_and_small_letters_are_not() -> None:
    em = 100

    def wide(text: str) -> int:
        return draw_lines((text,), em=em, align="left", font=None)[0].shape[1]

    font = ImageFont.load_default(em)
    assert wide("HAMILTON") == pytest.approx(font.getlength("HAMILTON") + 7 * 0.06 * em, abs=20)
    assert wide("Hamilton") == pytest.approx(font.getlength("Hamilton"), abs=20)


def test_lines_are_flush_to_their_side() -> None:
    left = draw_lines(("LONG LINE", "I"), em=60, align="left", font=None)[0]
    right = draw_lines(("LONG LINE", "I"), em=60, align="right", font=None)[0]
    center = draw_lines(("LONG LINE", "I"), em=60, align="center", font=None)[0]
    short = [np.flatnonzero(ink[-10:].any(axis=0)).mean() / ink.shape[1] for ink in (left, center, right)]

    assert short[0] < 0.05
    assert short[1] == pytest.approx(0.5, abs=0.03)
    assert short[2] > 0.95


@pytest.mark.parametrize("wide", [60, 133, 400, 1200])
def test_a_title_is_drawn_at_the_width_asked_for_and_never_wider(wide: int) -> None:
    made = title("TEARS OF STEEL")
    for layout in made.layouts():
        mark = made.draw(layout, wide, "center")

        assert wide * 0.93 - 6 <= mark.alpha.shape[1] <= wide
        assert mark.alpha.shape[1] / mark.alpha.shape[0] == pytest.approx(layout.ratio, rel=0.15)
        assert mark.alpha[[0, -1]].any(axis=1).all(), "cut to the ink"


def test_a_font_of_ones_own_is_used(font_file: Path) -> None:
    assert title("Own", font_file).font == font_file.read_bytes()
    assert title("Own", font_file).draw(title("Own").layouts()[0], 200, "left").alpha.any()


def test_a_font_without_the_letters_is_refused_with_their_names(font_file: Path) -> None:
    with pytest.raises(UsageError, match=r"The font Aileron Regular has no П л д; choose a font"):
        title("Плд", font_file)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("  \n ", "no letters"),
        ("a" * 121, "121 letters"),
        ("a\nb\nc\nd", "in 4 lines"),
        ("Bell\x07", "no letter"),
    ],
)
def test_a_text_that_cannot_be_set_is_refused(text: str, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        title(text)


def test_what_does_not_go_together_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="either"):
        read_treatment(logo=tmp_path / "a.png", text="A", font=None)
    with pytest.raises(UsageError, match="--title-text"):
        read_treatment(logo=None, text=None, font=tmp_path / "a.ttf")
    assert read_treatment(logo=None, text=None, font=None) is None


@pytest.mark.parametrize("content", [b"", b"no font", b"\x00\x01\x00\x00" + bytes(200)])
def test_a_font_file_that_is_none_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.ttf").write_bytes(content)

    with pytest.raises(InputError, match=r"a\.ttf is not a font"):
        title("A", tmp_path / "a.ttf")


def test_a_font_file_that_is_missing_or_huge_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is no file"):
        title("A", tmp_path / "gone.ttf")
    with (tmp_path / "huge.ttf").open("wb") as file:
        file.truncate(MOST_FONT_BYTES + 1)
    with pytest.raises(InputError, match="no font file"):
        title("A", tmp_path / "huge.ttf")


def test_a_logo_is_cut_to_what_can_be_seen_and_keeps_its_proportions(tmp_path: Path) -> None:
    made = logo(tmp_path / "a.png", disc((200, 30, 30)))
    (layout,) = made.layouts()

    mark = made.draw(layout, 100, "center")

    assert made.logo is not None
    assert made.logo.shape[:2] == pytest.approx((97, 241), abs=2)
    assert mark.alpha.shape[1] / mark.alpha.shape[0] == pytest.approx(layout.ratio, rel=0.02)


def test_the_edge_of_a_logo_keeps_its_own_color_when_it_is_made_smaller(tmp_path: Path) -> None:
    red_on_green = disc((220, 0, 0))
    red_on_green[red_on_green[:, :, 3] == 0] = (0, 255, 0, 0)  # what is transparent has a color too
    made = logo(tmp_path / "a.png", red_on_green)
    mark = made.draw(made.layouts()[0], 40, "center")

    assert mark.colors is not None
    seen = mark.colors[mark.alpha > 20].astype(int)
    assert seen[:, 1].max() <= 8, "no green comes in"
    assert seen[:, 0].min() >= 200


@pytest.mark.parametrize(
    ("color", "versions"),
    [
        ((255, 255, 255), (WHITE, BLACK)),
        ((20, 20, 20), (BLACK, WHITE)),
        ((200, 30, 30), (None,)),  # a colored logo is nobody's to recolor
    ],
)
def test_a_logo_of_one_gray_has_a_light_and_a_dark_version(
    tmp_path: Path, color: tuple[int, int, int], versions: tuple[str | None, ...]
) -> None:
    assert logo(tmp_path / "a.png", disc(color)).versions() == versions


def bomb(tmp_path: Path) -> bytes:
    """A small PNG that claims 60,000 x 60,000 pixels."""
    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 6, 0, 0, 0)

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(bytes(100)))
        + chunk(b"IEND", b"")
    )


def png(pixels: np.ndarray, kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.fromarray(pixels.astype(np.uint8)).save(out, kind)
    return out.getvalue()


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (bomb, "pixels"),
        (lambda _: b"", "damaged or not a picture"),
        (lambda _: png(disc((9, 9, 9)))[:200], "damaged or not a picture"),
        (lambda _: png(np.zeros((50, 50, 3)), "JPEG"), "damaged or not a picture"),
        (lambda _: png(np.zeros((50, 50, 4))), "transparent all over"),
        (lambda _: png(np.full((50, 50, 3), 9)), "no transparent ground"),
        (lambda _: png(disc((9, 9, 9), size=(20, 12))), "give it larger"),
    ],
)
def test_a_hostile_or_useless_logo_is_refused(tmp_path: Path, make: "object", says: str) -> None:
    (tmp_path / "logo.png").write_bytes(make(tmp_path))  # type: ignore[operator]

    with pytest.raises(InputError, match=says):
        read_treatment(logo=tmp_path / "logo.png", text=None, font=None)


def test_equal_treatments_have_equal_settings_and_others_do_not(tmp_path: Path) -> None:
    assert title("A  B").settings() == title("A B").settings() != title("A C").settings()
    one = logo(tmp_path / "a.png", disc((1, 1, 1))).settings()
    assert one != logo(tmp_path / "b.png", disc((1, 1, 2))).settings()
