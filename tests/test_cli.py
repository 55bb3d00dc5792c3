"""The command line as a whole: quick to start, silent where asked, one JSON object, no torch in extract."""

import json
import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest
from helpers.films import drifting, encode

from artgen import __version__


def _artgen(*arguments: object) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "artgen", *map(str, arguments)]
    environment = os.environ | {"ARTGEN_OFFLINE": "1"}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory, ffmpeg: str) -> Path:
    return encode(tmp_path_factory.mktemp("film") / "film.mp4", drifting(3, 40), ffmpeg)


def test_version() -> None:
    assert _artgen("--version").stdout == f"artgen {__version__}\n"


@pytest.mark.parametrize(
    "command",
    ["extract", "tag", "export", "check", "lists", "report", "search", "picks", "run", "doctor", "models"],
)
def test_every_command_explains_itself(command: str) -> None:
    answer = _artgen(command, "--help")

    assert answer.returncode == 0
    assert "Usage:" in answer.stdout


def test_help_needs_no_heavy_import_and_little_time() -> None:
    code = (
        "import sys\nfrom artgen.cli import main\nsys.argv = ['artgen', '--help']\n"
        "try: main()\nexcept SystemExit: pass\n"
        "heavy = {'numpy', 'torch', 'cv2', 'av', 'PIL', 'rich', 'msgspec'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )

    def cpu_s(program: str) -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, "-c", program], check=True, capture_output=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    # Processor time, for these machines are shared; the command waits for nothing.
    assert min(cpu_s(code) for _ in range(3)) < 0.3


def test_extract_never_imports_torch(film: Path, tmp_path: Path) -> None:
    code = (
        "import sys\nfrom artgen.cli import main\n"
        f"sys.argv = ['artgen', 'extract', {str(film)!r}, '-o', {str(tmp_path / 'o')!r}, '-q']\n"
        "try: main()\nexcept SystemExit as end: assert not end.code, end.code\n"
        "assert 'torch' not in sys.modules and 'open_clip' not in sys.modules"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert answer.returncode == 0, answer.stderr


def test_json_is_one_object_on_stdout_and_progress_goes_to_stderr(film: Path, tmp_path: Path) -> None:
    answer = _artgen("extract", film, "-o", tmp_path / "o", "--json")

    found = json.loads(answer.stdout)
    assert found["shots"] == 1
    assert found["kept"] >= 1
    assert "reading the film" in answer.stderr
    assert "\x1b" not in answer.stderr, "no colors or bars where there is no terminal"


def test_quiet_says_only_the_answer(film: Path, tmp_path: Path) -> None:
    answer = _artgen("extract", film, "-o", tmp_path / "o", "-q")

    assert answer.stderr == ""
    assert "1 shot," in answer.stdout


def test_what_extract_says_of_a_part_is_where_it_begins_and_ends(film: Path, tmp_path: Path) -> None:
    answer = _artgen("extract", film, "-o", tmp_path / "o", "--from", "0.4", "--to", "1.2", "-q")

    assert answer.stdout.startswith("film.mp4: 0.4 to 1.2 s, 20 frames, ")


def test_models_list_names_every_license_and_what_it_allows() -> None:
    rows = {row["id"]: row for row in json.loads(_artgen("models", "list", "--json").stdout)}

    assert all(row["license"] for row in rows.values())
    assert (rows["yunet"]["commercial"], rows["artgen-compact"]["commercial"]) == (True, False)


@pytest.mark.slow
def test_doctor_finds_this_machine_well() -> None:
    answer = _artgen("doctor", "--json")

    found = json.loads(answer.stdout)
    assert found["artgen"] == __version__
    assert found["cores"] >= 1
    assert found["problems"] == []


def test_shell_completion_can_be_shown() -> None:
    environment = os.environ | {
        "_ARTGEN_COMPLETE": "complete_bash",
        "COMP_WORDS": "artgen ex",
        "COMP_CWORD": "1",
    }
    answer = subprocess.run(
        [str(Path(sys.executable).with_name("artgen"))],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert answer.stdout.split() == ["extract", "export"] or answer.stdout.split() == ["export", "extract"]
