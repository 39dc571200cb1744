"""``wom-sim new``: a file of one's own to begin with, copied from what comes with the program."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from wom_sim.cli.ending import BAD_SCENARIO, give_up


def new(
    source: Annotated[
        str,
        typer.Option(
            "--from",
            metavar="NAME",
            help="What to begin with: a scenario, trade or notebook. Which: wom-sim show scenarios, trades, examples.",
        ),
    ],
    file: Annotated[
        Path | None,
        typer.Argument(metavar="[FILE]", help="The file to write; left out, one of that name in this folder."),
    ] = None,
) -> None:
    """Copy a scenario that comes with the program, comments and all, into a file to change; nothing is overwritten."""
    from wom_sim._files import write_text_atomically
    from wom_sim.scenario.errors import visible
    from wom_sim.scenario.own_copy import own_copy

    target, text = own_copy(source, file)
    shown = visible(str(target))
    try:
        if target.exists():
            give_up(f"{shown} is there already and stays as it is; allowed: another name", BAD_SCENARIO)
        write_text_atomically(target, text)
    except OSError as error:
        give_up(f"{shown} cannot be written: {error.strerror or error}", BAD_SCENARIO)
    then = f"; next: wom-sim validate {shown}" if target.suffix == ".toml" else ""
    typer.echo(f"Written: {shown}{then}")
