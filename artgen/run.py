"""All three stages, one after the other: from a film to its catalog."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from artgen.export import Exported, export_catalog
from artgen.extract import Extracted, ExtractSettings, extract_film
from artgen.progress import Progress
from artgen.tag import Tagged, TagSettings, tag_frames


@dataclass(frozen=True, slots=True)
class Made:
    """What a run came to, stage by stage."""

    extracted: Extracted
    tagged: Tagged
    exported: Exported

    @property
    def left_out(self) -> list[str]:
        """Items no stage could read, a sentence each."""
        return list(dict.fromkeys([*self.tagged.left_out, *self.exported.left_out]))


def run_film(
    video: Path,
    out: Path,
    *,
    extract: ExtractSettings,
    tag: TagSettings,
    aspects: Sequence[str],
    per_theme: int,
    progress: Progress,
    overwrite: bool = False,
    resume: bool = True,
    workers: int | None = None,
) -> Made:
    """Make `out`/frames, `out`/catalog.json and `out`/artwork from a film; goes on where a run was cut short.

    Raises:
        ArtgenError: what the stages raise; nothing done is lost.
    """
    frames = out / "frames"
    extracted = extract_film(
        video,
        frames,
        settings=extract,
        progress=progress,
        overwrite=overwrite,
        resume=resume,
        workers=workers,
    )
    tagged = tag_frames(
        frames, settings=tag, progress=progress, overwrite=overwrite, resume=resume, workers=workers
    )
    exported = export_catalog(
        out / "catalog.json",
        frames=frames,
        aspects=aspects,
        per_theme=per_theme,
        progress=progress,
        overwrite=overwrite,
    )
    return Made(extracted, tagged, exported)
