"""The command: where it writes, what it answers, and how showing it ends."""

import json
import os
import re
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest


def start(*arguments: object) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "artgen", "report", *map(str, arguments)]
    environment = os.environ | {"ARTGEN_OFFLINE": "1"}
    return subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def test_it_writes_beside_the_catalog_and_says_what_to_open(title: Path) -> None:
    answer, notes = start(title / "catalog.json", "-q").communicate()

    assert answer.endswith(f"open {title / 'report' / 'index.html'} in a browser\n")
    assert notes == ""
    assert (title / "report" / "index.html").is_file()


def test_json_and_exit_code_say_what_was_left_out(title: Path) -> None:
    (title / "frames" / "stills" / "00h00m02.000s.jpg").write_bytes(b"no picture")
    process = start(title / "catalog.json", "--json", "-o", title / "page")

    answer, notes = process.communicate()

    found = json.loads(answer)
    assert (found["stills"], found["report"]) == (10, str(title / "page" / "index.html"))
    assert len(found["left_out"]) == 1
    assert "00h00m02.000s.jpg is damaged" in notes
    assert process.returncode == 3


def test_a_catalog_that_is_missing_is_a_sentence_and_exit_3(tmp_path: Path) -> None:
    process = start(tmp_path / "catalog.json")

    answer, notes = process.communicate()

    assert (process.returncode, answer) == (3, "")
    assert notes == f"artgen: {tmp_path / 'catalog.json'} is missing; run artgen export to write a catalog.\n"


@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_it_is_shown_until_interrupted(title: Path) -> None:
    # Where the tests run in the background, SIGINT may be ignored, and what they start would inherit that.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    process = start(title / "catalog.json", "--serve")
    signal.signal(signal.SIGINT, before)
    assert process.stderr is not None
    address = next(
        found[0] for line in process.stderr if (found := re.search(r"http://127\.0\.0\.1:\d+/", line))
    )

    with urllib.request.urlopen(address, timeout=30) as answer:
        assert b'name="generator" content="artgen"' in answer.read()
    process.send_signal(signal.SIGINT)

    assert process.wait(timeout=30) == 0
    assert "Traceback" not in process.stderr.read()
