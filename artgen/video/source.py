"""Opening a film: only local files, only containers of moving pictures, one video stream chosen."""

import stat
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import Any, cast

import av
from av.codec.context import CodecContext, ThreadType
from av.container import InputContainer
from av.container.core import Flags
from av.stream import Disposition
from av.video.codeccontext import VideoCodecContext
from av.video.stream import VideoStream

from artgen.errors import InputError, machine_faults

MAX_PIXELS = 16384 * 8192  # four times 8K; more is no film and would take gigabytes: no decoder opens for it
# Demuxers of films with times. Playlists (hls, concat, dash) name other files; they are left out.
_CONTAINERS = (
    "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,mpegts,mpeg,avi,flv,asf,ogg,mxf,nut,rm,wtv,dv,gxf,ivf,gif,"
    "yuv4mpegpipe,"
    "mp3,flac,wav,aac,ac3,aiff"  # sound: opened only to be told as such
)
_PICTURE_STARTS = (b"\xff\xd8\xff", b"\x89PNG\r\n", b"BM", b"II*\0", b"MM\0*")
_NOT_THE_FILM = (
    Disposition.attached_pic | Disposition.timed_thumbnails | Disposition.still_image | Disposition.dependent
)
_PREVIEW_AREA_RATIO = 4  # a stream so much smaller than another one is a preview of it
_INDEXED = ("mov", "matroska")  # seeking lands on the key frame before the time asked for
_SEEKABLE = (*_INDEXED, "mpegts")  # elsewhere times after a seek may differ from those of a straight read
# Codecs whose key frames begin decoding anew; in others seeking could change pictures.
_ANEW_FROM_KEYS = {
    "h264", "hevc", "vp8", "vp9", "av1", "mpeg1video", "mpeg2video", "mpeg4", "prores", "dnxhd", "mjpeg",
}  # fmt: skip
_JUMPING = ("mpegts", "mpeg")  # joined files and broadcasts begin time anew
_ALPHA_DECODERS = {"vp8": "libvpx", "vp9": "libvpx-vp9"}  # FFmpeg's own pass over transparency
# Times made up by looking ahead would differ from the order in which the decoder shows frames.
_MADE_UP_TIMES: int = cast(Any, Flags.gen_pts).value


class OpenFilm:
    """A film held open: its container, the one stream of pictures that is the film, and its decoder."""

    def __init__(self, path: Path, *, threads: int) -> None:
        """Open the file; `threads` 1 decodes on the calling thread, 0 on as many as help."""
        self.path, self._threads = path, threads
        self._open()
        self.time_base = self.stream.time_base or Fraction(1, 90_000)
        family = self.container.format.name.split(",")[0]
        self.is_indexed, self.may_jump = family in _INDEXED, family in _JUMPING
        self.is_seekable = family in _SEEKABLE and self.stream.codec.canonical_name in _ANEW_FROM_KEYS

    def _open(self) -> None:
        self.container = _opened(self.path, _checked_start(self.path))
        try:
            self.stream = _film_stream(self.path, self.container)
        except InputError:
            self.container.close()
            raise
        self.decoder = _decoder(self.stream, self._threads)

    def seek(self, pts: int) -> None:
        """Go to the key frame before `pts`, as nearly as the container can."""
        self.container.seek(pts, stream=self.stream)
        self.decoder.flush_buffers()

    def rewind(self) -> None:
        """Go back to the first packet, by opening anew: seeking may miss packets before the first key frame."""
        self.container.close()
        self._open()


@contextmanager
def open_film(path: Path, *, threads: int = 1) -> Iterator[OpenFilm]:
    """Open a local film and choose its video stream; closed when the block ends.

    Raises:
        InputError: missing, empty, a folder, not a film, without video.
        MachineError: it may not be read.
    """
    film = OpenFilm(path, threads=threads)
    try:
        yield film
    finally:
        film.container.close()


def _checked_start(path: Path) -> bytes:
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
                start = file.read(16)
    except (FileNotFoundError, NotADirectoryError) as fault:
        raise InputError(f"{path} does not exist; check the path of the film.") from fault
    if start.startswith(_PICTURE_STARTS) or start[8:12] == b"WEBP":
        raise InputError(f"{path} is a single picture, not a film; give a film file such as .mp4 or .mkv.")
    if start.startswith((b"#EXTM3U", b"ffconcat")):
        raise InputError(f"{path} is a playlist, not a film; name the film's own file.")
    return start


def _opened(path: Path, start: bytes) -> InputContainer:
    limits = {"protocol_whitelist": "file", "format_whitelist": _CONTAINERS, "max_pixels": str(MAX_PIXELS)}
    try:
        # The prefix keeps a name such as "http:x" or "concat:a|b" from being taken for a protocol.
        container = av.open(f"file:{path.absolute()}", "r", options=limits, metadata_errors="replace")
    except (av.error.FFmpegError, ValueError) as fault:
        if start[4:8] == b"ftyp":
            found = "is an MP4 or MOV file whose index cannot be read: it is cut short or damaged"
        else:
            found = "is not a film that artgen can read, or its head is damaged"
        raise InputError(
            f"{path} {found}; give a whole film file such as .mp4, .mkv, .mov or .ts."
        ) from fault
    container.flags &= ~_MADE_UP_TIMES
    return container


def _film_stream(path: Path, container: InputContainer) -> VideoStream:
    pictures = [stream for stream in container.streams.video if not stream.disposition & _NOT_THE_FILM]
    if not pictures:
        found = "only sound" if container.streams.audio else "no moving pictures"
        raise InputError(f"{path} has {found} in it; give a file with a video stream.")
    readable = [stream for stream in pictures if cast(Any, stream).codec_context is not None]
    if not readable:
        raise InputError(f"{path} holds video that cannot be decoded here; convert it to H.264 in .mp4.")
    largest = max(stream.width * stream.height for stream in readable)
    full = [s for s in readable if s.width * s.height * _PREVIEW_AREA_RATIO >= largest]
    return min(full, key=lambda s: (not s.disposition & Disposition.default, s.index))


def _decoder(stream: VideoStream, threads: int) -> VideoCodecContext:
    decoder = stream.codec_context
    with_alpha = _ALPHA_DECODERS.get(stream.codec.canonical_name)
    if stream.metadata.get("alpha_mode") == "1" and with_alpha in av.codecs_available:
        decoder = cast(VideoCodecContext, CodecContext.create(cast(Any, with_alpha), "r"))
    decoder.options = {"max_pixels": str(MAX_PIXELS)}
    decoder.thread_count = threads
    decoder.thread_type = ThreadType.NONE if threads == 1 else ThreadType.AUTO
    return decoder
