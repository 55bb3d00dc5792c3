"""The profiles that are shipped, and profiles from outside."""

import json
from importlib import resources
from pathlib import Path

import pytest

from artgen.composition.crops import parse_aspect
from artgen.errors import InputError, UsageError
from artgen.specs import LAYOUTS, PROFILES, load_profile
from artgen.specs.profile import Profile


@pytest.fixture(params=PROFILES)
def profile(request: pytest.FixtureRequest) -> Profile:
    return load_profile(request.param)


def raw(name: str) -> dict:
    return json.loads((resources.files("artgen.specs") / "profiles" / f"{name}.json").read_bytes())


def test_every_profile_names_itself_its_sources_and_when_they_were_read(profile: Profile) -> None:
    assert profile.id in PROFILES
    assert profile.assets
    for source in profile.sources.values():
        assert source.title
        assert source.where
        assert source.read.startswith("2026-")


def test_every_rule_of_every_asset_has_a_source(profile: Profile) -> None:
    for asset in profile.assets:
        for rule in ("ratio", "size", "bytes", "format", "color", "text", "zones"):
            assert profile.source_of(asset, rule).where  # type: ignore[arg-type]


def test_no_field_of_a_profile_is_misspelled_and_so_passed_over(profile: Profile) -> None:
    from dataclasses import fields

    from artgen.specs import Asset, Slot

    content = raw(profile.id)
    assert set(content) <= {field.name for field in fields(Profile)}
    for asset in content["assets"]:
        assert set(asset) <= {field.name for field in fields(Asset)}, asset["id"]
    for slot in content.get("layout", []):
        assert set(slot) <= {field.name for field in fields(Slot)}


def test_what_was_not_read_at_the_target_is_advice_only(profile: Profile) -> None:
    for asset in profile.assets:
        for rule in ("size", "format", "text", "zones"):
            if profile.source_of(asset, rule).standing != "read":  # type: ignore[arg-type]
                assert profile.level_of(asset, rule) == "advice"  # type: ignore[arg-type]


def test_sizes_have_the_aspect_they_belong_to(profile: Profile) -> None:
    for asset in profile.assets:
        shape = asset.shape()
        for size in (asset.least, asset.most, *asset.preferred):
            if shape is not None and size is not None:
                assert abs(size[0] - size[1] * shape) <= 1, (asset.id, size)


def test_stills_can_be_cut_to_every_aspect_a_profile_asks_for(profile: Profile) -> None:
    assert all(parse_aspect(aspect) for aspect in profile.aspects())


def test_the_published_numbers_stand() -> None:
    prime = {asset.id: asset for asset in load_profile("prime").assets}
    assert prime["poster"].least == (2000, 3000)
    assert prime["cover"].zones[0].box[3] * 1080 == pytest.approx(160, abs=0.01)
    assert prime["hero"].text == "none"
    assert prime["title"].most_bytes == 10**6
    google = load_profile("googletv").assets[0]
    assert (google.ratio_low, google.ratio_high, google.least) == (0.690, 0.699, (1000, 1440))
    assert load_profile("roku").assets[0].exact_ratio
    assert load_profile("tmdb").assets[0].least == (1280, 720)
    assert [(a.ratio, a.least) for a in load_profile("max").assets if a.id == "tile-tall"] == [
        ("140:303", (1680, 3636))
    ]


@pytest.mark.parametrize("name", LAYOUTS)
def test_layouts_name_files_for_a_poster_and_a_background(name: str) -> None:
    slots = load_profile(name).layout
    assert slots[0].own_folder == "poster"
    assert any(slot.aspect == "16:9" for slot in slots)


def test_an_unknown_profile_is_wrong_usage() -> None:
    with pytest.raises(UsageError, match="no profile 'netflix'; use one of prime, ember"):
        load_profile("netflix")


def test_a_profile_of_your_own_can_be_given(tmp_path: Path) -> None:
    own = raw("tmdb") | {"id": "house"}
    (tmp_path / "house.json").write_text(json.dumps(own))

    assert load_profile(str(tmp_path / "house.json")).id == "house"


def test_the_profile_on_the_page_is_one(tmp_path: Path) -> None:
    page = (Path(__file__).resolve().parent.parent.parent / "docs" / "specs.md").read_text()
    (tmp_path / "house.json").write_text(page.partition("```json\n")[2].partition("```")[0])

    profile = load_profile(str(tmp_path / "house.json"))

    assert [profile.level_of(profile.assets[0], rule) for rule in ("zones", "focus")] == ["must", "advice"]


def spoiled(change: object) -> str:
    content = raw("kodi")
    change(content)  # type: ignore[operator]
    return json.dumps(content)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("shopping list", "is no profile"),
        ("[" * 100_000, "is no profile"),
        (spoiled(lambda c: c.update(format=9)), "format is 9"),
        (spoiled(lambda c: c.update(id="../x")), "id '../x'"),
        (spoiled(lambda c: c["assets"][0].update(ratio="wide")), r"assets\[0\] ratio 'wide'"),
        (spoiled(lambda c: c["assets"][0].update(source="nowhere")), "source 'nowhere'"),
        (spoiled(lambda c: c["assets"][0].update(least=[0, 5])), "below one pixel"),
        (
            spoiled(
                lambda c: c["assets"][0].update(zones=[{"name": "z", "box": [0, 0, 2, 1], "free_of": []}])
            ),
            "zone that is not inside",
        ),
        (spoiled(lambda c: c["assets"][0].update(text="some")), "is no profile"),
        (spoiled(lambda c: c["layout"][0].update(own_folder="../poster")), "not a plain file name"),
        (spoiled(lambda c: c["layout"][0].update(asset="nothing")), r"layout\[0\] names"),
    ],
)
def test_a_profile_that_is_not_sound_is_refused_with_its_place(
    tmp_path: Path, text: str, message: str
) -> None:
    (tmp_path / "own.json").write_text(text)

    with pytest.raises(InputError, match=message):
        load_profile(str(tmp_path / "own.json"))


def test_a_profile_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"gone\.json is no file"):
        load_profile(str(tmp_path / "gone.json"))
