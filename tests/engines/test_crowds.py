"""What small random worlds do not show: lists that outgrow their first size, silent outlets, runs without a log."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from random_runs import difference
from worlds import NUMBERS, outlets_of, some_network, some_people, world_of

from wom_sim.engines.compiled import Engine, warm
from wom_sim.engines.compiled.calendar import new_pool
from wom_sim.engines.reference import Market
from wom_sim.world import people as pl
from wom_sim.world import trace as tr
from wom_sim.world.treatments import arranged, table

PEOPLE = 400
BUSY = NUMBERS._replace(
    days=75, p_stop_when_known=0.7, p_defend=1.0, p_defend_siding=1.0, sides=0.4, affected=1.0, talk_days=3,
    audience_most=0.0,
)  # fmt: skip


@pytest.fixture(scope="module")
def crowd():
    people = some_people(PEOPLE, 8, customers=0.8, churn=0.5)
    network = some_network(nx.gnp_random_graph(PEOPLE, 0.08, seed=8), 8)
    outlets = outlets_of([(0.0, 0.0, 3.0, 1, True, 100.0), (0.1, 0.5, 2.0, 1, False, 0.0)])
    return world_of(people, network, outlets)


@pytest.fixture(scope="module")
def programme(crowd):
    """Return a letter to two thirds of the customers at once, and a second round for some of them."""
    customers = np.flatnonzero(pl.customers(crowd.people))
    many = customers[: 2 * len(customers) // 3]
    common = {"grievance": 1.0, "story": 255, "news": 256, "p_call": 0.5}
    offers = table(person=many[::2], day_told=0, action=2, hazard_multiplier=1.6, **common)
    letters = table(person=many[1::2], day_told=0, notice=20, **common)
    return arranged(np.concatenate([offers, letters, table(person=many[::2], day_told=45, notice=5, **common)]))


@pytest.fixture(scope="module")
def compiled(crowd, programme):
    return Engine(crowd).run(BUSY, programme, 3, events=True)


def test_the_engines_agree_in_a_crowd(crowd, programme, compiled):
    reference = Market(crowd, BUSY, programme, seed=3).run().result()
    assert difference(reference, compiled) == ""


def test_the_crowd_is_large_enough_for_lists_to_grow(crowd, compiled):
    """A calendar of a small world has room for some 2,000 plans, a log for 1,024 events, at first."""
    log = compiled.events()
    assert len(log) > 1024
    assert compiled.book.daily[:4, tr.D_CONVERSATIONS].sum() > len(new_pool()[0])
    per_day = np.bincount(log["day"][log["event"] == tr.LEFT])
    assert per_day.max() > 64
    assert (log["event"] == tr.DEFENDS).sum() > 20


def test_an_outlet_without_reach_covers_and_reaches_nobody(compiled):
    assert compiled.picked_up[0] >= 0
    by_outlet = compiled.events()["source"][compiled.events()["event"] == tr.HEARD]
    assert tr.source_of(tr.BY_OUTLET, 0) not in by_outlet.tolist()


def test_without_a_log_all_else_is_the_same(crowd, programme, compiled):
    silent = Engine(crowd).run(BUSY, programme, 3)
    assert len(silent.events()) == 0
    assert np.array_equal(silent.book.daily, compiled.book.daily)
    assert np.array_equal(silent.book.ledger, compiled.book.ledger)
    assert np.array_equal(silent.buzz, compiled.buzz)


def test_praise_keeps_some_who_were_not_told(crowd, programme):
    """Where advocates defend the firm loudly, some stay on the day on which they would have left."""
    kind = BUSY._replace(sides=0.3, beta=3.0, weight=(0.0, *(2.0,) * 4, 0.1, 0.1), hearer_tells=(1.0, 1.0, 1.0))
    few = programme[:6]
    compiled = Engine(crowd).run(kind, few, 3, events=True)
    reference = Market(crowd, kind, few, seed=3).run().result()
    assert difference(reference, compiled) == ""
    kept = compiled.book.tally[tr.STORY, :, tr.PREVENTED, :].sum()
    assert kept > 0
    stayed = compiled.events()[compiled.events()["event"] == tr.STAYED]
    assert (~np.isin(stayed["person"], few["person"])).sum() == kept


def test_nobody_is_a_world_too():
    with np.errstate(divide="ignore"):  # all its numbers are 0, half-lives too; without the compiler numpy warns
        warm()


def test_treatments_of_who_is_not_there_are_refused(crowd):
    with pytest.raises(ValueError, match=f"numbered 0 to {PEOPLE - 1}"):
        Engine(crowd).run(BUSY, table(person=[PEOPLE], day_told=0), 1)
