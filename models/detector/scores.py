"""From which score on a face counts: python scores.py WORK --yunet FILE [--own FILE]

Looks at pictures that find_faces.py kept back ("check"), enlarged to the size of a film, and prints for several least scores
how many of YuNet's faces the detector finds and how many others, for faces and for small ones. What was chosen stands in
artgen/people/detect.py.
"""

import argparse
from pathlib import Path

import cv2
import numpy as np
from views import read_sources

from artgen.people import Detection, DetectorSource, load_detector
from artgen.people.detect import SMALL_FACE, DenseDetector
from artgen.records import intersection_over_union

PICTURES, SIDE = 900, 800
SCORES = (0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75)
SAME, NEAR = 0.5, 0.3


def main() -> None:
    """Look, count, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("work", type=Path)
    parser.add_argument("--yunet", type=Path, required=True)
    parser.add_argument("--own", type=Path, default=Path(__file__).with_name("detector.onnx"))
    asked = parser.parse_args()
    cv2.setNumThreads(1)
    teacher = load_detector(DetectorSource("yunet", asked.yunet))
    own = DenseDetector("artgen", asked.own, least_scores=(SCORES[0], SCORES[0]), looks_twice=False)
    pairs: list[tuple[int, list[Detection], list[Detection]]] = []
    sources = [source for kind in read_sources(asked.work, "check") for source in kind]
    for number in np.random.default_rng(0).permutation(len(sources))[:PICTURES]:
        picture = cv2.imread(str(sources[number].path))
        scale = SIDE / max(picture.shape[:2])
        shown = np.asarray(cv2.resize(picture, None, fx=scale, fy=scale)[..., ::-1], np.uint8)
        pairs.append((shown.shape[0], teacher.detect(shown), own.detect(shown)))
    for small in (False, True):
        print("small faces" if small else "faces")
        for score in SCORES:
            print(f"  from {score:.2f}: {counted(pairs, score, small=small)}")


def counted(pairs: list[tuple[int, list[Detection], list[Detection]]], score: float, *, small: bool) -> str:
    """How many of the teacher's faces are found from a score on, and how many others."""
    found = taught = others = 0
    for height, faces, have in pairs:

        def is_meant(face: Detection, height: int = height) -> bool:
            return (face.box[3] - face.box[1] <= SMALL_FACE * height) == small

        enough = [face for face in have if face.score >= score]
        for face in filter(is_meant, faces):
            taught += 1
            found += any(intersection_over_union(face.box, other.box) >= SAME for other in enough)
        for face in filter(is_meant, enough):
            others += all(intersection_over_union(face.box, other.box) < NEAR for other in faces)
    return f"{found} of {taught} ({found / max(1, taught):.1%}), {others} others"


if __name__ == "__main__":
    main()
