"""What ``wom-sim explain`` says in the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from wom_sim.cli.words import plain_console
from wom_sim.words import Words

if TYPE_CHECKING:
    from wom_sim.outcomes.branches import Branch
    from wom_sim.study.explain import Explanation

_WORDS = Words("en")
_TITLES = {
    "first_channel": "first reached by", "dose": "share of the dose", "outlet": "outlet on the way",
    "steps": "tellings from someone acted on", "root": "goes back to person",
}  # fmt: skip
_ROWS = 6
_LEAST = 0.005
"""Branches with a smaller share are not drawn."""


def show(found: Explanation, branches: int) -> None:
    """Print words, table and tree."""
    out = plain_console()
    title = f"{found.scenario.name}: {found.policy}, replication {found.replication}"
    out.print(Text.assemble((title, "bold"), f" ({found.because})"))
    out.print(" ".join(found.sentences))
    lost = found.attribution[found.attribution["effect"] == "departure"]
    if len(lost):
        out.print(_table(found))
    if found.tree.number > 0.0:
        out.print(_drawn(found.tree, found.tree.number, branches))
    plain_console(stderr=True).print(f"{found.seconds:.1f} s", style="dim")


def _table(found: Explanation) -> Table:
    """Return where the profitable customers who left come from, by dimension."""
    table = Table(title="Profitable customers lost, by what brought it about", padding=(0, 1))
    table.add_column("")
    table.add_column("", max_width=36)
    for heading in ("share", "number", "value"):
        table.add_column(heading, justify="right")
    lost = found.attribution[found.attribution["effect"] == "departure"]

    def money(amount: float) -> str:
        return _WORDS.money(amount, found.scenario.currency, brief=True)

    for dimension, title in _TITLES.items():
        rows = lost[lost["dimension"] == dimension]
        for k, row in enumerate(rows.head(_ROWS).itertuples(index=False)):
            cells = (_WORDS.whole_share(float(row.share)), _WORDS.people(float(row.lasting)), money(float(row.amount)))
            table.add_row(title if k == 0 else "", str(row.value), *cells)
        if len(rows) > _ROWS:
            rest = rows.iloc[_ROWS:]
            cells = (
                _WORDS.whole_share(float(rest["share"].sum())),
                _WORDS.people(rest["lasting"].sum()),
                money(rest["amount"].sum()),
            )
            table.add_row("", f"({len(rest)} {'other' if len(rest) == 1 else 'others'})", *cells)
        table.add_section()
    return table


def _drawn(branch: Branch, total: float, branches: int) -> Tree:
    """Return the busiest branches as a tree."""
    tree = Tree(f"{branch.label}: {_WORDS.people(branch.number)} ({_WORDS.whole_share(branch.number / total)})")
    _grow(tree, branch, total, branches)
    return tree


def _grow(tree: Tree, branch: Branch, total: float, branches: int) -> None:
    for inner in branch.busiest(branches, _LEAST * total):
        _grow(
            tree.add(f"{inner.label}: {_WORDS.people(inner.number)} ({_WORDS.whole_share(inner.number / total)})"),
            inner,
            total,
            branches,
        )
