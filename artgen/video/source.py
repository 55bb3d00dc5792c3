"""Opening a film: only local files, only containers of moving pictures, one video stream chosen."""

import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import av
from av.container import InputContainer
from av.container.core import Flags
from av.stream import Disposition
from av.video.stream import VideoStream

from artgen.errors import InputError, machine_faults

# Demuxers of films with times. Playlists (hls, concat, dash) name other files; they are left out.
_CONTAINERS = (
    "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,mpegts,mpeg,avi,flv,asf,ogg,mxf,nut,rm,wtv,dv,gxf,ivf,gif,"
    "yuv4mpegpipe"
)
_NOT_THE_FILM = (
    Disposition.attached_pic | Disposition.timed_thumbnails | Disposition.still_image | Disposition.dependent
)
_PREVIEW_AREA_RATIO = 4  # a stream so much smaller than another one is a preview of it
# Times made up by looking ahead would differ from the order in which the decoder shows frames.
_MADE_UP_TIMES: int = cast(Any, Flags.gen_pts).value
MAX_SIDE = 16384  # twice the sides of 8K; more is not film and would take gigabytes a picture


@dataclass(frozen=True, slots=True)
class OpenFilm:
    """A film held open: its container and the one stream of pictures that is the film."""

    path: Path
    container: InputContainer
    stream: VideoStream


@contextmanager
def open_film(path: Path) -> Iterator[OpenFilm]:
    """Open a local film and choose its video stream; closed when the block ends.

    Raises:
        InputError: missing, empty, a folder, not a film, without video, encrypted, or beyond the size limit.
        MachineError: it may not be read.
    """
    _check_file(path)
    container = _opened(path)
    try:
        yield OpenFilm(path, container, _film_stream(path, container))
    finally:
        container.close()


def _check_file(path: Path) -> None:
    try:
        with machine_faults(path):
            status = path.stat()
            if stat.S_ISDIR(status.st_mode):
                raise InputError(f"{path} is a folder, not a film; name the film's file.")
            if not stat.S_ISREG(status.st_mode):
                raise InputError(f"{path} is not an ordinary file; copy the film to a file first.")
            if status.st_size == 0:
                raise InputError(f"{path} is empty; copy the film again.")
            with open(path, "rb") as file:
                file.read(1)
    except (FileNotFoundError, NotADirectoryError) as fault:
        raise InputError(f"{path} does not exist; check the path of the film.") from fault


def _opened(path: Path) -> InputContainer:
    limits = {"protocol_whitelist": "file", "format_whitelist": _CONTAINERS}
    try:
        with machine_faults(path):
            # The prefix keeps a name such as "http:x" or "concat:a|b" from being taken for a protocol.
            container = av.open(f"file:{path.absolute()}", "r", options=limits, metadata_errors="replace")
    except (av.error.FFmpegError, ValueError) as fault:
        raise InputError(
            f"{path} is not a film that artgen can read, or it is cut short or damaged at its head "
            f"({getattr(fault, 'strerror', fault)}); give a film file such as .mp4, .mkv, .mov or .ts."
        ) from fault
    container.flags &= ~_MADE_UP_TIMES
    return container


def _film_stream(path: Path, container: InputContainer) -> VideoStream:
    pictures = [stream for stream in container.streams.video if not stream.disposition & _NOT_THE_FILM]
    if not pictures:
        found = "only sound" if container.streams.audio else "no moving pictures"
        raise InputError(f"{path} has {found} in it; give a file with a video stream.")
    for stream in pictures:
        _refuse_encrypted(path, stream)
    readable = [stream for stream in pictures if stream.codec_context is not None]
    if not readable:
        raise InputError(
            f"{path} holds video that cannot be decoded here; convert it, for example to H.264 in .mp4."
        )
    stream = _main_stream(readable)
    if max(stream.width, stream.height) > MAX_SIDE:
        raise InputError(
            f"{path} has pictures of {stream.width}x{stream.height}, the limit is {MAX_SIDE} a side; "
            "scale it down first."
        )
    return stream


def _main_stream(streams: list[VideoStream]) -> VideoStream:
    largest = max(stream.width * stream.height for stream in streams)
    full = [s for s in streams if s.width * s.height * _PREVIEW_AREA_RATIO > largest]
    return min(full, key=lambda s: (not s.disposition & Disposition.default, s.index))


def _refuse_encrypted(path: Path, stream: VideoStream) -> None:
    if (stream.codec_tag or "").lower().startswith("encv"):
        raise InputError(f"{path} is encrypted; give a copy without copy protection.")
