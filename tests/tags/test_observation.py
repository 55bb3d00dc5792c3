"""What faces and composition say as evidence."""

from dataclasses import replace

import numpy as np
import pytest
from helpers.frames import face

from artgen.composition import compose
from artgen.records import Expression, Face
from artgen.tags import observe

SHOWN = compose("s", np.full((72, 128, 3), 120, np.uint8), faces=[])


def smiling(number: int, smile: float | None) -> Face:
    made = face("s", number, (100.0 * number, 10.0, 100.0 * number + 40, 60.0))
    rest = 0.0 if smile is None else (1 - smile) / 6
    return replace(made, expression=None if smile is None else Expression(smile, *[rest] * 6))


@pytest.mark.parametrize(
    ("smiles", "seen"),
    [((0.95,), 1.0), ((0.2,), 0.0), ((0.95, 0.1), 0.5), ((0.95, None), 1.0), ((None,), None), ((), None)],
)
def test_smiles_are_counted_among_faces_whose_expression_can_be_told(
    smiles: tuple[float | None, ...], seen: float | None
) -> None:
    assert observe(SHOWN, [smiling(n, smile) for n, smile in enumerate(smiles)]).smiles == seen


def test_two_faces_are_near_when_less_than_a_face_apart() -> None:
    near, far = face("s", 1, (145.0, 10.0, 185.0, 60.0)), face("s", 2, (300.0, 10.0, 340.0, 60.0))

    assert observe(SHOWN, [smiling(1, None), near]).face_gap == pytest.approx(5 / 40)
    assert observe(SHOWN, [smiling(1, None), far]).face_gap == pytest.approx(160 / 40)
    assert observe(SHOWN, [near]).face_gap is None
