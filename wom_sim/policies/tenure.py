"""How long somebody has been a customer."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wom_sim._compile import kernel
from wom_sim.rules.calls import months_special
from wom_sim.world.listed import Listed
from wom_sim.world.luck import Purpose, uniform
from wom_sim.world.people import People

_TENURE, _TENURE_SEED = int(Purpose.TENURE), 0
"""How long somebody has been a customer is a fact, not luck: the same in every replication, whatever its seed."""
_LONGEST_TENURE = 240
"""Months. Assumption: no firm has had its customers for longer."""


@kernel
def _tenures(people: People, who: NDArray[np.int64], seed: int) -> NDArray[np.int64]:
    out = np.empty(who.size, dtype=np.int64)
    for k in range(who.size):
        out[k] = months_special(uniform(seed, _TENURE, who[k], 0, 0), np.float64(people[who[k]].churn)) - 1
    return np.minimum(out, _LONGEST_TENURE)


def tenures(people: People, who: NDArray[np.int64], listed: Listed | None = None) -> NDArray[np.int64]:
    """Return for how many whole months each of ``who`` has been a customer at the start.

    Where the firm's table does not know, it is drawn for each person by a luck of their own. Who leaves at a constant
    hazard has been there, in a steady market, n months with chance (1 - churn)^n; nobody longer than twenty years.
    Assumption.
    """
    drawn = np.asarray(_tenures(people, np.ascontiguousarray(who), np.uint64(_TENURE_SEED)))
    if listed is None:
        return drawn
    known = listed.values("tenure_months", who)
    return np.where(np.isnan(known), drawn, np.nan_to_num(known)).astype(np.int64)
