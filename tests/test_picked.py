"""A list of picks is looked for in a catalog: the moments themselves, something like them, and why not."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from helpers.frames import build_frames

from artgen.catalog import read_catalog
from artgen.errors import InputError
from artgen.export import export_catalog
from artgen.folder import FramesFolder, read_lines, write_lines
from artgen.picked import PicksHeld, hold_to_picks, read_picks
from artgen.progress import Silent
from artgen.records import Still


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A film of ten shots of four seconds, a still at the middle of each; the last is a title card."""
    root = tmp_path_factory.mktemp("picked")
    frames = build_frames(root / "frames")
    stills = read_lines(frames.stills, Still)
    repeat = Still("00h00m09.000s", 2, 9000, 9.0, None, {}, "duplicate: of 00h00m06.000s", 0.4)
    write_lines(frames.stills, [still for still in stills if still.shot != 2] + [repeat])
    export_catalog(
        root / "catalog.json", frames=frames.root, aspects=["16:9"], per_theme=1, progress=Silent()
    )
    return root / "catalog.json"


def held(catalog: Path, tmp_path: Path, lines: str) -> PicksHeld:
    (tmp_path / "picks.csv").write_text(lines, encoding="utf-8")
    return hold_to_picks(catalog, picks=tmp_path / "picks.csv", frames=None)


def chosen_and_not(catalog: Path) -> tuple[float, float]:
    """The time of a still in the catalog, and of one that is not."""
    taken = {variant.time_s for variant in read_catalog(catalog).variants}
    spare = {4.0 * n + 2 for n in range(9) if n != 2} - taken
    return min(taken), min(spare)


def test_a_pick_whose_moment_was_chosen_is_there(catalog: Path, tmp_path: Path) -> None:
    time_s, _ = chosen_and_not(catalog)

    found = held(catalog, tmp_path, f"time,theme\n{time_s + 0.9},two people\n")

    (pick,) = found.picks
    assert (found.there, found.like) == (1, 1)
    assert pick.theme == "two people"
    assert pick.there == pick.like
    assert pick.note is None
    assert set(pick.themes) <= {theme.id for theme in read_catalog(catalog).themes}


def test_a_pick_that_was_not_chosen_says_so(catalog: Path, tmp_path: Path) -> None:
    _, time_s = chosen_and_not(catalog)

    found = held(catalog, tmp_path, f"time\n{time_s}\n")

    assert found.there == 0
    assert found.picks[0].note == "other stills were chosen" or found.picks[0].like


def test_a_card_that_is_never_artwork_is_not_there(catalog: Path, tmp_path: Path) -> None:
    assert held(catalog, tmp_path, "time\n0:38\n").there == 0


def test_a_shot_whose_stills_are_repeats_is_held_by_what_they_repeat(catalog: Path, tmp_path: Path) -> None:
    as_repeat, as_kept = (held(catalog, tmp_path, f"time\n{time_s}\n").picks[0] for time_s in (9.0, 6.0))

    assert as_repeat.shot == 2
    assert (as_repeat.like is None) == (as_kept.like is None)


def test_a_shot_without_any_still_is_named_with_the_reason(tmp_path: Path) -> None:
    frames = build_frames(tmp_path / "frames")
    stills = [still for still in read_lines(frames.stills, Still) if still.shot != 4]
    black = Still("00h00m17.000s", 4, 17000, 17.0, None, {}, "black: all of it", 0.0)
    write_lines(frames.stills, [*stills, black])
    export_catalog(tmp_path / "catalog.json", frames=frames.root, progress=Silent())

    (pick,) = held(tmp_path / "catalog.json", tmp_path, "time\n18\n").picks

    assert pick.like is None
    assert pick.note == "no still of its shot was kept; 00h00m17.000s: black: all of it"


def test_picks_of_other_films_are_passed_over(tmp_path: Path) -> None:
    list_of_two = tmp_path / "picks.csv"
    list_of_two.write_text("film,time\na.mp4,1:02.5\nb.mp4,3\n")

    assert [pick.time_s for pick in read_picks(list_of_two, film="a.mp4")] == [62.5]
    with pytest.raises(InputError, match=r"no pick of c\.mp4"):
        read_picks(list_of_two, film="c.mp4")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"time\nsoon\n", "line 2: column 'time': 'soon' is not a time"),
        (b"when\n3\n", "line 2: column 'time'"),
        (b"\xff\xfe\x00", "no CSV file"),
        (b"", "no pick of"),
        (b"x" * 1_000_001, "larger than 1 MB"),
    ],
)
def test_a_list_that_cannot_be_read_is_refused_in_a_sentence(data: bytes, said: str, tmp_path: Path) -> None:
    (tmp_path / "picks.csv").write_bytes(data)

    with pytest.raises(InputError, match=said):
        read_picks(tmp_path / "picks.csv", film="a.mp4")


def test_a_list_that_is_missing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="does not exist"):
        read_picks(tmp_path / "picks.csv", film="a.mp4")


def test_frames_of_another_film_are_refused(catalog: Path, tmp_path: Path) -> None:
    other = FramesFolder(build_frames(tmp_path / "frames").root)
    for file in (other.title, other.tagging):
        file.write_text(file.read_text().replace("ab" * 32, "cd" * 32))
    (tmp_path / "picks.csv").write_text("time\n3\n")

    with pytest.raises(InputError, match="name the right one with --frames"):
        hold_to_picks(catalog, picks=tmp_path / "picks.csv", frames=other.root)


def test_the_command_tells_people_and_machines(catalog: Path, tmp_path: Path) -> None:
    time_s, _ = chosen_and_not(catalog)
    (tmp_path / "picks.csv").write_text(f"time,theme\n{time_s},joy\n")
    ask = [sys.executable, "-m", "artgen", "picks", f"{tmp_path / 'picks.csv'}", "--catalog", f"{catalog}"]

    told, told_machines = (
        subprocess.run([*ask, *more], check=True, capture_output=True, text=True).stdout
        for more in ([], ["--json"])
    )

    assert "of 1 pick 1 in the set of" in told
    assert json.loads(told_machines)["there"] == 1
