"""How should a wide frame become a CLIP model's square? Compares ways of doing it by retrieval.

    python benchmarks/clip_framing.py --model artgen-compact --captions captions.csv --films FOLDER

`captions.csv` has lines "picture file,caption" (several lines a picture). Three questions, for each way:

- wide: pictures cut to 16:9 and 2.39:1 over their full width; which picture does a caption find first, among all?
- pair: two pictures side by side in one 2.39:1 frame; do the captions of both find it?
- films: does a frame find the frame 1 s later of its own shot, among all such frames of all films, where
  the camera or the subject moved?
"""

import argparse
import csv
import subprocess
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from artgen.clip import Encoder, load_encoder
from artgen.clip.config import Preprocessing
from artgen.clip.framing import frame

Picture = NDArray[np.uint8]
Vectors = NDArray[np.float32]
Way = Callable[[Picture, Preprocessing], list[Picture]]


def squash(picture: Picture, wanted: Preprocessing) -> list[Picture]:
    """The whole frame, its proportions given up."""
    return [frame(picture, wanted)]


def letterbox(picture: Picture, wanted: Preprocessing) -> list[Picture]:
    """The whole frame between bars of the model's mean color."""
    height, width = picture.shape[:2]
    side = max(height, width)
    color = np.round(np.array(wanted.mean) * 255).astype(np.uint8)
    canvas = np.broadcast_to(color, (side, side, 3)).copy()
    top, left = (side - height) // 2, (side - width) // 2
    canvas[top : top + height, left : left + width] = picture
    return [frame(canvas, wanted)]


def tiles(count: int) -> Way:
    """Overlapping squares along the longer side, their vectors averaged."""

    def cut(picture: Picture, wanted: Preprocessing) -> list[Picture]:
        height, width = picture.shape[:2]
        side = min(height, width)
        starts = [np.linspace(0, length - side, count).round().astype(int) for length in (height, width)]
        return [
            frame(picture[y : y + side, x : x + side], wanted)
            for y, x in dict.fromkeys(zip(*starts, strict=True))
        ]

    return cut


def center(picture: Picture, wanted: Preprocessing) -> list[Picture]:
    """The center square, as CLIP's own preprocessing has it."""
    return [tiles(3)(picture, wanted)[-1 if picture.shape[0] == picture.shape[1] else 1]]


def squash_and_tiles(picture: Picture, wanted: Preprocessing) -> list[Picture]:
    """The squashed frame and two squares, averaged."""
    return squash(picture, wanted) + tiles(2)(picture, wanted)


WAYS: dict[str, Way] = {
    "squash": squash,
    "letterbox": letterbox,
    "2 tiles": tiles(2),
    "3 tiles": tiles(3),
    "squash + 2 tiles": squash_and_tiles,
    "center crop": center,
}


def encode(encoder: Encoder, pictures: list[Picture], way: Way, wanted: Preprocessing) -> Vectors:
    """One unit vector a picture: the mean over the squares that `way` makes of it."""
    squares = [way(picture, wanted) for picture in pictures]
    flat = encoder.pictures(square for group in squares for square in group)
    starts = np.cumsum([0] + [len(group) for group in squares[:-1]])
    sums = np.add.reduceat(flat, starts, axis=0)
    vectors: Vectors = sums / np.linalg.norm(sums, axis=1, keepdims=True)
    return vectors


def recall(queries: Vectors, gallery: Vectors, right: NDArray[np.int64], within: int) -> float:
    """Part of the queries that have `right` among their `within` nearest."""
    scores = queries @ gallery.T
    own = scores[np.arange(len(right)), right]
    return float(((scores > own[:, None]).sum(axis=1) < within).mean())


def cut_to(picture: Picture, aspect: float) -> Picture:
    """The middle rows of a picture, over its full width."""
    height, width = picture.shape[:2]
    rows = min(height, round(width / aspect))
    top = (height - rows) // 2
    return picture[top : top + rows]


def side_by_side(one: Picture, other: Picture, *, height: int = 240, aspect: float = 2.39) -> Picture:
    """Two pictures, each filling half of a frame."""
    half = round(height * aspect / 2)
    return np.concatenate([_filling(picture, half, height) for picture in (one, other)], axis=1)


def _filling(picture: Picture, width: int, height: int) -> Picture:
    image = Image.fromarray(picture)
    scale = max(width / image.width, height / image.height)
    image = image.resize(
        (round(image.width * scale) + 1, round(image.height * scale) + 1), Image.Resampling.BICUBIC
    )
    left, top = (image.width - width) // 2, (image.height - height) // 2
    return np.asarray(image.crop((left, top, left + width, top + height)))


def read_captions(path: Path, most: int) -> tuple[list[Picture], list[str], NDArray[np.int64]]:
    """Pictures, captions, and the picture of each caption."""
    with open(path, encoding="utf-8", newline="") as file:
        rows = [(name, caption) for name, caption in csv.reader(file)]
    names = list(dict.fromkeys(name for name, _ in rows))[:most]
    place = {name: index for index, name in enumerate(names)}
    kept = [(place[name], caption) for name, caption in rows if name in place]
    pictures = [np.asarray(Image.open(path.parent / name).convert("RGB")) for name in names]
    return pictures, [caption for _, caption in kept], np.array([index for index, _ in kept])


def film_frames(folder: Path, every_s: float = 1.0) -> Iterator[list[Picture]]:
    """Frames of each film a second apart, 360 rows high."""
    import imageio_ffmpeg

    for film in sorted(folder.iterdir()):
        if film.suffix not in {".mp4", ".webm"}:
            continue
        command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-i", str(film), "-t", "180"]
        command += ["-vf", f"fps={1 / every_s},scale=-2:180", "-f", "image2pipe", "-c:v", "ppm", "-"]
        yield list(_ppm(subprocess.run(command, capture_output=True, check=True).stdout))


def _ppm(data: bytes) -> Iterator[Picture]:
    place = 0
    while place < len(data):
        _, size, _, _ = data[place : place + 40].split(b"\n", 3)
        width, height = map(int, size.split())
        start = place + len(b"P6\n" + size + b"\n255\n")
        place = start + width * height * 3
        yield np.frombuffer(data[start:place], np.uint8).reshape(height, width, 3)


def moved_pairs(frames: list[Picture]) -> list[tuple[Picture, Picture]]:
    """Neighbors in time of one shot (colors nearly alike) that are not the same picture (pixels differ)."""
    pairs = []
    for one, other in pairwise(frames):
        counts = [
            np.histogramdd(f.reshape(-1, 3), bins=(6, 6, 6), range=[(0, 256)] * 3)[0] for f in (one, other)
        ]
        alike = np.minimum(*counts).sum() / counts[0].sum()
        differs = np.abs(one.astype(np.int16) - other).mean()
        if alike > 0.75 and differs > 6:
            pairs.append((one, other))
    return pairs


def main() -> None:
    """Print a table for each question."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model", default="artgen-compact")
    parser.add_argument("--captions", type=Path)
    parser.add_argument("--films", type=Path)
    parser.add_argument("--most", type=int, default=1000, help="pictures taken from captions")
    asked = parser.parse_args()
    encoder = load_encoder(asked.model, precision="fp32", offline=True, note=print)
    wanted = encoder._preprocessing
    if asked.captions:
        pictures, captions, right = read_captions(asked.captions, asked.most)
        texts = encoder.texts(captions)
        for aspect in (16 / 9, 2.39):
            wide = [cut_to(picture, aspect) for picture in pictures]
            print(
                f"wide, {aspect:.2f}:1: {len(captions)} captions, {len(pictures)} pictures; found 1st, in 5"
            )
            for name, way in WAYS.items():
                found = encode(encoder, wide, way, wanted)
                print(f"  {name:18}", *(f"{recall(texts, found, right, n):7.1%}" for n in (1, 5)))
        order = np.random.default_rng(0).permutation(len(pictures) // 2 * 2).reshape(-1, 2)
        frames = [side_by_side(pictures[one], pictures[other]) for one, other in order]
        of_pair = np.full(len(pictures), -1)
        of_pair[order] = np.arange(len(order))[:, None]
        shown = of_pair[right] >= 0
        print(f"pair, 2.39:1: {shown.sum()} captions, {len(frames)} frames of two pictures; found 1st, in 5")
        for name, way in WAYS.items():
            found = encode(encoder, frames, way, wanted)
            print(
                f"  {name:18}",
                *(f"{recall(texts[shown], found, of_pair[right[shown]], n):7.1%}" for n in (1, 5)),
            )
    if asked.films:
        pairs = [pair for frames in film_frames(asked.films) for pair in moved_pairs(frames)]
        for aspect in (16 / 9, 2.39):
            print(f"films, {aspect:.2f}:1: {len(pairs)} moved pairs; the next second found 1st, in 5")
            for name, way in WAYS.items():
                now, later = (
                    encode(encoder, [cut_to(pair[side], aspect) for pair in pairs], way, wanted)
                    for side in (0, 1)
                )
                found_in = (recall(now, later, np.arange(len(pairs)), n) for n in (1, 5))
                print(f"  {name:18}", *(f"{value:7.1%}" for value in found_in))


if __name__ == "__main__":
    main()
