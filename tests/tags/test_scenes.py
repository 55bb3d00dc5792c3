"""Scenes: alternating views stay together, a new place begins a new one, every shot belongs once."""

import numpy as np
import pytest
from numpy.typing import NDArray

from artgen.records import Scene, Shot, Still, Transition
from artgen.tags import group_scenes as group_scenes_by

DIM = 48
Vectors = NDArray[np.float32]


def shot(number: int, *, seconds: float = 5.0, transition: Transition = "cut") -> Shot:
    start = number * seconds
    pts = (round(start * 1000), round((start + seconds) * 1000))
    return Shot(number, *pts, start, start + seconds, round(seconds * 25), transition, "cut")


def still(number: int) -> Still:
    return Still(f"still {number}", number, number * 5000 + 100, number * 5.0 + 0.1, "a.jpg", {}, None, 1.0)


def views(plan: str, *, noise: float = 0.25, seed: int = 5) -> Vectors:
    """A vector a letter: upper-case letters are places, each far from the others; noise makes each shot its own.

    A lower-case letter is another view of the same place: half of its vector is the place's.
    """
    random = np.random.default_rng(seed)
    place = {letter: random.standard_normal(DIM) for letter in sorted({letter.upper() for letter in plan})}
    view = {letter: random.standard_normal(DIM) for letter in sorted(set(plan))}
    common = random.standard_normal(DIM) * 2
    rows = [common + place[c.upper()] + view[c] * 0.7 + noise * random.standard_normal(DIM) for c in plan]
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


def group_scenes(
    shots: list[Shot], stills: list[Still], vectors: Vectors, colors: list[list[float]] | None = None
) -> list[Scene]:
    """Scenes of stills that are all of one color, unless said otherwise."""
    return group_scenes_by(
        shots, stills, vectors, colors=[[0.5, 0.5]] * len(vectors) if colors is None else colors
    )


def scenes_of(plan: str, **choices: float) -> list[str]:
    """The plan cut where scenes begin."""
    shots = [shot(i) for i in range(len(plan))]
    scenes = group_scenes(shots, [still(i) for i in range(len(plan))], views(plan, **choices))  # type: ignore[arg-type]
    assert [scene.id for scene in scenes] == list(range(len(scenes)))
    return [plan[scene.first_shot : scene.last_shot + 1] for scene in scenes]


@pytest.mark.parametrize("seed", range(5))
def test_a_new_place_begins_a_new_scene(seed: int) -> None:
    assert scenes_of("AAAAABBBBBBCCCCDDDDDD", seed=seed) == ["AAAAA", "BBBBBB", "CCCC", "DDDDDD"]


@pytest.mark.parametrize("seed", range(5))
def test_two_views_that_alternate_are_one_scene(seed: int) -> None:
    assert scenes_of("AaAaAaAaBbBBbBbbCcCcCc", seed=seed) == ["AaAaAaAa", "BbBBbBbb", "CcCcCc"]


def test_a_place_that_comes_back_after_minutes_is_a_scene_of_its_own() -> None:
    plan = "AAAA" + "BBBBBBBBBBBBBB" + "AAAA"

    assert scenes_of(plan) == ["AAAA", "BBBBBBBBBBBBBB", "AAAA"]


def test_where_pictures_say_little_colors_tell_places_apart() -> None:
    vectors = views("A" * 12, noise=0.6)
    shots, stills = [shot(i) for i in range(12)], [still(i) for i in range(12)]
    colors = [[0.9, 0.1, 0.0]] * 6 + [[0.0, 0.1, 0.9]] * 6

    assert len(group_scenes(shots, stills, vectors)) == 1
    assert [scene.first_shot for scene in group_scenes(shots, stills, vectors, colors)] == [0, 6]


def test_a_fade_parts_scenes_that_a_cut_would_not() -> None:
    plan = "AAAAaaaa"
    stills, vectors = [still(i) for i in range(len(plan))], views(plan, noise=0.8)

    def begun_by(transition: Transition) -> int:
        shots = [shot(i, transition=transition if i == 4 else "cut") for i in range(len(plan))]
        return len(group_scenes(shots, stills, vectors))

    assert (begun_by("cut"), begun_by("fade")) == (1, 2)


def test_a_single_look_elsewhere_does_not_break_a_scene() -> None:
    assert scenes_of("AAAXAAAABBBBBB") == ["AAAXAAAA", "BBBBBB"]


def test_every_shot_is_in_one_scene_and_times_are_those_of_the_shots() -> None:
    plan = "AABBCCDDAABBCC"
    shots = [shot(i) for i in range(len(plan))]
    scenes = group_scenes(shots, [still(i) for i in range(len(plan))], views(plan))

    held = [number for scene in scenes for number in range(scene.first_shot, scene.last_shot + 1)]
    assert held == list(range(len(plan)))
    assert [(s.start_s, s.end_s) for s in scenes] == [
        (shots[s.first_shot].start_s, shots[s.last_shot].end_s) for s in scenes
    ]


def test_a_shot_without_stills_joins_what_is_around_it() -> None:
    plan = "AAAAABBBBB"
    shots = [shot(i) for i in range(len(plan))]
    kept = [i for i in range(len(plan)) if i != 2]
    scenes = group_scenes(shots, [still(i) for i in kept], views(plan)[kept])

    assert [(s.first_shot, s.last_shot) for s in scenes] == [(0, 4), (5, 9)]


def test_several_stills_of_a_shot_speak_for_it_by_the_best_of_them() -> None:
    plan = "AAAABBBB"
    shots = [shot(i) for i in range(len(plan))]
    stills = [still(i // 2) for i in range(2 * len(plan))]
    vectors = np.repeat(views(plan), 2, axis=0)
    vectors[2] = views("Z", seed=77)[0]

    assert [(s.first_shot, s.last_shot) for s in group_scenes(shots, stills, vectors)] == [(0, 3), (4, 7)]


def test_a_film_without_stills_is_one_scene_and_one_without_shots_has_none() -> None:
    empty = np.zeros((0, DIM), np.float32)

    assert [(s.first_shot, s.last_shot) for s in group_scenes([shot(i) for i in range(5)], [], empty)] == [
        (0, 4)
    ]
    assert group_scenes([], [], empty) == []


def test_stills_and_vectors_must_be_as_many() -> None:
    with pytest.raises(ValueError, match="1 stills, 2 vectors and 2 colors"):
        group_scenes([shot(0)], [still(0)], views("AA"))
