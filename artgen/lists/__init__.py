"""Shot and scene lists and seek-bar thumbnails of a title, for editing rooms and players."""

from artgen.lists.stage import EVERY_S, Listed, write_lists

__all__ = ["EVERY_S", "Listed", "write_lists"]
