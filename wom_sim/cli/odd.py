"""``wom-sim odd``: the ODD protocol of one scenario."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from wom_sim.cli.ending import writing


def odd(
    scenario: Annotated[str, typer.Argument(metavar="SCENARIO", help="Scenario file (TOML), or builtin:NAME.")],
    overrides: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="KEY=VALUE", help="Set a key, as in: --set run.days=30. Repeatable."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Where to (.md); printed if left out.")
    ] = None,
) -> None:
    """Write the ODD protocol of a scenario (Markdown): what the model is in this scenario, for behind a paper."""
    from wom_sim._files import write_text_atomically
    from wom_sim.cli.loading import load
    from wom_sim.present.odd import odd_page

    text = odd_page(load(scenario, overrides or ()))
    if out is None:
        typer.echo(text, nl=False)
        return
    with writing(out):
        write_text_atomically(out, text)
    typer.echo(f"ODD: {out}")
