r"""Is lettering found where it is, and nowhere else: artgen's own detector beside PP-OCRv6's.

    python benchmarks/lettering.py --films FOLDER --weights PP-OCRv6_det_small.onnx [--fonts FOLDER] [--sheets FOLDER]

Frames of the films in FOLDER that have no lettering of their own, and the same frames with titles, subtitles, credits,
logos, lower thirds and signs drawn on them. Limits were chosen on the films of CHOSEN_ON alone; the others are held out.
A still counts as found when half of the area of its lines lies in what was found. Precision takes as many clean stills as
lettered ones. Prints a table of each half; writes what was missed and what was found wrongly into --sheets.
"""

import argparse
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import av
import numpy as np
from lettering_stills import KINDS, Box, Lettered, Picture, compressed, find_fonts, letter
from PIL import Image, ImageDraw
from reporting import table

from artgen.composition import TextDetector, load_text_detector

CHOSEN_ON = ("big_buck_bunny", "chaplin", "nasa")
OWN_LETTERING = {  # seconds with titles, credits or a station's mark in them
    "big_buck_bunny_360p.mp4": ((0, 30), (484, 580)),
    "hamilton_10s.mp4": ((0, 99),),
    "sintel_trailer_52s.mp4": ((8, 14), (17, 20), (41, 60)),
}
STILLS_A_FILM = 24
DARKEST = 60  # the brightest level of a still: darker ones never leave extract
FOUND = 0.5


def frames_of(film: Path) -> Iterator[Picture]:
    """Frames spread over a film, without those that have lettering of their own and without black ones."""
    with av.open(str(film)) as container:
        stream = container.streams.video[0]
        stream.thread_type = "AUTO"
        step_s = float(container.duration or 0) / av.time_base / STILLS_A_FILM
        next_s = step_s / 2
        for frame in container.decode(stream):
            time_s = float(frame.time or 0)
            if time_s < next_s:
                continue
            next_s += step_s
            if any(low <= time_s < high for low, high in OWN_LETTERING.get(film.name, ())):
                continue
            picture = np.asarray(frame.to_ndarray(format="rgb24"), np.uint8)
            if picture.max() > DARKEST:
                yield picture


def covered(box: Box, found: Sequence[Box]) -> float:
    """Part of a box that lies in any of the found ones."""
    x1, y1, x2, y2 = box
    held = np.zeros((max(1, round(y2 - y1)), max(1, round(x2 - x1))), bool)
    for a, b, c, d in found:
        rows = slice(max(0, round(b - y1)), max(0, round(d - y1)))
        held[rows, max(0, round(a - x1)) : max(0, round(c - x1))] = True
    return float(held.mean())


def is_found(still: Lettered, found: Sequence[Box]) -> bool:
    """Whether half of the area of a still's lines is in what was found."""
    sizes = [(x2 - x1) * (y2 - y1) for x1, y1, x2, y2 in still.boxes]
    parts = [covered(box, found) * size for box, size in zip(still.boxes, sizes, strict=True)]
    return sum(parts) >= FOUND * sum(sizes)


class Tally:
    """What one detector made of one half of the films."""

    def __init__(self, detector: TextDetector) -> None:
        self.detector = detector
        self.clean: list[bool] = []
        self.lettered: dict[str, list[bool]] = {kind: [] for kind in KINDS}
        self.processor_s = 0.0
        self.amiss: list[tuple[str, Picture, Sequence[Box]]] = []

    def look(self, still: Lettered) -> None:
        """Look at one still; one without boxes is clean."""
        start = time.process_time()
        found = self.detector.find(still.picture)
        self.processor_s += time.process_time() - start
        right = is_found(still, found) if still.boxes else not found
        (self.lettered[still.kind] if still.boxes else self.clean).append(right)
        if not right:
            self.amiss.append((f"{'missed' if still.boxes else 'false'}: {still.kind}", still.picture, found))

    def rows(self, half: str) -> Iterator[list[str]]:
        """A row a kind: precision, recall and F1."""
        false = 1 - float(np.mean(self.clean))
        for kind, found in self.lettered.items():
            recall = float(np.mean(found))
            precision = recall / (recall + false) if recall else 0.0
            f1 = 2 * precision * recall / (precision + recall) if recall else 0.0
            scores = (f"{score:.3f}" for score in (precision, recall, f1))
            yield [half, self.detector.name, kind, str(len(found)), *scores]

    def summary(self, half: str) -> str:
        """False stills and cost, for people."""
        stills = len(self.clean) + sum(map(len, self.lettered.values()))
        return (
            f"{half}, {self.detector.name}: {self.clean.count(False)} of {len(self.clean)} clean stills taken for "
            f"lettered, {1000 * self.processor_s / stills:.0f} ms of processor a still"
        )


def stills_of(films: Sequence[Path], fonts: Sequence[Path], *, a_kind: int) -> Iterator[Lettered]:
    """The films' frames as they are, then `a_kind` stills of each kind drawn on frames in turn."""
    frames = [picture for film in films for picture in frames_of(film)]
    for frame in frames:
        yield Lettered(compressed(frame), "clean", ())
    order = np.random.default_rng(1).permutation(len(KINDS) * a_kind)
    for number, place in enumerate(order.tolist()):
        yield letter(frames[place % len(frames)], KINDS[number % len(KINDS)], seed=number, fonts=fonts)


def sheet(amiss: Sequence[tuple[str, Picture, Sequence[Box]]]) -> Image.Image:
    """What a detector got wrong, with what it found in red."""
    wide, high, columns = 400, 250, 4
    page = Image.new("RGB", (columns * wide, max(1, -(-len(amiss) // columns)) * high))
    pen = ImageDraw.Draw(page)
    for number, (caption, picture, found) in enumerate(amiss):
        image = Image.fromarray(picture)
        for box in found:
            ImageDraw.Draw(image).rectangle(box, outline=(255, 0, 0), width=max(1, image.height // 200))
        image.thumbnail((wide - 4, high - 16))
        at = (number % columns * wide, number // columns * high)
        page.paste(image, at)
        pen.text((at[0], at[1] + high - 14), caption, fill=(255, 220, 0))
    return page


def main() -> None:
    """Measure, print, and write the sheets."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--films", type=Path, required=True)
    parser.add_argument("--weights", type=Path, required=True, help="PP-OCRv6_det_small.onnx")
    parser.add_argument("--fonts", type=Path, action="append", default=[], help="a folder of more fonts")
    parser.add_argument("--a-kind", type=int, default=100, help="stills a kind and half")
    parser.add_argument("--sheets", type=Path)
    asked = parser.parse_args()
    films = sorted(path for path in asked.films.iterdir() if path.suffix in (".mp4", ".webm", ".mkv", ".mov"))
    fonts = find_fonts(asked.fonts)
    print("fonts:", ", ".join(path.name for path in fonts))
    rows: list[list[str]] = []
    for half in ("chosen on", "held out"):
        own = [film for film in films if film.name.startswith(CHOSEN_ON) == (half == "chosen on")]
        tallies = [Tally(load_text_detector(weights)) for weights in (None, asked.weights)]
        for still in stills_of(own, fonts, a_kind=asked.a_kind):
            for tally in tallies:
                tally.look(still)
        for tally in tallies:
            rows += tally.rows(half)
            print(tally.summary(half))
            if asked.sheets:
                asked.sheets.mkdir(parents=True, exist_ok=True)
                sheet(tally.amiss).save(asked.sheets / f"{half.replace(' ', '-')}-{tally.detector.name}.png")
    print(table(("films", "detector", "kind", "stills", "precision", "recall", "F1"), rows))


if __name__ == "__main__":
    main()
