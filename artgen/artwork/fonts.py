"""Fonts for the contact sheet and for titles: one that has the letters, or a mark where none has."""

from functools import cache, lru_cache

from PIL import ImageFont

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont

WIDER = (
    "DejaVuSans.ttf",
    "NotoSans-Regular.ttf",
    "NotoSansCJK-Regular.ttc",
    "SourceHanSans-Regular.ttc",
    "DroidSansFallbackFull.ttf",
    "wqy-microhei.ttc",
    "arialuni.ttf",
    "Arial Unicode.ttf",
    "YuGothM.ttc",
    "msyh.ttc",
    "malgun.ttf",
)
"""Fonts that systems carry, by file name, those of most letters a still reader expects first."""
NOBODYS = "\U0010fffd"  # a private code point: what a font draws for it, it draws for all it has not
GAP = "…"


def drawable(text: str, size: int) -> tuple[str, Font]:
    """A text and a font that draws it.

    The default font is taken where it has all the letters, else the first of this machine's that has.
    Where none has them all, the letters that the default font has not become one GAP a run.
    """
    found = complete_font(text, size)
    if found is not None:
        return text, found
    default = _font("", size)
    assert default is not None
    kept = "".join(letter if _has("", letter) else GAP for letter in text)
    while GAP * 2 in kept:
        kept = kept.replace(GAP * 2, GAP)
    return kept, default


def complete_font(text: str, size: int) -> Font | None:
    """The first font that draws every letter of a text: the default one, then this machine's; None: none does."""
    for name in ("", *WIDER):
        font = _font(name, size)
        if font is not None and all(_has(name, letter) for letter in text):
            return font
    return None


def is_drawn(letter: str, font: Font) -> bool:
    """Whether a font draws a letter as itself; spaces need no drawing."""
    if letter.isspace() or letter == GAP or not isinstance(font, ImageFont.FreeTypeFont):
        return True
    drawn, nobodys = font.getmask(letter), font.getmask(NOBODYS)
    return bool(drawn.size != nobodys.size or bytes(drawn) != bytes(nobodys))


@lru_cache(maxsize=128)
def _font(name: str, size: int) -> Font | None:
    if not name:
        return ImageFont.load_default(size)
    try:
        return ImageFont.truetype(name, size)
    except OSError:  # not on this machine
        return None


@cache
def _has(name: str, letter: str) -> bool:
    font = _font(name, 20)
    return font is None or is_drawn(letter, font)
