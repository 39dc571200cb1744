"""What is not known of how talk becomes news, and how it is drawn before any case is looked at.

Each number is drawn as the quantile (0 to 1) of its plausible range, so that one draw means the same in every case,
trade and year of media, whose ranges differ. The rule of pick-up is drawn as a word, each rule as likely as another.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.stats import qmc

from wom_sim.scenario import Scenario
from wom_sim.scenario.distributions import ANY
from wom_sim.scenario.posterior_of_cases import OWN, RULES
from wom_sim.scenario.uncertain import Doubt, doubts, with_values

RULE = "media.rule"
TABLES = ("media.", "behaviour.talking.")
LEFT_OUT = (".reach", ".p_call", ".p_call_unasked", ".p_defend")
"""What no case tells anything of: how many people coverage reaches, who calls, who defends the firm."""


def is_public(key: str) -> bool:
    """Return whether a number is about how talk becomes news.

    >>> is_public("media.story.rate"), is_public("money.cost_per_call"), is_public("media.outlets.forum.reach")
    (True, False, False)
    """
    return key.startswith(TABLES) and not key.endswith(LEFT_OUT)


def public(scenario: Scenario) -> list[Doubt]:
    """Return the numbers of a scenario that are drawn together: nobody knows them, and cases may tell of them."""
    return [doubt for doubt in doubts(scenario) if is_public(doubt.key)]


def table(keys: Sequence[str], draws: int, seed: int) -> pd.DataFrame:
    """Return ``draws`` draws of the prior: a quantile for each key (scrambled Sobol points), and a rule."""
    points = qmc.Sobol(len(keys), rng=np.random.default_rng(seed)).random(draws)
    found = pd.DataFrame(np.clip(points, 1e-6, 1.0 - 1e-6), columns=list(keys))
    found.insert(0, RULE, [RULES[k % len(RULES)] for k in range(draws)])
    return found


def in_draw(scenario: Scenario, drawn: Sequence[Doubt], row: pd.Series) -> Scenario:
    """Return a scenario (whose rule is that of the draw) with the numbers of a draw."""
    known = {doubt.key: (doubt.distribution, doubt.limits) for doubt in drawn}
    known |= {key: (each, ANY) for key, each in OWN.items() if key not in (scenario.worlds.known or ())}
    at = {key: np.array([row[key]]) for key in known}
    return with_values(scenario, {key: float(d.at(at[key], limits, at[key])[0]) for key, (d, limits) in known.items()})
