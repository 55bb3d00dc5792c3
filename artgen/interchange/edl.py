"""Edit decision lists, as editing and grading programs read them to cut a film at its shots.

Source: the CMX 3600 format as programs write it (SMPTE 258M-2004 stems from it): a title, the way of
counting, then an event a line with source and record times, ends not included.
"""

from collections.abc import Sequence

from artgen.interchange.spans import Span, one_line
from artgen.interchange.timecode import Clock

MOST_EVENTS = 999  # that a list can number


def edl(spans: Sequence[Span], *, film: str, clock: Clock) -> list[str]:
    """The lists of the spans, several where there are more than MOST_EVENTS.

    Source and record times are the same: times in the film, from 0 at its first frame. Every span is a cut, a
    dissolve in the film an event of its own, for its pictures are already mixed.
    """
    parts = [spans[n : n + MOST_EVENTS] for n in range(0, len(spans), MOST_EVENTS)] or [[]]
    name = one_line(film)
    lists = []
    for number, part in enumerate(parts, 1):
        title = name if len(parts) == 1 else f"{name} {number} of {len(parts)}"
        lines = [
            f"TITLE: {title}",
            f"FCM: {'DROP FRAME' if clock.drop_frame else 'NON-DROP FRAME'}",
        ]
        for event, span in enumerate(part, 1):
            lines += ["", *_event(event, span, name, clock)]
            if event == 1:  # programs take comments after an event, not before the first
                lines.append(f"* {clock.said().upper()}")
        lists.append("\n".join(lines) + "\n")
    return lists


def _event(number: int, span: Span, film: str, clock: Clock) -> list[str]:
    begin, end = clock.timecode(span.start_pts), clock.timecode(span.end_pts)
    base = f"{clock.time_base.numerator}/{clock.time_base.denominator}"
    notes = "".join(f", {note}" for note in span.notes)
    return [
        f"{number:03d}  AX       V     C        {begin} {end} {begin} {end}",
        f"* FROM CLIP NAME: {film}",
        f"* {(span.name + notes).upper()}: PTS {span.start_pts} TO {span.end_pts} OF {base} S",
    ]
