"""Whom not to touch, as tables of text: the candidates whose departure is expected to cost most through others."""

from __future__ import annotations

import pandas as pd

from wom_sim.present.tables import Cell, Table
from wom_sim.words.figures import Figures

SHOWN = 20
"""Candidates of a policy that are listed; a file has them all."""
_HEADS = (
    "person", "segment", "chosen", "booked_profit", "ties", "profitable_ties", "harm_told", "harm_household",
    "harm_departures", "harm_audience", "harm",
)  # fmt: skip


def tables_of_chosen(table: pd.DataFrame, figures: Figures) -> list[Table]:
    """Return a table for each policy: the most harmful candidates, the most harmful first."""
    return [_of_policy(str(name), part, figures) for name, part in table.groupby("policy", sort=False)]


def _of_policy(name: str, part: pd.DataFrame, figures: Figures) -> Table:
    say, number = figures.words.say, figures.words.number
    most = part.sort_values(["harm", "person"], ascending=[False, True]).head(SHOWN)
    caption = say("chosen.title", name=name, n=number(len(most)), all=number(len(part)))
    rows = []
    for row in most.itertuples(index=False):
        cells = [str(getattr(row, "customer", row.person)), str(row.segment)]
        cells.append(say("chosen.yes") if row.chosen else say("chosen.no"))
        cells += [figures.money(float(row.booked_profit)), str(row.ties), str(row.profitable_ties)]
        cells += [figures.money(float(getattr(row, head))) for head in _HEADS[6:]]
        rows.append([Cell(cell) for cell in cells])
    heads = [say(f"chosen.head.{head}") for head in _HEADS]
    if "customer" in part:
        heads[0] = say("chosen.head.customer")
    return Table(caption, heads, rows, numbers=3)


def meaning(table: pd.DataFrame, figures: Figures) -> str:
    """Return what the figures mean, and how uneven the harm of those who are chosen is."""
    say = figures.words.say
    if not len(table):
        return say("chosen.nobody")
    parts = [say("chosen.means")]
    for name, part in table[table["chosen"].astype(bool)].groupby("policy", sort=False):
        harm = part["harm"].sort_values(ascending=False)
        tenth = harm.head(max(1, round(0.1 * len(harm)))).sum()
        share = figures.words.share(tenth / harm.sum()) if harm.sum() > 0.0 else figures.words.share(0.0)
        parts.append(say("chosen.uneven", name=name, amount=figures.money(float(harm.sum())), share=share))
    return " ".join(parts)
