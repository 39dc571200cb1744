"""``wom-sim report``: a comparison or a study as one HTML page."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wom_sim.cli.ending import BAD_SCENARIO, give_up
from wom_sim.cli.language import Language, spoken

if TYPE_CHECKING:
    from wom_sim.present.brand import Brand
    from wom_sim.present.publish import Results

Folder = Annotated[
    Path,
    typer.Argument(
        metavar="DIR", help="Folder of a result: compare, recommend, break-even, fit, sweep.", show_default=False
    ),
]

BrandFile = Annotated[
    Path | None, typer.Option("--brand", metavar="FILE", help="House style: colours, font, logo, footer (TOML).")
]


def report(
    folder: Folder,
    against: Annotated[
        Path | None,
        typer.Option("--against", metavar="DIR2", help="An earlier comparison: what changed since; DIR/since.html."),
    ] = None,
    one_page: Annotated[
        bool, typer.Option("--one-page", help="The verdict for two minutes, a side of A4 in print; DIR/one_page.html.")
    ] = False,
    brand: BrandFile = None,
    lang: Language = "en",
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="The page; DIR/report.html.")] = None,
) -> None:
    """Write a result as one HTML page that needs no other file and no network."""
    if one_page and against is not None:
        give_up("--one-page: cannot be combined with --against", BAD_SCENARIO)
    name = "since" if against is not None else "one_page" if one_page else "report"
    target = checked(folder, lang, out, name, ".html")
    from wom_sim.present.publish import one_page_of, page_of

    house = branded(brand)
    text = one_page_of(folder, lang, house) if one_page else page_of(_asked(folder, against), lang, aside, house)
    put(folder, target, text)
    typer.echo(f"Report: {target}")


def _asked(folder: Path, against: Path | None) -> Results:
    """Return what is to be shown: a result, or how it differs from an earlier one."""
    from wom_sim.present.since import read_since

    return folder if against is None else read_since(folder, against)


def put(folder: Path, target: Path, content: str | bytes) -> None:
    """Write what shows a result, and note that it belongs to it. Ends with a clear word where it cannot be written."""
    from wom_sim._files import write_bytes_atomically, write_text_atomically
    from wom_sim.results.files import note_shown

    try:
        if isinstance(content, str):
            write_text_atomically(target, content)
        else:
            write_bytes_atomically(target, content)
        note_shown(folder, [target])
    except OSError as error:
        give_up(f"--out: {target} cannot be written: {error.strerror}", BAD_SCENARIO)


def branded(file: Path | None) -> Brand:
    """Return the house style in a file, ours without one. Ends with a clear word on one that cannot be followed."""
    from wom_sim.present.brand import Brand, read_brand
    from wom_sim.present.own_file import OwnFileError

    try:
        return Brand() if file is None else read_brand(file)
    except OwnFileError as error:
        give_up(str(error), BAD_SCENARIO)


def aside(words: str) -> None:
    """Say on the side what takes long."""
    print(f"wom-sim: {words}", file=sys.stderr, flush=True)


def checked(folder: Path, lang: str, out: Path | None, name: str, suffix: str) -> Path:
    """Return the file to write. Ends with a clear word on options that cannot be followed, before any work."""
    spoken(lang)
    standard = f"{name}{suffix}" if lang == "en" else f"{name}_{lang}{suffix}"
    target = folder / standard if out is None else out
    if target.is_dir():
        give_up(f"--out: given {target}, which is a folder; allowed: a file ending in {suffix}", BAD_SCENARIO)
    if out is not None and target.suffix.lower() != suffix:
        give_up(f"--out: given {target}, allowed: a file ending in {suffix}", BAD_SCENARIO)
    if out is not None and not target.parent.is_dir():
        give_up(f"--out: there is no folder {target.parent}", BAD_SCENARIO)
    from wom_sim.results.folder import check_file

    check_file(target, folder)
    return target
