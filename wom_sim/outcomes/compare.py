"""Comparison of policies on the same people, ties and luck: summaries and paired differences as tables."""

from __future__ import annotations

import numpy as np
import pandas as pd

from wom_sim.outcomes.own import every_in
from wom_sim.outcomes.paired import matched
from wom_sim.outcomes.statistics import spread
from wom_sim.outcomes.units import EXACT, Known, Numbers, Units, known, known_gap, rare_of, units_of

COLUMNS = ("mean", "low", "high", "p05", "median", "p95", "n", "kind")


def _described(values: Numbers, unit: Units, found: Known) -> dict[str, float | str]:
    units = len(np.unique(unit[~np.isnan(values)]))
    row = (found.mean, found.low, found.high, *spread(values), units, found.kind)
    return dict(zip(COLUMNS, row, strict=True))


def summary(replications: pd.DataFrame) -> pd.DataFrame:
    """Return a row for each policy and indicator: mean with 95 % interval, quantiles over runs.

    ``replications`` has columns policy, replication, perhaps world, and one for each indicator. ``n``: independent
    runs, which is worlds where these were drawn. ``kind`` says what ``low`` and ``high`` are (``units.INTERVAL``);
    under ``keep``, to which all is relative, everything is exactly 0.
    """
    rows = []
    for policy, group in replications.groupby("policy", sort=False):
        unit = units_of(group)
        for indicator in every_in(group.columns):
            values = group[indicator.name].to_numpy(dtype=float)
            found = known(values, unit, indicator, rare_of(group, indicator))
            if policy == "keep" and len(values):
                found = Known(found.mean, found.mean, found.mean, EXACT)
            head: dict[str, float | str] = {
                "policy": str(policy), "indicator": indicator.name, "unit": indicator.unit,
                "better": indicator.direction,
            }  # fmt: skip
            rows.append(head | _described(values, unit, found))
    return pd.DataFrame(rows)


def differences(replications: pd.DataFrame) -> pd.DataFrame:
    """Return a row for each pair of policies and indicator: the first minus the second, paired by luck.

    Every policy is compared with ``keep``, then with each policy listed after it.
    """
    rows = []
    for pair in matched(replications):
        found = known_gap(pair.a, pair.b, pair.unit, pair.indicator, pair.rare)
        head: dict[str, float | str] = {
            "policy": pair.policies[0], "against": pair.policies[1], "indicator": pair.indicator.name,
            "label": pair.indicator.label, "unit": pair.indicator.unit, "better": pair.indicator.direction,
        }  # fmt: skip
        rows.append(head | _described(pair.a - pair.b, pair.unit, found))
    return pd.DataFrame(rows)
