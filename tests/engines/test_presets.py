"""Firms of every trade, tiny: both engines agree event by event, and the customers look like those of the trade."""

import pytest
from random_runs import difference

from wom_sim.engines.compiled import Engine
from wom_sim.engines.reference import Market
from wom_sim.scenario import load_scenario
from wom_sim.scenario.presets import PREFIX, preset_names
from wom_sim.simulation import build_world, luck_seed, numbers_of, treatments_of
from wom_sim.simulation.base import base_table

TINY = ["population.customers=400", "population.prospects=80", "choose.limit=30", "choose.least_profitable_share=0.1",
        "run.days=70"]  # fmt: skip
BOOKS, CONTRIBUTION = (0.35, 0.60), (0.03, 0.25)
"""Shares of customers who lose money, in the books and on contribution, at firms of which it is known."""
FLAT_PRICE = {"streaming": ((0.15, 0.35), (0.0, 0.01))}
"""One price for all, and one viewer more costs nearly nothing: nobody loses money on contribution."""


@pytest.mark.parametrize("name", preset_names())
@pytest.mark.parametrize("replication", [0, 1])
def test_both_engines_agree_in_every_trade(name, replication):
    scenario = load_scenario(PREFIX + name, TINY)
    world, seed = build_world(scenario, workers=1), luck_seed(scenario, replication)
    for policy in scenario.policies:
        numbers = numbers_of(scenario, policy, world.newcomer)
        rows = treatments_of(scenario, policy, world, seed)
        reference = Market(world, numbers, rows, seed=seed).run().result()
        compiled = Engine(world).run(numbers, rows, seed, events=True)
        assert difference(reference, compiled) == "", policy.name
        assert len(rows) > 0


@pytest.mark.parametrize("name", preset_names())
def test_customers_look_like_those_of_the_trade(name):
    table = base_table(load_scenario(PREFIX + name))
    base = table[(table["section"] == "base") & (table["group"] == "")].set_index("name")["built"]
    books, contribution = FLAT_PRICE.get(name, (BOOKS, CONTRIBUTION))
    assert books[0] <= 1.0 - base["profitable_by_books"] <= books[1]
    assert contribution[0] <= 1.0 - base["profitable_by_contribution"] <= contribution[1]
    assert base["booked_profit_year"] > 0.0
