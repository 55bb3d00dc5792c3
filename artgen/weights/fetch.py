"""Fetching weights: bounded when there is no network, checked before they count as there."""

import hashlib
import http.client
import re
import threading
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from artgen import __version__
from artgen.errors import ModelError
from artgen.folder import held, write_through, write_whole
from artgen.progress import Progress
from artgen.weights.places import fetched_folder
from artgen.weights.registry import WeightsEntry, WeightsFile

CONNECT_S = 5.0
_STALL_S = 30.0
_CHUNK_BYTES = 1 << 20


def fetch_weights(
    entry: WeightsEntry,
    *,
    progress: Progress,
    offline: bool,
    into: Path | None = None,
    timeout_s: float = CONNECT_S,
) -> Path:
    """Bring an entry's files to `into`/ID (by default among the fetched models) and return the weights file.

    Files that are already there and whole are kept. Each file appears only after its size and SHA-256 were
    checked against the registry, or where that knows none, against what the server says of them; the SHA-256
    is noted beside it. Without a network this takes at most `timeout_s`, name look-up included.

    Raises:
        ModelError: offline, no network, no such file, or not the file the registry means.
        MachineError: the disk is full or may not be written, or another artgen is fetching the same model.
    """
    if not entry.fetchable:
        raise ModelError(
            f"{entry.id} comes with {'artgen' if entry.install is None else 'a package'} and is not fetched; where it "
            f"is missing, {'install artgen again' if entry.install is None else f'run `{entry.install}`'}."
        )
    if offline:
        raise ModelError(
            f"{entry.id} is not on this machine and the network is switched off; allow the network "
            f"(unset ARTGEN_OFFLINE) and run `artgen models fetch {entry.id}`, or use --model artgen-compact."
        )
    folder = (into or fetched_folder()) / entry.id
    with held(folder):
        for file in entry.files:
            if not (folder / file.name).is_file():
                _fetch_file(entry, file, folder / file.name, progress, timeout_s)
    return folder / entry.files[0].name


def _fetch_file(
    entry: WeightsEntry, file: WeightsFile, to: Path, progress: Progress, timeout_s: float
) -> None:
    response, told = _open(entry, _address(entry, file), timeout_s)
    size = file.bytes if file.bytes is not None else _length(response)
    known = file.sha256 or told
    digest = hashlib.sha256()

    def write(beside: Path) -> None:
        chunks = _chunks(entry, response, size)
        with open(beside, "wb") as out:
            for chunk in progress.over(chunks, f"fetching {entry.id}", total=_steps(size)):
                digest.update(chunk)
                out.write(chunk)
        if size is not None and beside.stat().st_size != size:
            raise ModelError(
                f"{file.name} of {entry.id} came with {beside.stat().st_size} bytes, not {size}; fetch it again."
            )
        if known is not None and digest.hexdigest() != known:
            raise ModelError(
                f"{file.name} of {entry.id} came with the SHA-256 {digest.hexdigest()}, not {known}, and was not "
                "kept; fetch it again, and if it stays so, do not use that file."
            )

    with response:
        write_through(to, write)
    write_whole(to.with_name(f"{to.name}.sha256"), f"{digest.hexdigest()}  {to.name}\n".encode())


def _address(entry: WeightsEntry, file: WeightsFile) -> str:
    if entry.source.startswith("hub:"):
        from huggingface_hub import hf_hub_url

        return hf_hub_url(entry.source.removeprefix("hub:"), file.name)
    return f"{entry.source}/{file.name}"


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows redirects as usual and remembers the SHA-256 that Hugging Face states on the first of them."""

    def __init__(self) -> None:
        self.told: str | None = None

    def redirect_request(  # noqa: PLR0917 (the signature is urllib's)
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Any, newurl: str
    ) -> urllib.request.Request | None:
        stated = str(headers.get("X-Linked-Etag", "")).strip('"')
        if re.fullmatch(r"[0-9a-f]{64}", stated):
            self.told = stated
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _open(entry: WeightsEntry, address: str, timeout_s: float) -> tuple[http.client.HTTPResponse, str | None]:
    """Open an address within `timeout_s`; looking up a name cannot be interrupted, so a thread does it."""
    redirects = _Redirects()
    request = urllib.request.Request(address, headers={"User-Agent": f"artgen/{__version__}"})  # noqa: S310 (the registry admits http and https alone)
    outcome: list[http.client.HTTPResponse | Exception] = []
    lock = threading.Lock()
    given_up = threading.Event()

    def connect() -> None:
        try:
            response = urllib.request.build_opener(redirects).open(request, timeout=_STALL_S)
        except (OSError, http.client.HTTPException, ValueError) as fault:
            outcome.append(fault)
            return
        with lock:
            if given_up.is_set():
                response.close()
            else:
                outcome.append(response)

    thread = threading.Thread(target=connect, daemon=True)
    thread.start()
    thread.join(timeout_s)
    with lock:
        given_up.set()
        found = outcome[0] if outcome else TimeoutError(f"no answer within {timeout_s:g} s")
    if isinstance(found, Exception):
        raise ModelError(
            f"{entry.id} could not be fetched from {address} ({found}); check the network, or put its files "
            f"({', '.join(file.name for file in entry.files)}) into {fetched_folder() / entry.id}."
        ) from found
    return found, redirects.told


def _length(response: http.client.HTTPResponse) -> int | None:
    stated = response.headers.get("Content-Length", "")
    return int(stated) if stated.isdigit() else None


def _steps(size: int | None) -> int | None:
    return None if size is None else -(-size // _CHUNK_BYTES)


def _chunks(entry: WeightsEntry, response: http.client.HTTPResponse, size: int | None) -> Iterator[bytes]:
    left = size
    try:
        while chunk := response.read(_CHUNK_BYTES):
            yield chunk
            if left is not None:
                left -= len(chunk)
                if left < 0:
                    return  # A server that sends more than it said must not fill the disk; the check refuses it.
    except (OSError, http.client.HTTPException) as fault:
        raise ModelError(
            f"{entry.id} stopped arriving ({fault}); check the network and fetch it again."
        ) from fault
