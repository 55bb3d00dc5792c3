"""Who people are by name, from reference photographs that the user gives."""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from artgen.errors import InputError, machine_faults
from artgen.people.detect import FaceDetector
from artgen.people.detection import Detection
from artgen.people.likeness import likeness
from artgen.records import Face, Person

PHOTO_SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".bmp", ".tif", ".tiff"})
PHOTO_FORMATS = ("JPEG", "PNG", "WEBP", "BMP", "TIFF")
MAX_PHOTO_PIXELS = 80_000_000
BYSTANDER = 0.45  # of the largest face's height: smaller ones are people in the background of a photograph
NAME_LIKENESS = 0.929
UNALIGNED_EXTRA = 0.02  # for faces without landmarks, whose vectors are less sure
NAME_MARGIN = 0.005  # ahead of the second best actor


class FaceIdentifier(Protocol):
    """What turns faces into vectors; identity.Identifier is one."""

    def vectors(self, picture: NDArray[np.uint8], detections: Sequence[Detection]) -> NDArray[np.float32]:
        """The (n, d) vectors of the faces detected in a picture."""
        ...


@dataclass(frozen=True, slots=True)
class Actor:
    """One name and the vectors, (photographs, d) float32, of their face in each photograph."""

    name: str
    vectors: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Cast:
    """The actors a title may show, in the order of their names."""

    actors: tuple[Actor, ...]


def read_cast(folder: Path, detector: FaceDetector, identifier: FaceIdentifier) -> Cast:
    """Read reference photographs: one folder an actor, named as the actor, with photographs of only them.

    Files that are no photographs by their suffix, and hidden ones, are passed over. Five photographs are good.

    Raises:
        InputError: no such folder, no actors or an actor without photographs in it, a photograph that cannot be read,
            is too large, or shows no face or two.
    """
    if not folder.is_dir():
        raise InputError(f"{folder} is not a folder; give a folder with one folder of photographs an actor.")
    with machine_faults(folder):
        places = sorted(place for place in folder.iterdir() if place.is_dir() and not _hidden(place))
    if not places:
        raise InputError(
            f"{folder} has no folders in it; make one an actor, named as they are, with photographs."
        )
    return Cast(tuple(_read_actor(place, detector, identifier) for place in places))


def name_people(
    people: Sequence[Person], faces: Sequence[Face], vectors: NDArray[np.float32], cast: Cast
) -> list[Person]:
    """The people in their order, with `name` and `name_similarity` set where one actor fits; others stay unknown.

    What counts is the likeness of the person's faces to the actor's photographs, which makes up for few faces and
    few photographs (docs/people.md has the error rates); the second best actor must lie clearly behind. Two
    groups of faces may get one name (one actor, found twice) unless they share a still.

    Args:
        people: of the title.
        faces: with their `person` set.
        vectors: (n, d) of the faces, see Identifier.vectors.
        cast: who could be named.

    Raises:
        ValueError: faces and vectors differ in length.
    """
    if len(faces) != len(vectors):
        raise ValueError(f"one vector a face, got {len(faces)} faces and {len(vectors)} vectors")
    if not cast.actors:
        return list(people)
    stills = {person.id: {face.still for face in faces if face.person == person.id} for person in people}
    fits: list[tuple[float, int, str]] = []
    for place, person in enumerate(people):
        own = [number for number, face in enumerate(faces) if face.person == person.id]
        enough = NAME_LIKENESS + (0 if any(faces[number].landmarks for number in own) else UNALIGNED_EXTRA)
        fit = _best_fit(vectors[own], cast, enough) if own else None
        if fit is not None:
            fits.append((fit[1], place, fit[0]))
    named = list(people)
    taken: dict[str, set[str]] = {}
    for similarity, place, name in sorted(fits, key=lambda fit: (-fit[0], fit[1])):
        shown = taken.setdefault(name, set())
        if not shown & stills[people[place].id]:
            shown |= stills[people[place].id]
            named[place] = replace(people[place], name=name, name_similarity=round(similarity, 4))
    return named


def _best_fit(own: NDArray[np.float32], cast: Cast, enough: float) -> tuple[str, float] | None:
    """Name of the actor who fits, and the likeness; None when nobody does, or two do."""
    known = np.stack([actor.vectors.mean(axis=0, dtype=np.float64) for actor in cast.actors])
    photographs = np.array([len(actor.vectors) for actor in cast.actors])
    found = likeness(own.mean(axis=0, dtype=np.float64), len(own), known, photographs)
    best = int(np.argmax(found))
    second = float(np.max(np.delete(found, best), initial=-np.inf))
    if found[best] < enough or found[best] - second < NAME_MARGIN:
        return None
    return cast.actors[best].name, min(1.0, float(found[best]))


def _read_actor(place: Path, detector: FaceDetector, identifier: FaceIdentifier) -> Actor:
    with machine_faults(place):
        photos = sorted(
            path for path in place.iterdir() if path.suffix.lower() in PHOTO_SUFFIXES and not _hidden(path)
        )
    if not photos:
        raise InputError(f"{place} has no photographs; put some of the actor there (JPEG, PNG, WebP).")
    vectors = []
    for path in photos:
        picture = _read_photo(path)
        face = _only_face(path, detector.detect(picture))
        vectors.append(identifier.vectors(picture, [face]))
    return Actor(place.name, np.concatenate(vectors))


def _hidden(path: Path) -> bool:
    return path.name.startswith(".")


def _only_face(path: Path, faces: Sequence[Detection]) -> Detection:
    if not faces:
        raise InputError(
            f"{path} shows no face that can be found; replace it by a clear photograph, or remove it."
        )
    largest, *others = sorted(faces, key=lambda face: face.box[1] - face.box[3])
    height = largest.box[3] - largest.box[1]
    if any(face.box[3] - face.box[1] > BYSTANDER * height for face in others):
        raise InputError(f"{path} shows more than one face; cut it to the actor's, or remove it.")
    return largest


def _read_photo(path: Path) -> NDArray[np.uint8]:
    """A photograph as sRGB (height, width, 3), upright. Raises InputError; too large ones are never decoded."""
    from PIL import Image, ImageOps

    try:
        with machine_faults(path), warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(path, formats=PHOTO_FORMATS) as photo:
                if photo.width * photo.height > MAX_PHOTO_PIXELS:
                    raise InputError(_too_large(path, photo.width, photo.height))
                return np.asarray(ImageOps.exif_transpose(photo).convert("RGB"), dtype=np.uint8)
    except Image.DecompressionBombError as fault:
        raise InputError(_too_large(path)) from fault
    except (OSError, ValueError, SyntaxError) as fault:  # the last is what Pillow raises for a broken PNG
        raise InputError(
            f"{path} cannot be read as a photograph; replace it by a JPEG, PNG or WebP, or remove it."
        ) from fault


def _too_large(path: Path, width: int | None = None, height: int | None = None) -> str:
    found = "far more pixels" if width is None else f"{width} x {height} pixels, more"
    return f"{path} has {found} than the {MAX_PHOTO_PIXELS // 1_000_000} million a photograph may have; reduce it."
