"""Shows artgen's crops beside center crops, without saying which is which: python benchmarks/crop_sheets.py --help.

    python benchmarks/crop_sheets.py FRAMES --out FOLDER [--aspect 2:3] [--faceless]

FRAMES is a tagged frames folder. Writes PNG sheets with a row for each still: the still, crop A, crop B, in random order;
and key.csv, which says which of the two is artgen's ("none": it refuses that still, and the row has one crop). Look
at the sheets first, note A or B, then count. --faceless takes only stills in which no face was found.
"""

import argparse
import csv
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from picture_measures import at_height
from PIL import Image, ImageDraw

from artgen.artwork import Candidate
from artgen.composition import saliency_map
from artgen.composition.crops import Refusal, crop_for, parse_aspect
from artgen.composition.figures import figure_map
from artgen.export.frames import read_tagged_frames

Picture = NDArray[np.uint8]

HEIGHT, ROWS, GAP = 220, 8, 6


def center_crop(picture: Picture, ratio: Fraction) -> Picture:
    """The largest crop of a ratio from the picture's middle."""
    height, width = picture.shape[:2]
    wide, high = min(width, round(height * ratio)), min(height, round(width / ratio))
    left, top = (width - wide) // 2, (height - high) // 2
    return picture[top : top + high, left : left + wide]


def own_crop(picture: Picture, candidate: Candidate, aspect: str) -> Picture | None:
    """The crop that export makes for a theme that asks for nobody; None where it refuses."""
    crop = crop_for(
        aspect,
        picture,
        faces=candidate.faces,
        saliency=saliency_map(picture),
        figures=figure_map(picture, candidate.faces),
        text_boxes=candidate.composition.text_boxes if candidate.composition else (),
    )
    if isinstance(crop, Refusal):
        return None
    x1, y1, x2, y2 = crop.box
    return picture[y1:y2, x1:x2]


def row_of(name: str, pictures: list[Picture]) -> Picture:
    """Pictures of one height beside each other, the still's name on the first."""
    small = [at_height(picture, HEIGHT) for picture in pictures]
    wide = [np.pad(picture, ((0, GAP), (0, GAP), (0, 0)), constant_values=255) for picture in small]
    row = Image.fromarray(np.concatenate(wide, axis=1))
    ImageDraw.Draw(row).text((4, 4), name, fill="yellow", stroke_width=2, stroke_fill="black")
    return np.asarray(row)


def write_sheets(rows: list[Picture], out: Path) -> None:
    """Every ROWS rows as one PNG."""
    width = max((row.shape[1] for row in rows), default=0)
    filled = [np.pad(row, ((0, 0), (0, width - row.shape[1]), (0, 0)), constant_values=255) for row in rows]
    for start in range(0, len(filled), ROWS):
        sheet = np.concatenate(filled[start : start + ROWS])
        Image.fromarray(sheet).save(out / f"crops-{start // ROWS + 1:03d}.png")


def main() -> None:
    """Crop, shuffle, write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("frames", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--aspect", default="2:3")
    parser.add_argument("--faceless", action="store_true")
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    tagged, ratio, rng = (
        read_tagged_frames(asked.frames),
        parse_aspect(asked.aspect),
        np.random.default_rng(0),
    )
    rows, key = [], []
    for candidate in tagged.candidates:
        if asked.faceless and candidate.faces:
            continue
        picture = tagged.picture(candidate)
        own, center = own_crop(picture, candidate, asked.aspect), center_crop(picture, ratio)
        own_first = bool(rng.integers(2))
        crops = [center] if own is None else [own, center] if own_first else [center, own]
        rows.append(row_of(candidate.id, [picture, *crops]))
        key.append((candidate.id, "none" if own is None else "A" if own_first else "B"))
    write_sheets(rows, asked.out)
    with (asked.out / "key.csv").open("w", newline="") as file:
        csv.writer(file).writerows([("still", "artgen"), *key])
    print(f"{len(rows)} stills, {sum(side == 'none' for _, side in key)} refused by artgen, in {asked.out}")


if __name__ == "__main__":
    main()
