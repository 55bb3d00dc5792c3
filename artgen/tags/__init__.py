"""What a still is about: vocabulary, similarity to score, evidence; and shots grouped into scenes."""

from artgen.tags.distance import camera_distances
from artgen.tags.observation import SIGNALS, Observation, observe
from artgen.tags.scenes import group_scenes
from artgen.tags.tagging import CARD_LETTERING, tag_stills
from artgen.tags.vocabulary import Vocabulary, VocabularyTag, load_vocabulary

__all__ = [
    "CARD_LETTERING",
    "SIGNALS",
    "Observation",
    "Vocabulary",
    "VocabularyTag",
    "camera_distances",
    "group_scenes",
    "load_vocabulary",
    "observe",
    "tag_stills",
]
