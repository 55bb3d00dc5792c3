"""The text formats, read back by independent means where there are any."""

import csv
import io
import json
from fractions import Fraction

import numpy as np
import pytest
from PIL import Image

from artgen.interchange import (
    MOST_EVENTS,
    Clock,
    Cue,
    Grid,
    Span,
    edl,
    otio,
    scene_spans,
    scene_table,
    shot_spans,
    shot_table,
    sprite_sheet,
    webvtt,
)
from artgen.records import Scene, Shot, Still

CLOCK = Clock(Fraction(25), Fraction(1, 1000), 0, variable=False)
SHOTS = [
    Shot(0, 1000, 3000, 1, 3, 50, "fade", "cut"),
    Shot(1, 3000, 5000, 3, 5, 50, "cut", "dissolve"),
    Shot(2, 5480, 8000, 5.48, 8, 63, "dissolve", "none"),
]
STILLS = [
    Still("a", 0, 1400, 1.4, "stills/a.jpg", {}, None, 0.4),
    Still("b", 0, 2000, 2.0, "stills/b.jpg", {}, None, 0.9),
    Still("c", 1, 3400, 3.4, None, {}, "black", 0.0),
]
SCENES = [Scene(0, 0, 1, 1, 5), Scene(1, 2, 2, 5.48, 8)]
SPANS = shot_spans(SHOTS, start_pts=0, scenes=SCENES, stills=STILLS)
HOSTILE = 'a "film"\n002  AX V C\r=cmd|x, --> ü\x00.mp4'


def test_spans_follow_one_another_without_gaps_and_name_transitions() -> None:
    assert [(span.name, span.start_pts, span.end_pts) for span in SPANS] == [
        ("fade", 0, 1000),
        ("shot 0", 1000, 3000),
        ("shot 1", 3000, 5000),
        ("dissolve", 5000, 5480),
        ("shot 2", 5480, 8000),
    ]
    assert SPANS[1].marks == (("a", 1400), ("b", 2000))
    assert SPANS[2].marks == ()
    scenes = scene_spans(SHOTS, start_pts=0, scenes=[*SCENES, Scene(2, 9, 9, 0, 0)])
    assert [span.name for span in scenes] == ["fade", "scene 0", "dissolve", "scene 1"]


def test_the_shot_table_has_exact_times_and_the_best_still() -> None:
    rows = list(csv.DictReader(io.StringIO(shot_table(SHOTS, scenes=SCENES, stills=STILLS, clock=CLOCK))))

    assert len(rows) == 3
    assert rows[0] == {
        "shot": "0", "scene": "0", "start_pts": "1000", "end_pts": "3000", "time_base": "1/1000",
        "start_s": "1.000000", "end_s": "3.000000", "start_timecode": "00:00:01:00",
        "end_timecode": "00:00:03:00", "frames": "50", "transition_in": "fade", "transition_out": "cut",
        "stills": "2", "still": "stills/b.jpg",
    }  # fmt: skip
    assert (rows[1]["stills"], rows[1]["still"]) == ("0", "")
    assert (rows[2]["scene"], rows[2]["start_timecode"]) == ("1", "00:00:05:12")


def test_the_scene_table_counts_the_frames_of_its_shots() -> None:
    rows = list(csv.DictReader(io.StringIO(scene_table(SHOTS, scenes=SCENES, clock=CLOCK))))

    assert [(row["scene"], row["first_shot"], row["last_shot"], row["frames"]) for row in rows] == [
        ("0", "0", "1", "100"),
        ("1", "2", "2", "63"),
    ]


def test_without_scenes_the_column_is_empty() -> None:
    rows = list(csv.DictReader(io.StringIO(shot_table(SHOTS, scenes=[], stills=[], clock=CLOCK))))

    assert {row["scene"] for row in rows} == {""}


def events(text: str) -> list[list[str]]:
    return [line.split() for line in text.splitlines() if line[:3].isdigit()]


def test_an_edl_has_one_contiguous_event_a_span() -> None:
    (text,) = edl(SPANS, film="film.mp4", clock=CLOCK)

    assert text.startswith("TITLE: film.mp4\nFCM: NON-DROP FRAME\n")
    assert events(text)[0] == ["001", "AX", "V", "C", *["00:00:00:00", "00:00:01:00"] * 2]
    assert events(text)[3][4:6] == ["00:00:05:00", "00:00:05:12"]
    assert all(a[5] == b[4] for a, b in zip(events(text), events(text)[1:], strict=False))
    assert "* DISSOLVE: PTS 5000 TO 5480 OF 1/1000 S" in text
    assert "* SHOT 2, SCENE 1: PTS 5480 TO 8000" in text


def test_comments_come_after_an_event_as_programs_read_them() -> None:
    lines = [line for line in edl(SPANS, film="film.mp4", clock=CLOCK)[0].splitlines() if line]

    assert lines[2].startswith("001 ")
    assert lines[5] == "* 25 FRAMES A SECOND, NON-DROP TIMECODE FROM 0 AT THE FIRST FRAME."


def test_an_edl_says_drop_frame_only_where_it_is() -> None:
    ntsc = Clock(Fraction(30000, 1001), Fraction(1, 1000), 0, variable=False)

    assert "FCM: DROP FRAME" in edl(SPANS, film="f", clock=ntsc)[0]
    assert "00:00:01;00" in edl(SPANS, film="f", clock=ntsc)[0]
    varying = Clock(Fraction(30000, 1001), Fraction(1, 1000), 0, variable=True)
    assert "FCM: NON-DROP FRAME" in edl(SPANS, film="f", clock=varying)[0]
    assert "FRAME RATE VARIES" in edl(SPANS, film="f", clock=varying)[0]


def test_more_spans_than_an_edl_can_number_become_several() -> None:
    spans = [Span(f"shot {n}", 40 * n, 40 * n + 40) for n in range(MOST_EVENTS + 2)]

    first, second = edl(spans, film="f", clock=CLOCK)

    assert (len(events(first)), len(events(second))) == (999, 2)
    assert events(second)[0][0] == "001"
    assert events(second)[0][4] == events(first)[-1][5]


def test_a_name_from_outside_cannot_write_lines_of_its_own() -> None:
    (text,) = edl(SPANS, film=HOSTILE, clock=CLOCK)
    assert len(events(text)) == len(SPANS)

    tracks = webvtt([Cue(Fraction(0), Fraction(1))], grid=Grid(32, 18), sheets=["s.jpg"], film=HOSTILE)
    assert tracks.count("-->") == 1

    assert json.loads(otio(SPANS, film=HOSTILE, track="shots", clock=CLOCK))["name"] == HOSTILE


def test_a_timeline_counts_frames_and_keeps_exact_times() -> None:
    timeline = json.loads(otio(SPANS, film="a film.mp4", track="shots", clock=CLOCK))

    (track,) = timeline["tracks"]["children"]
    assert (timeline["OTIO_SCHEMA"], track["OTIO_SCHEMA"], track["kind"]) == (
        "Timeline.1",
        "Track.1",
        "Video",
    )
    clip = track["children"][1]
    assert clip["source_range"]["start_time"] == {
        "OTIO_SCHEMA": "RationalTime.1",
        "rate": 25.0,
        "value": 25.0,
    }
    assert clip["source_range"]["duration"]["value"] == 50
    assert clip["metadata"]["artgen"]["start_pts"] == 1000
    assert [marker["marked_range"]["start_time"]["value"] for marker in clip["markers"]] == [35, 50]
    assert clip["media_references"]["DEFAULT_MEDIA"]["target_url"] == "a%20film.mp4"
    assert sum(c["source_range"]["duration"]["value"] for c in track["children"]) == 200


def test_a_timeline_of_a_varying_film_counts_ticks() -> None:
    varying = Clock(Fraction(24), Fraction(1, 90000), 500, variable=True)

    clip = json.loads(otio([Span("shot 0", 700, 1300)], film="f", track="shots", clock=varying))["tracks"][
        "children"
    ][0]["children"][0]

    assert clip["source_range"]["start_time"] == {
        "OTIO_SCHEMA": "RationalTime.1",
        "rate": 90000.0,
        "value": 200.0,
    }


def test_the_library_of_the_format_reads_a_timeline() -> None:
    library = pytest.importorskip("opentimelineio", reason="OpenTimelineIO is not installed here")

    timeline = library.adapters.read_from_string(
        otio(SPANS, film="f.mp4", track="shots", clock=CLOCK), "otio_json"
    )

    assert timeline.duration() == library.opentime.RationalTime(200, 25)
    assert timeline.tracks[0][1].range_in_parent().start_time.to_timecode() == "00:00:01:00"


def test_an_empty_title_gives_empty_lists() -> None:
    assert events(edl([], film="f", clock=CLOCK)[0]) == []
    assert (
        json.loads(otio([], film="f", track="shots", clock=CLOCK))["tracks"]["children"][0]["children"] == []
    )


def test_webvtt_points_into_the_sheets() -> None:
    grid = Grid(320, 180, columns=2, rows=2)
    cues = [Cue(Fraction(n * 10), Fraction(n * 10 + 10)) for n in range(5)]

    lines = webvtt(cues, grid=grid, sheets=["t-1.jpg", "t-2.jpg"], film="f").split("\n\n")

    assert lines[0] == "WEBVTT"
    assert lines[2] == "00:00:00.000 --> 00:00:10.000\nt-1.jpg#xywh=0,0,320,180"
    assert lines[5] == "00:00:30.000 --> 00:00:40.000\nt-1.jpg#xywh=320,180,320,180"
    assert lines[6] == "00:00:40.000 --> 00:00:50.000\nt-2.jpg#xywh=0,0,320,180\n"
    with pytest.raises(ValueError, match="5 cues"):
        webvtt(cues, grid=grid, sheets=["t-1.jpg"], film="f")


def test_a_sheet_holds_each_picture_in_its_place() -> None:
    grid = Grid(32, 18, columns=3, rows=2)
    pictures = [np.full((90, 160, 3), 40 * n, np.uint8) for n in range(5)]

    sheet = Image.open(io.BytesIO(sprite_sheet(pictures, grid)))

    assert sheet.size == (96, 36)
    for number in range(5):
        x, y = grid.place(number)
        assert np.asarray(sheet.convert("L"))[y + 4 : y + 14, x + 4 : x + 28].mean() == pytest.approx(
            40 * number, abs=3
        )
    for count in (0, 7):
        with pytest.raises(ValueError, match="1 to 6"):
            sprite_sheet([pictures[0]] * count, grid)
