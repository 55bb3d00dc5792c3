"""Looking at every still: faces and composition, side by side over the cores, kept in the journal."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from artgen.composition import compose
from artgen.errors import InputError
from artgen.folder import FramesFolder, read_json, write_array, write_json
from artgen.people import FaceDetector, Identifier, describe_faces, load_detector, load_identifier
from artgen.pictures import load_picture
from artgen.progress import Progress
from artgen.records import Composition, Face, Still
from artgen.work import work_through

STILLS_A_BATCH = 8  # a kill loses at most so many, a second of work


@dataclass(frozen=True, slots=True)
class Looked:
    """What was seen; `vectors` has the identity vector of each face, (faces, d)."""

    faces: list[Face]
    vectors: NDArray[np.float32]
    compositions: list[Composition]
    left_out: list[str]


@dataclass(frozen=True, slots=True)
class _Batch:
    faces: list[Face]
    compositions: list[Composition]
    left_out: list[str]


def look_at_stills(
    stills: Sequence[Still],
    folder: FramesFolder,
    *,
    size: tuple[int, int],
    yunet: Path | None,
    workers: int,
    progress: Progress,
) -> Looked:
    """Find faces and measure composition in every kept still; a still that cannot be read is left out.

    Args:
        stills: the kept ones.
        folder: where their pictures lie.
        size: (width, height) every picture must have.
        yunet: the YuNet detector's weights; None for dlib's.
        workers: threads.
        progress: who watches.
    """
    into = folder.journal / "tag" / "looked"
    batches = [stills[i : i + STILLS_A_BATCH] for i in range(0, len(stills), STILLS_A_BATCH)]
    files = [into / f"{number:06d}.json" for number in range(len(batches))]
    tools = _Tools(yunet, load_identifier())
    jobs = [
        partial(_look_at_batch, batch, file, folder, size, tools)
        for batch, file in zip(batches, files, strict=True)
        if not file.exists()
    ]
    done = len(files) - len(jobs)
    work_through(jobs, workers=workers, label="looking at stills", done=done, progress=progress)
    seen = [read_json(file, _Batch) for file in files]
    rows = [np.load(file.with_suffix(".npy"), allow_pickle=False) for file in files]
    rows = [row for row in rows if len(row)]
    return Looked(
        faces=[face for batch in seen for face in batch.faces],
        vectors=np.concatenate(rows) if rows else np.zeros((0, 128), np.float32),
        compositions=[composition for batch in seen for composition in batch.compositions],
        left_out=[line for batch in seen for line in batch.left_out],
    )


class _Tools(threading.local):
    """A detector for each thread, which may not be shared, and the identifier of all."""

    def __init__(self, yunet: Path | None, identifier: Identifier) -> None:
        self.detector: FaceDetector = load_detector(yunet)
        self.identifier = identifier


def _look_at_batch(
    batch: Sequence[Still], file: Path, folder: FramesFolder, size: tuple[int, int], tools: _Tools
) -> None:
    faces: list[Face] = []
    vectors: list[NDArray[np.float32]] = []
    compositions: list[Composition] = []
    left_out: list[str] = []
    for still in batch:
        try:
            picture = load_picture(folder.root / str(still.file), size=size)
        except InputError as fault:
            left_out.append(str(fault))
            continue
        detections = tools.detector.detect(picture)
        found = describe_faces(still.id, picture, detections)
        vectors.append(tools.identifier.vectors(picture, detections))
        compositions.append(compose(still.id, picture, faces=found))
        faces += found
    rows = np.concatenate(vectors) if vectors else np.zeros((0, 128), np.float32)
    write_array(file.with_suffix(".npy"), rows)
    write_json(file, _Batch(faces, compositions, left_out))
