"""Which wording a search recommends, where several are worth as much: the one that is easiest to defend.

A search tries wordings as it tries notice or payment, and the best of many is often best by luck. What is as good but
for a difference that does not count (``outcomes.materiality``, the rule of every verdict) is equal, and of equals none
that blames the customer is named before one that does not.
"""

from __future__ import annotations

from collections.abc import Sequence

from wom_sim.outcomes.indicators import INDICATORS
from wom_sim.outcomes.materiality import APART, state
from wom_sim.outcomes.paired import compared
from wom_sim.outcomes.units import rare_of, units_of
from wom_sim.policies import policy as policy_named
from wom_sim.scenario import Scenario
from wom_sim.study.levers import Candidate, Space
from wom_sim.study.standings import Standing

BLAMES = "blames_customer"
_FRAMING = "framing"


def wording(candidate: Candidate, scenario: Scenario) -> str:
    """Return the framing in which a candidate tells customers, set or the policy's own; "" of one that does nothing."""
    policy = candidate.policy(scenario)
    known = policy_named(policy.use)
    if known.actions == ():
        return ""
    return str(policy.framing if policy.framing is not None else known.defaults.framing)


def hard_to_defend(framing: str, scenario: Scenario) -> tuple[bool, float, float]:
    """Return a sort key of framings, the most defensible first: no blame of the customer, decency, what others see.

    Decency is ``behaviour.fairness.framing`` of the scenario; what observers see, ``framing_shift``.
    """
    if not framing:
        return False, -1.0, 0.0
    fairness = scenario.behaviour.fairness
    decency, seen = (float(getattr(table, framing)) for table in (fairness.framing, fairness.framing_shift))
    return framing == BLAMES, -decency, seen


def other_wordings(candidate: Candidate, space: Space, scenario: Scenario) -> list[Candidate]:
    """Return the same candidate in every wording to try that is more defensible, the most defensible first."""
    values = space.levers.get(candidate.base, {}).get(_FRAMING, ())
    own = hard_to_defend(wording(candidate, scenario), scenario)
    better = sorted((key, v) for v in values if (key := hard_to_defend(v, scenario)) < own)
    levers = [tuple((p, v if p == _FRAMING else old) for p, old in candidate.levers) for _, v in better]
    return [Candidate(candidate.base, each) for each in levers]


def most_wordings(space: Space) -> int:
    """Return in how many other wordings a finalist may be run at most."""
    return max((len(levers.get(_FRAMING, ())) - 1 for levers in space.levers.values() if _FRAMING in levers), default=0)


def first_of_the_same(group: Sequence[Standing], scenario: Scenario) -> list[Standing]:
    """Return candidates that are the same in every run, the most defensible first."""
    return sorted(group, key=lambda s: hard_to_defend(wording(s.candidate, scenario), scenario))


def preferred(leader: Standing, fresh: Sequence[Standing], space: Space, scenario: Scenario) -> Standing:
    """Return which of those that are worth as much as ``leader`` is recommended.

    Of those of the leader's policy, the most defensible wording; one of another policy only where all of these blame
    the customer. Of several in one wording, that of the highest value. None beyond the budget. A wording that is given,
    and not searched, was not chosen by luck: then the leader stays.
    """
    if _FRAMING not in space.levers.get(leader.candidate.base, {}):
        return leader

    def order(s: Standing) -> tuple[tuple[bool, float, float], bool, float, str]:
        return hard_to_defend(wording(s.candidate, scenario), scenario), s is not leader, -s.value, s.candidate.key

    equals = [s for s in fresh if s is leader or (s.feasible and _is_equal(leader, s, scenario))]
    own = [s for s in equals if s.candidate.base == leader.candidate.base]
    chosen = min(own, key=order)
    return chosen if wording(chosen.candidate, scenario) != BLAMES else min(equals, key=order)


def _is_equal(leader: Standing, other: Standing, scenario: Scenario) -> bool:
    """Return whether two candidates are worth as much, by the rule of every verdict."""
    net = INDICATORS[0]
    a, b = (s.runs[net.name].to_numpy(dtype=float) for s in (leader, other))
    found = compared(a, b, units_of(leader.runs), net, rare_of(leader.runs, net, other.runs))
    return state(found, leader.value, scenario.verdict.material) != APART
