"""``wom-sim doctor``: whether this installation can do its work, and what to do where it cannot."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from wom_sim.cli.ending import CANNOT


def doctor(
    no_test: Annotated[bool, typer.Option("--no-test", help="Leave out the runs, which take five seconds.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print what was found as JSON.")] = False,
) -> None:
    """Look at versions, memory, compiled code, fonts and rights, and run both engines on a case with a known answer.

    Exit code 0: all well, or a remark; 1: something does not work.
    """
    from wom_sim.cli.checkup import WRONG, checkup

    found = checkup(runs=not no_test)
    if as_json:
        typer.echo(json.dumps([each._asdict() for each in found], indent=2))
    else:
        width = max(len(each.what) for each in found)
        for each in found:
            typer.echo(f"{each.state:<6} {each.what:<{width}}  {each.found}")
            if each.remedy:
                typer.echo(f"{'':<6} {'':<{width}}  {each.remedy}")
    if any(each.state == WRONG for each in found):
        raise typer.Exit(CANNOT)
