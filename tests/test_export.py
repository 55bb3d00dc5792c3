"""Export end to end: from a tagged frames folder to a catalog, on drawn stills of known content."""

import hashlib
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from helpers.frames import ACTIVE, SIZE, build_frames, draw
from PIL import Image

from artgen.catalog import read_catalog, validate_catalog
from artgen.errors import ArtgenError, InputError, UsageError
from artgen.export import Exported, export_catalog
from artgen.folder import FramesFolder
from artgen.progress import Silent


class Notes(Silent):
    """Progress that keeps what it is told."""

    def __init__(self) -> None:
        self.notes: list[str] = []

    def note(self, text: str) -> None:
        self.notes.append(text)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_frames(tmp_path_factory.mktemp("built") / "frames").root


@pytest.fixture
def frames(built: Path, tmp_path: Path) -> FramesFolder:
    shutil.copytree(built, tmp_path / "frames")
    return FramesFolder(tmp_path / "frames")


def export(frames: FramesFolder, catalog: Path | None = None, **options: object) -> Exported:
    where = catalog or frames.root.parent / "out" / "catalog.json"
    return export_catalog(where, frames=frames.root, progress=Silent(), **options)  # type: ignore[arg-type]


def content(folder: Path) -> dict[str, str]:
    """Digests of the files below a folder, by path."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != ".lock"
    }


def test_a_catalog_is_made_and_is_sound(frames: FramesFolder) -> None:
    made = export(frames)

    catalog = validate_catalog(Path(made.catalog))
    assert [theme.id for theme in made.themes] == [
        "general",
        "person:p1",
        "person:p2",
        "genre:comedy",
        "relation:couple",
    ]
    assert made.variants == len(catalog.variants) == sum(theme.variants for theme in made.themes)
    assert {variant.aspect for variant in catalog.variants} == {"16:9", "2:3", "1:1"}
    assert made.left_out == []
    assert Path(made.contact_sheet).is_file()


def test_every_file_is_the_crop_it_says(frames: FramesFolder) -> None:
    made = export(frames)

    catalog = read_catalog(Path(made.catalog))
    for variant in catalog.variants:
        image = Image.open(Path(made.catalog).parent / variant.file)
        x1, y1, x2, y2 = variant.crop
        assert image.size == (variant.width, variant.height) == (x2 - x1, y2 - y1)
        still = Image.open(frames.pictures / f"{variant.still}.jpg").convert("RGB")
        cut = still.crop((x1 - ACTIVE[0], y1 - ACTIVE[1], x2 - ACTIVE[0], y2 - ACTIVE[1]))
        assert _difference(image.convert("RGB"), cut) < 3


def test_a_title_card_is_in_nothing_and_people_are_where_they_are_said_to_be(frames: FramesFolder) -> None:
    catalog = read_catalog(Path(export(frames).catalog))

    assert "00h00m38.000s" not in {variant.still for variant in catalog.variants}
    assert all(v.people == ("p1",) for v in catalog.variants if v.theme == "person:p1")
    assert len({(v.theme, v.still) for v in catalog.variants}) == len({v.still for v in catalog.variants})


def test_other_aspects_are_made_when_asked_for(frames: FramesFolder) -> None:
    made = export(frames, aspects=["10:3", "9:16", "10:3"], per_theme=1)

    assert made.themes[0].by_aspect == {"10:3": 1, "9:16": 1}


def test_the_same_input_gives_the_same_bytes_wherever_it_lies(frames: FramesFolder, tmp_path: Path) -> None:
    export(frames, tmp_path / "a" / "catalog.json")
    export(frames, tmp_path / "b" / "catalog.json")
    export(frames, tmp_path / "b" / "catalog.json")

    assert content(tmp_path / "a") == content(tmp_path / "b")


def test_without_people_and_tags_there_is_a_catalog_too(tmp_path: Path) -> None:
    frames = build_frames(tmp_path / "frames", with_people=False)
    frames.tags.write_bytes(b"")
    frames.scenes.write_bytes(b"")

    made = export(frames)

    assert [theme.id for theme in made.themes] == ["general"]
    assert validate_catalog(Path(made.catalog)).people == ()


def test_a_title_without_stills_gives_an_empty_catalog_and_a_note(frames: FramesFolder) -> None:
    frames.stills.write_bytes(b"")
    notes = Notes()

    made = export_catalog(frames.root.parent / "c.json", frames=frames.root, progress=notes)

    assert made.variants == 0
    assert validate_catalog(Path(made.catalog)).variants == ()
    assert "no still that could be artwork" in notes.notes[-1]


def test_a_damaged_still_is_left_out_and_named_and_the_rest_goes_on(frames: FramesFolder) -> None:
    used = read_catalog(Path(export(frames).catalog)).variants[0].still
    (frames.pictures / f"{used}.jpg").write_bytes(b"\xff\xd8 no picture")

    made = export(frames)

    assert used not in {variant.still for variant in read_catalog(Path(made.catalog)).variants}
    assert len(made.left_out) == 1
    assert f"{used}.jpg is damaged" in made.left_out[0]
    assert made.themes[0].stills > 0


def test_a_still_of_another_size_is_left_out(frames: FramesFolder) -> None:
    used = read_catalog(Path(export(frames).catalog)).variants[0].still
    Image.fromarray(draw([], seed=1, size=(SIZE[0], SIZE[1] + 40))).save(frames.pictures / f"{used}.jpg")

    assert "640 x 400" in export(frames).left_out[0]


def test_without_any_readable_still_there_is_an_error(frames: FramesFolder) -> None:
    for path in frames.pictures.iterdir():
        path.unlink()

    with pytest.raises(InputError, match=r"no still that can be used: .*\.jpg is missing"):
        export(frames)


def test_an_export_replaces_its_own_earlier_files_and_touches_no_others(frames: FramesFolder) -> None:
    made = export(frames)
    out = Path(made.catalog).parent
    (out / "artwork" / "general" / "mine.jpg").write_bytes(b"mine")
    before = set(content(out))

    export(frames, aspects=["1:1"], per_theme=1)

    after = set(content(out))
    assert "artwork/general/mine.jpg" in after
    named = {variant.file for variant in read_catalog(Path(made.catalog)).variants}
    beside = {"catalog.json", "vectors.parquet", "contact-sheet.jpg", "artwork/general/mine.jpg"}
    assert after == named | beside
    assert len(after) < len(before)


def test_a_file_of_the_user_is_not_written_over(frames: FramesFolder) -> None:
    out = frames.root.parent / "out"
    out.mkdir()
    (out / "contact-sheet.jpg").write_bytes(b"mine")

    with pytest.raises(InputError, match=r"contact-sheet\.jpg is not of this catalog"):
        export(frames)
    assert content(out) == {"contact-sheet.jpg": hashlib.sha256(b"mine").hexdigest()}

    assert export(frames, overwrite=True).variants > 0


def test_what_is_not_the_catalog_of_this_film_is_not_written_over(frames: FramesFolder) -> None:
    catalog = Path(export(frames).catalog)
    other = json.loads(catalog.read_bytes())
    other["title"]["film"]["sha256"] = "ef" * 32

    for text, message in (
        (json.dumps(other), "catalog of another film"),
        ("shopping list", "cannot be read"),
    ):
        catalog.write_text(text)
        with pytest.raises(InputError, match=message):
            export(frames)
        assert catalog.read_text() == text

    assert export(frames, overwrite=True).variants > 0


def replace_in(path: Path, **values: object) -> None:
    path.write_text(json.dumps(json.loads(path.read_bytes()) | values))


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda f: f.title.unlink(), "run artgen extract"),
        (lambda f: replace_in(f.title, format=9), "format 9"),
        (lambda f: f.tagging.unlink(), "not tagged yet; run artgen tag"),
        (lambda f: (f.tagging.unlink(), (f.journal / "tag").mkdir(parents=True)), "half tagged"),
        (lambda f: replace_in(f.tagging, format=9), "format 9"),
        (lambda f: replace_in(f.tagging, film_sha256="00" * 32), "another film"),
        (lambda f: f.faces.write_text("{\n"), r"faces\.jsonl line 1"),
        (lambda f: f.people.unlink(), r"people\.json is missing"),
        (lambda f: f.embeddings.write_bytes(b"PAR1"), r"embeddings\.parquet is damaged"),
        (lambda f: f.embeddings.unlink(), r"embeddings\.parquet is missing"),
        (
            lambda f: f.stills.write_text(f.stills.read_text().replace("stills/00h", "../00h")),
            "not in stills/",
        ),
        (
            lambda f: f.stills.write_text(f.stills.read_text().replace('"id":"00h', '"id":"../x')),
            "has the id",
        ),
    ],
)
def test_a_frames_folder_that_is_not_ready_is_refused_in_one_sentence(
    frames: FramesFolder, spoil: object, message: str
) -> None:
    spoil(frames)  # type: ignore[operator]

    with pytest.raises(InputError, match=message):
        export(frames)
    assert not (frames.root.parent / "out" / "catalog.json").exists()


@pytest.mark.parametrize("options", [{"aspects": ["wide"]}, {"aspects": []}, {"per_theme": 0}])
def test_what_cannot_be_asked_for_is_refused(frames: FramesFolder, options: dict) -> None:
    with pytest.raises(UsageError):
        export(frames, **options)


def test_a_folder_as_the_catalog_is_refused(frames: FramesFolder, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is a folder; name a file"):
        export(frames, tmp_path)


RUN = (
    "import sys; from pathlib import Path; from artgen.export import export_catalog;"
    "from artgen.progress import Silent;"
    "export_catalog(Path(sys.argv[1]), frames=Path(sys.argv[2]), progress=Silent())"
)


def test_killed_at_many_moments_the_same_command_ends_in_the_same_bytes(
    frames: FramesFolder, tmp_path: Path
) -> None:
    command = [sys.executable, "-c", RUN]
    subprocess.run([*command, tmp_path / "whole" / "catalog.json", frames.root], check=True)
    out = tmp_path / "killed"
    for pictures in (0, 1, 7, 15, 24):
        run = subprocess.Popen([*command, out / "catalog.json", frames.root])
        while run.poll() is None and _begun(out) <= pictures:
            time.sleep(0.002)
        assert run.poll() is None, "it was done before it could be killed"
        os.kill(run.pid, signal.SIGKILL)
        run.wait()
        assert not (out / "catalog.json").exists()
    subprocess.run([*command, out / "catalog.json", frames.root], check=True)

    assert content(out) == content(tmp_path / "whole")


def _begun(out: Path) -> int:
    """How far an export is: one for its journal, one for every picture."""
    return len(list(out.glob(".*.journal"))) + len(list(out.glob("artwork/*/*.jpg")))


def test_a_run_goes_on_with_what_is_done(frames: FramesFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    from artgen.export import stage

    def cut_short(*_: object) -> None:
        raise InputError("cut short")

    with monkeypatch.context() as patch:
        patch.setattr(stage, "write_vectors", cut_short)
        with pytest.raises(ArtgenError, match="cut short"):
            export(frames)
    out = frames.root.parent / "out"
    made_before = {path: path.stat().st_mtime_ns for path in (out / "artwork").rglob("*.jpg")}
    spoiled = next(iter(made_before))
    spoiled.write_bytes(b"spoiled meanwhile")

    export(frames)

    after = {path: path.stat().st_mtime_ns for path in (out / "artwork").rglob("*.jpg")}
    assert after.keys() == made_before.keys()
    assert {path for path in after if after[path] != made_before[path]} == {spoiled}
    assert not list(out.glob(".*journal*"))


def _difference(a: Image.Image, b: Image.Image) -> float:
    import numpy as np

    return float(np.abs(np.asarray(a).astype(int) - np.asarray(b)).mean())


def test_the_artwork_says_where_it_comes_from(frames: FramesFolder) -> None:
    made = export(frames, per_theme=1)
    variant = read_catalog(Path(made.catalog)).variants[0]

    image = Image.open(io.BytesIO((Path(made.catalog).parent / variant.file).read_bytes()))

    packet = image.info["xmp"].decode()
    assert f'pts="{variant.pts}"' in packet
    assert "A &lt;strange> &amp;" in packet or "A &lt;strange&gt; &amp;" in packet
    assert " ".join(str(side) for side in variant.crop) in packet
