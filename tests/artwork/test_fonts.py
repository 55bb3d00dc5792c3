"""Titles of any script are drawn, or what cannot be drawn is marked; never a row of empty boxes."""

import pytest

from artgen.artwork import fonts
from artgen.artwork.fonts import GAP, drawable


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without any font of its own."""
    monkeypatch.setattr(fonts, "WIDER", ())


def test_plain_letters_are_drawn_by_the_default_font(bare: None) -> None:
    text, font = drawable("Film (2024) - 1:30 min…", 20)

    assert text == "Film (2024) - 1:30 min…"
    assert font.getbbox(text)[2] > 100


def test_letters_that_no_font_has_are_one_mark_a_run(bare: None) -> None:
    assert drawable("映画 film 映画館.mp4", 20)[0] == f"{GAP} film {GAP}.mp4"


def test_a_font_of_the_machine_draws_what_the_default_has_not() -> None:
    text, font = drawable("Привет", 20)
    if font is drawable("a", 20)[1]:
        pytest.skip("this machine has none of the fonts that artgen looks for")

    assert text == "Привет"
    assert len({bytes(font.getmask(letter)) for letter in text}) == 6  # six different letters


def test_nothing_is_drawn_by_any_font() -> None:
    assert drawable("", 12)[0] == ""
