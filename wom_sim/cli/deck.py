"""``wom-sim deck``: a comparison or a study as a PowerPoint file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from wom_sim.cli.ending import BAD_SCENARIO, give_up
from wom_sim.cli.report import Folder, Language, checked


def deck(
    folder: Folder,
    template: Annotated[
        Path | None, typer.Option("--template", metavar="FILE", help="Whose layouts and theme to use (.pptx).")
    ] = None,
    lang: Language = "en",
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="The deck; DIR/deck.pptx.")] = None,
) -> None:
    """Write a comparison or a study as a deck of slides with editable charts and speaker notes."""
    target = checked(folder, lang, out, "deck", ".pptx")
    from wom_sim._files import write_bytes_atomically
    from wom_sim.present.deck_stage import TemplateError
    from wom_sim.present.publish import slides_of
    from wom_sim.results.files import note_shown

    try:
        write_bytes_atomically(target, slides_of(folder, lang, template))
        note_shown(folder, [target])
    except TemplateError as error:
        give_up(str(error), BAD_SCENARIO)
    except OSError as error:
        give_up(f"--out: {target} cannot be written: {error.strerror}", BAD_SCENARIO)
    typer.echo(f"Deck: {target}")
