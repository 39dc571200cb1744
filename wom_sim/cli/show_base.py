"""``wom-sim show base``: the customers of a scenario as they are built, and whom its policies choose."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from wom_sim.cli.ending import BAD_SCENARIO, give_up, writing

if TYPE_CHECKING:
    import pandas as pd

    from wom_sim.cli.words import Talk
    from wom_sim.present.tables import Table
    from wom_sim.scenario import Scenario

_WIDE = 160  # columns, where the output is no terminal
_ENDINGS = (".csv", ".json")


def show_base(file: str, overrides: Sequence[str], out: Path | None, as_json: bool) -> None:
    """Build the customers of a scenario, and print or write what they are."""
    from wom_sim.cli.loading import load

    if out is not None:
        check_out(out)
    scenario = load(file, overrides)
    table = table_of(scenario, file)
    if out is not None:
        write(table, out)
    if as_json:
        typer.echo(as_json_text(table))
    else:
        _draw(table, scenario)
        if out is not None:
            print(f"The table is in {out}", file=sys.stderr)


def table_of(scenario: Scenario, file: str) -> pd.DataFrame:
    """Return the base of a scenario; end with a clear word where it cannot be built, ``file`` being what was given."""
    from wom_sim.simulation.base import base_table
    from wom_sim.study.cost import check_base_fits

    try:
        check_base_fits(scenario)
        return base_table(scenario)
    except ValueError as error:
        give_up(f"{file}: {error}", BAD_SCENARIO)


def say_base(table: pd.DataFrame, scenario: Scenario, talk: Talk) -> None:
    """Say the base in short on the side, and what in it cannot be what was meant."""
    from wom_sim.scenario.figures import figures_on_terminal
    from wom_sim.study.base_words import brief, warnings

    figures = figures_on_terminal(scenario, talk.words)
    for text in brief(table, scenario, figures):
        talk.say(text)
    for text in warnings(table, scenario, figures):
        talk.say(f"{figures.words.say('base.warned')}: {text}")


def check_out(out: Path) -> None:
    """End with a clear word where a file cannot be written there, before anything is built."""
    from wom_sim.results.files import owner_of

    if out.suffix not in _ENDINGS:
        give_up(f"--out: given {out}, allowed: a file that ends in {' or '.join(_ENDINGS)}", BAD_SCENARIO)
    if out.is_dir():
        give_up(f"--out: given {out}, which is a folder; allowed: a file", BAD_SCENARIO)
    owner = owner_of(out)
    if owner is not None:
        give_up(f"--out: {out} is a file of the result in {owner}; give another name", BAD_SCENARIO)


def write(table: pd.DataFrame, out: Path) -> None:
    """Write a table as CSV or JSON, whole or not at all; end with a clear word where that fails."""
    from wom_sim._files import write_text_atomically
    from wom_sim._tables import csv_text

    with writing(out):
        out.parent.mkdir(parents=True, exist_ok=True)
        text = csv_text(table) if out.suffix == ".csv" else as_json_text(table) + "\n"
        write_text_atomically(out, text)


def as_json_text(table: pd.DataFrame) -> str:
    """Return the rows as JSON; what is not stated is null."""
    rows = json.loads(table.to_json(orient="records", double_precision=15))
    return json.dumps(rows, indent=2, ensure_ascii=False)


def _draw(table: pd.DataFrame, scenario: Scenario) -> None:
    """Print tables, what the figures mean, and warnings."""
    from wom_sim.cli.words import Terminal
    from wom_sim.present.base import definitions, tables_of_base
    from wom_sim.scenario.figures import figures_for
    from wom_sim.scenario.notes import on_money
    from wom_sim.study.base_words import warnings

    figures = figures_for(scenario)
    console = Terminal(width=None if sys.stdout.isatty() else _WIDE, highlight=False, markup=False)
    for part in tables_of_base(table, scenario, figures):
        console.print(drawn(part))
    for text in (*definitions(scenario, figures), *on_money(scenario, figures.words)):
        console.print(text)
    for text in warnings(table, scenario, figures):
        console.print(f"\n{figures.words.say('base.warned')}: {text}", style="bold")


def drawn(part: Table) -> object:
    """Return a table of text for the terminal."""
    from rich import box
    from rich.table import Table as Drawn
    from rich.text import Text

    found = Drawn(title=Text(part.caption, style="bold"), title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for k, head in enumerate(part.heads):
        found.add_column(Text(head), justify="right" if k >= part.numbers else "left", overflow="fold")
    for row in part.rows:
        found.add_row(*(Text(f"{cell.text}\n{cell.below}" if cell.below else cell.text) for cell in row))
    return found
