"""Luck in whole runs: threads, chunks and order change nothing, nor do strangers to the story; policies share it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markets import fingerprint
from random_runs import Case, cases, difference
from worlds import NUMBERS, some_network, some_people, world_of

from wom_sim import build_world, load_scenario
from wom_sim.engines.compiled import Engine
from wom_sim.engines.reference import Market
from wom_sim.simulation import policies_of, run_policy
from wom_sim.study.execute import Runner, results
from wom_sim.world import people as pl
from wom_sim.world import trace as tr
from wom_sim.world.network import append_isolated
from wom_sim.world.treatments import Treatments, table

FILE = Path(__file__).parents[2] / "scenarios" / "first_look.toml"
SMALL = ["population.customers=16000", "population.prospects=4000", "run.days=120", "choose.limit=40"]
REPLICATIONS = 3


@pytest.fixture(scope="module")
def scenario():
    return load_scenario(FILE, SMALL)


def world_digits(world) -> str:
    columns = [np.ascontiguousarray(world.people[name]) for name in world.people.dtype.names]
    outlets = [np.ascontiguousarray(world.outlets[name]) for name in world.outlets.dtype.names]
    return fingerprint(*columns, *outlets, world.network.start, world.network.listed())


def test_a_world_does_not_depend_on_how_many_build_it(scenario):
    """Towns and communities are dealt to threads in pieces; 20,000 people are three towns."""
    built = {workers: world_digits(build_world(scenario, workers=workers)) for workers in (1, 2, 3, 7)}
    assert len(set(built.values())) == 1, built


def tasks_of(scenario):
    return [(policy, r) for policy in policies_of(scenario) for r in range(REPLICATIONS)]


@pytest.fixture(scope="module")
def in_order(scenario):
    """Return the traces of all policies and replications, run one after the other on one engine."""
    world = build_world(scenario)
    engine = Engine(world)
    runs = [run_policy(scenario, policy, world, engine, r, events=True) for policy, r in tasks_of(scenario)]
    assert sum(len(run.trace.events()) for run in runs) > 5_000
    return {(run.policy, run.replication): run.trace for run in runs}


@pytest.mark.parametrize("workers", [1, 2])
def test_replications_in_another_order_and_in_threads(scenario, in_order, workers):
    tasks = tasks_of(scenario)
    mixed = [tasks[k] for k in np.random.default_rng(workers).permutation(len(tasks))]
    runner = Runner(scenario, "compiled", events=True)
    runner.prepare()
    found = dict(results(runner, mixed, workers))
    assert sorted(found) == list(range(len(tasks)))
    for number, run in found.items():
        policy, replication = mixed[number]
        assert (run.policy, run.replication) == (policy.name, replication)
        assert difference(in_order[policy.name, replication], run.trace) == ""


def test_engines_side_by_side_on_one_world(scenario, in_order):
    """Four engines at once, each beginning elsewhere in the list: what is shared is only read."""
    world = build_world(scenario)
    tasks = tasks_of(scenario)

    def work(first: int) -> list[str]:
        engine = Engine(world)
        turned = tasks[first:] + tasks[:first]
        runs = [run_policy(scenario, policy, world, engine, r, events=True) for policy, r in turned]
        return [difference(in_order[run.policy, run.replication], run.trace) for run in runs]

    with ThreadPoolExecutor(4) as pool:
        assert {text for found in pool.map(work, (0, 3, 6, 9)) for text in found} == {""}


def with_more_people(case: Case, extra: int) -> Case:
    """Return the case with people added without ties, who have nothing to say."""
    more = some_people(extra, 99)
    more["talkativeness"] = 0.0
    more["traits"] &= ~np.uint8(pl.ADVOCATE)
    world = case.world._replace(
        people=pl.append(case.world.people, more), network=append_isolated(case.world.network, extra)
    )
    return case._replace(world=world, numbers=case.numbers._replace(p_defend_siding=0.0, own_coverage=0))


@settings(max_examples=120)
@given(cases(), st.integers(1, 5))
def test_people_added_without_ties_change_nobody(case: Case, extra: int):
    """Outlets may reach them, but the log of all others stays as it was, in both engines."""
    n = len(case.world.people)
    outlets = case.world.outlets.copy()
    outlets["spread"] = 0  # the reach of others follows the share of people who have heard
    case = case._replace(world=case.world._replace(outlets=outlets))
    before = case._replace(numbers=case.numbers._replace(p_defend_siding=0.0, own_coverage=0))
    after = with_more_people(case, extra)
    logs = [Engine(c.world).run(c.numbers, c.treatments, c.seed, events=True).events() for c in (before, after)]
    nobodys = np.isin(logs[1]["event"], (tr.PICKED_UP, tr.STARTS, tr.RESPONDS, tr.DEMANDS))
    assert np.array_equal(logs[0], logs[1][nobodys | (logs[1]["person"] < n)])


@settings(max_examples=25)
@given(cases(), st.integers(1, 5))
def test_people_added_without_ties_change_nobody_in_the_reference(case: Case, extra: int):
    after = with_more_people(case, extra)
    reference = Market(after.world, after.numbers, after.treatments, seed=after.seed).run().result()
    compiled = Engine(after.world).run(after.numbers, after.treatments, after.seed, events=True)
    assert difference(reference, compiled) == ""


# -- the same person has the same luck under every policy --------------------------------------------------

PEOPLE = 400
SIDES_SPEAK_UP = NUMBERS._replace(p_defend_siding=1.0, sides=0.4, days=150, p_retell=1.0, household_follows=0.0)


def crowd():
    people = some_people(PEOPLE, 11, churn=0.3)
    people["traits"] &= ~np.uint8(pl.ADVOCATE)  # an advocate has a chance to defend of their own
    return world_of(people, some_network(nx.gnp_random_graph(PEOPLE, 0.02, seed=11), 11))


def programmes(world) -> list[Treatments]:
    """Return programmes that have little in common: whom, when, what, how bad, one by one or at once."""
    customers = np.flatnonzero(pl.customers(world.people))
    common = {"grievance": 1.0, "news": 256, "p_call": 0.5}
    return [
        table(person=customers[:20], day_told=1, notice=10, story=255, **common),
        table(person=customers[:20], day_told=np.arange(20) * 3, notice=-1, story=100, action=2, **common),
        table(person=customers[40:90], day_told=7, notice=30, story=200, hazard_multiplier=1.6, **common),
        table(person=customers[-60:], day_told=np.arange(60) // 4, notice=0, story=40, waived=True, **common),
        table(person=customers, day_told=np.arange(len(customers)) // 10, notice=5, story=255, **common),
    ]


def test_who_sides_with_the_firm_does_so_under_every_policy():
    """Those who side with the firm speak up, here, as soon as they hear. Whoever hears of two programmes, does the
    same in both.
    """
    world = crowd()
    told_apart = 0
    stands: dict[int, bool] = {}
    for programme in programmes(world):
        log = Engine(world).run(SIDES_SPEAK_UP, programme, 5, events=True).events()
        speak_up = set(log["person"][log["event"] == tr.DEFENDS].tolist())
        told = set(programme["person"].tolist())
        for person in set(log["person"][log["event"] == tr.HEARD].tolist()) - told:
            source = log[(log["event"] == tr.HEARD) & (log["person"] == person)][0]
            if int(source["source"]) >> tr.SOURCE_SHIFT in (tr.BY_POST, tr.BY_OUTLET):  # these are never praise
                told_apart += person in stands
                assert stands.setdefault(person, person in speak_up) == (person in speak_up)
    assert told_apart > 300
    assert 0.3 < np.mean(list(stands.values())) < 0.5


def test_nobody_has_two_fates_without_the_policy():
    """The label of a departure or a join tells what the same person would have done: that cannot hang on the policy."""
    world = crowd()
    fates: dict[int, set[str]] = {}
    days: dict[int, set[int]] = {}
    for programme in programmes(world):
        log = Engine(world).run(SIDES_SPEAK_UP, programme, 5, events=True).events()
        for entry in log[np.isin(log["event"], [tr.LEFT, tr.STAYED, tr.JOINED, tr.NOT_JOINED])]:
            person, label = int(entry["person"]), int(entry["label"])
            fates.setdefault(person, set()).add("never" if label == tr.BECAUSE else "some day")
            if label == tr.PREVENTED:
                days.setdefault(person, set()).add(int(entry["day"]))
    assert len(fates) > 200
    assert {person: both for person, both in fates.items() if len(both) > 1} == {}
    assert len(days) > 10
    assert all(len(each) == 1 for each in days.values())
