"""The rules of docs/architecture.md that programs can hold: style, types and who may import whom."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
CHECKS = {
    "ruff finds nothing": ("-m", "ruff", "check", "."),
    "ruff would reformat nothing": ("-m", "ruff", "format", "--check", "."),
    "mypy --strict finds nothing": ("-m", "mypy"),
    "imports go down only": ("-c", "from importlinter.cli import lint_imports_command as lint; lint()"),
}


@pytest.mark.parametrize("arguments", CHECKS.values(), ids=CHECKS.keys())
def test_style(arguments: tuple[str, ...]) -> None:
    check = subprocess.run(
        [sys.executable, *arguments], check=False, cwd=ROOT, capture_output=True, text=True
    )

    assert check.returncode == 0, check.stdout + check.stderr
