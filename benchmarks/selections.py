"""N stills of a film by each way of choosing them, as pts of its frames."""

import json
import re
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from films import ffmpeg_program, film_facts
from numpy.typing import NDArray
from stills_quality import katna_of

from artgen.catalog import read_catalog
from artgen.export import export_catalog
from artgen.progress import Silent

ARTGEN, QUALITY = "artgen", "artgen's candidates by quality"
UNIFORM, MIDDLES, THUMBNAIL, KATNA = "uniform", "middles of shots", "ffmpeg thumbnail", "Katna"
SMALL = (32, 18)


def of_artgen(frames: Path, number: int, out: Path) -> list[int]:
    """The first stills of a catalog of a tagged frames folder: the title's own, then the others' by their choice."""
    export_catalog(
        out / "catalog.json", frames=frames, per_theme=number, aspects=("16:9",), progress=Silent()
    )
    variants = read_catalog(out / "catalog.json").variants
    own = [variant for variant in variants if variant.theme == "general"]
    rest = sorted(variants, key=lambda variant: -variant.scores["choice"])
    return list(dict.fromkeys(variant.pts for variant in [*own, *rest]))[:number]


def by_quality(frames: Path, number: int) -> list[int]:
    """The kept stills of the best technical score, whatever they show."""
    kept = [still for still in lines_of(frames / "stills.jsonl") if still["file"] is not None]
    return [still["pts"] for still in sorted(kept, key=lambda still: -still["score"])[:number]]


def uniform(times: Sequence[int], number: int) -> list[int]:
    """Frames at the middles of equal stretches of the film."""
    return [times[int((i + 0.5) * len(times) / number)] for i in range(number)]


def middles(times: Sequence[int], shots: Sequence[dict[str, Any]], number: int) -> list[int]:
    """The middle frame of shots at equal places in the list of them."""
    places = sorted({int((i + 0.5) * len(shots) / number) for i in range(number)})
    found = []
    for place in places:
        first, end = np.searchsorted(times, [shots[place]["start_pts"], shots[place]["end_pts"]])
        found.append(times[int(first + end) // 2])
    return found


def thumbnails(film: Path, number: int) -> list[int]:
    """The frame ffmpeg's filter finds most like the others, of equal stretches of the film."""
    chain = f"thumbnail=n={-(-film_facts(film).frames // number)},showinfo"
    command = [ffmpeg_program(), "-hide_banner", "-nostats", "-copyts", "-i", str(film), "-map", "0:v:0"]
    command += ["-vf", chain, "-fps_mode", "passthrough", "-f", "null", "-"]
    done = subprocess.run(command, check=True, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    return [int(pts) for pts in re.findall(r"showinfo.* n: *\d+ pts: *(\d+)", done.stderr)][:number]


def of_katna(
    film: Path, number: int, python: str, cache: Path, small: dict[int, NDArray[np.uint8]]
) -> list[int]:
    """Katna's key frames, each as the frame of the film that looks most like it."""
    times = list(small)
    planes = np.stack([small[pts] for pts in times]).astype(np.float32)
    found = []
    for picture in katna_of(film, number, python, cache):
        wanted = shrunk(np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), np.uint8)).astype(np.float32)
        found.append(times[int(np.abs(planes - wanted).mean((1, 2)).argmin())])
    return list(dict.fromkeys(found))


def read_small(film: Path) -> dict[int, NDArray[np.uint8]]:
    """Luma of every frame at SMALL, by pts, in the order of showing."""
    import av

    with av.open(str(film)) as container:
        stream = container.streams.video[0]
        stream.thread_type = "AUTO"
        found = {
            frame.pts: shrunk(frame.to_ndarray(format="gray"))
            for frame in container.decode(stream)
            if frame.pts is not None
        }
    return dict(sorted(found.items()))


def shrunk(luma: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A plane at SMALL."""
    return np.asarray(cv2.resize(luma, SMALL, interpolation=cv2.INTER_AREA), np.uint8)


def lines_of(file: Path) -> list[dict[str, Any]]:
    """The objects of a file of JSON lines."""
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def choose_all(
    film: Path,
    frames: Path,
    number: int,
    small: dict[int, NDArray[np.uint8]],
    *,
    katna: str | None,
    cache: Path,
) -> dict[str, list[int]]:
    """The pts that each way chooses, by its name; `katna` is the Python of Katna's environment."""
    times, shots = list(small), lines_of(frames / "shots.jsonl")
    with tempfile.TemporaryDirectory() as out:
        chosen = {ARTGEN: of_artgen(frames, number, Path(out))}
    chosen[UNIFORM] = uniform(times, number)
    chosen[MIDDLES] = middles(times, shots, number)
    chosen[THUMBNAIL] = thumbnails(film, number)
    if katna is not None and (found := of_katna(film, number, katna, cache, small)):
        chosen[KATNA] = found
    chosen[QUALITY] = by_quality(frames, number)
    return chosen
