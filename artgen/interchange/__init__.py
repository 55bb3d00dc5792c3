"""Shot and scene lists and thumbnails in the formats of editing rooms and players; text from records, no files."""

from artgen.interchange.edl import MOST_EVENTS, edl
from artgen.interchange.otio import otio
from artgen.interchange.spans import Span, scene_spans, shot_spans
from artgen.interchange.sprites import Cue, Grid, sprite_sheet, webvtt
from artgen.interchange.tables import scene_table, shot_table
from artgen.interchange.timecode import Clock, measure_clock

__all__ = [
    "MOST_EVENTS",
    "Clock",
    "Cue",
    "Grid",
    "Span",
    "edl",
    "measure_clock",
    "otio",
    "scene_spans",
    "scene_table",
    "shot_spans",
    "shot_table",
    "sprite_sheet",
    "webvtt",
]
