"""The shipped schema is a schema, says what the records say, and refuses what it should."""

import json
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from helpers.catalogs import sound_catalog
from jsonschema import Draft202012Validator

from artgen import records
from artgen.catalog import load_schema, validate_catalog, write_catalog
from artgen.errors import InputError

RECORDS: dict[str, type] = {
    "title": records.CatalogTitle,
    "model": records.ModelUsed,
    "feature": records.FeatureBlock,
    "person": records.Person,
    "theme": records.Theme,
    "variant": records.Variant,
    "why": records.Why,
    "rejected": records.Rejected,
    "policy": records.Policy,
    "spoilerGuard": records.SpoilerGuard,
    "useRules": records.UseRules,
    "verdict": records.Verdict,
    "breach": records.Breach,
    "refused": records.Refused,
    "titleSpace": records.TitleSpace,
    "scrim": records.Scrim,
    "titledPiece": records.TitledPiece,
}
OPTIONAL = {"policy", "use", "refused"}  # catalogs that were written before there were policies lack them


def test_it_is_a_valid_schema() -> None:
    Draft202012Validator.check_schema(load_schema())


def names(record: type) -> set[str]:
    return {field.name for field in fields(record)}


def test_it_describes_every_field_of_the_records_and_no_other() -> None:
    schema = load_schema()

    assert set(schema["properties"]) == names(records.Catalog)
    assert set(schema["required"]) == names(records.Catalog) - OPTIONAL
    for name, record in RECORDS.items():
        assert set(schema["$defs"][name]["properties"]) == names(record), name


def remove(*path: str | int) -> Any:
    def change(content: Any) -> None:
        for step in path[:-1]:
            content = content[step]
        del content[path[-1]]

    return change


def set_in(*path: str | int, to: Any) -> Any:
    def change(content: Any) -> None:
        for step in path[:-1]:
            content = content[step]
        content[path[-1]] = to

    return change


@pytest.mark.parametrize(
    "change",
    [
        remove("variants"),
        remove("variants", 0, "why"),
        remove("features", 0, "meaning"),
        set_in("format", to=2),
        set_in("variants", 0, "file", to="../x.jpg"),
        set_in("variants", 0, "file", to="a\\b.jpg"),
        set_in("variants", 0, "aspect", to="16x9"),
        set_in("variants", 0, "tags", to={"a": 1.5}),
        set_in("variants", 0, "crop", to=[1, 2, 3]),
        set_in("themes", 0, "kind", to="mood"),
        set_in("title", "time_base", to="0.04"),
        set_in("title", "film", "sha256", to="x"),
        set_in("people", 0, "screen_share", to=1.5),
    ],
)
def test_it_refuses_what_is_not_so(change: Any, tmp_path: Path) -> None:
    write_catalog(sound_catalog(), tmp_path / "catalog.json")
    content = json.loads((tmp_path / "catalog.json").read_bytes())
    validator = Draft202012Validator(load_schema())
    assert validator.is_valid(content)

    change(content)

    assert not validator.is_valid(content)


def test_validating_names_the_place(tmp_path: Path) -> None:
    path = tmp_path / "catalog.json"
    write_catalog(sound_catalog(), path)
    content = json.loads(path.read_bytes())
    content["people"][0]["screen_share"] = 3
    path.write_text(json.dumps(content))

    with pytest.raises(InputError, match=r"\$\.people\[0\]\.screen_share"):
        validate_catalog(path)
