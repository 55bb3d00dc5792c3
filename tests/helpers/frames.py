"""A real frames folder of drawn pictures with records that fit them, as extract and tag would leave it."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from artgen.composition import compose
from artgen.folder import FramesFolder, write_json, write_lines
from artgen.pictures import encode_picture
from artgen.records import (
    FRAMES_FORMAT,
    Box,
    Color,
    Face,
    Film,
    ModelUsed,
    Person,
    Portrait,
    Scene,
    Shot,
    Still,
    Tag,
    Tagging,
    TagKind,
    Title,
    still_id,
)

WIDTH, HEIGHT = 640, 400
ACTIVE = (0, 20, 640, 380)  # letterboxed, so that a crop's offset shows
SIZE = (640, 360)
KINDS = (
    TagKind("comedy", "genre", "genre", False),
    TagKind("dark", "tone", "tone", False),
    TagKind("couple", "relation", "relation", False),
    TagKind("gore", "sensitivity", None, True),
    TagKind("title-card", "image kind", None, False),
)


def face(still: str, number: int, box: Box, *, person: str | None = None, yaw_deg: float = 0.0) -> Face:
    """A face of good quality whose landmarks fit its box."""
    x1, y1, x2, y2 = box
    wide, high = x2 - x1, y2 - y1
    places = ((0.3, 0.4), (0.7, 0.4), (0.5, 0.6), (0.35, 0.8), (0.65, 0.8))
    landmarks = tuple((x1 + x * wide, y1 + y * high) for x, y in places)
    return Face(
        f"{still}/{number}", still, box, 0.9, landmarks, yaw_deg, 0.0, 0.0, 0.9, 0.1, 0.8, person=person
    )


def draw(faces: Sequence[Box], *, seed: int, size: tuple[int, int] = SIZE) -> NDArray[np.uint8]:
    """A soft background of its own color with a head and shoulders for each face."""
    rng = np.random.default_rng(seed)
    low, high = rng.integers(20, 120, 3), rng.integers(90, 220, 3)
    ramp = np.linspace(0, 1, size[0])[None, :, None] * np.linspace(0.5, 1, size[1])[:, None, None]
    image = Image.fromarray((low + (high - low) * ramp).astype(np.uint8))
    pen = ImageDraw.Draw(image)
    for x1, y1, x2, y2 in faces:
        wide, tall = x2 - x1, y2 - y1
        pen.ellipse((x1 - wide, y2, x2 + wide, y2 + 4 * tall), fill=tuple(rng.integers(0, 255, 3).tolist()))
        pen.ellipse((x1, y1 - 0.2 * tall, x2, y2), fill=(222, 178, 150))
        for eye in (0.3, 0.7):
            x, y = x1 + eye * wide, y1 + 0.4 * tall
            pen.ellipse((x - 3, y - 3, x + 3, y + 3), fill=(20, 20, 20))
    return np.asarray(image)


def build_frames(root: Path, *, shots: int = 10, with_people: bool = True) -> FramesFolder:
    """Write a tagged frames folder: a still a shot of 4 s, two persons in turn, tags that follow them."""
    folder = FramesFolder(root)
    people = ("p1", "p2")
    boxes: list[Box] = [(280 + 20 * (n % 3), 90, 350 + 20 * (n % 3), 180) for n in range(shots)]
    times = [4.0 * n + 2.0 for n in range(shots)]
    ids = [still_id(time_s) for time_s in times]
    stills = [
        Still(
            ids[n], n, int(times[n] * 1000), times[n], f"stills/{ids[n]}.jpg", {"sharpness": 0.5}, None,
            round(0.5 + 0.04 * (n * 7 % 10), 3),
        )
        for n in range(shots)
    ]  # fmt: skip
    stills.append(Still("00h00m00.500s", 0, 500, 0.5, None, {}, "black", 0.0))
    faces = [face(ids[n], 0, boxes[n], person=people[n % 2]) for n in range(shots)] if with_people else []
    compositions = []
    for n in range(shots):
        own = [found for found in faces if found.still == ids[n]]
        picture = draw([found.box for found in own], seed=n)
        folder.pictures.mkdir(parents=True, exist_ok=True)
        (folder.root / str(stills[n].file)).write_bytes(encode_picture(picture, "jpeg"))
        compositions.append(compose(ids[n], picture, faces=own))
    write_lines(folder.shots, [_shot(n) for n in range(shots)])
    write_lines(folder.stills, stills)
    write_lines(folder.faces, faces)
    write_lines(folder.composition, compositions)
    write_lines(
        folder.scenes,
        [Scene(0, 0, shots // 2, 0, 2.0 * shots), Scene(1, shots // 2 + 1, shots, 2.0 * shots, 4.0 * shots)],
    )
    write_lines(folder.tags, [tag for n, still in enumerate(ids) for tag in _tags(still, n)])
    write_json(folder.people, _people(ids, boxes) if with_people else [])
    write_embeddings(folder.embeddings, ids)
    write_json(folder.title, _title(shots))
    write_json(folder.tagging, _tagging())
    return folder


def write_embeddings(path: Path, ids: Sequence[str], *, dim: int = 16) -> None:
    """Unit vectors that differ from still to still and share a direction, as CLIP's do."""
    rng = np.random.default_rng(1)
    rows = rng.normal(size=(len(ids), dim)) + 1.0
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    flat = pa.array(rows.astype(np.float16).reshape(-1))
    table = pa.table(
        {
            "still": list(ids),
            "model": ["toy"] * len(ids),
            "vector": pa.FixedSizeListArray.from_arrays(flat, dim),
        }
    )
    pq.write_table(table, path)


def _shot(n: int) -> Shot:
    return Shot(n, 4000 * n, 4000 * (n + 1), 4.0 * n, 4.0 * (n + 1), 100, "cut" if n else "none", "cut")


def _tags(still: str, n: int) -> list[Tag]:
    scores = {
        "comedy": 0.9 if n % 2 else 0.2,
        "dark": 0.3,
        "couple": 0.7 if n % 5 == 0 else 0.1,
        "gore": 0.8 if n == 3 else 0.0,
        "title-card": 0.95 if n == 9 else 0.0,
    }
    groups = {kind.name: kind.group for kind in KINDS}
    return [Tag(still, name, groups[name], 0.2, score) for name, score in scores.items()]


def _people(ids: Sequence[str], boxes: Sequence[Box]) -> list[Person]:
    return [
        Person(
            "p1",
            "Ada Lovelace",
            len(ids) // 2,
            len(ids) // 2,
            0.5,
            2.0,
            34.0,
            Portrait(ids[0], boxes[0]),
            0.8,
        ),
        Person("p2", None, len(ids) // 2, len(ids) // 2, 0.5, 6.0, 38.0, Portrait(ids[1], boxes[1])),
    ]


def _title(shots: int) -> Title:
    return Title(
        format=FRAMES_FORMAT,
        artgen="0.1.0",
        film=Film('A <strange> & "quoted" film.mp4', "ab" * 32, 1234),
        time_base="1/1000",
        start_pts=0,
        duration_s=4.0 * shots,
        frames=100 * shots,
        width=WIDTH,
        height=HEIGHT,
        sample_aspect="1/1",
        rotation=0,
        interlaced=False,
        color=Color("bt709", "bt709", "bt709", "limited", 8),
        active_picture=ACTIVE,
        settings={"per_shot": 3},
    )


def _tagging() -> Tagging:
    model = ModelUsed("clip", "toy", "1", "cd" * 32, "Apache-2.0", "fp32", "cpu")
    return Tagging(FRAMES_FORMAT, "0.1.0", "ab" * 32, {"model": "toy"}, (model,), KINDS, ())
