"""The band of burned-in subtitles is inferred from what is found of them, in part and in some stills."""

from dataclasses import replace

import numpy as np
import pytest
from helpers.candidates import candidate

from artgen.artwork import Candidate, SubtitleBand, find_subtitle_band
from artgen.artwork.choosing import Choice
from artgen.artwork.variants import plan_variants
from artgen.records import Box, Theme, Why

SIZE = (1280, 720)
LINE: Box = (300.0, 630.0, 500.0, 670.0)  # the left part of a line from 300 to 980


def still(number: int, *boxes: Box) -> Candidate:
    made = candidate(20.0 * number)
    assert made.composition is not None
    return replace(made, composition=replace(made.composition, text_boxes=boxes))


def test_parts_of_lines_in_some_stills_give_the_whole_band() -> None:
    stills = [still(n, LINE) if n % 4 == 0 else still(n) for n in range(20)]

    assert find_subtitle_band(stills, size=SIZE) == SubtitleBand(
        (300.0, 630.0, 980.0, 670.0), everywhere=True
    )


def test_few_finds_in_a_long_title_do_not_say_that_every_still_has_one() -> None:
    band = find_subtitle_band([still(n, *[LINE] * (n % 7 == 0)) for n in range(21)], size=SIZE)

    assert band is not None
    assert not band.everywhere


@pytest.mark.parametrize(
    "stills",
    [
        [still(n) for n in range(9)],
        [still(0, LINE), still(1, LINE), *(still(n) for n in range(2, 9))],
        [still(n, (300.0, 100.0 * (n % 4), 500.0, 100.0 * (n % 4) + 40)) for n in range(9)],
        [still(n, (300.0, 300.0, 500.0, 719.0)) for n in range(9)],
    ],
    ids=["none", "in two shots only", "higher up", "far too high"],
)
def test_lettering_that_is_no_subtitle_gives_no_band(stills: list[Candidate]) -> None:
    assert find_subtitle_band(stills, size=SIZE) is None


@pytest.mark.parametrize(("found", "everywhere"), [(True, False), (False, True), (False, False)])
def test_no_variant_has_subtitles_in_it(found: bool, everywhere: bool) -> None:
    picture = np.random.default_rng(1).integers(90, 110, (720, 1280, 3)).astype(np.uint8)
    picture[200:400, 500:800] = (220, 60, 40)
    theme = Theme("general", "general", "Best", 1.0, Why(1.0, {}, {}, (), (), None))
    choice = Choice(theme, still(0, *[LINE] * found), theme.why)
    band = SubtitleBand((300.0, 630.0, 980.0, 670.0), everywhere)

    plans, refusals = plan_variants(choice, picture, aspects=("16:9", "1:1"), subtitles=band)

    assert all(plan.crop.box[3] <= 630 for plan in plans)
    assert len(plans) + len(refusals) == 2
    assert plans
