"""Actors are read from photographs and named when they are seen; strangers stay unknown, bad photographs are named."""

import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from helpers.faces import draw_face, person_vectors, scene_with
from PIL import Image

from artgen.errors import InputError
from artgen.people import (
    Actor,
    Cast,
    DetectorSource,
    FaceDetector,
    Identifier,
    load_detector,
    name_people,
    read_cast,
)
from artgen.records import Face, Person, Portrait

BOX = (0.0, 0.0, 50.0, 60.0)


def photograph(path: Path, *faces: int) -> Path:
    """A photograph with drawn faces of these sizes, side by side."""
    path.parent.mkdir(parents=True, exist_ok=True)
    placed = [(draw_face(size), 20 + 300 * place, 60) for place, size in enumerate(faces)]
    Image.fromarray(scene_with(*placed)).save(path)
    return path


EYES_AND_NOSE = ((15.0, 20.0), (35.0, 20.0), (25.0, 35.0))


def face(number: int, person: str | None, still: str | None = None, *, landmarks: bool = True) -> Face:
    where = still or f"still-{number}"
    points = EYES_AND_NOSE if landmarks else ()
    return Face(
        f"{where}/{number}", where, BOX, 0.9, points, None, None, None, None, None, 0.9, person=person
    )


def person(identity: str, faces: int) -> Person:
    return Person(identity, None, faces, faces, 0.5, 0.0, 1.0, Portrait("still-0", BOX))


def actor(name: str, vectors: np.ndarray) -> Actor:
    return Actor(name, np.asarray(vectors, dtype=np.float32))


def test_actors_are_named_by_their_folders(tmp_path: Path, hog: FaceDetector, identifier: Identifier) -> None:
    photograph(tmp_path / "Zoë Äpfel" / "one.jpg", 250)
    photograph(tmp_path / "Zoë Äpfel" / "two.PNG", 200)
    photograph(tmp_path / "Anna" / "one.webp", 220)
    (tmp_path / "Anna" / "notes.txt").write_text("not a photograph")
    (tmp_path / "Anna" / ".hidden.jpg").write_bytes(b"")

    cast = read_cast(tmp_path, hog, identifier)

    assert [one.name for one in cast.actors] == ["Anna", "Zoë Äpfel"]
    assert [one.vectors.shape for one in cast.actors] == [(1, 128), (2, 128)]


def test_somebody_small_in_the_background_is_no_second_face(
    tmp_path: Path, hog: FaceDetector, identifier: Identifier
) -> None:
    photograph(tmp_path / "Anna" / "one.png", 280, 100)

    assert len(read_cast(tmp_path, hog, identifier).actors) == 1


def test_a_photograph_with_two_faces_is_refused(
    tmp_path: Path, hog: FaceDetector, identifier: Identifier
) -> None:
    photograph(tmp_path / "Anna" / "pair.png", 250, 220)

    with pytest.raises(InputError, match=r"pair.png shows more than one face; cut it"):
        read_cast(tmp_path, hog, identifier)


def test_a_photograph_without_a_face_is_refused(
    tmp_path: Path, hog: FaceDetector, identifier: Identifier
) -> None:
    photograph(tmp_path / "Anna" / "wall.png")

    with pytest.raises(InputError, match=r"wall.png shows no face"):
        read_cast(tmp_path, hog, identifier)


@pytest.mark.parametrize("content", [b"", b"hello", b"\x89PNG\r\n\x1a\n\x00\x00"])
def test_a_broken_photograph_is_refused(
    tmp_path: Path, hog: FaceDetector, identifier: Identifier, content: bytes
) -> None:
    (tmp_path / "Anna").mkdir()
    (tmp_path / "Anna" / "broken.png").write_bytes(content)

    with pytest.raises(InputError, match=r"broken.png cannot be read as a photograph"):
        read_cast(tmp_path, hog, identifier)


def test_a_photograph_that_was_cut_short_is_refused(
    tmp_path: Path, hog: FaceDetector, identifier: Identifier
) -> None:
    path = photograph(tmp_path / "Anna" / "short.jpg", 250)
    path.write_bytes(path.read_bytes()[:2000])

    with pytest.raises(InputError, match=r"short.jpg cannot be read as a photograph"):
        read_cast(tmp_path, hog, identifier)


@pytest.mark.parametrize("side", [12_000, 30_000])
def test_a_huge_photograph_is_refused_before_it_is_decoded(
    tmp_path: Path, hog: FaceDetector, identifier: Identifier, side: int
) -> None:
    header = b"IHDR" + struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    chunks = struct.pack(">I", 13) + header + struct.pack(">I", zlib.crc32(header))
    (tmp_path / "Anna").mkdir()
    (tmp_path / "Anna" / "bomb.png").write_bytes(
        b"\x89PNG\r\n\x1a\n" + chunks + b"\x00\x00\x00\x00IDAT\x35\xaf\x06\x1e"
    )

    with pytest.raises(InputError, match=r"bomb.png has .* million a photograph may have"):
        read_cast(tmp_path, hog, identifier)


def test_a_missing_or_empty_cast_is_refused(
    tmp_path: Path, hog: FaceDetector, identifier: Identifier
) -> None:
    with pytest.raises(InputError, match=r"nowhere is not a folder"):
        read_cast(tmp_path / "nowhere", hog, identifier)
    with pytest.raises(InputError, match=r"has no folders in it"):
        read_cast(tmp_path, hog, identifier)
    (tmp_path / "Anna").mkdir()
    with pytest.raises(InputError, match=r"Anna has no photographs"):
        read_cast(tmp_path, hog, identifier)


def test_people_are_named_and_a_stranger_stays_unknown() -> None:
    vectors, owners = person_vectors(3, faces=9, spread=0.3, seed=5)
    cast = Cast((actor("Anna", vectors[:5]), actor("Bela", vectors[9:14])))
    seen = [number for number in range(27) if number % 9 >= 5]
    faces = [face(number, f"person-{owners[number]}") for number in seen]

    named = name_people([person(f"person-{n}", 4) for n in range(3)], faces, vectors[seen], cast)

    assert [one.name for one in named] == ["Anna", "Bela", None]
    assert [one.name_similarity is None for one in named] == [False, False, True]


@pytest.mark.parametrize(("photographs", "faces"), [(1, 1), (1, 8), (5, 1), (5, 8)])
def test_few_faces_and_few_photographs_are_enough(photographs: int, faces: int) -> None:
    vectors, owners = person_vectors(40, faces=13, spread=0.3, seed=2)
    own = vectors.reshape(40, 13, -1)
    cast = Cast(tuple(actor(f"{n:02d}", own[n, :photographs]) for n in range(20)))
    seen = [face(number, f"p{owners[number * 13]}") for number in np.repeat(range(40), faces)]

    named = name_people(
        [person(f"p{n}", faces) for n in range(40)], seen, np.concatenate(own[:, 5 : 5 + faces]), cast
    )

    right = sum(one.name == f"{n:02d}" for n, one in enumerate(named[:20]))
    strangers_named = sum(one.name is not None for one in named[20:])
    assert right >= 18
    assert strangers_named == 0
    assert all(one.name_similarity <= 1 for one in named if one.name_similarity is not None)


def test_without_landmarks_more_likeness_is_asked_for() -> None:
    place = np.zeros((1, 128), np.float32)
    near = place.copy()
    near[0, 0] = 0.5  # likeness 0.935 for one face and five photographs
    cast = Cast((actor("Anna", np.repeat(place, 5, axis=0)),))

    (aligned,) = name_people([person("p", 1)], [face(0, "p")], near, cast)
    (unaligned,) = name_people([person("p", 1)], [face(0, "p", landmarks=False)], near, cast)

    assert (aligned.name, aligned.name_similarity) == ("Anna", 0.935)
    assert unaligned.name is None


def test_somebody_like_two_actors_stays_unknown() -> None:
    vectors, _ = person_vectors(1, faces=9, spread=0.1)
    cast = Cast((actor("Anna", vectors[:3]), actor("Annas twin", vectors[3:6])))

    (named,) = name_people([person("p", 3)], [face(n, "p") for n in range(3)], vectors[6:], cast)

    assert named.name is None


def test_two_people_in_one_still_are_not_both_the_actor() -> None:
    vectors, _ = person_vectors(1, faces=8, spread=0.1)
    cast = Cast((actor("Anna", vectors[:5]),))
    people = [person("p", 2), person("q", 1)]
    apart = [face(0, "p", "one"), face(1, "p", "two"), face(2, "q", "three")]
    together = [face(0, "p", "one"), face(1, "p", "two"), face(2, "q", "two")]

    assert [one.name for one in name_people(people, apart, vectors[5:], cast)] == ["Anna", "Anna"]
    assert sorted(str(one.name) for one in name_people(people, together, vectors[5:], cast)) == [
        "Anna",
        "None",
    ]


def test_without_actors_nobody_is_named() -> None:
    vectors, _ = person_vectors(1, faces=2, spread=0.1)

    assert name_people([person("p", 2)], [face(0, "p"), face(1, "p")], vectors, Cast(())) == [person("p", 2)]


def test_faces_and_vectors_of_different_number_are_refused() -> None:
    with pytest.raises(ValueError, match="one vector a face"):
        name_people([], [face(0, None)], np.zeros((2, 128), np.float32), Cast(()))


@pytest.mark.slow
def test_photographed_actors_are_named_and_a_stranger_is_not(
    tmp_path: Path, shared_media: Path, yunet_weights: Path, identifier: Identifier
) -> None:
    detector = load_detector(DetectorSource("yunet", yunet_weights))
    for number in (1, 2):
        folder = shared_media / "faces" / f"identity_{number:02d}"
        (tmp_path / folder.name).symlink_to(folder, target_is_directory=True)
    two_of_five = Cast(
        tuple(Actor(one.name, one.vectors[:5]) for one in read_cast(tmp_path, detector, identifier).actors)
    )
    faces, vectors = [], []
    for number in (1, 2, 3):
        for path in sorted((shared_media / "faces" / f"identity_{number:02d}").glob("1[0-4].jpg")):
            picture = np.asarray(Image.open(path).convert("RGB"))
            vectors.append(identifier.vectors(picture, detector.detect(picture)[:1]))
            faces.append(face(len(faces), f"person-{number}"))

    named = name_people(
        [person(f"person-{number}", 5) for number in (1, 2, 3)], faces, np.concatenate(vectors), two_of_five
    )

    assert [one.name for one in named] == ["identity_01", "identity_02", None]
