"""Small films made with the ffmpeg program, and what that program itself decodes from them."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

MakeFilm = Callable[..., Path]


@pytest.fixture(scope="session")
def make_film(ffmpeg: str, tmp_path_factory: pytest.TempPathFactory) -> MakeFilm:
    """Make a film once: `make_film("x.mp4", "-c:v libx264 -g 25")`; `source` is what stands before that."""
    folder = tmp_path_factory.mktemp("films")
    moving = "-f lavfi -i testsrc2=size=160x90:rate=25:duration=5,format=yuv420p"

    def make(name: str, encoding: str, *, source: str = moving) -> Path:
        path = folder / name
        if not path.exists():
            command = f"{ffmpeg} -v error -nostdin -y {source} {encoding}".split()
            subprocess.run([*command, str(path)], check=True)
        return path

    return make
