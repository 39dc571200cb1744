"""The reference engine as a Mesa user meets it: docs/MESA.md is run, and batch_run, seeds and collectors are tried."""

from __future__ import annotations

import contextlib
import inspect
import io
import re
from pathlib import Path

import numpy as np
import pytest

from wom_sim import MarketModel, load_scenario, simulate
from wom_sim.engines.customer import Customer

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "MESA.md").read_text(encoding="utf-8")
SMALL = {"population.customers": 200, "population.prospects": 20, "run.days": 40, "choose.limit": 8}
ENDS = {"run.days_after": 1}


def test_the_page_prints_what_it_says():
    names: dict[str, object] = {}
    printed, compared = "", 0
    for kind, text in re.findall(r"```(python|text)\n(.*?)```", PAGE, re.DOTALL):
        if kind == "python":
            out = io.StringIO()
            with contextlib.redirect_stdout(out):
                exec(compile(text, "docs/MESA.md", "exec"), names)
            printed = out.getvalue()
        else:
            assert printed.strip() == text.strip()
            compared += 1
    assert compared == 5


def test_it_is_the_run_that_simulate_makes():
    said = load_scenario("builtin:first_look", [f"{key}={value}" for key, value in SMALL.items()])
    model = MarketModel(policy="bulk letter", **SMALL).run()
    trace = simulate(said, "bulk letter", engine="compiled").trace
    assert np.array_equal(model.result().events(), trace.events())
    assert MarketModel(said, "bulk letter").run().result().events().tobytes() == trace.events().tobytes()


def test_after_the_last_day_nothing_happens():
    model = MarketModel(policy="bulk letter", **SMALL, **ENDS).run()
    assert model.running is False
    before = model.today, model.book.daily.copy()
    model.step()
    assert model.today == before[0]
    assert np.array_equal(model.book.daily, before[1])


def events(**named) -> bytes:
    return MarketModel(policy="bulk letter", **SMALL, **ENDS, **named).run().result().events().tobytes()


def test_none_is_no_seed_and_nought_is_one():
    usual = events()
    assert events(seed=None) == usual == events(seed=2007)
    assert events(seed=0) != usual
    assert events(seed=0) == events(seed=0) == events(rng=0) == events(rng=np.int64(0))
    sequence = np.random.SeedSequence(5)
    assert events(rng=sequence) == events(rng=np.random.SeedSequence(5)) != usual
    people = [MarketModel(policy="bulk letter", seed=seed, **SMALL).world.people.tobytes() for seed in (None, 0, 1)]
    assert people[0] == people[1] == people[2], "a seed is of luck: people stay"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"seed": 1, "rng": 2}, "both are given"), ({"seed": -1}, "given '-1', allowed: a whole number"),
        ({"seed": 1.5}, "given '1.5'"), ({"seed": True}, "given 'True'"),
        ({"policy": "none such"}, "no policy is named"),
        ({"choose.limt": 3}, "limt"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said(given, said):
    with pytest.raises(ValueError, match=said):
        MarketModel(**{"policy": "bulk letter"} | SMALL | given)


class Silent(Customer):
    """Never tells anybody."""

    def __init__(self, model, number):
        super().__init__(model, number)
        self.talkativeness = 0.0
        self.ties = []


def test_people_of_another_class_are_those_of_the_market_and_of_its_twin():
    model = MarketModel(policy="bulk letter", customer=Silent, **SMALL, **ENDS)
    assert {type(person) for person in model.customers} == {Silent}
    assert {type(person) for person in model.agents} == {Silent}
    assert events(customer=Silent) != events()


def test_mesas_batch_runner_runs_it_to_its_end():
    batch_run = pytest.importorskip("mesa.batchrunner").batch_run
    varied, seeds = {"policy": ["bulk letter", "paid exit"], **SMALL, **ENDS}, {}
    if "rng" in inspect.signature(batch_run).parameters:  # from 3.4 on it overwrites a parameter "seed"
        seeds["rng"] = [0, None]
    else:
        varied["seed"] = [0, None]
    found = batch_run(
        MarketModel, varied, number_processes=1, max_steps=1_000, data_collection_period=-1, display_progress=False,
        **seeds,
    )  # fmt: skip
    assert len(found) == 4
    assert {row["day"] for row in found} == {39}
    again = MarketModel(policy="paid exit", seed=0, **SMALL, **ENDS).run()
    row = next(row for row in found if row["policy"] == "paid exit" and row["seed"] == 0)
    assert row["informed"] == sum(person.heard_on >= 0 for person in again.customers)


def test_replications_are_varied_with_any_version_of_mesa():
    batch_run = pytest.importorskip("mesa.batchrunner").batch_run
    found = batch_run(
        MarketModel, {"policy": "bulk letter", "replication": [0, 1], **SMALL, **ENDS},
        number_processes=1, max_steps=1_000, data_collection_period=-1, display_progress=False,
    )  # fmt: skip
    for row in found:
        alone = MarketModel(policy="bulk letter", replication=row["replication"], **SMALL, **ENDS).run()
        assert row["informed"] == sum(person.heard_on >= 0 for person in alone.customers)
    assert len({row["informed"] for row in found}) == 2


def test_what_is_collected_is_counted_as_people_say_it_on_every_day():
    more = {**SMALL, "population.prospects": 300, "run.days": 90}
    model = MarketModel(policy="bulk letter", **more, **ENDS)
    while model.running:
        model.step()
        day, people = model.datacollector.get_model_vars_dataframe().iloc[-1], model.customers
        assert day["informed"] == sum(person.heard_on >= 0 for person in people)
        assert day["customers"] == sum(person.still_customer for person in people)
        assert day["joined"] == sum(person.joined_on >= 0 for person in people)
    assert day["informed"] > 0
    assert day["joined"] > 0
    assert day["customers"] < SMALL["population.customers"]


def test_a_collector_of_ones_own_collects_agents_too():
    import mesa

    model = MarketModel(policy="bulk letter", **SMALL, **ENDS)
    model.datacollector = mesa.DataCollector(agent_reporters={"harm": "harm_units"})
    model.run()
    table = model.datacollector.get_agent_vars_dataframe()
    assert len(table) == 220 * 40


def test_a_page_of_solara_can_be_made():
    pytest.importorskip("solara")
    from mesa.visualization import SolaraViz, make_plot_component

    model = MarketModel(policy="bulk letter", **SMALL)
    assert SolaraViz(model, [make_plot_component("informed")], model_params={"policy": "bulk letter", **SMALL})
    assert type(model)(policy="bulk letter", **SMALL).today == 0, "as the page makes it anew"
