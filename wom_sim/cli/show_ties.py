"""``wom-sim show ties``: what was read of a scenario's file of ties, and which of its people became whom."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import typer

from wom_sim.cli.ending import BAD_SCENARIO, give_up, writing


def show_ties(file: str, overrides: Sequence[str], out: Path | None) -> None:
    """Print what was read of the ties of a scenario, and write the number that each of their people was given."""
    from wom_sim.cli.loading import load
    from wom_sim.scenario.errors import visible
    from wom_sim.scenario.notes import on_ties
    from wom_sim.scenario.ties import people_of_ties
    from wom_sim.words import Words

    scenario = load(file, overrides)
    if out is not None:
        _check(out)
    said = on_ties(scenario, Words("en"))
    ids = people_of_ties(scenario)
    if ids is None:
        give_up(f"{file}: its ties come from no file (it has no network.path)", BAD_SCENARIO)
    for text in said:
        typer.echo(visible(text))
    if out is None:
        return
    if not ids:
        by_id = scenario.population.file is not None
        who = "the customers of population.file, by id" if by_id else "those of the world, by their number"
        print(f"The people of the file are {who}: there is no list to write", file=sys.stderr)
        return
    _write(ids, out)
    print(f"The people are in {out}", file=sys.stderr)


def _check(out: Path) -> None:
    from wom_sim.results.files import owner_of

    if out.suffix != ".csv" or out.is_dir():
        give_up(f"--out: given {out}, allowed: a file that ends in .csv", BAD_SCENARIO)
    owner = owner_of(out)
    if owner is not None:
        give_up(f"--out: {out} is a file of the result in {owner}; give another name", BAD_SCENARIO)


def _write(ids: Sequence[str], out: Path) -> None:
    from wom_sim._files import write_text_atomically
    from wom_sim._tables import csv_rows

    with writing(out):
        out.parent.mkdir(parents=True, exist_ok=True)
        write_text_atomically(out, csv_rows(("person", "id"), enumerate(ids)))
