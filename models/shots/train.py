"""Train the trees that judge changes of shot: python train.py FILMS LABELS.csv [LABELS.csv ...]

FILMS is a folder of films; a label file has the columns file, kind, last_frame, first_frame (counted from 0), is
complete for the films it names, and besides "cut", "dissolve", "fade" and "wipe" has the kinds "fade out" and "fade
in" for the halves of a fade, "unsure" for stretches that nothing is to be learned from, and "none" for a film of one
shot. Films
are signed, made films are mixed from their labeled shots (synthetic.py), candidates of both are measured as artgen
measures them, and boosted trees are fitted whose answers may only rise or fall with most measures. Writes cuts.json
and graduals.json beside this file.
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
from synthetic import HEIGHT, WIDTH, Clip, make_sequence

from artgen.shots.cuts import CUT_FEATURES, measure_cuts
from artgen.shots.finding import CONTEXT_FRAMES, CORE_FRAMES
from artgen.shots.graduals import GRADUAL_FEATURES, measure_graduals
from artgen.shots.signatures import Signatures, join_signatures, sign_frames
from artgen.video import LumaFrame, plan_segments, probe, read_luma

HERE = Path(__file__).resolve().parent
MADE_FILMS = 160
CLIPS_A_FILM, CLIP_FRAMES = 50, (40, 400)  # so that no film outweighs the others
NEAR = 2  # frames around a gradual change in which no cut is learned
COVERS = 0.55  # intersection over union from which a stretch is an example of a gradual change
TOUCHES = 0.15  # below which it is an example of none
OFF_LINE = GRADUAL_FEATURES.index("off_line")
EASY_OFF_LINE, EASY_SHARE = 0.45, 0.3  # of the easy stretches that are no change so many are enough
MIXTURES = ("dissolve", "fade out", "fade in")  # of whole fades and wipes nothing is learned

# 1: more of it can only speak for a change; -1: against; 0: either.
CUT_DIRECTIONS = (1, 1, 1, 1, 1, -1, 1, 0, 0, 1, 1, 0, 1, 0)
GRADUAL_DIRECTIONS = (0, 1, 1, -1, -1, -1, -1, 1, 0, 0, 0, 0, -1, -1)

Change = tuple[str, int, int]
Examples = tuple[list[NDArray[np.float32]], list[bool]]


def main() -> None:
    """Read, mix, measure, fit, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("films", type=Path)
    parser.add_argument("labels", type=Path, nargs="+")
    arguments = parser.parse_args()
    rng = np.random.default_rng(0)
    cuts: Examples = ([], [])
    graduals: Examples = ([], [])
    clips: list[Clip] = []
    for name, changes in read_labels(arguments.labels).items():
        run, frames = read_film(arguments.films / name)
        learn(run, changes, cuts, graduals, rng)
        clips += list(single_shots(frames, changes))
    for _ in range(MADE_FILMS):
        made = make_sequence(rng, clips)
        learn(sign_clip(made.clip), list(made.changes), cuts, graduals, rng)
    fit(cuts, CUT_FEATURES, CUT_DIRECTIONS, depth=3, trees=90, leaf=8, path=HERE / "cuts.json")
    fit(
        graduals,
        GRADUAL_FEATURES,
        GRADUAL_DIRECTIONS,
        depth=4,
        trees=150,
        leaf=20,
        path=HERE / "graduals.json",
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
    run: Signatures, changes: list[Change], cuts: Examples, graduals: Examples, rng: np.random.Generator
) -> None:
    """Add the candidates of a film to the examples."""
    slow = [(last, first) for kind, last, first in changes if kind != "cut"]
    known = {last for kind, last, _ in changes if kind == "cut"}
    at, measures = measure_cuts(run)
    for frame, row in zip(at, measures, strict=True):
        if not any(last - NEAR <= frame <= first + NEAR for last, first in slow):
            cuts[0].append(row)
            cuts[1].append(int(frame) in known)
    true = [(last, first) for kind, last, first in changes if kind in MIXTURES]
    unsure = [(last, first) for kind, last, first in changes if kind not in (*MIXTURES, "cut")]
    for first_frame in range(0, len(run), CORE_FRAMES):
        low = max(0, first_frame - CONTEXT_FRAMES)
        window = run.part(low, min(len(run), first_frame + CORE_FRAMES + CONTEXT_FRAMES))
        _, tried = measure_graduals(window)
        for start, end, row in zip(tried.start + low, tried.end + low, tried.measures, strict=True):
            answer = _answer(int(start), int(end), true, unsure, known)
            easy = answer is False and row[OFF_LINE] > EASY_OFF_LINE and rng.random() > EASY_SHARE
            if answer is not None and not easy:
                graduals[0].append(row)
                graduals[1].append(answer)


def _answer(
    start: int, end: int, true: list[tuple[int, int]], unsure: list[tuple[int, int]], cuts: set[int]
) -> bool | None:
    """Whether the stretch is a gradual change; None where nothing is to be learned."""
    if any(min(end, first) > max(start, last) for last, first in unsure):
        return None
    answer: bool | None = False
    for last, first in true:
        shared = min(end, first) - max(start, last)
        share = max(0, shared) / (max(end, first) - min(start, last))
        holds = start <= last and end >= first
        if share >= COVERS or (holds and share > 0.4):
            return None if any(start < cut < end - 1 for cut in cuts) else True
        if share > TOUCHES or 2 * shared >= end - start:
            answer = None
    return answer


def fit(
    examples: Examples, features: tuple[str, ...], directions: tuple[int, ...], *, depth: int, trees: int, leaf: int,
    path: Path,
) -> None:  # fmt: skip
    """Fit boosted trees and write them as artgen.shots.trees reads them."""
    measures, answers = np.array(examples[0]), np.array(examples[1])
    model = HistGradientBoostingClassifier(
        max_depth=depth, max_iter=trees, learning_rate=0.1, l2_regularization=2.0, min_samples_leaf=leaf, max_bins=63,
        monotonic_cst=directions, early_stopping=False, random_state=0,
    )  # fmt: skip
    model.fit(measures, answers, sample_weight=np.where(answers, 1.0, 2.0))
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
