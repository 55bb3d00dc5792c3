"""Writing among a person's files: nothing of theirs is lost, what is artgen's is known by its content."""

from pathlib import Path

import pytest

from artgen.beside import open_ledger, same_film
from artgen.errors import InputError
from artgen.folder import sha256_of
from artgen.records import Film

FILM = Film("film.mp4", "ab" * 32, 3)


def test_what_artgen_wrote_may_be_written_again_until_a_person_changes_it(tmp_path: Path) -> None:
    file = tmp_path / "beside" / "poster.jpg"
    ledger = open_ledger(tmp_path / "ledger.json", film=FILM, overwrite=False)
    ledger.write(file, b"one")
    again = open_ledger(tmp_path / "ledger.json", film=FILM, overwrite=False)

    assert again.may_write(file)
    again.write(file, b"two")
    file.write_bytes(b"retouched")

    assert not again.may_write(file)
    with pytest.raises(InputError, match=r"poster\.jpg is not of artgen's making"):
        again.write(file, b"three")
    assert file.read_bytes() == b"retouched"
    open_ledger(tmp_path / "ledger.json", film=FILM, overwrite=True).write(file, b"three")
    assert file.read_bytes() == b"three"


def test_the_whole_can_be_moved(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    open_ledger(tmp_path / "a" / "l.json", film=FILM, overwrite=False).write(tmp_path / "a" / "x", b"one")
    (tmp_path / "a").rename(tmp_path / "b")

    assert open_ledger(tmp_path / "b" / "l.json", film=FILM, overwrite=False).may_write(tmp_path / "b" / "x")


def test_others_go_but_not_what_was_changed(tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path / "l.json", film=FILM, overwrite=False)
    for name in ("keep", "stale", "retouched"):
        ledger.write(tmp_path / name, name.encode())
    (tmp_path / "retouched").write_bytes(b"by a person")

    elsewhere = tmp_path / "elsewhere" / "x"
    ledger.write(elsewhere, b"elsewhere")

    assert ledger.written_under(tmp_path / "elsewhere") == [elsewhere]
    ledger.drop([tmp_path / name for name in ("stale", "retouched", "never")])

    assert sorted(path.name for path in tmp_path.iterdir()) == ["elsewhere", "keep", "l.json", "retouched"]
    assert elsewhere.read_bytes() == b"elsewhere"


def test_a_link_is_a_persons_and_is_never_followed(tmp_path: Path) -> None:
    target, link = tmp_path / "target", tmp_path / "poster.jpg"
    target.write_bytes(b"mine")
    link.symlink_to(target)
    ledger = open_ledger(tmp_path / "l.json", film=FILM, overwrite=False)

    assert not ledger.may_write(link)
    open_ledger(tmp_path / "l.json", film=FILM, overwrite=True).write(link, b"new")

    assert target.read_bytes() == b"mine"
    assert link.read_bytes() == b"new"


@pytest.mark.parametrize("content", ["[]", '{"format":1,"film":"x","files":{"a":1}}', "not json"])
def test_a_ledger_that_is_none_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "l.json").write_text(content)

    with pytest.raises(InputError, match=r"l\.json"):
        open_ledger(tmp_path / "l.json", film=FILM, overwrite=False)
    assert open_ledger(tmp_path / "l.json", film=FILM, overwrite=True).files == {}


def test_a_film_is_known_by_size_and_name_or_by_content(tmp_path: Path) -> None:
    film = tmp_path / "film.mp4"
    film.write_bytes(b"abc")
    same_film(film, FILM)
    renamed = film.rename(tmp_path / "renamed.mp4")
    same_film(renamed, Film("film.mp4", sha256_of(renamed), 3))

    for wrong in (FILM, Film("renamed.mp4", "ab" * 32, 4)):
        with pytest.raises(InputError, match="which this was made from"):
            same_film(renamed, wrong)
    with pytest.raises(InputError, match="which this was made from"):
        same_film(tmp_path, FILM)
    with pytest.raises(InputError, match="does not exist"):
        same_film(tmp_path / "gone", FILM)
