"""What ``wom-sim explain`` says in the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from wom_sim.cli.words import plain_console
from wom_sim.outcomes.attribution_tables import NO_OUTLET
from wom_sim.study.explain_words import outlet_name
from wom_sim.words import Words

if TYPE_CHECKING:
    from wom_sim.outcomes.branches import Branch
    from wom_sim.study.explain import Explanation

_DIMENSIONS = ("first_channel", "dose", "outlet", "steps", "root")
_ROWS = 6
_LEAST = 0.005
"""Branches with a smaller share are not drawn."""


def show(found: Explanation, branches: int) -> None:
    """Print words, table and tree."""
    out = plain_console()
    words = Words(found.lang)
    title = words.say(
        "explain.title", scenario=found.scenario.name, policy=words.policy_typed(found.policy),
        replication=found.replication,
    )  # fmt: skip
    out.print(Text.assemble((title, "bold"), f" ({found.because})"))
    out.print(" ".join(found.sentences))
    lost = found.attribution[found.attribution["effect"] == "departure"]
    if len(lost):
        out.print(_table(found, words))
    if found.tree.number > 0.0:
        out.print(_drawn(found.tree, found.tree.number, branches, words))
    plain_console(stderr=True).print(
        words.say("explain.took", n=words.fixed(found.seconds, grouped=False)), style="dim"
    )


def _table(found: Explanation, words: Words) -> Table:
    """Return where the profitable customers who left come from, by dimension."""
    table = Table(title=words.say("explain.table"), padding=(0, 1))
    table.add_column("")
    table.add_column("", max_width=36)
    for heading in ("share", "number", "value"):
        table.add_column(words.say(f"explain.{heading}"), justify="right")
    lost = found.attribution[found.attribution["effect"] == "departure"]

    def cells(share: float, people: float, amount: float) -> tuple[str, str, str]:
        money = words.money(amount, found.scenario.currency, brief=True)
        return words.whole_share(share), words.people(people), money

    for dimension in _DIMENSIONS:
        rows = lost[lost["dimension"] == dimension]
        for k, row in enumerate(rows.head(_ROWS).itertuples(index=False)):
            title = words.say(f"explain.dimension.{dimension}") if k == 0 else ""
            told = cells(float(row.share), float(row.lasting), float(row.amount))
            table.add_row(title, _cell(dimension, str(row.value), words), *told)
        if len(rows) > _ROWS:
            rest = rows.iloc[_ROWS:]
            told = cells(float(rest["share"].sum()), rest["lasting"].sum(), rest["amount"].sum())
            table.add_row("", words.say("explain.others", n=len(rest)), *told)
        table.add_section()
    return table


def _cell(dimension: str, value: str, words: Words) -> str:
    """Return a value of the table in words: a way, an outlet, a number of steps or a person."""
    if dimension == "outlet" and value != NO_OUTLET:
        return outlet_name(value, words)
    return words.text(f"explain.cell.{value.replace(' ', '_')}", value)


def _drawn(branch: Branch, total: float, branches: int, words: Words) -> Tree:
    """Return the busiest branches as a tree."""

    def said(branch: Branch) -> str:
        return f"{branch.label}: {words.people(branch.number)} ({words.whole_share(branch.number / total)})"

    def grow(tree: Tree, branch: Branch) -> None:
        for inner in branch.busiest(branches, _LEAST * total):
            grow(tree.add(said(inner)), inner)

    tree = Tree(said(branch))
    grow(tree, branch)
    return tree
