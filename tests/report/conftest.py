"""A report of drawn stills in which a person's name tries to break out of the page, and a browser to look at it."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from helpers.browser import Browser, find_browser
from helpers.frames import build_frames
from helpers.reports import HOSTILE

from artgen.export import export_catalog, read_treatment
from artgen.folder import read_json, write_json
from artgen.progress import Silent
from artgen.records import Person
from artgen.report import write_report


@pytest.fixture(scope="session")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with frames/, catalog.json and artwork/; not to be changed."""
    root = tmp_path_factory.mktemp("exported")
    frames = build_frames(root / "frames")
    first, second = read_json(frames.people, list[Person])
    write_json(frames.people, [first, replace(second, name=HOSTILE)])
    title = read_treatment(logo=None, text="ADA", font=None)
    export_catalog(root / "catalog.json", frames=frames.root, treatment=title, progress=Silent())
    return root


@pytest.fixture
def title(exported: Path, tmp_path: Path) -> Path:
    """The same, to be changed."""
    shutil.copytree(exported, tmp_path / "title")
    return tmp_path / "title"


@pytest.fixture(scope="session")
def reported(exported: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its report; not to be changed."""
    out = tmp_path_factory.mktemp("reported") / "report"
    write_report(exported / "catalog.json", out=out, progress=Silent())
    return out


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A real browser, one for all tests."""
    program = find_browser()
    if program is None:
        pytest.skip("no Chromium here (ARTGEN_CHROMIUM names one): pages cannot be looked at")
    with Browser(program, tmp_path_factory.mktemp("profile")) as running:
        yield running
