"""Colors are counted under the names people have for them."""

import pytest

from artgen.composition.color_names import COLORS, color_name, color_shares


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("#000000", "black"), ("#ffffff", "white"), ("#808080", "gray"), ("#ff0000", "red"),
        ("#ff0010", "red"), ("#ff8000", "orange"), ("#ffee00", "yellow"), ("#20a020", "green"),
        ("#20b0b0", "cyan"), ("#2040c0", "blue"), ("#8020c0", "purple"), ("#ff40a0", "pink"),
    ],
)  # fmt: skip
def test_colors_have_the_names_people_use(code: str, name: str) -> None:
    assert color_name(code) == name


def test_color_shares_add_up() -> None:
    shares = color_shares((("#ff0000", 0.5), ("#f01010", 0.2), ("#000000", 0.3)))

    assert dict(zip(COLORS, shares, strict=True))["red"] == pytest.approx(0.7)
    assert sum(shares) == pytest.approx(1.0)
