"""Stage two: a frames folder gets faces, people, composition, embeddings, tags and scenes."""

from artgen.tag.frames import Tagged, check_settings, tag_frames
from artgen.tag.settings import TagSettings

__all__ = ["TagSettings", "Tagged", "check_settings", "tag_frames"]
