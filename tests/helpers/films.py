"""Films of known content for the tests of the stages, encoded by the ffmpeg program."""

import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]


def scenery(seed: int, *, width: int, height: int) -> Picture:
    """A sharp picture of colored shapes and texture that no other seed resembles."""
    random = np.random.default_rng(seed)
    coarse = random.integers(40, 215, (5, 8, 3), np.uint8)
    picture = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
    for _ in range(60):
        x, y = (int(value) for value in random.integers(0, (width, height)))
        color = tuple(int(value) for value in random.integers(20, 235, 3))
        cv2.circle(picture, (x, y), int(random.integers(6, height // 7)), color, -1, cv2.LINE_AA)
    grain = random.normal(0, 2, (height, width, 1))
    return np.clip(picture + grain, 0, 255).astype(np.uint8)


def drifting(seed: int, frames: int, *, width: int = 320, height: int = 180) -> Iterator[Picture]:
    """One shot: the camera drifts over a scenery, a pixel a frame."""
    wide = scenery(seed, width=width + frames, height=height)
    for offset in range(frames):
        yield np.ascontiguousarray(wide[:, offset : offset + width])


def encode(
    path: Path, pictures: Iterable[Picture], ffmpeg: str, *, rate: int = 25, options: tuple[str, ...] = ()
) -> Path:
    """Write pictures (all of one size) as an H.264 film; `options` go before the output's name."""
    rows = iter(pictures)
    first = next(rows)
    height, width = first.shape[:2]
    command = [ffmpeg, "-y", "-v", "error", "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{width}x{height}"]
    command += ["-r", str(rate), "-i", "-", "-c:v", "libx264", "-preset", "veryfast", "-crf", "18"]
    command += ["-pix_fmt", "yuv420p", *options, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as program:
        assert program.stdin is not None
        program.stdin.write(first.tobytes())
        for picture in rows:
            program.stdin.write(picture.tobytes())
        program.stdin.close()
        assert program.wait() == 0
    return path
