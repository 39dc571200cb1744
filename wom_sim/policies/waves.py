"""A policy in waves: again after so many days, for others, or a part of the chosen each time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from wom_sim.policies import rows
from wom_sim.policies.choosing import choose
from wom_sim.policies.hidden import with_leak
from wom_sim.policies.setting import Setting
from wom_sim.world import treatments
from wom_sim.world.treatments import Treatments


@dataclass(frozen=True)
class Waves:
    """How often, how many days apart, and whether each wave takes a part of the chosen instead of choosing anew."""

    times: int
    days_apart: int
    parts: bool = False


def in_waves(setting: Setting, waves: Waves, plan: Callable[[Setting], Treatments]) -> Treatments:
    """Return the table of a policy that is carried out in waves; ``plan`` is the policy, or a sequence of two.

    Each wave begins ``days_apart`` after the one before. Where it chooses anew, it takes by the same criterion those
    whom no wave has taken yet; what the firm knows of them is what it knew at the start (Assumption). Nobody is in two
    waves. What is done in secret in any of them may come out, once for all.
    """
    table, taken = treatments.nothing(), np.zeros(0, dtype=np.int64)
    parts: list[NDArray[np.int64] | None] = [None] * waves.times
    if waves.parts:
        parts = list(np.array_split(choose(setting), waves.times))
    for wave, whom in enumerate(parts):
        levers = replace(setting.levers, start_day=setting.levers.start_day + wave * waves.days_apart)
        now = replace(setting, levers=levers, whom=whom, without=None if waves.parts else taken, in_sequence=True)
        taken = np.union1d(taken, choose(now))
        found = plan(now)
        table = rows.join(table, found) if len(table) else found
    return with_leak(setting, table)
