"""Title cards, credits and black frames drawn by script: the pictures no one wants as artwork.

Any words in any font, on black, on a color or over a photograph. What they say has no meaning; that
there is lettering is all a model shall learn from them.
"""

import random
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

SIDE = 320  # drawn larger than a model sees them, then shrunk as film lettering is
ROLES = ("directed by", "produced by", "music by", "starring", "edited by", "written by", "a film by", "costumes",
         "camera", "sound", "executive producer", "casting", "art director", "with", "and", "story")  # fmt: skip
Picture = NDArray[np.uint8]


def draw_card(
    kind: str, *, backdrop: Picture, words: list[str], fonts: list[Path], rng: random.Random
) -> Picture:
    """Draw one card.

    Args:
        kind: "title card", "credits", "text over picture" or "black frame".
        backdrop: (height, width, 3) uint8 photograph for text over a picture.
        words: words to write with.
        fonts: TrueType or OpenType files.
        rng: where chance comes from.

    Returns:
        (SIDE, SIDE, 3) uint8: a wide frame squashed to the square, as the model sees film.
    """
    width = rng.randint(int(SIDE * 1.3), int(SIDE * 2.4))
    canvas = _ground(kind, backdrop=backdrop, width=width, rng=rng)
    if kind == "credits":
        _write_credits(canvas, words=words, fonts=fonts, rng=rng)
    elif kind != "black frame":
        _write_title(canvas, words=words, fonts=fonts, rng=rng)
    return np.asarray(canvas.resize((SIDE, SIDE), Image.Resampling.BOX))


def _ground(kind: str, *, backdrop: Picture, width: int, rng: random.Random) -> Image.Image:
    if kind == "text over picture" or (kind == "credits" and rng.random() < 0.15):
        return Image.fromarray(backdrop).resize((width, SIDE), Image.Resampling.BILINEAR)
    if kind == "black frame" or rng.random() < 0.6:
        level = rng.randint(0, 14)
        return Image.new("RGB", (width, SIDE), (level, level, level + rng.randint(0, 4)))
    top, bottom = ([rng.randint(0, 150) for _ in range(3)] for _ in range(2))
    ramp = np.linspace(0, 1, SIDE)[:, None, None]
    colors = (1 - ramp) * np.array(top) + ramp * np.array(bottom)
    return Image.fromarray(np.broadcast_to(colors, (SIDE, width, 3)).astype(np.uint8))


def _font(fonts: list[Path], size: int, rng: random.Random) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(rng.choice(fonts)), size)


def _ink(rng: random.Random) -> tuple[int, int, int]:
    if rng.random() < 0.6:
        return (rng.randint(220, 255),) * 3
    return (rng.randint(120, 255), rng.randint(60, 255), rng.randint(0, 255))


def _phrase(words: list[str], count: int, rng: random.Random) -> str:
    text = " ".join(rng.choices(words, k=count))
    return rng.choice((text.upper(), text.title(), text, text.upper()))


def _write_title(canvas: Image.Image, *, words: list[str], fonts: list[Path], rng: random.Random) -> None:
    draw, ink = ImageDraw.Draw(canvas), _ink(rng)
    font = _font(fonts, rng.randint(22, 84), rng)
    lines = [_phrase(words, rng.randint(1, 3), rng) for _ in range(rng.choice((1, 1, 2, 3)))]
    if rng.random() < 0.3:
        lines.insert(0, rng.choice(ROLES))
    x = canvas.width * rng.choice((0.5, 0.5, 0.5, rng.uniform(0.3, 0.7)))
    y = SIDE * rng.choice((0.5, 0.5, rng.uniform(0.25, 0.85)))
    draw.multiline_text((x, y), "\n".join(lines), font=font, fill=ink, anchor="mm", align="center")


def _write_credits(canvas: Image.Image, *, words: list[str], fonts: list[Path], rng: random.Random) -> None:
    draw, ink = ImageDraw.Draw(canvas), _ink(rng)
    size = rng.randint(9, 26)
    font = _font(fonts, size, rng)
    middle, gap = canvas.width * rng.uniform(0.35, 0.6), size * rng.uniform(0.3, 1.2)
    columns = rng.random() < 0.6
    y = rng.uniform(-size, SIDE * 0.2)
    while y < SIDE * rng.uniform(0.7, 1.05):
        name = _phrase(words, 2, rng)
        if rng.random() < 0.12:
            y += size
        elif columns:
            draw.text((middle - gap, y), rng.choice(ROLES).title(), font=font, fill=ink, anchor="ra")
            draw.text((middle + gap, y), name, font=font, fill=ink, anchor="la")
        else:
            draw.text((canvas.width / 2, y), name, font=font, fill=ink, anchor="ma")
        y += size * rng.uniform(1.2, 1.35)
