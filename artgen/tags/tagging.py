"""Tags of stills: similarity and evidence added up as log-odds, every term written down."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from artgen.records import Evidence, Tag
from artgen.tags.calibration import (
    NEUTRAL_SENTENCES,
    Background,
    background_path,
    deviations,
    read_background,
)
from artgen.tags.observation import SIGNALS, Observation
from artgen.tags.vocabulary import TAG_REFERENCE, Vocabulary, VocabularyTag

BASE_LOG_ODDS = -3.0  # a tag nobody speaks for: 5 %
LOG_ODDS_A_DEVIATION = 1.5  # so that two deviations above the usual are even odds
MOST_DEVIATIONS = 4.0
GROUP_SHARE = 0.8
RIVALRY = 0.5
TITLE_SHARE = 0.7
CARD_LETTERING = 0.03  # of the picture: from here on it may be a card, which has no scale and no place

Vectors = NDArray[np.float32]
TextEncoder = Callable[[Sequence[str]], Vectors]


def tag_stills(
    stills: Sequence[str],
    vectors: Vectors,
    vocabulary: Vocabulary,
    encode_texts: TextEncoder,
    *,
    model_id: str,
    observations: Sequence[Observation],
) -> list[Tag]:
    """Tag the stills of one title with every tag that the model offers.

    Args:
        stills: n ids.
        vectors: (n, d) unit rows, of the same model as `encode_texts`.
        vocabulary: of load_vocabulary.
        encode_texts: sentences to (m, d) unit rows.
        model_id: decides which tags are offered and which background is used.
        observations: n, one for each still in the same order.

    Returns:
        Still by still in the order given, tag by tag in the order of the vocabulary. `raw` is the
        cosine to the tag's mean vector; `evidence` holds every term of the log-odds whose
        logistic function is `score`.

    Raises:
        ValueError: the lengths or the order of stills, vectors and observations differ.
        ModelError: the model's background file is broken.
    """
    if (
        vectors.ndim != 2
        or len(vectors) != len(stills)
        or [seen.still for seen in observations] != list(stills)
    ):
        raise ValueError("stills, vectors and observations must be the same stills in the same order")
    tags = vocabulary.offered(model_id)
    texts = mean_vectors([tag.sentences for tag in tags], encode_texts)
    neutral = np.asarray(encode_texts(NEUTRAL_SENTENCES), dtype=np.float32)
    raw = vectors @ texts.T
    above = deviations(
        vectors,
        texts,
        neutral,
        background_of(model_id, dim=vectors.shape[1]),
        of_the_film=np.array([tag.title_wide for tag in tags], np.bool_),
    )
    above = against_group(above, [tag.group for tag in tags])
    odds = _LogOdds(tags, above, observations)
    scores = probabilities(odds.total)
    return [
        Tag(
            still=still,
            tag=tag.name,
            group=tag.group,
            raw=round(float(raw[i, j]), 5),
            score=round(float(scores[i, j]), 4),
            evidence=odds.terms[i][j],
        )
        for i, still in enumerate(stills)
        for j, tag in enumerate(tags)
    ]


def mean_vectors(sentences: Sequence[Sequence[str]], encode_texts: TextEncoder) -> Vectors:
    """One unit vector for each group of sentences, the direction of their mean; (groups, d).

    Source: Radford et al., "Learning transferable visual models from natural language supervision"
    (2021), section 3.1.4, prompt ensembling.
    """
    flat = [sentence for group in sentences for sentence in group]
    encoded = np.asarray(encode_texts(flat), dtype=np.float32)
    ends = np.cumsum([len(group) for group in sentences])
    means = np.stack([part.mean(axis=0) for part in np.split(encoded, ends[:-1])])
    return np.asarray(means / np.linalg.norm(means, axis=1, keepdims=True), dtype=np.float32)


def against_group(above: Vectors, groups: Sequence[str]) -> Vectors:
    """Deviations (n, m) less GROUP_SHARE of what the rest of each tag's group has in common with the still.

    "A scene from a western film" is near to any still of a film: only what a tag has over its
    siblings speaks for it. A group that stands below the usual is left as it is, so that no tag
    gains by its siblings' poverty.
    """
    against = above.copy()
    for group in set(groups):
        members = [j for j, name in enumerate(groups) if name == group]
        if len(members) < 3:
            continue
        held = above[:, members]
        rest = (held.sum(axis=1, keepdims=True) - held) / (len(members) - 1)
        against[:, members] = held - GROUP_SHARE * np.maximum(rest, 0)
    return np.asarray(against, dtype=np.float32)


def background_of(model_id: str, *, dim: int) -> Background | None:
    """What ordinary pictures are to a model, where artgen has a file that says so.

    Raises:
        ModelError: the file is broken or of another model.
    """
    path = background_path(model_id)
    return read_background(path, dim=dim) if path is not None and path.is_file() else None


def probabilities(log_odds: NDArray[np.float64]) -> NDArray[np.float64]:
    """The logistic function, 0..1."""
    return np.asarray(1 / (1 + np.exp(-np.clip(log_odds, -30, 30))), dtype=np.float64)


class _LogOdds:
    """Log-odds of every tag of every still: `total` (n, m), and `terms` of each for people to read."""

    def __init__(
        self, tags: Sequence[VocabularyTag], above: Vectors, observations: Sequence[Observation]
    ) -> None:
        self.total = np.full(above.shape, BASE_LOG_ODDS, dtype=np.float64)
        self.terms: list[list[Evidence]] = [[{} for _ in tags] for _ in observations]
        self._tags = tags
        self._at = {tag.name: j for j, tag in enumerate(tags)}
        capped = np.clip(above, -MOST_DEVIATIONS, MOST_DEVIATIONS)
        for j, tag in enumerate(tags):
            if tag.model > 0:
                self._add(j, "model", LOG_ODDS_A_DEVIATION * tag.model * capped[:, j])
        signals = {
            name: np.array([signal(seen) for seen in observations]) for name, signal in SIGNALS.items()
        }
        for j, tag in enumerate(tags):
            for name, weight in tag.evidence.items():
                if name in signals:
                    self._add(j, name, weight * signals[name])
        self._let_siblings_compete()
        self._spread_over_title(np.array([seen.text_fraction < CARD_LETTERING for seen in observations]))
        self._add_other_tags()

    def _add(self, j: int, name: str, values: NDArray[np.floating]) -> None:
        self.total[:, j] += values
        for i, value in enumerate(values):
            if abs(value) >= 0.005:
                self.terms[i][j][name] = round(float(value), 2)

    def _let_siblings_compete(self) -> None:
        """In a group where one tag rules out the others, what leads holds the rest down."""
        for group in sorted({tag.group for tag in self._tags if tag.exclusive}):
            members = [j for j, tag in enumerate(self._tags) if tag.group == group]
            if len(members) < 2:
                continue
            held = self.total[:, members]
            ordered = np.sort(held, axis=1)
            best = np.where(held == ordered[:, -1:], ordered[:, -2:-1], ordered[:, -1:])
            for place, j in enumerate(members):
                self._add(j, "outdone by a rival", -RIVALRY * np.maximum(best[:, place] - held[:, place], 0))

    def _spread_over_title(self, usable: NDArray[np.bool_]) -> None:
        """A property of the film counts TITLE_SHARE by the median of its stills that are no cards."""
        if not usable.any():
            return
        for j, tag in enumerate(self._tags):
            if tag.title_wide:
                median = float(np.median(self.total[usable, j]))
                self._add(j, "whole title", TITLE_SHARE * (median - self.total[:, j]))

    def _add_other_tags(self) -> None:
        """A tag that rests on others gains by their scores, theirs being settled first."""
        settled: set[int] = set()

        def settle(j: int) -> None:
            if j in settled:
                return
            settled.add(j)
            for name, weight in self._tags[j].evidence.items():
                other = self._at.get(name.removeprefix(TAG_REFERENCE))
                if name.startswith(TAG_REFERENCE) and other is not None:
                    settle(other)
                    self._add(j, name, weight * probabilities(self.total[:, other]))

        for j in range(len(self._tags)):
            settle(j)
