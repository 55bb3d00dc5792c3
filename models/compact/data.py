"""Pack the training pictures: python data.py DATA

DATA holds raw/ (the extracted sets), manifest.parquet (what manifest.py wrote of them, held-out
pictures and their duplicates taken out) and fonts/. Writes DATA/pack/pictures.npy, every picture
squashed to 160 x 160, and DATA/pack/index.jsonl, a line a picture: set, label, captions, night,
split. Large sets are thinned so that the rest is not drowned; title cards are drawn here.
"""

import argparse
import hashlib
import json
import random
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

import av
import numpy as np
import pyarrow.parquet as pq
from film_look import Picture, mean_luma
from PIL import Image
from title_cards import draw_card

SIDE = 160
SEED = 9
MOST_OF_SET = {"miniplaces": 40_000, "tiny-imagenet": 15_000, "fer2013": 12_000, "faces-web": 9_000}
LEFT_OUT = frozenset({"scenes15", "imagenet-1000", "ck48", "weather4", "daynight"})  # held out whole
CARDS = {"title card": 1200, "credits": 900, "text over picture": 900, "black frame": 150}
INDOORS = frozenset(
    [
        "airport terminal",
        "aquarium",
        "art gallery",
        "assembly line",
        "auditorium",
        "bakery shop",
        "ballroom",
        "banquet hall",
        "bar",
        "bathroom",
        "beauty salon",
        "bedroom",
        "bookstore",
        "bowling alley",
        "boxing ring",
        "inside of a bus",
        "butcher's shop",
        "candy store",
        "classroom",
        "clothing store",
        "cockpit",
        "coffee shop",
        "conference room",
        "corridor",
        "dining room",
        "food court",
        "hospital room",
        "kindergarten classroom",
        "kitchen",
        "laundromat",
        "living room",
        "lobby",
        "locker room",
        "martial arts gym",
        "inside of a museum",
        "office",
        "restaurant",
        "shower",
        "indoor stage",
        "staircase",
        "subway platform",
        "supermarket",
        "aquarium",
    ]
)
NIGHT_LUMA, NIGHT_SKY_LUMA = 60.0, 38.0  # whole picture and its upper third, of night photographs looked at


@dataclass(frozen=True, slots=True)
class Row:
    """One packed picture; `label` is empty where captions say what it shows."""

    set_name: str
    label: str
    captions: tuple[str, ...]
    night: bool
    split: str


def squash(path: Path) -> Picture:
    """Read a picture and squash it to (SIDE, SIDE, 3) uint8 RGB."""
    with Image.open(path) as image:
        image.draft("RGB", (SIDE, SIDE))
        return np.asarray(
            image.convert("RGB").resize((SIDE, SIDE), Image.Resampling.BICUBIC, reducing_gap=2.0)
        )


def training_pictures(manifest: Path) -> list[tuple[str, Row]]:
    """Path below raw/ and what is known of each training picture, thinned, in a fixed order."""
    columns = pq.read_table(manifest, columns=["path", "set", "label", "caption", "split"]).to_pydict()
    captions: dict[str, list[str]] = {}
    known: dict[str, tuple[str, str]] = {}
    for path, name, label, text, split in zip(*columns.values(), strict=True):
        if split == "train" and name not in LEFT_OUT:
            captions.setdefault(path, []).append(text)
            known[path] = (name, label)
    by_set: dict[str, list[str]] = {}
    for path in sorted(known, key=lambda p: hashlib.sha256(p.encode()).digest()):
        by_set.setdefault(known[path][0], []).append(path)
    rows = []
    for name in sorted(by_set):
        for path in by_set[name][: MOST_OF_SET.get(name)]:
            label = known[path][1]
            if name == "pacs":  # the folder above says photo, painting, cartoon or sketch
                style = Path(path).parts[-3]
                label = f"{ {'art_painting': 'painting'}.get(style, style) }|{label}"
            if name == "faces-web":  # a few were seen in two ways
                label = label.split("|")[0]
            if name == "wildfire":
                label = {"a fire with smoke and flames": "fire"}.get(label, label)
            rows.append((path, Row(name, label, () if label else tuple(captions[path]), False, "train")))
    return rows


def is_night(row: Row, picture: Picture) -> bool:
    """Whether an outdoor place is so dark, its sky too, that it was taken by night."""
    if row.set_name != "miniplaces" or row.label in INDOORS:
        return False
    return mean_luma(picture) < NIGHT_LUMA and mean_luma(picture[: SIDE // 3]) < NIGHT_SKY_LUMA


def fight_frames(folder: Path) -> Iterator[tuple[Row, Picture]]:
    """A frame of each half second of the clips; every fifth clip is held out."""
    for kind, label in (("fight", "fight"), ("noFight", "no fight")):
        for number, path in enumerate(sorted((folder / kind).glob("*.mp4"))):
            row = Row("fights", label, (), False, "heldout" if number % 5 == 0 else "train")
            with av.open(str(path)) as container:
                due = 0.0
                for frame in container.decode(video=0):
                    if frame.time is not None and frame.time >= due:
                        due = frame.time + 0.5
                        yield (
                            row,
                            np.asarray(
                                Image.fromarray(frame.to_ndarray(format="rgb24")).resize(
                                    (SIDE, SIDE), Image.Resampling.BICUBIC
                                )
                            ),
                        )


def title_cards(
    fonts: list[Path], *, words: list[str], backdrops: list[Path]
) -> Iterator[tuple[Row, Picture]]:
    """Drawn cards; every fifth font appears only on the tenth that is held out."""
    rng = random.Random(SEED)  # noqa: S311 - training, no secret
    for kind, count in CARDS.items():
        for number in range(count):
            held = number % 10 == 0
            backdrop = squash(rng.choice(backdrops))
            usable = [f for i, f in enumerate(fonts) if (i % 5 == 0) == held]
            card = draw_card(kind, backdrop=backdrop, words=words, fonts=usable, rng=rng)
            small = np.asarray(Image.fromarray(card).resize((SIDE, SIDE), Image.Resampling.BICUBIC))
            yield Row("cards", kind, (), False, "heldout" if held else "train"), small


def pack(data: Path) -> None:
    """Write pictures.npy and index.jsonl of a data folder."""
    out = data / "pack"
    out.mkdir(exist_ok=True)
    listed = training_pictures(data / "manifest.parquet")
    paths = [data / "raw" / path for path, _ in listed]
    words = sorted({w for _, row in listed for c in row.captions for w in c.lower().split() if w.isalpha()})
    fonts = sorted(p for p in (data / "fonts").rglob("*") if p.suffix in {".ttf", ".otf"})
    extra = list(fight_frames(data / "raw" / "fights"))
    backdrops = [
        p for p, (_, row) in zip(paths, listed, strict=True) if row.set_name in {"flickr8k", "miniplaces"}
    ]
    extra += title_cards(fonts, words=words, backdrops=backdrops)
    shape = (len(listed) + len(extra), SIDE, SIDE, 3)
    pictures = np.lib.format.open_memmap(out / "pictures.npy", mode="w+", dtype=np.uint8, shape=shape)
    rows: list[Row] = []
    with ProcessPoolExecutor(2) as pool:
        for (_, row), picture in zip(listed, pool.map(squash, paths, chunksize=64), strict=True):
            pictures[len(rows)] = picture
            rows.append(Row(row.set_name, row.label, row.captions, is_night(row, picture), row.split))
    for row, picture in extra:
        pictures[len(rows)] = picture
        rows.append(row)
    pictures.flush()
    lines = "".join(json.dumps(asdict(row)) + "\n" for row in rows)
    (out / "index.jsonl").write_text(lines, encoding="utf-8")
    print(f"{len(rows)} pictures, index {hashlib.sha256(lines.encode()).hexdigest()[:16]}")


def read_index(data: Path) -> list[Row]:
    """The rows of a packed data folder."""
    with (data / "pack" / "index.jsonl").open(encoding="utf-8") as file:
        read = [json.loads(line) for line in file]
    return [Row(r["set_name"], r["label"], tuple(r["captions"]), r["night"], r["split"]) for r in read]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    pack(parser.parse_args().data)
