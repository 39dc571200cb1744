"""Whom not to touch: those who qualify for a policy, one by one, with what it is expected to cost to let each go."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wom_sim.policies.choosing import choose
from wom_sim.policies.criterion import candidates_of
from wom_sim.policies.harm import expected_harm
from wom_sim.policies.setting import Setting
from wom_sim.policies.tenure import tenures
from wom_sim.policies.worth import contributions, profits
from wom_sim.scenario import Scenario
from wom_sim.scenario.sections.policies import Policy
from wom_sim.simulation.building import build_world, luck_seed
from wom_sim.simulation.policies import KEEP
from wom_sim.simulation.treatments import setting_of
from wom_sim.world.network import HOUSEHOLD
from wom_sim.world.people import ADVOCATE
from wom_sim.world.world import World

MOST = 100_000
"""More candidates of a policy are not listed: those who come first, the worst, are."""
PARTS = ("harm_told", "harm_household", "harm_departures", "harm_audience")
"""What expected harm is made of, in currency; see ``wom_sim.policies.harm.Harm``."""
COLUMNS = (
    "policy", "rank", "person", "segment", "chosen", "booked_profit", "contribution", "calls", "tenure", "advocate",
    "ties", "profitable_ties", "household", *PARTS, "harm",
)  # fmt: skip
"""Of the table. ``rank``: place in the order of the choice, 1 the worst customer; profit, contribution and calls are a
month, ``tenure`` is in months, ``household`` counts the ties who live with them. Where customers come from the firm's
own table, a last column ``customer`` has its ids."""


def chosen_table(scenario: Scenario, world: World | None = None, match: str = "") -> pd.DataFrame:
    """Return those who qualify for each policy that chooses, by whose name ``match`` occurs; see ``COLUMNS``.

    They qualify by all conditions but those on the harm itself and the limit; ``chosen`` says whom the policy takes, in
    the luck of the first replication. ``world``: that of the first replication, if it stands already.

    Raises
    ------
    ValueError
        If the world cannot be made, a policy names people who are no customers, or none has ``match`` in its name.
    """
    acting = [policy for policy in scenario.policies if policy.use != KEEP.use]
    named = [policy for policy in acting if match.lower() in policy.name.lower()]
    if acting and not named:
        raise ValueError(f"--match: given {match!r}, which is in none of {', '.join(policy.name for policy in acting)}")
    stands = build_world(scenario) if world is None else world
    tables = [_of_policy(scenario, policy, stands) for policy in named]
    filled = [table for table in tables if len(table)]
    return pd.concat(filled, ignore_index=True) if filled else pd.DataFrame(columns=list(COLUMNS))


def _of_policy(scenario: Scenario, policy: Policy, world: World) -> pd.DataFrame:
    """Return the candidates of one policy; none where it is for everyone."""
    setting = setting_of(scenario, policy, world, luck_seed(scenario, 0))
    if setting.levers.for_all:
        return pd.DataFrame(columns=list(COLUMNS))
    who = _candidates(setting)
    harm, people, scores = expected_harm(setting, who), world.people, setting.scores
    ids = {} if world.listed is None else {"customer": world.listed.ids(who)}
    names = np.array([segment.name for segment in scenario.population.segments], dtype=object)
    costs = (scores.contact_cost, scores.credit_per_call)
    return pd.DataFrame(
        {
            "policy": policy.name, "rank": np.arange(1, len(who) + 1), "person": who,
            "segment": names[people["segment"][who]], "chosen": np.isin(who, choose(setting)),
            "booked_profit": profits(people, who, scores.cost_per_call, scores.credit_per_call),
            "contribution": contributions(people, who, scores.accounts, costs),
            "calls": people["calls"][who].astype(np.float64), "tenure": tenures(people, who, world.listed),
            "advocate": (people["traits"][who] & ADVOCATE) != 0, "ties": world.network.degrees()[who],
            "profitable_ties": harm.profitable_ties, "household": _at_home(setting, who),
            "harm_told": harm.told, "harm_household": harm.household, "harm_departures": harm.departures,
            "harm_audience": harm.audience, "harm": harm.total,
        },
        columns=list(COLUMNS),
    ).assign(**ids)  # fmt: skip


def _candidates(setting: Setting) -> NDArray[np.int64]:
    """Return those who meet the conditions but for harm and limit, the worst first; and who is chosen by mistake."""
    choice = replace(setting.levers.choose, harm_at_most=None, spare_most_harmful=0.0, limit=None)
    listed = candidates_of(replace(setting, levers=replace(setting.levers, choose=choice)))[:MOST]
    mistakes = choose(setting)
    mistakes = mistakes[np.isin(mistakes, listed, invert=True)]
    return np.concatenate([listed, mistakes])


def _at_home(setting: Setting, who: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return how many people live with each of ``who``."""
    return np.array([int((setting.network.classes(person) == HOUSEHOLD).sum()) for person in who], dtype=np.int64)
