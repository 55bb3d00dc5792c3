"""The vocabulary: what artgen's own holds, and that a broken one is refused by file and place."""

import json
from pathlib import Path
from typing import Any

import pytest

from artgen.errors import InputError
from artgen.tags import SIGNALS, Vocabulary, load_vocabulary

GENRES = [
    "romance",
    "comedy",
    "drama",
    "action",
    "thriller",
    "horror",
    "western",
    "war",
    "family",
    "animation",
    "documentary",
]


def small() -> dict[str, Any]:
    """A vocabulary of two groups that breaks no rule."""
    return {
        "format": 1,
        "name": "small",
        "groups": [
            {
                "name": "mood",
                "templates": ["{}", "a film still of {}"],
                "evidence": {"lettering": -2.0},
                "tags": [
                    {"name": "gloom", "prompts": ["a dark room", "a sad face"], "theme": "tone"},
                    {"name": "glee", "prompts": ["a laugh"], "evidence": {"smiles": 1.0, "lettering": -1.0}},
                ],
            },
            {
                "name": "harm",
                "exclusive": True,
                "tags": [
                    {"name": "smoke", "prompts": ["a cigarette"], "sensitivity": True, "not_with": ["tiny"]}
                ],
            },
        ],
    }


def write(folder: Path, content: Any) -> Path:
    path = folder / "words.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def own() -> Vocabulary:
    return load_vocabulary(None)


def test_our_own_has_the_genres_relations_sensitivities_and_image_kinds_people_ask_for(
    own: Vocabulary,
) -> None:
    kinds = {kind.name: kind for kind in own.kinds()}

    assert {*GENRES, "science fiction"} <= {name for name, kind in kinds.items() if kind.theme == "genre"}
    assert {"kiss", "embrace", "couple", "friends", "family together", "fight"} <= {
        name for name, kind in kinds.items() if kind.theme == "relation"
    }
    assert {"violence", "gore", "nudity", "smoking", "alcohol", "weapons"} <= {
        name for name, kind in kinds.items() if kind.sensitivity
    }
    assert {"title card", "credits", "logo", "scene", "landscape", "portrait"} <= {
        name for name, kind in kinds.items() if kind.group == "image kind"
    }


def test_no_sensitivity_and_no_kind_of_image_can_become_a_theme(own: Vocabulary) -> None:
    barred = [kind for kind in own.kinds() if kind.sensitivity or kind.group == "image kind"]

    assert barred
    assert all(kind.theme is None for kind in barred)


def test_lettering_speaks_against_every_theme_and_for_cards_and_credits(own: Vocabulary) -> None:
    tags = {tag.name: tag for tag in own.tags}

    assert all(tag.evidence["lettering"] < 0 for tag in own.tags if tag.theme)
    assert tags["title card"].evidence["lettering"] > 0
    assert tags["credits"].evidence["many lines"] > 0


def test_the_bundled_model_is_not_asked_for_what_it_cannot_tell(own: Vocabulary) -> None:
    asked = {kind.name for kind in own.kinds("artgen-compact")}

    assert {"drugs", "nudity", "war", "laboratory", "fantasy", "singing"}.isdisjoint(asked)
    assert {"comedy", "horror", "forest", "kitchen", "night", "one person", "title card"} <= asked
    assert len(own.kinds("some large model")) == len(own.kinds()) > len(asked)


def test_what_the_bundled_model_seldom_tells_is_a_tag_but_no_theme(own: Vocabulary) -> None:
    with_ours = {kind.name: kind.theme for kind in own.kinds("artgen-compact")}
    with_another = {kind.name: kind.theme for kind in own.kinds("some large model")}

    assert with_ours["thriller"] is with_ours["fight"] is None
    assert (with_another["thriller"], with_another["fight"]) == ("genre", "relation")
    assert with_ours["comedy"] == with_another["comedy"] == "genre"


def test_every_tag_is_described_by_several_sentences(own: Vocabulary) -> None:
    assert all(len(set(tag.sentences)) >= 2 for tag in own.tags)
    assert all("{}" not in sentence for tag in own.tags for sentence in tag.sentences)


def test_templates_are_applied_to_prompts_and_the_group_adds_its_evidence(tmp_path: Path) -> None:
    gloom, glee, smoke = load_vocabulary(write(tmp_path, small())).tags

    assert gloom.sentences == (
        "a dark room",
        "a film still of a dark room",
        "a sad face",
        "a film still of a sad face",
    )
    assert gloom.evidence == {"lettering": -2.0}
    assert glee.evidence == {"lettering": -3.0, "smiles": 1.0}
    assert (gloom.theme, glee.theme) == ("tone", None)
    assert (smoke.exclusive, smoke.sensitivity, smoke.model) == (True, True, 1.0)


def test_a_tag_is_not_offered_with_a_model_that_does_not_know_it(tmp_path: Path) -> None:
    vocabulary = load_vocabulary(write(tmp_path, small()))

    assert [kind.name for kind in vocabulary.kinds("tiny")] == ["gloom", "glee"]
    assert [kind.name for kind in vocabulary.kinds("large")] == ["gloom", "glee", "smoke"]


BREAKAGES: list[tuple[str, str, Any]] = [
    ("format", "$.format", lambda v: v.update(format=2)),
    ("no groups field", "groups", lambda v: v.pop("groups")),
    ("no group at all", "no tag at all", lambda v: v.update(groups=[])),
    ("empty group", "$.groups[1].tags", lambda v: v["groups"][1].update(tags=[])),
    ("group name", "$.groups[0].name", lambda v: v["groups"][0].update(name="")),
    ("wrong type", "$.groups[0].tags[1].prompts", lambda v: v["groups"][0]["tags"][1].update(prompts="one")),
    ("missing prompts", "prompts", lambda v: v["groups"][0]["tags"][0].pop("prompts")),
    ("no prompts", "$.groups[0].tags[0].prompts", lambda v: v["groups"][0]["tags"][0].update(prompts=[])),
    ("blank prompt", "tags[0].prompts[1]", lambda v: v["groups"][0]["tags"][0].update(prompts=["a", " "])),
    ("long prompt", "tags[0].prompts[0]", lambda v: v["groups"][0]["tags"][0].update(prompts=["a" * 201])),
    ("too many prompts", "tags[0].prompts", lambda v: v["groups"][0]["tags"][0].update(prompts=["a"] * 40)),
    ("misspelt field", "prompt", lambda v: v["groups"][0]["tags"][0].update(prompt=["a"])),
    ("template without place", "templates[1]", lambda v: v["groups"][0].update(templates=["{}", "no place"])),
    ("no templates", "templates", lambda v: v["groups"][0].update(templates=[])),
    ("tag name", "$.groups[0].tags[0].name", lambda v: v["groups"][0]["tags"][0].update(name="../x\n")),
    ("theme of no kind", "theme", lambda v: v["groups"][0]["tags"][0].update(theme="smell")),
    ("duplicate", "'gloom' twice", lambda v: v["groups"][1]["tags"][0].update(name="gloom")),
    ("unknown evidence", "evidence.smell", lambda v: v["groups"][0]["tags"][0].update(evidence={"smell": 1})),
    ("huge weight", "evidence.dark", lambda v: v["groups"][0]["tags"][0].update(evidence={"dark": 99})),
    ("no such tag", "tag:joy", lambda v: v["groups"][0]["tags"][0].update(evidence={"tag:joy": 1})),
    ("model weight", "tags[0].model", lambda v: v["groups"][0]["tags"][0].update(model=1.5)),
    ("nothing to go by", "evidence", lambda v: v["groups"][1]["tags"][0].update(model=0)),
]


@pytest.mark.parametrize(("place", "change"), [b[1:] for b in BREAKAGES], ids=[b[0] for b in BREAKAGES])
def test_a_broken_vocabulary_is_refused_by_file_and_place(tmp_path: Path, place: str, change: Any) -> None:
    content = small()
    change(content)
    path = write(tmp_path, content)

    with pytest.raises(InputError) as refusal:
        load_vocabulary(path)

    assert str(path) in str(refusal.value)
    assert place in str(refusal.value)


def test_tags_may_rest_on_each_other_in_a_line_but_not_in_a_circle(tmp_path: Path) -> None:
    content = small()
    content["groups"][0]["tags"][0]["evidence"] = {"tag:glee": 1.0}
    content["groups"][0]["tags"][1]["evidence"] = {"tag:smoke": 1.0}
    assert len(load_vocabulary(write(tmp_path, content)).tags) == 3

    content["groups"][1]["tags"][0]["evidence"] = {"tag:gloom": 1.0}
    with pytest.raises(InputError, match="gloom on glee on smoke on gloom"):
        load_vocabulary(write(tmp_path, content))


@pytest.mark.parametrize(
    "content", ["", "{", "\x00\x01", "[]", '"words"', "NaN", '{"format": 1} trailing', "[" * 90_000]
)
def test_what_is_not_a_vocabulary_is_refused(tmp_path: Path, content: str) -> None:
    with pytest.raises(InputError, match=r"words\.json"):
        load_vocabulary(write(tmp_path, content))


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "words.json"
    path.write_bytes(b'{"format": 1, "name": "\xff\xfe", "groups": []}')

    with pytest.raises(InputError, match=r"words\.json"):
        load_vocabulary(path)


def test_a_file_too_large_to_be_a_vocabulary_is_refused_before_it_is_parsed(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="larger than"):
        load_vocabulary(write(tmp_path, " " * 1_000_001))


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "nowhere.json", tmp_path):
        with pytest.raises(InputError, match="no such vocabulary"):
            load_vocabulary(path)


def test_the_page_on_tags_names_every_evidence() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs/tags.md").read_text(encoding="utf-8")

    assert [name for name in SIGNALS if f"`{name}`" not in page] == []
