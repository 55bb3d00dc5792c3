"""Faces of one person come together, those of two stay apart, whatever their number and order."""

import time
from pathlib import Path

import numpy as np
import pytest
from helpers.faces import b_cubed, person_vectors
from PIL import Image

from artgen.people import DetectorSource, Identifier, group_faces, load_detector


def grouped(
    vectors: np.ndarray, *, qualities: list[float] | None = None, stills: list[str] | None = None
) -> list[int]:
    count = len(vectors)
    return group_faces(vectors, qualities or [0.9] * count, stills or [f"still-{n}" for n in range(count)])


def test_no_faces_are_no_groups() -> None:
    assert grouped(np.zeros((0, 128), np.float32)) == []


def test_a_single_face_is_a_group() -> None:
    assert grouped(person_vectors(1, faces=1, spread=0.2)[0]) == [0]


def test_people_are_told_apart_and_counted() -> None:
    vectors, owners = person_vectors(9, faces=12, spread=0.3)

    groups = grouped(vectors)

    assert groups == owners


def test_the_order_of_the_faces_does_not_matter() -> None:
    vectors, owners = person_vectors(6, faces=8, spread=0.28, seed=3)
    order = np.random.default_rng(1).permutation(len(vectors))

    shuffled = grouped(vectors[order])

    assert b_cubed([owners[face] for face in order], shuffled) == b_cubed(owners, grouped(vectors)) == 1.0


def test_groups_are_numbered_by_first_appearance() -> None:
    vectors, _ = person_vectors(4, faces=3, spread=0.1)

    groups = grouped(vectors[::-1])

    assert groups == [0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3]


def test_two_faces_of_one_still_are_two_people_however_alike() -> None:
    vectors, _ = person_vectors(1, faces=2, spread=0.05)

    assert grouped(vectors) == [0, 0]
    assert grouped(vectors, stills=["one", "one"]) == [0, 1]


def test_twins_who_share_the_screen_stay_two() -> None:
    vectors, _ = person_vectors(1, faces=12, spread=0.1)
    stills = [f"still-{number // 2}" for number in range(12)]

    groups = grouped(vectors, stills=stills)

    assert all(groups[left] != groups[left + 1] for left in range(0, 12, 2))


def test_one_mirror_does_not_split_a_lead_in_two() -> None:
    first, _ = person_vectors(1, faces=60, spread=0.3)
    stills = [f"still-{number}" for number in range(59)] + ["still-0"]

    groups = grouped(first, stills=stills)

    assert len(set(groups[1:59])) == 1


def test_a_poor_face_joins_the_person_it_resembles_and_shapes_nobody() -> None:
    vectors, _ = person_vectors(2, faces=5, spread=0.15)
    qualities = [0.9] * 4 + [0.1] + [0.9] * 5

    assert grouped(vectors, qualities=qualities) == [0] * 5 + [1] * 5


def test_a_poor_face_that_resembles_nobody_is_nobodys() -> None:
    vectors, _ = person_vectors(2, faces=5, spread=0.15)
    qualities = [0.9] * 5 + [0.1] * 5

    assert grouped(vectors, qualities=qualities) == [0] * 5 + [-1] * 5


def test_only_poor_faces_are_nobodys() -> None:
    vectors, _ = person_vectors(1, faces=3, spread=0.1)

    assert grouped(vectors, qualities=[0.1, 0.0, 0.2]) == [-1, -1, -1]


def test_thousands_of_faces_take_seconds() -> None:
    vectors, owners = person_vectors(40, faces=50, spread=0.3)
    began = time.process_time()

    groups = grouped(vectors)

    assert b_cubed(owners, groups) > 0.99
    assert time.process_time() - began < 15


def test_lists_of_different_length_are_refused() -> None:
    with pytest.raises(ValueError, match="one vector, quality and still a face"):
        group_faces(np.zeros((2, 128), np.float32), [0.5], ["a", "b"])


@pytest.mark.slow
def test_photographs_of_people_taken_years_apart_come_together(
    shared_media: Path, yunet_weights: Path, identifier: Identifier
) -> None:
    detector = load_detector(DetectorSource("yunet", yunet_weights))
    vectors, owners = [], []
    for path in sorted(shared_media.glob("faces/identity_0[1-5]/0[0-5].jpg")):
        picture = np.pad(np.asarray(Image.open(path).convert("RGB")), ((40, 40), (40, 40), (0, 0)))
        vectors.append(identifier.vectors(picture, detector.detect(picture)[:1]))
        owners.append(int(path.parent.name[-2:]))

    assert b_cubed(owners, grouped(np.concatenate(vectors))) >= 0.95
