"""Measure faces.onnx on what it never learned from: python models/faces/evaluate.py CHIPS

Prints a Markdown table with Wilson intervals of 95 %: expressions on FER2013's test and on CK+, closed eyes and parted
lips on faces with our own labels, drawn faces refused. The networks are asked about every face, even one that artgen
would say nothing of; `silent` is the share of those.
"""

import argparse
from collections.abc import Sequence
from math import sqrt
from pathlib import Path

import numpy as np
from chips import REPEATED
from numpy.typing import NDArray
from train import EXPRESSION_OF, is_checked, read_labels, read_set

from artgen.people.expression import EXPRESSIONS, LEAST_FILMED, MOST_HIDDEN, FaceAnswers, load_reader

CLOSED = 0.3  # artgen takes eyes for shut where eyes_open is less
APART = 0.5
SETS = ("fer2013", "ck48", "faces-web", "photographs", "posters", "pacs")


def main() -> None:
    """Ask, count, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("chips", type=Path)
    chips = parser.parse_args().chips
    print("| measured on | figure |\n| --- | --- |")
    for name in SETS:
        if not (chips / f"{name}.npy").exists():
            continue
        pictures, about = read_set(chips, name)
        held = [number for number, entry in enumerate(about) if is_held_out(name, entry)]
        faces = [about[number] for number in held]
        answers = [ask(pictures[number]) for number in held]
        if name == "fer2013":
            kept = [number for number, face in enumerate(faces) if not REPEATED.search(str(face["file"]))]
            expressions(
                f"{name}, unchanged", [faces[number] for number in kept], [answers[number] for number in kept]
            )
        if name in ("fer2013", "ck48"):
            expressions(name, faces, answers)
        if name in ("posters", "pacs"):
            refusals(name, faces, answers)
        else:
            states(name, faces, answers)


def is_held_out(name: str, entry: dict[str, object]) -> bool:
    """True for what no network has learned from."""
    if name == "faces-web":
        return is_checked(str(entry["file"]))
    return entry["split"] == "heldout" or name in ("ck48", "photographs")


def ask(luma: NDArray[np.uint8]) -> FaceAnswers:
    """What the networks say of a gray chip."""
    return load_reader().look(np.repeat(np.asarray(luma)[..., None], 3, axis=2))


def expressions(name: str, faces: Sequence[dict[str, object]], answers: Sequence[FaceAnswers]) -> None:
    """Print how often the likeliest expression is the labeled one, over all and for each."""
    pairs = [
        (EXPRESSION_OF[str(face["label"])], EXPRESSIONS[int(np.argmax(answer.expression))])
        for face, answer in zip(faces, answers, strict=True)
        if face["label"] in EXPRESSION_OF
    ]
    row(f"{name}: expression right", sum(right == said for right, said in pairs), len(pairs))
    for expression in EXPRESSIONS:
        said_of = [said for right, said in pairs if right == expression]
        if said_of:
            row(f"{name}: {expression} found", sum(said == expression for said in said_of), len(said_of))
            said_so = [right for right, said in pairs if said == expression]
            row(f"{name}: called {expression}, rightly", sum(r == expression for r in said_so), len(said_so))
    row(f"{name}: silent", sum(answer.filmed < LEAST_FILMED for answer in answers), len(answers))


def states(name: str, faces: Sequence[dict[str, object]], answers: Sequence[FaceAnswers]) -> None:
    """Print precision and recall of closed eyes and of parted lips."""
    for part, state in (("eyes", "closed"), ("mouth", "open")):
        labels = read_labels(part)
        called: list[tuple[str, bool]] = []
        for face, answer in zip(faces, answers, strict=True):
            label = labels.get((name, str(face["file"]), int(str(face["face"]))))
            opened, closed, hidden = answer.eyes
            shut = hidden <= MOST_HIDDEN and opened / (opened + closed) < CLOSED
            if label in ("open", "closed"):
                called.append((label, shut if part == "eyes" else answer.lips_apart > APART))
        if not called:
            continue
        found = [said for label, said in called if label == state]
        others = [said for label, said in called if label != state]
        row(f"{name}: {part} {state}, called so", sum(found), len(found))
        row(f"{name}: {part} not {state}, called {state}", sum(others), len(others))
        row(f"{name}: called {state} ({part}), rightly", sum(found), sum(found) + sum(others))


def refusals(name: str, faces: Sequence[dict[str, object]], answers: Sequence[FaceAnswers]) -> None:
    """Print how many drawn faces nothing is said of, and how many filmed ones something."""
    for kind in sorted({str(face["label"]) for face in faces}):
        silent = [
            answer.filmed < LEAST_FILMED
            for face, answer in zip(faces, answers, strict=True)
            if face["label"] == kind
        ]
        row(f"{name}: {kind} faces refused", sum(silent), len(silent))


def row(what: str, count: int, of: int) -> None:
    """Print one line of the table."""
    if of:
        low, high = wilson(count, of)
        print(
            f"| {what} | {100 * count / of:.1f} % ({100 * abs(low):.1f} to {100 * high:.1f}), {count} of {of} |"
        )


def wilson(count: int, of: int, z: float = 1.96) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson, JASA 1927)."""
    share = count / of
    middle = (share + z * z / (2 * of)) / (1 + z * z / of)
    spread = z / (1 + z * z / of) * sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    return middle - spread, middle + spread


if __name__ == "__main__":
    main()
