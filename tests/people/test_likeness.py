"""Likeness is the cosine of many unit vectors, and means the same for groups of any size."""

import numpy as np
import pytest
from helpers.faces import person_vectors

from artgen.people.likeness import FACE_SCATTER, likeness

MANY = 10**9


def test_likeness_of_well_known_people_with_unit_vectors_is_the_cosine() -> None:
    one = np.array([1.0, 0.0], np.float32)
    others = np.array([(1.0, 0.0), (0.6, 0.8), (0.0, 1.0)], np.float32)

    assert likeness(one, MANY, others, np.full(3, MANY)) == pytest.approx([1.0, 0.6, 0.0], abs=1e-6)


def test_likeness_counts_the_length_of_vectors_too() -> None:
    short, long = np.array([1.0, 0.0]), np.array([[1.5, 0.0]])

    assert likeness(short, MANY, long, np.array([MANY])) == pytest.approx([1 - 0.5**2 / 2])


@pytest.mark.parametrize(("faces", "photographs"), [(1, 1), (1, 5), (5, 1), (8, 8)])
def test_likeness_of_one_persons_groups_is_one_whatever_their_size(faces: int, photographs: int) -> None:
    vectors, _ = person_vectors(1, faces=400, spread=FACE_SCATTER**0.5)
    random = np.random.default_rng(0)
    found = []
    for _ in range(300):
        drawn = vectors[random.permutation(len(vectors))[: faces + photographs]]
        means = drawn[:faces].mean(axis=0), drawn[faces:].mean(axis=0, keepdims=True)
        found.append(likeness(means[0], faces, means[1], np.array([photographs]))[0])

    assert np.mean(found) == pytest.approx(1, abs=0.003)


def test_a_distance_between_few_faces_says_less_than_one_between_many() -> None:
    one, other = np.zeros(4), np.full((1, 4), 0.25)

    few = likeness(one, 1, other, np.array([1]))
    many = likeness(one, 10, other, np.array([10]))

    assert few > many
