"""What a run shows of what was seen (``[[seen]]``): the same counts, days and reports, read from the run itself."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from wom_sim.outcomes.indicators import extra_bystanders
from wom_sim.rules.leaving import MONTH, base_hazard, lock
from wom_sim.scenario import Scenario
from wom_sim.scenario.sections.policies import Policy
from wom_sim.scenario.sections.seen import Seen
from wom_sim.simulation import luck_seed, policies_of
from wom_sim.simulation.running import Result
from wom_sim.world import trace as tr
from wom_sim.world.luck import BLOCK_LEAVE, monthly
from wom_sim.world.people import CUSTOMER
from wom_sim.world.world import World

COLUMN = "seen "
"""What the columns of a table of runs begin with that hold what was asked for."""

_COUNTED = {
    "let_go": tr.D_LET_GO, "extra_calls": tr.D_CALLS, "posts": tr.D_POSTS, "post_readers": tr.D_READERS,
    "outlets": tr.D_PICKUPS, "extra_joins": tr.D_EXTRA_JOINS,
}  # fmt: skip
_FIRST = {"first_post_day": tr.D_POSTS, "first_outlet_day": tr.D_PICKUPS, "national_day": tr.D_NATIONAL}
_CAME = {"national": tr.D_NATIONAL, "any_outlet": tr.D_PICKUPS}


def done(scenario: Scenario) -> Policy:
    """Return the policy that was carried out.

    Raises
    ------
    ValueError
        If nothing was seen, or the scenario has several policies and does not say which one it was.
    """
    if not scenario.seen:
        raise ValueError("seen: nothing was seen; allowed: one [[seen]] at least, with what, value and error")
    named = {each.policy for each in scenario.seen if each.policy is not None}
    found = [p for p in policies_of(scenario) if (p.name in named if named else p.use != "keep")]
    if len(found) != 1:
        names = ", ".join(policy.name for policy in found) or "none but keep"
        raise ValueError(f"seen: the scenario has several policies ({names}); say in seen.policy which was carried out")
    return found[0]


def needs_events(scenario: Scenario) -> bool:
    """Return whether anything was seen that only the log of events tells."""
    return any(each.segment is not None and each.what in ("extra_left", "left") for each in scenario.seen)


def shown(result: Result, world: World) -> dict[str, float]:
    """Return what a run shows of each thing that was seen, by column; a day that never came is NaN."""
    return {COLUMN + each.label: _of(each, result, world) for each in result.scenario.seen}


def _of(seen: Seen, result: Result, world: World) -> float:
    daily = result.trace.book.daily
    window = slice(seen.from_day, seen.to_day)
    if seen.what in _FIRST:
        days = np.flatnonzero(daily[:, _FIRST[seen.what]])
        return float(days[0]) if len(days) else math.nan
    if seen.what in _CAME:
        return float(daily[window, _CAME[seen.what]].sum() > 0)
    if seen.what == "authority":
        first, last = seen.from_day // MONTH, None if seen.to_day is None else -(-seen.to_day // MONTH)
        return float((result.trace.book.ledger[:, first:last, tr.L_AUTHORITY] != 0).any())
    if seen.what == "share_let_go":
        told = float(daily[window, tr.D_TOLD].sum())
        return float(daily[window, tr.D_LET_GO].sum()) / told if told else 0.0
    if seen.what in _COUNTED:
        return float(daily[window, _COUNTED[seen.what]].sum())
    extra = _extra_left(seen, result, world)
    return extra if seen.what == "extra_left" else extra + usual_departures(seen, result, world)


def _extra_left(seen: Seen, result: Result, world: World) -> float:
    """Return how many more customers left than would have, of those on whom the firm did not act."""
    if seen.segment is None:
        return float(extra_bystanders(result.trace.book.daily)[seen.from_day : seen.to_day].sum())
    log = result.trace.events()
    last = result.trace.book.daily.shape[0] if seen.to_day is None else seen.to_day
    row = tr.S_FIRST + _place(seen, result.scenario)
    group = log["group"].astype(np.int64)
    theirs = (group >> tr.SEGMENT_SHIFT == row) & (group & tr.G_TREATED == 0) & (group & tr.G_CUSTOMER != 0)
    within = theirs & (log["day"] >= seen.from_day) & (log["day"] < last)
    left, stayed = (int((within & (log["event"] == event)).sum()) for event in (tr.LEFT, tr.STAYED))
    sooner = log["person"][theirs & (log["event"] == tr.LEFT) & (log["label"] == tr.EARLIER)]
    otherwise = [_day_without(int(person), result, world) for person in sooner]
    later = sum(seen.from_day <= day < last for day in otherwise)  # who would have left then has left already
    return float((left - stayed - later) * result.scenario.run.represents)


def _day_without(person: int, result: Result, world: World) -> int:
    """Return the day on which a customer leaves without the policy, from luck alone; -1 if not within the run."""
    who, locked = world.people[person], result.scenario.behaviour.leaving.locked
    churn, contract, days = float(who["churn"]), int(who["contract"]), result.trace.book.daily.shape[0]
    seed = luck_seed(result.scenario, result.replication)
    for month, day in enumerate(range(int(who["bill_day"]), days, MONTH)):
        if monthly(seed, BLOCK_LEAVE, person, month) < base_hazard(churn, lock(contract, month, locked, False), 1.0):
            return day
    return -1


def usual_departures(seen: Seen, result: Result, world: World) -> float:
    """Return how many customers on whom the firm did not act leave in a window as always: expected, not drawn."""
    people = world.people
    theirs = (people["traits"] & CUSTOMER) != 0
    if seen.segment is not None:
        theirs &= people["segment"] == _place(seen, result.scenario)
    theirs[result.treatments["person"][result.trace.told >= 0]] = False
    last = result.trace.book.daily.shape[0] if seen.to_day is None else seen.to_day
    locked = result.scenario.behaviour.leaving.locked
    who = people[theirs]
    leave = _staying(who, seen.from_day, locked) - _staying(who, last, locked)
    return float(leave.sum()) * result.scenario.run.represents


def _staying(people: NDArray[np.void], day: int, locked: float) -> NDArray[np.float64]:
    """Return the chance that each is still a customer when a day begins; they decide on the days of their bills."""
    churn, contract = people["churn"].astype(np.float64), people["contract"].astype(np.int64)
    bills = np.maximum(0, -(-(day - people["bill_day"].astype(np.int64)) // MONTH))
    within = np.minimum(bills, contract)
    stay: NDArray[np.float64] = (1.0 - churn * locked) ** within * (1.0 - churn) ** (bills - within)
    return stay


def _place(seen: Seen, scenario: Scenario) -> int:
    return [segment.name for segment in scenario.population.segments].index(str(seen.segment))
