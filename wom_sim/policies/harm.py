"""Whom not to touch: what it is expected to cost, through those whom a person knows and reaches, to let them go.

A sum over ties in closed form, without a simulation. It leaves out what needs the story to travel on: hearers who
retell it, outlets, corroboration, calls and joins; these differ little between one candidate and the next.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from wom_sim._compile import inlined, kernel
from wom_sim.policies.feelings import grievances, observed, parts_of
from wom_sim.policies.setting import Setting
from wom_sim.rules.hearing import dose_units
from wom_sim.rules.hearing import harm as harm_of
from wom_sim.rules.leaving import MONTH, base_hazard, chance_to_follow, contagion, departure_units, hazard, lock
from wom_sim.rules.money import value_beyond
from wom_sim.rules.talking import PARETO, mean_audience, mean_followers
from wom_sim.world.accounts import Accounts, contribution
from wom_sim.world.network import Network
from wom_sim.world.numbers import Numbers, as_record
from wom_sim.world.people import COMMITMENT_UNIT, People
from wom_sim.world.tie_rows import CLASS_BITS, CLASS_MASK, HOUSEHOLD, ties_of
from wom_sim.world.trace import BY_POST, BY_STRANGER, G_PROFITABLE
from wom_sim.world.treatments import STORY_UNIT

_MONTHS = 24
"""Months after which next to nothing is left of what somebody heard once (60 days of half-life: 1/4000)."""

Market = tuple[People, Accounts, tuple[float, float]]
"""People, the accounts of segments, and (contact cost, credit of a call)."""


class Harm(NamedTuple):
    """Expected profit lost when each candidate is let go, in currency at day 0, and the ties through which.

    ``told``: profitable ties who hear of it and leave; ``household``: who goes along; ``departures``: ties who follow
    because somebody left; ``audience``: strangers and readers. ``profitable_ties`` counts who could be lost.
    """

    told: NDArray[np.float64]
    household: NDArray[np.float64]
    departures: NDArray[np.float64]
    audience: NDArray[np.float64]
    profitable_ties: NDArray[np.int64]

    @property
    def total(self) -> NDArray[np.float64]:
        """Return all of it."""
        return self.told + self.household + self.departures + self.audience


def expected_harm(setting: Setting, who: NDArray[np.int64]) -> Harm:
    """Return what it is expected to cost to let each of ``who`` go, under the levers of the policy.

    Each is taken to be dismissed, alone. Raises ValueError if the setting has no numbers of a run.
    """
    if setting.numbers is None:
        raise ValueError("choose: the expected harm needs the numbers of a run, and the setting has none")
    levers, scores, p = setting.levers, setting.scores, setting.numbers
    felt = _felt(setting, who)
    seen = float(observed(levers, scores, "dismiss", np.zeros(1, dtype=np.bool_))[0])
    story = round(STORY_UNIT * seen) / STORY_UNIT
    market = (setting.people, scores.accounts, (scores.contact_cost, scores.credit_per_call))
    record = as_record(p)
    stranger, reader = (mean_loss(market, record, p.weight[channel] * story) for channel in (BY_STRANGER, BY_POST))
    readers = min(float(setting.network.pool), readers_of_post(p))
    audience = p.victim_strangers * stranger + p.p_post * readers * reader
    asked = np.ascontiguousarray(who)
    told, household, departures, profitable = _through_ties(market, setting.network, asked, record, story)
    talks = np.minimum(1.0, p.p_talk_victim * felt)
    return Harm(talks * told, household, departures, talks * audience, profitable)


def readers_of_post(p: Numbers) -> float:
    """Return how many people read a post on average."""
    if p.audience_rule == PARETO:
        return mean_audience(p.audience_least, p.audience_tail, p.audience_most)
    followers = mean_followers(p.followers_median, p.followers_spread)
    wider = mean_audience(1.0, p.passed_on_tail, max(1.0, p.audience_most / max(1.0, followers)))
    return min(p.audience_most, followers * (1.0 - p.passed_on + p.passed_on * wider))


def harm_levers(setting: Setting) -> tuple[float | str | bool | None, ...]:
    """Return the levers on which expected harm depends: how those let go would feel, and how it would look."""
    levers = setting.levers
    return (
        levers.grievance, levers.severity, levers.channel, levers.framing, levers.notice_days, levers.help_to_move,
        levers.individual_review, levers.stated_criterion, levers.ground_in_terms, levers.appeal, levers.explanation,
        levers.fee_waived, levers.balance_waived, levers.payment,
    )  # fmt: skip


def _felt(setting: Setting, who: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the grievance of each of ``who`` if they are dismissed and do not agree."""
    levers, scores = setting.levers, setting.scores
    if levers.grievance is not None:
        return np.full(len(who), levers.grievance)
    given = (levers.fee_waived + levers.balance_waived + levers.payment, np.ones(len(who)))
    parts, alone = parts_of(levers, scores, "dismiss"), np.zeros(len(who), dtype=np.bool_)
    return grievances(setting, who, alone, given, parts)


@kernel
def mean_loss(market: Market, record: NDArray[np.void], dose: float) -> float:
    """Return what is expected to be lost with a random person who hears of it: currency, of profitable customers."""
    people, accounts, costs = market
    p = record[0]
    total = 0.0
    for i in range(people.size):
        if people[i].group & G_PROFITABLE:
            total += _leaves_of_story(people, i, p, dose) * _value(people, accounts, i, costs, p)
    return total / max(1, people.size)


@inlined
def _value(people: People, accounts: Accounts, i: int, costs: tuple[float, float], p: Numbers) -> float:
    """Return what customer ``i`` brings from now to the horizon, in currency, at today's contribution."""
    profit = contribution(people, accounts, i, costs)
    return value_beyond(profit, np.float64(people[i].churn), 0, np.int64(p.end_month), p.discount)


@inlined
def _leaves_of_story(people: People, i: int, p: Numbers, dose: float) -> float:
    """Return the chance that customer ``i`` leaves because they hear of it once, beyond what it is anyway."""
    units = dose_units(1.0, dose)
    buffered = p.buffer * (np.float64(people[i].commitment) / COMMITMENT_UNIT)
    churn, contract = np.float64(people[i].churn), np.int64(people[i].contract)
    more, day = 0.0, MONTH // 2
    for month in range(_MONTHS):
        usual = base_hazard(churn, lock(contract, month, p.locked, False), 1.0)
        felt = harm_of(units, 0, p.harm_per_dose, buffered, day, p.harm_half_life)
        more += hazard(usual, p.beta, felt, 1.0) - usual
        day += MONTH
    return min(1.0, more) * (1.0 - p.sides) * p.affected


@inlined
def _leaves_of_departure(people: People, i: int, p: Numbers, kind: int) -> float:
    """Return the chance that customer ``i`` leaves because a tie of class ``kind`` was let go."""
    usual = base_hazard(np.float64(people[i].churn), lock(np.int64(people[i].contract), 0, p.locked, False), 1.0)
    weight, more = p.departure_weight[kind] * p.dismissed_counts, 0.0
    for age in range(1, p.contagion_window + 1):
        units = departure_units(weight, age, p.contagion_half_life, p.contagion_window)
        more += hazard(usual, 0.0, 0.0, contagion(units, p.chi, p.contagion_most)) - usual
    return more / MONTH


@kernel
def _through_ties(
    market: Market, network: Network, who: NDArray[np.int64], record: NDArray[np.void], story: float
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
    """Return for each of ``who``: what is lost with profitable ties who hear of it (if they talk), who go along as
    members of the household, and who follow because somebody left; and how many profitable ties there are.

    Who goes along cannot be lost in another way as well.
    """
    people, accounts, costs = market
    strength = network.strength
    p = record[0]
    told, home = np.zeros(who.size, dtype=np.float64), np.zeros(who.size, dtype=np.float64)
    follow, profitable = np.zeros(who.size, dtype=np.float64), np.zeros(who.size, dtype=np.int64)
    for k in range(who.size):
        ties = ties_of(network, who[k])
        for e in range(ties.size):
            other, kind = np.int64(ties[e] >> CLASS_BITS), np.int64(ties[e] & CLASS_MASK)
            if not people[other].group & G_PROFITABLE:
                continue
            profitable[k] += 1
            value, stays = _value(people, accounts, other, costs, p), 1.0
            if kind == HOUSEHOLD:
                along = chance_to_follow(accounts[np.int64(people[other].segment)].follows, p.household_follows)
                home[k] += along * value
                stays -= along
            hears = p.victim_tells[kind] * (strength[network.begins[who[k]] + e] if strength.size else 1.0)
            told[k] += stays * hears * _leaves_of_story(people, other, p, p.weight[kind + 1] * story) * value
            follow[k] += stays * _leaves_of_departure(people, other, p, kind) * value
    return told, home, follow, profitable
