"""The order of the report's work: read, make pictures, lay out, write."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from artgen.errors import InputError, machine_faults
from artgen.folder import held, write_whole
from artgen.machine import core_count
from artgen.progress import Progress
from artgen.report.page import asset, asset_names, make_page, portrait_name, render_page
from artgen.report.pictures import FOLDER, Made, PictureJob, make_pictures
from artgen.report.source import Source, read_source
from artgen.work import work_through

INDEX = "index.html"
MARK = b'<meta name="generator" content="artgen">'
_OWN_PICTURE = re.compile(r"[\w.-]{1,100}-[0-9a-f]{10}(-large)?\.jpg")


@dataclass(frozen=True, slots=True)
class Reported:
    """What a report came to. `left_out` names pictures that could not be read, a sentence each."""

    report: str
    frames_folder: str
    stills: int
    themes: int
    variants: int
    people: int
    left_out: list[str]


def write_report(
    catalog: Path,
    *,
    frames: Path | None = None,
    out: Path | None = None,
    progress: Progress,
    overwrite: bool = False,
) -> Reported:
    """Write one folder that needs nothing else: index.html, its style and scripts, and pictures.

    What was made before is kept where its source has not changed; index.html is written last.

    Args:
        catalog: of export.
        frames: the folder it was made from; None finds the one beside the catalog.
        out: the folder to write; None is "report" beside the catalog.
        progress: who watches.
        overwrite: write into a folder that holds other things.

    Raises:
        InputError: the catalog or the frames folder is at fault, or `out` holds other things.
        MachineError: disk, memory or permission.
    """
    out = catalog.parent / "report" if out is None else out
    source = read_source(catalog, frames=frames)
    _check_place(out, overwrite=overwrite)
    with held(out):
        pictures, artwork, left_out = _make_pictures(source, out, progress)
        page = make_page(source, pictures, artwork)
        for name in asset_names():
            write_whole(out / name, asset(name).read_bytes())
        write_whole(out / INDEX, render_page(page))
        _remove_old_pictures(out, [*pictures.values(), *artwork.values()])
    return Reported(
        report=str(out / INDEX),
        frames_folder=str(source.tagged.folder.root),
        stills=len(page.stills),
        themes=len(page.themes),
        variants=len(source.catalog.variants),
        people=len(page.people),
        left_out=left_out,
    )


def _check_place(out: Path, *, overwrite: bool) -> None:
    if overwrite or not out.exists():
        return
    if not out.is_dir():
        raise InputError(f"{out} is a file; name a folder for the report.")
    with machine_faults(out):
        there = {path.name for path in out.iterdir()}
        unfinished = there <= {".lock", FOLDER, *asset_names()}  # a report that was cut short
        ours = INDEX in there and MARK in (out / INDEX).read_bytes()[:2000]
    if there and not ours and not unfinished:
        raise InputError(
            f"{out} holds something that is not a report; name another folder, or use --overwrite."
        )


def _make_pictures(
    source: Source, out: Path, progress: Progress
) -> tuple[dict[str, Made], dict[str, Made], list[str]]:
    pictures: dict[str, Made] = {}
    artwork: dict[str, Made] = {}
    faults: dict[str, str] = {}

    def job(key: str, work: PictureJob, made: dict[str, Made]) -> Callable[[], None]:
        def run() -> None:
            try:
                made[key] = make_pictures(work, out)
            except InputError as fault:
                faults[key] = str(fault)

        return run

    jobs = [job(key, work, pictures) for key, work in _still_jobs(source).items()]
    jobs += [job(key, work, artwork) for key, work in _artwork_jobs(source).items()]
    work_through(jobs, workers=core_count(), label="making pictures", done=0, progress=progress)
    return pictures, artwork, [faults[key] for key in sorted(faults)]


def _still_jobs(source: Source) -> dict[str, PictureJob]:
    faces: dict[str, list[tuple[str, tuple[float, float, float, float]]]] = {}
    for place, person in enumerate(source.tagged.people):
        faces.setdefault(person.portrait.still, []).append((portrait_name(place), person.portrait.box))
    return {
        candidate.id: PictureJob(
            source=source.tagged.folder.root / str(candidate.still.file),
            name=candidate.id,
            size=source.tagged.size,
            faces=tuple(faces.get(candidate.id, ())),
        )
        for candidate in source.candidates
    }


def _artwork_jobs(source: Source) -> dict[str, PictureJob]:
    jobs = {}
    for number, variant in enumerate(source.catalog.variants, 1):
        titled = variant.titled
        for file, kind in ((variant.file, ""), (titled.file if titled else None, "-titled")):
            if file is not None:
                jobs[file] = PictureJob(
                    source=source.folder / file,
                    name=f"art-{number:04d}-{variant.aspect.replace(':', 'x')}{kind}",
                    size=(variant.width, variant.height),
                    small=False,
                )
    return jobs


def _remove_old_pictures(out: Path, made: list[Made]) -> None:
    """Pictures of an earlier report that this one does not show; nothing that artgen did not name."""
    used = {file for one in made for file in (one.large, one.small, *one.portraits.values())}
    with machine_faults(out):
        for path in (out / FOLDER).glob("*.jpg"):
            if _OWN_PICTURE.fullmatch(path.name) and f"{FOLDER}/{path.name}" not in used:
                path.unlink()
