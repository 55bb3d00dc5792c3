"""A kept still together with all that was seen of it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from artgen.records import Composition, Face, Scene, Still, Tag


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """A still that could become artwork.

    `vector` is its CLIP vector, (d,) of unit length, or of length zero where none is known; `tags`
    are calibrated scores; `scene` is None where scenes are not known. `spoils` are penalties for telling
    too much, see guard_spoilers.
    """

    still: Still
    faces: tuple[Face, ...]
    composition: Composition | None
    tags: Mapping[str, float]
    vector: NDArray[np.float32]
    scene: int | None
    height: int
    spoils: Mapping[str, float] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """The still's id."""
        return self.still.id

    def people(self) -> set[str]:
        """Ids of the persons known in it."""
        return {face.person for face in self.faces if face.person is not None}

    def face_heights(self) -> list[float]:
        """Heights of its faces as fractions of the picture's, largest first."""
        return sorted(((face.box[3] - face.box[1]) / self.height for face in self.faces), reverse=True)

    def measure(self, name: str, default: float) -> float:
        """A measure of its composition."""
        return default if self.composition is None else self.composition.measures.get(name, default)


def gather_candidates(
    stills: Sequence[Still],
    *,
    faces: Sequence[Face],
    compositions: Sequence[Composition],
    tags: Sequence[Tag],
    vectors: Mapping[str, NDArray[np.float32]],
    scenes: Sequence[Scene],
    height: int,
) -> list[Candidate]:
    """Bring together what belongs to each kept still, in order of time; `height` is that of the stills."""
    faces_of: defaultdict[str, list[Face]] = defaultdict(list)
    for face in faces:
        faces_of[face.still].append(face)
    tags_of: defaultdict[str, dict[str, float]] = defaultdict(dict)
    for tag in tags:
        tags_of[tag.still][tag.tag] = tag.score
    composition_of = {composition.still: composition for composition in compositions}
    unknown = np.zeros(max((len(vector) for vector in vectors.values()), default=0), dtype=np.float32)
    kept = sorted(
        (still for still in stills if still.gate is None and still.file),
        key=lambda still: (still.pts, still.id),
    )
    return [
        Candidate(
            still=still,
            faces=tuple(faces_of[still.id]),
            composition=composition_of.get(still.id),
            tags=tags_of[still.id],
            vector=vectors.get(still.id, unknown),
            scene=_scene_of(still.shot, scenes),
            height=height,
        )
        for still in kept
    ]


def _scene_of(shot: int, scenes: Sequence[Scene]) -> int | None:
    return next((scene.id for scene in scenes if scene.first_shot <= shot <= scene.last_shot), None)
