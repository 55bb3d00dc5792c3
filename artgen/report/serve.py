"""The report on this machine's own address, where it answers searches in any words and keeps what is said of stills.

Only for the person at this machine: it listens on 127.0.0.1, answers only requests addressed to it by that name (so that
no website can reach it by a name of its own that leads here), takes remarks only from its own page, and gives out
only the files that the report is made of.
"""

import re
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import msgspec

from artgen.errors import ArtgenError, UsageError
from artgen.folder import FramesFolder, read_title
from artgen.progress import Progress
from artgen.report.page import asset_names
from artgen.report.pictures import FOLDER
from artgen.report.stage import INDEX, Reported
from artgen.review import MOST_NOTE, add_remarks, decode_remark
from artgen.search import Searcher, open_searcher

ADDRESS = "127.0.0.1"
MOST_HITS = 500
MOST_BODY = 8 * MOST_NOTE + 4096  # bytes of one remark: a note may be all escapes
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".jpg": "image/jpeg",
}
_PICTURE = re.compile(rf"{FOLDER}/[\w.-]{{1,120}}\.jpg")


class _Desk:
    """What the requests share: the report's folder, the frames folder, and a model that is loaded at the first search."""

    def __init__(self, report: Path, frames: Path, *, model: str, device: str, progress: Progress) -> None:
        self.report = report
        self.frames = FramesFolder(frames)
        self.film_sha256 = read_title(self.frames).film.sha256
        self._open = partial(open_searcher, frames, model=model, device=device, progress=progress)
        self._searcher: Searcher | None = None
        self.lock = threading.Lock()  # the encoder is for one at a time, and so is review.jsonl

    def search(self, words: str) -> bytes:
        with self.lock:
            if self._searcher is None:
                self._searcher = self._open()
            return msgspec.json.encode(self._searcher.by_words(words, most=MOST_HITS))

    def remark(self, body: bytes) -> bytes:
        remark = decode_remark(body, film_sha256=self.film_sha256, where="The remark")
        with self.lock:
            add_remarks(self.frames, [remark])
        return b"{}"


def open_server(
    report: Path,
    *,
    frames: Path,
    model: str = "auto",
    device: str = "auto",
    port: int = 0,
    progress: Progress,
) -> "_Server":
    """A server of one report, listening already; `serve_forever` answers, `server_address` has the port.

    Args:
        report: the folder that write_report wrote.
        frames: the frames folder, for searches and review.jsonl.
        model: see open_searcher.
        device: see load_encoder.
        port: 0 takes a free one.
        progress: told when the model is loaded.

    Raises:
        InputError: the frames folder is not sound.
        OSError: the port is taken.
    """
    desk = _Desk(report, frames, model=model, device=device, progress=progress)

    class Handler(_Handler):
        shared = desk

    return _Server((ADDRESS, port), Handler, progress)


def serve_report(made: Reported, *, port: int = 0, progress: Progress) -> None:
    """Show a report that write_report made, until interrupted.

    Raises:
        UsageError: the port is taken, or not for this user.
        KeyboardInterrupt: never; it ends the showing.
    """
    try:
        server = open_server(
            Path(made.report).parent, frames=Path(made.frames_folder), port=port, progress=progress
        )
    except OSError as fault:
        raise UsageError(
            f"Port {port} cannot be used ({fault.strerror}); choose another with --port."
        ) from fault
    with server:
        progress.note(f"Look at http://{ADDRESS}:{server.server_address[1]}/ and end with Ctrl-C.")
        with suppress(KeyboardInterrupt):
            server.serve_forever()


class _Server(ThreadingHTTPServer):
    """A server whose faults are sentences: a browser that went away is none, the rest are defects of ours."""

    daemon_threads = True

    def __init__(self, address: tuple[str, int], handler: type["_Handler"], progress: Progress) -> None:
        self._progress = progress
        super().__init__(address, handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say what went wrong while a request was answered; the others go on."""
        fault = sys.exception()
        if not isinstance(fault, ConnectionError | TimeoutError):
            self._progress.note(
                f"This is a defect of artgen ({type(fault).__name__}: {fault}). Please report it."
            )


class _Handler(BaseHTTPRequestHandler):
    """One request."""

    shared: _Desk
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "artgen", ""
    timeout = 30  # seconds a silent client may hold a thread

    def do_GET(self) -> None:
        """A file of the report, or the answer to a search."""
        if not self._is_for_us():
            return
        place = urlsplit(self.path)
        if place.path == "/api/hello":
            self._answer(b'{"search":true}', "application/json")
        elif place.path == "/api/search":
            words = parse_qs(place.query).get("words", [""])[0]
            self._attempt(lambda: self.shared.search(words))
        else:
            self._file(place.path.lstrip("/") or INDEX)

    def do_POST(self) -> None:
        """One remark, from this report's own page."""
        if not self._is_for_us():
            return
        own = f"http://{self.headers.get('Host', '')}"
        if self.headers.get("Origin") != own or self.headers.get_content_type() != "application/json":
            self._refuse(HTTPStatus.FORBIDDEN, "Remarks are taken from the report's own page.")
        elif self.path != "/api/review":
            self._refuse(HTTPStatus.NOT_FOUND, "There is nothing here.")
        elif not 0 < (length := self._length()) <= MOST_BODY:
            self._refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"A remark has up to {MOST_BODY} bytes.")
        else:
            body = self.rfile.read(length)
            self._attempt(lambda: self.shared.remark(body))

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: the terminal is for the person."""

    def _is_for_us(self) -> bool:
        port = self.connection.getsockname()[1]
        if self.headers.get("Host") in {f"{ADDRESS}:{port}", f"localhost:{port}"}:
            return True
        self._refuse(HTTPStatus.FORBIDDEN, f"This is http://{ADDRESS}:{port}/ alone.")
        return False

    def _length(self) -> int:
        text = self.headers.get("Content-Length", "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0

    def _attempt(self, work: Callable[[], bytes]) -> None:
        try:
            answer = work()
        except ArtgenError as fault:
            self._refuse(HTTPStatus.UNPROCESSABLE_ENTITY, str(fault))
        else:
            self._answer(answer, "application/json")

    def _file(self, name: str) -> None:
        """A file is found by its name among those of a report; a path never leads anywhere else."""
        known = name == INDEX or name in asset_names() or _PICTURE.fullmatch(name)
        path = self.shared.report / name
        if not known or not path.is_file():
            self._refuse(HTTPStatus.NOT_FOUND, "There is nothing here.")
        else:
            self._answer(path.read_bytes(), TYPES[path.suffix])

    def _refuse(self, status: HTTPStatus, sentence: str) -> None:
        self.close_connection = True  # a body may be left unread
        self._answer(msgspec.json.encode({"error": sentence}), "application/json", status)

    def _answer(self, body: bytes, kind: str, status: HTTPStatus = HTTPStatus.OK) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("X-Frame-Options", "DENY")
        self.send_header("Cross-Origin-Resource-Policy", "same-origin")
        self.send_header("Cache-Control", "no-store")
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)
