"""Pairs of policies on common luck: how far apart, how sure, and how many replications would settle it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wom_sim.outcomes.indicators import MORE, NEITHER, Indicator
from wom_sim.outcomes.own import every_in
from wom_sim.outcomes.statistics import CONFIDENCE
from wom_sim.outcomes.units import (
    NONE_SEEN,
    NOWHERE,
    ONE_RUN,
    Interval,
    Known,
    Numbers,
    Units,
    known_gap,
    occasions,
    rare_of,
    share_interval,
    units_of,
)

POWER = 0.8
"""Chance with which ``replications_needed`` would settle a pair, were the difference what was seen."""
SETTLED, UNDECIDED = "settled", "undecided"
NO_DIFFERENCE, NOTHING_SAID = "undecidable: no difference seen", "one replication says nothing"
_MOST = 10**9
COLUMNS = (
    "policy", "against", "indicator", "mean", "low", "high", "probability_better", "probability_low",
    "probability_high", "ties", "correlation", "variance_reduction", "reduction_low", "reduction_high",
    "replications_needed", "n", "settled", "kind",
)  # fmt: skip


def pairs(replications: pd.DataFrame) -> list[tuple[str, str]]:
    """Return each policy with ``keep``, then with each policy listed after it."""
    names = [str(name) for name in replications["policy"].unique()]
    others = [name for name in names if name != "keep"]
    return [(name, "keep") for name in others if "keep" in names] + list(combinations(others, 2))


def paired(replications: pd.DataFrame, only: str | None = None) -> pd.DataFrame:
    """Return a row for each pair of policies and indicator, or for each pair in the indicator ``only``.

    ``replications`` has columns policy, replication, perhaps world, and one for each indicator. ``mean``, ``low``,
    ``high``: the difference, first less second, on common luck. ``probability_better``: share of runs in which the
    first is better for the firm, ties half (``ties`` is their share); NaN where no direction is better.
    ``variance_reduction``: variance of the difference on independent luck over that on common luck.
    NaN against ``keep``, whose zeros vary with no luck: that gain is inside each run. ``replications_needed``: in
    all; see ``needed``. Where worlds were drawn, the unit is the world.
    """
    table = pd.DataFrame(
        [
            {
                "policy": pair.policies[0],
                "against": pair.policies[1],
                "indicator": pair.indicator.name,
                **compared(*pair.there(), rare=pair.rare_there()),
            }
            for pair in matched(replications, only)
        ],
        columns=list(COLUMNS),
    )
    table.loc[table["against"] == "keep", ["variance_reduction", "reduction_low", "reduction_high"]] = math.nan
    return table


class Pair(NamedTuple):
    """Two policies and an indicator: values of both on the same luck, units, and what is rare and dear."""

    policies: tuple[str, str]
    indicator: Indicator
    a: Numbers
    b: Numbers
    unit: Units
    rare: Sequence[Numbers]

    def there(self) -> tuple[Numbers, Numbers, Units, Indicator]:
        """Return the values of both where both have one, with their units."""
        seen = self._seen()
        unit = np.unique(self.unit[seen], return_inverse=True)[1].astype(np.int64)
        return self.a[seen], self.b[seen], unit, self.indicator

    def rare_there(self) -> list[Numbers]:
        """Return the rare events of these runs."""
        return [event[self._seen()] for event in self.rare]

    def _seen(self) -> NDArray[np.bool_]:
        return np.asarray(~(np.isnan(self.a) | np.isnan(self.b)))


def matched(replications: pd.DataFrame, only: str | None = None) -> Iterator[Pair]:
    """Yield each pair of policies and indicator, or ``only`` that, with the values of both on the same luck."""
    keys = occasions(replications)
    wide = {str(name): group.set_index(keys) for name, group in replications.groupby("policy", sort=False)}
    for first, second in pairs(replications):
        a, b = wide[first], wide[second]
        shared = a.index.intersection(b.index)
        a, b = a.loc[shared], b.loc[shared]
        unit = units_of(a.reset_index())
        for indicator in every_in(a.columns):
            if indicator.name in a.columns and only in (None, indicator.name):
                left, right = (side[indicator.name].to_numpy(dtype=float) for side in (a, b))
                yield Pair((first, second), indicator, left, right, unit, rare_of(a, indicator, b))


def compared(
    a: Numbers, b: Numbers, unit: Units, indicator: Indicator, rare: Sequence[Numbers] = ()
) -> dict[str, float | int | str]:
    """Return what is known of the difference of two policies in one indicator, on the same luck."""
    gap = a - b
    found = known_gap(a, b, unit, indicator, rare)
    better, better_low, better_high = probability_better(gap, unit, indicator.direction)
    reduction, reduction_low, reduction_high = variance_reduction(a, b, unit)
    state = state_of(found)
    return {
        **found._asdict(),
        "probability_better": better,
        "probability_low": better_low,
        "probability_high": better_high,
        "ties": float((gap == 0).mean()) if len(gap) else math.nan,
        "correlation": correlation(a, b),
        "variance_reduction": reduction,
        "reduction_low": reduction_low,
        "reduction_high": reduction_high,
        "replications_needed": needed(gap, unit, state),
        "n": len(gap),
        "settled": state,
    }


def probability_better(gap: Numbers, unit: Units, direction: str) -> tuple[float, float, float]:
    """Return the share of runs in which the first policy is better, ties counted half, with its interval."""
    if direction == NEITHER or not len(gap):
        return math.nan, *NOWHERE
    ahead = gap if direction == MORE else -gap
    return share_interval((ahead > 0) + 0.5 * (ahead == 0), unit)


def correlation(a: Numbers, b: Numbers) -> float:
    """Return the correlation over runs; NaN where one of them does not vary."""
    if len(a) < 2 or np.ptp(a) == 0 or np.ptp(b) == 0:
        return math.nan
    return float(np.corrcoef(a, b)[0, 1])


def variance_reduction(a: Numbers, b: Numbers, unit: Units) -> tuple[float, float, float]:
    """Return (var a + var b) / var (a - b), with a 95 % interval: so many times the runs independent luck would take.

    NaN where nothing varies, infinite where both vary alike. Source of the interval: jackknife of the logarithm,
    a unit at a time (Efron & Tibshirani 1993, chapter 11).
    """
    if len(a) < 2:
        return math.nan, *NOWHERE
    apart, together = float(a.var(ddof=1) + b.var(ddof=1)), float((a - b).var(ddof=1))
    if together == 0.0:
        return (math.nan if apart == 0.0 else math.inf), *NOWHERE
    low, high = _jackknife(a, b, unit, math.log(apart / together)) if apart else NOWHERE
    return apart / together, low, high


def _jackknife(a: Numbers, b: Numbers, unit: Units, log_ratio: float) -> Interval:
    from scipy.special import stdtrit

    count = int(unit.max()) + 1
    if count < 3:
        return NOWHERE
    with np.errstate(divide="ignore", invalid="ignore"):
        without = np.log((_variance_without(a, unit) + _variance_without(b, unit)) / _variance_without(a - b, unit))
    if not np.isfinite(without).all():
        return NOWHERE
    error = math.sqrt((count - 1) / count * float(((without - without.mean()) ** 2).sum()))
    half = float(stdtrit(count - 1, 0.5 + CONFIDENCE / 2)) * error
    return math.exp(log_ratio - half), math.exp(log_ratio + half)


def _variance_without(values: Numbers, unit: Units) -> Numbers:
    """Return the variance of the values without those of each unit in turn."""
    near = values - values.mean()
    size = len(near) - np.bincount(unit)
    total = near.sum() - np.bincount(unit, weights=near)
    squares = (near**2).sum() - np.bincount(unit, weights=near**2)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray((squares - total**2 / size) / (size - 1), dtype=np.float64)


def state_of(found: Known) -> str:
    """Return whether a difference is settled: whether its 95 % interval excludes 0."""
    if found.kind == ONE_RUN:
        return NOTHING_SAID
    if found.low > 0 or found.high < 0:
        return SETTLED
    return NO_DIFFERENCE if found.kind == NONE_SEEN or found.mean == 0.0 else UNDECIDED


def needed(gap: Numbers, unit: Units, state: str = UNDECIDED) -> float:
    """Return how many replications in all would settle a difference; those made if it is settled.

    With so many the 95 % interval excludes 0 with a chance of 80 %, were mean and spread of the difference what was
    seen. They are estimates, so this is an order of magnitude. Infinite where no difference was seen, NaN after one
    replication. Where worlds were drawn, it counts runs with as many runs a world as there were.
    Source: Chow, Shao & Wang 2008, "Sample Size Calculations in Clinical Research" (paired t test).
    """
    from scipy.special import stdtrit

    if state != UNDECIDED:
        return {SETTLED: float(len(gap)), NO_DIFFERENCE: math.inf}.get(state, math.nan)
    count = int(unit.max()) + 1
    means = np.bincount(unit, weights=gap) / np.bincount(unit)
    ratio = float(means.std(ddof=1)) / abs(float(gap.mean()))
    units = count
    for _ in range(100):
        wanted = math.ceil(
            min(_MOST, (float(stdtrit(units - 1, 0.5 + CONFIDENCE / 2) + stdtrit(units - 1, POWER)) * ratio) ** 2)
        )
        if wanted == units:
            break
        units = max(2, wanted)
    return float(max(count + 1, units) * len(gap) // count)
