"""Tags of stills: what fits stands out, what was seen counts, cards win nothing, every term is told."""

import json
import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from artgen.records import Tag
from artgen.tags import Observation, Vocabulary, load_vocabulary, tag_stills
from artgen.tags.tagging import BASE_LOG_ODDS, against_group, mean_vectors

DIM = 512
Vectors = NDArray[np.float32]

PLAIN = Observation(
    still="",
    faces=0,
    largest_face=0.0,
    second_face=0.0,
    face_gap=None,
    smiles=None,
    shot_scale="unknown",
    text_fraction=0.0,
    text_lines=0,
    lightness=0.4,
    dark_fraction=0.1,
    chroma=0.2,
    chroma_spread=0.3,
    edge_density=0.15,
    negative_space_fraction=0.3,
)


def direction(word: str) -> Vectors:
    """A unit vector that belongs to a word, the same in every run."""
    vector = np.random.default_rng(list(word.encode())).standard_normal(DIM)
    return np.asarray(vector / np.linalg.norm(vector), dtype=np.float32)


def encode(sentences: Sequence[str]) -> Vectors:
    """A text tower for tests: the sum of the words' directions, plus a bias all texts share, at unit length."""
    rows = np.stack(
        [sum((direction(word) for word in s.split()), direction("TEXT") * 1.5) for s in sentences]
    )
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


def picture_of(*words: str, noise: int = 0) -> Vectors:
    """A picture that shows these things, among much else."""
    vector = sum(
        (direction(word) for word in words), direction("PICTURE") * 2 + direction(f"noise {noise}") * 0.8
    )
    return np.asarray(vector / np.linalg.norm(vector), dtype=np.float32)


def vocabulary(folder: Path, *groups: dict[str, Any]) -> Vocabulary:
    path = folder / "vocabulary.json"
    path.write_text(json.dumps({"format": 1, "name": "test", "groups": groups}), encoding="utf-8")
    return load_vocabulary(path)


def group(name: str, *tags: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"name": name, "tags": [{"prompts": [tag["name"]], **tag} for tag in tags], **fields}


def tag(
    words: Vocabulary, pictures: Sequence[Vectors], seen: Sequence[Observation] | None = None
) -> list[Tag]:
    """Tag pictures named s0, s1, ... of a title."""
    ids = [f"s{i}" for i in range(len(pictures))]
    seen = seen or [PLAIN] * len(pictures)
    return tag_stills(
        ids,
        np.stack(pictures),
        words,
        encode,
        model_id="a model of tests",
        observations=[replace(one, still=still) for one, still in zip(seen, ids, strict=True)],
    )


def score(tags: list[Tag], still: str, name: str) -> float:
    return next(tag.score for tag in tags if tag.still == still and tag.tag == name)


ANIMALS = group("animal", *({"name": name} for name in ("cat", "dog", "horse", "owl", "fox", "whale")))


def test_what_a_picture_shows_scores_high_and_all_else_low(tmp_path: Path) -> None:
    pictures = [picture_of("cat", noise=i) for i in range(5)] + [picture_of("owl", noise=i) for i in range(5)]
    tags = tag(vocabulary(tmp_path, ANIMALS), pictures)

    assert min(score(tags, f"s{i}", "cat") for i in range(5)) > 0.5
    assert max(score(tags, f"s{i}", "cat") for i in range(5, 10)) < 0.15
    assert max(score(tags, f"s{i}", "whale") for i in range(10)) < 0.25


def test_tags_come_still_by_still_in_the_order_of_the_vocabulary(tmp_path: Path) -> None:
    tags = tag(vocabulary(tmp_path, ANIMALS), [picture_of("cat"), picture_of("dog")])

    assert [(t.still, t.tag) for t in tags[:7]] == [
        *(("s0", name) for name in ("cat", "dog", "horse", "owl", "fox", "whale")),
        ("s1", "cat"),
    ]
    assert {t.group for t in tags} == {"animal"}


def test_raw_is_the_cosine_to_the_mean_of_the_sentences(tmp_path: Path) -> None:
    words = vocabulary(tmp_path, group("animal", {"name": "cat", "prompts": ["a cat", "one small cat"]}))
    picture = picture_of("cat")
    mean = encode(["a cat", "one small cat"]).mean(axis=0)

    assert tag(words, [picture])[0].raw == pytest.approx(picture @ mean / np.linalg.norm(mean), abs=1e-4)


def test_mean_vectors_are_unit_long_whatever_the_number_of_sentences() -> None:
    means = mean_vectors([["a"], ["b c", "d", "e"], ["f", "g"]], encode)

    assert means.shape == (3, DIM)
    assert np.linalg.norm(means, axis=1) == pytest.approx(np.ones(3), abs=1e-5)
    assert means[0] == pytest.approx(encode(["a"])[0], abs=1e-5)


def test_the_score_is_the_logistic_of_the_terms_that_the_evidence_tells(tmp_path: Path) -> None:
    words = vocabulary(
        tmp_path,
        group(
            "kind",
            {"name": "cat", "evidence": {"dark": 1.5, "tag:dog": 1.0}},
            {"name": "dog"},
            exclusive=True,
        ),
        group("style", {"name": "drawn", "title_wide": True}),
    )
    dark = replace(PLAIN, dark_fraction=0.9, lightness=0.1)
    tags = tag(words, [picture_of("cat"), picture_of("dog"), picture_of("drawn")], [dark, PLAIN, PLAIN])

    for one in tags:
        told = BASE_LOG_ODDS + sum(one.evidence.values())
        assert one.score == pytest.approx(1 / (1 + math.exp(-told)), abs=0.01), one
    assert tags[0].evidence["dark"] == 1.5
    assert tags[3].evidence["tag:dog"] == pytest.approx(tags[4].score, abs=0.01)


def test_what_a_whole_group_has_in_common_with_a_still_speaks_for_none_of_it() -> None:
    groups = ["genre"] * 4 + ["pair"] * 2
    above = np.array([[2, 2, 2, 2, 2, 2], [2, 2, 4, 2, 0, 0], [-2, -2, 1, -2, -1, 1]], np.float32)
    against = against_group(above, groups)

    assert against[0, :4] == pytest.approx([0.4] * 4, abs=1e-5), "a film still, and that is all"
    assert against[1].argmax() == 2
    assert against[1, 2] > 2
    assert against[2] == pytest.approx(above[2]), "nobody gains by the poverty of others"
    assert against[:, 4:] == pytest.approx(above[:, 4:]), "two alone are no group to go by"


def test_evidence_alone_can_make_a_tag_that_the_model_knows_nothing_of(tmp_path: Path) -> None:
    words = vocabulary(
        tmp_path, group("people", {"name": "two people", "model": 0, "evidence": {"two faces": 5}})
    )
    tags = tag(words, [picture_of("people")] * 2, [replace(PLAIN, faces=2), replace(PLAIN, faces=1)])

    assert score(tags, "s0", "two people") == pytest.approx(1 / (1 + math.exp(-2)), abs=1e-3)
    assert score(tags, "s1", "two people") == pytest.approx(1 / (1 + math.exp(3)), abs=1e-3)


def test_a_title_card_wins_no_theme_even_when_its_words_fit_the_theme(tmp_path: Path) -> None:
    own = load_vocabulary(None)
    card = replace(
        PLAIN, text_fraction=0.12, text_lines=3, edge_density=0.02, dark_fraction=0.95, lightness=0.05
    )
    love = [picture_of("two", "lovers", "love", "romance", "story", noise=i) for i in range(3)]
    others = [picture_of(word, noise=i) for i, word in enumerate(["gun", "tree", "car", "dog", "sea"] * 3)]
    tags = tag(own, [*love, *others], [card, *[PLAIN] * 17])

    themes = {kind.name for kind in own.kinds() if kind.theme in ("genre", "tone", "relation")}
    best = {name: max((t for t in tags if t.tag == name), key=lambda t: t.score).still for name in themes}

    assert "s0" not in best.values()
    assert score(tags, "s0", "title card") > 0.5
    assert score(tags, "s0", "romance") < 0.2 < score(tags, "s1", "romance")


def test_rolling_names_are_credits_rather_than_a_title_card() -> None:
    roll = replace(
        PLAIN, text_fraction=0.2, text_lines=20, edge_density=0.1, dark_fraction=0.9, lightness=0.08
    )
    others = [picture_of(word, noise=i) for i, word in enumerate(["man", "tree", "car", "dog", "sea"])]
    tags = tag(load_vocabulary(None), [picture_of("letters"), *others], [roll, *[PLAIN] * 5])

    assert score(tags, "s0", "credits") > 0.7
    assert score(tags, "s0", "credits") > score(tags, "s0", "title card")
    assert max(score(tags, f"s{i}", "credits") for i in range(1, 6)) < 0.5


def test_in_an_exclusive_group_the_leader_holds_the_rest_down(tmp_path: Path) -> None:
    pictures = [picture_of("cat", "cat", "dog", noise=i) for i in range(4)] + [picture_of("owl")] * 8
    tags = {
        exclusive: tag(vocabulary(tmp_path, {**ANIMALS, "exclusive": exclusive}), pictures)
        for exclusive in (False, True)
    }

    assert score(tags[True], "s0", "cat") == score(tags[False], "s0", "cat")
    assert score(tags[True], "s0", "dog") < score(tags[False], "s0", "dog")


def test_a_property_of_the_film_is_shared_by_its_stills_but_not_taken_from_its_cards(tmp_path: Path) -> None:
    words = vocabulary(
        tmp_path,
        group("style", {"name": "gray", "model": 0, "title_wide": True, "evidence": {"colorless": 6}}),
    )
    gray, colored = replace(PLAIN, chroma_spread=0.0), PLAIN
    card = replace(colored, text_fraction=0.2)
    mostly_gray = tag(words, [picture_of("x")] * 7, [gray, gray, gray, colored, card, card, card])

    assert score(mostly_gray, "s0", "gray") > 0.9
    assert score(mostly_gray, "s3", "gray") > 0.5, "one colored still of a gray film"
    assert score(tag(words, [picture_of("x")] * 3, [colored, colored, gray]), "s2", "gray") < 0.5


def test_neither_dark_nor_smiling_is_believed_without_being_seen(tmp_path: Path) -> None:
    words = vocabulary(
        tmp_path,
        group("mood", {"name": "glad", "evidence": {"smiles": 3}}, {"name": "grim", "evidence": {"dark": 3}}),
    )
    unknown, glad = PLAIN, replace(PLAIN, smiles=1.0)
    tags = tag(words, [picture_of("x")] * 2, [unknown, glad])

    assert score(tags, "s1", "glad") > 4 * score(tags, "s0", "glad")
    assert score(tags, "s1", "grim") == score(tags, "s0", "grim")


def test_one_still_alone_and_no_still_are_titles_too(tmp_path: Path) -> None:
    words = vocabulary(tmp_path, ANIMALS)
    alone = tag(words, [picture_of("cat")])

    assert max(alone, key=lambda t: t.score).tag == "cat"
    assert tag_stills([], np.zeros((0, DIM), np.float32), words, encode, model_id="m", observations=[]) == []


def test_the_same_stills_give_the_same_tags(tmp_path: Path) -> None:
    words = vocabulary(tmp_path, ANIMALS)
    pictures = [picture_of("cat", noise=i) for i in range(9)]

    assert tag(words, pictures) == tag(words, pictures)


def test_stills_vectors_and_observations_must_belong_together(tmp_path: Path) -> None:
    words = vocabulary(tmp_path, ANIMALS)
    vectors = np.stack([picture_of("cat")] * 2)

    for stills, seen in ((["a"], ["a"]), (["a", "b"], ["b", "a"]), (["a", "b"], ["a"])):
        with pytest.raises(ValueError, match="same stills in the same order"):
            tag_stills(
                stills,
                vectors,
                words,
                encode,
                model_id="m",
                observations=[replace(PLAIN, still=still) for still in seen],
            )
