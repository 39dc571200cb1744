"""Pattern 7: what a naive study of contagious churn finds in the model, and what is in it.

In the model only departures that the policy caused are contagious, because base churn already contains ordinary
contagion. A study of ordinary churn therefore needs a market in which churn as a whole is caused: everyone's base
hazard is divided by ``SHARE``, and everyone is treated, silently, so that it is multiplied by ``SHARE`` again. All
but one in ``SHARE`` departures are then caused, and each person's hazard is what it was.

The study is that of Nitzan & Libai (2011): a row for each customer and month; exposure is the number of ties who
left in the month before.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from pattern_runs import HERE, REPORTED, Row, mean_row

from wom_sim import build_world, load_scenario
from wom_sim.engines.compiled import Engine
from wom_sim.outcomes.statistics import mean_interval
from wom_sim.rules.leaving import MONTH
from wom_sim.scenario import Scenario
from wom_sim.simulation import KEEP, luck_seed, numbers_of
from wom_sim.world import trace as tr
from wom_sim.world.network import ACQUAINTANCE, CLASS_BITS, CLASS_MASK, Network
from wom_sim.world.people import People, customers
from wom_sim.world.treatments import REPRICE, table
from wom_sim.world.world import World

SHARE = 1000.0


class Study(NamedTuple):
    """A panel of months x customers: exposed to how many ties, in 1/256 departures, hazard, at risk, leaves."""

    exposed: NDArray[np.int16]
    exposed_strong: NDArray[np.int16]
    units: NDArray[np.int32]
    hazard: NDArray[np.float64]
    at_risk: NDArray[np.bool_]
    leaves: NDArray[np.bool_]


class Found(NamedTuple):
    """What a study finds: hazard ratios of one recently departed tie against none, and the rule recovered.

    ``naive``: by plain counting, all ties. ``strong``: the same, household and close ties only. ``conditioned``:
    against what each person's own hazard leads to expect. ``put_in``: the factor that the rule gave the same
    people. ``chi``: the rule's parameter, fitted with everything known.
    """

    naive: float
    strong: float
    conditioned: float
    put_in: float
    chi: float


def market(sets: list[str]) -> tuple[Scenario, World]:
    """Return the scenario and its world, in which base churn is ``SHARE`` times smaller than the scenario says."""
    scenario = load_scenario(HERE / "contagion.toml", sets)
    world = build_world(scenario)
    world.people["churn"] /= SHARE
    return scenario, world


def departures(scenario: Scenario, world: World, replication: int) -> NDArray[np.int64]:
    """Return the day on which each person leaves, beyond the horizon if they do not."""
    who = np.flatnonzero(customers(world.people))
    silent = table(person=who, action=REPRICE, hazard_multiplier=SHARE)
    numbers = numbers_of(scenario, KEEP, world.newcomer)
    log = Engine(world).run(numbers, silent, luck_seed(scenario, replication), events=True).events()
    left = log[log["event"] == tr.LEFT]
    day = np.full(len(world.people), 10 * scenario.run.days, dtype=np.int64)
    day[left["person"]] = left["day"]
    return day


def observe(scenario: Scenario, world: World, day: NDArray[np.int64]) -> Study:
    """Return the panel that someone with all records would have."""
    months, people = scenario.run.days // MONTH, world.people
    bills = MONTH * np.arange(months)[:, None] + people["bill_day"].astype(np.int64)[None, :]
    exposed, strong, units = _exposures(scenario, world.network, people, day, months)
    return Study(
        exposed, strong, units, np.minimum(1.0, SHARE * people["churn"].astype(np.float64)), day[None, :] >= bills,
        day[None, :] == bills,
    )  # fmt: skip


def _exposures(
    scenario: Scenario, network: Network, people: People, day: NDArray[np.int64], months: int
) -> tuple[NDArray[np.int16], NDArray[np.int16], NDArray[np.int32]]:
    """Return, for each month and person, departures of ties in the month before, strong ones, and their weight."""
    leaving = scenario.behaviour.leaving
    weights = np.array([getattr(leaving.departure_weight, name) for name in ("household", "close", "acquaintance")])
    owner = np.repeat(np.arange(len(people)), network.degrees())
    other, kind = network.listed() >> CLASS_BITS, (network.listed() & CLASS_MASK).astype(np.int64)
    gone = day[owner] < scenario.run.days
    day_gone, bereaved, kind = day[owner[gone]], other[gone].astype(np.int64), kind[gone]
    bill = people["bill_day"][bereaved].astype(np.int64)
    first = (day_gone - bill) // MONTH + 1
    exposed, strong = np.zeros((months, len(people)), np.int16), np.zeros((months, len(people)), np.int16)
    units = np.zeros((months, len(people)), np.int32)
    for month in (first, first + 1):
        age = MONTH * month + bill - day_gone
        seen = (month < months) & (age <= leaving.contagion_window)
        weight = 256.0 * weights[kind[seen]] * 2.0 ** (-(age[seen] - 1) / leaving.contagion_half_life)
        np.add.at(units, (month[seen], bereaved[seen]), (weight + 0.5).astype(np.int32))
    seen = first < months
    np.add.at(exposed, (first[seen], bereaved[seen]), 1)
    seen &= kind != ACQUAINTANCE
    np.add.at(strong, (first[seen], bereaved[seen]), 1)
    return exposed, strong, units


def rate_ratio(study: Study, exposed: NDArray[np.int16], expected: NDArray[np.float64]) -> float:
    """Return the rate of leaving with one departed tie, by that with none, within months (Mantel & Haenszel).

    ``expected`` is what a person counts in the denominator: 1, or the own hazard.
    """
    above, below = 0.0, 0.0
    for month in range(1, len(exposed)):
        risk, leaves = study.at_risk[month], study.leaves[month]
        one, none = risk & (exposed[month] == 1), risk & (exposed[month] == 0)
        total = expected[one].sum() + expected[none].sum()
        above += leaves[one].sum() * expected[none].sum() / total
        below += leaves[none].sum() * expected[one].sum() / total
    return float(above / below)


def fitted_chi(study: Study, most: float) -> float:
    """Return the likeliest chi, given everyone's own hazard and the true weights of departures."""
    from scipy.optimize import minimize_scalar

    month, person = np.nonzero(study.at_risk & (study.units > 0))
    k = np.minimum(study.units[month, person] / 256.0, most)
    base, leaves = study.hazard[person], study.leaves[month, person]

    def unlikely(log_rise: float) -> float:
        p = np.minimum(1.0 - 1e-12, base * np.exp(log_rise * k))
        return -float(np.log(np.where(leaves, p, 1.0 - p)).sum())

    best = minimize_scalar(unlikely, bounds=(-1.0, 2.0), method="bounded", options={"xatol": 1e-6})
    return float(np.exp(best.x) - 1.0)


def find(scenario: Scenario, study: Study) -> Found:
    """Return what the study finds."""
    leaving = scenario.behaviour.leaving
    everyone = np.ones(len(study.hazard))

    def factor(number: int) -> float:
        """Return the mean factor of the rule on those exposed to so many; it is not 1 for none.

        A departure 31 to 35 days ago still counts a little, but not as exposure.
        """
        month, person = np.nonzero(study.at_risk[1:] & (study.exposed[1:] == number))
        k = np.minimum(study.units[1:][month, person] / 256.0, leaving.contagion_most)
        return float(np.average((1.0 + leaving.chi) ** k, weights=study.hazard[person]))

    return Found(
        naive=rate_ratio(study, study.exposed, everyone),
        strong=rate_ratio(study, study.exposed_strong, everyone),
        conditioned=rate_ratio(study, study.exposed, study.hazard),
        put_in=factor(1) / factor(0),
        chi=fitted_chi(study, leaving.contagion_most),
    )


def studies(replications: int, sets: list[str]) -> list[Found]:
    """Return what so many independent studies find."""
    scenario, world = market(sets)
    return [find(scenario, observe(scenario, world, departures(scenario, world, r))) for r in range(replications)]


def contagion_rows(replications: int, sets: list[str]) -> list[Row]:
    """Return pattern 7: naive, homophily alone, and the rule recovered.

    The naive figure is that of the ties an operator can see, household and close: an acquaintance is hardly called.
    """
    found = np.array(studies(replications, sets))
    naive, strong, conditioned, put_in, chi = found.T
    alone = np.array(studies(replications, [*sets, "behaviour.leaving.chi=0"]))[:, 1]
    scenario = load_scenario(HERE / "contagion.toml", sets)
    true = scenario.behaviour.leaving.chi
    over = (f"what was put in, {put_in.mean():.2f}", put_in.mean() - 0.03, put_in.mean() + 0.03)
    return [
        mean_row("7 naive hazard ratio, one close tie left", ("about 1.8 (1.6 to 2.0)", 1.6, 2.0), strong, ".2f"),
        _told_row("7 the same, all ties", naive),
        _told_row("7 homophily alone (chi = 0)", alone),
        mean_row("7 ratio given everyone's own hazard", over, conditioned, ".2f"),
        mean_row("7 chi, fitted with everything known", (f"{true:g}", true - 0.03, true + 0.03), chi, ".2f"),
    ]


def _told_row(pattern: str, values: NDArray[np.float64]) -> Row:
    mean, low, high = mean_interval(values)
    words, nothing = f"{mean:.2f} ({low:.2f} to {high:.2f})", float("nan")
    return Row(pattern, "report", words, REPORTED, mean, low, high, nothing, nothing)
