"""Every output at every point: what each policy does there, and how policies differ on the same luck."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wom_sim.study.analysis.intervals import rows_interval
from wom_sim.study.analysis.study import KEEP, Response, Study


def points(study: Study) -> pd.DataFrame:
    """Return a row for each point, policy, ``against`` and output.

    ``against`` is the reference policy, or a policy listed before: then the row is a paired difference. Columns:
    mean with its 95 % interval over replications, quantiles of the runs, n, and the factors.
    """
    parts = []
    for output in study.outputs:
        values = {policy: study.values(policy, output) for policy in study.policies}
        base = 0.0 if study.reference == KEEP else study.values(study.reference, output)
        for policy, own in values.items():
            paired = study.reference != KEEP
            parts.append(_part(study, Response(policy, output, own - base, paired), study.reference))
        for earlier, later in combinations(values, 2):
            gap = Response(later, output, values[later] - values[earlier], paired=True)
            parts.append(_part(study, gap, earlier))
    return pd.concat(parts, ignore_index=True).astype({"n": int})


def _part(study: Study, response: Response, against: str) -> pd.DataFrame:
    """Return the rows of one response, a point each."""
    described: dict[str, NDArray[np.float64]] = rows_interval(response.runs, response.chance, response.signed)
    names = {"point": study.design["point"], "policy": response.policy, "against": against, "output": response.output}
    factors = {f.key: study.design[f.key] for f in study.factors}
    return pd.DataFrame(names | described | factors)
