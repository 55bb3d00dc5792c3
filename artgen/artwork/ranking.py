"""How good a still is as artwork for a theme: a sum of terms, every one of them visible.

The terms follow what is published of such systems: quality of picture and faces, composition,
prominence of the people who matter; text, crowds and sensitive content lower the score and are no
hard rules (Netflix, "AVA: the art and science of image discovery", 2018, and the talks around it).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from artgen.artwork.candidates import Candidate
from artgen.records import Person, TagKind, Theme, rounded

WEIGHTS = {"technical": 0.22, "faces": 0.16, "composition": 0.14, "prominence": 0.18, "theme": 0.30}
NO_FACE = (0.2, 0.5)  # for the faces of a still without any: of scenery, of a figure
SOMEBODY, SCENERY = "somebody", "empty scenery"  # tags that know figures whose faces nobody found
FACELESS = 0.6  # a figure without a face found counts at most so much of a face
NOT_ARTWORK = ("title-card", "title card", "credits", "logo", "subtitles", "test-pattern", "black-frame")
LEAST_NOT_ARTWORK = 0.5  # calibrated score from which a still counts as one of those
MOST_LETTERING = 0.03  # of the picture, beside no face: a card, whatever a vocabulary knows of cards
LIT, UNLIT = 0.22, 0.08  # lightness of the subject: below the first it fades, at the second it is lost
LEAST_SENSITIVITY = 0.5
CROWD = 3  # more people than this on artwork loses viewers
COUNTED_FACE = 0.06  # of the picture's height: smaller faces are background
CLOSED_EYES = 0.3


@dataclass(frozen=True, slots=True)
class Rank:
    """A candidate's worth: `score` is the sum of `terms` less that of `penalties`."""

    terms: dict[str, float]
    penalties: dict[str, float]

    @property
    def score(self) -> float:
        """What remains, usually 0..1."""
        return sum(self.terms.values()) - sum(self.penalties.values())


def rank_candidate(
    candidate: Candidate, theme: Theme | None, *, people: Sequence[Person], kinds: Mapping[str, TagKind]
) -> Rank:
    """Weigh a candidate for a theme.

    Args:
        candidate: the still.
        theme: from find_themes; None weighs it for the title itself.
        people: of the title, leads first.
        kinds: what the vocabulary says of each tag.
    """
    values = {
        "technical": float(np.clip(candidate.still.score, 0, 1)),
        "faces": face_quality(candidate),
        "composition": composition_quality(candidate),
        "prominence": max(
            [
                FACELESS * presence(candidate),
                *(prominence(candidate, person.id) * rank_weight(n) for n, person in enumerate(people)),
            ]
        ),
    }
    if theme is not None and theme.kind != "general":
        values["theme"] = theme_score(candidate, theme)
    whole = sum(WEIGHTS[name] for name in values)
    terms = {name: WEIGHTS[name] * value / whole for name, value in values.items()}
    return Rank(rounded(terms), rounded(_penalties(candidate, kinds)))


def theme_score(candidate: Candidate, theme: Theme) -> float:
    """How much a still shows of a theme, 0..1: a tag's score, or how prominent its person is."""
    subject = theme.id.partition(":")[2]
    if theme.kind == "general":
        return 1.0
    return prominence(candidate, subject) if theme.kind == "person" else candidate.tags.get(subject, 0.0)


def prominence(candidate: Candidate, person: str) -> float:
    """How prominent a person is in a still, 0..1: size of the face, less where it is poor or one of many."""
    own = [face for face in candidate.faces if face.person == person]
    if not own:
        return 0.0
    face = max(own, key=lambda face: face.box[3] - face.box[1])
    height = (face.box[3] - face.box[1]) / candidate.height
    rivals = sum(1 for other in candidate.face_heights() if other > 0.7 * height) - 1
    return float(min(1.0, height / 0.4) * (0.4 + 0.6 * face.quality) / (1 + 0.35 * max(0, rivals)))


def presence(candidate: Candidate) -> float:
    """How surely somebody is to be seen, 0..1: drawn, turned away or small as well, whose face no detector finds."""
    return candidate.tags.get(SOMEBODY, 0.0) * (1 - candidate.tags.get(SCENERY, 0.0))


def rank_weight(place: int) -> float:
    """How much a person counts for the title by place in the ranking: 1, 0.85, 0.72 ..."""
    return float(0.85**place)


def face_quality(candidate: Candidate) -> float:
    """Quality of the largest face, with open eyes, 0..1; between the two of NO_FACE without one."""
    if not candidate.faces:
        return NO_FACE[0] + (NO_FACE[1] - NO_FACE[0]) * presence(candidate)
    face = max(candidate.faces, key=lambda face: face.box[3] - face.box[1])
    eyes = 0.8 if face.eyes_open is None else face.eyes_open
    return float(np.clip(0.7 * face.quality + 0.3 * eyes, 0, 1))


def composition_quality(candidate: Candidate) -> float:
    """Arrangement of a still, 0..1: placed or symmetric, subject apart from the rest, calm, with air."""
    arranged = max(candidate.measure("thirds", 0.3), candidate.measure("symmetry", 0.3) ** 2)
    apart = np.clip(0.35 + 1.5 * candidate.measure("depth_of_field", 0.0), 0, 1)
    calm = 1 - np.clip(candidate.measure("edge_density", 0.15) / 0.4, 0, 1)
    air = np.clip(candidate.measure("negative_space_fraction", 0.15) / 0.35, 0, 1)
    return float(0.35 * arranged + 0.30 * apart + 0.15 * calm + 0.20 * air)


def is_not_artwork(candidate: Candidate) -> str | None:
    """The kind of picture that must win no theme (a title card, credits, a logo), None otherwise.

    Its tags say so, or, as a vocabulary may not know of cards, the part of it that is lettering.
    """
    found = {name: candidate.tags.get(name, 0.0) for name in NOT_ARTWORK}
    name = max(found, key=lambda name: found[name])
    if found[name] >= LEAST_NOT_ARTWORK:
        return name
    return (
        "lettering"
        if not candidate.faces and candidate.measure("text_fraction", 0.0) >= MOST_LETTERING
        else None
    )


def _penalties(candidate: Candidate, kinds: Mapping[str, TagKind]) -> dict[str, float]:
    penalties: dict[str, float] = {}
    text = candidate.measure("text_fraction", 0.0)
    if text > 0:
        penalties["text"] = 0.05 + 0.30 * float(np.clip(text / 0.08, 0, 1))
    unlit = float(np.clip((LIT - candidate.measure("subject_lightness", LIT)) / (LIT - UNLIT), 0, 1))
    black = float(np.clip((candidate.measure("dark_fraction", 0.0) - 0.5) / 0.4, 0, 1))
    if unlit + black > 0:
        penalties["dark"] = 0.35 * unlit + 0.10 * black
    faces = [height for height in candidate.face_heights() if height >= COUNTED_FACE]
    if len(faces) > CROWD:
        penalties["more than three people"] = min(0.2, 0.06 * (len(faces) - CROWD))
    sensitive = max(
        (
            score
            for tag, score in candidate.tags.items()
            if tag in kinds and kinds[tag].sensitivity and not kinds[tag].weak
        ),
        default=0.0,
    )
    if sensitive > LEAST_SENSITIVITY:
        penalties["sensitive"] = 0.25 * (sensitive - LEAST_SENSITIVITY) / (1 - LEAST_SENSITIVITY)
    large = [face for face in candidate.faces if (face.box[3] - face.box[1]) / candidate.height >= 0.15]
    if any(face.eyes_open is not None and face.eyes_open < CLOSED_EYES for face in large):
        penalties["closed eyes"] = 0.12
    return penalties | dict(candidate.spoils)
