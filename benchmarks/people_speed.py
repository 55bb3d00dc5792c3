"""What an identity vector costs beside dlib's own run of the same network, and how far the two differ.

python benchmarks/people_speed.py FACES

FACES holds one folder a person with photographs of only them (as ../shared/media/faces); two of each are taken.
Times are of the processor (all cores together), the best of five, side by side.
"""

import argparse
import time
from collections.abc import Callable
from pathlib import Path

import dlib
import numpy as np
from numpy.typing import NDArray

from artgen.people import Detection, DetectorSource, load_detector, load_identifier
from artgen.people.alignment import align_face
from artgen.people.dlib_files import VECTORS_FILE, need_dlib_file
from artgen.pictures import load_picture

TRIES = 5


def read_faces(folder: Path) -> list[tuple[NDArray[np.uint8], Detection]]:
    """Photographs with room around them, and the largest face in each."""
    detector = load_detector(DetectorSource("dlib"))
    faces = []
    for person in sorted(path for path in folder.iterdir() if path.is_dir()):
        for path in sorted(person.glob("*.jpg"))[:2]:
            photo = load_picture(path)
            room = photo.shape[0] // 2
            picture = np.pad(photo, ((room, room), (room, room), (0, 0)), mode="edge")
            faces += [(picture, detection) for detection in detector.detect(picture)[:1]]
    return faces


def milliseconds(work: Callable[[], object]) -> float:
    """Processor time of one call, the least of several."""
    spent = []
    for _ in range(TRIES):
        began = time.process_time()
        work()
        spent.append(time.process_time() - began)
    return 1000 * min(spent)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("faces", type=Path)
    faces = read_faces(parser.parse_args().faces)
    began = time.process_time()
    identifier = load_identifier()
    print(f"loading {1000 * (time.process_time() - began):.0f} ms")
    theirs = dlib.face_recognition_model_v1(str(need_dlib_file(VECTORS_FILE)))

    def by_dlib() -> NDArray[np.float64]:
        chips = [align_face(picture, face) for picture, face in faces]
        mirrored = [np.ascontiguousarray(chip[:, ::-1]) for chip in chips]
        found = np.array(theirs.compute_face_descriptor(chips + mirrored, 0))
        return (found[: len(chips)] + found[len(chips) :]) / 2

    def by_artgen() -> NDArray[np.float32]:
        return np.concatenate([identifier.vectors(picture, [face]) for picture, face in faces])

    difference = float(np.abs(by_dlib() - by_artgen()).max())
    dlib_ms, artgen_ms = (milliseconds(work) / len(faces) for work in (by_dlib, by_artgen))
    print(
        f"{len(faces)} faces: dlib {dlib_ms:.1f} ms a face, artgen {artgen_ms:.1f} ms, {dlib_ms / artgen_ms:.1f} "
        f"times faster; vectors differ by {difference:.1e} at most"
    )


if __name__ == "__main__":
    main()
