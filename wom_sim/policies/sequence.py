"""First one policy, then another for those whom it has left."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from wom_sim.policies import rows
from wom_sim.policies.hidden import with_leak
from wom_sim.policies.setting import Levers, Policy, Setting
from wom_sim.world.treatments import HIDDEN, Treatments, people_of


@dataclass(frozen=True)
class Steps:
    """A policy and, if there is one, what follows it under ``levers`` after so many days; see ``in_sequence``."""

    first: Policy
    second: Policy | None = None
    levers: Levers | None = None
    after_days: int = 0
    own_choice: bool = False

    def plan(self, setting: Setting) -> Treatments:
        """Return the table of the step or the two."""
        if self.second is None or self.levers is None:
            return self.first.plan(setting)
        return in_sequence(
            setting, self.first, self.second, self.levers, self.after_days, own_choice=self.own_choice
        )


def in_sequence(
    setting: Setting, first: Policy, second: Policy, levers: Levers, after_days: int, *, own_choice: bool = False
) -> Treatments:
    """Return the table of ``first`` under the setting, and of ``second`` under ``levers`` for those who remain.

    ``own_choice``: the second step acts only on those of them whom its own criterion means.

    The second step begins for each person ``after_days`` after they were told of the first; its own pace, post and
    review are added. Who leaves of their own accord in between is not treated again: the engines see to that.
    """
    step = replace(setting, in_sequence=True)
    table = first.plan(step)
    left_over, told, apart = _remain(table)
    secret = np.isin(table["action"], HIDDEN).any()
    if len(left_over):
        later = replace(step, levers=replace(levers, start_day=0), whom=left_over, own_choice=own_choice)
        then = _put_off(second.plan(later), left_over, told + after_days, apart)
        if second.own_days is not None:
            then = second.own_days(later, then)
        table = rows.join(table, _continued(table, then))
    return with_leak(setting if secret else replace(setting, levers=levers), table)


def _remain(table: Treatments) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Return those whose service the table does not end, in the order in which they were told last, and that day.

    The third is how many days apart those were told for whom each stands.
    """
    gone = np.unique(table["person"][table["notice"] >= 0])
    rest = table[~np.isin(table["person"], gone)]
    _, from_the_end = np.unique(rest["person"][::-1], return_index=True)
    row = np.sort(len(rest) - 1 - from_the_end)
    return people_of(rest)[row], rest["day_told"][row].astype(np.int64), rest["apart"][row].astype(np.float64)


def _put_off(
    table: Treatments, who: NDArray[np.int64], days: NDArray[np.int64], apart: NDArray[np.float64]
) -> Treatments:
    """Return the rows, each as many days later as ``days`` says of its person, and so much further ``apart``."""
    order = np.argsort(who)
    at = order[np.searchsorted(who[order], table["person"])]
    table["day_told"] += days[at]
    table["apart"] += apart[at]
    return table


def _continued(first: Treatments, second: Treatments) -> Treatments:
    """Return the second table with the urge to leave that is left from the first: the stronger of the two holds.

    Assumption. The engines know the last row only; what made someone reconsider does not end with the next letter.
    """
    order = np.argsort(first["person"], kind="stable")
    known = first[order]
    at = np.searchsorted(known["person"], second["person"], side="right") - 1
    second["hazard_multiplier"] = np.maximum(second["hazard_multiplier"], known["hazard_multiplier"][at])
    return second
