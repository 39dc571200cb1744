"""What ``compare`` says about risk, and about pairs that are not settled, below its table of means."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

from rich.table import Table

if TYPE_CHECKING:
    import pandas as pd

    from wom_sim.study import Comparison

_SHOWN = {
    "median": ("net_value", "net value,\nmedian"),
    "var95": ("net_value", "value at risk\n95 % (loss)"),
    "es95": ("net_value", "expected shortfall\n95 % (loss)"),
    "chance_loss": ("net_value", "chance of\nnet loss"),
    "chance_national": ("national_coverage", "chance of\nnational news"),
}
_MANY = 100_000
"""So many replications or more: the policies are as good as equal, and more runs are no remedy."""


def risk_table(found: Comparison) -> Table:
    """Return a row for each policy but ``keep``, whose figures are all 0."""
    from wom_sim.words.figures import Figures

    risk, figures = found.risk, Figures.plain(found.scenario.currency)

    def money(value: float) -> str:
        return figures.money(value, brief=True)

    table = Table(title="Risk: net value; a loss below 0 is a gain (95 % interval)", padding=(0, 0))
    table.add_column("policy")
    for _, heading in _SHOWN.values():
        table.add_column(heading, justify="right")
    indexed = risk.set_index(["policy", "indicator", "measure"])
    for policy in found.policies[1:]:
        cells = []
        for measure, (indicator, _) in _SHOWN.items():
            row = indexed.loc[(policy, indicator, measure)]
            cells.append(cell(row, percent if measure.startswith("chance") else money))
        table.add_row(policy, *cells)
    return table


def cell(row: pd.Series, tell: Callable[[float], str]) -> str:
    """Return a figure with its interval, as far as there is one."""
    value, low, high = (float(row[name]) for name in ("value", "low", "high"))
    if math.isnan(low) and math.isnan(high):
        return f"{tell(value)}\n(no interval)"
    if math.isnan(low):
        return f"{tell(value)}\n(at most {tell(high)})"
    if math.isnan(high):
        return f"{tell(value)}\n(at least {tell(low)})"
    return tell(value) if low == high else f"{tell(value)}\n({tell(low).removesuffix(' %')} to {tell(high)})"


def percent(chance: float) -> str:
    """Return a chance as a percentage."""
    return f"{100 * chance:.0f} %"


def warnings(found: Comparison) -> list[str]:
    """Return what the runs are too few for: the tail, and pairs that are not settled."""
    risk, runs = found.risk, found.scenario.run.replications
    said = []
    if (risk["warning"].ne("") & risk["measure"].eq("es95") & risk["indicator"].eq("net_value")).any():
        beyond = 0.05 * runs
        said.append(
            f"Too few replications for the tail: of {runs} about {beyond:.2g} lie{'s' if beyond <= 1 else ''} in the "
            f"worst 5 %; 200 would give ten."
        )
    pairs = found.paired
    net = pairs[(pairs["indicator"] == "net_value") & (pairs["settled"] != "settled")]
    return said + [_unsettled(row, runs) for _, row in net.iterrows()]


def _unsettled(row: pd.Series, runs: int) -> str:
    pair = f"{row['policy']} and {row['against']}"
    needed = float(row["replications_needed"])
    if math.isnan(needed):
        return f"Net value of {pair}: one replication says nothing about chance."
    if math.isinf(needed):
        return f"Net value of {pair}: no difference seen, so no number of replications would settle it."
    if needed >= _MANY:
        return f"Net value of {pair}: as good as equal; more replications are no remedy."
    more = math.ceil(needed) - runs
    return (
        f"Net value of {pair}: undecided; about {needed:,.0f} replications would settle it (--add-replications {more})."
    )
