"""The pages agree with the code: every command, option, measure and field they list is there, and none is missing."""

import re
from dataclasses import fields
from pathlib import Path

import pytest
import typer
from typer.main import get_command

from artgen import composition, stills
from artgen.cli import app
from artgen.records import Composition, Face, MeasureSpec, Person, Scene, Shot, Still, Tag, Tagging, Title
from artgen.weights import entry_of

DOCS = Path(__file__).resolve().parent.parent / "docs"


def measure_table(measures: dict[str, MeasureSpec]) -> str:
    """The measures as a Markdown table, as docs/formats.md has them."""
    rows = [
        f"| `{name}` | {spec.meaning} | {spec.unit} | {spec.low:g} to {spec.high:g} |"
        for name, spec in measures.items()
    ]
    return "\n".join(["| measure | meaning | unit | range |", "| --- | --- | --- | --- |", *rows])


@pytest.mark.parametrize(
    ("mark", "measures"), [("stills", stills.MEASURES), ("composition", composition.MEASURES)]
)
def test_the_table_of_measures_is_that_of_the_code(mark: str, measures: dict[str, MeasureSpec]) -> None:
    page = (DOCS / "formats.md").read_text()

    found = re.search(rf"<!-- measures:{mark} -->\n\n(\|.*?)\n\n", page, re.DOTALL)

    assert found is not None
    assert found[1] == measure_table(measures)


@pytest.mark.parametrize("kind", [Title, Shot, Still, Face, Person, Composition, Scene, Tag, Tagging])
def test_every_field_of_a_file_is_on_its_page(kind: type) -> None:
    page = (DOCS / "formats.md").read_text()

    missing = [field.name for field in fields(kind) if f"`{field.name}`" not in page]

    assert missing == []


def test_every_command_is_on_its_page_and_says_what_it_does() -> None:
    page = (DOCS / "commands.md").read_text()
    commands = get_command(app).commands  # type: ignore[attr-defined]

    for name, command in commands.items():
        assert f"`artgen {name}" in page, name
        assert isinstance(command, typer.core.TyperCommand | typer.core.TyperGroup)
        assert command.help


def test_every_option_has_help() -> None:
    commands = get_command(app).commands  # type: ignore[attr-defined]

    silent = [
        f"{name} {parameter.name}"
        for name, command in commands.items()
        for parameter in command.params
        if parameter.name != "help" and not getattr(parameter, "help", None)
    ]

    assert silent == []


def test_the_licenses_of_the_models_are_those_of_the_registry() -> None:
    page = (DOCS / "models.md").read_text()
    rows = re.findall(
        r"^\| (`[\w.`, -]+`) \| .* \| (.*?) \| .*? \|$", page.partition("\n## ")[0], re.MULTILINE
    )
    told = {id: license for ids, license in rows for id in re.findall(r"`([^`]+)`", ids)}

    wrong = {
        id: license for id, license in told.items() if entry_of(id).license not in license.replace("**", "")
    }

    assert len(told) >= 10
    assert wrong == {}
