"""What a firm may do for its customers instead: they are told, stay longer, and speak well of it."""

from __future__ import annotations

import numpy as np

from wom_sim.policies import rows
from wom_sim.policies.choosing import choose, for_everyone
from wom_sim.policies.setting import Setting
from wom_sim.world.treatments import ACTION_NAMES, Treatments


def told_good_news(setting: Setting, action: int) -> Treatments:
    """Return a table in which the chosen, or everyone, are told of something good; nobody's service ends.

    A row's grievance is how much it moves them: the chance to talk about it follows from it as from a grievance.
    """
    levers, scores, setting = setting.levers, setting.scores, for_everyone(setting)
    name = ACTION_NAMES[action]
    who = choose(setting)
    told = rows.arrives(setting, who, rows.days_of_work(setting, len(who)))
    table = rows.rows(setting, who, told, np.ones(len(who), dtype=bool), action)
    table["agreed"] = True
    table["praise"] = True
    table["p_call"] = 0.0
    table["grievance"] = scores.action_severity[name] if levers.grievance is None else levers.grievance
    table["hazard_multiplier"] = scores.action_hazard[name]
    return table
