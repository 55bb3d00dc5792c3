"""The commands: options in, one library call, the answer out. No logic lives here."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from artgen import __version__, console
from artgen.records import DetectorName, ImageFormat

app = typer.Typer(
    name="artgen",
    help="Make a catalog of artwork, with features and reasons, from a film.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
models_app = typer.Typer(
    help="List, fetch and verify the models artgen can use.", no_args_is_help=True, rich_markup_mode=None
)
app.add_typer(models_app, name="models")

Json = Annotated[bool, typer.Option("--json", help="Print one JSON object on stdout.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress, only the answer and errors.")]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="Begin anew where results of another run lie.")]
Resume = Annotated[
    bool, typer.Option("--resume/--no-resume", help="Go on where a run was cut short, or begin it again.")
]
Workers = Annotated[int | None, typer.Option("--workers", min=1, help="Threads; default: one a core.")]
Model = Annotated[
    str,
    typer.Option("--model", help="auto, an id of 'artgen models list', ARCHITECTURE:PRETRAINED or a path."),
]
Device = Annotated[str, typer.Option("--device", help="auto, cpu, cuda, cuda:1 or mps.")]
Precision = Annotated[
    str, typer.Option("--precision", help="auto (timed on this machine), fp32, bf16 or int8.")
]
Vocabulary = Annotated[
    Path | None, typer.Option("--vocabulary", readable=False, help="Tags to use instead of artgen's own.")
]
Cast = Annotated[
    Path | None, typer.Option("--cast", readable=False, help="Folder with one folder of photos an actor.")
]
Detector = Annotated[DetectorName, typer.Option("--faces", help="Face detector.")]
Commercial = Annotated[
    bool, typer.Option("--commercial", help="Only models whose license allows commercial use.")
]
Aspects = Annotated[
    list[str] | None,
    typer.Option("--aspect", help="Aspect of a variant, again for more; default 16:9 2:3 1:1."),
]
Preset = Annotated[
    str | None, typer.Option("--preset", help="Also make the sizes of a profile: prime, roku, max, tmdb ...")
]
Layout = Annotated[
    str | None,
    typer.Option("--layout", help="Also lay files beside the film: kodi, jellyfin, plex or kometa."),
]
PolicyFile = Annotated[
    Path | None,
    typer.Option("--policy", readable=False, help="What each use allows, instead of artgen's own."),
]
Use = Annotated[
    str | None,
    typer.Option(
        "--use", help="Make it for this use of the policy alone: any, home, kids, mature or your own."
    ),
]
TitleTreatment = Annotated[
    Path | None,
    typer.Option(
        "--title-treatment", readable=False, help="Also make pieces that carry this logo: a transparent PNG."
    ),
]
TitleText = Annotated[
    str | None, typer.Option("--title-text", help="Also make pieces that carry this title in letters.")
]
TitleFont = Annotated[
    Path | None, typer.Option("--title-font", readable=False, help="Font file for --title-text.")
]
PerTheme = Annotated[int, typer.Option("--per-theme", min=1, help="Stills a theme gets at most.")]
PerShot = Annotated[
    int, typer.Option("--per-shot", min=0, help="Stills kept of one shot at most; 0 finds shots alone.")
]
Most = Annotated[int | None, typer.Option("--most", min=1, help="Stills kept of the whole title at most.")]
From = Annotated[str, typer.Option("--from", help="Begin here: seconds, M:SS or H:MM:SS.")]
To = Annotated[str | None, typer.Option("--to", help="End here.")]
SkipHead = Annotated[str, typer.Option("--skip-head", help="Leave out so much at the beginning.")]
SkipTail = Annotated[
    str, typer.Option("--skip-tail", help="Leave out so much at the end (spoilers, credits).")
]
MinShot = Annotated[
    float, typer.Option("--min-shot", min=0, help="Seconds below which no shot is told apart.")
]
Format = Annotated[ImageFormat, typer.Option("--format", help="Image files of the stills.")]


def _version(wanted: bool) -> None:
    if wanted:
        print(f"artgen {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    pass


@app.command()
def extract(
    video: Annotated[Path, typer.Argument(help="Film to read.", show_default=False, readable=False)],
    out: Annotated[Path, typer.Option("--out", "-o", readable=False, help="Frames folder to write.")] = Path(
        "frames"
    ),
    from_: From = "0",
    to: To = None,
    skip_head: SkipHead = "0",
    skip_tail: SkipTail = "0",
    per_shot: PerShot = 3,
    most: Most = None,
    min_shot: MinShot = 0.2,
    image_format: Format = "jpeg",
    overwrite: Overwrite = False,
    resume: Resume = True,
    workers: Workers = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Find a film's shots, and the stills in each that could be artwork."""
    with console.session(as_json=as_json, quiet=quiet) as session:
        from artgen.extract import ExtractSettings, extract_film, seconds_of
        from artgen.tell import tell_extracted

        settings = ExtractSettings(
            from_s=seconds_of(from_),
            to_s=None if to is None else seconds_of(to),
            skip_head_s=seconds_of(skip_head),
            skip_tail_s=seconds_of(skip_tail),
            per_shot=per_shot,
            most=most,
            min_shot_s=min_shot,
            image_format=image_format,
        )
        found = extract_film(
            video,
            out,
            settings=settings,
            progress=session.progress,
            overwrite=overwrite,
            resume=resume,
            workers=workers,
        )
        session.finish(found, lambda: tell_extracted(found))


@app.command()
def tag(
    frames: Annotated[Path, typer.Argument(readable=False, help="Frames folder that extract wrote.")] = Path(
        "frames"
    ),
    model: Model = "auto",
    vocabulary: Vocabulary = None,
    cast: Cast = None,
    faces: Detector = "auto",
    device: Device = "auto",
    precision: Precision = "auto",
    commercial: Commercial = False,
    overwrite: Overwrite = False,
    resume: Resume = True,
    workers: Workers = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Find faces and people, measure composition, embed every still and tag it."""
    with console.session(as_json=as_json, quiet=quiet) as session:
        from artgen.tag import TagSettings, tag_frames
        from artgen.tell import tell_tagged

        settings = TagSettings(
            model=model,
            device=device,
            precision=precision,
            vocabulary=vocabulary,
            cast=cast,
            detector=faces,
            commercial=commercial,
        )
        found = tag_frames(
            frames,
            settings=settings,
            progress=session.progress,
            overwrite=overwrite,
            resume=resume,
            workers=workers,
        )
        session.finish(found, lambda: tell_tagged(found))
        session.fault(found.left_out)


@app.command()
def export(
    catalog: Annotated[
        Path, typer.Argument(readable=False, help="Catalog to write; artwork/ comes beside it.")
    ] = Path("catalog.json"),
    frames: Annotated[
        Path, typer.Option("--frames", readable=False, help="Frames folder that tag annotated.")
    ] = Path("frames"),
    aspect: Aspects = None,
    per_theme: PerTheme = 8,
    policy: PolicyFile = None,
    use: Use = None,
    preset: Preset = None,
    layout: Layout = None,
    film: Annotated[
        Path | None, typer.Option("--film", readable=False, help="The film, beside which a layout lies.")
    ] = None,
    title_treatment: TitleTreatment = None,
    title_text: TitleText = None,
    title_font: TitleFont = None,
    overwrite: Overwrite = False,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Choose the best stills for each theme, crop them to every aspect and write the catalog."""
    with console.session(as_json=as_json, quiet=quiet) as session:
        from artgen.deliver import export_and_deliver
        from artgen.export import read_treatment
        from artgen.tell import tell_delivered

        made = export_and_deliver(
            catalog,
            frames=frames,
            aspects=aspect,
            per_theme=per_theme,
            policy=policy,
            use=use,
            preset=preset,
            layout=layout,
            film=film,
            treatment=read_treatment(logo=title_treatment, text=title_text, font=title_font),
            progress=session.progress,
            overwrite=overwrite,
        )
        session.finish(made.answer(), lambda: tell_delivered(made))
        session.fault(made.exported.left_out)


@app.command()
def check(
    catalog: Annotated[Path, typer.Argument(readable=False, help="Catalog that export wrote.")] = Path(
        "catalog.json"
    ),
    *,
    spec: Annotated[
        str,
        typer.Option(
            "--spec",
            help="prime, ember, roku, max, googletv, tmdb, kodi, jellyfin, plex, kometa, or a profile of your own.",
        ),
    ],
    asset: Annotated[
        str | None, typer.Option("--as", help="Hold all to this asset of the profile, such as cover.")
    ] = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Hold every file of a catalog to what a store or player asks for."""
    with console.session(as_json=as_json, quiet=quiet) as session:
        from artgen.check import check_catalog
        from artgen.tell import tell_checked

        found = check_catalog(catalog, spec=spec, asset=asset, progress=session.progress)
        session.finish(found, lambda: tell_checked(found))
        session.exit_code = 0 if found.ok else 3


@app.command()
def lists(
    frames: Annotated[Path, typer.Argument(readable=False, help="Frames folder that extract wrote.")] = Path(
        "frames"
    ),
    out: Annotated[Path, typer.Option("--out", "-o", readable=False, help="Folder to write into.")] = Path(
        "lists"
    ),
    film: Annotated[
        Path | None,
        typer.Option("--film", readable=False, help="The film, for thumbnails at even steps of time."),
    ] = None,
    every: Annotated[float, typer.Option("--every", help="Seconds between thumbnails of the film.")] = 10.0,
    overwrite: Overwrite = False,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Write shots and scenes as CSV, EDL and OpenTimelineIO, and thumbnails for a player's seek bar."""
    with console.session(as_json=as_json, quiet=quiet) as session:
        from artgen.lists import write_lists
        from artgen.tell import tell_listed

        made = write_lists(
            frames, out, film=film, every_s=every, overwrite=overwrite, progress=session.progress
        )
        session.finish(made, lambda: tell_listed(made))
        session.fault(made.left_out)


@app.command()
def run(
    video: Annotated[Path, typer.Argument(help="Film to read.", show_default=False, readable=False)],
    out: Annotated[
        Path, typer.Option("--out", "-o", readable=False, help="Folder for frames, catalog and artwork.")
    ] = Path("artgen-out"),
    from_: From = "0",
    to: To = None,
    skip_head: SkipHead = "0",
    skip_tail: SkipTail = "0",
    per_shot: PerShot = 3,
    most: Most = None,
    min_shot: MinShot = 0.2,
    image_format: Format = "jpeg",
    model: Model = "auto",
    vocabulary: Vocabulary = None,
    cast: Cast = None,
    faces: Detector = "auto",
    device: Device = "auto",
    precision: Precision = "auto",
    commercial: Commercial = False,
    aspect: Aspects = None,
    per_theme: PerTheme = 8,
    policy: PolicyFile = None,
    use: Use = None,
    preset: Preset = None,
    layout: Layout = None,
    overwrite: Overwrite = False,
    resume: Resume = True,
    workers: Workers = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Extract, tag and export: from a film to its catalog."""
    with console.session(as_json=as_json, quiet=quiet) as session:
        from artgen.extract import ExtractSettings, seconds_of
        from artgen.run import run_film
        from artgen.tag import TagSettings
        from artgen.tell import tell_run

        made = run_film(
            video,
            out,
            extract=ExtractSettings(
                from_s=seconds_of(from_),
                to_s=None if to is None else seconds_of(to),
                skip_head_s=seconds_of(skip_head),
                skip_tail_s=seconds_of(skip_tail),
                per_shot=per_shot,
                most=most,
                min_shot_s=min_shot,
                image_format=image_format,
            ),
            tag=TagSettings(
                model=model,
                device=device,
                precision=precision,
                vocabulary=vocabulary,
                cast=cast,
                detector=faces,
                commercial=commercial,
            ),
            aspects=aspect,
            per_theme=per_theme,
            policy=policy,
            use=use,
            preset=preset,
            layout=layout,
            progress=session.progress,
            overwrite=overwrite,
            resume=resume,
            workers=workers,
        )
        session.finish(made, lambda: tell_run(made))
        session.fault(made.left_out)


@app.command()
def report(
    catalog: Annotated[Path, typer.Argument(readable=False, help="Catalog that export wrote.")] = Path(
        "catalog.json"
    ),
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", "-o", readable=False, help="Folder to write; default: report/ beside the catalog."
        ),
    ] = None,
    frames: Annotated[
        Path | None,
        typer.Option(
            "--frames", readable=False, help="Its frames folder; default: the one beside the catalog."
        ),
    ] = None,
    serve: Annotated[
        bool, typer.Option("--serve", help="Then show it on 127.0.0.1, with search in any words.")
    ] = False,
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, help="Port of --serve; 0: a free one.")
    ] = 0,
    overwrite: Overwrite = False,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Write a page to look at the catalog, its reasons and all stills, and to judge them."""
    with console.session(as_json=as_json, quiet=quiet) as session:
        from artgen.report import serve_report, write_report
        from artgen.tell import tell_reported

        made = write_report(catalog, frames=frames, out=out, progress=session.progress, overwrite=overwrite)
        session.finish(made, lambda: tell_reported(made))
        session.fault(made.left_out)
        if serve:
            serve_report(made, port=port, progress=session.progress)


@app.command()
def picks(
    picks: Annotated[
        Path, typer.Argument(readable=False, help="CSV file with columns time and perhaps film, theme.")
    ],
    catalog: Annotated[
        Path, typer.Option("--catalog", readable=False, help="Catalog that export wrote.")
    ] = Path("catalog.json"),
    frames: Annotated[
        Path | None,
        typer.Option(
            "--frames", readable=False, help="Its frames folder; default: the one beside the catalog."
        ),
    ] = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Say how many moments that a person picked are in a catalog, and of how many something like them."""
    with console.session(as_json=as_json, quiet=quiet) as session:
        from artgen.picked import hold_to_picks
        from artgen.tell import tell_picks

        held = hold_to_picks(catalog, picks=picks, frames=frames)
        session.finish(held, lambda: tell_picks(held))


@app.command()
def search(
    words: Annotated[str, typer.Argument(help="What the stills should show.")] = "",
    image: Annotated[
        Path | None, typer.Option("--image", readable=False, help="A picture the stills should look like.")
    ] = None,
    frames: Annotated[
        Path, typer.Option("--frames", readable=False, help="Frames folder that tag annotated.")
    ] = Path("frames"),
    most: Annotated[int, typer.Option("--most", min=1, help="Stills to name at most.")] = 12,
    model: Annotated[
        str, typer.Option("--model", help="Where the model that tag used is; auto finds it.")
    ] = "auto",
    device: Device = "auto",
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Find stills by words ("two people laughing") or by a picture."""
    with console.session(as_json=as_json, quiet=quiet) as session:
        from artgen.search import search_stills
        from artgen.tell import tell_found

        found = search_stills(
            frames,
            words=words,
            picture=image,
            most=most,
            model=model,
            device=device,
            progress=session.progress,
        )
        session.finish(found, lambda: tell_found(found))


@app.command()
def doctor(as_json: Json = False) -> None:
    """Say what is installed, which models are here and which device will be used."""
    with console.session(as_json=as_json, quiet=True) as session:
        from artgen.doctor import examine
        from artgen.machine import model_folders
        from artgen.tell import tell_doctor

        found = examine(folders=model_folders())
        session.finish(found, lambda: tell_doctor(found))


@models_app.command("list")
def models_list(as_json: Json = False) -> None:
    """List the models artgen knows, their licenses, and which are on this machine."""
    with console.session(as_json=as_json, quiet=True) as session:
        from artgen.machine import model_folders
        from artgen.tell import tell_models
        from artgen.weights import describe_models

        rows = describe_models(model_folders())
        session.finish(rows, lambda: tell_models(rows))


@models_app.command("fetch")
def models_fetch(
    ids: Annotated[list[str], typer.Argument(help="Ids of 'artgen models list'.", show_default=False)],
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Fetch models to this machine and verify them."""
    with console.session(as_json=as_json, quiet=quiet) as session:
        from artgen.machine import is_offline
        from artgen.weights import entry_of, fetch_weights

        entries = [entry_of(name) for name in ids]
        offline = is_offline()
        places = [str(fetch_weights(entry, progress=session.progress, offline=offline)) for entry in entries]
        session.finish(places, lambda: places)


@models_app.command("verify")
def models_verify(
    ids: Annotated[list[str] | None, typer.Argument(help="Ids; default: all on this machine.")] = None,
    as_json: Json = False,
) -> None:
    """Check the models on this machine against their known size and hash."""
    with console.session(as_json=as_json, quiet=True) as session:
        from artgen.doctor import verify_models
        from artgen.machine import model_folders

        verified = verify_models(ids or [], folders=model_folders())
        session.finish(verified, lambda: [f"{name}: as it should be" for name in verified])


def main() -> None:
    """Run the command line; the entry point of the program."""
    # artgen's own threads take the cores; numpy's would spin beside them. Said before numpy is imported.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        app()
    except KeyboardInterrupt:
        sys.exit(console.INTERRUPTED)
