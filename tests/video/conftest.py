"""Small films made with the ffmpeg program, and what that program itself decodes from them."""

import subprocess
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

MakeFilm = Callable[..., Path]
MakeYuvFilm = Callable[..., Path]
TrueFrames = Callable[[Path], list[tuple[int, str]]]

MOVING = "-f lavfi -i testsrc2=size=160x90:rate=25:duration=5,format=yuv420p"


@pytest.fixture(scope="session")
def films(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("films")


@pytest.fixture(scope="session")
def make_film(ffmpeg: str, films: Path) -> MakeFilm:
    """Make a film once: `make_film("x.mp4", "-c:v libx264 -g 25")`; `source` is what stands before that."""

    def make(name: str, encoding: str, *, source: str = MOVING) -> Path:
        path = films / f"{zlib.crc32(f'{encoding} {source}'.encode()):08x}" / name
        if not path.exists():
            path.parent.mkdir(exist_ok=True)
            command = [ffmpeg, *f"-v error -nostdin -y {source} {encoding}".split(), str(path)]
            subprocess.run(command, check=True)
        return path

    return make


@pytest.fixture(scope="session")
def make_yuv_film(ffmpeg: str, films: Path) -> MakeYuvFilm:
    """A lossless film of given planes (luma, chroma, chroma), its colors tagged by x264 and never converted."""

    def make(
        name: str, planes: list[NDArray[np.uint16]], *, tags: str, depth: int = 8, frames: int = 3
    ) -> Path:
        path = films / name
        kind = np.dtype(np.uint8) if depth == 8 else np.dtype("<u2")
        high, wide = planes[0].shape
        layout = {1: "444", 2: "420"}[high // planes[1].shape[0]]
        command = (
            f"-v error -y -f rawvideo -pix_fmt yuv{layout}p{'' if depth == 8 else f'{depth}le'} "
            f"-s {wide}x{high} -r 25 -i - -c:v libx264 -qp 0 -preset ultrafast"
        ).split()
        if tags:
            command += ["-x264-params", tags]
        frame = b"".join(plane.astype(kind).tobytes() for plane in planes)
        subprocess.run([ffmpeg, *command, str(path)], input=frame * frames, check=True)
        return path

    return make


@pytest.fixture(scope="session")
def true_frames(ffmpeg: str) -> TrueFrames:
    """The ffmpeg program's straight decode of a film: (pts, MD5 of the 8-bit 4:2:0 planes) of each frame."""

    def decode(path: Path) -> list[tuple[int, str]]:
        output = [
            "-map",
            "0:v:0",
            "-fps_mode",
            "passthrough",
            "-copyts",
            "-enc_time_base",
            "demux",
            "-pix_fmt",
            "yuv420p",
            "-f",
            "framemd5",
            "-",
        ]
        command = [ffmpeg, "-v", "error", "-nostdin", "-i", str(path), *output]
        lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
        rows = [line.split(",") for line in lines if not line.startswith("#")]
        return [(int(row[2]), row[5].strip()) for row in rows]

    return decode


@pytest.fixture(scope="session")
def make_bytes(ffmpeg: str) -> Callable[[str], bytes]:
    """What the ffmpeg program writes to its standard output."""

    def make(arguments: str) -> bytes:
        command = [ffmpeg, "-v", "error", "-nostdin", *arguments.split()]
        return subprocess.run(command, check=True, capture_output=True).stdout

    return make
