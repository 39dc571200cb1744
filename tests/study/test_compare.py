"""What a comparison promises: results do not depend on how it is carried out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from wom_sim import build_world, compare, load_scenario
from wom_sim.engines.compiled import Engine
from wom_sim.outcomes.statistics import mean_interval
from wom_sim.simulation import luck_seed, numbers_of, policies_of, treatments_of
from wom_sim.study.cost import NotEnoughMemoryError, plan
from wom_sim.world import people as pl
from wom_sim.world.network import append_isolated

ROOT = Path(__file__).parents[2]
SMALL = [
    "population.customers=8000",
    "population.prospects=2000",
    "run.replications=4",
    "run.days=150",
    "choose.limit=40",
]
FILE = ROOT / "scenarios" / "first_look.toml"


@pytest.fixture(scope="module")
def scenario():
    return load_scenario(FILE, SMALL)


@pytest.fixture(scope="module")
def found(scenario):
    return compare(scenario, workers=1)


def test_workers_change_nothing(scenario, found):
    other = compare(scenario, workers=2)
    pd.testing.assert_frame_equal(found.replications, other.replications)
    pd.testing.assert_frame_equal(found.daily, other.daily)
    pd.testing.assert_frame_equal(found.departures, other.departures)


def test_the_order_of_policies_changes_nothing(scenario, found):
    turned = scenario.model_copy(update={"policies": scenario.policies[::-1]})
    rows = ["policy", "replication"]
    other = compare(turned, workers=1).replications.sort_values(rows).reset_index(drop=True)
    pd.testing.assert_frame_equal(found.replications.sort_values(rows).reset_index(drop=True), other)


def test_other_policies_change_nothing(scenario, found):
    alone = compare(scenario.model_copy(update={"policies": scenario.policies[:1]}), workers=1).replications
    kept = found.replications[found.replications["policy"].isin(alone["policy"])].reset_index(drop=True)
    pd.testing.assert_frame_equal(alone, kept)


def test_engines_give_the_same_comparison():
    sets = [
        "population.customers=400",
        "population.prospects=100",
        "run.replications=2",
        "run.days=60",
        "choose.limit=10",
    ]
    scenario = load_scenario(FILE, sets)
    compiled, reference = (compare(scenario, engine=name) for name in ("compiled", "reference"))
    pd.testing.assert_frame_equal(compiled.replications, reference.replications)
    pd.testing.assert_frame_equal(compiled.daily, reference.daily)


def test_a_person_without_ties_changes_nobody_else(scenario):
    world = build_world(scenario)
    extra = pl.empty(3)
    extra["traits"] = [pl.CUSTOMER, 0, pl.CUSTOMER]  # silent: talkativeness 0
    extra["churn"] = 0.3
    larger = world._replace(people=pl.append(world.people, extra), network=append_isolated(world.network, 3))
    n = len(world.people)
    for policy in policies_of(scenario):
        seed = luck_seed(scenario, 0)
        numbers, programme = numbers_of(scenario, policy, world.newcomer), treatments_of(scenario, policy, world, seed)
        before = Engine(world).run(numbers, programme, seed, events=True).events()
        after = Engine(larger).run(numbers, programme, seed, events=True).events()
        assert np.array_equal(before, after[after["person"] < n])


def test_keep_is_zero_and_differences_are_paired(found):
    values = found.replications.set_index("policy")
    never = [name for name in values if name.endswith(("_day", "payback_month")) or name.startswith("pickup_day:")]
    assert len(never) == 3 + len(found.scenario.media.outlets) and values.loc["keep", never].isna().all().all()
    numbers = values.loc["keep"].drop(columns=["replication", "seed", *never])
    assert (numbers == 0).all().all()
    gaps = found.differences
    row = gaps[
        (gaps["policy"] == "bulk letter") & (gaps["against"] == "case by case") & (gaps["indicator"] == "reached")
    ]
    by_hand = values.loc["bulk letter", "reached"].to_numpy() - values.loc["case by case", "reached"].to_numpy()
    assert row["mean"].iloc[0] == pytest.approx(by_hand.mean())
    half = 3.182446305284263 * by_hand.std(ddof=1) / 2.0  # Student's t, 3 degrees of freedom, 97.5 %
    low, high = row["low"].iloc[0], row["high"].iloc[0]
    assert (low, high) == pytest.approx(mean_interval(by_hand)[1:]), "of the differences, run by run"
    assert low <= by_hand.mean() - half + 1e-9 and high >= by_hand.mean() + half - 1e-9, "never narrower than Student's"
    ends = min(by_hand.mean() - low, high - by_hand.mean())
    assert ends == pytest.approx(half), "and on the side without a tail it is Student's"


def test_the_ledger_adds_up(found):
    from wom_sim.world.trace import LEDGER_NAMES

    total = found.replications[list(LEDGER_NAMES)].sum(axis=1)
    assert np.allclose(total, found.replications["net_value"])
    by_day = found.daily.groupby(["policy", "replication"])["money"].sum()
    net = found.replications.set_index(["policy", "replication"])["net_value"]
    assert np.allclose(by_day.sort_index(), net.sort_index())


def test_curves_end_at_the_totals(found):
    curve = found.over_time("reached")
    last = curve.sort_values("day").groupby("policy")["median"].last()
    total = found.replications.groupby("policy")["reached"].median()
    assert last.to_dict() == total.to_dict()


def test_departures_tell_the_same_as_the_indicators(found):
    table = found.departures[found.departures["profitable"]]
    lost, kept = (table[table["label"] == label] for label in ("because", "prevented"))
    means = found.replications.groupby("policy").mean(numeric_only=True)
    follow = lost[~lost["acted_on"] & (lost["cause"] == "with household")].groupby("policy")["mean"].sum()
    later = table[table["label"] == "later"]
    for policy in ("bulk letter", "paid exit"):
        assert follow.get(policy, 0.0) == pytest.approx(means.loc[policy, "lost_with_household"])
        assert lost[lost["policy"] == policy]["mean"].sum() == pytest.approx(means.loc[policy, "lost_profitable"])
        assert lost[(lost["policy"] == policy) & lost["acted_on"]]["mean"].sum() == means.loc[policy, "lost_to_firm"]
        stayed = kept[kept["policy"] == policy]["mean"].sum() - later[later["policy"] == policy]["mean"].sum()
        assert stayed == pytest.approx(means.loc[policy, "kept_profitable"])


def test_too_little_memory_is_said_before_it_starts(monkeypatch, scenario):
    monkeypatch.setattr("wom_sim.study.cost.available_memory", lambda: 2e9)
    national = load_scenario(ROOT / "scenarios" / "sprint_2007.toml")
    with pytest.raises(NotEnoughMemoryError, match=r"not enough memory: .* --set run.represents=\d+"):
        plan(national, "compiled")
    assert plan(scenario, "compiled").workers >= 1
