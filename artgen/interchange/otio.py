"""Shots and scenes as an OpenTimelineIO timeline (.otio), in its JSON form.

Source: opentimelineio.readthedocs.io, file format and serialized schema (Timeline.1, Clip.2, Marker.2).
"""

import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from artgen.interchange.spans import Span
from artgen.interchange.timecode import Clock


def otio(spans: Sequence[Span], *, film: str, track: str, clock: Clock) -> str:
    """A timeline of one video track: a clip a span, marks as markers, exact times in the metadata.

    Times count frames at the film's rate; where that varies, ticks of its time base, which are exact too.
    """
    timed = _Timed(clock)
    whole = timed.span(spans[0].start_pts, spans[-1].end_pts) if spans else timed.span(0, 0)
    timeline = {
        "OTIO_SCHEMA": "Timeline.1",
        "metadata": {"artgen": {"film": film, "rate": clock.said()}},
        "name": film,
        "global_start_time": None,
        "tracks": _item("Stack.1", "tracks", children=[
            _item(
                "Track.1",
                track,
                kind="Video",
                children=[_clip(span, film, whole, timed) for span in spans],
            )
        ]),
    }  # fmt: skip
    return json.dumps(timeline, indent=2, ensure_ascii=False) + "\n"


class _Timed:
    """Times of a clock as OpenTimelineIO writes them."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self._rate = float(1 / clock.time_base) if clock.variable else float(clock.rate)

    def value(self, pts: int) -> int:
        return pts - self.clock.start_pts if self.clock.variable else self.clock.frame_at(pts)

    def span(self, start_pts: int, end_pts: int) -> dict[str, Any]:
        begin, end = self.value(start_pts), self.value(end_pts)
        return {
            "OTIO_SCHEMA": "TimeRange.1",
            "duration": self._time(end - begin),
            "start_time": self._time(begin),
        }

    def _time(self, value: int) -> dict[str, Any]:
        return {"OTIO_SCHEMA": "RationalTime.1", "rate": self._rate, "value": float(value)}


def _item(schema: str, name: str, **rest: Any) -> dict[str, Any]:
    common: dict[str, Any] = {
        "metadata": {},
        "name": name,
        "source_range": None,
        "effects": [],
        "markers": [],
        "enabled": True,
    }
    return {"OTIO_SCHEMA": schema, **common, **rest}


def _clip(span: Span, film: str, whole: dict[str, Any], timed: _Timed) -> dict[str, Any]:
    base = timed.clock.time_base
    exact = {
        "start_pts": span.start_pts,
        "end_pts": span.end_pts,
        "time_base": f"{base.numerator}/{base.denominator}",
        "notes": list(span.notes),
    }
    media = {
        "OTIO_SCHEMA": "ExternalReference.1",
        "metadata": {},
        "name": film,
        "available_range": whole,
        "available_image_bounds": None,
        "target_url": quote(film),
    }
    return _item(
        "Clip.2",
        span.name,
        metadata={"artgen": exact},
        source_range=timed.span(span.start_pts, span.end_pts),
        markers=[_marker(name, pts, timed) for name, pts in span.marks],
        media_references={"DEFAULT_MEDIA": media},
        active_media_reference_key="DEFAULT_MEDIA",
    )


def _marker(name: str, pts: int, timed: _Timed) -> dict[str, Any]:
    return {
        "OTIO_SCHEMA": "Marker.2",
        "metadata": {"artgen": {"pts": pts}},
        "name": name,
        "color": "GREEN",
        "marked_range": timed.span(pts, pts),
        "comment": "still kept by artgen",
    }
