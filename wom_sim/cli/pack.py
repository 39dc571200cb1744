"""``wom-sim pack``: a replication package of a comparison, also over worlds, or of a study."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from wom_sim.cli.ending import BAD_SCENARIO, give_up, writing


def pack(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="Folder written by compare (with --worlds as well) or sweep run.")
    ],
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="The pack; DIR.zip if left out.")] = None,
    with_inputs: Annotated[
        bool, typer.Option("--with-inputs", help="Also the files that the scenario reads: they may be about people.")
    ] = False,
) -> None:
    """Pack a result for others: scenario, study, tables, versions, lock file, ODD, citation, metadata, hashes."""
    from wom_sim.present.packing import pack as packed

    target = folder.resolve().with_name(f"{folder.resolve().name}.zip") if out is None else out
    if target.suffix.lower() != ".zip" or target.is_dir():
        give_up(f"--out: given {target}, allowed: a file ending in .zip", BAD_SCENARIO)
    if not target.parent.is_dir():
        give_up(f"--out: there is no folder {target.parent}", BAD_SCENARIO)
    with writing(target):
        found = packed(folder, target, with_inputs=with_inputs)
    for key, path in found.left_out.items():
        typer.echo(f"Not in it: {path.name} ({key}), which the runs need; --with-inputs puts it in")
    typer.echo(f"Pack: {target} ({len(found.names)} files)\nSHA-256: {found.sha256}")
    typer.echo(f"Others check it with: wom-sim verify {target.name}")
