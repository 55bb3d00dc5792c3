"""The order of tag's work, from a frames folder to an annotated one."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from artgen import __version__
from artgen.clip import Encoder, find_checkpoint, load_encoder
from artgen.composition import UNKNOWN_SCALE, color_shares, scale_at
from artgen.folder import FramesFolder, held, read_json, read_lines, read_title, write_json, write_lines
from artgen.machine import core_count, is_offline, model_folders
from artgen.people import (
    Cast,
    DetectorSource,
    find_detector,
    group_faces,
    load_detector,
    load_identifier,
    name_people,
    rank_people,
    read_cast,
)
from artgen.progress import Progress
from artgen.records import (
    FRAMES_FORMAT,
    Composition,
    Face,
    ModelUsed,
    Person,
    Scene,
    Shot,
    Still,
    Tag,
    Tagging,
    Title,
)
from artgen.tag.detectors import find_text_network, networks_to_skip, networks_used
from artgen.tag.embedding import embed_stills
from artgen.tag.looking import Looked, look_at_stills, squares_of
from artgen.tag.settings import Plan, TagSettings, begin_tagging, finished_tagging, plan_for
from artgen.tag.vectors import write_vectors
from artgen.tags import (
    CARD_LETTERING,
    Vocabulary,
    camera_distances,
    group_scenes,
    load_vocabulary,
    observe,
    tag_stills,
)

SURE = 0.5  # a tag below even odds leads nothing


@dataclass(frozen=True, slots=True)
class Tagged:
    """What a run of tag came to. `top_tags` counts the stills a tag leads in its group; see Tagging for the rest."""

    frames_folder: str
    stills: int
    faces: int
    people: list[Person]
    scenes: int
    top_tags: dict[str, int]
    models: list[ModelUsed]
    left_out: list[str]
    models_left_out: list[str]
    already_done: bool


def tag_frames(
    frames: Path,
    *,
    settings: TagSettings,
    progress: Progress,
    overwrite: bool = False,
    resume: bool = True,
    workers: int | None = None,
) -> Tagged:
    """Annotate the stills of a frames folder; a run that was cut short goes on where it was.

    A still that cannot be read is left out and named in `left_out`.

    Raises:
        InputError: the folder, the vocabulary or the cast is at fault, or tagged otherwise before.
        ModelError: a model is missing or broken.
        MachineError: disk, memory or permission; nothing done is lost.
    """
    folder = FramesFolder(frames)
    title = read_title(folder)
    with held(frames):
        plan = plan_for(title, settings)
        done = finished_tagging(folder, plan, overwrite=overwrite)
        if done is not None:
            progress.note(f"{frames} is tagged already; --overwrite tags it anew.")
            return _summary(folder, done, already_done=True)
        tools = _load_tools(settings, progress)  # before the plan is written: a wrong name binds nobody
        begin_tagging(folder, plan, overwrite=overwrite, resume=resume)
        tagging = _tag(folder, title, plan, tools, progress=progress, workers=workers or core_count())
    return _summary(folder, tagging, already_done=False)


def check_settings(settings: TagSettings, *, progress: Progress) -> None:
    """Try all that the settings name, and fetch the CLIP model if need be: a fault is told before long work.

    Raises:
        InputError: the vocabulary or the cast is at fault.
        ModelError: a model is missing, broken, or not for commercial use where that is asked for.
    """
    folders = model_folders()
    load_vocabulary(settings.vocabulary)
    _read_cast(settings, find_detector(settings.detector, folders=folders, commercial=settings.commercial))
    if settings.commercial or settings.model != "auto":  # auto takes what is here
        find_checkpoint(
            settings.model,
            offline=is_offline(),
            note=progress.note,
            progress=progress,
            folders=folders,
            commercial=settings.commercial,
        )


@dataclass(frozen=True, slots=True)
class _Tools:
    vocabulary: Vocabulary
    detector: DetectorSource
    text_network: Path | None
    cast: Cast | None
    encoder: Encoder
    skipped: dict[str, str]


def _load_tools(settings: TagSettings, progress: Progress) -> _Tools:
    folders = model_folders()
    vocabulary = load_vocabulary(settings.vocabulary)
    detector = find_detector(settings.detector, folders=folders, commercial=settings.commercial)
    cast = _read_cast(settings, detector)
    encoder = load_encoder(
        settings.model,
        device=settings.device,
        precision=settings.precision,
        offline=is_offline(),
        note=progress.note,
        progress=progress,
        folders=folders,
        commercial=settings.commercial,
    )
    skipped = networks_to_skip(detector, settings.detector, commercial=settings.commercial)
    return _Tools(vocabulary, detector, find_text_network(folders=folders), cast, encoder, skipped)


def _read_cast(settings: TagSettings, detector: DetectorSource) -> Cast | None:
    if settings.cast is None:
        return None
    return read_cast(settings.cast, load_detector(detector), load_identifier())


def _tag(
    folder: FramesFolder, title: Title, plan: Plan, tools: _Tools, *, progress: Progress, workers: int
) -> Tagging:
    stills = [still for still in read_lines(folder.stills, Still) if still.file is not None]
    looked = look_at_stills(
        stills,
        folder,
        size=picture_size(title),
        detector=tools.detector,
        encoder=tools.encoder,
        text_network=tools.text_network,
        skipped=tools.skipped,
        workers=workers,
        progress=progress,
    )
    seen = {composition.still for composition in looked.compositions}
    stills = [still for still in stills if still.id in seen]
    squares = squares_of(looked.files)
    vectors = embed_stills(squares, folder, tools.encoder, count=len(stills), progress=progress)
    _write_people(folder, looked, stills, tools.cast)
    _write_meaning(folder, looked, stills, vectors=vectors, tools=tools)
    tagging = Tagging(
        format=FRAMES_FORMAT,
        artgen=__version__,
        film_sha256=title.film.sha256,
        settings=plan.settings,
        models=(
            tools.encoder.used,
            *networks_used(tools.detector, tools.text_network, skipped=tools.skipped),
        ),
        tags=tuple(tools.vocabulary.kinds(tools.encoder.model_id)),
        left_out=tuple(looked.left_out),
        models_left_out=tuple(f"{name}: {cost}" for name, cost in tools.skipped.items()),
    )
    write_json(folder.tagging, tagging)
    folder.discard_journal("tag")
    return tagging


def picture_size(title: Title) -> tuple[int, int]:
    """(width, height) of every still: the active picture's."""
    x1, y1, x2, y2 = title.active_picture
    return x2 - x1, y2 - y1


def _write_people(folder: FramesFolder, looked: Looked, stills: Sequence[Still], cast: Cast | None) -> None:
    shots = read_lines(folder.shots, Shot)
    groups = group_faces(
        looked.vectors, [face.quality for face in looked.faces], [face.still for face in looked.faces]
    )
    faces, people = rank_people(looked.faces, groups, stills=stills, shots=shots)
    if cast is not None:
        people = name_people(people, faces, looked.vectors, cast)
    write_lines(folder.faces, faces)
    write_json(folder.people, people)
    write_vectors(folder.identities, {"face": [face.id for face in faces]}, looked.vectors.astype(np.float16))


def _write_meaning(
    folder: FramesFolder,
    looked: Looked,
    stills: Sequence[Still],
    *,
    vectors: NDArray[np.float16],
    tools: _Tools,
) -> None:
    ids = [still.id for still in stills]
    rows = vectors.astype(np.float32)
    faces: defaultdict[str, list[Face]] = defaultdict(list)
    for face in looked.faces:
        faces[face.still].append(face)
    compositions = with_scales(
        looked.compositions, camera_distances(rows, tools.encoder.texts, model_id=tools.encoder.model_id)
    )
    tags = tag_stills(
        ids,
        rows,
        tools.vocabulary,
        tools.encoder.texts,
        model_id=tools.encoder.model_id,
        observations=[observe(shown, faces[shown.still]) for shown in compositions],
    )
    write_lines(folder.composition, compositions)
    colors = [color_shares(shown.colors) for shown in compositions]
    scenes = group_scenes(read_lines(folder.shots, Shot), stills, rows, colors=colors)
    write_lines(folder.scenes, scenes)
    write_lines(folder.tags, tags)
    model = [tools.encoder.model_id] * len(ids)
    write_vectors(folder.embeddings, {"still": ids, "model": model}, vectors)


def with_scales(
    compositions: Sequence[Composition], distances: NDArray[np.float64] | None
) -> list[Composition]:
    """The compositions, with the scale that a distance says where no face did; lettering stands at none."""
    if distances is None:
        return list(compositions)
    return [
        replace(shown, shot_scale=scale_at(float(distance)))
        if shown.shot_scale == UNKNOWN_SCALE and shown.measures["text_fraction"] < CARD_LETTERING
        else shown
        for shown, distance in zip(compositions, distances, strict=True)
    ]


def _summary(folder: FramesFolder, tagging: Tagging, *, already_done: bool) -> Tagged:
    leading: dict[tuple[str, str], Tag] = {}
    for tag in read_lines(folder.tags, Tag):
        best = leading.get((tag.still, tag.group))
        if best is None or tag.score > best.score:
            leading[tag.still, tag.group] = tag
    scenes = read_lines(folder.scenes, Scene)
    return Tagged(
        frames_folder=str(folder.root),
        stills=len({still for still, _ in leading}),
        faces=len(read_lines(folder.faces, Face)),
        people=read_json(folder.people, list[Person]),
        scenes=len(scenes),
        top_tags=dict(Counter(tag.tag for tag in leading.values() if tag.score >= SURE)),
        models=list(tagging.models),
        left_out=list(tagging.left_out),
        models_left_out=list(tagging.models_left_out),
        already_done=already_done,
    )
