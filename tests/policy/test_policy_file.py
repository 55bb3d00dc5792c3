"""A policy file comes from outside: what is wrong in it is named, and no limit is lost to a slip."""

import json
from pathlib import Path
from typing import Any

import pytest

from artgen.errors import InputError, UsageError
from artgen.policy import check_use, load_policy
from artgen.tags import load_vocabulary


def policy(**changes: Any) -> dict[str, Any]:
    return {
        "format": 1,
        "name": "mine",
        "spoilers": {"from_duration_s": 600, "latest": 0.8, "first_seen": 0.6},
        "uses": {"lobby": {"meaning": "the screen in the lobby", "tags": {"weapons": 0.4}, "most_people": 2}},
    } | changes


def write(path: Path, content: Any) -> Path:
    path.write_text(json.dumps(content))
    return path


def test_uses_are_named_by_whoever_writes_it_and_what_is_left_out_is_no_rule(tmp_path: Path) -> None:
    read = load_policy(write(tmp_path / "p.json", policy()))

    lobby = read.uses["lobby"]
    assert (lobby.tags, lobby.most_people) == ({"weapons": 0.4}, 2)
    assert (lobby.most_text, lobby.latest, lobby.first_seen) == (None, None, None)
    assert read.spoilers.latest == 0.8


def test_our_own_limits_every_sensitivity_of_the_vocabulary_for_children_and_for_the_front_page() -> None:
    own = load_policy()
    sensitivities = {tag.name for tag in load_vocabulary().tags if tag.sensitivity}

    assert list(own.uses) == ["any", "home", "kids", "mature"]
    assert own.uses["kids"].tags.keys() == own.uses["home"].tags.keys() == sensitivities
    assert all(own.uses["kids"].tags[tag] <= own.uses["home"].tags[tag] for tag in sensitivities)
    assert not own.uses["mature"].tags


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"format": 2}, "format is 2"),
        ({"name": ""}, r"\$\.name"),
        ({"uses": {}}, "0 uses"),
        ({"uses": {f"u{n}": {"meaning": ""} for n in range(21)}}, "21 uses"),
        ({"uses": {"For Kids": {"meaning": ""}}}, "'For Kids'"),
        ({"uses": {"kids": {"meaning": "", "tags": {"gore": 1.5}}}}, r"\$\.uses\.kids has tags\.gore 1\.5"),
        ({"uses": {"kids": {"meaning": "", "latest": -0.1}}}, "latest -0.1"),
        ({"uses": {"kids": {"meaning": "", "most_people": -1}}}, "most_people -1"),
        ({"uses": {"kids": {"meaning": "", "tags": {"x" * 41: 0.5}}}}, "longer than 40"),
        ({"uses": {"kids": {"meaning": "m" * 301}}}, "meaning longer than 300"),
        ({"uses": {"kids": {"meaning": "", "tag": {"gore": 0.2}}}}, r"\$\.uses\.kids has the unknown field 'tag'"),
        ({"use": {}}, r"\$ has the unknown field 'use'"),
        ({"uses": {"kids": {"meaning": "", "tags": {"gore": "low"}}}}, "no policy"),
        ({"spoilers": {"from_duration_s": 1, "latest": 2, "first_seen": 0.5}}, r"\$\.spoilers"),
    ],
)  # fmt: skip
def test_what_breaks_a_rule_is_refused_with_its_place(change: Any, named: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=named) as refused:
        load_policy(write(tmp_path / "p.json", policy(**change)))

    assert "p.json" in str(refused.value)
    assert "docs/policy.md" in str(refused.value)


@pytest.mark.parametrize("data", [b"", b"{", b"\xff\xfe", b"[" * 50_000, b'{"format": NaN}', b"[]"])
def test_what_is_no_json_or_no_policy_is_refused(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "p.json").write_bytes(data)

    with pytest.raises(InputError, match="no policy"):
        load_policy(tmp_path / "p.json")


def test_a_huge_file_a_folder_and_a_missing_one_are_told(tmp_path: Path) -> None:
    (tmp_path / "huge.json").write_bytes(b" " * 100_001)

    with pytest.raises(InputError, match="larger than 100000 bytes"):
        load_policy(tmp_path / "huge.json")
    for absent in (tmp_path, tmp_path / "none.json", tmp_path / "huge.json" / "p.json"):
        with pytest.raises(InputError, match="no such policy file"):
            load_policy(absent)


def test_a_use_that_is_not_there_is_told_with_those_that_are() -> None:
    check_use(load_policy(), None)
    check_use(load_policy(), "kids")

    with pytest.raises(UsageError, match="no use 'children'; use one of any, home, kids, mature"):
        check_use(load_policy(), "children")
