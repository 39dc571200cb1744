"""Patterns 10 and 11: how much of a loss is left a year later, and how many customers lose money.

The targets are those of a bank's disguised customers over two years (profit fully loaded, as the books have it) and of
published whale curves. Nobody is run: customers are drawn at the defaults, and what is special about each ends in the
month that their own luck says, as in every run.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from pattern_runs import HERE, REPORTED, Row, judged

from wom_sim import load_scenario
from wom_sim._compile import kernel
from wom_sim.outcomes.statistics import chance_interval
from wom_sim.policies.worth import contributions, profits
from wom_sim.scenario import Scenario
from wom_sim.simulation import KEEP, luck_seed, numbers_of
from wom_sim.simulation.building import build_people
from wom_sim.world.accounts import Accounts, worth_in
from wom_sim.world.numbers import as_record
from wom_sim.world.people import People, customers

YEAR = 12
LEFT = ("0.30 to 0.62", 0.30, 0.62)
LOSES, LOSES_BY_BOOKS = ("0.03 to 0.25", 0.03, 0.25), ("0.35 to 0.60", 0.35, 0.60)
WORST_FIFTH = ("0.10 to 0.80", 0.10, 0.80)
TENTH, HUNDREDTH, THOUSANDTH = 0.1, 0.01, 0.001


class Firm(NamedTuple):
    """Customers at the defaults, of whom none leaves: what they are now and ``YEAR`` months later, currency a month.

    ``cost`` is what the books charge for their calls, ``excess`` what of it is more than for usual calls.
    """

    booked: NDArray[np.float64]
    booked_later: NDArray[np.float64]
    brings: NDArray[np.float64]
    brings_later: NDArray[np.float64]
    cost: NDArray[np.float64]
    excess: NDArray[np.float64]
    excess_later: NDArray[np.float64]


def firm(sets: list[str]) -> Firm:
    """Return the customers of the scenario."""
    scenario = load_scenario(HERE / "money.toml", sets)
    world, money = build_people(scenario), scenario.money
    people, accounts = world.people, world.accounts
    who = np.flatnonzero(customers(people))
    ends = _ends(scenario, (people, accounts), who)
    usual, settled = people.copy(), people.copy()
    usual["calls"][who] = accounts["usual"][people["segment"][who]]
    settled["calls"][who] = np.where(ends > YEAR, people["calls"][who], usual["calls"][who])
    booked, later, in_the_long_run = (
        profits(each, who, money.net_cost_per_call, money.credit_per_call) for each in (people, settled, usual)
    )
    brings, brings_later = (
        contributions(each, who, accounts, (money.contact_cost, money.credit_per_call)) for each in (people, settled)
    )
    cost = people["margin"][who] - booked
    return Firm(booked, later, brings, brings_later, cost, in_the_long_run - booked, in_the_long_run - later)


def _ends(scenario: Scenario, whom: tuple[People, Accounts], who: NDArray[np.int64]) -> NDArray[np.int64]:
    numbers = as_record(numbers_of(scenario, KEEP, (0.0, 1.0)))
    return months_special_of(whom, who, numbers, np.uint64(luck_seed(scenario, 0)))


@kernel
def months_special_of(
    whom: tuple[People, Accounts], who: NDArray[np.int64], numbers: NDArray[np.void], seed: int
) -> NDArray[np.int64]:
    """Return the month in which what is special about each of ``who`` ends."""
    people, accounts = whom
    record = numbers[0]
    out = np.empty(who.size, dtype=np.int64)
    for k in range(who.size):
        out[k] = worth_in(people, accounts, record, who[k], seed).settles
    return out


def worst(worth: NDArray[np.float64], share: float) -> NDArray[np.int64]:
    """Return the worst ``share`` of all customers."""
    return np.argsort(worth, kind="stable")[: round(share * len(worth))]


def left(now: NDArray[np.float64], later: NDArray[np.float64]) -> tuple[float, float, float]:
    """Return which share of an amount is left a year later, with its 95 % interval (that of a ratio)."""
    ratio = float(later.sum() / now.sum())
    error = 1.96 * float((later - ratio * now).std(ddof=1)) / np.sqrt(len(now)) / abs(float(now.mean()))
    return ratio, ratio - error, ratio + error


def excess_left(found: Firm, share: float) -> tuple[float, float, float]:
    """Return what is left of that by which those who cost the most cost more than usual."""
    who = worst(-found.cost, share)
    return left(found.excess[who], found.excess_later[who])


def losses_left(found: Firm, share: float) -> tuple[float, float, float]:
    """Return what is left of the losses (by contribution) among those whose calls cost the most: pattern 10.

    Losses only: what others of them bring in, or bring in once they have settled, is not set against them. As a whole,
    those who call the most are no loss at all on avoidable cost.
    """
    who = worst(-found.cost, share)
    return left(np.minimum(found.brings[who], 0.0), np.minimum(found.brings_later[who], 0.0))


def loss_left(found: Firm, share: float) -> tuple[float, float, float]:
    """Return what is left of the net loss, by the books, of those who lose the most by the books."""
    who = worst(found.booked, share)
    return left(found.booked[who], found.booked_later[who])


def contribution_left(found: Firm, share: float) -> tuple[float, float, float]:
    """Return what is left of the net loss by contribution of those who lose the most by contribution."""
    who = worst(found.brings, share)
    return left(found.brings[who], found.brings_later[who])


def cost_of_worst_fifth(found: Firm) -> float:
    """Return what the worst fifth loses by the books, as a share of the whole profit."""
    return -float(found.booked[worst(found.booked, 0.2)].sum() / found.booked.sum())


def money_rows(sets: list[str]) -> list[Row]:
    """Return patterns 10 and 11.

    The excess is what the rule of settling is about. Chosen by the loss itself, the worst settle less: more than half
    of what they lose by the books is revenue below the cost of their account, of which nothing passes here.
    """
    found, rows = firm(sets), []
    for name, of, target in (
        ("10 chosen by cost: excess left after a year", excess_left, LEFT),
        ("10 their losses by contribution left", losses_left, LEFT),
        ("10 chosen by contribution: net loss left", contribution_left, LEFT),
        ("10 chosen by the books: net loss left", loss_left, LEFT),
    ):
        for share, words in ((TENTH, "worst tenth"), (HUNDREDTH, "hundredth"), (THOUSANDTH, "thousandth")):
            value = of(found, share)
            told = f"{value[0]:.2f} ({value[1]:.2f} to {value[2]:.2f})"
            row = judged(f"{name}, {words}", target, value, told)
            rows.append(row if share == TENTH else row._replace(verdict=REPORTED, target="more than the worst tenth"))
    for name, target, worth in (
        ("11 customers who lose money, on avoidable cost", LOSES, found.brings),
        ("11 customers who lose money, by the books", LOSES_BY_BOOKS, found.booked),
    ):
        lose = chance_interval((worth < 0.0).astype(float))
        rows.append(judged(name, target, lose, f"{lose[0]:.2f}"))
    cost = cost_of_worst_fifth(found)
    rows.append(judged("11 loss of the worst fifth, share of profit", WORST_FIFTH, (cost, cost, cost), f"{cost:.2f}"))
    return rows
