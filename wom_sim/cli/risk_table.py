"""What ``compare`` says about risk, and about pairs that are not settled, below its table of means."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from rich.table import Table

from wom_sim.words import ENGLISH, Words

if TYPE_CHECKING:
    import pandas as pd

    from wom_sim.study.compare import Comparison
    from wom_sim.words.figures import Figures

_SHOWN = {
    "median": "net_value", "p05": "net_value", "worst5": "net_value", "chance_loss": "net_value",
    "chance_national": "national_coverage",
}  # fmt: skip
_MANY = 100_000
"""So many replications or more: the policies are as good as equal, and more runs are no remedy."""


def risk_table(found: Comparison, words: Words = ENGLISH) -> Table:
    """Return a row for each policy but ``keep``, whose figures are all 0."""
    from wom_sim.scenario.figures import figures_on_terminal

    figures = figures_on_terminal(found.scenario, words)
    table = Table(title=words.say("compare.risk.title", over=figures.over), padding=(0, 0))
    table.add_column(words.say("compare.policy"))
    for measure in _SHOWN:
        table.add_column(words.say(f"compare.risk.{measure}"), justify="right")
    indexed = found.risk.set_index(["policy", "indicator", "measure"])
    for policy in found.policies[1:]:
        cells = []
        for measure, indicator in _SHOWN.items():
            row = indexed.loc[(policy, indicator, measure)]
            cells.append(cell(row, "chance" if measure.startswith("chance") else "currency", figures))
        table.add_row(words.policy_typed(policy), *cells)
    return table


def cell(row: pd.Series, unit: str, figures: Figures) -> str:
    """Return a figure, money with its sign, and below it the interval as far as there is one."""
    value, low, high = (float(row[name]) for name in ("value", "low", "high"))
    bound = unit == "chance" and value in (0.0, 1.0)
    told = figures.known(low, high, unit, "bound" if bound else "interval", 0, brief=True)
    first = figures.value(value, unit) if unit == "chance" else figures.difference(value, unit, brief=True)
    if low == high:
        return first
    return f"{first}\n({told or figures.words.say('compare.risk.no_interval')})"


def warnings(found: Comparison, words: Words = ENGLISH) -> list[str]:
    """Return what the runs are too few for: the tail, and pairs that are not settled."""
    risk, runs = found.risk, found.scenario.run.replications
    said = []
    if (risk["warning"].ne("") & risk["measure"].eq("worst5") & risk["indicator"].eq("net_value")).any():
        beyond = 0.05 * runs
        about = f"{beyond:.2g}" if words.lang == "en" else words.number(float(f"{beyond:.2g}"))
        said.append(words.say(f"compare.tail_{'one' if beyond <= 1 else 'many'}", runs=runs, n=about))
    said += _unseen(found, words)
    pairs = found.paired_in("net_value")
    net = pairs[pairs["settled"] != "settled"]
    return said + [_unsettled(row, runs, words) for _, row in net.iterrows()]


def _unseen(found: Comparison, words: Words) -> list[str]:
    """Return what is rare and dear and came in no run, in the words of the report."""
    from wom_sim.outcomes.risk import unseen_events
    from wom_sim.study.risk_words import unseen_words

    return unseen_words(unseen_events(found.replications), words)


def _unsettled(row: pd.Series, runs: int, words: Words) -> str:
    pair = {"first": words.policy_typed(row["policy"]), "second": words.policy_typed(row["against"])}
    needed = float(row["replications_needed"])
    if math.isnan(needed):
        return words.say("compare.pair.single", **pair)
    if math.isinf(needed):
        return words.say("compare.pair.same", **pair)
    if needed >= _MANY:
        return words.say("compare.pair.equal", **pair)
    more = math.ceil(needed) - runs
    return words.say("compare.pair.undecided", **pair, about=words.number(needed), more=more)
