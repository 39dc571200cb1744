"""``wom-sim deck``: a comparison or a study as a PowerPoint file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wom_sim.cli.ending import BAD_SCENARIO, give_up
from wom_sim.cli.report import BrandFile, Folder, Language, branded, checked, put

if TYPE_CHECKING:
    from wom_sim.present.wanted import Wanted


_ONE_FORM = "the deck of a study, a search, a break-even, a fit or two results has one form"


def deck(
    folder: Folder,
    audience: Annotated[str, typer.Option("--for", metavar="WHOM", help="board; analyst for every slide.")] = "board",
    template: Annotated[
        Path | None, typer.Option("--template", metavar="FILE", help="Whose layouts and theme to use (.pptx, .potx).")
    ] = None,
    brand: BrandFile = None,
    slides: Annotated[
        str | None, typer.Option("--slides", metavar="NAMES", help="Which slides, in which order: answer,earns,next.")
    ] = None,
    outline: Annotated[
        Path | None,
        typer.Option("--outline", metavar="FILE", help="Slides, titles and comments of your own; DIR/outline.toml."),
    ] = None,
    write_outline: Annotated[
        Path | None, typer.Option("--write-outline", metavar="FILE", help="Write an outline to begin with, and stop.")
    ] = None,
    against: Annotated[
        Path | None,
        typer.Option("--against", metavar="DIR2", help="An earlier comparison: what changed since; DIR/since.pptx."),
    ] = None,
    lang: Language = "en",
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="The deck; DIR/deck.pptx.")] = None,
) -> None:
    """Write a result as a deck of slides with editable charts and speaker notes."""
    target = checked(folder, lang, out, "deck" if against is None else "since", ".pptx")
    from wom_sim._extras import need
    from wom_sim.present.publish import read_any, slides_of

    need("pptx")
    from wom_sim.present.deck_stage import TemplateError
    from wom_sim.present.since import read_since

    found = read_any(folder) if against is None else read_since(folder, against)
    wanted = _wanted(folder, audience, (slides, outline), found)._replace(template=template, brand=branded(brand))
    if write_outline is not None:
        _write_outline(write_outline, found, lang, wanted)
        return
    try:
        content = slides_of(found, lang, wanted)
    except TemplateError as error:
        give_up(str(error), BAD_SCENARIO)
    put(folder, target, content)
    typer.echo(f"Deck: {target}")
    _tell_left_out(found, lang, wanted)


def _wanted(folder: Path, audience: str, given: tuple[str | None, Path | None], found: object) -> Wanted:
    """Return what is asked for. Ends with a clear word on what cannot be followed."""
    from wom_sim.present.deck import NAMES
    from wom_sim.present.outline import FILE, Outline, read_outline
    from wom_sim.present.own_file import OwnFileError
    from wom_sim.present.result_folder import Findings
    from wom_sim.present.wanted import AUDIENCES, Wanted

    slides, outline = given
    if audience not in AUDIENCES:
        give_up(f"--for: given {audience!r}, allowed: {', '.join(AUDIENCES)}", BAD_SCENARIO)
    if not isinstance(found, Findings):
        if slides is not None or outline is not None:
            give_up(f"--slides and --outline: {_ONE_FORM}", BAD_SCENARIO)
        return Wanted(audience=audience)
    names = tuple(name.strip() for name in (slides or "").split(",") if name.strip())
    for name in names:
        if name not in NAMES:
            give_up(f"--slides: given {name!r}, allowed: {', '.join(NAMES)}", BAD_SCENARIO)
    if slides is not None and (not names or len(set(names)) < len(names)):
        give_up(f"--slides: given {slides!r}, allowed: at least one name, each once", BAD_SCENARIO)
    file = outline if outline is not None else folder / FILE
    try:
        own = read_outline(file, NAMES) if outline is not None or file.is_file() else Outline()
    except OwnFileError as error:
        give_up(str(error), BAD_SCENARIO)
    return Wanted(audience=audience, slides=names, outline=own)


def _write_outline(file: Path, found: object, lang: str, wanted: Wanted) -> None:
    """Write an outline to begin with; never over a file that is there, which may hold somebody's words."""
    from wom_sim._files import write_text_atomically
    from wom_sim.present.deck import titles_of
    from wom_sim.present.outline import outline_text
    from wom_sim.present.result_folder import Findings

    if not isinstance(found, Findings):
        give_up(f"--write-outline: {_ONE_FORM}", BAD_SCENARIO)
    if file.exists():
        give_up(f"--write-outline: {file} is there already; give another name", BAD_SCENARIO)
    try:
        write_text_atomically(file, outline_text(titles_of(found, lang, wanted)))
    except OSError as error:
        give_up(f"--write-outline: {file} cannot be written: {error.strerror}", BAD_SCENARIO)
    typer.echo(f"Outline: {file}")


def _tell_left_out(found: object, lang: str, wanted: Wanted) -> None:
    """Say to who presents what the deck has not, and which command would bring it."""
    from wom_sim.present.deck import left_out
    from wom_sim.present.result_folder import Findings

    if isinstance(found, Findings):
        for text in left_out(found, lang, wanted):
            typer.echo(text)
