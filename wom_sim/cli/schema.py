"""``wom-sim schema``: the JSON Schema of scenario files, for editors."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from wom_sim.cli.ending import give_up


def schema(
    out: Annotated[
        str | None, typer.Option("--out", metavar="FILE", help="Write to this file instead of the screen.")
    ] = None,
) -> None:
    """Print the JSON Schema of scenario files; editors use it to complete and check keys."""
    from wom_sim._files import write_text_atomically
    from wom_sim.scenario import schema as scenario_schema

    text = json.dumps(scenario_schema(), indent=2, ensure_ascii=False) + "\n"
    if out is None:
        typer.echo(text, nl=False)
        return
    try:
        write_text_atomically(out, text)
    except (OSError, ValueError) as error:
        give_up(f"cannot write {out!r}: {getattr(error, 'strerror', None) or error}")
