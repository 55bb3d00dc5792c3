"""All three stages, one after the other: from a film to its catalog."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from artgen.deliver import aspects_for, export_and_deliver
from artgen.delivery import LaidOut, Sized
from artgen.export import Exported
from artgen.extract import Extracted, ExtractSettings, extract_film
from artgen.folder import FramesFolder
from artgen.policy import check_use, load_policy
from artgen.progress import Progress
from artgen.tag import Tagged, TagSettings, check_settings, tag_frames


@dataclass(frozen=True, slots=True)
class Made:
    """What a run came to, stage by stage; `sized` and `laid_out` are None where not asked for."""

    extracted: Extracted
    tagged: Tagged
    exported: Exported
    sized: Sized | None
    laid_out: LaidOut | None

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
    aspects: Sequence[str] | None,
    per_theme: int,
    policy: Path | None = None,
    use: str | None = None,
    preset: str | None = None,
    layout: str | None = None,
    progress: Progress,
    overwrite: bool = False,
    resume: bool = True,
    workers: int | None = None,
) -> Made:
    """Make `out`/frames, `out`/catalog.json and `out`/artwork from a film; goes on where a run was cut short.

    What the settings mean is said where each stage is: extract, tag, and export_and_deliver for the rest.

    Raises:
        ArtgenError: what the stages raise; nothing done is lost.
    """
    aspects_for(
        aspects, preset=preset, layout=layout
    )  # a name that is not known is told before the long work
    check_use(load_policy(policy), use)
    frames = out / "frames"
    if not FramesFolder(frames).tagging.exists():
        check_settings(tag, progress=progress)
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
    made = export_and_deliver(
        out / "catalog.json",
        frames=frames,
        aspects=aspects,
        per_theme=per_theme,
        policy=policy,
        use=use,
        preset=preset,
        layout=layout,
        film=video if layout is not None else None,
        progress=progress,
        overwrite=overwrite,
    )
    return Made(extracted, tagged, made.exported, made.sized, made.laid_out)
