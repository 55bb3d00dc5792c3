"""The wheel: complete, nothing too much, the same through the sdist, and at work in an environment of its own."""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from importlib.metadata import Distribution, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parent.parent

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel as pip builds it from the checkout."""
    return build("--wheel", into=tmp_path_factory.mktemp("wheel"))


def build(*arguments: str, into: Path) -> Path:
    command = [sys.executable, "-m", "build", "--no-isolation", *arguments, "--outdir", str(into), str(ROOT)]
    run(command, cwd=into)
    return next(into.glob("*.whl"))


def run(command: list[str], *, cwd: Path) -> str:
    """What a program prints; it must succeed, and must not find this checkout by way of PYTHONPATH."""
    clean = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME")}
    done = subprocess.run(command, check=False, cwd=cwd, env=clean, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def contents(wheel: Path) -> dict[str, int]:
    with zipfile.ZipFile(wheel) as archive:
        return {entry.filename: entry.CRC for entry in archive.infolist()}


def test_the_wheel_holds_the_package_and_its_data_and_nothing_else(wheel: Path) -> None:
    names = set(contents(wheel))
    package = {f"artgen/{path.relative_to(ROOT / 'artgen')}" for path in (ROOT / "artgen").rglob("*.py")}
    models = {
        f"artgen/models/{path.relative_to(ROOT / 'models')}"
        for path in (ROOT / "models").rglob("*")
        if path.is_file() and path.suffix not in (".py", ".pyc") and "/." not in path.as_posix()
    }

    assert package | models | {"artgen/py.typed", "artgen/catalog/catalog.schema.json"} <= names
    assert "artgen/models/registry.json" in names
    assert not [name for name in names if name.startswith("artgen/models/") and name.endswith(".py")]
    assert {name.split("/")[0] for name in names} == {
        "artgen",
        next(n for n in names if ".dist-info" in n).split("/")[0],
    }


def test_the_wheel_made_through_the_sdist_is_the_same(wheel: Path, tmp_path: Path) -> None:
    through_sdist = build(into=tmp_path)

    assert contents(through_sdist) == contents(wheel)
    with tarfile.open(next(tmp_path.glob("*.tar.gz"))) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"LICENSE", "README.md", "CHANGELOG.md", "samples/sample.mp4"} <= names


def needed_by(requirement: Requirement, found: dict[str, Distribution]) -> None:
    """Add the installed distribution that answers a requirement, and all it leads to."""
    for extra in requirement.extras or {""}:
        if (key := f"{requirement.name}[{extra}]") in found:
            continue
        found[key] = distribution(requirement.name)
        for further in map(Requirement, found[key].requires or []):
            if further.marker is None or further.marker.evaluate({"extra": extra}):
                needed_by(further, found)


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The scripts folder of a new environment with the wheel in it.

    torch and its like would be gigabytes a second time. So what the wheel's own metadata asks for, and no more
    (no test tools, no editable artgen), is linked from this environment; then pip installs the wheel without
    an index, and refuses if a requirement is missing.
    """
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=True)
    scripts = folder / ("Scripts" if os.name == "nt" else "bin")
    python = str(scripts / "python")
    packages = Path(
        run([python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], cwd=folder).strip()
    )
    here = Path(sysconfig.get_path("purelib"))
    with zipfile.ZipFile(wheel) as archive:
        metadata = next(name for name in archive.namelist() if name.endswith("/METADATA"))
        lines = archive.read(metadata).decode().splitlines()
    found: dict[str, Distribution] = {}
    for line in lines:
        if line.startswith("Requires-Dist: "):
            needed_by(Requirement(line.partition(": ")[2]), found)
    tops = {file.parts[0] for needed in found.values() for file in needed.files or []} - {"..", "__pycache__"}
    for top in tops:
        if not (packages / top).exists():
            (packages / top).symlink_to(here / top)
    run([python, "-m", "pip", "install", "--no-index", str(wheel)], cwd=folder)
    return scripts


def test_the_installed_wheel_makes_the_demo_outside_the_checkout(installed: Path, tmp_path: Path) -> None:
    where = run([str(installed / "python"), "-c", "import artgen; print(artgen.__file__)"], cwd=tmp_path)
    assert Path(where.strip()).is_relative_to(installed.parent)
    shutil.copy(ROOT / "samples" / "sample.mp4", tmp_path)

    run(
        [str(installed / "artgen"), "run", "sample.mp4", "--out", "demo", "--model", "artgen-compact"],
        cwd=tmp_path,
    )

    catalog = json.loads((tmp_path / "demo" / "catalog.json").read_bytes())
    assert catalog["variants"]
    assert all((tmp_path / "demo" / variant["file"]).is_file() for variant in catalog["variants"])
