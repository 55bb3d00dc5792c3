"""Stills that look alike lie near each other, the same way every time."""

import numpy as np
import pytest
from numpy.typing import NDArray

from artgen.report.layout import look_alikes, place_on_map


def clusters(*, each: int = 40, kinds: int = 3) -> NDArray[np.float32]:
    """Unit vectors around some directions, kind after kind."""
    rng = np.random.default_rng(5)
    centers = rng.normal(size=(kinds, 64))
    rows = np.repeat(centers, each, axis=0) + 0.3 * rng.normal(size=(kinds * each, 64))
    unit: NDArray[np.float32] = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    return unit


def mapped(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    return place_on_map(vectors, look_alikes(vectors, most=8))


def test_who_is_alike_is_near() -> None:
    rng = np.random.default_rng(2)
    walk = np.cumsum(rng.normal(size=(300, 64)), axis=0)  # as a film goes: each still is like those around it
    vectors = (walk / np.linalg.norm(walk, axis=1, keepdims=True)).astype(np.float32)

    alike, places = look_alikes(vectors, most=8), mapped(vectors)

    apart = np.linalg.norm(places[:, None] - places, axis=2)
    np.fill_diagonal(apart, np.inf)
    near = np.argsort(apart, axis=1)[:, :8]
    kept = np.mean([len(set(a) & set(b)) / 8 for a, b in zip(alike.tolist(), near.tolist(), strict=True)])
    assert kept > 0.5, "by chance it would be 0.03"


def test_the_same_stills_lie_in_the_same_places() -> None:
    assert np.array_equal(mapped(clusters(each=100)), mapped(clusters(each=100)))


def test_likeness_becomes_nearness() -> None:
    places = mapped(clusters())

    middles = places.reshape(3, 40, 2).mean(axis=1)
    within = np.linalg.norm(places.reshape(3, 40, 2) - middles[:, None], axis=2).mean()
    between = np.mean([np.linalg.norm(middles[a] - middles[b]) for a, b in ((0, 1), (0, 2), (1, 2))])
    assert between > 2 * within
    assert places.min() >= 0
    assert places.max() <= 1


def test_the_map_is_used_though_one_picture_is_far_from_all() -> None:
    vectors = clusters(kinds=1, each=99)
    vectors = np.concatenate([vectors, -vectors[:1]])

    places = mapped(vectors)

    middle = places[:99]
    assert np.ptp(middle, axis=0).min() > 0.5


def test_a_map_does_not_turn_when_a_still_more_is_kept() -> None:
    vectors = clusters()

    before, after = mapped(vectors)[:-1], mapped(vectors[:-1])

    assert np.median(np.abs(before - after)) < 0.1


@pytest.mark.parametrize("count", [0, 1, 2, 5])
def test_what_does_not_differ_lies_in_the_middle(count: int) -> None:
    places = mapped(np.ones((count, 8), np.float32) / np.sqrt(8, dtype=np.float32))

    assert places.shape == (count, 2)
    assert np.all(places == 0.5)


def test_unknown_vectors_of_no_length_have_a_place() -> None:
    assert mapped(np.zeros((3, 0), np.float32)).tolist() == [[0.5, 0.5]] * 3
    assert mapped(np.array([[1.0], [-1.0]], np.float32)).shape == (2, 2)


def test_look_alikes_are_the_nearest_others() -> None:
    vectors = clusters(each=500)  # more than are compared at once

    found = look_alikes(vectors, most=4)

    likeness = vectors @ vectors.T
    np.fill_diagonal(likeness, -2)
    assert found.shape == (1500, 4)
    for row in (0, 777, 1499):
        assert found[row].tolist() == np.argsort(-likeness[row], kind="stable")[:4].tolist()
    assert (found // 500 == np.arange(1500)[:, None] // 500).mean() > 0.99


@pytest.mark.parametrize(("count", "width"), [(0, 0), (1, 0), (3, 2)])
def test_few_stills_have_few_look_alikes(count: int, width: int) -> None:
    assert look_alikes(clusters()[:count], most=8).shape == (count, width)
