"""Looking at every still: faces and composition, side by side over the cores, kept in the journal.

A still is decoded here and nowhere else in tag: what the CLIP model sees of it is kept as well, a square of about
150 KB, until the stage is done.
"""

import threading
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from artgen.clip import Encoder
from artgen.composition import TextDetector, compose, load_text_detector
from artgen.errors import InputError
from artgen.folder import FramesFolder, read_json, write_array, write_json
from artgen.people import (
    DetectorSource,
    FaceDetector,
    Identifier,
    describe_faces,
    load_detector,
    load_identifier,
)
from artgen.pictures import load_picture
from artgen.progress import Progress
from artgen.records import Composition, Face, Still
from artgen.tag.detectors import STATES, SUBJECTS
from artgen.work import work_through

STILLS_A_BATCH = 8  # a kill loses at most so many, a second of work


@dataclass(frozen=True, slots=True)
class Looked:
    """What was seen; `vectors` has the identity vector of each face, (faces, d), `files` what squares_of reads."""

    faces: list[Face]
    vectors: NDArray[np.float32]
    compositions: list[Composition]
    left_out: list[str]
    files: list[Path]


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
    detector: DetectorSource,
    encoder: Encoder,
    text_network: Path | None,
    skipped: Collection[str],
    workers: int,
    progress: Progress,
) -> Looked:
    """Find faces, measure composition and keep the model's square of every still; one that cannot be read is left out.

    Args:
        stills: the kept ones.
        folder: where their pictures lie.
        size: (width, height) every picture must have.
        detector: which one finds the faces.
        encoder: whose squares to keep.
        text_network: the text detector's weights; None for artgen's own.
        skipped: ids of networks to do without; see detectors.networks_to_skip.
        workers: threads.
        progress: who watches.
    """
    tools = _Tools(detector, load_identifier(), encoder, load_text_detector(text_network), skipped)
    # A detector that was fetched since a run was cut short begins anew: no title is seen half by one, half by another.
    seen_by = f"{detector.name}-{tools.lettering.name}-{encoder.sees}"
    into = folder.journal / "tag" / f"looked-{seen_by}"
    batches = [stills[i : i + STILLS_A_BATCH] for i in range(0, len(stills), STILLS_A_BATCH)]
    files = [into / f"{number:06d}.json" for number in range(len(batches))]
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
        files=[_squares_beside(file) for file in files],
    )


def squares_of(files: Sequence[Path]) -> Iterator[NDArray[np.uint8]]:
    """The square of every still that has a composition, (size, size, 3), in their order; a file is read when needed."""
    for file in files:
        yield from np.load(file, allow_pickle=False)


def _squares_beside(file: Path) -> Path:
    return file.with_name(f"{file.stem}-squares.npy")


class _Tools(threading.local):
    """A face detector for each thread, which may not be shared; the rest is all threads'."""

    def __init__(
        self,
        detector: DetectorSource,
        identifier: Identifier,
        encoder: Encoder,
        lettering: TextDetector,
        skipped: Collection[str],
    ) -> None:
        self.detector: FaceDetector = load_detector(detector)
        self.identifier = identifier
        self.encoder = encoder
        self.lettering = lettering
        self.states, self.subjects = STATES not in skipped, SUBJECTS not in skipped


def _look_at_batch(
    batch: Sequence[Still], file: Path, folder: FramesFolder, size: tuple[int, int], tools: _Tools
) -> None:
    faces: list[Face] = []
    vectors: list[NDArray[np.float32]] = []
    squares: list[NDArray[np.uint8]] = []
    compositions: list[Composition] = []
    left_out: list[str] = []
    for still in batch:
        try:
            picture = load_picture(folder.root / str(still.file), size=size)
        except InputError as fault:
            left_out.append(str(fault))
            continue
        detections = tools.detector.detect(picture)
        found = describe_faces(still.id, picture, detections, states=tools.states)
        vectors.append(tools.identifier.vectors(picture, detections))
        squares.append(tools.encoder.square(picture))
        compositions.append(
            compose(still.id, picture, faces=found, lettering=tools.lettering, subjects=tools.subjects)
        )
        faces += found
    rows = np.concatenate(vectors) if vectors else np.zeros((0, 128), np.float32)
    write_array(file.with_suffix(".npy"), rows)
    write_array(_squares_beside(file), np.array(squares, np.uint8))
    write_json(file, _Batch(faces, compositions, left_out))
