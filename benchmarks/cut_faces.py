"""Which crops cut a face: whole films through extract, tag and export with a detector, judged by YuNet.

    python benchmarks/cut_faces.py FILM [FILM ...] --yunet FILE --out FOLDER [--faces yunet artgen dlib]

A crop cuts a face if YuNet sees the face in the still and between a tenth and nine tenths of it lie inside the crop.
Each still and crop counts once, whatever themes show it. Prints a line a detector and film; FOLDER/DETECTOR.png shows the
crops that cut, FOLDER/DETECTOR.json lists them. For YuNet itself ARTGEN_MODELS must name the folder of its file.
"""

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from reporting import table

from artgen.catalog import read_catalog
from artgen.export import export_catalog
from artgen.extract import ExtractSettings, extract_film
from artgen.people import DetectorSource, FaceDetector, load_detector
from artgen.pictures import load_picture
from artgen.progress import Silent
from artgen.records import Box, area
from artgen.tag import TagSettings, tag_frames

ASPECTS = ("16:9", "2:3", "1:1", "3:4", "9:16", "10:3")
PER_THEME = 8
OUTSIDE, WHOLE = 0.1, 0.9  # of a face's box inside the crop
SHEET_COLUMNS, TILE = 4, (320, 200)


@dataclass(frozen=True, slots=True)
class Cut:
    """A crop that cuts a face; boxes in pixels of the still."""

    film: str
    still: str
    aspect: str
    crop: Box
    face: Box
    file: str


def cut_faces(crop: Box, faces: Sequence[Box]) -> list[Box]:
    """The faces that a crop has in part."""
    return [face for face in faces if OUTSIDE < inside_fraction(face, crop) < WHOLE]


def inside_fraction(face: Box, crop: Box) -> float:
    """How much of a face's box lies inside a crop, 0..1."""
    x1, y1, x2, y2 = (
        max(face[0], crop[0]),
        max(face[1], crop[1]),
        min(face[2], crop[2]),
        min(face[3], crop[3]),
    )
    return area((x1, y1, x2, y2)) / area(face) if x2 > x1 and y2 > y1 else 0.0


def in_still(crop: Sequence[int], active_picture: Sequence[int]) -> Box:
    """A catalog's crop, told in the film's pixels, in those of the stills, which begin where the active picture does."""
    (left, top), (x1, y1, x2, y2) = active_picture[:2], map(float, crop)
    return x1 - left, y1 - top, x2 - left, y2 - top


def make_catalog(film: Path, detector: Any, out: Path) -> tuple[Path, Path]:
    """The film's frames folder and its catalog made with a detector; stills are extracted once a film."""
    frames = out / film.stem / "frames"
    catalog = out / film.stem / detector / "catalog.json"
    extract_film(film, frames, settings=ExtractSettings(), progress=Silent())
    settings = TagSettings(model="artgen-compact", precision="fp32", detector=detector)
    tag_frames(frames, settings=settings, progress=Silent(), overwrite=True)
    catalog.parent.mkdir(exist_ok=True)
    export_catalog(
        catalog, frames=frames, aspects=ASPECTS, per_theme=PER_THEME, progress=Silent(), overwrite=True
    )
    return frames, catalog


def judged(film: str, frames: Path, catalog: Path, judge: FaceDetector) -> Iterator[tuple[Cut | None, bool]]:
    """For each crop once: the first face it cuts, or None; and whether the still has any face."""
    made = read_catalog(catalog)
    crops = {(v.still, v.aspect, v.crop) for v in made.variants}
    seen: dict[str, list[Box]] = {}
    with (frames / "stills.jsonl").open() as lines:
        files = {row["id"]: row["file"] for row in map(json.loads, lines)}
    for still, aspect, crop in sorted(crops):
        if still not in seen:
            seen[still] = [face.box for face in judge.detect(load_picture(frames / files[still]))]
        box = in_still(crop, made.title.active_picture)
        cut = cut_faces(box, seen[still])
        path = str((frames / files[still]).resolve())
        yield Cut(film, still, aspect, box, cut[0], path) if cut else None, bool(seen[still])


def draw_sheet(cuts: Sequence[Cut]) -> NDArray[np.uint8]:
    """The stills with the crop in white and the face it cuts in red."""
    rows = -(-len(cuts) // SHEET_COLUMNS)
    sheet = Image.new("RGB", (SHEET_COLUMNS * TILE[0], max(1, rows) * TILE[1]))
    for number, cut in enumerate(cuts):
        picture = Image.fromarray(load_picture(Path(cut.file)))
        draw = ImageDraw.Draw(picture)
        for box, color in ((cut.crop, "white"), (cut.face, "red")):
            draw.rectangle(box, outline=color, width=max(2, picture.width // 250))
        picture.thumbnail((TILE[0] - 4, TILE[1] - 18))
        x, y = number % SHEET_COLUMNS * TILE[0], number // SHEET_COLUMNS * TILE[1]
        sheet.paste(picture, (x, y))
        ImageDraw.Draw(sheet).text(
            (x + 2, y + TILE[1] - 15), f"{cut.film} {cut.still} {cut.aspect}"[:52], fill="white"
        )
    return np.asarray(sheet, np.uint8)


def main() -> None:
    """Make catalogs, judge, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("films", type=Path, nargs="+")
    parser.add_argument("--yunet", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--faces", nargs="+", choices=("yunet", "artgen", "dlib"), default=["artgen", "dlib"])
    asked = parser.parse_args()
    judge = load_detector(DetectorSource("yunet", asked.yunet))
    rows = []
    for detector in asked.faces:
        cuts: list[Cut] = []
        total = peopled = 0
        for film in asked.films:
            found = list(judged(film.stem, *make_catalog(film, detector, asked.out), judge))
            own = [cut for cut, _ in found if cut is not None]
            rows.append([detector, film.stem, len(found), sum(has for _, has in found), len(own)])
            cuts, total = cuts + own, total + len(found)
            peopled += sum(has for _, has in found)
        rows.append([detector, "all", total, peopled, len(cuts)])
        Image.fromarray(draw_sheet(cuts)).save(asked.out / f"{detector}.png")
        (asked.out / f"{detector}.json").write_text(json.dumps([asdict(cut) for cut in cuts], indent=1))
    head = ["detector", "film", "crops", "of stills with faces", "cut a face"]
    print(table(head, [[str(cell) for cell in row] for row in rows]))


if __name__ == "__main__":
    main()
