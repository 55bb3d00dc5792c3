"""What is not a readable film is refused in a sentence that says what was found and what to do."""

import os
import struct
import zlib
from pathlib import Path

import pytest
from helpers.memory import peak_memory_mb

from artgen.errors import InputError, MachineError
from artgen.video import probe

H264 = "-c:v libx264 -preset veryfast -g 25"
KEYS = (
    "-encryption_scheme cenc-aes-ctr -encryption_key 76a6c65c5ea762046bd749a2e632ccbb "
    "-encryption_kid a7e61c373e219033c21091fa607bf3b8"
)


def refusal(path: Path) -> str:
    with pytest.raises(InputError) as caught:
        probe(path)
    message = str(caught.value)
    assert str(path) in message
    assert message.endswith(".")
    return message


def png(width: int, height: int) -> bytes:
    """A PNG whose header claims a size that its few bytes of pixels do not have."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(bytes(1000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"", "is empty; copy the film again"),
        (b"dear diary, " * 100, "is not a film that artgen can read"),
        (bytes(100_000), "is not a film that artgen can read"),
        (b"#EXTM3U\n#EXTINF:5,\nother.ts\n", "is a playlist, not a film; name the film's own file"),
        (b"ffconcat version 1.0\nfile other.mp4\n", "is a playlist"),
        (b"\xff\xd8\xff\xe0" + bytes(100), "is a single picture, not a film"),
        (png(30_000, 30_000), "is a single picture, not a film"),
    ],
    ids=["empty", "text", "zeros", "hls", "concat", "jpeg", "huge png"],
)
def test_a_file_that_is_no_film(content: bytes, found: str, tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    path.write_bytes(content)

    assert found in refusal(path)


def test_a_missing_film(tmp_path: Path) -> None:
    assert "does not exist; check the path" in refusal(tmp_path / "gone.mp4")


def test_a_folder(tmp_path: Path) -> None:
    assert "is a folder, not a film; name the film's file" in refusal(tmp_path)


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.mp4")

    assert "is not an ordinary file" in refusal(tmp_path / "pipe.mp4")


@pytest.mark.parametrize("name", ["http://127.0.0.1:9/film.mp4", "concat:one.ts|two.ts", "data:video/mp4,x"])
def test_an_address_is_never_opened(name: str) -> None:
    assert "does not exist" in refusal(Path(name))


@pytest.mark.parametrize("name", ["concat:x", "http:x", "pipe:0"])
def test_a_name_like_a_protocol_is_a_file_all_the_same(name, make_film, tmp_path, monkeypatch) -> None:
    (tmp_path / name).write_bytes(make_film("plain.mp4", H264).read_bytes())
    monkeypatch.chdir(tmp_path)

    assert probe(Path(name)).codec == "h264"


def test_a_playlist_inside_a_film_file_name_opens_nothing_else(make_film, tmp_path: Path) -> None:
    other = make_film("plain.ts", H264)
    path = tmp_path / "film.mp4"
    path.write_text(f"\n#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\n{other}\n#EXT-X-ENDLIST\n")

    assert "is not a film" in refusal(path)


def test_sound_alone(make_film) -> None:
    tone = "-f lavfi -i sine=duration=1"

    for name in ("sound.m4a", "sound.mp3", "sound.wav"):
        assert "has only sound in it" in refusal(make_film(name, "", source=tone))


def test_sound_with_a_cover_is_still_sound_alone(make_film) -> None:
    sound = make_film("sound.m4a", "", source="-f lavfi -i sine=duration=1")
    cover = make_film("cover.png", "-frames:v 1", source="-f lavfi -i color=red:size=64x64")

    covered = make_film("covered.m4a", "-c copy -disposition:v attached_pic", source=f"-i {sound} -i {cover}")

    assert "has only sound in it" in refusal(covered)


def test_a_cover_is_not_the_film(make_film) -> None:
    film = make_film("plain.mp4", H264)
    cover = make_film("cover.png", "-frames:v 1", source="-f lavfi -i color=red:size=64x64")

    covered = make_film(
        "covered.mp4",
        "-map 0 -map 1 -c copy -disposition:v:0 attached_pic",
        source=f"-i {cover} -i {film}",
    )

    assert (probe(covered).codec, probe(covered).width) == ("h264", 160)


def test_the_first_full_video_stream_is_the_film(make_film) -> None:
    preview = make_film("preview.mp4", H264, source="-f lavfi -i testsrc=size=64x36:duration=1")
    film = make_film("plain.mp4", H264)

    both = make_film("both.mkv", "-map 0 -map 1 -c copy", source=f"-i {preview} -i {film}")

    assert probe(both).width == 160


def test_a_film_cut_short_before_its_index(make_film, tmp_path: Path) -> None:
    path = tmp_path / "short.mp4"
    path.write_bytes(make_film("plain.mp4", H264).read_bytes()[:20_000])

    assert "index cannot be read: it is cut short or damaged" in refusal(path)


def test_a_film_of_which_nothing_can_be_decoded(make_film, tmp_path: Path) -> None:
    data = bytearray(make_film("plain.mp4", H264).read_bytes())
    media = data.index(b"mdat") + 4
    data[media : data.index(b"moov") - 4] = bytes(data.index(b"moov") - 4 - media)
    path = tmp_path / "zeroed.mp4"
    path.write_bytes(data)

    assert "no picture can be decoded" in refusal(path)


def test_an_encrypted_film(make_film) -> None:
    assert "is encrypted" in refusal(make_film("encrypted.mp4", f"{H264} {KEYS}"))


def with_size(film: Path, sample_entry: bytes, size: bytes) -> bytes:
    """The bytes of a .mov with another size in its sample description."""
    data = film.read_bytes()
    place = data.index(sample_entry, data.index(b"stsd")) + 28
    assert data[place : place + 4] == struct.pack(">HH", 64, 64)
    return data[:place] + size + data[place + 4 :]


@pytest.mark.parametrize(("width", "height"), [(30_000, 30_000), (16_000, 10_000)])
def test_no_memory_is_taken_for_huge_pictures(width, height, make_film, tmp_path: Path) -> None:
    small = make_film("png.mov", "-c:v png", source="-f lavfi -i color=red:size=64x64:rate=1:duration=1")
    start = small.read_bytes().index(b"\x89PNG") + 12
    header = small.read_bytes()[start : start + 17]
    huge = header[:4] + struct.pack(">II", width, height) + header[12:]
    data = with_size(small, b"png ", struct.pack(">HH", width, height))
    path = tmp_path / "huge.mov"
    path.write_bytes(
        data.replace(
            header + struct.pack(">I", zlib.crc32(header)), huge + struct.pack(">I", zlib.crc32(huge))
        )
    )
    before_mb = peak_memory_mb()

    assert "beyond 134 million pixels" in refusal(path)
    assert peak_memory_mb() - before_mb < 100


def test_a_film_without_permission_is_the_machines_fault(make_film, tmp_path: Path) -> None:
    path = tmp_path / "private.mp4"
    path.write_bytes(make_film("plain.mp4", H264).read_bytes())
    path.chmod(0)
    administrator = os.geteuid() == 0
    if administrator:
        os.seteuid(65534)  # whom permissions bind
    try:
        with pytest.raises(MachineError, match="permission was denied"):
            probe(path)
    finally:
        if administrator:
            os.seteuid(0)


def test_nothing_is_printed(make_film, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    data = bytearray(make_film("plain.mp4", H264).read_bytes())
    data[2_000:9_000] = bytes(7_000)
    (tmp_path / "broken.mp4").write_bytes(data)

    probe(tmp_path / "broken.mp4")

    assert capfd.readouterr() == ("", "")
