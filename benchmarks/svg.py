"""Just enough SVG for a plot that reads well on light and on dark pages, without a plotting library."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from html import escape

LIGHT = {
    "page": "#ffffff",
    "ink": "#1f2328",
    "quiet": "#656d76",
    "line": "#d8dee4",
    "ours": "#0a7d4f",
    "theirs": "#8250a8",
}
DARK = {
    "page": "#14181e",
    "ink": "#e6edf3",
    "quiet": "#9198a1",
    "line": "#30363d",
    "ours": "#3fc98b",
    "theirs": "#c297f0",
}
CHARACTER = 7.8  # pixels, about, of the text above where it is bold
LINE_HEIGHT = 16.0


def _style(colors: dict[str, str]) -> str:
    """The rules for one set of colors, written out: not every program that shows SVG knows variables."""
    return f"""text {{ fill: {colors["ink"]}; stroke: {colors["page"]} }} .page {{ fill: {colors["page"]} }} text.quiet {{ fill: {colors["quiet"]} }}
.grid {{ stroke: {colors["line"]} }} .floor {{ stroke: {colors["quiet"]} }}
.ours {{ fill: {colors["ours"]} }} text.ours {{ fill: {colors["ours"]} }} .theirs {{ fill: {colors["theirs"]} }}
path.ours {{ fill: none; stroke: {colors["ours"]} }} path.theirs {{ fill: none; stroke: {colors["theirs"]} }}"""


STYLE = f"""
text {{ font-family: system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif; font-size: 13px;
  paint-order: stroke; stroke-width: 3px }}
text.title {{ font-weight: 600; font-size: 15px }} text.ours {{ font-weight: 600 }}
path {{ stroke-width: 2 }} .floor {{ stroke-dasharray: 4 4 }}
{_style(LIGHT)}
@media (prefers-color-scheme: dark) {{
{_style(DARK)}
}}
"""


@dataclass(slots=True)
class Drawing:
    """A page of a size in pixels that things are put on."""

    width: int
    height: int
    about: str  # what a reader who does not see it should know
    parts: list[str] = field(default_factory=list)

    def text(self, x: float, y: float, words: str, *, kind: str = "", anchor: str = "start") -> None:
        """Write words; (x, y) is on their base line, at their `anchor`: start, middle or end."""
        self.parts.append(
            f'<text x="{x:.1f}" y="{y:.1f}" class="{kind}" text-anchor="{anchor}">{escape(words)}</text>'
        )

    def line(self, x1: float, y1: float, x2: float, y2: float, *, kind: str) -> None:
        """Draw a straight line."""
        self.parts.append(f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" class="{kind}"/>')

    def dot(self, x: float, y: float, *, kind: str, radius: float = 5) -> None:
        """Draw a point."""
        self.parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:g}" class="{kind}"/>')

    def path(self, points: Sequence[tuple[float, float]], *, kind: str) -> None:
        """Join points by a line."""
        joined = " L".join(f"{x:.1f} {y:.1f}" for x, y in points)
        self.parts.append(f'<path d="M{joined}" class="{kind}"/>')

    def __str__(self) -> str:
        """The file's text."""
        size = f'width="{self.width}" height="{self.height}" viewBox="0 0 {self.width} {self.height}"'
        head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-label="{escape(self.about)}">'
        page = f'<rect class="page" width="{self.width}" height="{self.height}" rx="8"/>'
        return "\n".join([head, f"<style>{STYLE}</style>", page, *self.parts, "</svg>"]) + "\n"


@dataclass(frozen=True, slots=True)
class Axis:
    """Values from `low` to `high` laid along pixels from `start` to `end`."""

    low: float
    high: float
    start: float
    end: float
    logarithmic: bool = False

    def at(self, value: float) -> float:
        """The pixel of a value."""
        low, high, value = (math.log(v) if self.logarithmic else v for v in (self.low, self.high, value))
        return self.start + (value - low) / (high - low) * (self.end - self.start)

    def ticks(self) -> list[float]:
        """A handful of round values on the axis."""
        if self.logarithmic:
            decades = range(math.floor(math.log10(self.low)), math.ceil(math.log10(self.high)) + 1)
            steps = [step * 10.0**decade for decade in decades for step in (1, 2, 5)]
        else:
            size = 10.0 ** math.floor(math.log10((self.high - self.low) / 4))
            size *= next(step for step in (1, 2, 5, 10) if (self.high - self.low) / (step * size) <= 6)
            first = math.ceil(self.low / size - 1e-9)
            steps = [
                round((first + i) * size, 9) for i in range(int((self.high - self.low) / size + 1e-9) + 1)
            ]
        slack = 1e-9 * self.high
        return [step for step in steps if self.low - slack <= step <= self.high + slack]


def frame(
    drawing: Drawing,
    across: Axis,
    up: Axis,
    *,
    labels: tuple[str, str],
    written: Callable[[float], str] = "{:g}".format,
) -> None:
    """Draw the grid of two axes with their values; `labels` name the one across and the one up."""
    for value in across.ticks():
        drawing.line(across.at(value), up.start, across.at(value), up.end, kind="grid")
        drawing.text(across.at(value), up.start + 18, written(value), kind="quiet", anchor="middle")
    for value in up.ticks():
        drawing.line(across.start, up.at(value), across.end, up.at(value), kind="grid")
        drawing.text(across.start - 8, up.at(value) + 4, f"{value:g}", kind="quiet", anchor="end")
    drawing.text((across.start + across.end) / 2, up.start + 40, labels[0], kind="quiet", anchor="middle")
    drawing.text(across.start, up.end - 10, labels[1], kind="quiet")


def beside(
    points: Sequence[tuple[float, float, str]], *, within: tuple[float, float, float, float]
) -> list[tuple[float, float, str]]:
    """Where the names of points may stand without lying on each other: (x, y, anchor) of each, in order.

    A name stands to the right of its point, else to its left, above or below, wherever it fits into the box `within` (left,
    top, right, bottom) and lies neither on another name nor on a point.
    """
    taken = [(x - 7, y - 7, x + 7, y + 7) for x, y, _ in points]
    placed: list[tuple[float, float, str]] = []
    for x, y, name in points:
        width = len(name) * CHARACTER
        level = [(x + 11, y + 4, "start"), (x - 11, y + 4, "end")]
        near = [(x, y + 4 + step * LINE_HEIGHT, "middle") for step in (-1, 1)]
        far = [
            (x + side, y + 4 + step * LINE_HEIGHT, anchor)
            for step in (-1, 1, -2, 2, -3, 3, -4, 4)
            for side, anchor in ((-5, "start"), (5, "end"))
        ]
        fitting = [choice for choice in (*level, *near, *far) if _lies_in(_box(choice, width), within)]
        free = [choice for choice in fitting if not any(_meets(_box(choice, width), o) for o in taken)]
        placed.append((free or fitting or level)[0])
        taken.append(_box(placed[-1], width))
    return placed


def _box(place: tuple[float, float, str], width: float) -> tuple[float, float, float, float]:
    x, y, anchor = place
    left = x - width * {"start": 0.0, "middle": 0.5, "end": 1.0}[anchor]
    return left, y - 11, left + width, y + 3


def _meets(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _lies_in(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return other[0] <= one[0] and other[1] <= one[1] and one[2] <= other[2] and one[3] <= other[3]
