"""What ``compare`` says about risk, and about pairs that are not settled, below its table of means."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from rich.table import Table

if TYPE_CHECKING:
    import pandas as pd

    from wom_sim.study import Comparison
    from wom_sim.words.figures import Figures

_SHOWN = {
    "median": ("net_value", "median"),
    "p05": ("net_value", "5 % of runs\nare below"),
    "worst5": ("net_value", "worst 5 % of\nruns, mean"),
    "chance_loss": ("net_value", "chance of\nnet loss"),
    "chance_national": ("national_coverage", "chance of\nnational news"),
}
_MANY = 100_000
"""So many replications or more: the policies are as good as equal, and more runs are no remedy."""


def risk_table(found: Comparison) -> Table:
    """Return a row for each policy but ``keep``, whose figures are all 0."""
    from wom_sim.scenario.figures import figures_for

    figures = figures_for(found.scenario)
    title = f"Risk: net value{figures.over}; above 0 is a gain, below 0 a loss (95 % interval)"
    table = Table(title=title, padding=(0, 0))
    table.add_column("policy")
    for _, heading in _SHOWN.values():
        table.add_column(heading, justify="right")
    indexed = found.risk.set_index(["policy", "indicator", "measure"])
    for policy in found.policies[1:]:
        cells = []
        for measure, (indicator, _) in _SHOWN.items():
            row = indexed.loc[(policy, indicator, measure)]
            cells.append(cell(row, "chance" if measure.startswith("chance") else "currency", figures))
        table.add_row(policy, *cells)
    return table


def cell(row: pd.Series, unit: str, figures: Figures) -> str:
    """Return a figure, money with its sign, and below it the interval as far as there is one."""
    value, low, high = (float(row[name]) for name in ("value", "low", "high"))
    bound = unit == "chance" and value in (0.0, 1.0)
    told = figures.known(low, high, unit, "bound" if bound else "interval", 0, brief=True)
    first = figures.value(value, unit) if unit == "chance" else figures.difference(value, unit, brief=True)
    if low == high:
        return first
    return f"{first}\n({told or 'no interval'})"


def warnings(found: Comparison) -> list[str]:
    """Return what the runs are too few for: the tail, and pairs that are not settled."""
    risk, runs = found.risk, found.scenario.run.replications
    said = []
    if (risk["warning"].ne("") & risk["measure"].eq("worst5") & risk["indicator"].eq("net_value")).any():
        beyond = 0.05 * runs
        said.append(
            f"Too few replications for the tail: of {runs} about {beyond:.2g} lie{'s' if beyond <= 1 else ''} in the "
            f"worst 5 %; 200 would give ten."
        )
    said += _unseen(found)
    pairs = found.paired
    net = pairs[(pairs["indicator"] == "net_value") & (pairs["settled"] != "settled")]
    return said + [_unsettled(row, runs) for _, row in net.iterrows()]


def _unseen(found: Comparison) -> list[str]:
    """Return what is rare and dear and came in no run, in the words of the report."""
    from wom_sim.outcomes.risk import unseen_events
    from wom_sim.study.risk_words import unseen_words
    from wom_sim.words import Words

    return unseen_words(unseen_events(found.replications), Words("en"))


def _unsettled(row: pd.Series, runs: int) -> str:
    from wom_sim.words import Words

    pair = f"{row['policy']} and {row['against']}"
    needed = float(row["replications_needed"])
    if math.isnan(needed):
        return f"Net value of {pair}: one replication says nothing about chance."
    if math.isinf(needed):
        return f"Net value of {pair}: no difference seen, so no number of replications would settle it."
    if needed >= _MANY:
        return f"Net value of {pair}: as good as equal; more replications are no remedy."
    more = math.ceil(needed) - runs
    about = Words("en").number(needed)
    return (
        f"Net value of {pair}: undecided; if the difference is as it looks now, about {about} replications would "
        f"probably settle it (--add-replications {more})."
    )
