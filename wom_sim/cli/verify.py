"""``wom-sim verify``: a replication package held against itself, and a sample of its runs made again."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from wom_sim.cli.ending import BAD_SCENARIO, give_up

UNEQUAL = 1


def verify(
    file: Annotated[Path, typer.Argument(metavar="PACK", help="What wom-sim pack wrote.")],
    runs: Annotated[int, typer.Option("--runs", metavar="N", help="Runs to make again; 0: check the files alone.")] = 5,
    inputs: Annotated[
        Path | None, typer.Option("--inputs", metavar="DIR", help="Where files lie that the pack does not hold.")
    ] = None,
    gib: Annotated[float, typer.Option("--most", metavar="GIB", help="What it may take when unpacked.")] = 8.0,
) -> None:
    """Check that a pack is whole, make a sample of its runs again, and say whether they are equal."""
    from wom_sim.study.verify import NotEqualError
    from wom_sim.study.verify import verify as checked

    if runs < 0:
        give_up(f"--runs: given {runs}, allowed: 0 or more", BAD_SCENARIO)
    if not 0.0 < gib <= 10_000.0:
        give_up(f"--most: given {gib:g}, allowed: more than 0, at most 10000", BAD_SCENARIO)
    if inputs is not None and not inputs.is_dir():
        give_up(f"--inputs: there is no folder {inputs}", BAD_SCENARIO)

    def tell(words: str) -> None:
        print(f"wom-sim: {words}", file=sys.stderr, flush=True)

    try:
        found = checked(file, runs=runs, inputs=inputs, most_bytes=int(gib * 2**30), tell=tell)
    except NotEqualError as error:
        give_up(str(error), UNEQUAL)
    typer.echo(f"SHA-256: {found.sha256}")
    if not found.again:
        typer.echo(f"Whole: {found.scenario}, {found.runs:,} runs; none was made again")
    elif found.apart == 0.0:
        typer.echo(f"Equal: {len(found.again)} of {found.runs:,} runs made again, each to the last bit")
    else:
        typer.echo(
            f"Equal: {len(found.again)} of {found.runs:,} runs made again; the largest difference is "
            f"{found.apart:.1e} of a number, as another processor or library may round"
        )
