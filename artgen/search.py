"""Finding stills of a tagged frames folder by words or by a picture."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from artgen.clip import Encoder, load_encoder
from artgen.errors import InputError, ModelError, UsageError
from artgen.export.frames import TaggedFrames, read_tagged_frames
from artgen.machine import is_offline, model_folders
from artgen.pictures import load_picture
from artgen.progress import Progress
from artgen.records import ModelUsed, Person
from artgen.tags.calibration import NEUTRAL_SENTENCES, NORMAL_MAD, deviations
from artgen.tags.tagging import background_of, mean_vectors

MOST_WORDS = 500  # characters; a model reads some 77 tokens
LIKELY = 2.0  # deviations above the usual that are even odds to a tag; see docs/tags.md
SENTENCES = ("{}", "a photo of {}", "a film still of {}")


@dataclass(frozen=True, slots=True)
class Hit:
    """A still that was found. `file` is its path; `similarity` the cosine to what was asked for.

    `standing` says how many deviations that lies above the usual, and can be compared between queries
    where a cosine cannot: 2 and more is likely what was asked for, 0 is what any still would have.
    """

    still: str
    time_s: float
    shot: int
    file: str
    similarity: float
    standing: float
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found, best first. `only` names the persons all hits were held to."""

    asked: str
    model: str
    only: tuple[str, ...]
    hits: tuple[Hit, ...]


class Searcher:
    """A frames folder and the model it was tagged with, open for one question after another."""

    def __init__(self, tagged: TaggedFrames, encoder: Encoder) -> None:
        """Use open_searcher, which checks that the two belong together."""
        self._tagged, self._encoder = tagged, encoder
        self._candidates = [candidate for candidate in tagged.candidates if candidate.vector.any()]
        rows = [candidate.vector for candidate in self._candidates]
        self._vectors = np.stack(rows) if rows else np.zeros((0, encoder.dim), np.float32)
        self._background = background_of(encoder.model_id, dim=encoder.dim)
        self._neutral: NDArray[np.float32] = encoder.texts(NEUTRAL_SENTENCES)

    def by_words(self, words: str, *, most: int) -> Found:
        """The stills that show what the words say; people known by name are looked for by their faces.

        Raises:
            UsageError: there are no words, or far too many.
        """
        words = " ".join(words.split())
        if not words or len(words) > MOST_WORDS:
            raise UsageError(f"Search for one to {MOST_WORDS} characters of words.")
        people, rest = people_in(words, self._tagged.people)
        texts = mean_vectors([[sentence.format(rest) for sentence in SENTENCES]], self._encoder.texts)
        standing = deviations(
            self._vectors, texts, self._neutral, self._background, of_the_film=np.ones(1, np.bool_)
        )
        return self._found(words, texts[0], standing[:, 0], people, most)

    def by_picture(self, path: Path, *, most: int) -> Found:
        """The stills that look like a picture.

        Raises:
            InputError: the file is no picture artgen reads.
        """
        vector = self._encoder.pictures([load_picture(path)])[0]
        similarity = self._vectors @ vector
        middle = float(np.median(similarity)) if similarity.size else 0.0
        spread = NORMAL_MAD * float(np.median(np.abs(similarity - middle))) if similarity.size else 0.0
        return self._found(path.name, vector, (similarity - middle) / max(spread, 1e-4), (), most)

    def _found(
        self,
        asked: str,
        query: NDArray[np.float32],
        standing: NDArray[np.float32],
        people: Sequence[Person],
        most: int,
    ) -> Found:
        wanted = {person.id for person in people}
        similarity = self._vectors @ query
        hits: list[Hit] = []
        for place in np.argsort(-standing, kind="stable").tolist():
            candidate = self._candidates[place]
            if wanted <= candidate.people():
                still = candidate.still
                hits.append(
                    Hit(
                        still=still.id,
                        time_s=still.time_s,
                        shot=still.shot,
                        file=str(self._tagged.folder.root / str(still.file)),
                        similarity=round(float(similarity[place]), 5),
                        standing=round(float(standing[place]), 3),
                        people=tuple(sorted(candidate.people())),
                    )
                )
            if len(hits) == most:
                break
        names = tuple(person.name or person.id for person in people)
        return Found(asked, self._encoder.model_id, names, tuple(hits))


def open_searcher(frames: Path, *, model: str = "auto", device: str = "auto", progress: Progress) -> Searcher:
    """Read a tagged frames folder and load the model that made its vectors.

    Args:
        frames: the folder.
        model: where to find that model, as for tag; "auto" finds what tag used.
        device: see load_encoder.
        progress: who watches.

    Raises:
        InputError: the folder is not tagged, or not sound.
        ModelError: the model is not to be had, or is another than the folder's.
    """
    tagged = read_tagged_frames(frames)
    used = clip_used(tagged)
    encoder = load_encoder(
        _spec_of(tagged.tagging.settings, used) if model == "auto" else model,
        device=device,
        precision="fp32",  # nothing to time for one question; the others differ from it by a thousandth
        offline=is_offline(),
        note=progress.note,
        progress=progress,
        folders=model_folders(),
    )
    if encoder.used.sha256 != used.sha256 or (encoder.dim != tagged.dim and tagged.dim):
        raise ModelError(
            f"{frames} was tagged with {used.id} {used.version}, this is {encoder.used.id} "
            f"{encoder.used.version}; their vectors cannot be compared. Name the first with --model, or tag again."
        )
    return Searcher(tagged, encoder)


def search_stills(
    frames: Path,
    *,
    words: str = "",
    picture: Path | None = None,
    most: int = 12,
    model: str = "auto",
    device: str = "auto",
    progress: Progress,
) -> Found:
    """Answer one question, of words or of a picture; see open_searcher and Searcher.

    Raises:
        UsageError: there are neither words nor a picture, or both.
    """
    if bool(words.strip()) == (picture is not None):
        raise UsageError("Say what to search for: words, or --image and a picture.")
    searcher = open_searcher(frames, model=model, device=device, progress=progress)
    if picture is not None:
        return searcher.by_picture(picture, most=most)
    return searcher.by_words(words, most=most)


def people_in(words: str, people: Sequence[Person]) -> tuple[list[Person], str]:
    """Persons whose name or id ("person-01", "person 1") is in a query, and the query with "a person" in its place.

    A query that only names people stays as it is, in words a model understands.
    """
    found: list[Person] = []
    for person in people:
        number = re.fullmatch(r"person-0*([0-9]+)", person.id)
        names = [person.name or "", person.id, f"person {number[1]}" if number else ""]
        for name in filter(None, names):
            replaced = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", "a person", words, flags=re.IGNORECASE)
            if replaced != words:
                found.append(person)
                words = replaced
                break
    return found, words


def clip_used(tagged: TaggedFrames) -> ModelUsed:
    """The model a folder's picture vectors are from.

    Raises:
        InputError: the folder does not say.
    """
    models = [model for model in tagged.tagging.models if model.role == "clip"]
    if not models:
        raise InputError(
            f"{tagged.folder.tagging} names no model of the role clip; tag again with --overwrite."
        )
    return models[0]


def _spec_of(settings: dict[str, Any], used: ModelUsed) -> str:
    asked = settings.get("model")
    return asked if isinstance(asked, str) and asked != "auto" else used.id
