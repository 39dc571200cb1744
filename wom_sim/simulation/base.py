"""The base: who the customers are, what they bring and cost as built and as the file states, and whom policies choose.

One table, a row a figure; whatever is shown of the base, anywhere, is a cell of it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wom_sim.outcomes.base import CHOSEN, SUMS, YEAR, base_sums, chosen_sums, customer_profits, decile_sums
from wom_sim.policies.choosing import choose, wrongly_chosen
from wom_sim.policies.criterion import number_qualifying
from wom_sim.policies.setting import Choice
from wom_sim.scenario import Scenario
from wom_sim.scenario.customers import DRAWN, known_columns, segment_of_each
from wom_sim.scenario.sections.policies import Policy
from wom_sim.simulation.base_names import BASE, BY_BOOKS, BY_CONTRIBUTION, CHOICE, COLUMNS, FIT, KNOWN
from wom_sim.simulation.base_stated import Amounts, stated_sums, year_of
from wom_sim.simulation.building import build_people, build_world, luck_seed
from wom_sim.simulation.levers import levers_of, simulated_levers
from wom_sim.simulation.numbers import numbers_of
from wom_sim.simulation.policies import KEEP
from wom_sim.simulation.treatments import setting_of
from wom_sim.world.numbers import as_record
from wom_sim.world.people import customers
from wom_sim.world.world import World

MONTHLY, YEARLY = "currency a month", "currency a year"
_NOTHING = math.nan
_CHUNK = 1_000_000
"""People looked at at a time where everyone is chosen."""

Row = tuple[str, str, str, str, float, float]
Charged = tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float32]]


def base_table(scenario: Scenario, world: World | None = None) -> pd.DataFrame:
    """Return the base of a scenario; see ``COLUMNS``.

    ``world``: that of the first replication, if it stands already. Else people are built, and ties only where a choice
    looks at households.

    Raises
    ------
    ValueError
        If the world cannot be made, or a policy names people who are no customers.
    """
    if world is None:
        world = build_world(scenario) if needs_ties(scenario) else build_people(scenario)
    costs = (*_costs(scenario), scenario.money.profitable_above)
    sums = base_sums(world.people, world.accounts, _charged(scenario, world), costs) * scenario.run.represents
    own_costs = len(_charged(scenario, world)[2]) > 0
    rows = [*_file_rows(scenario, world), *_base_rows(scenario, sums, own_costs)]
    rows += [*_decile_rows(scenario, world), *_chosen_rows(scenario, world)]
    table = pd.DataFrame(rows, columns=list(COLUMNS[:-1]))
    apart = (table["built"] - table["stated"]) / table["stated"].abs()
    return table.assign(share_off=apart.where(table["stated"] != 0.0))


def needs_ties(scenario: Scenario) -> bool:
    """Return whether a choice looks at who lives with whom, or knows whom."""
    chosen = [scenario.choose, *(p.choose for p in scenario.policies if p.choose is not None)]
    return any(choice.by_ties for choice in chosen)


def _charged(scenario: Scenario, world: World) -> Charged:
    """Return what the books charge by segment: cost of an account, and variable cost as a share of revenue.

    Also by how much the cost of each person's own account is above the segment's, where the firm's table knows it.
    """
    segments = scenario.population.segments
    beyond = np.zeros(0, dtype=np.float32) if world.listed is None else world.listed.beyond
    return np.array([s.account_cost for s in segments]), np.array([s.variable_cost for s in segments]), beyond


def _costs(scenario: Scenario) -> tuple[float, float, float]:
    """Return (cost of a call by the books, contact cost, credit of a call), in currency."""
    money = scenario.money
    return money.net_cost_per_call, money.contact_cost, money.credit_per_call


# -- the base --------------------------------------------------------------------------------------------------


def _base_rows(scenario: Scenario, sums: NDArray[np.float64], own_costs: bool) -> Iterator[Row]:
    """Yield the figures of all customers, then of each segment; ``sums`` as ``base_sums`` returns them.

    ``own_costs``: whether accounts have costs of their own.
    """
    segments = scenario.population.segments
    built = [dict(zip(SUMS, map(float, row), strict=True)) for row in sums]
    if not own_costs:
        for each in built:
            del each["account_cost"], each["account_cost_avoidable"]
    stated = [stated_sums(scenario, segment) for segment in segments]
    years = [
        [year_of(amounts, segment, scenario.money) for amounts, segment in zip(each, segments, strict=True)]
        for each in (built, stated)
    ]
    yield from _group_rows("", _total(built), _total(stated), (_total(years[0]), _total(years[1])))
    for k, segment in enumerate(segments):
        yield from _group_rows(segment.name, built[k], stated[k], (years[0][k], years[1][k]))


def _total(parts: list[Amounts]) -> Amounts:
    return {name: sum(part[name] for part in parts) for name in parts[0]}


def _group_rows(group: str, built: Amounts, stated: Amounts, years: tuple[Amounts, Amounts]) -> Iterator[Row]:
    """Yield the figures of some customers; ``years`` is (as built, as stated)."""

    def mean(amounts: Amounts, name: str, of: str = "customers") -> float:
        return amounts[name] / amounts[of] if amounts.get(of) and name in amounts else _NOTHING

    yield BASE, "customers", group, "people", built["customers"], stated["customers"]
    for name, unit in (
        ("revenue", MONTHLY), ("calls", "calls a month"), ("churn", "share"), ("in_contract", "share"),
        ("profitable_by_contribution", "share"), ("profitable_by_books", "share"),
    ):  # fmt: skip
        yield BASE, name, group, unit, mean(built, name), mean(stated, name)
    yield BASE, "credit_seekers", group, "share", mean(built, "credit_seekers", "heavy_callers"), _NOTHING
    yield BASE, "without_revenue", group, "people", built["without_revenue"], stated["without_revenue"]
    for name, value in years[0].items():
        yield BASE, name, group, YEARLY, value, years[1][name]
    for name in ("loss_by_contribution", "loss_by_books"):
        yield BASE, f"{name}_year", group, YEARLY, YEAR * built[name], _NOTHING


def _decile_rows(scenario: Scenario, world: World) -> Iterator[Row]:
    """Yield the profit of each tenth of the customers, the most profitable first: the whale curve in numbers."""
    for section, by_books in ((BY_BOOKS, True), (BY_CONTRIBUTION, False)):
        profits = customer_profits(world.people, world.accounts, _costs(scenario), by_books)
        sums = decile_sums(profits) * (YEAR * scenario.run.represents)
        del profits
        total = float(sums.sum())
        for k, value in enumerate(sums, start=1):
            yield section, "profit_year", str(k), YEARLY, float(value), _NOTHING
            yield section, "share_of_profit", str(k), "share", value / total if total > 0.0 else _NOTHING, _NOTHING


def _file_rows(scenario: Scenario, world: World) -> Iterator[Row]:
    """Yield of which share of its customers a firm's table knows a column, and how well segments describe it.

    Of the rows of ``FIT``, the second figure is what the segment gives.
    """
    if world.listed is None:
        return
    from wom_sim.populations import fit

    table, segments = world.listed.table, scenario.population.segments
    for name, share in known_columns(scenario, table).items():
        yield KNOWN, name, "", "share", share, _NOTHING
    for name in DRAWN:
        yield KNOWN, name, "", "share", 0.0, _NOTHING
    names, each = [segment.name for segment in segments], segment_of_each(scenario, table)
    for good in fit.goodness(table, each, [segment.model_dump() for segment in segments], names):
        unit = MONTHLY if good.column == "revenue" else "calls a month"
        yield FIT, f"{good.column}_customers", good.segment, "people", float(good.customers), _NOTHING
        yield FIT, f"{good.column}_mean", good.segment, unit, *good.mean
        for name, pair in zip(("p50", "p90", "p99"), good.quantiles, strict=True):
            yield FIT, f"{good.column}_{name}", good.segment, unit, *pair
        yield FIT, f"{good.column}_distance", good.segment, "share", good.distance, _NOTHING
        yield FIT, f"{good.column}_zeros", good.segment, "share", good.zeros, 0.0
    for k, segment in enumerate(segments):
        revenue, calls = (table.columns[name][each == k] for name in ("revenue", "calls"))
        both = ~np.isnan(revenue) & ~np.isnan(calls)
        if both.sum() > fit.FEWEST:
            rank = fit.rank_correlation(revenue[both], calls[both])
            of_segment = 6.0 / math.pi * math.asin(segment.calls_follow_revenue / 2.0)
            yield FIT, "rank_correlation", segment.name, "", rank, of_segment


# -- the chosen ------------------------------------------------------------------------------------------------


def _chosen_rows(scenario: Scenario, world: World) -> Iterator[Row]:
    """Yield the figures of those whom each policy chooses; those of equal choices are worked out once."""
    known: dict[Choice | None, list[Row]] = {}
    for policy in scenario.policies:
        if policy.use == KEEP.use:
            continue
        levers = simulated_levers(scenario, policy)
        choice = None if levers.for_all else levers.choose
        if choice not in known:
            known[choice] = list(_choice_rows(scenario, policy, world))
        for section, name, _, unit, built, stated in known[choice]:
            yield section, name, policy.name, unit, built, stated


def _choice_rows(scenario: Scenario, policy: Policy, world: World) -> Iterator[Row]:
    """Yield how many qualify and are chosen, what they bring, and what a year without them spares."""
    levers, represents = simulated_levers(scenario, policy), scenario.run.represents
    stated = Choice() if levers.for_all else levers_of(scenario, policy).choose
    if levers.for_all:
        sums, mistakes = _over_everyone(scenario, policy, world), 0
        qualify = int(sums[0])
    else:
        setting = setting_of(scenario, policy, world, luck_seed(scenario, 0))
        who = choose(setting)
        sums, mistakes = _sums(scenario, policy, world, (who, YEAR)), int(wrongly_chosen(setting, who).sum())
        qualify = len(who) if stated.limit is None else number_qualifying(setting)
    of = dict(zip(CHOSEN, map(float, sums * represents), strict=True))
    limit = _NOTHING if stated.limit is None else float(stated.limit)
    rate = stated.error_rate * of["chosen"] if stated.error_rate > 0.0 else _NOTHING
    yield CHOICE, "qualify", "", "people", float(qualify * represents), _NOTHING
    yield CHOICE, "chosen", "", "people", of["chosen"], limit
    yield CHOICE, "by_mistake", "", "people", float(mistakes * represents), rate
    yield from _of_the_chosen(of, represents, not levers.for_all)


def _over_everyone(scenario: Scenario, policy: Policy, world: World) -> NDArray[np.float64]:
    """Return the sums over all customers, so many people at a time; nobody is let go, so a year without is not told."""
    whole = np.zeros(len(CHOSEN))
    most = CHOSEN.index("busiest_calls")
    for start in range(0, len(world.people), _CHUNK):
        who = start + np.flatnonzero(customers(world.people[start : start + _CHUNK]))
        part = _sums(scenario, policy, world, (who, 0))
        busiest = max(whole[most], part[most])
        whole += part
        whole[most] = busiest
    return whole


def _sums(scenario: Scenario, policy: Policy, world: World, whom: tuple[NDArray[np.int64], int]) -> NDArray[np.float64]:
    """Return the sums over some people; ``whom``: who they are, and the months without them that are counted."""
    who, months = whom
    numbers = numbers_of(scenario, policy, world.newcomer)._replace(end_month=max(1, months))
    sums: NDArray[np.float64] = chosen_sums(
        world.people, np.ascontiguousarray(who), world.accounts, _charged(scenario, world), _costs(scenario),
        (as_record(numbers), months),
    )  # fmt: skip
    return sums


def _of_the_chosen(of: Amounts, represents: int, year: bool) -> Iterator[Row]:
    """Yield what the chosen bring; ``of`` are their sums, ``year``: with what a year without them spares."""
    number = of["chosen"]
    for name, unit in (
        ("revenue", MONTHLY), ("calls", "calls a month"), ("booked_profit", MONTHLY), ("contribution", MONTHLY),
        ("profitable", "share"), ("in_contract", "share"), ("settles", "share"),
    ):  # fmt: skip
        yield CHOICE, f"{name}_each" if unit != "share" else name, "", unit, _ratio(of[name], number), _NOTHING
    yield CHOICE, "busiest_calls", "", MONTHLY, of["busiest_calls"] / represents, _NOTHING
    for name in ("booked_profit", "contribution"):
        yield CHOICE, f"{name}_total", "", MONTHLY, of[name], _NOTHING
    if year:
        saving = of["losses_spared"] - of["profit_forgone"]
        for name, value in (*((n, of[n]) for n in ("losses_spared", "profit_forgone")), ("saving", saving)):
            yield CHOICE, f"{name}_year", "", YEARLY, value, _NOTHING
        yield CHOICE, "saving_settled_year", "", YEARLY, of["saving_settled"], _NOTHING


def _ratio(value: float, number: float) -> float:
    return value / number if number else _NOTHING
