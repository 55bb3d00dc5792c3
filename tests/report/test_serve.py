"""The served report answers the person at this machine, and nobody else, with nothing but the report."""

import http.client
import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest

from artgen.clip import load_encoder
from artgen.errors import UsageError
from artgen.folder import FramesFolder, read_json, read_lines, write_json
from artgen.progress import Silent
from artgen.records import Still, Tagging
from artgen.report import open_server, serve_report, write_report
from artgen.review import read_review
from artgen.tag.vectors import write_vectors

FILM = "ab" * 32
REMARK = {
    "film_sha256": FILM,
    "still": "00h00m02.000s",
    "verdict": "up",
    "at": "2026-01-31T12:00:00Z",
    "note": "yes",
}


@pytest.fixture
def server(title: Path) -> Iterator[ThreadingHTTPServer]:
    write_report(title / "catalog.json", progress=Silent())
    with open_server(title / "report", frames=title / "frames", progress=Silent()) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield running
        running.shutdown()


def ask(
    server: ThreadingHTTPServer, path: str, *, body: object = None, method: str | None = None, **headers: str
) -> tuple[int, bytes, http.client.HTTPMessage]:
    """Status, content and head of an answer; headers are named with _ for -, given as None to leave them out."""
    port = server.server_address[1]
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    own = {"Host": f"127.0.0.1:{port}"}
    if body is not None:
        own |= {"Origin": f"http://127.0.0.1:{port}", "Content-Type": "application/json"}
    sent = own | {name.replace("_", "-"): value for name, value in headers.items()}
    content = None if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
    connection.putrequest(
        method or ("GET" if body is None else "POST"), path, skip_host=True, skip_accept_encoding=True
    )
    for name, value in sent.items():
        connection.putheader(name, value)
    if content is not None and "Content-Length" not in sent:
        connection.putheader("Content-Length", str(len(content)))
    connection.endheaders(content)
    answer = connection.getresponse()
    found = answer.status, answer.read(), answer.headers
    connection.close()
    return found


def test_the_page_and_its_files_are_given(server: ThreadingHTTPServer, title: Path) -> None:
    status, page, head = ask(server, "/")

    assert (status, page) == (200, (title / "report" / "index.html").read_bytes())
    assert head["Content-Type"] == "text/html; charset=utf-8"
    assert head["X-Content-Type-Options"] == "nosniff"
    picture = next((title / "report" / "pictures").glob("*.jpg"))
    for file in ("base.js", "report.css", "icon.svg", f"pictures/{picture.name}"):
        assert ask(server, f"/{file}")[:2] == (200, (title / "report" / file).read_bytes())


@pytest.mark.parametrize(
    "path",
    [
        "/../catalog.json", "/pictures/../../catalog.json", "/%2e%2e/catalog.json", "/..%2fcatalog.json",
        "//etc/passwd", "/pictures/%2e%2e/index.html", "/pictures/..\\index.html", "/.lock", "/pictures", "/pictures/",
        "/secret.jpg", "/pictures/link.jpg/", "/api", "/api/other", "/base.js/", "/pictures/a\x00.jpg",
    ],
)  # fmt: skip
def test_nothing_else_is_given(server: ThreadingHTTPServer, title: Path, path: str) -> None:
    (title / "report" / "secret.jpg").write_bytes(b"secret")

    status, answer, _ = ask(server, path.replace("\x00", "%00"))

    assert status == 404
    assert b"secret" not in answer


def test_it_listens_on_this_machine_alone(server: ThreadingHTTPServer) -> None:
    assert server.server_address[0] == "127.0.0.1"


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:80", "127.0.0.1", "127.0.0.1.evil.example:{port}", "", "[::1]:{port}"],
)
def test_a_name_that_leads_here_is_refused(server: ThreadingHTTPServer, host: str) -> None:
    named = host.format(port=server.server_address[1])

    assert ask(server, "/", Host=named)[0] == 403
    assert ask(server, "/api/search?words=dog", Host=named)[0] == 403
    assert ask(server, "/api/review", body=REMARK, Host=named, Origin=f"http://{named}")[0] == 403


def test_localhost_is_this_machine_too(server: ThreadingHTTPServer) -> None:
    assert ask(server, "/", Host=f"localhost:{server.server_address[1]}")[0] == 200


def test_remarks_are_written_and_hold(server: ThreadingHTTPServer, title: Path) -> None:
    assert ask(server, "/api/review", body=REMARK)[0] == 200
    assert (
        ask(server, "/api/review", body=REMARK | {"verdict": "down", "at": "2026-01-31T12:00:01Z"})[0] == 200
    )

    review = read_review(FramesFolder(title / "frames"), film_sha256=FILM)
    assert review.refused == {"00h00m02.000s"}
    assert len((title / "frames" / "review.jsonl").read_text().splitlines()) == 2


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Content_Type": "text/plain"},
        {"Content_Type": "multipart/form-data"},
    ],
)
def test_remarks_of_other_pages_are_refused(
    server: ThreadingHTTPServer, title: Path, headers: dict[str, str]
) -> None:
    assert ask(server, "/api/review", body=REMARK, **headers)[0] == 403
    assert not (title / "frames" / "review.jsonl").exists()


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (REMARK | {"still": "../x"}, 422), (REMARK | {"film_sha256": "cd" * 32}, 422), (REMARK | {"note": "x" * 4001}, 422),
        ([], 422), (b"\xff", 422), (b"", 413), (b"{" + b" " * 50_000 + b"}", 413),
    ],
)  # fmt: skip
def test_what_is_no_remark_is_refused(
    server: ThreadingHTTPServer, title: Path, body: object, status: int
) -> None:
    found, answer, _ = ask(server, "/api/review", body=body)

    assert found == status
    assert json.loads(answer)["error"]
    assert not (title / "frames" / "review.jsonl").exists()


def test_other_methods_and_lengths_are_refused(server: ThreadingHTTPServer) -> None:
    assert ask(server, "/", method="DELETE")[0] == 501
    assert ask(server, "/api/review", body=REMARK, Content_Length="-5")[0] == 413
    assert ask(server, "/api/review", body=REMARK, Content_Length="9" * 30)[0] == 413
    assert ask(server, "/api/other", body=REMARK)[0] == 404


def test_any_words_are_searched_for_with_the_model(server: ThreadingHTTPServer, title: Path) -> None:
    folder = FramesFolder(title / "frames")
    encoder = load_encoder("artgen-compact", precision="fp32", device="cpu", offline=True, note=print)
    tagging = read_json(folder.tagging, Tagging)
    write_json(folder.tagging, replace(tagging, models=(encoder.used,), settings={"model": "artgen-compact"}))
    ids = [still.id for still in read_lines(folder.stills, Still)][:2]
    vectors = encoder.texts(["a photo of a dog running on grass", "a photo of a city street at night"])
    write_vectors(
        folder.embeddings, {"still": ids, "model": ["artgen-compact"] * 2}, vectors.astype("float16")
    )

    status, answer, _ = ask(server, "/api/search?words=a%20street%20in%20a%20city")

    assert status == 200
    assert [hit["still"] for hit in json.loads(answer)["hits"]] == [ids[1], ids[0]]
    assert ask(server, "/api/search?words=")[0] == 422


def test_a_model_that_is_missing_is_said_in_a_sentence(server: ThreadingHTTPServer) -> None:
    status, answer, _ = ask(server, "/api/search?words=dog")

    assert status == 422
    assert "toy" in json.loads(answer)["error"]


def test_a_port_that_is_taken_is_said(server: ThreadingHTTPServer, title: Path) -> None:
    made = write_report(title / "catalog.json", progress=Silent())

    with pytest.raises(UsageError, match="choose another with --port"):
        serve_report(made, port=server.server_address[1], progress=Silent())
