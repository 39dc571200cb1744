"""Authorities in runs: formal complaints, the ombudsman's fee, an inquiry because of complaints, a settlement."""

from __future__ import annotations

import math

import numpy as np
import pytest
from test_news import QUIET, RUNS, firm, near, told
from worlds import some_people, world_of

from wom_sim.engines.compiled import Engine
from wom_sim.networks.convert import from_networkx
from wom_sim.world import trace as tr
from wom_sim.world.luck import replication_seed
from wom_sim.world.outlets import outlets_from
from wom_sim.world.world import World

nx = pytest.importorskip("networkx")

COMPLAINING = QUIET._replace(
    p_complain=0.1, complain_from=10, complain_to=20, complaints_half_life=365.0, days=60, discount=0.0
)
AUTHORITY = {"threshold": 0.0, "reach": 0.0, "half_life": 1.0, "lag": 1, "national": False, "acts_after_news": 0.0}


def market(*rows: dict[str, float]) -> World:
    """Return 3,000 people without ties, and these outlets."""
    crowd = some_people(3000, 1, customers=1.0, churn=0.0)
    return world_of(crowd, from_networkx(nx.empty_graph(3000)), outlets_from([AUTHORITY | row for row in rows]))


def seed(k: int) -> int:
    return replication_seed(23, k)


def complaints(trace: tr.Trace) -> np.ndarray:
    log = trace.events()
    return log[log["event"] == tr.COMPLAINS]


def test_so_many_complain_and_each_within_those_days():
    world = firm(3000, threshold=1e9)
    found = complaints(Engine(world).run(COMPLAINING, told(world, [0] * 2000), 3, events=True))
    assert near(len(found) / 2000, 0.1, 2000)
    assert set(found["day"].tolist()) == set(range(10, 21))


def test_nobody_complains_of_praise_nor_without_grievance():
    world = firm(3000, threshold=1e9)
    rows = told(world, [0] * 200)
    for column, value in (("praise", True), ("grievance", 0.0)):
        other = rows.copy()
        other[column] = value
        numbers = COMPLAINING._replace(p_complain=1.0)
        assert len(complaints(Engine(world).run(numbers, other, 3, events=True))) == 0
        assert len(complaints(Engine(world).run(numbers, rows, 3, events=True))) == 200


@pytest.mark.parametrize(("national", "factor"), [(False, 1.0), (True, 3.0)])
def test_with_national_news_more_complain(national, factor):
    world = market({"threshold": 0.0, "acts_after_news": -1.0, "national": national})
    numbers = COMPLAINING._replace(complain_more=3.0)
    found = complaints(Engine(world).run(numbers, told(world, [0] * 2000), 3, events=True))
    assert near(len(found) / 2000, 0.1 * factor, 2000)


def test_the_ombudsman_charges_for_each_case_but_those_that_are_free():
    programme = told(market(), [0] * 2000)
    for free in (0, 3, 10_000):
        world = market({"case_fee": 650.0, "cases_free": free})
        trace = Engine(world).run(COMPLAINING, programme, 3, events=True)
        cases = len(complaints(trace))
        paid = -trace.book.ledger[:, :, tr.L_AUTHORITY].sum() / 100.0
        assert paid == pytest.approx(650.0 * max(0, cases - free))
        assert paid == pytest.approx(-trace.book.receipts[1, :, tr.L_AUTHORITY].sum() / 100.0)


def test_cases_are_free_anew_each_year():
    world = market({"case_fee": 100.0, "cases_free": 2})
    numbers = COMPLAINING._replace(p_complain=1.0, complain_from=0, complain_to=0, days=800)
    trace = Engine(world).run(numbers, told(world, [0] * 5 + [400] * 5), 3, events=True)
    assert -trace.book.ledger[:, :, tr.L_AUTHORITY].sum() / 100.0 == pytest.approx(600.0)


def test_an_inquiry_comes_of_the_sum_of_complaints():
    """All complain on day 1: 20 x 2^(-1/365) .. of them count, and luck is drawn once, so that time adds nothing."""
    world = market({"complaints_level": 40.0})
    numbers = COMPLAINING._replace(p_complain=1.0, complain_from=1, complain_to=1, complaints_half_life=1e9)
    engine, programme = Engine(world), told(world, [0] * 20)
    days = np.array([engine.run(numbers, programme, seed(k)).picked_up[0] for k in range(RUNS)])
    assert near(float((days >= 0).mean()), 1.0 - math.exp(-20.0 / 40.0))
    assert set(days.tolist()) == {-1, 1}


def test_what_is_remembered_from_before_counts_and_fades():
    """The trade has been complained of: with 50 remembered of a level of 50 an inquiry comes with 1 - 1/e on day 0."""
    world = market({"complaints_level": 50.0})
    engine, programme = Engine(world), told(world, [0])
    shares = {}
    for day, half_life in ((0, 1e9), (30, 10.0)):
        numbers = QUIET._replace(complaints_before=50.0, complaints_half_life=half_life, days=60)
        late = programme.copy()
        late["day_told"] = day
        shares[day] = np.mean([engine.run(numbers, late, seed(k)).picked_up[0] >= 0 for k in range(RUNS)])
    assert near(float(shares[0]), 1.0 - math.exp(-1.0))
    left = 50.0 * 2.0 ** (-31.0 / 10.0)
    assert near(float(shares[30]), 1.0 - math.exp(-left / 50.0))


def test_a_settlement_is_paid_once_so_many_days_after_it_begins():
    world = market({"threshold": 0.0, "acts_after_news": -1.0, "settlement": 5000.0, "settles_after": 20})
    trace = Engine(world).run(QUIET._replace(discount=0.0, days=60), told(world, [3]), 3, events=True)
    log = trace.events()
    paid = log[log["event"] == tr.DEMANDS]
    assert paid["day"].tolist() == [int(trace.picked_up[0]) + 20]
    assert paid["amount"].sum() == -500_000


def test_without_complaints_nothing_is_different():
    """A level and a fee alone change nothing: they are about complaints, and there are none."""
    plain, armed = market({}), market({"complaints_level": 1.0, "case_fee": 650.0})
    programme = told(plain, [0] * 50)
    traces = [Engine(world).run(QUIET, programme, 3, events=True) for world in (plain, armed)]
    assert np.array_equal(traces[0].events(), traces[1].events())
