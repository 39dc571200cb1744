"""The reference engine is an ordinary Mesa model."""

from __future__ import annotations

import mesa
from worlds import NUMBERS, some_network, some_people, world_of

from wom_sim import Market
from wom_sim.networks.standard import build
from wom_sim.world.day import PHASES
from wom_sim.world.treatments import table


def _market() -> Market:
    people = some_people(30, 5)
    world = world_of(people, build("watts_strogatz", 30, 4.0, 0.1, 1, 5))
    chosen = (people["traits"] & 1).nonzero()[0][:3]
    programme = table(person=chosen, day_told=1, notice=10, action=1, grievance=1.0, story=255, news=256, p_call=0.5)
    return Market(world, NUMBERS, programme, seed=5)


def test_it_steps_and_collects_like_any_mesa_model():
    market = _market()
    assert isinstance(market, mesa.Model)
    assert all(isinstance(agent, mesa.Agent) for agent in market.agents)
    for _ in range(NUMBERS.days):
        market.step()
    table_of_days = market.datacollector.get_model_vars_dataframe()
    assert table_of_days["day"].tolist() == list(range(NUMBERS.days))
    assert table_of_days["informed"].is_monotonic_increasing
    assert table_of_days["informed"].iloc[-1] > 3
    assert market.result().book.daily[:, 0].sum() == len(market.treatments)


def test_each_phase_is_a_method_in_the_order_of_the_day():
    assert [phase.name for phase in PHASES] == [
        "firm",
        "tell",
        "decide_to_talk",
        "attention",
        "bill",
        "contagion",
        "record",
    ]
    assert all(callable(getattr(Market, phase.name)) for phase in PHASES)


def test_the_ties_are_those_of_the_network_and_nobody_has_a_place():
    """Mesa's spaces lay people out, which takes minutes for a few hundred of them in Mesa 3.5."""
    market = _market()
    for customer in market.customers:
        assert [other for other, _ in customer.ties] == market.world.network.neighbours(customer.number).tolist()
    held = [*vars(market).values(), *vars(market.customers[0]).values()]
    assert not [thing for thing in held if type(thing).__module__.startswith("mesa.discrete_space")]


def test_without_a_policy_people_leave_by_luck_alone():
    people = some_people(60, 9, customers=1.0, churn=0.4)
    market = Market(world_of(people, some_network(__import__("networkx").empty_graph(60), 9)), NUMBERS, seed=9).run()
    assert 0 < (market.days_gone() >= 0).sum() < 60
    assert len(market.result().events()) == 0
