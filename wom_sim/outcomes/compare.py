"""Comparison of policies on the same people, ties and luck: summaries and paired differences as tables."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd

from wom_sim.outcomes.indicators import INDICATORS, Indicator
from wom_sim.outcomes.statistics import chance_interval, mean_interval, spread

COLUMNS = ("mean", "low", "high", "p05", "median", "p95", "n")


def _describe(values: np.ndarray, indicator: Indicator, paired: bool) -> dict[str, float]:
    if indicator.unit == "chance" and not paired:
        middle = chance_interval(values)
    else:
        middle = mean_interval(values)
    return dict(zip(COLUMNS, (*middle, *spread(values), int((~np.isnan(values)).sum())), strict=True))


def summary(replications: pd.DataFrame) -> pd.DataFrame:
    """Return a row for each policy and indicator: mean with 95 % interval, quantiles over replications.

    ``replications`` has columns policy, replication and one for each indicator.
    """
    rows = []
    for policy, group in replications.groupby("policy", sort=False):
        for indicator in INDICATORS:
            values = group[indicator.name].to_numpy(dtype=float)
            head = {
                "policy": policy,
                "indicator": indicator.name,
                "unit": indicator.unit,
                "better": indicator.direction,
            }
            rows.append(head | _describe(values, indicator, paired=False))
    return pd.DataFrame(rows)


def differences(replications: pd.DataFrame) -> pd.DataFrame:
    """Return a row for each pair of policies and indicator: the first minus the second, paired by luck.

    Every policy is compared with ``keep``, then with each policy listed after it.
    """
    wide = {
        str(policy): group.sort_values("replication").reset_index(drop=True)
        for policy, group in replications.groupby("policy", sort=False)
    }
    others = [name for name in wide if name != "keep"]
    pairs = [(name, "keep") for name in others if "keep" in wide] + list(combinations(others, 2))
    rows = []
    for first, second in pairs:
        for indicator in INDICATORS:
            gap = wide[first][indicator.name].to_numpy(dtype=float) - wide[second][indicator.name].to_numpy(dtype=float)
            head = {
                "policy": first, "against": second, "indicator": indicator.name, "label": indicator.label,
                "unit": indicator.unit, "better": indicator.direction,
            }  # fmt: skip
            rows.append(head | _describe(gap, indicator, paired=True))
    return pd.DataFrame(rows)
