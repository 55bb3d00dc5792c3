"""The sample title is what samples/README.md says, and extract finds its shots."""

import csv
import json
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import av
import pytest

SAMPLES = Path(__file__).resolve().parent.parent / "samples"
FILM = SAMPLES / "sample.mp4"
FRAME_RATE = 25


def known_boundaries() -> list[tuple[str, int, int]]:
    """Kind, last frame wholly of the old shot, first wholly of the new."""
    with open(SAMPLES / "sample.shots.csv", newline="") as file:
        return [
            (row["kind"], int(row["last_frame"]), int(row["first_frame"])) for row in csv.DictReader(file)
        ]


def test_the_sample_is_small_and_has_the_frames_its_readme_states() -> None:
    assert FILM.stat().st_size < 5_000_000

    with av.open(str(FILM)) as container:
        stream = container.streams.video[0]
        context = stream.codec_context
        assert (context.width, context.height, context.pix_fmt) == (1280, 720, "yuv420p")
        assert stream.average_rate == FRAME_RATE
        assert (context.colorspace, context.color_primaries, context.color_trc, context.color_range) == (
            1,
            1,
            1,
            1,
        )
        lightness = [frame.to_ndarray(format="gray").mean() for frame in container.decode(stream)]

    assert len(lightness) == 1192
    assert max(lightness[:8]) < 2
    assert max(lightness[-8:]) < 2
    assert lightness[24] > 40


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, float | str]]:
    """The shots that the extract command finds, their times as frames."""
    frames = tmp_path_factory.mktemp("sample") / "frames"
    command = [sys.executable, "-m", "artgen", "extract", str(FILM), "--out", str(frames), "--quiet"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    shots = [json.loads(line) for line in (frames / "shots.jsonl").read_text().splitlines()]
    for shot in shots:
        shot["first_frame"] = round(shot["start_s"] * FRAME_RATE)
        shot["last_frame"] = round(shot["end_s"] * FRAME_RATE) - 1
    return shots


def test_extract_finds_every_cut_to_the_frame_and_no_other(found: list[dict[str, float | str]]) -> None:
    cuts = [
        (old["last_frame"], new["first_frame"])
        for old, new in pairwise(found)
        if new["transition_in"] == "cut"
    ]

    assert cuts == [(last, first) for kind, last, first in known_boundaries() if kind == "cut"]


def test_extract_finds_every_dissolve_and_fade_to_two_frames(found: list[dict[str, float | str]]) -> None:
    slow = [
        (old["transition_out"], old["last_frame"], new["first_frame"])
        for old, new in pairwise(found)
        if new["transition_in"] != "cut"
    ]
    known = [boundary for boundary in known_boundaries() if boundary[0] != "cut"]

    assert [kind for kind, _, _ in slow] == [kind for kind, _, _ in known]
    # The first and last frames of a slow change are nearly the whole shot.
    for (_, last, first), (_, known_last, known_first) in zip(slow, known, strict=True):
        assert abs(last - known_last) <= 2
        assert abs(first - known_first) <= 2


def test_the_film_comes_out_of_black_and_ends_in_it(found: list[dict[str, float | str]]) -> None:
    assert found[0]["transition_in"] == "fade"
    assert abs(found[0]["first_frame"] - 24) <= 2
    assert found[-1]["transition_out"] == "fade"
    assert abs(found[-1]["last_frame"] - 1171) <= 2
