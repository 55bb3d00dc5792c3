"""How well people are told apart and named: B-cubed grouping and naming from five reference photographs.

python benchmarks/people_accuracy.py FACES [--yunet FILE | --faces dlib]

FACES holds one folder a person with photographs of only them, cut close (as ../shared/media/faces).
"""

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from artgen.people import (
    Actor,
    Cast,
    DetectorSource,
    describe_faces,
    find_detector,
    group_faces,
    load_detector,
    load_identifier,
    name_people,
)
from artgen.people.likeness import likeness
from artgen.pictures import load_picture
from artgen.records import Face, Person, Portrait

ROUNDS, REFERENCES, KNOWN = 60, 5, 0.5
SPLITS, AIM = 60, 0.005
BOX = (0.0, 0.0, 1.0, 1.0)
SOME_LANDMARKS = ((0.0, 0.0),) * 3


def read_faces(
    folder: Path, source: DetectorSource
) -> tuple[NDArray[np.float32], list[float], list[str], int]:
    """Vectors (n, 128), qualities and owners of the faces found, and in how many photographs none was."""
    detector, identifier = load_detector(source), load_identifier()
    vectors, qualities, owners, missed = [], [], [], 0
    for path in sorted(folder.glob("*/*.jpg")):
        photo = load_picture(path)
        room = photo.shape[0] // 2  # the photographs are cut so close that hair and chin are missing
        picture = np.pad(photo, ((room, room), (room, room), (0, 0)), mode="edge")
        found = sorted(detector.detect(picture), key=lambda face: face.box[0] - face.box[2])[:1]
        if not found:
            missed += 1
            continue
        vectors.append(identifier.vectors(picture, found)[0])
        qualities.append(describe_faces(path.stem, picture, found)[0].quality)
        owners.append(path.parent.name)
    return np.stack(vectors), qualities, owners, missed


def b_cubed(owners: NDArray[np.str_], groups: NDArray[np.int_]) -> tuple[float, float, float]:
    """B-cubed precision, recall and F (Bagga and Baldwin 1998); a face of no group stands alone."""
    groups = np.where(groups < 0, np.arange(len(groups)) + groups.max() + 1, groups)
    same_group, same_owner = groups[:, None] == groups, owners[:, None] == owners
    both = (same_group & same_owner).sum(1)
    precision, recall = float((both / same_group.sum(1)).mean()), float((both / same_owner.sum(1)).mean())
    return precision, recall, 2 * precision * recall / (precision + recall)


def grouping_spread(vectors: NDArray[np.float32], qualities: list[float], owners: list[str]) -> None:
    """Print B-cubed over all people and over random halves of them."""
    names, all_owners, quality = sorted(set(owners)), np.array(owners), np.array(qualities)
    rng = np.random.default_rng(0)
    scores = []
    for part in [names, *(rng.permutation(names)[: len(names) // 2] for _ in range(20))]:
        own = np.isin(all_owners, part)
        stills = [str(i) for i in np.flatnonzero(own)]
        groups = np.array(group_faces(vectors[own], quality[own].tolist(), stills))
        scores.append(b_cubed(all_owners[own], groups))
    precision, recall, f = scores[0]
    halves = sorted(score[2] for score in scores[1:])
    print(f"grouping, {len(names)} people: B-cubed precision {precision:.3f}, recall {recall:.3f}, F {f:.3f}")
    print(f"grouping, 20 random halves: F {halves[0]:.3f} to {halves[-1]:.3f}, median {halves[10]:.3f}")


def naming(vectors: NDArray[np.float32], owners: list[str], *, faces_a_person: int) -> None:
    """Print how often people of so many faces get the right name, a wrong one, none; and how often strangers do."""
    names, all_owners = sorted(set(owners)), np.array(owners)
    rng = np.random.default_rng(0)
    counts = {"right": 0, "wrong": 0, "none": 0, "stranger named": 0, "stranger unknown": 0}
    for _ in range(ROUNDS):
        order = rng.permutation(names)
        known = set(order[: int(len(names) * KNOWN)].tolist())
        rest: dict[str, NDArray[np.int_]] = {}
        actors = []
        for name in names:
            own = rng.permutation(np.flatnonzero(all_owners == name))
            rest[name] = own[REFERENCES:]
            if name in known:
                actors.append(Actor(name, vectors[own[:REFERENCES]]))
        for name, own in rest.items():
            for start in range(0, len(own) - faces_a_person + 1, faces_a_person):
                chosen = own[start : start + faces_a_person]
                faces = [
                    Face(
                        str(i),
                        str(i),
                        BOX,
                        1.0,
                        SOME_LANDMARKS,
                        None,
                        None,
                        None,
                        None,
                        None,
                        1.0,
                        person="p",
                    )
                    for i in chosen
                ]
                person = Person("p", None, 1, 1, 0.0, 0.0, 0.0, Portrait("0", BOX))
                (named,) = name_people([person], faces, vectors[chosen], Cast(tuple(actors)))
                if name in known:
                    counts["none" if named.name is None else "right" if named.name == name else "wrong"] += 1
                else:
                    counts["stranger unknown" if named.name is None else "stranger named"] += 1
    seen = counts["right"] + counts["wrong"] + counts["none"]
    strangers = counts["stranger named"] + counts["stranger unknown"]
    print(
        f"naming, {faces_a_person} faces a person: right {counts['right'] / seen:.1%}, wrong "
        f"{counts['wrong'] / seen:.1%}, unknown {counts['none'] / seen:.1%} of {seen}; "
        f"strangers named {counts['stranger named'] / strangers:.1%} of {strangers}"
    )


@dataclass(frozen=True, slots=True)
class Draw:
    """Faces alone against a cast of half the people: whose each is, how alike the nearest actor is, and who it is.

    Strangers are those who are not in `cast`.
    """

    owners: NDArray[np.str_]
    likeness: NDArray[np.float64]
    nearest: NDArray[np.str_]
    cast: NDArray[np.str_]

    def right(self, bound: float) -> NDArray[np.bool_]:
        """For each face of somebody in the cast, whether it gets the right name."""
        known = np.isin(self.owners, self.cast)
        return (self.nearest == self.owners)[known] & (self.likeness >= bound)[known]

    def strangers(self) -> NDArray[np.float64]:
        """How alike each stranger's face is to the actor nearest."""
        return self.likeness[~np.isin(self.owners, self.cast)]

    def only(self, people: NDArray[np.str_]) -> "Draw":
        """The faces of these people alone, against the same cast."""
        chosen = np.isin(self.owners, people)
        return Draw(self.owners[chosen], self.likeness[chosen], self.nearest[chosen], self.cast)


def draw_faces(
    vectors: NDArray[np.float32], owners: NDArray[np.str_], people: NDArray[np.str_], rng: np.random.Generator
) -> Draw:
    """Make a cast of half of these people and look at every photograph of them that is no reference."""
    cast = np.sort(rng.permutation(people)[: int(len(people) * KNOWN)])
    order = {name: rng.permutation(np.flatnonzero(owners == name)) for name in people}
    means = np.stack([vectors[order[name][:REFERENCES]].mean(axis=0) for name in cast])
    rest = np.concatenate([order[name][REFERENCES:] for name in people])
    found = np.stack([likeness(vectors[i], 1, means, np.full(len(cast), REFERENCES)) for i in rest])
    return Draw(owners[rest], found.max(axis=1), cast[found.argmax(axis=1)], cast)


def held_out(vectors: NDArray[np.float32], owners: list[str], measure: str, *, halves: bool) -> None:
    """Print how single faces of people are named by a bound that was chosen without them.

    The bound is what so many strangers among the other people reach as `AIM` says. Held out is half of the people,
    who then are cast and strangers among themselves, or one after the other, among all.
    """
    all_owners, names = np.array(owners), np.unique(owners)
    rng = np.random.default_rng(0)
    among_all = [draw_faces(vectors, all_owners, names, rng) for _ in range(ROUNDS)]
    right, named = [], []
    for split in range(SPLITS):
        order = rng.permutation(names) if halves else np.roll(names, split)
        size = len(names) // 2 if halves else 1
        out, others = order[:size], order[size:]
        chosen_on = [draw_faces(vectors, all_owners, others, rng) for _ in range(ROUNDS // 3)]
        bound = float(np.quantile(np.concatenate([draw.strangers() for draw in chosen_on]), 1 - AIM))
        if halves:
            tests = [draw_faces(vectors, all_owners, out, rng) for _ in range(ROUNDS // 3)]
        else:
            tests = [draw.only(out) for draw in among_all]
        right.append(np.concatenate([draw.right(bound) for draw in tests]).mean())
        named.append((np.concatenate([draw.strangers() for draw in tests]) >= bound).mean())
    print(
        f"{measure}, bound chosen without {'half' if halves else 'one'} of the people: of these right "
        f"{np.mean(right):.1%}, strangers named {np.mean(named):.1%}"
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--yunet", type=Path, help="YuNet's weights; without them artgen's own detector")
    parser.add_argument("--faces", choices=("artgen", "dlib"), default="artgen")
    options = parser.parse_args()
    source = DetectorSource("yunet", options.yunet) if options.yunet else find_detector(options.faces)
    vectors, qualities, owners, missed = read_faces(options.folder, source)
    print(f"{len(owners)} faces found, {missed} photographs without one")
    grouping_spread(vectors, qualities, owners)
    for count in (1, 3, 5):
        naming(vectors, owners, faces_a_person=count)
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    for halves in (False, True):
        held_out(vectors, owners, "likeness", halves=halves)
        held_out(unit, owners, "cosine", halves=halves)


if __name__ == "__main__":
    main()
