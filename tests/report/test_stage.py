"""A report end to end: one folder that needs nothing else, whole, the same bytes, and nothing breaks out of it."""

import hashlib
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from helpers.reports import HOSTILE

from artgen.errors import InputError
from artgen.folder import FramesFolder
from artgen.progress import Silent
from artgen.report import Reported, write_report
from artgen.review import Remark, add_remarks

FILM = "ab" * 32


class Elements(HTMLParser):
    """Every element of a page with its attributes, and the data in it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.data = ""
        self._inside = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        self._inside = dict(attrs).get("id") == "data"

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.data += data

    def handle_endtag(self, tag: str) -> None:
        self._inside = False


def report(title: Path, **options: Any) -> Reported:
    return write_report(title / "catalog.json", progress=Silent(), **options)


def data_of(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(Elements((folder / "index.html").read_text(encoding="utf-8")).data)
    return found


def content(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != ".lock"
    }


def test_everything_the_catalog_has_is_on_the_page(title: Path) -> None:
    made = report(title)

    page = data_of(title / "report")
    catalog = json.loads((title / "catalog.json").read_bytes())
    variants = {variant["id"]: variant for variant in catalog["variants"]}
    shown = {
        variant["id"]: (theme["id"], page["stills"][choice["still"]]["id"], variant["aspect"])
        for theme in page["themes"]
        for choice in theme["choices"]
        for variant in choice["variants"]
    }
    assert shown == {id: (v["theme"], v["still"], v["aspect"]) for id, v in variants.items()}
    assert (made.stills, made.themes, made.variants, made.people) == (10, 5, len(variants), 2)
    assert made.left_out == []
    assert page["rejected"] == {"black": 1}
    assert [person["screen_s"] for person in page["people"]] == [20.0, 20.0]
    assert page["people"][0]["spans"] == [[8.0 * n, 8.0 * n + 4] for n in range(5)]
    choice = page["themes"][0]["choices"][0]
    assert choice["why"] == variants[choice["variants"][0]["id"]]["why"]


def test_what_a_variant_may_be_used_for_is_told_in_words(title: Path) -> None:
    def late(person: str) -> dict[str, Any]:
        return {"rule": "first seen late", "what": person, "found": 0.62, "limit": 0.5}

    gory = {"rule": "tag", "what": "gore", "found": 0.8, "limit": 0.2}
    rules = {"meaning": HOSTILE, "tags": {"gore": 0.2, HOSTILE: 0.3}}
    catalog = json.loads((title / "catalog.json").read_bytes())
    catalog["policy"] = catalog["policy"] | {"uses": {"kids": rules, HOSTILE: rules, "__proto__": rules}}
    for variant in catalog["variants"]:
        variant["uses"] = {
            "kids": {"eligible": False, "breaches": [gory, late("p1"), late("p2")], "not_judged": ["sex"]},
            HOSTILE: {"eligible": None, "breaches": [], "not_judged": [HOSTILE, "drugs"]},
        }
    (title / "catalog.json").write_text(json.dumps(catalog))

    report(title)

    page = data_of(title / "report")
    assert [use["name"] for use in page["uses"]] == ["kids", HOSTILE, "__proto__"]
    late_people = [
        f"{name} first seen at 62 % of the film, at most 50 %" for name in ("Ada Lovelace", HOSTILE)
    ]
    shown = [v for theme in page["themes"] for choice in theme["choices"] for v in choice["variants"]]
    assert len(shown) == len(catalog["variants"])
    for variant in shown:
        assert variant["uses"] == [
            {"eligible": False, "reasons": ["gore 0.80, at most 0.20", *late_people]},
            {"eligible": None, "reasons": []},
            {"eligible": None, "reasons": []},  # nothing said is nothing judged
        ]
        assert variant["not_judged"] == [HOSTILE, "drugs"]


def test_a_crop_lies_where_it_is_in_the_still(title: Path) -> None:
    report(title)

    catalog = json.loads((title / "catalog.json").read_bytes())
    crops = {variant["id"]: variant["crop"] for variant in catalog["variants"]}
    for theme in data_of(title / "report")["themes"]:
        for variant in (variant for choice in theme["choices"] for variant in choice["variants"]):
            x1, y1, x2, y2 = variant["box"]
            pixels = [
                640 * x1,
                360 * y1 + 20,
                640 * x2,
                360 * y2 + 20,
            ]  # stills of 640 x 360 below a bar of 20
            assert pixels == pytest.approx(crops[variant["id"]], abs=0.1)


def test_the_folder_needs_nothing_else(reported: Path) -> None:
    page = (reported / "index.html").read_text(encoding="utf-8")
    linked = [
        str(attributes[name])
        for _, attributes in Elements(page).found
        for name in ("src", "href")
        if name in attributes and not str(attributes[name]).startswith("#")
    ]
    pictures = re.findall(r'"(pictures/[^"]+)"', page)

    assert len(pictures) >= 10 * 2
    for file in [*linked, *pictures]:
        assert (reported / file).is_file(), file
    for asset in reported.glob("*.*"):
        if asset.suffix in {".js", ".css"}:
            addresses = set(re.findall(r"https?://[^\s\"'`)]+", asset.read_text(encoding="utf-8")))
            assert addresses <= {"http://www.w3.org/2000/svg"}, asset


def test_names_from_outside_stay_text(reported: Path) -> None:
    page = (reported / "index.html").read_text(encoding="utf-8")
    elements = Elements(page)

    assert {tag for tag, _ in elements.found} & {"img", "strange"} == set()
    assert all(
        a.get("src") or a.get("type") == "application/json" for t, a in elements.found if t == "script"
    )
    assert json.loads(elements.data)["people"][1]["name"] == HOSTILE
    assert "<title>A &lt;strange&gt; &amp; &quot;quoted&quot; film.mp4</title>" in page


def test_the_page_forbids_itself_everything_it_does_not_need(reported: Path) -> None:
    policy = next(
        str(attributes["content"])
        for tag, attributes in Elements((reported / "index.html").read_text()).found
        if tag == "meta" and attributes.get("http-equiv") == "Content-Security-Policy"
    )

    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    for asset in reported.glob("*.js"):
        source = asset.read_text()
        assert not re.search(
            r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function", source
        )


def test_the_same_input_gives_the_same_bytes_and_a_second_run_makes_nothing_anew(
    title: Path, tmp_path: Path
) -> None:
    report(title)
    before = content(title / "report")
    times = {path: path.stat().st_mtime_ns for path in (title / "report" / "pictures").iterdir()}

    report(title)
    report(title, out=tmp_path / "other")

    assert content(title / "report") == before == content(tmp_path / "other")
    assert times == {path: path.stat().st_mtime_ns for path in (title / "report" / "pictures").iterdir()}


def test_pictures_that_are_no_longer_shown_go_and_files_of_others_stay(title: Path) -> None:
    report(title)
    old, other = (
        title / "report" / "pictures" / "x-0123456789.jpg",
        title / "report" / "pictures" / "mine.jpg",
    )
    old.write_bytes(b"")
    other.write_bytes(b"")

    report(title)

    assert not old.exists()
    assert other.exists()


def test_what_people_said_is_on_the_page(title: Path) -> None:
    still = "00h00m02.000s"
    add_remarks(
        FramesFolder(title / "frames"), [Remark(FILM, still, "down", "2026-01-31T12:00:00Z", note="no")]
    )

    report(title)

    assert data_of(title / "report")["review"] == [
        {
            "film_sha256": FILM, "still": still, "verdict": "down", "at": "2026-01-31T12:00:00Z",
            "theme": None, "aspect": None, "note": "no",
        }
    ]  # fmt: skip


def test_what_cannot_be_read_is_left_out_and_named(title: Path) -> None:
    (title / "frames" / "stills" / "00h00m02.000s.jpg").write_bytes(b"no picture")
    gone = next((title / "artwork").rglob("*.jpg"))
    gone.unlink()

    made = report(title)

    assert len(made.left_out) == 2
    assert any("00h00m02.000s.jpg is damaged" in sentence for sentence in made.left_out)
    assert any(f"{gone.name} is missing" in sentence for sentence in made.left_out)
    page = data_of(title / "report")
    assert [still["id"] for still in page["stills"] if still["small"] is None] == ["00h00m02.000s"]


def test_a_place_that_holds_other_things_is_not_written_to(title: Path) -> None:
    place = title / "photos"
    place.mkdir()
    (place / "index.html").write_text("my own page")

    with pytest.raises(InputError, match="holds something that is not a report"):
        report(title, out=place)
    assert (place / "index.html").read_text() == "my own page"

    report(title, out=place, overwrite=True)
    report(title, out=place)
    with pytest.raises(InputError, match="is a file"):
        report(title, out=title / "catalog.json")


def test_a_report_that_was_cut_short_goes_on(title: Path) -> None:
    report(title)
    whole = content(title / "report")
    (title / "report" / "index.html").unlink()
    next((title / "report" / "pictures").iterdir()).unlink()

    report(title)

    assert content(title / "report") == whole


def test_the_frames_of_another_film_are_refused(title: Path) -> None:
    found = json.loads((title / "catalog.json").read_bytes())
    found["title"]["film"] |= {"name": "other.mp4", "sha256": "cd" * 32}
    (title / "catalog.json").write_text(json.dumps(found))

    with pytest.raises(InputError, match=r"is of other\.mp4, .* name the right one with --frames"):
        report(title)
    with pytest.raises(InputError, match=r"no title\.json"):
        report(title, frames=title / "artwork")


@pytest.mark.parametrize("box", [[0, 0, 0, 0], [0, 0, 640, 400], [5, 5, -5, -5]])
def test_stills_of_another_shape_than_the_catalogs_are_refused(title: Path, box: list[int]) -> None:
    found = json.loads((title / "frames" / "title.json").read_bytes())
    (title / "frames" / "title.json").write_text(json.dumps(found | {"active_picture": box}))

    with pytest.raises(InputError, match="made from other stills"):
        report(title)


def test_a_catalog_without_themes_and_a_folder_without_people_have_a_report(title: Path) -> None:
    found = json.loads((title / "catalog.json").read_bytes())
    found |= {"themes": [], "variants": [], "people": []}
    (title / "catalog.json").write_text(json.dumps(found))
    for file, empty in (
        ("people.json", "[]"),
        ("faces.jsonl", ""),
        ("stills.jsonl", ""),
        ("scenes.jsonl", ""),
    ):
        (title / "frames" / file).write_text(empty)

    made = report(title)

    assert (made.stills, made.themes, made.people) == (0, 0, 0)
    assert data_of(title / "report")["stills"] == []
