"""``wom-sim show chosen``: whom not to touch, candidate by candidate."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from wom_sim.cli.ending import BAD_SCENARIO, give_up
from wom_sim.cli.show_base import as_json_text, check_out, drawn, write

if TYPE_CHECKING:
    import pandas as pd

    from wom_sim.scenario import Scenario

_WIDE = 160  # columns, where the output is no terminal


def show_chosen(file: str, overrides: Sequence[str], where: tuple[str, Path | None], as_json: bool) -> None:
    """Print or write those who qualify; ``where`` is (text in a policy's name; file to write)."""
    from wom_sim.cli.loading import load

    match, out = where
    if out is not None:
        check_out(out)
    scenario = load(file, overrides)
    table = _table_of(scenario, file, match)
    if out is not None:
        write(table, out)
    if as_json:
        typer.echo(as_json_text(table))
        return
    _draw(table, scenario)
    if out is not None:
        print(f"The table is in {out}", file=sys.stderr)


def _table_of(scenario: Scenario, file: str, match: str) -> pd.DataFrame:
    from wom_sim.simulation.chosen import chosen_table
    from wom_sim.study.cost import check_base_fits

    try:
        check_base_fits(scenario)
        return chosen_table(scenario, match=match)
    except ValueError as error:
        give_up(f"{file}: {error}", BAD_SCENARIO)


def _draw(table: pd.DataFrame, scenario: Scenario) -> None:
    """Print for each policy the candidates whose departure is expected to cost most, and what that is."""
    from wom_sim.cli.words import Terminal
    from wom_sim.present.chosen import meaning, tables_of_chosen
    from wom_sim.scenario.figures import figures_for

    figures = figures_for(scenario)
    console = Terminal(width=None if sys.stdout.isatty() else _WIDE, highlight=False, markup=False)
    for part in tables_of_chosen(table, figures):
        console.print(drawn(part))
    console.print(meaning(table, figures))
