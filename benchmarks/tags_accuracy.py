r"""Do tags and shot scales hold? Compares artgen's, with the bundled model, with stills labeled by eye.

    python benchmarks/tags_accuracy.py FOLDER [FOLDER ...] [--json FILE] [--all-tags] [--model compact] [--faces artgen]

FOLDERs hold the films of labels/tags.csv. Those that are not there are left out and named. Tags marked unsure of a still count
neither way. Beside average precision stands chance, the share of positives. Intervals (95 %) are of 1,000 resamples of whole
stretches of ten seconds, since the stills of a shot hang together. A tag is above chance where
its whole interval is; with fewer than 8 positives it is not measured. Half "a" is where constants were chosen, "b" is held out.
"""

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from itertools import groupby
from pathlib import Path

import numpy as np
from labels import LabeledStill, labeled_stills
from numpy.typing import NDArray
from reporting import describe_machine, table

from artgen.clip import load_encoder
from artgen.composition import SHOT_SCALES, compose, load_text_detector
from artgen.people import describe_faces, find_detector, load_detector
from artgen.records import DetectorName, Tag
from artgen.stills import find_active_picture
from artgen.tag.frames import with_scales
from artgen.tags import Observation, Vocabulary, camera_distances, load_vocabulary, observe, tag_stills
from artgen.video import FilmInfo, probe, read_pictures
from artgen.video.times import frame_times

CHOSEN_ON = ("test.mp4", "sintel", "chaplin", "nasa")
NOT_LABELED = ("tense", "sunny", "cloudy", "storm", "nudity")
CARDS = ("title card", "credits")
SURE = 0.5  # where artgen draws the line
ENOUGH = 8  # positives
STRETCH_S = 10.0
RESAMPLES = 1000
FIRST = 20

Picture = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Measured:
    """How one tag does; figures are None where positives are too few to tell."""

    tag: str
    group: str
    offered: bool
    positives: int
    stretches: int
    chance: float | None = None
    average_precision: float | None = None
    low: float | None = None
    high: float | None = None
    precision: float | None = None
    recall: float | None = None


@dataclass(frozen=True, slots=True)
class Scales:
    """How shot scales do; `confusion` counts, by label and then by what artgen says."""

    stills: int
    macro_f1: float
    f1: dict[str, float]
    within_one: float
    confusion: dict[str, dict[str, int]]


def stills_of(info: FilmInfo, times_s: Sequence[float]) -> list[Picture]:
    """The frames of a film nearest to some times, without bars."""
    shown = frame_times(info)
    seconds = np.array([float((pts - info.start_pts) * info.time_base) for pts in shown])
    wanted = [shown[int(np.abs(seconds - time_s).argmin())] for time_s in times_s]
    held = {picture.pts: picture.rgb for picture in read_pictures(info, wanted, on_damage=lambda _: None)}
    x1, y1, x2, y2 = find_active_picture(held.values()) or (0, 0, info.width, info.height)
    return [np.ascontiguousarray(held[pts][y1:y2, x1:x2]) for pts in wanted]


def tagged(
    labels: Sequence[LabeledStill],
    folders: Sequence[Path],
    vocabulary: Vocabulary,
    *,
    model: str,
    faces: DetectorName,
) -> Iterator[tuple[LabeledStill, Observation, Mapping[str, Tag]]]:
    """Each labeled still with what artgen saw and every tag it gives; each film is a title of its own."""
    detector = load_detector(find_detector(faces))
    encoder = load_encoder(model, device="cpu", precision="fp32", offline=True, note=print)
    lettering = load_text_detector(None)

    @cache
    def encoded(sentences: tuple[str, ...]) -> NDArray[np.float32]:
        return encoder.texts(sentences)

    def texts(sentences: Sequence[str]) -> NDArray[np.float32]:
        return encoded(tuple(sentences))

    for film, of_film in groupby(labels, key=lambda still: still.film):
        path = next((folder / film for folder in folders if (folder / film).exists()), None)
        if path is None:
            print(f"left out: {film} is in none of the folders")
            continue
        own = list(of_film)
        pictures = stills_of(probe(path), [still.time_s for still in own])
        found = [describe_faces(str(n), shown, detector.detect(shown)) for n, shown in enumerate(pictures)]
        composed = [
            compose(str(n), shown, faces=found[n], lettering=lettering) for n, shown in enumerate(pictures)
        ]
        vectors = encoder.pictures(pictures)
        composed = with_scales(composed, camera_distances(vectors, texts, model_id=encoder.model_id))
        seen = [observe(shown, its) for shown, its in zip(composed, found, strict=True)]
        ids = [one.still for one in seen]
        tags = tag_stills(ids, vectors, vocabulary, texts, model_id=encoder.model_id, observations=seen)
        of_still = {
            still: {tag.tag: tag for tag in its} for still, its in groupby(tags, key=lambda tag: tag.still)
        }
        for still, one in zip(own, seen, strict=True):
            yield still, one, of_still[one.still]


def average_precision(
    right: NDArray[np.bool_], scores: NDArray[np.float64], weights: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Average precision of n stills by score, each counted `weights` times, (resamples, n); (resamples,)."""
    order = np.argsort(-scores, kind="stable")
    counted, hits = weights[:, order], weights[:, order] * right[order]
    precision = hits.cumsum(axis=1) / np.maximum(counted.cumsum(axis=1), 1e-9)
    return np.asarray((hits * precision).sum(axis=1) / np.maximum(hits.sum(axis=1), 1e-9), np.float64)


def resampled(stretches: NDArray[np.int_], *, seed: int) -> NDArray[np.float64]:
    """How often each still is drawn when whole stretches are drawn again, (RESAMPLES, n)."""
    count = int(stretches.max()) + 1
    drawn = np.random.default_rng(seed).multinomial(count, np.full(count, 1 / count), size=RESAMPLES)
    return np.asarray(drawn[:, stretches], np.float64)


def measured(
    name: str, group: str, stills: Sequence[tuple[LabeledStill, float]], *, offered: bool
) -> Measured:
    """One tag over all stills that say whether it is there; with each goes its score."""
    told = [(still, score) for still, score in stills if name not in still.unsure]
    right = np.array([name in still.tags for still, _ in told], np.bool_)
    scores = np.array([score for _, score in told])
    places = [(still.film, int(still.time_s // STRETCH_S)) for still, _ in told]
    positives, spread = (
        int(right.sum()),
        len({place for place, one in zip(places, right, strict=True) if one}),
    )
    if positives < ENOUGH or name in NOT_LABELED:
        return Measured(name, group, offered, positives, spread)
    numbers = {place: number for number, place in enumerate(dict.fromkeys(places))}
    weights = resampled(np.array([numbers[place] for place in places]), seed=1)
    weights = weights[(weights * right).sum(axis=1) > 0]
    precisions = average_precision(right, scores, weights)
    sure = scores >= SURE
    return Measured(
        tag=name,
        group=group,
        offered=offered,
        positives=positives,
        stretches=spread,
        chance=float(right.mean()),
        average_precision=float(average_precision(right, scores, np.ones((1, len(right))))[0]),
        low=float(np.quantile(precisions, 0.025)),
        high=float(np.quantile(precisions, 0.975)),
        precision=float(right[sure].mean()) if sure.any() else None,
        recall=float(sure[right].mean()),
    )


def scales_of(pairs: Sequence[tuple[str, str]]) -> Scales:
    """Label and artgen's scale of every still of known scale; classes of fewer than ENOUGH stills are not in the mean."""
    known = [(label, said) for label, said in pairs if label in SHOT_SCALES]
    said_names = sorted({said for _, said in known} - set(SHOT_SCALES))
    confusion = {
        label: {said: known.count((label, said)) for said in (*SHOT_SCALES, *said_names)}
        for label in SHOT_SCALES
    }
    f1 = {}
    for name in SHOT_SCALES:
        labeled, said = (sum(pair[side] == name for pair in known) for side in (0, 1))
        if labeled >= ENOUGH:
            f1[name] = 2 * confusion[name][name] / (labeled + said)
    places = {name: place for place, name in enumerate(SHOT_SCALES)}
    near = [said in places and abs(places[said] - places[label]) <= 1 for label, said in known]
    return Scales(
        len(known), float(np.mean(list(f1.values()))) if f1 else 0.0, f1, float(np.mean(near)), confusion
    )


def cards_among_first(
    stills: Sequence[tuple[LabeledStill, Mapping[str, Tag]]], themes: Sequence[str]
) -> dict[str, int]:
    """How many title cards and credits are among the first FIRST stills of each theme."""
    return {
        theme: sum(
            bool(still.tags & set(CARDS))
            for still, _ in sorted(stills, key=lambda one: -one[1][theme].score)[:FIRST]
        )
        for theme in themes
    }


def halves(film: str) -> str:
    """Which half a film is of: "a", where constants were chosen, or "b"."""
    return "a" if film.startswith(CHOSEN_ON) else "b"


def tag_table(results: Sequence[Measured]) -> str:
    """A row a tag that could be measured, as Markdown."""
    rows = []
    for one in results:
        if one.average_precision is None:
            continue
        assert one.low is not None
        assert one.high is not None
        assert one.chance is not None
        precision = "none said" if one.precision is None else f"{one.precision:.2f}"
        holds = ("yes" if one.low > one.chance else "no") + ("" if one.offered else ", not offered")
        figures = [f"{one.chance:.3f}", f"{one.average_precision:.3f}", f"{one.low:.3f} to {one.high:.3f}"]
        rows.append(
            [one.tag, str(one.positives), str(one.stretches), *figures, precision, f"{one.recall:.2f}", holds]
        )
    head = ("tag", "positives", "stretches", "chance", "AP", "95 %", "precision", "recall", "above chance")
    return table(head, rows)


def scale_table(scales: Scales) -> str:
    """Counts by label (rows) and by what artgen says, as Markdown."""
    columns = list(scales.confusion[SHOT_SCALES[0]])
    rows = [
        [
            label,
            *(str(scales.confusion[label][said]) for said in columns),
            f"{scales.f1[label]:.2f}" if label in scales.f1 else "",
        ]
        for label in SHOT_SCALES
    ]
    return table(("label", *columns, "F1"), rows)


def everything_of(vocabulary: Vocabulary) -> Vocabulary:
    """The same vocabulary with every tag offered to every model."""
    from dataclasses import replace

    return Vocabulary(vocabulary.name, tuple(replace(tag, not_with=()) for tag in vocabulary.tags))


def main() -> None:
    """Tag, compare, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", type=Path, nargs="+", help="where the films are")
    parser.add_argument("--json", type=Path, help="write all figures here")
    parser.add_argument(
        "--all-tags", action="store_true", help="tags too that are not offered with the model"
    )
    parser.add_argument("--model", default="artgen-compact")
    parser.add_argument("--faces", default="artgen", choices=("artgen", "yunet", "dlib"))
    asked = parser.parse_args()
    shipped = load_vocabulary()
    vocabulary = everything_of(shipped) if asked.all_tags else shipped
    seen = list(tagged(labeled_stills(), asked.folders, vocabulary, model=asked.model, faces=asked.faces))
    offered = {tag.name for tag in shipped.offered(asked.model)}
    results = [
        measured(
            tag.name,
            tag.group,
            [(still, tags[tag.name].score) for still, _, tags in seen],
            offered=tag.name in offered,
        )
        for tag in vocabulary.offered(asked.model)
    ]
    scales = {
        half: scales_of(
            [(still.scale, one.shot_scale) for still, one, _ in seen if halves(still.film) in half]
        )
        for half in ("a", "b", "ab")
    }
    themes = [kind.name for kind in vocabulary.kinds(asked.model) if kind.theme]
    cards = cards_among_first([(still, tags) for still, _, tags in seen], themes)
    show(results, scales, cards, stills=len(seen), films=len({still.film for still, _, _ in seen}))
    if asked.json:
        held = {
            "machine": describe_machine(),
            "stills": len(seen),
            "tags": [asdict(one) for one in results],
            "scales": {half: asdict(one) for half, one in scales.items()},
            "cards_among_first": cards,
        }
        asked.json.write_text(json.dumps(held, indent=1) + "\n", encoding="utf-8")


def show(
    results: Sequence[Measured],
    scales: Mapping[str, Scales],
    cards: Mapping[str, int],
    *,
    stills: int,
    films: int,
) -> None:
    """All tables and the figures over all tags."""
    known = [one for one in results if one.average_precision is not None and one.chance is not None]
    print(f"{stills} stills of {films} films\n\n{tag_table(results)}\n")
    means = (
        (np.mean([one.average_precision for one in some]), np.mean([one.chance for one in some]), len(some))
        for some in (known, [one for one in known if one.offered])
    )
    for which, (mean, chance, count) in zip(("measured", "measured and offered"), means, strict=True):
        print(f"{count} tags {which}: mean average precision {mean:.3f}, chance {chance:.3f}")
    few = [f"{one.tag} ({one.positives})" for one in results if one.average_precision is None and one.offered]
    print(f"not measured, fewer than {ENOUGH} positives or not labeled: {', '.join(few)}")
    print(
        f"title cards and credits among the first {FIRST} of {len(cards)} themes: {sum(cards.values())}",
        cards,
    )
    for half, one in scales.items():
        print(
            f"\nshot scale, half {half}: {one.stills} stills, macro-F1 {one.macro_f1:.3f}, within one {one.within_one:.3f}"
        )
        print(scale_table(one))


if __name__ == "__main__":
    main()
