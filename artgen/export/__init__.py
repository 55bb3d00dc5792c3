"""Stage three: a tagged frames folder becomes a catalog with its artwork and vectors."""

from artgen.export.stage import PER_THEME, Exported, ThemeExported, export_catalog

__all__ = ["PER_THEME", "Exported", "ThemeExported", "export_catalog"]
