"""Shows the changes of shot that a tool missed, found wrongly, or found: python benchmarks/shot_sheets.py --help.

    python benchmarks/shot_sheets.py results.json --labels LABELS.csv --films FOLDER --out FOLDER [--tool NAME]

Reads what compare.py wrote. Writes a PNG a film and outcome (missed, false, right) that has a row for each change: frames
before, in and after it, the last of the old shot and the first of the new one underlined.
"""

import argparse
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from compare import NEAR_FRAMES, find_film
from numpy.typing import NDArray
from picture_measures import at_height
from PIL import Image, ImageDraw
from reporting import read_results
from trecvid import Change, Labels, match_changes, read_labels

Picture = NDArray[np.uint8]

COLUMNS, ROWS, HEIGHT, CAPTION = 8, 30, 90, 15
AROUND = 3  # frames shown before and after a change
MARK = (220, 40, 40)


def outcomes(labels: Labels, found: Iterable[Change]) -> dict[str, list[Change]]:
    """The changes of a film by what became of them: "right" (as labeled), "missed" and "false"."""
    sorted_out: dict[str, list[Change]] = defaultdict(list)
    for label, match in match_changes(
        labels.changes, found, tolerance_frames=NEAR_FRAMES, unsure=labels.unsure
    ):
        if label is not None:
            sorted_out["missed" if match is None else "right"].append(label)
        elif match is not None:
            sorted_out["false"].append(match)
    return dict(sorted_out)


def frames_shown(change: Change, count: int) -> list[int]:
    """Up to COLUMNS frames of a film of `count`, from a little before a change to a little after it."""
    shown = range(change.last_frame - AROUND, change.first_frame + AROUND + 1)
    places = set(shown)
    if len(shown) > COLUMNS:
        spread = np.linspace(shown[0], shown[-1], COLUMNS - 2).round().astype(int)
        places = {change.last_frame, change.first_frame, *map(int, spread)}
    return sorted(place for place in places if 0 <= place < count)


def read_frames(film: Path, wanted: Iterable[int]) -> dict[int, Picture]:
    """Frames by their number, small; the film is decoded once."""
    import av

    missing = set(wanted)
    read: dict[int, Picture] = {}
    with av.open(str(film)) as container:
        stream = container.streams.video[0]
        stream.thread_type = "AUTO"
        for number, frame in enumerate(container.decode(stream)):
            if number in missing:
                read[number] = at_height(np.asarray(frame.to_ndarray(format="rgb24"), np.uint8), HEIGHT)
    return read


def sheet(changes: Sequence[Change], pictures: dict[int, Picture]) -> Image.Image:
    """A row a change, at most ROWS of them."""
    count = max(pictures, default=0) + 1
    width = max((picture.shape[1] for picture in pictures.values()), default=1)
    rows = list(changes)[:ROWS]
    drawn = Image.new("RGB", (width * COLUMNS, (HEIGHT + CAPTION) * len(rows)), "white")
    draw = ImageDraw.Draw(drawn)
    for row, change in enumerate(rows):
        top = row * (HEIGHT + CAPTION)
        draw.text((2, top), f"{change.kind}, {change.last_frame} to {change.first_frame}", fill="black")
        for column, number in enumerate(frames_shown(change, count)):
            left = column * width
            if number in pictures:
                drawn.paste(Image.fromarray(pictures[number]), (left, top + CAPTION))
            if number in (change.last_frame, change.first_frame):
                draw.rectangle(
                    (left, top + CAPTION + HEIGHT - 4, left + width - 2, top + CAPTION + HEIGHT), fill=MARK
                )
    return drawn


def main() -> None:
    """Write the sheets and print how many changes are on each."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("results", type=Path)
    parser.add_argument("--labels", type=Path, nargs="+", required=True)
    parser.add_argument("--films", type=Path, nargs="+", required=True, help="folders of the labeled films")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--tool", default="artgen extract")
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    known = {file.stem: read_labels([file]) for file in asked.labels}
    for one in read_results(asked.results).accuracy:
        film = find_film(one.film, asked.films)
        labels = known.get(one.labels, {}).get(one.film)
        if one.tool != asked.tool or film is None or labels is None:
            continue
        sorted_out = outcomes(labels, (Change(*change) for change in one.found))
        wanted = {f for changes in sorted_out.values() for c in changes for f in frames_shown(c, 10**9)}
        pictures = read_frames(film, wanted)
        for outcome, changes in sorted_out.items():
            sheet(changes, pictures).save(asked.out / f"{one.labels}-{film.stem}-{outcome}.png")
        print(one.labels, one.film, {outcome: len(changes) for outcome, changes in sorted_out.items()})


if __name__ == "__main__":
    main()
