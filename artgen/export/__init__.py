"""Stage three: a tagged frames folder becomes a catalog with its artwork and vectors."""

from artgen.artwork import DEFAULT_ASPECTS, Treatment, read_treatment
from artgen.export.stage import PER_THEME, Exported, ThemeExported, export_catalog

__all__ = [
    "DEFAULT_ASPECTS",
    "PER_THEME",
    "Exported",
    "ThemeExported",
    "Treatment",
    "export_catalog",
    "read_treatment",
]
