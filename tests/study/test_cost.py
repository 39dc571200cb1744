"""What a comparison will do and take, in words and in numbers that follow from the size."""

from __future__ import annotations

import os

import pytest
from small import FIRST, first_look

from wom_sim import load_scenario
from wom_sim.study import cost as module
from wom_sim.study.cost import NotEnoughMemoryError, Plan, duration, mean_ties, memory, plan, span
from wom_sim.words import ENGLISH

GIB = 2.0**30
PLAN = Plan(3300, 6, 3, 2, 90, "compiled", 2, 1.5 * GIB, (30.0, 120.0), 21.25 * GIB)


def small(*more):
    return load_scenario(FIRST, [*first_look(2), *more])


def with_memory(monkeypatch, available):
    monkeypatch.setattr(module, "available_memory", lambda: available)


def test_a_plan_in_a_sentence_or_two():
    assert PLAN.text() == (
        "3 policies x 2 paired replications of 90 days with 3,300 people (compiled engine, 2 at a time): about 30 s to "
        "2 min, 1.5 GiB of memory (21.2 available). Code that the installation has not compiled takes half a "
        "minute to two minutes more, once."
    )
    few = Plan(3300, 1, 1, 1, 90, "reference", 1, GIB, (1.0, 6000.0), GIB, represents=1000, few=4)
    assert few.text() == (
        "1 policy x 1 paired replication of 90 days with 3,300 simulated people, each of whom stands for 1,000 "
        "(reference engine, 1 at a time): about 1 s to 1.7 h, 1.0 GiB of memory (1.0 available). Code that the "
        "installation has not compiled takes half a minute to two minutes more, once. Only 4 of those let go are "
        "simulated: what they cost and whom they tell hangs on these few, and no interval shows it unless "
        "run.same_world = false."
    )


def test_a_plan_in_a_notebook():
    shown = PLAN._shown()
    assert shown.title == "Plan"
    assert shown.rows == [
        ["policies", "3"], ["replications", "2"], ["days", "90"], ["people", "3,300"], ["engine", "compiled"],
        ["runs at a time", "2"], ["time", "30 s to 2 min"], ["memory", "1.5 GiB"], ["available", "21.2 GiB"],
    ]  # fmt: skip
    several = Plan(3300, 6, 3, 2, 1090, "compiled", 2, GIB, (1.0, 2.0), GIB, represents=2000)
    assert several._shown().rows[2:5] == [["days", "1,090"], ["people", "3,300"], ["each stands for", "2,000"]]


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.0, "1 s"), (1.6, "2 s"), (89.0, "89 s"), (90.0, "2 min"), (5399.0, "90 min"), (5400.0, "1.5 h")],
)
def test_a_duration_in_words(seconds, text):
    assert duration(seconds) == text


def test_a_number_of_things_in_words():
    assert [ENGLISH.counted("run", n) for n in (0, 1, 2, 3000)] == ["0 runs", "1 run", "2 runs", "3,000 runs"]
    assert ENGLISH.counted("policy", 2) == "2 policies"


@pytest.mark.parametrize(
    ("sets", "ties"),
    [
        (["network.close=4", "network.acquaintances=9"], 2.0 + 4 + 9),
        (['network={kind="watts_strogatz",ties=6}'], 6.0),
        (['network={kind="complete"}'], 3300.0),
    ],
)
def test_ties_of_a_person(sets, ties):
    assert mean_ties(small(*sets)) == ties


def test_memory_grows_with_people_ties_runs_and_logs():
    found, people = small(), 3300
    ties = 25.0 + 1.55 * mean_ties(found)  # packed: towns are small
    assert memory(found, "compiled", 2) == pytest.approx(450e6 + people * (ties + 12.0 * 2))
    assert memory(found, "compiled", 2, True) == pytest.approx(450e6 + people * (ties + 82.0 * 2))
    each = small("run.same_world=false")
    assert memory(each, "compiled", 3) == pytest.approx(450e6 + people * (3 * ties + 12.0 * 3))
    large = small("network.town=20000")
    long = 29.0 + 4.1 * mean_ties(large)
    assert memory(large, "compiled", 1) == pytest.approx(450e6 + people * (long + 12.0))
    wide = small("network.community=300")
    assert memory(wide, "compiled", 1) == pytest.approx(450e6 + people * (25.0 + 2.05 * mean_ties(wide) + 12.0))
    assert memory(found, "reference", 5) == pytest.approx(450e6 + people * 48e3)


def test_a_plan_counts_runs_and_takes_fewer_at_a_time_where_memory_is_short(monkeypatch):
    found = small()
    with_memory(monkeypatch, 1e12)
    monkeypatch.setattr(os, "cpu_count", lambda: 4)
    whole = plan(found, "compiled")
    policies = len(found.policies) + 1  # keeping everyone too
    assert (whole.people, whole.policies, whole.replications, whole.days) == (3300, policies, 2, 90)
    assert (whole.runs, whole.workers, whole.engine, whole.represents) == (2 * policies, 4, "compiled", 1)
    assert (whole.bytes, whole.available) == (memory(found, "compiled", 4), 1e12)
    assert plan(found, "compiled", first=1).runs == policies
    assert plan(found, "compiled", 100).workers == 2 * policies
    assert plan(found, "reference", 3).workers == 1
    with_memory(monkeypatch, memory(found, "compiled", 2))
    assert plan(found, "compiled").workers == 2
    with pytest.raises(NotEnoughMemoryError, match="Try --workers 1, or --set run"):
        plan(found, "compiled", 3)
    with_memory(monkeypatch, memory(found, "compiled", 1))
    assert plan(found, "compiled").workers == 1
    with pytest.raises(NotEnoughMemoryError, match=r"Try --engine compiled$"):
        plan(found, "reference")


def test_the_time_that_a_plan_gives(monkeypatch):
    with_memory(monkeypatch, 1e12)
    monkeypatch.setattr(os, "cpu_count", lambda: 8)
    found, people = small(), 3300
    runs = 2 * (len(found.policies) + 1)
    build = people * 5.5e-7 / 2
    wanted = [build + 1.0 + people * rate * runs / 3 for rate in (1.0e-8, 6e-8)]
    assert plan(found, "compiled", 3).seconds == pytest.approx(tuple(wanted))
    each = plan(small("run.same_world=false"), "compiled", 3).seconds
    assert each == pytest.approx(tuple(value + build for value in wanted))
    slow = people * 90 * 5e-7 * runs
    assert plan(found, "reference").seconds == pytest.approx((slow, 3 * slow))


def test_memory_that_does_not_suffice_for_anybody(monkeypatch):
    with_memory(monkeypatch, 1e6)
    with pytest.raises(NotEnoughMemoryError) as failed:
        plan(small(), "compiled", 1)
    assert str(failed.value) == (
        "not enough memory: 0.4 GiB needed, 0.0 GiB available. Not even fewer simulated people fit (run.represents)"
    )


def test_how_many_each_stands_for_is_the_least_round_number_that_fits(monkeypatch):
    large = ["population.customers=3000000", "choose.limit=2000"]
    found = small(*large)
    without, with_log = (memory(small(*large, "run.represents=10"), "compiled", 1, log) for log in (False, True))
    assert without < with_log
    with_memory(monkeypatch, without)
    assert module.represents_that_fits(found, "compiled") == 10
    assert module.represents_that_fits(found, "compiled", events=True) > 10
    assert module.represents_that_fits(found, "compiled", 4) > 10


def test_the_days_of_all_runs_are_counted(monkeypatch):
    """At 805 bytes for each day of each run, 20,000 replications of four policies over a year take 22 GiB."""
    many = small("run.replications=20000", "run.days=365")
    runs = 20_000 * (len(many.policies) + 1)
    tables = module.memory_of_days(many)
    assert tables == pytest.approx(runs * 365 * 805, rel=0.02)
    assert module.memory_of_days(small()) == 0.0
    with_memory(monkeypatch, 1e12)
    assert plan(many, "compiled", 2, days=True).bytes == pytest.approx(memory(many, "compiled", 2) + tables)
    assert plan(many, "compiled", 2).bytes == memory(many, "compiled", 2)
    with_memory(monkeypatch, memory(many, "compiled", 1) + tables / 2)
    said = r"tables of 20,000 replications of 365 days .* --replications \d+$"
    with pytest.raises(NotEnoughMemoryError, match=said) as no:
        plan(many, "compiled", days=True)
    fewer = int(str(no.value).rpartition(" ")[2])
    assert 9_000 < fewer < 11_000
    assert plan(small(f"run.replications={fewer}", "run.days=365"), "compiled", days=True).workers >= 1


def test_equal_ends_of_a_time_are_told_once():
    assert span(0.2, 1.2) == "1 s"
    assert span(1.0, 100.0) == "1 s to 2 min"
