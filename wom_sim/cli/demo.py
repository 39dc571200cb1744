"""``wom-sim demo``: the Sprint case with tables and pictures, as ``make demo`` makes it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

CASE = "builtin:sprint_2007"


def demo(
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder for results and charts.")] = Path(
        "results/sprint_2007"
    ),
) -> None:
    """Run the Sprint case at 53 million customers, with pictures: a minute or two, 5 GiB of memory, or fewer people.

    The same as: wom-sim compare builtin:sprint_2007 --fit-memory --overwrite --out DIR.
    """
    from wom_sim.cli.compare import compare

    compare(CASE, out=out, fit_memory=True, overwrite=True)
