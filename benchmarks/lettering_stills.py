"""Stills of known lettering: titles, subtitles, credits, logos, lower thirds and signs, drawn on real frames."""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

Picture = NDArray[np.uint8]
Box = tuple[float, float, float, float]
Color = tuple[int, int, int, int]

LEAST_CONTRAST = 60  # levels of luma between letters without outline or plate and what is behind them
LEAST_PX = 11  # font size: smaller letters are not read, whatever the still
FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "/Library/Fonts", "C:/Windows/Fonts")
FONTS = (
    "DejaVuSans.ttf", "DejaVuSans-Bold.ttf", "DejaVuSansCondensed.ttf", "DejaVuSerif.ttf", "DejaVuSerif-BoldItalic.ttf",
    "LiberationSans-Regular.ttf", "LiberationSans-Bold.ttf", "LiberationSerif-Regular.ttf", "LiberationSansNarrow-Bold.ttf",
    "Lato-Light.ttf", "Lato-Black.ttf", "EBGaramond12-Regular.otf", "NotoSans-Regular.ttf", "arial.ttf", "georgia.ttf",
)  # fmt: skip
CJK_FONTS = ("NotoSansCJK-Regular.ttc", "NotoSansCJK-Bold.ttc", "NotoSerifCJK-Regular.ttc", "msyh.ttc")
LATIN = (
    "Where is she now?", "I never said that to you.", "You have to go, before it is too late.", "Yes.", "Wait!",
    "¿Por qué no me lo dijiste?", "Je ne sais plus quoi faire.", "Das hätte niemand gedacht.", "We were only children then.",
)  # fmt: skip
CYRILLIC = ("Где она сейчас?", "Я тебе этого не говорил.", "Пора идти, пока не поздно.", "Что случилось?")
GREEK = ("Πού είναι τώρα;", "Δεν σου το είπα ποτέ.")  # noqa: RUF001 (Greek it is)
CJK = (
    "她现在在哪里",
    "我从来没有对你说过。",
    "彼女は今どこにいるの",
    "もう遅いんだ。",
    "그녀는 지금 어디 있어?",
)
TITLES = (
    "THE LONG WINTER",
    "Harbor Lights",
    "NIGHT TRAIN",
    "A Summer in Rome",
    "NOVA",
    "The Last Witness",
    "ПОСЛЕДНИЙ ДЕНЬ",
)
CJK_TITLES = ("长夜", "最后的列车", "夏の終わり")
NAMES = (
    "Anna Smith", "Peter Jones", "Maria Garcia", "Tom Hardwick", "Halina Rein", "Luis Ortega", "Jane Doe", "Ahmed Khan",
    "Li Wei", "Ivan Petrov", "Eva Lind", "Noor Aziz", "Paul Moreau", "Kenji Ito",
)  # fmt: skip
ROLES = (
    "Director",
    "Producer",
    "Camera",
    "Music",
    "Casting",
    "Editor",
    "Sound",
    "Costumes",
    "Script",
    "Stunts",
    "Art",
)
LOGOS = ("WH.GOV", "FILM4", "ARTE", "News 24", "CINE+", "LIVE", "Kanal 5", "MOVIES HD", "TV8")
SIGNS = ("HOTEL", "Bakery", "POLICE", "OPEN", "TAXI", "Main Street", "EXIT", "Café", "BANK", "Station")
KINDS = ("title", "subtitle", "credits", "logo", "lower third", "sign")
WHITE, YELLOW, BLACK = (255, 255, 255), (255, 225, 60), (0, 0, 0)


@dataclass(frozen=True, slots=True, eq=False)
class Lettered:
    """A picture, what kind of lettering was drawn on it, and the boxes of its lines."""

    picture: Picture
    kind: str
    boxes: tuple[Box, ...]


def letter(frame: Picture, kind: str, *, seed: int, fonts: Sequence[Path]) -> Lettered:
    """Draw lettering of a kind on a frame, (height, width, 3), and compress it as a still is."""
    pen = _Pen(frame, np.random.default_rng((seed, KINDS.index(kind))), fonts)
    draw: dict[str, Callable[[_Pen], None]] = {
        "title": _title, "subtitle": _subtitle, "credits": _credits,
        "logo": _logo, "lower third": _lower_third, "sign": _sign,
    }  # fmt: skip
    draw[kind](pen)
    return Lettered(compressed(pen.picture()), kind, tuple(pen.boxes))


def find_fonts(folders: Sequence[Path] = ()) -> list[Path]:
    """The font files of FONTS and CJK_FONTS that this machine, or a folder, has, each name once."""
    found: dict[str, Path] = {}
    for folder in (*folders, *map(Path, FONT_FOLDERS)):
        for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
            if path.name in (*FONTS, *CJK_FONTS):
                found.setdefault(path.name, path)
    return [found[name] for name in sorted(found)]


def compressed(picture: Picture) -> Picture:
    """The picture through JPEG at 90, as extract keeps stills."""
    held = io.BytesIO()
    Image.fromarray(picture).save(held, "JPEG", quality=90)
    return np.asarray(Image.open(held).convert("RGB"))


@cache
def _font(path: Path, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(path), size)


class _Pen:
    """Draws on a frame and remembers the boxes; lengths are parts of the frame's height."""

    def __init__(self, frame: Picture, random: np.random.Generator, fonts: Sequence[Path]) -> None:
        self.random = random
        self.height, self.width = frame.shape[:2]
        self.image = Image.fromarray(frame).convert("RGBA")
        self.boxes: list[Box] = []
        self._latin = [path for path in fonts if path.name in FONTS]
        self._cjk = [path for path in fonts if path.name in CJK_FONTS]

    def picture(self) -> Picture:
        """The frame with all that was drawn."""
        return np.asarray(self.image.convert("RGB"))

    def one(self, choices: Sequence[str]) -> str:
        """One of some texts."""
        return choices[int(self.random.integers(len(choices)))]

    def part(self, low: float, high: float) -> float:
        """A number between, small ones as likely as large ones in proportion."""
        return float(np.exp(self.random.uniform(np.log(low), np.log(high))))

    def often(self, share: float) -> bool:
        """True in a share of the cases."""
        return bool(self.random.random() < share)

    def words(self, *, cjk: Sequence[str], others: Sequence[Sequence[str]]) -> str:
        """A text of one of some languages; Chinese, Japanese and Korean only where a font has them."""
        pool = [*others, *([cjk] if self._cjk and cjk else [])]
        return self.one(pool[int(self.random.integers(len(pool)))])

    def font(self, text: str, size: float) -> ImageFont.FreeTypeFont:
        """A font that has a text's letters, of a size."""
        pool = self._cjk if any(ord(sign) > 0x2E80 for sign in text) else self._latin
        if not text.isascii() and pool is self._latin:
            pool = [path for path in pool if path.name.startswith(("DejaVu", "NotoSans"))] or pool
        return _font(pool[int(self.random.integers(len(pool)))], max(LEAST_PX, round(size * self.height)))

    def _readable(
        self, color: tuple[int, int, int], opacity: float, box: tuple[float, float, float, float]
    ) -> tuple[int, int, int]:
        """The color, or black or white where it would not be read on what is behind it."""
        behind = float(np.asarray(self.image.convert("L").crop(tuple(map(round, box)))).mean())
        for tried in (color, WHITE, BLACK):
            light = float(np.dot(tried, (0.299, 0.587, 0.114)))
            if opacity * abs(light - behind) >= LEAST_CONTRAST:
                return tried
        return WHITE if behind < 128 else BLACK

    def write(
        self,
        text: str,
        font: ImageFont.FreeTypeFont,
        *,
        at: tuple[float, float],
        anchor: str = "mm",
        color: tuple[int, int, int] = WHITE,
        opacity: float = 1.0,
        outline: float = 0.0,
        shadow: float = 0.0,
        plate: float = 0.0,
    ) -> None:
        """Write a line; outline, shadow and plate (its darkness behind the line) as styles have them."""
        layer = Image.new("RGBA", self.image.size)
        pen = ImageDraw.Draw(layer)
        box = pen.textbbox(at, text, font=font, anchor=anchor)
        pad = 0.25 * font.size
        if not (plate or outline):
            color = self._readable(color, opacity, box)
        if plate:
            pen.rectangle(
                (box[0] - pad, box[1] - pad, box[2] + pad, box[3] + pad), fill=(0, 0, 0, round(255 * plate))
            )
        if shadow:
            off = max(1, round(0.06 * font.size))
            pen.text(
                (at[0] + off, at[1] + off),
                text,
                font=font,
                anchor=anchor,
                fill=(0, 0, 0, round(255 * shadow)),
            )
        pen.text(
            at, text, font=font, anchor=anchor, fill=(*color, round(255 * opacity)),
            stroke_width=round(outline * font.size), stroke_fill=(*BLACK, round(255 * opacity)),
        )  # fmt: skip
        self.image = Image.alpha_composite(self.image, layer)
        x1, y1, x2, y2 = (float(edge) for edge in box)
        self.boxes.append(
            (max(0.0, x1), max(0.0, y1), min(float(self.width), x2), min(float(self.height), y2))
        )


def _title(pen: _Pen) -> None:
    text = pen.words(cjk=CJK_TITLES, others=(TITLES, TITLES))
    if pen.often(0.4):
        text = " ".join(text).replace("   ", "    ")
    font = pen.font(text, pen.part(0.06, 0.2))
    while font.getlength(text) > 0.92 * pen.width:
        font = _font(Path(str(font.path)), round(0.85 * font.size))
    at = (pen.width / 2, pen.height * pen.random.uniform(0.25, 0.75))
    color = (WHITE, WHITE, YELLOW, (190, 30, 30), BLACK)[int(pen.random.integers(5))]
    pen.write(text, font, at=at, color=color, opacity=pen.random.uniform(0.8, 1), shadow=0.5 * pen.often(0.5))


def _subtitle(pen: _Pen) -> None:
    lines = [pen.words(cjk=CJK, others=(LATIN, LATIN, CYRILLIC, GREEK))]
    if pen.often(0.4):
        lines.append(pen.one(CJK if ord(lines[0][0]) > 0x2E80 else LATIN))
    font = pen.font("".join(lines), pen.part(0.036, 0.075))
    while max(map(font.getlength, lines)) > 0.95 * pen.width:
        font = _font(Path(str(font.path)), round(0.85 * font.size))
    style = pen.one(("outline", "outline", "shadow", "plate", "plain"))
    color = YELLOW if pen.often(0.25) else WHITE
    foot = pen.height * pen.random.uniform(0.9, 0.97) - 1.3 * font.size * (len(lines) - 1)
    for number, line in enumerate(lines):
        pen.write(
            line, font, at=(pen.width / 2, foot + 1.3 * font.size * number), anchor="md", color=color,
            outline=0.07 * (style == "outline"), shadow=0.9 * (style == "shadow"), plate=0.6 * (style == "plate"),
        )  # fmt: skip


def _credits(pen: _Pen) -> None:
    dark = Image.new("RGBA", pen.image.size, (0, 0, 0, 255 if pen.often(0.6) else 150))
    pen.image = Image.alpha_composite(pen.image, dark)
    font = pen.font("Anna", pen.part(0.026, 0.05))
    rows = int(pen.random.integers(4, max(5, min(14, int(0.85 * pen.height / (1.6 * font.size))))))
    top = (pen.height - 1.6 * font.size * rows) / 2 + 0.8 * font.size
    columns = pen.often(0.5)
    for row in range(rows):
        y, name = top + 1.6 * font.size * row, pen.one(NAMES)
        if columns:
            pen.write(pen.one(ROLES), font, at=(0.47 * pen.width, y), anchor="rm", color=(190, 190, 190))
            pen.write(name, font, at=(0.53 * pen.width, y), anchor="lm")
        else:
            pen.write(name, font, at=(pen.width / 2, y))


def _logo(pen: _Pen) -> None:
    text = pen.one(LOGOS)
    font = pen.font(text, pen.part(0.035, 0.07))
    left, top = pen.often(0.5), pen.often(0.75)
    at = (pen.width * (0.05 if left else 0.95), pen.height * (0.08 if top else 0.92))
    pen.write(
        text, font, at=at, anchor="lm" if left else "rm",
        opacity=pen.random.uniform(0.6, 1), shadow=0.6 * pen.often(0.5), plate=0.5 * pen.often(0.3),
    )  # fmt: skip


def _lower_third(pen: _Pen) -> None:
    name = pen.one(NAMES)
    font = pen.font(name, pen.part(0.04, 0.065))
    small = _font(Path(str(font.path)), max(LEAST_PX, round(0.65 * font.size)))
    at = (0.08 * pen.width, pen.height * pen.random.uniform(0.72, 0.82))
    plate = 0.7 * pen.often(0.6)
    pen.write(name, font, at=at, anchor="lm", plate=plate, shadow=0.5)
    pen.write(
        f"{pen.one(ROLES)}, Harbor Lights",
        small,
        at=(at[0], at[1] + 1.5 * font.size),
        anchor="lm",
        plate=plate,
        shadow=0.5,
    )


def _sign(pen: _Pen) -> None:
    """A painted board in the scene: turned, in perspective, a little soft, lit like the rest."""
    text = pen.one(SIGNS)
    font = pen.font(text, pen.part(0.06, 0.13))
    wide, high = round(font.getlength(text) + font.size), round(1.7 * font.size)
    ground = pen.random.integers(20, 120, 3)
    board = Image.new("RGB", (wide, high), tuple(int(level) for level in ground))
    ImageDraw.Draw(board).text((wide / 2, high / 2), text, font=font, anchor="mm", fill=(225, 215, 190))
    x = float(pen.random.uniform(0.05, 0.9)) * max(1, pen.width - wide)
    y = float(pen.random.uniform(0.1, 0.6)) * max(1, pen.height - high)
    turn = np.deg2rad(pen.random.uniform(-10, 10))
    far = float(pen.random.uniform(0.65, 1))
    middle = np.array([x + wide / 2, y + high / 2])
    corners = np.array([(-wide, -high), (wide, -high * far), (wide, high * far), (-wide, high)]) / 2
    cos, sin = np.cos(turn), np.sin(turn)
    placed = (corners @ np.array([(cos, sin), (-sin, cos)]) + middle).astype(np.float32)
    source = np.array([(0, 0), (wide, 0), (wide, high), (0, high)], np.float32)
    move = cv2.getPerspectiveTransform(source, placed)
    frame = pen.picture()
    size = (pen.width, pen.height)
    laid = cv2.warpPerspective(np.asarray(board), move, size)
    mask = cv2.warpPerspective(np.full((high, wide), 255, np.uint8), move, size)[..., None] / 255
    light = 0.5 + float(frame.mean()) / 255
    soft = cv2.GaussianBlur(np.clip(laid * light, 0, 255), (0, 0), 0.8)
    pen.image = Image.fromarray((frame * (1 - mask) + soft * mask).astype(np.uint8)).convert("RGBA")
    inside = np.array([(0.5 * font.size, 0.35 * high), (wide - 0.5 * font.size, 0.65 * high)], np.float32)
    (x1, y1), (x2, y2) = cv2.perspectiveTransform(inside[None], move)[0].tolist()
    pen.boxes.append(
        (max(0, min(x1, x2)), max(0, min(y1, y2)), min(pen.width, max(x1, x2)), min(pen.height, max(y1, y2)))
    )
