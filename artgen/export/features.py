"""What the values of a variant's vector mean: the feature specification."""

from collections.abc import Mapping, Sequence

from artgen.artwork.describing import FACES, GAZE, MOST_PEOPLE, PLACEMENT, TITLE_SPACE
from artgen.catalog import BlockSpec
from artgen.composition import COLORS
from artgen.records import MeasureSpec


def feature_specs(
    *, dim: int, tags: Sequence[str], scales: Sequence[str], measures: Mapping[str, MeasureSpec]
) -> tuple[BlockSpec, ...]:
    """The feature blocks of a variant, with what their values mean.

    Args:
        dim: length of the CLIP vectors, 0 where there are none.
        tags: all tags of the vocabulary.
        scales: the shot scales there are.
        measures: those of composition, with their ranges.
    """
    leads = tuple(f"lead {place}" for place in range(1, MOST_PEOPLE + 1))
    return (
        BlockSpec("embedding", "CLIP vector of the whole still, of unit length", -1, 1, length=dim),
        BlockSpec("tags", "calibrated score of each tag of the whole still", 0, 1, tuple(tags)),
        BlockSpec("people", "height of each lead's face, as a fraction of the variant's; 0: not in it", 0, 1, leads),
        BlockSpec("faces", "number of people / 10; the largest face: height as a fraction of the variant's, quality, "
                  "eyes and mouth open (0.5: not known); all 0 without a face", 0, 1, FACES),
        BlockSpec("gaze", "where the largest face looks, of 90 degrees: to the right, up; 0 without a face", -1, 1, GAZE),
        BlockSpec("scale", "shot scale of the whole still, one-hot; all 0 where it is not known", 0, 1, tuple(scales)),
        BlockSpec("composition", "measures of the whole still, each from the low end of its range (0) to the high (1): "
                  + "; ".join(f"{name}: {spec.meaning}" for name, spec in measures.items()), 0, 1, tuple(measures)),
        BlockSpec("colors", "fraction of the still near each color", 0, 1, COLORS),
        BlockSpec("placement", "the subject's place as fractions of the variant's width and height; "
                  "the variant's width and height as fractions of the still's", 0, 1, PLACEMENT),
        BlockSpec("title_space", "the largest safe place for a title: its part of the variant, its middle across and down, "
                  "its contrast with the better of white and black, of 21; all 0 where there is none", 0, 1, TITLE_SPACE),
        BlockSpec("time", "place in the film, from 0 at its start to 1 at its end", 0, 1, ("time",)),
        BlockSpec("aspect", "logarithm to base 2 of width / height", -2.5, 2.5, ("aspect",)),
    )  # fmt: skip
