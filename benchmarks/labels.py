"""What people wrote down of films by looking at them: where scenes begin, where there is text, which moments they picked."""

import csv
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
