"""Fetching from a real server on this machine, and the ways in which it goes wrong."""

import hashlib
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from artgen.errors import ModelError
from artgen.progress import Silent
from artgen.weights import WeightsEntry, WeightsFile, entry_of, fetch_weights, find_weights

CONTENT = bytes(range(256)) * 9000
SHA256 = hashlib.sha256(CONTENT).hexdigest()


@dataclass
class Server:
    """Serves CONTENT; `asked` are the paths it was asked for."""

    address: str = ""
    asked: list[str] = field(default_factory=list)
    said_sha256: str = SHA256
    sent_bytes: int = len(CONTENT)


@pytest.fixture
def server() -> Iterator[Server]:
    told = Server()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            told.asked.append(self.path)
            if self.path.startswith("/moved"):
                # As Hugging Face does for large files: the hash, and where they really lie.
                self.send_response(302)
                self.send_header("X-Linked-Etag", f'"{told.said_sha256}"')
                self.send_header("Location", "/files/model.onnx")
                self.end_headers()
            elif self.path.startswith("/files"):
                self.send_response(200)
                self.send_header("Content-Length", str(len(CONTENT)))
                self.end_headers()
                self.wfile.write(CONTENT[: told.sent_bytes])
            else:
                self.send_error(404)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        threading.Thread(target=http.serve_forever, args=(0.02,), daemon=True).start()
        told.address = f"http://127.0.0.1:{http.server_port}"
        yield told
        http.shutdown()


def entry(source: str, *, sha256: str | None = SHA256, size: int | None = len(CONTENT)) -> WeightsEntry:
    return replace(entry_of("yunet"), id="m", source=source, files=(WeightsFile("model.onnx", size, sha256),))


def fetch(entry: WeightsEntry, into: Path, *, timeout_s: float = 5.0, offline: bool = False) -> Path:
    return fetch_weights(entry, progress=Silent(), offline=offline, into=into, timeout_s=timeout_s)


def test_a_fetched_model_is_whole_and_found_again(server: Server, tmp_path: Path) -> None:
    wanted = entry(f"{server.address}/files")
    path = fetch(wanted, tmp_path)
    assert path == tmp_path / "m" / "model.onnx"
    assert path.read_bytes() == CONTENT
    assert (tmp_path / "m" / "model.onnx.sha256").read_text() == f"{SHA256}  model.onnx\n"
    assert find_weights(wanted, folders=[tmp_path]) == path


def test_what_is_there_is_not_fetched_again(server: Server, tmp_path: Path) -> None:
    wanted = entry(f"{server.address}/files")
    assert fetch(wanted, tmp_path) == fetch(wanted, tmp_path)
    assert server.asked == ["/files/model.onnx"]


def test_progress_is_told_in_steps_of_a_megabyte(server: Server, tmp_path: Path) -> None:
    told: list[tuple[str, float | None]] = []

    class Watching(Silent):
        def over(self, items, label, *, total=None, done=0):  # type: ignore[no-untyped-def]
            told.append((label, total))
            yield from items

    fetch_weights(entry(f"{server.address}/files"), progress=Watching(), offline=False, into=tmp_path)
    assert told == [("fetching m", 3)]


def test_another_file_than_the_registry_means_is_not_kept(server: Server, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=f"came with the SHA-256 {SHA256}, not {'0' * 64}, and was not kept"):
        fetch(entry(f"{server.address}/files", sha256="0" * 64), tmp_path)
    assert not [path for path in (tmp_path / "m").iterdir() if path.name.startswith(("model", ".model"))]


def test_where_the_registry_knows_no_hash_the_servers_counts(server: Server, tmp_path: Path) -> None:
    wanted = entry(f"{server.address}/moved", sha256=None, size=None)
    assert fetch(wanted, tmp_path / "a").read_bytes() == CONTENT
    server.said_sha256 = "1" * 64
    with pytest.raises(ModelError, match=f"not {'1' * 64}"):
        fetch(wanted, tmp_path / "b")


def test_a_transfer_that_breaks_off_leaves_nothing(server: Server, tmp_path: Path) -> None:
    server.sent_bytes = 1_500_000
    with pytest.raises(ModelError, match=r"came with 1500000 bytes, not 2304000|stopped arriving"):
        fetch(entry(f"{server.address}/files", sha256=None), tmp_path)
    assert not [path for path in (tmp_path / "m").iterdir() if path.name.startswith(("model", ".model"))]


def test_a_server_that_sends_more_than_the_file_has_is_cut_off(server: Server, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="not 1000; fetch it again"):
        fetch(entry(f"{server.address}/files", sha256=None, size=1000), tmp_path)


def test_a_missing_file_names_address_reason_and_remedy(server: Server, tmp_path: Path) -> None:
    with pytest.raises(
        ModelError, match=r"m could not be fetched from .*/gone/model\.onnx \(HTTP Error 404"
    ) as fault:
        fetch(entry(f"{server.address}/gone"), tmp_path)
    assert "put its files (model.onnx) into" in str(fault.value)


def test_an_address_nobody_answers_at_costs_five_seconds(tmp_path: Path) -> None:
    start = time.monotonic()
    with pytest.raises(ModelError, match="could not be fetched"):
        fetch(entry("http://192.0.2.1"), tmp_path)
    assert time.monotonic() - start < 6


def test_a_server_that_takes_the_call_and_is_silent_is_given_up(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        start = time.monotonic()
        with pytest.raises(ModelError, match=r"no answer within 0\.3 s"):
            fetch(entry(f"http://127.0.0.1:{silent.getsockname()[1]}"), tmp_path, timeout_s=0.3)
        assert time.monotonic() - start < 2


def test_a_name_look_up_that_hangs_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    released = threading.Event()

    def hang(*_: object, **__: object) -> None:
        released.wait(20)
        raise OSError("released")

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    start = time.monotonic()
    with pytest.raises(ModelError, match=r"no answer within 0\.3 s"):
        fetch(entry("https://models.example"), tmp_path, timeout_s=0.3)
    assert time.monotonic() - start < 2
    released.set()


def test_offline_never_touches_the_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    touched: list[str] = []
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: touched.append("name"))
    monkeypatch.setattr(socket.socket, "connect", lambda *_: touched.append("connect"))
    with pytest.raises(
        ModelError, match=r"the network is switched off; allow the network \(unset ARTGEN_OFFLINE\)"
    ):
        fetch(entry_of("vit-b-32-datacomp-xl"), tmp_path, offline=True)
    assert touched == []


@pytest.mark.parametrize(
    ("id", "remedy"),
    [
        ("dlib-face-vectors", "comes with a package .* run `pip install face_recognition_models==0.3.0`"),
        ("pp-ocrv6-text", "comes with a package .* run `pip install --no-deps rapidocr==3.10.0`"),
        ("artgen-faces", "comes with artgen and is not fetched; where it is missing, install artgen again"),
    ],
)
def test_what_comes_with_a_package_is_not_fetched(id: str, remedy: str, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=remedy):
        fetch(entry_of(id), tmp_path)
