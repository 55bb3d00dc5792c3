"""The report's pictures: small enough, never enlarged, of the right part, and made once."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from artgen.errors import InputError
from artgen.report.pictures import LARGE, SMALL, PictureJob, make_pictures


def drawn(path: Path, width: int, height: int, *, seed: int = 0) -> Path:
    """A picture with a white square, for the face, on colors that vary slowly."""
    rng = np.random.default_rng(seed)
    image = Image.fromarray(rng.integers(60, 180, (6, 8, 3), dtype=np.uint8)).resize((width, height))
    image.paste((255, 255, 255), (width // 2, height // 2, width // 2 + 40, height // 2 + 40))
    image.save(path, quality=95)
    return path


def test_a_large_still_becomes_smaller_and_keeps_its_shape(tmp_path: Path) -> None:
    source = drawn(tmp_path / "a.jpg", 1920, 804)

    made = make_pictures(PictureJob(source, "a", size=(1920, 804)), tmp_path / "out")

    assert made.size == (1920, 804)
    assert Image.open(tmp_path / "out" / made.large).size == (LARGE, 536)
    assert Image.open(tmp_path / "out" / made.small).size == (SMALL, 168)


def test_nothing_is_enlarged(tmp_path: Path) -> None:
    made = make_pictures(PictureJob(drawn(tmp_path / "a.jpg", 300, 200), "a"), tmp_path / "out")

    assert Image.open(tmp_path / "out" / made.large).size == (300, 200)
    assert Image.open(tmp_path / "out" / made.small).size == (300, 200)


def test_colors_stay_what_they_are(tmp_path: Path) -> None:
    Image.new("RGB", (2000, 1000), (250, 40, 10)).save(tmp_path / "red.png")

    made = make_pictures(PictureJob(tmp_path / "red.png", "red"), tmp_path / "out")

    for file in (made.large, made.small):
        mean = np.asarray(Image.open(tmp_path / "out" / file).convert("RGB")).mean(axis=(0, 1))
        assert np.abs(mean - (250, 40, 10)).max() < 6


def test_a_portrait_is_a_square_around_the_face(tmp_path: Path) -> None:
    source = drawn(tmp_path / "a.jpg", 640, 360)
    job = PictureJob(
        source, "a", faces=[("person-01", (320, 180, 360, 220)), ("person-02", (-20, -20, 30, 30))]
    )

    made = make_pictures(job, tmp_path / "out")

    middle = Image.open(tmp_path / "out" / made.portraits["person-01"]).convert("L")
    assert middle.width == middle.height
    assert np.asarray(middle)[middle.height // 2, middle.width // 2] > 240
    corner = Image.open(tmp_path / "out" / made.portraits["person-02"])
    assert corner.width == corner.height > 0, "a face at the edge has a square too"


@pytest.mark.parametrize(
    "box", [(50, 50, 20, 20), (1e300, 1e300, 1e308, 1e308), (-9, -9, -8, -8), (700, 400, 700, 400)]
)
def test_a_box_that_cannot_be_has_some_portrait(
    tmp_path: Path, box: tuple[float, float, float, float]
) -> None:
    job = PictureJob(drawn(tmp_path / "a.jpg", 640, 360), "a", faces=[("person-01", box)])

    made = make_pictures(job, tmp_path / "out")

    assert Image.open(tmp_path / "out" / made.portraits["person-01"]).width >= 1


def test_what_is_there_is_not_made_again_unless_its_source_changed(tmp_path: Path) -> None:
    source, out = drawn(tmp_path / "a.jpg", 640, 360), tmp_path / "out"
    job = PictureJob(source, "a", size=(640, 360))
    first = make_pictures(job, out)
    (out / first.small).write_bytes(b"left alone")

    assert make_pictures(job, out) == first
    assert (out / first.small).read_bytes() == b"left alone"

    drawn(source, 640, 360, seed=1)
    second = make_pictures(job, out)
    assert second.small != first.small
    assert Image.open(out / second.small).size == (400, 225)


def test_a_picture_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "bad.jpg").write_bytes(b"\xff\xd8 no picture")

    with pytest.raises(InputError, match=r"bad\.jpg is damaged or not a picture"):
        make_pictures(PictureJob(tmp_path / "bad.jpg", "bad"), tmp_path / "out")
    with pytest.raises(InputError, match=r"gone\.jpg is missing"):
        make_pictures(PictureJob(tmp_path / "gone.jpg", "gone"), tmp_path / "out")
    with pytest.raises(InputError, match="this title's stills are 9 x 9"):
        make_pictures(PictureJob(drawn(tmp_path / "b.jpg", 64, 36), "b", size=(9, 9)), tmp_path / "out")
