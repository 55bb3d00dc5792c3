"""Films to measure on: repeated or shortened without encoding them again, and the times of their frames."""

import math
import shutil
import subprocess
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path


@dataclass(frozen=True, slots=True)
class FilmFacts:
    """What a film is, as far as its cost depends on it."""

    name: str
    seconds: float
    frames: int
    width: int
    height: int
    codec: str


def ffmpeg_program() -> str:
    """The ffmpeg program: one on PATH, else that of the package imageio-ffmpeg.

    Raises:
        RuntimeError: there is neither.
    """
    if found := shutil.which("ffmpeg"):
        return found
    try:
        import imageio_ffmpeg
    except ModuleNotFoundError:
        raise RuntimeError("No ffmpeg on PATH; install it, or the package imageio-ffmpeg.") from None
    return str(imageio_ffmpeg.get_ffmpeg_exe())


def film_facts(film: Path) -> FilmFacts:
    """Read what a film is, counting its packets."""
    import av

    with av.open(str(film)) as container:
        stream = container.streams.video[0]
        base = stream.time_base or Fraction(1, 90_000)
        times = [packet.pts for packet in container.demux(stream) if packet.pts is not None]
        rate = stream.average_rate or stream.guessed_rate or Fraction(25)
        return FilmFacts(
            name=film.name,
            seconds=round(float((max(times) - min(times)) * base + 1 / rate), 3),
            frames=len(times),
            width=stream.width,
            height=stream.height,
            codec=stream.codec_context.name,
        )


def frame_numbers(film: Path) -> dict[int, int]:
    """The number, from 0 in the order of showing, of the frame with each pts; all frames are decoded."""
    import av

    with av.open(str(film)) as container:
        stream = container.streams.video[0]
        stream.thread_type = "AUTO"
        times = [frame.pts for frame in container.decode(stream) if frame.pts is not None]
    return {pts: number for number, pts in enumerate(sorted(set(times)))}


def lengthened(film: Path, into: Path, *, minutes: float) -> Path:
    """The film's pictures repeated, then cut, to a length; nothing is encoded again, sound is left out.

    A film that is there already from an earlier run is taken as it is.
    """
    made = into / f"{film.stem}-{minutes:g}min.mkv"
    if made.exists():
        return made
    times = math.ceil(minutes * 60 / film_facts(film).seconds)
    listed = into / f"{made.stem}.txt"
    quoted = str(film.resolve()).replace("'", r"'\''")
    listed.write_text(f"file '{quoted}'\n" * times, encoding="utf-8")
    unfinished = into / f"unfinished-{made.name}"
    command = [ffmpeg_program(), "-v", "error", "-y", "-f", "concat", "-safe", "0", "-i", str(listed)]
    command += ["-map", "0:v:0", "-t", str(minutes * 60), "-c", "copy", str(unfinished)]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
    listed.unlink()
    return unfinished.rename(made)
