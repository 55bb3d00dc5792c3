"""What each tool writes is read as the changes of shot it means; the tools themselves are run where they are there."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))
import peers
from peers import DECODING, TOOLS, PeerError, Run, Tool, prepare, search_path
from processes import run_measured
from trecvid import Change, read_labels, score


def tool(name: str) -> Tool:
    return next(one for one in TOOLS if one.name == name)


@pytest.fixture
def run(tmp_path: Path) -> Run:
    out = tmp_path / "out"
    out.mkdir()
    return Run(tmp_path / "film.mp4", out, tmp_path / "log.txt")


def changes(name: str, run: Run) -> list[Change]:
    read = tool(name).changes
    assert read is not None
    return read(run)


def test_scenes_of_pyscenedetect_count_from_one(run: Run) -> None:
    (run.out / "scenes.csv").write_text(
        "Timecode List:,00:00:00.667\n"
        "Scene Number,Start Frame,Start Timecode,End Frame\n"
        "1,1,00:00:00.000,20\n2,21,00:00:00.667,60\n"
    )

    assert changes("PySceneDetect adaptive", run) == [Change("cut", 19, 20)]


def test_a_film_of_one_scene_has_no_change(run: Run) -> None:
    (run.out / "scenes.csv").write_text("Timecode List:\nScene Number,Start Frame\n1,1\n")

    assert changes("PySceneDetect content", run) == []


def test_frames_between_two_scenes_of_transnetv2_are_the_change(run: Run) -> None:
    (run.out / "scenes.json").write_text("[[0, 75], [76, 120], [141, 200]]")

    assert changes("TransNetV2", run) == [Change("change", 75, 76), Change("change", 120, 141)]


def test_frames_that_scdet_names_are_the_first_of_new_shots(run: Run) -> None:
    run.log.write_text(
        "frame:76   pts:276570  pts_time:3.073\nlavfi.scd.time=3.073\n"
        "frame:121  pts:438570  pts_time:4.873\nlavfi.scd.time=4.873\n"
    )

    assert changes("ffmpeg scdet", run) == [Change("cut", 75, 76), Change("cut", 120, 121)]


@pytest.mark.parametrize("name", ["artgen extract", "artgen, shots alone", "ffmpeg scdet", DECODING])
def test_tools_of_this_environment_run_and_find_the_cuts(name: str, run: Run, shared_media: Path) -> None:
    film = shared_media / "titles" / "sintel_26s.mp4"
    run = Run(film, run.out, run.log)
    one = tool(name)
    program = prepare(one.environment, run.out)

    cost = run_measured(one.command(program, run), folder=run.out, log=run.log, environment={}, limit_s=120)

    assert cost.exit_code == 0, run.log.read_text()
    if one.changes is not None:
        labels = read_labels([shared_media / "shots" / "labels.csv"])[film.name]
        assert score(labels.changes, one.changes(run), tolerance_frames=0).together.f1 == 1


def test_ffmpeg_is_the_same_program_for_everyone(tmp_path: Path) -> None:
    variables = search_path(tmp_path)

    first = Path(variables["PATH"].split(":")[0]) / "ffmpeg"
    assert first.resolve() == Path(prepare("ffmpeg", tmp_path)).resolve()
    assert search_path(tmp_path) == variables


def test_a_package_that_cannot_be_installed_is_said_to_be_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(peers.PACKAGES, "katna", str(tmp_path / "no-such-package"))

    with pytest.raises(PeerError, match="no-such-package"):
        prepare("katna", tmp_path)

    assert not (tmp_path / "katna" / "ready").exists()


def test_the_measured_ffmpeg_stays_the_same_program_when_it_is_found_by_its_own_link(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = search_path(tmp_path)["PATH"]
    program = (tmp_path / "bin" / "ffmpeg").resolve()
    monkeypatch.setenv("PATH", first)

    search_path(tmp_path)

    assert (tmp_path / "bin" / "ffmpeg").resolve() == program
    assert program.is_file()
