"""Every rule by itself, on facts: what breaks it is found, what keeps it is not."""

from dataclasses import replace
from fractions import Fraction

import pytest

from artgen.specs import Facts, Finding, distance, judge, largest_crop, load_profile

PICTURE = (3840, 2160)
HERO = Facts("hero.jpg", "jpeg", "RGB", 1920, 1080, 400_000, "sRGB", (), (), None)
TITLE = ((100.0, 700.0, 1800.0, 900.0),)
COVER = replace(HERO, file="cover.jpg", text_boxes=TITLE)
POSTER = replace(
    HERO, file="poster.jpg", width=2000, height=3000, text_boxes=((200.0, 2000.0, 1800.0, 2400.0),)
)


def found(spec: str, asset: str, facts: Facts, picture: tuple[int, int] = PICTURE) -> list[Finding]:
    profile = load_profile(spec)
    wanted = next(a for a in profile.assets if a.id == asset)
    return judge(facts, wanted, profile, variant="v", picture=picture)


@pytest.mark.parametrize(
    ("spec", "asset", "facts"),
    [
        ("prime", "hero", HERO),
        ("prime", "hero", replace(HERO, format="png", bytes=10_000_000)),
        ("prime", "cover", COVER),
        ("prime", "poster", POSTER),
        ("roku", "background", replace(HERO, width=3840, height=2160)),
        ("roku", "poster", replace(POSTER, text_boxes=())),
        ("max", "tile-horizontal", replace(HERO, width=3840, height=2160, subject=(0.7, 0.5))),
        ("max", "tile-horizontal", replace(HERO, width=3840, height=2160)),
        ("googletv", "poster", replace(POSTER, width=1000, height=1440)),
        ("tmdb", "backdrop", replace(HERO, width=1280, height=720)),
        ("tmdb", "backdrop", replace(HERO, width=1281, height=720)),
        ("ember", "poster", POSTER),
        ("kodi", "fanart", HERO),
        ("jellyfin", "poster", replace(HERO, width=333, height=777, mode="CMYK", format="webp")),
        ("plex", "background", HERO),
        ("kometa", "square", replace(HERO, width=100, height=90)),
    ],
)
def test_what_is_as_asked_gives_no_finding(spec: str, asset: str, facts: Facts) -> None:
    assert found(spec, asset, facts) == []


@pytest.mark.parametrize(
    ("spec", "asset", "facts", "rule", "words"),
    [
        ("prime", "hero", replace(HERO, width=1920, height=1100), "ratio", "asks for 16:9"),
        ("roku", "background", replace(HERO, width=1921, height=1080), "ratio", "exactly 16:9"),
        ("googletv", "poster", replace(POSTER, width=1000, height=1500), "ratio", "0.690 to 0.699"),
        ("tmdb", "poster", replace(POSTER, width=1000, height=1800), "ratio", "0.598 to 0.752"),
        ("prime", "hero", replace(HERO, width=1280, height=720), "size", "at least 1920 x 1080"),
        ("max", "tile-square", replace(HERO, width=2999, height=2999), "size", "exactly 3000 x 3000"),
        ("max", "tile-square", replace(HERO, width=3001, height=3001), "size", "exactly 3000 x 3000"),
        ("tmdb", "backdrop", replace(HERO, width=4096, height=2304), "size", "at most 3840 x 2160"),
        ("prime", "hero", replace(HERO, bytes=10_000_001), "bytes", "10,000,000 at most"),
        ("prime", "hero", replace(HERO, format="webp"), "format", "JPEG or PNG"),
        ("ember", "background", replace(HERO, format="png"), "format", "save it as JPEG"),
        ("prime", "hero", replace(HERO, mode="CMYK"), "color", "color mode CMYK"),
        ("prime", "hero", replace(HERO, text_boxes=TITLE), "text", "a textless picture"),
        ("prime", "cover", replace(COVER, text_boxes=()), "text", "the title on it"),
        ("prime", "cover", replace(COVER, faces=((800.0, 100.0, 1000.0, 300.0),)), "zones", "a face in the top"),
        ("prime", "cover", replace(COVER, text_boxes=((100.0, 20.0, 1800.0, 180.0),)), "zones", "lettering in"),
        ("prime", "poster", replace(POSTER, faces=((500.0, 2700.0, 900.0, 2990.0),)), "zones", "bottom 240"),
        ("max", "tile-ultra-wide", replace(HERO, width=3840, height=1152, subject=(0.3, 0.5)), "focus", "30%"),
    ],
)  # fmt: skip
def test_each_broken_rule_is_found_alone(spec: str, asset: str, facts: Facts, rule: str, words: str) -> None:
    findings = found(spec, asset, facts)

    assert [finding.rule for finding in findings] == [rule]
    assert findings[0].level == "must"
    assert findings[0].sentence.startswith(facts.file)
    assert words in findings[0].sentence
    assert "read 2026-11-24" in findings[0].sentence


def test_a_face_that_ends_at_the_zone_is_not_in_it() -> None:
    below = replace(COVER, faces=((800.0, 162.0, 1000.0, 400.0),))

    assert found("prime", "cover", below) == []


def test_a_speck_of_texture_is_no_lettering_in_a_zone() -> None:
    speck = replace(HERO, width=1920, height=1080, text_boxes=((10.0, 10.0, 60.0, 40.0),))

    assert found("roku", "background", speck) == []


def test_the_largest_face_says_where_the_subject_is() -> None:
    wide = replace(HERO, width=3840, height=2160, subject=(0.9, 0.5))
    left = replace(wide, faces=((100.0, 100.0, 900.0, 900.0), (3000.0, 100.0, 3100.0, 200.0)))

    assert found("max", "tile-horizontal", wide) == []
    assert [f.rule for f in found("max", "tile-horizontal", left)] == ["focus"]


def test_a_color_profile_is_asked_for_where_a_profile_asks() -> None:
    profile = load_profile("prime")
    asset = replace(profile.assets[0], icc="sRGB")

    for icc, count in (("sRGB IEC61966-2.1", 0), (None, 1), ("Display P3", 1)):
        findings = judge(replace(HERO, icc=icc), asset, profile, variant="v", picture=PICTURE)
        assert [finding.rule for finding in findings] == ["profile"] * count


def test_sizes_that_kodi_advises_are_advice() -> None:
    findings = found("kodi", "fanart", replace(HERO, width=1280, height=720))

    assert [(finding.rule, finding.level) for finding in findings] == [("size", "advice")]
    assert "Kodi advises" in findings[0].sentence


def test_what_the_film_cannot_give_without_upscaling_is_said() -> None:
    small = replace(POSTER, width=720, height=1080, text_boxes=((100.0, 600.0, 600.0, 800.0),))

    from_hd = found("prime", "poster", small, picture=(1920, 1080))
    from_8k = found("prime", "poster", small, picture=(7680, 4320))

    assert "a picture of 1920 x 1080 gives 720 x 1080 of 2:3 at most without upscaling" in from_hd[0].sentence
    assert "cut it larger with --preset" in from_8k[0].sentence


def test_the_largest_crop_stays_inside_the_picture() -> None:
    assert largest_crop((1920, 1080), Fraction(2, 3)) == (720, 1080)
    assert largest_crop((1920, 800), Fraction(16, 9)) == (1422, 800)
    assert largest_crop((1080, 1920), Fraction(16, 9)) == (1080, 607)


def test_the_distance_of_an_aspect_to_an_asset() -> None:
    google, banner = load_profile("googletv").assets
    poster = load_profile("jellyfin").assets[0]

    assert distance(Fraction(25, 36), google) == 0
    assert 0.03 < distance(Fraction(2, 3), google) < 0.06
    assert distance(Fraction(16, 9), banner) == 0
    assert distance(Fraction(2, 3), poster) == 0
    assert distance(Fraction(16, 9), poster) == float("inf")
