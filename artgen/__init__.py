"""artgen makes a catalog of artwork from a film: extract, tag, export."""

__version__ = "0.1.0"
