"""``wom-sim cite``: how to cite the software, and a result made with it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from wom_sim.cli.ending import BAD_SCENARIO, give_up


def cite(
    folder: Annotated[
        Path | None, typer.Argument(metavar="[DIR]", help="A folder of results: which version made it.")
    ] = None,
    form: Annotated[str, typer.Option("--format", help="text, bibtex or cff.")] = "text",
) -> None:
    """Print how to cite the software; with a folder of results, also what made that result."""
    from wom_sim.present.citation import FORMS
    from wom_sim.present.citation import cite as cited

    if form not in FORMS:
        give_up(f"--format: given {form!r}, allowed: {', '.join(FORMS)}", BAD_SCENARIO)
    run = None
    if folder is not None:
        from wom_sim.results.folder import opened

        run = opened(folder).run
        if not run:
            give_up(f"{folder}: does not say what made it; wom-sim pack {folder} notes it", BAD_SCENARIO)
    typer.echo(cited(form, run), nl=False)
