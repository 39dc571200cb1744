"""How bad it may get: quantiles, the mean of the worst runs, exceedance, chance of coverage and of loss.

Every figure is told on the indicator's own scale, where net value above zero is good for the firm; so a policy that
gains in its worst runs shows a gain there. Every indicator is relative to keeping everyone on the same luck, so the
risk of a policy is the risk of its difference from ``keep``. Only a risk budget is told as a *loss*: what is bad for
the firm is positive (``losses``, ``expected_shortfall``, ``value_at_risk``).
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import pandas as pd

from wom_sim.outcomes.indicators import INDICATORS, MORE
from wom_sim.outcomes.statistics import CONFIDENCE, FEW, unseen
from wom_sim.outcomes.units import (
    NEWS,
    NOWHERE,
    STORY,
    Interval,
    Numbers,
    Units,
    independent_runs,
    share_interval,
    student_interval,
    units_of,
)

LEVEL = 0.95
"""Level of expected shortfall and value at risk: the worst 5 % of the runs."""
RISKY = ("net_value", "lost_profitable", "reputational_cost")
"""Indicators with a tail to look at."""
ENOUGH = 10
"""So many independent runs beyond the level are expected: below, a warning; below ``FEW`` no interval."""
_STEPS = 8
COLUMNS = ("policy", "indicator", "better", "measure", "value", "low", "high", "n", "warning")
Row = tuple[str, float, float, float, str]


class Unseen(NamedTuple):
    """What is rare and dear, "news" or "story" (``units.NEWS``, ``units.STORY``), and came in no run of these policies.

    ``most``: the chance with which it may come all the same, of a run (or a world), at 95 %.
    """

    event: str
    policies: list[str]
    most: float


def unseen_events(replications: pd.DataFrame) -> list[Unseen]:
    """Return what is rare and dear and came in no run of some policies, ``keep`` aside; no proof that it cannot."""
    found = []
    for event, column in (("news", NEWS), ("story", STORY)):
        quiet, most = [], 0.0
        for policy, runs in replications.groupby("policy", sort=False):
            if policy != "keep" and not runs[column].to_numpy(dtype=float).any():
                quiet.append(str(policy))
                most = max(most, unseen(int(units_of(runs).max()) + 1))
        found += [Unseen(event, quiet, most)] if quiet else []
    return found


def risk(replications: pd.DataFrame) -> pd.DataFrame:
    """Return a row for each policy, indicator and measure of risk.

    ``replications`` has columns policy, replication, perhaps world, and one for each indicator. Measures:
    ``median``, ``p05``, ``p95``; ``worst5``: the mean of the worst 5 % of the runs, those of the lowest values where
    ``better`` is "more" and of the highest where it is "less"; ``below_X`` or ``above_X``: chance of worse than X;
    ``chance_loss`` (of a net value below 0), ``chance_national`` (of national coverage). All are in the indicator's own
    unit and sign. ``low`` and ``high`` are a 95 % interval of the measure; NaN where the runs cannot give that end.
    """
    levels = {name: round_levels(losses(replications, name)) for name in RISKY}
    found = []
    for policy, runs in replications.groupby("policy", sort=False):
        unit = units_of(runs)
        for name in RISKY:
            values = runs[name].to_numpy(dtype=float) + 0.0  # no minus zero
            rows = [*spread_rows(values, unit), *tail_rows(values, unit, levels[name], _better(name))]
            if name == "net_value":
                rows.append(("chance_loss", *share_interval((values < 0).astype(float), unit), ""))
            found += [(policy, name, _better(name), *row[:4], len(runs), row[4]) for row in rows]
        chance = share_interval(runs[NEWS].to_numpy(dtype=float), unit)
        found.append((policy, NEWS, _better(NEWS), "chance_national", *chance, len(runs), ""))
    table = pd.DataFrame(found, columns=list(COLUMNS))
    kept = table["policy"] == "keep"  # not seen in so many runs, but so by construction
    for end in ("low", "high"):
        table[end] = table[end].where(~kept, table["value"])
    return table


def _better(indicator: str) -> str:
    return {i.name: i.direction for i in INDICATORS}[indicator]


def losses(runs: pd.DataFrame, indicator: str) -> Numbers:
    """Return an indicator as a loss: more is worse."""
    values = runs[indicator].to_numpy(dtype=float)
    return np.asarray((-values if _better(indicator) == MORE else values) + 0.0, dtype=np.float64)  # no minus zero


def spread_rows(values: Numbers, unit: Units) -> list[Row]:
    """Return median and 5-95 %, with intervals from order statistics."""
    marks = (("median", 0.5), ("p05", 0.05), ("p95", 0.95))
    return [
        (name, float(np.quantile(values, p)), *quantile_interval(values, p, unit), too_few(values, unit, min(p, 1 - p)))
        for name, p in marks
    ]


def tail_rows(values: Numbers, unit: Units, levels: Numbers, better: str) -> list[Row]:
    """Return the mean of the worst 5 % of the runs, and the chances of worse than each level of the loss."""
    turn = -1.0 if better == MORE else 1.0
    loss = turn * values + 0.0
    ends = sorted(turn * end for end in shortfall_interval(loss, LEVEL, unit))
    rows: list[Row] = [
        ("worst5", turn * expected_shortfall(loss, LEVEL) + 0.0, ends[0], ends[1], too_few(loss, unit, 1.0 - LEVEL))
    ]
    for level in sorted(turn * levels + 0.0):
        worse = values < level if better == MORE else values > level
        name = f"{'below' if better == MORE else 'above'}_{level:.12g}"
        rows.append((name, *share_interval(worse.astype(float), unit), ""))
    return rows


def value_at_risk(loss: Numbers, level: float, weights: Numbers | None = None) -> float:
    """Return the least loss that is not exceeded with chance ``level``. ``weights``: of the atoms; equal if left out.

    >>> value_at_risk(np.arange(1.0, 11.0), 0.9)
    9.0
    """
    order = np.argsort(loss, kind="stable")
    chances = _chances(loss, weights)[order]
    # Rounding must not push the level past the atom that reaches it exactly.
    at = int(np.searchsorted(np.cumsum(chances), level - 1e-12))
    return float(loss[order][min(at, len(loss) - 1)])


def expected_shortfall(loss: Numbers, level: float, weights: Numbers | None = None) -> float:
    """Return the mean of the worst share 1 - ``level``; the atom at the boundary counts with the fraction inside.

    Source: Rockafellar & Uryasev 2002, "Conditional value-at-risk for general loss distributions".

    >>> expected_shortfall(np.array([0.0, 0.0, 0.0, 10.0]), 0.5)
    5.0
    """
    at_risk = value_at_risk(loss, level, weights)
    beyond = np.maximum(loss - at_risk, 0.0)
    return at_risk + float((beyond * _chances(loss, weights)).sum()) / (1.0 - level)


def _chances(loss: Numbers, weights: Numbers | None) -> Numbers:
    return np.full(len(loss), 1.0 / len(loss)) if weights is None else weights / weights.sum()


def shortfall_interval(loss: Numbers, level: float, unit: Units) -> Interval:
    """Return the 95 % interval of the expected shortfall; none where fewer than five runs lie beyond the level.

    From the variance of its influence function, with as many degrees of freedom as there are runs beyond the level,
    less one. Source: Trindade et al. 2007; docs/DESIGN.md has the coverage measured against bootstraps.
    """
    beyond = tail_runs(loss, unit, 1.0 - level)
    if beyond < FEW:
        return NOWHERE
    at_risk = value_at_risk(loss, level)
    influence = at_risk + np.maximum(loss - at_risk, 0.0) / (1.0 - level)
    return student_interval(influence, unit, beyond - 1.0)


def quantile_interval(values: Numbers, p: float, unit: Units) -> Interval:
    """Return the 95 % interval of a quantile from order statistics; an end is NaN where no run lies far enough out.

    Free of any shape of distribution: the number of runs below the quantile is binomial. Where runs share worlds,
    ranks are those of the independent runs that would know the quantile as well.
    """
    from scipy.special import bdtr

    n, tail = len(values), (1.0 - CONFIDENCE) / 2
    if int(unit.max()) < 1:
        return NOWHERE
    ordered = np.sort(values)
    below = (values <= np.quantile(values, p)).astype(float)
    runs = max(1, math.floor(independent_runs(below, unit)))
    chance = bdtr(np.arange(runs), runs, p)  # of at most k below
    low = int((chance <= tail).sum())  # ranks from 1; 0 is before the first
    high = int((chance < 1.0 - tail).sum()) + 1
    down, up = math.floor(low * n / runs), math.ceil(high * n / runs)
    return (float(ordered[down - 1]) if down >= 1 else math.nan, float(ordered[up - 1]) if up <= n else math.nan)


def tail_runs(values: Numbers, unit: Units, tail: float) -> float:
    """Return how many independent runs are expected in a tail."""
    beyond = (values > np.quantile(values, 1.0 - tail)).astype(float)
    return round(independent_runs(beyond, unit) * tail, 9)


def too_few(values: Numbers, unit: Units, tail: float) -> str:
    """Return a warning if fewer than ten independent runs are expected in a tail, else nothing."""
    beyond = tail_runs(values, unit, tail)
    if beyond >= ENOUGH or np.ptp(values) == 0:
        return ""
    return f"about {beyond:.2g} of the runs in the outer {100 * tail:.0f} %: {ENOUGH / tail:.0f} would give ten"


def round_levels(loss: Numbers) -> Numbers:
    """Return round numbers from the least loss of all policies to the greatest: where exceedance is told."""
    low, high = float(loss.min()), float(loss.max())
    if low == high:
        return np.array([low])
    rough = (high - low) / _STEPS
    unit = 10.0 ** math.floor(math.log10(rough))
    step = next(unit * k for k in (1.0, 2.0, 2.5, 5.0, 10.0) if unit * k >= rough)
    steps = np.arange(math.floor(low / step), math.ceil(high / step) + 1, dtype=np.float64)
    return np.asarray(steps * step + 0.0, dtype=np.float64)
