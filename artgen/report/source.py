"""What a report is made from: a catalog, the frames folder it came from, and what people said of both."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import msgspec

from artgen.artwork import Candidate
from artgen.catalog import read_catalog
from artgen.errors import InputError
from artgen.export.frames import TaggedFrames, find_frames, read_tagged_frames
from artgen.folder import read_lines
from artgen.records import Catalog, Evidence, Scene, Shot, Still
from artgen.review import Review, read_review

EVIDENCE_FROM = 0.15  # tags below this are not shown


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """Everything read. `rejected` counts the stills that extract turned down, by reason.

    `evidence` has the terms of the tags of the stills that the catalog names: still, tag to terms.
    """

    catalog: Catalog
    folder: Path
    tagged: TaggedFrames
    shots: list[Shot]
    scenes: list[Scene]
    rejected: dict[str, int]
    evidence: dict[str, dict[str, Evidence]]
    review: Review

    @property
    def candidates(self) -> list[Candidate]:
        """The kept stills in order of time."""
        return self.tagged.candidates


def read_source(catalog: Path, *, frames: Path | None) -> Source:
    """Read a catalog and its frames folder; pictures are not opened yet.

    Raises:
        InputError: either is missing, not sound, or they are of different films.
    """
    made = read_catalog(catalog)
    tagged = read_tagged_frames(find_frames(catalog, frames))
    folder, film = tagged.folder, tagged.title.film
    if made.title.film.sha256 != film.sha256:
        raise InputError(
            f"{catalog} is of {made.title.film.name}, {folder.root} of {film.name}; name the right one with --frames."
        )
    if made.title.active_picture != tagged.title.active_picture:
        raise InputError(f"{catalog} was made from other stills than {folder.root} has; export it again.")
    named = {variant.still for variant in made.variants}
    return Source(
        catalog=made,
        folder=catalog.parent,
        tagged=tagged,
        shots=read_lines(folder.shots, Shot),
        scenes=read_lines(folder.scenes, Scene),
        rejected=_rejected(read_lines(folder.stills, Still)),
        evidence=_evidence(folder.tags, named),
        review=read_review(folder, film_sha256=film.sha256),
    )


def _rejected(stills: list[Still]) -> dict[str, int]:
    reasons = Counter(still.gate.partition(":")[0] for still in stills if still.gate is not None)
    return dict(sorted(reasons.items(), key=lambda item: (-item[1], item[0])))


class _Line(msgspec.Struct):
    still: str
    tag: str
    score: float
    evidence: Evidence


def _evidence(path: Path, stills: set[str]) -> dict[str, dict[str, Evidence]]:
    """The evidence of few stills; a title has a hundred tags a still, so the other lines are not decoded."""
    wanted = {b'{"still":' + msgspec.json.encode(still) + b"," for still in stills}
    found: dict[str, dict[str, Evidence]] = {still: {} for still in sorted(stills)}
    decoder = msgspec.json.Decoder(_Line)
    for line in path.read_bytes().splitlines():
        if line[: line.find(b",") + 1] in wanted:
            tag = decoder.decode(line)
            if tag.score >= EVIDENCE_FROM:
                found[tag.still][tag.tag] = tag.evidence
    return found
