"""The frames folder: files appear whole, the journal survives a kill, two writers never meet."""

import errno
import multiprocessing
import os
from pathlib import Path

import pytest

from artgen.errors import InputError, MachineError, machine_faults
from artgen.folder import (
    FramesFolder,
    Journal,
    held,
    read_json,
    read_lines,
    read_title,
    sha256_of,
    to_lines,
    write_json,
    write_lines,
    write_through,
    write_whole,
)
from artgen.records import Portrait, Scene

SCENES = [Scene(0, 0, 3, 0.0, 12.5), Scene(1, 4, 4, 12.5, 14.0)]


def test_a_file_that_fails_halfway_leaves_the_old_one_and_no_litter(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    write_whole(path, b"old")

    def fail(beside: Path) -> None:
        beside.write_bytes(b"half")
        raise OSError(errno.ENOSPC, "full", str(beside))

    with pytest.raises(MachineError, match="disk is full"):
        write_through(path, fail)

    assert path.read_bytes() == b"old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.json"]


def test_records_come_back_as_they_were_written(tmp_path: Path) -> None:
    write_lines(tmp_path / "scenes.jsonl", SCENES)
    write_json(tmp_path / "one.json", Portrait("00h00m01.000s", (1.0, 2.0, 3.0, 4.5)))

    assert read_lines(tmp_path / "scenes.jsonl", Scene) == SCENES
    assert read_json(tmp_path / "one.json", Portrait) == Portrait("00h00m01.000s", (1.0, 2.0, 3.0, 4.5))


def test_a_broken_line_is_named_with_its_number(tmp_path: Path) -> None:
    path = tmp_path / "scenes.jsonl"
    path.write_bytes(to_lines(SCENES) + b'{"id": "x"}\n')

    with pytest.raises(InputError, match=r"scenes\.jsonl line 3 is not what artgen writes"):
        read_lines(path, Scene)


def test_a_missing_file_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"gone\.json is missing; run the stage"):
        read_json(tmp_path / "gone.json", Scene)


@pytest.mark.parametrize("torn", [b"", b'{"id": 9', b'{"id": 9, "first_shot": 1}'])
def test_a_journal_forgets_only_the_line_that_was_cut_short(tmp_path: Path, torn: bytes) -> None:
    path = tmp_path / "j.jsonl"
    path.write_bytes(to_lines(SCENES) + torn)

    with Journal(path) as journal:
        kept = journal.entries(Scene)
        journal.append(SCENES[0])

    assert kept == SCENES
    assert read_lines(path, Scene) == [*SCENES, SCENES[0]]


def _try_to_hold(root: Path, answer: "multiprocessing.Queue[str]") -> None:
    try:
        with held(root):
            answer.put("held")
    except MachineError as fault:
        answer.put(str(fault))


def test_a_folder_is_held_against_a_second_process_and_free_afterwards(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    answers: multiprocessing.Queue[str] = context.Queue()

    def ask() -> str:
        other = context.Process(target=_try_to_hold, args=(tmp_path, answers))
        other.start()
        other.join()
        return answers.get(timeout=10)

    with held(tmp_path):
        assert "in use by another artgen" in ask()
    assert ask() == "held"


@pytest.mark.parametrize(
    ("number", "says"),
    [(errno.ENOSPC, "disk is full"), (errno.EACCES, "permission"), (errno.EROFS, "read-only")],
)
def test_the_machines_refusals_are_told_in_a_sentence(tmp_path: Path, number: int, says: str) -> None:
    with pytest.raises(MachineError, match=says) as caught, machine_faults(tmp_path / "x"):
        raise OSError(number, os.strerror(number))

    assert caught.value.exit_code == 5
    assert str(tmp_path / "x") in str(caught.value)


def test_other_operating_system_errors_pass_through(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), machine_faults(tmp_path):
        (tmp_path / "gone").read_bytes()


def test_the_journal_goes_only_when_every_stage_is_done(tmp_path: Path) -> None:
    folder = FramesFolder(tmp_path)
    for stage in ("extract", "tag"):
        write_whole(folder.journal / stage / "x", b"")

    folder.discard_journal("extract")
    assert folder.journal.is_dir()
    folder.discard_journal("tag")
    assert not folder.journal.exists()


@pytest.mark.parametrize(
    ("content", "says"),
    [(None, "no frames folder"), (b'{"format": 99}', "format 99.*update artgen"), (b"{", "not what artgen")],
)
def test_a_folder_that_is_no_frames_folder_is_refused(
    tmp_path: Path, content: bytes | None, says: str
) -> None:
    if content is not None:
        (tmp_path / "title.json").write_bytes(content)

    with pytest.raises(InputError, match=says):
        read_title(FramesFolder(tmp_path))


def test_a_half_written_frames_folder_says_that_extract_goes_on(tmp_path: Path) -> None:
    write_whole(tmp_path / ".journal" / "extract" / "plan.json", b"{}")

    with pytest.raises(InputError, match="half written; run artgen extract again"):
        read_title(FramesFolder(tmp_path))


def test_the_digest_is_the_standard_one(tmp_path: Path) -> None:
    (tmp_path / "abc").write_bytes(b"abc")

    assert sha256_of(tmp_path / "abc", chunk_bytes=2).startswith("ba7816bf8f01cfea")
