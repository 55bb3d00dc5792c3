"""Make samples/sample.mp4 and samples/sample.shots.csv: 48 seconds called "Ascent".

    pip install scikit-image imageio-ffmpeg
    python samples/make_sample.py

scikit-image brings the photographs (public domain or CC0, see samples/README.md), imageio-ffmpeg the encoder.
"""

import csv
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import imageio_ffmpeg
import numpy as np
import scenes
from canvas import HEIGHT, WIDTH, Picture
from scenes import Scene

FOLDER = Path(__file__).resolve().parent
FRAME_RATE = 25
GRAIN = 0.009  # standard deviation of the film grain, of white
TAGS = "setparams=colorspace=bt709:color_primaries=bt709:color_trc=bt709:range=tv"
ENCODE = f"""
    -v error -y -f rawvideo -pix_fmt rgb24 -s {WIDTH}x{HEIGHT} -r {FRAME_RATE} -i -
    -vf scale=out_color_matrix=bt709:out_range=tv:flags=accurate_rnd,format=yuv420p,{TAGS}
    -c:v libx264 -preset slow -crf 24 -g 125 -threads 1 -movflags +faststart -bitexact
"""
BLACK_FRAMES = 8  # between the two halves of a fade
EDIT = (  # scene, how many frames it is alone on the screen, how the next one follows, over how many frames
    (scenes.dawn, 84, "fade", 40),
    (scenes.title, 56, "fade", 40),
    (scenes.cat, 66, "cut", 0),
    (scenes.coffee, 62, "cut", 0),
    (scenes.portrait, 80, "cut", 0),
    (scenes.cameraman, 60, "cut", 0),
    (scenes.rocket_at_dusk, 62, "dissolve", 24),
    (scenes.at_the_pad, 72, "cut", 0),
    (scenes.launch, 84, "cut", 0),
    (scenes.above_the_clouds, 64, "cut", 0),
    (scenes.earth, 76, "dissolve", 30),
    (scenes.deep_field, 62, "cut", 0),
    (scenes.in_orbit, 78, "fade", 48),
    (scenes.credits_card, 60, "fade", 32),
)


@dataclass(frozen=True, slots=True)
class Shot:
    """A scene's place in the film: frames `full` to `leaving` show it alone, it comes and goes around them."""

    scene: Scene
    begin: int
    full: int
    leaving: int
    gone: int

    def weight(self, frame: int) -> float:
        """How much of the picture it is at a frame, 0..1."""
        comes = (frame - self.begin + 1) / (self.full - self.begin + 1)
        goes = (self.gone - frame) / (self.gone - self.leaving + 1)
        return min(max(min(comes, goes), 0), 1)


def shots() -> list[Shot]:
    """The shots of the edit; the film comes out of black and ends in it."""
    placed, begin, full = [], BLACK_FRAMES, BLACK_FRAMES + 16
    for scene, frames, kind, lead in EDIT:
        leaving = full + frames
        overlap = lead if kind == "dissolve" else (lead - BLACK_FRAMES) // 2 if kind == "fade" else 0
        placed.append(Shot(scene, begin, full, leaving, leaving + overlap))
        begin, full = leaving + lead - overlap, leaving + lead
    return placed


def pictures() -> Iterator[Picture]:
    """The film, picture by picture, without its grain."""
    edited = shots()
    for frame in range(edited[-1].gone + BLACK_FRAMES):
        picture = np.zeros((HEIGHT, WIDTH, 3), np.float32)
        for shot in edited:
            if weight := shot.weight(frame):
                picture = picture + weight * shot.scene((frame - shot.begin) / FRAME_RATE)
        yield picture


def boundaries() -> Iterator[tuple[str, int, int]]:
    """Kind, last frame wholly of the old shot, first wholly of the new; the film's own ends are none."""
    for (_, _, kind, _), old, new in zip(EDIT, shots(), shots()[1:], strict=False):
        yield kind, old.leaving - 1, new.full


def main() -> None:
    """Write the film and its boundaries."""
    with open(FOLDER / "sample.shots.csv", "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerows([("kind", "last_frame", "first_frame"), *boundaries()])
    grain = np.random.default_rng(0)
    command = [imageio_ffmpeg.get_ffmpeg_exe(), *ENCODE.split(), str(FOLDER / "sample.mp4")]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as encoder:
        assert encoder.stdin
        for picture in pictures():
            grainy = picture + GRAIN * grain.standard_normal((HEIGHT, WIDTH, 1), np.float32)
            encoder.stdin.write((np.clip(grainy, 0, 1) * 255 + 0.5).astype(np.uint8).tobytes())
        encoder.stdin.close()
    if encoder.returncode:
        raise SystemExit("The encoder failed; its message is above.")


if __name__ == "__main__":
    main()
