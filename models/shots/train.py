"""Train the trees that judge changes of shot.

    python train.py FILMS LABELS.csv [LABELS.csv ...] [--photographs FOLDER] [--without NAME ...] [--into FOLDER]

FILMS is a folder of films; a label file has the columns file, kind, last_frame, first_frame (counted from 0), is
complete for the films it names, and besides "cut", "dissolve", "fade" and "wipe" has the kinds "fade out" and "fade
in" for the halves of a fade, "unsure" for stretches that nothing is to be learned from, and "none" for a film of one
shot. Films are signed, made films are mixed from their labeled shots and from photographs that a camera moves over
(synthetic.py), candidates of both are measured as artgen measures them, and boosted trees are fitted whose answers
may only rise or fall with most measures. Writes cuts.json, graduals.json, wipes.json and slides.json beside this file or into a
folder. Films left out by --without can be tried afterwards.
"""

import argparse
import csv
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier
from synthetic import HEIGHT, WIDTH, Clip, camera_moves, make_sequence

from artgen.shots.cuts import CUT_FEATURES, measure_cuts
from artgen.shots.finding import CONTEXT_FRAMES, CORE_FRAMES
from artgen.shots.graduals import GRADUAL_FEATURES, compare_ends, try_stretches
from artgen.shots.likeness import measure_likeness
from artgen.shots.signatures import Signatures, join_signatures, sign_frames
from artgen.shots.slides import SLIDE_FEATURES, measure_slides
from artgen.shots.wipes import WIPE_FEATURES, measure_wipes
from artgen.video import LumaFrame, plan_segments, probe, read_luma

HERE = Path(__file__).resolve().parent
MADE_FILMS, PHOTOGRAPHS = 300, 150
CLIPS_A_FILM, CLIP_FRAMES = 50, (40, 400)  # so that no film outweighs the others
REAL_WEIGHT = 4.0  # of an example from a film against one from a made film
NEAR = 2  # frames around a gradual change in which no cut is learned
COVERS = 0.55  # intersection over union from which a stretch is an example of a gradual change
TOUCHES = 0.15  # below which it is an example of none
OFF_LINE = GRADUAL_FEATURES.index("off_line")
EASY_OFF_LINE, EASY_SHARE = 0.4, 0.15  # of the easy stretches that are no change so many are enough
MIXTURES = ("dissolve", "fade out", "fade in")  # of whole fades and wipes nothing is learned

# 1: more of it can only speak for a change; -1: against; 0: either.
CUT_DIRECTIONS = (1, 1, 1, 1, 1, -1, 1, 0, 0, 1, 1, 0, 1, 0)
GRADUAL_DIRECTIONS = (0, 1, 1, -1, -1, -1, -1, 1, 0, 0, 0, 0, -1, -1)
WIPE_DIRECTIONS = (0, 1, 1, 1, -1, -1, 1, 1, 0, -1, 1, -1, 0, 0, 0, 1)
SLIDE_DIRECTIONS = (0, 1, -1, -1, 0, 1, 1, -1, 1, -1, -1, 0, 1, 0, 0)

Change = tuple[str, int, int]
Example = tuple[NDArray[np.float32], bool, float]  # measures, answer, weight
Examples = dict[str, list[Example]]  # by the name of the trees


def main() -> None:
    """Read, mix, measure, fit, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("films", type=Path)
    parser.add_argument("labels", type=Path, nargs="+")
    parser.add_argument("--photographs", type=Path)
    parser.add_argument("--without", nargs="+", default=[])
    parser.add_argument("--into", type=Path, default=HERE)
    arguments = parser.parse_args()
    rng = np.random.default_rng(0)
    examples: Examples = {"cuts": [], "graduals": [], "wipes": [], "slides": []}
    clips: list[Clip] = []
    for name, changes in read_labels(arguments.labels).items():
        if name in arguments.without:
            continue
        run, frames = read_film(arguments.films / name)
        learn(run, changes, examples, rng, weight=REAL_WEIGHT)
        clips += list(single_shots(frames, changes))
    if arguments.photographs:
        clips += moving_photographs(rng, arguments.photographs)
    for _ in range(MADE_FILMS):
        made = make_sequence(rng, clips)
        learn(sign_clip(made.clip), list(made.changes), examples, rng, weight=1)
    fit_all(examples, arguments.into)


def moving_photographs(rng: np.random.Generator, folder: Path) -> list[Clip]:
    """Shots of a camera that moves over photographs of a folder."""
    paths = sorted(folder.rglob("*.jpg"))
    chosen = [paths[int(i)] for i in rng.permutation(len(paths))[:PHOTOGRAPHS]]
    read = (cv2.imread(str(path)) for path in chosen)
    pictures = [picture for picture in read if picture is not None and min(picture.shape[:2]) >= HEIGHT]
    return [camera_moves(rng, cv2.cvtColor(picture, cv2.COLOR_BGR2RGB)) for picture in pictures]


def fit_all(examples: Examples, folder: Path) -> None:
    """Fit the trees of each kind and write them into the folder."""
    fit(
        examples["cuts"], CUT_FEATURES, CUT_DIRECTIONS, depth=3, trees=120, leaf=20, path=folder / "cuts.json"
    )
    fit(
        examples["graduals"], GRADUAL_FEATURES, GRADUAL_DIRECTIONS, depth=4, trees=150, leaf=40,
        path=folder / "graduals.json",
    )  # fmt: skip
    fit(
        examples["wipes"],
        WIPE_FEATURES,
        WIPE_DIRECTIONS,
        depth=3,
        trees=80,
        leaf=30,
        path=folder / "wipes.json",
    )
    fit(
        examples["slides"],
        SLIDE_FEATURES,
        SLIDE_DIRECTIONS,
        depth=3,
        trees=60,
        leaf=15,
        path=folder / "slides.json",
    )


def read_labels(paths: list[Path]) -> dict[str, list[Change]]:
    """The changes of each film, in order."""
    films: dict[str, list[Change]] = {}
    for path in paths:
        with path.open() as file:
            for row in csv.DictReader(file):
                change = (row["kind"], int(row["last_frame"]), int(row["first_frame"]))
                named = films.setdefault(row["file"], [])
                if change[0] != "none":
                    named.append(change)
    return {name: sorted(changes, key=lambda change: change[1]) for name, changes in films.items()}


def read_film(path: Path) -> tuple[Signatures, Clip]:
    """A film's signatures, and its frames in the size of made films."""
    info = probe(path)
    signed: list[Signatures] = []
    luma: list[NDArray[Any]] = []
    chroma: list[NDArray[Any]] = []
    for segment in plan_segments(info, from_pts=None, to_pts=None):
        for frame in read_luma(info, segment, on_damage=print):
            signed.append(sign_frames([frame]))
            luma.append(cv2.resize(frame.luma, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA))
            half = [
                cv2.resize(plane, (WIDTH // 2, HEIGHT // 2), interpolation=cv2.INTER_AREA)
                for plane in (frame.chroma_u, frame.chroma_v)
            ]
            chroma.append(np.stack(half))
    return join_signatures(signed), Clip(path.name, np.array(luma, np.uint8), np.array(chroma, np.uint8))


def sign_clip(clip: Clip) -> Signatures:
    """Its signatures, with frame numbers for pts."""
    return sign_frames(
        LumaFrame(n, clip.luma[n], clip.chroma[n, 0], clip.chroma[n, 1]) for n in range(len(clip))
    )


def single_shots(frames: Clip, changes: list[Change]) -> Iterator[Clip]:
    """Pieces without a change, from which films are made."""
    ends = [0, *(bound for _, last, first in changes for bound in (last + 1, first)), len(frames)]
    given = 0
    for start, end in zip(ends[::2], ends[1::2], strict=True):
        if end - start >= CLIP_FRAMES[0] and given < CLIPS_A_FILM:
            given += 1
            yield frames.part(start, min(end, start + CLIP_FRAMES[1]))


def learn(
    run: Signatures, changes: list[Change], examples: Examples, rng: np.random.Generator, *, weight: float
) -> None:
    """Add the candidates of a film to the examples."""
    known = {last for kind, last, _ in changes if kind == "cut"}
    mixed = spans_of(changes, *MIXTURES)
    wiped = spans_of(changes, "wipe")
    unsure = spans_of(changes, "unsure", "fade")
    for first_frame in range(0, len(run), CORE_FRAMES):
        low = max(0, first_frame - CONTEXT_FRAMES)
        window = run.part(low, min(len(run), first_frame + CORE_FRAMES + CONTEXT_FRAMES))
        likeness = measure_likeness(window)
        at, measures = measure_cuts(window, likeness)
        for frame, row in zip(at + low, measures, strict=True):
            inside = any(last < frame < first - 1 for last, first in wiped)
            near = any(last - NEAR <= frame <= first + NEAR for last, first in mixed + wiped + unsure)
            if first_frame <= frame < first_frame + CORE_FRAMES and (inside or not near):
                examples["cuts"].append((row, int(frame) in known, weight))
        tried = try_stretches(likeness)
        answers = [
            answer(int(start), int(end), mixed, unsure, known)
            for start, end in zip(tried.start + low, tried.end + low, strict=True)
        ]
        easy = (tried.measures[:, OFF_LINE] > EASY_OFF_LINE) & (rng.random(len(answers)) > EASY_SHARE)
        kept = [i for i, given in enumerate(answers) if given is not None and (given or not easy[i])]
        rows = np.hstack([tried.measures[kept], compare_ends(window, tried.part(np.array(kept, np.intp)))])
        examples["graduals"] += [(row, bool(answers[i]), weight) for i, row in zip(kept, rows, strict=True)]
        both = {"wipes": measure_wipes(window, likeness), "slides": measure_slides(window, likeness)}
        for name, found in both.items():
            for last, first, row in zip(found.last + low, found.first + low, found.measures, strict=True):
                given = answer(int(last), int(first), wiped, unsure, known)
                if given is not None:
                    examples[name].append((row, given, weight))


def spans_of(changes: list[Change], *kinds: str) -> list[tuple[int, int]]:
    """Last and first frames of the changes of some kinds."""
    return [(last, first) for kind, last, first in changes if kind in kinds]


def answer(
    start: int, end: int, true: list[tuple[int, int]], unsure: list[tuple[int, int]], cuts: set[int]
) -> bool | None:
    """Whether the stretch is one of the true ones; None where nothing is to be learned."""
    if any(min(end, first) > max(start, last) for last, first in unsure):
        return None
    given: bool | None = False
    for last, first in true:
        shared = min(end, first) - max(start, last)
        share = max(0, shared) / (max(end, first) - min(start, last))
        holds = start <= last and end >= first
        if share >= COVERS or (holds and share > 0.4):
            return None if any(start < cut < end - 1 for cut in cuts) else True
        if share > TOUCHES or 2 * shared >= end - start:
            given = None
    return given


def fit(
    examples: list[Example], features: tuple[str, ...], directions: tuple[int, ...], *, depth: int, trees: int, leaf: int,
    path: Path,
) -> None:  # fmt: skip
    """Fit boosted trees and write them as artgen.shots.trees reads them."""
    measures = np.array([row for row, _, _ in examples])
    answers = np.array([given for _, given, _ in examples])
    weights = np.array([weight for _, _, weight in examples]) * np.where(answers, 1.0, 2.0)
    model = HistGradientBoostingClassifier(
        max_depth=depth, max_iter=trees, learning_rate=0.1, l2_regularization=2.0, min_samples_leaf=leaf, max_bins=63,
        monotonic_cst=directions, early_stopping=False, random_state=0,
    )  # fmt: skip
    model.fit(measures, answers, sample_weight=weights)
    wrong = (model.predict(measures) != answers).sum()
    sys.stderr.write(f"{path.name}: {answers.sum()} of {len(answers)} are changes, {wrong} learned wrongly\n")
    written = {
        "features": features,
        "bias": float(np.ravel(model._baseline_prediction)[0]),
        "depth": depth,
        "trees": [_tree(predictor.nodes) for (predictor,) in model._predictors],
    }
    path.write_text(json.dumps(written, separators=(",", ":")) + "\n")


def _tree(nodes: NDArray[Any]) -> dict[str, list[float]]:
    leaf, own = nodes["is_leaf"].astype(bool), np.arange(len(nodes))
    return {
        "feature": np.where(leaf, 0, nodes["feature_idx"]).tolist(),
        "threshold": [float(np.float32(value)) for value in np.where(leaf, 0.0, nodes["num_threshold"])],
        "left": np.where(leaf, own, nodes["left"]).tolist(),
        "right": np.where(leaf, own, nodes["right"]).tolist(),
        "value": [round(float(value), 5) for value in np.where(leaf, nodes["value"], 0.0)],
    }


if __name__ == "__main__":
    main()
