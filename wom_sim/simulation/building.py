"""A scenario as a world: people, ties, outlets, and what the numbers decide of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from wom_sim._compile import kernel
from wom_sim.networks import market
from wom_sim.populations import synthetic
from wom_sim.rules.leaving import base_hazard, lock
from wom_sim.rules.money import customer_value
from wom_sim.scenario import Scenario
from wom_sim.scenario.represents import simulated
from wom_sim.scenario.sections.network import GraphFile, MarketNetwork
from wom_sim.scenario.ties import close_by_weight
from wom_sim.simulation.forms import SPREADS
from wom_sim.simulation.made import PeopleAsked, made_people, made_ties
from wom_sim.simulation.numbers import given_or, monthly_discount
from wom_sim.simulation.scores import accounts_of
from wom_sim.world import trace as tr
from wom_sim.world.accounts import Accounts, contribution
from wom_sim.world.listed import Listed
from wom_sim.world.luck import replication_seed
from wom_sim.world.network import CLASS_NAMES, Network
from wom_sim.world.outlets import OUTLET_TYPE, Outlets, outlets_from
from wom_sim.world.people import CUSTOMER, People
from wom_sim.world.switching import SWITCHING_TYPE, Switching
from wom_sim.world.world import World

if TYPE_CHECKING:
    from wom_sim.networks.tie_people import Whose

_COMMUNITY = 150
"""People of a community where the network has none of its own."""


def segments_of(scenario: Scenario) -> synthetic.Segments:
    """Return the segments as columns."""
    segments = scenario.population.segments
    upto = np.cumsum([s.share for s in segments])
    upto[-1] = 1.0
    fields = [f for f in synthetic.Segments._fields if f != "upto"]
    columns = {f: np.array([float(getattr(s, f)) for s in segments]) for f in fields}
    columns["revenue"] *= np.array([1.0 - s.variable_cost for s in segments])  # a margin is what is left of it
    return synthetic.Segments(upto, **columns)


def census_of(scenario: Scenario) -> synthetic.Census:
    """Return how many are simulated and how they live. Only the market network knows households."""
    p, net, represents = scenario.population, scenario.network, scenario.run.represents
    in_market = isinstance(net, MarketNetwork)
    return synthetic.Census(
        simulated(p.customers, represents), simulated(p.prospects, represents),
        net.community if isinstance(net, MarketNetwork) else _COMMUNITY,
        p.household_size if in_market else 1.0, p.alike_in_household, p.alike_in_community, p.join,
        p.segments[0].talkativeness_spread,
    )  # fmt: skip


def switching_of(scenario: Scenario, seed: int) -> Switching:
    """Return what the costs of going of people of a seed follow from."""
    segments = np.zeros(len(scenario.population.segments), dtype=SWITCHING_TYPE)
    for row, s in zip(segments, scenario.population.segments, strict=True):
        row["cost"], row["surplus"], row["surplus_of_seekers"] = s.switching_cost, s.surplus, s.surplus_of_seekers
    return Switching(segments, np.uint64(seed))


def world_seed(scenario: Scenario, replication: int = 0) -> int:
    """Return the seed of people and ties."""
    base = scenario.run.seed if scenario.run.world_seed is None else scenario.run.world_seed
    return base if scenario.run.same_world else replication_seed(base, 1_000_000 + replication)


def luck_seed(scenario: Scenario, replication: int) -> int:
    """Return the seed of what happens in a replication."""
    return replication_seed(scenario.run.seed, replication)


def build_world(scenario: Scenario, replication: int = 0, workers: int | None = None) -> World:
    """Return people, ties and media. The same scenario and seed give the same world, whatever ``workers``.

    Raises
    ------
    ValueError
        If the network cannot be made, in words.
    """
    seed = world_seed(scenario, replication)
    people, listed = _people(scenario, seed, workers)
    network = _network(scenario, people, listed, seed, workers)
    switching = switching_of(scenario, seed)
    world = World(people, network, np.zeros(0, OUTLET_TYPE), listed=listed, switching=switching)
    return settled(world, scenario)


def build_people(scenario: Scenario, replication: int = 0, workers: int | None = None) -> World:
    """Return the people and media of ``build_world`` without ties, which take most of its memory and time."""
    seed = world_seed(scenario, replication)
    people, listed = _people(scenario, seed, workers)
    nobody = Network(np.zeros(len(people) + 1, dtype=np.uint32), np.zeros(0, dtype=np.uint32), len(people))
    switching = switching_of(scenario, seed)
    return settled(World(people, nobody, np.zeros(0, OUTLET_TYPE), listed=listed, switching=switching), scenario)


def _people(scenario: Scenario, seed: int, workers: int | None) -> tuple[People, Listed | None]:
    """Return the people of a scenario, as a population of another package makes them of ours where it names one."""
    people, listed = _usual_people(scenario, seed, workers)
    theirs = scenario.plugins.population
    if theirs is None:
        return people, listed
    names = tuple(segment.name for segment in scenario.population.segments)
    asked = PeopleAsked(people, names, scenario.run.represents, scenario.plugins.given, seed)
    households_stay = scenario.plugins.network is None and isinstance(scenario.network, MarketNetwork)
    return made_people(theirs, asked, households_stay), listed


def _usual_people(scenario: Scenario, seed: int, workers: int | None) -> tuple[People, Listed | None]:
    """Return the people of segments: synthetic, or those of the firm's own table with which row each is."""
    census, segments, file = census_of(scenario), segments_of(scenario), scenario.population.file
    if file is None:
        return synthetic.build(census, segments, seed, workers), None
    from wom_sim.populations import customer_file, from_table

    net, kinds = scenario.network, scenario.population.segments
    in_market = isinstance(net, MarketNetwork)
    town = max(net.community, net.town // net.community * net.community) if isinstance(net, MarketNetwork) else 1 << 40
    plan = from_table.Plan(
        tuple(s.name for s in kinds), np.array([1.0 - s.variable_cost for s in kinds]), town, in_market
    )
    return from_table.build(census, segments, customer_file.read(file), plan, seed, workers)


def settled(world: World, scenario: Scenario, groups: bool = True) -> World:
    """Return a world of the same people and ties with what the scenario's numbers decide: groups, newcomer, media.

    ``groups``: whether to write anew who is profitable, into the people themselves; a world of theirs that was
    settled before must then no longer be used. Notes are empty.
    """
    money, accounts = scenario.money, accounts_of(scenario)
    costs = (money.contact_cost, money.credit_per_call, money.profitable_above)
    if groups:
        settle_groups(world.people, accounts, costs)
    locked, discount = scenario.behaviour.leaving.locked, monthly_discount(scenario)
    value, churn = mean_value(world.people, accounts, costs, locked, discount)
    newcomer = newcomers(value, churn, discount)
    segments = len(scenario.population.segments)
    outlets = outlets_of(scenario)
    return world._replace(outlets=outlets, newcomer=newcomer, notes={}, segments=segments, accounts=accounts)


def newcomers(value: float, churn: float, discount: float) -> tuple[float, float]:
    """Return (profit, churn) a month of a new customer, given the mean value (currency) and churn of customers.

    Assumption: a new customer is the average one, who leaves at the mean churn and is worth as much in a lifetime.
    """
    q = (1.0 - churn) / (1.0 + discount)
    return (value * (1.0 - q) / q if 0.0 < q < 1.0 else 0.0), churn


def outlets_of(scenario: Scenario) -> Outlets:
    """Return the media; the usual chance to side with the firm is written as -1."""
    rows = []
    for outlet in scenario.media.outlets:
        views = {name: getattr(outlet, name) for name in ("sides", "sides_after", "acts_after_news")}
        if outlet.complaints_level > 0.0 and outlet.acts_after_news is None:
            views["acts_after_news"] = 0.0  # an authority all the same
        row = {name: getattr(outlet, name) for name in OUTLET_TYPE.names or () if name not in views}
        row |= {name: getattr(outlet, name) / scenario.run.represents for name in ("case_fee", "settlement")}
        row["spread"] = SPREADS.index(outlet.spread)
        row["imitation"] = outlet.imitation if row["spread"] else 0.0
        row["cases_free"] = outlet.cases_free if outlet.case_fee > 0.0 else 0
        row["settles_after"] = outlet.settles_after if outlet.settlement > 0.0 else 0
        rows.append(row | {name: given_or(value, -1.0) for name, value in views.items()})
    return outlets_from(rows)


def _network(scenario: Scenario, people: People, listed: Listed | None, seed: int, workers: int | None) -> Network:
    net = scenario.network
    if scenario.plugins.network is not None:
        return made_ties(scenario.plugins.network, people, scenario.plugins.given, seed)
    tie_class = CLASS_NAMES.index(net.tie)
    if isinstance(net, MarketNetwork):
        plan = market.plan(len(people), net.community, net.town, net.close, net.close_rewired)
        plan = market.with_acquaintances(plan, net.acquaintances, net.acquaintances_spread, net.far)
        drawn = market.build(plan, np.ascontiguousarray(people["member"]), seed, workers)
        if net.path is None:
            return drawn
        from wom_sim.networks import graph_file
        from wom_sim.networks.known import completed

        return completed(
            drawn, graph_file.build(net.path, len(people), tie_class, _whose(listed), close_by_weight(net)), seed
        )
    if isinstance(net, GraphFile):
        from wom_sim.networks import graph_file

        return graph_file.build(net.path, len(people), tie_class, _whose(listed))
    from wom_sim.networks import standard

    return standard.build(net.kind, len(people), net.ties, net.p, tie_class, seed)


def _whose(listed: Listed | None) -> Whose | None:
    """Return whose ties a file has: the customers of the firm's own table, by its ids; None where there is no table."""
    if listed is None:
        return None
    from wom_sim.networks.tie_people import Whose

    return Whose(listed.table.ids, listed.person_of_row("network.path"))


@kernel
def settle_groups(people: People, accounts: Accounts, costs: tuple[float, float, float]) -> None:
    """Fill the column ``group``.

    ``costs`` is (contact cost of a call, credit of a call, contribution above which a customer is profitable).
    """
    for i in range(people.size):
        person = people[i]
        group = np.int64(tr.G_PROSPECT)
        if person.traits & CUSTOMER:
            row = tr.S_FIRST + np.int64(person.segment)
            profitable = contribution(people, accounts, i, (costs[0], costs[1])) > costs[2]
            group = row << tr.SEGMENT_SHIFT | tr.G_CUSTOMER | (tr.G_PROFITABLE if profitable else 0)
        person.group = group


@kernel
def mean_value(
    people: People, accounts: Accounts, costs: tuple[float, float, float], locked: float, discount: float
) -> tuple[float, float]:
    """Return the mean lifetime value (currency) and the mean churn of customers; ``costs`` as above. 0 of nobody."""
    total, leaving, count = 0.0, 0.0, 0
    for i in range(people.size):
        person = people[i]
        if person.traits & CUSTOMER:
            profit = contribution(people, accounts, i, (costs[0], costs[1]))
            churn = base_hazard(np.float64(person.churn), lock(np.int64(person.contract), 0, locked, False), 1.0)
            total += customer_value(profit, churn, discount)
            leaving += churn
            count += 1
    return total / max(1, count), leaving / max(1, count)
