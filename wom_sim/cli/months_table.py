"""What ``compare`` says about when the money comes, below its table of means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table

from wom_sim.words import ENGLISH, Words

if TYPE_CHECKING:
    from wom_sim.study.compare import Comparison


def months_table(found: Comparison, words: Words = ENGLISH) -> Table:
    """Return a row for each policy but ``keep``: first year in cash, month of payback, value to the horizon and beyond.

    The columns are those of the report.
    """
    from wom_sim.scenario.figures import figures_on_terminal

    figures = figures_on_terminal(found.scenario, words)
    say = figures.words.say
    table = Table(title=say("months.table"), padding=(0, 0))
    table.add_column(say("compare.policy"))
    heads = ("first_year", "payback", "horizon", "lifetime")
    for name in heads:
        over = {"over": figures.over} if name == "horizon" else {}
        table.add_column(say(f"months.{name}", **over), justify="right")
    indexed = found.summary.set_index(["policy", "indicator"])
    for policy in found.policies[1:]:
        cash, back, value, lifetime = (
            indexed.loc[(policy, name)] for name in ("first_year_cash", "payback_month", "net_value", "lifetime_value")
        )
        told = [figures.value(float(row["mean"]), "currency", brief=True) for row in (cash, value, lifetime)]
        paid = figures.paid_back(float(back["median"]), int(back["n"]), int(value["n"]))
        table.add_row(words.policy_typed(policy), told[0], paid, *told[1:])
    return table
