"""What export reads of a tagged frames folder, checked."""

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from artgen.artwork import Candidate, gather_candidates
from artgen.errors import InputError, machine_faults
from artgen.folder import FramesFolder, read_json, read_lines, read_title
from artgen.pictures import load_picture
from artgen.records import FRAMES_FORMAT, Composition, Face, Person, Scene, Still, Tag, Tagging, Title

STILL_ID = re.compile(r"[0-9]{2,4}h[0-9]{2}m[0-9]{2}\.[0-9]{3}s(-[0-9]{1,6})?")


@dataclass(frozen=True, slots=True, eq=False)
class TaggedFrames:
    """A tagged frames folder. `dim` is the length of its CLIP vectors, `size` the stills' (width, height)."""

    folder: FramesFolder
    title: Title
    tagging: Tagging
    people: list[Person]
    candidates: list[Candidate]
    dim: int

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of every still: those of the active picture."""
        x1, y1, x2, y2 = self.title.active_picture
        return x2 - x1, y2 - y1

    @property
    def commercial(self) -> bool:
        """True when it was tagged without networks whose license allows no commercial use: export does without, too."""
        return self.tagging.settings.get("commercial") is True

    def picture(self, candidate: Candidate) -> NDArray[np.uint8]:
        """A still's picture, (height, width, 3) sRGB.

        Raises:
            InputError: it is missing, damaged or of another size.
        """
        return load_picture(self.folder.root / str(candidate.still.file), size=self.size)


def find_frames(catalog: Path, frames: Path | None) -> Path:
    """The frames folder of a catalog: the one named, else the one beside it, else "frames"."""
    beside = catalog.parent / "frames"
    return frames or (beside if beside.is_dir() else Path("frames"))


def read_tagged_frames(frames: Path) -> TaggedFrames:
    """Read everything tag left; the pictures are not opened yet.

    Raises:
        InputError: the folder is not extracted, not tagged, half written, of a newer format, tagged for
            another film, or one of its files is not what artgen writes.
    """
    folder = FramesFolder(frames)
    title = read_title(folder)
    tagging = _read_tagging(folder, title)
    stills = read_lines(folder.stills, Still)
    _check_stills(folder, stills)
    models = {model.id for model in tagging.models if model.role == "clip"}
    vectors = read_vectors(folder.embeddings, models=models)
    people = read_json(folder.people, list[Person])
    active = title.active_picture
    candidates = gather_candidates(
        stills,
        faces=read_lines(folder.faces, Face),
        compositions=read_lines(folder.composition, Composition),
        tags=read_lines(folder.tags, Tag),
        vectors=vectors,
        scenes=read_lines(folder.scenes, Scene),
        height=active[3] - active[1],
    )
    dim = max((len(vector) for vector in vectors.values()), default=0)
    return TaggedFrames(folder, title, tagging, people, candidates, dim)


def read_vectors(path: Path, *, models: set[str]) -> dict[str, NDArray[np.float32]]:
    """The CLIP vector of each still, (d,) float32, from embeddings.parquet.

    Args:
        path: the file, with columns still, model and vector.
        models: ids to take where the file holds several models; all rows where none of them is in it.

    Raises:
        InputError: it is missing, no Parquet, without those columns, or not finite.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with machine_faults(path):
            table = pq.read_table(path, columns=["still", "model", "vector"])
        stills, used = table["still"].to_pylist(), table["model"].to_pylist()
        column = table["vector"].combine_chunks()
        flat = np.asarray(column.flatten().to_numpy(zero_copy_only=False), dtype=np.float32)
        rows = flat.reshape(len(stills), -1) if stills else np.zeros((0, 0), np.float32)
    except FileNotFoundError as fault:
        raise InputError(f"{path} is missing; run artgen tag again with --overwrite.") from fault
    except (pa.ArrowException, OSError, ValueError, TypeError, AttributeError) as fault:
        raise InputError(
            f"{path} is damaged or no Parquet file of artgen ({fault}); tag again with --overwrite."
        ) from fault
    if not np.isfinite(rows).all() or any(not isinstance(still, str) for still in stills):
        raise InputError(f"{path} holds vectors that are not finite; run artgen tag again with --overwrite.")
    wanted = models & set(used)
    return {
        still: row
        for still, model, row in zip(stills, used, rows, strict=True)
        if not wanted or model in wanted
    }


def _read_tagging(folder: FramesFolder, title: Title) -> Tagging:
    if not folder.tagging.exists():
        state = "half tagged" if (folder.journal / "tag").exists() else "not tagged yet"
        raise InputError(f"{folder.root} is {state}; run artgen tag {folder.root} first.")
    tagging = read_json(folder.tagging, Tagging)
    if tagging.format > FRAMES_FORMAT:
        raise InputError(
            f"{folder.tagging} has format {tagging.format}, this artgen reads up to {FRAMES_FORMAT}; update artgen."
        )
    if tagging.film_sha256 != title.film.sha256:
        raise InputError(
            f"{folder.root} was tagged for another film than {title.film.name}; run artgen tag with --overwrite."
        )
    return tagging


def _check_stills(folder: FramesFolder, stills: list[Still]) -> None:
    """Ids and files become paths, so they are held to the form artgen writes."""
    for number, still in enumerate(stills, 1):
        where = f"{folder.stills} line {number}"
        if not STILL_ID.fullmatch(still.id):
            raise InputError(f"{where} has the id {still.id!r}, which artgen does not write; extract again.")
        if still.file is not None and still.file != f"stills/{Path(still.file).name}":
            raise InputError(
                f"{where} names the file {still.file!r}, which is not in stills/; extract again."
            )
