"""What people wrote down of films by looking at them: where scenes begin, where there is text, which moments they picked."""

import csv
from dataclasses import dataclass
from pathlib import Path

LABELS = Path(__file__).resolve().parent / "labels"


def scene_starts(film: str, file: Path = LABELS / "scenes.csv") -> list[float]:
    """Seconds at which the scenes of a film begin, rising; empty where nobody labeled it."""
    return sorted(float(row["start_s"]) for row in _rows(film, file))


def text_spans(film: str, file: Path = LABELS / "texts.csv") -> list[tuple[float, float]]:
    """From when to when, in seconds, a film shows titles, cards or credits."""
    return [(float(row["start_s"]), float(row["end_s"])) for row in _rows(film, file)]


def _rows(film: str, file: Path) -> list[dict[str, str]]:
    with file.open(newline="", encoding="utf-8") as lines:
        return [row for row in csv.DictReader(lines) if row["film"] == film]


@dataclass(frozen=True, slots=True)
class LabeledStill:
    """One still that somebody looked at; tags that are neither in `tags` nor in `unsure` are not in it.

    `scale` is one of composition.SHOT_SCALES, "none" for cards and screens, "unsure" where nobody could tell.
    """

    film: str
    time_s: float
    scale: str
    tags: frozenset[str]
    unsure: frozenset[str]


def labeled_stills(file: Path = LABELS / "tags.csv") -> list[LabeledStill]:
    """All stills that were labeled for tags, film by film in time order."""
    with file.open(newline="", encoding="utf-8") as lines:
        return [
            LabeledStill(
                film=row["film"],
                time_s=float(row["time_s"]),
                scale=row["scale"],
                tags=frozenset(filter(None, row["tags"].split(";"))),
                unsure=frozenset(filter(None, row["unsure"].split(";"))),
            )
            for row in csv.DictReader(lines)
        ]
