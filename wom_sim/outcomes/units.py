"""The unit of chance: a replication; or a world, where parameters were drawn and its replications share them.

Runs of one world are dependent, so an interval that counted them one by one would be too short. Everything here
takes ``unit``, the number of the unit of each run; where each run is a unit of its own, formulas are the usual ones.
``known`` is the one place that chooses an interval by what an indicator is, and says whether it is one.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wom_sim.outcomes import statistics
from wom_sim.outcomes.indicators import REPUTATION, Indicator
from wom_sim.outcomes.statistics import FEW, share_ends, student_ends
from wom_sim.world import trace as tr

Numbers = NDArray[np.float64]
Units = NDArray[np.int64]
Interval = tuple[float, float]
NOWHERE: Interval = (math.nan, math.nan)

INTERVAL, BOUND, QUIET, SELDOM = "interval", "bound", "quiet", "seldom"
NONE_SEEN, SAME, EXACT, ONE_RUN = "none seen", "same", "exact", "one run"
"""What the ends of a mean are. ``interval``: of 95 %. ``bound``: they hold at least as surely, but rest on something
seen in fewer than five runs. ``quiet``: an interval for runs like these, for something that would move the mean, as the
national news or a customer lost would, came in none of them. ``seldom``: most of what is seen came in fewer than five
runs; no ends. ``none seen``: 0 in every run, which does not tell how much it may be; no ends. ``same``: the same in
every run. ``exact``: so by construction, as all is under ``keep``. ``one run``: no ends."""
NEWS, STORY = "national_coverage", "lost_to_story"
"""What may be rare and dear: a run that makes the national news, or loses a profitable customer to what they heard."""
MOVED = (*tr.PROFIT_LOST, "profit_kept", "others_left", "joins", "authority")
"""Lines of the ledger that the behaviour of few people may move; what the firm itself does comes in every run."""
_COSTS = (
    *tr.PROFIT_LOST, "calls_told", "calls_hearers", "given", "handling", "programme", "response", "authority",
)  # fmt: skip
"""Lines of the ledger that are never above zero."""
_HALF = 0.5
"""Assumption: a part that makes up more of the variance than this decides the mean."""


class Known(NamedTuple):
    """A mean, the ends of what is known of it, and what these ends are (``kind``, see ``INTERVAL``)."""

    mean: float
    low: float
    high: float
    kind: str


def occasions(replications: pd.DataFrame) -> list[str]:
    """Return the columns that say which luck a run had: replication, and the world if worlds were drawn."""
    return ["world", "replication"] if "world" in replications.columns else ["replication"]


def units_of(runs: pd.DataFrame) -> Units:
    """Return the number of the unit of each run: its world if there is one, else the run itself."""
    if "world" in runs.columns:
        return np.unique(runs["world"].to_numpy(), return_inverse=True)[1].astype(np.int64)
    return np.arange(len(runs), dtype=np.int64)


# -- what is known of a mean ---------------------------------------------------------------------------------


def known(values: Numbers, unit: Units, indicator: Indicator, rare: Sequence[Numbers] = ()) -> Known:
    """Return what the runs tell of the mean of an indicator.

    ``rare``: what may be rare and dear (``rare_of``), a column each, 0 in the runs in which it did not come. Runs in
    which the indicator is NaN, as the day of news that never came, are left out.
    """
    there = ~np.isnan(values)
    values, unit, rare = values[there], _renumbered(unit[there]), [part[there] for part in rare]
    if indicator.unit == "chance":
        share, low, high = share_interval(values, unit)
        return Known(share, low, high, INTERVAL if 0.0 < share < 1.0 else BOUND if len(values) else ONE_RUN)
    mean = float(values.mean()) + 0.0 if len(values) else math.nan
    if len(values) == 0 or unit.max() == 0:
        return Known(mean, *NOWHERE, ONE_RUN)
    kind = _kind(values, unit, "currency" in indicator.unit, rare)
    if kind in (NONE_SEEN, SELDOM):
        return Known(mean, *NOWHERE, kind)
    if kind == SAME:
        return Known(mean, mean, mean, kind)
    low, high = mean_interval(values, unit, indicator.signed or bool((values < 0.0).any()))
    if kind == BOUND and not indicator.signed and _is_rare(values, unit):
        low = 0.0
    if indicator.name in _COSTS and indicator.unit == "currency" and values.max() <= 0.0:
        high = min(high, 0.0)
    return Known(mean, low, high, kind)


def _kind(values: Numbers, unit: Units, money: bool, rare: Sequence[Numbers]) -> str:
    """Return what can be told of a mean: whether all, or what decides it, was seen in enough runs."""
    if not values.any():
        return NONE_SEEN
    if np.ptp(values) == 0.0:
        return SAME
    if _is_rare(values, unit):
        return SELDOM if money else BOUND
    seldom = [part for part in rare if _is_rare(part, unit)]
    if seldom and _share_of_variance(np.sum(seldom, axis=0), values) > _HALF:
        return SELDOM
    if any(not part.any() for part in rare):
        return QUIET
    return BOUND if seldom else INTERVAL


def _is_rare(values: Numbers, unit: Units) -> bool:
    """Return whether something is not 0 in some units, in fewer than five, and not in all."""
    count, hit = int(unit.max()) + 1, unit[values != 0.0]
    return 0 < (len(hit) if count == len(unit) else len(np.unique(hit))) < min(FEW, count)


def _share_of_variance(part: Numbers, values: Numbers) -> float:
    """Return how much of the variance of the values a part of them makes up, whichever its sign."""
    apart = values - values.mean()
    return abs(float((part * apart).sum() / (apart**2).sum()))


def known_gap(a: Numbers, b: Numbers, unit: Units, indicator: Indicator, rare: Sequence[Numbers] = ()) -> Known:
    """Return what the runs tell of the mean difference of an indicator, first less second, on the same luck.

    Where the second is 0 in every run, as under ``keep``, the difference is the first, and is known as that is.
    """
    if np.nan_to_num(b).any():
        indicator = indicator._replace(unit=f"difference of {indicator.unit}")
    return known(a - b, unit, indicator, rare)


def rare_of(runs: pd.DataFrame, indicator: Indicator, against: pd.DataFrame | None = None) -> list[Numbers]:
    """Return what an indicator hangs on that may be rare and dear: national news, and lines of the ledger of its sum.

    ``against``: for a difference, the runs of the other policy on the same luck; then it is what differs.
    """
    found = []
    for name in rare_names(indicator):
        if name in runs:
            values = runs[name].to_numpy(dtype=float)
            found.append(values if against is None else values - against[name].to_numpy(dtype=float))
    return found


def rare_names(indicator: Indicator) -> list[str]:
    """Return the names of the indicators on which one hangs that may be rare and dear."""
    lines = {"net_value": MOVED, "reputational_cost": tuple(tr.LEDGER_NAMES[k] for k in REPUTATION)}
    return [name for name in (NEWS, *lines.get(indicator.name, ())) if name != indicator.name]


def _renumbered(unit: Units) -> Units:
    return np.unique(unit, return_inverse=True)[1].astype(np.int64)


# -- intervals -----------------------------------------------------------------------------------------------


def by_unit(values: Numbers, unit: Units) -> Numbers:
    """Return a number for each unit: their mean is that of the runs, and their spread that which its error rests on.

    Where all units have as many runs, these are the means of the units. Source: the ratio estimator of cluster
    sampling (Cochran 1977, "Sampling Techniques", chapter 9A), as pseudo-values.
    """
    mean, sizes = float(values.mean()), np.bincount(unit)
    apart = np.bincount(unit, weights=values - mean)
    return np.asarray(mean + apart * len(sizes) / len(values), dtype=np.float64)


def standard_error(values: Numbers, unit: Units) -> float:
    """Return the standard error of the mean when runs of one unit are dependent; NaN for a single unit."""
    if not len(unit) or unit.max() == 0:
        return math.nan
    each = by_unit(values, unit)
    return float(each.std(ddof=1) / np.sqrt(len(each)))


def mean_interval(values: Numbers, unit: Units, signed: bool = True) -> Interval:
    """Return the 95 % interval of the mean. ``signed``: whether the outcome may be below zero."""
    if not len(unit) or unit.max() == 0:
        return NOWHERE
    return statistics.mean_interval(by_unit(values, unit), signed)[1:]


def student_interval(values: Numbers, unit: Units, freedom: float) -> Interval:
    """Return Student's 95 % interval of a mean with ``freedom`` degrees of freedom."""
    error = standard_error(values, unit)
    if math.isnan(error):
        return NOWHERE
    low, high = student_ends(np.asarray(values.mean()), np.asarray(error), freedom)
    return float(low), float(high)


def independent_runs(happened: Numbers, unit: Units) -> float:
    """Return how many independent runs would know a share as well as these do.

    That is their number over the design effect, at least the number of units and at most that of runs. A share
    of 0 or 1 shows no dependence; then only units count.
    """
    count, n = int(unit.max()) + 1, len(happened)
    if count == n:
        return float(n)
    share = float(happened.mean())
    error = standard_error(happened, unit)
    if math.isnan(error) or error == 0.0 or share in (0.0, 1.0):
        return float(count)
    return float(np.clip(share * (1.0 - share) / error**2, count, n))


def share_interval(happened: Numbers, unit: Units) -> tuple[float, float, float]:
    """Return the share of runs in which something happened, with its 95 % interval; of none or all of them, a bound.

    A tie may count half. See ``statistics.share_ends``.
    """
    if not len(happened):
        return math.nan, *NOWHERE
    n = independent_runs(happened, unit)
    share = float(happened.mean())
    low, high = share_ends(share * n if share < 1.0 else n, n)
    return share, float(low), float(high)
