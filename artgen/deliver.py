"""Export, and then what was asked for besides: a store's sizes, files beside the film."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from artgen.delivery import LaidOut, Sized, lay_out, size_catalog
from artgen.errors import UsageError
from artgen.export import DEFAULT_ASPECTS, Exported, Treatment, export_catalog
from artgen.folder import FramesFolder, read_title
from artgen.progress import Progress
from artgen.review import read_review
from artgen.specs import LAYOUTS, load_profile


@dataclass(frozen=True, slots=True)
class Delivered:
    """What an export and its delivery came to; `sized` and `laid_out` are None where not asked for."""

    exported: Exported
    sized: Sized | None
    laid_out: LaidOut | None

    def answer(self) -> "Exported | Delivered":
        """What a program is told: the export alone where nothing else was asked for."""
        return self.exported if self.sized is None and self.laid_out is None else self


def export_and_deliver(
    catalog: Path,
    *,
    frames: Path,
    aspects: Sequence[str] | None,
    per_theme: int,
    policy: Path | None = None,
    use: str | None = None,
    preset: str | None = None,
    layout: str | None = None,
    film: Path | None = None,
    treatment: Treatment | None = None,
    progress: Progress,
    overwrite: bool = False,
) -> Delivered:
    """Export a catalog; then make a preset's sizes of it, and lay it out beside its film.

    Args:
        catalog: the file to write.
        frames: a frames folder, extracted and tagged.
        aspects: such as "16:9"; None: see aspects_for.
        per_theme: stills a theme may have at most.
        policy: a policy file; None is artgen's own.
        use: make it for this use of the policy alone.
        preset: a profile whose sizes are made in for-PRESET/ beside the catalog.
        layout: a player whose file names are written beside `film`.
        film: the film, for a layout.
        treatment: the title, for pieces that carry it; preset and layout take those without.
        progress: who watches.
        overwrite: replace what is there, whoever made it.

    Raises:
        UsageError: layout and film do not come together, or a name is not known; nothing was begun.
        ArtgenError: what the stages raise; nothing done is lost.
    """
    if (layout is None) != (film is None):
        raise UsageError(
            "--layout and --film belong together: name the film beside which the files shall lie."
        )
    if layout is not None and layout not in LAYOUTS:
        raise UsageError(f"There is no layout {layout!r}; use one of {', '.join(LAYOUTS)}.")
    asked = [aspect for name in (preset, layout) if name for aspect in load_profile(name).aspects()]
    exported = export_catalog(
        catalog,
        frames=frames,
        aspects=aspects or list(dict.fromkeys(asked)) or DEFAULT_ASPECTS,
        per_theme=per_theme,
        policy=policy,
        use=use,
        treatment=treatment,
        progress=progress,
        overwrite=overwrite,
    )
    sized = laid_out = None
    if preset is not None:
        sized = size_catalog(catalog, frames=frames, preset=preset, overwrite=overwrite, progress=progress)
    if layout is not None and film is not None:
        folder = FramesFolder(frames)
        review = read_review(folder, film_sha256=read_title(folder).film.sha256)
        pieces = Path(sized.catalog) if sized is not None and sized.made and preset == layout else catalog
        laid_out = lay_out(
            pieces, film=film, layout=layout, review=review, overwrite=overwrite, progress=progress
        )
    return Delivered(exported, sized, laid_out)


def aspects_for(aspects: Sequence[str] | None, *, preset: str | None, layout: str | None) -> Sequence[str]:
    """The aspects to export: those given, else the preset's or the usual ones, and what the layout needs besides.

    Raises:
        UsageError: there is no such profile or layout.
        InputError: the preset's file is no sound profile.
    """
    if layout is not None and layout not in LAYOUTS:
        raise UsageError(f"There is no layout {layout!r}; use one of {', '.join(LAYOUTS)}.")
    asked = (load_profile(preset).aspects() if preset is not None else ()) or DEFAULT_ASPECTS
    needed = load_profile(layout).aspects() if layout is not None else ()
    return aspects or tuple(dict.fromkeys((*asked, *needed)))
