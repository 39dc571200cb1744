"""With rules switched off the simulator is a textbook model and gives its exact answers, in both engines.

Fewer runs than docs/VALIDATION.md reports; fixed seeds, so the result is fixed.
"""

from __future__ import annotations

import dataclasses
import math
import shlex
import sys
import tomllib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "experiments" / "validation"))

import limits as known  # noqa: E402
import rival_limits as rivals  # noqa: E402

from wom_sim.cli import main  # noqa: E402

pytestmark = pytest.mark.science

BY_ID = {limit.id: limit for limit in (*known.LIMITS, *rivals.RIVALS)}
SIZES = {
    "cascade.karate.p0.3": 1500,
    "cascade.florentine.p0.3": 1500,
    "cascade.ring.p0.5": 1500,
    "cascade.five.p0.3": 1500,
    "reed_frost.10+1.p0.2": 1500,
    "reed_frost.20+1.p0.1": 1500,
    "reed_frost.10+2.p0.1": 1500,
    "contact": 1000,
    "bass": 400,
    "broadcast.a0.05": 200,
    "rumour.100.c0.05": 200,
    "newman.random.R2.0": 30,
    "newman.three_ties.T0.6": 30,
    "burst.2_a_day.p0.05.4_posts.at_once": 300,
    "burst.2_a_day.p0.05.4_posts": 600,
    "burst.slow_posts": 600,
    "survival.12_months": 100,
    "value.end_of_period": 60,
    "value.a_month_later": 60,
    "talk_of_the_network.strangers_only": 60,
    "talk_of_the_network.3000.17+17.0.01.0.04": 30,
    "threshold.karate.0.12": 5,
    "threshold.karate.0.34": 5,
    "threshold.florentine": 1500,
    "watts.ties4": 60,
    "watts.ties8": 60,
    "imitation.linear": 400,
    "imitation.competing": 400,
    "daley_kendall.100.c0.05": 600,
    "recovery.10+1": 1500,
    "recovery.star": 1500,
    "hazard.proportional.0.05": 80,
    "hazard.additive.0.01": 80,
    "hazard.additive.0.05": 80,
    "departures.contagion": 200,
    "departures.homophily": 20,
    "alike.1": 80,
    "alike.0": 80,
}


FEW_PEOPLE = ("cascade", "reed_frost", "contact", "bass", "threshold", "imitation", "recovery", "departures")
"""Limits that the reference engine runs in less than a second; test_scenario_parity.py runs all of them, smaller."""


@pytest.mark.parametrize("name", SIZES)
def test_the_limit_is_exact(name: str):
    limit = BY_ID[name]
    rows = known.judged(limit, SIZES[name], 1 if name.startswith(FEW_PEOPLE) else 0)
    assert len(rows) >= len(limit.checks())
    assert [row for row in rows if not row.holds] == []


def test_every_section_of_the_report_is_tested():
    assert {BY_ID[name].section for name in SIZES} == {limit.section for limit in BY_ID.values()}


@pytest.mark.parametrize(
    ("name", "sets", "runs", "fails"),
    [
        ("cascade.karate.p0.3", known._tells(0.33), 3000, {"people who know", "who knows"}),
        ("reed_frost.10+1.p0.2", known._tells(0.22), 3000, {"people who know", "distribution of final sizes"}),
        ("value.end_of_period", ("population.segments.customers.churn=0.22",), 60, {"losses avoided a customer"}),
        ("burst.slow_posts", ("behaviour.talking.p_post=0.06",), 800, {"chance of 4 posts within a week"}),
        (
            "talk_of_the_network.strangers_only",
            ("behaviour.talking.hearer_strangers=20",),
            60,
            {"people who know on day 15"},
        ),
        ("threshold.florentine", ("behaviour.talking.threshold_spread=0.4",), 1500, {"people who talk"}),
        ("imitation.linear", ("media.outlets.outlet.spread=competing",), 800, {"people who know on day 8"}),
        ("daley_kendall.100.c0.05", ("behaviour.talking.p_stop_when_known=0.8",), 300, {"people who never hear"}),
        ("recovery.star", ("behaviour.talking.duration=fixed",), 300, {"people who know"}),
        ("hazard.additive.0.01", ("behaviour.leaving.form=proportional",), 30, {"customers who stay a year"}),
        (
            "departures.contagion",
            ("behaviour.leaving.departures=homophily",),
            50,
            {"people who leave because one was let go"},
        ),
        ("alike.1", ("population.alike_in_community=0.5",), 400, {"standard deviation"}),
    ],
)
def test_a_model_a_little_off_is_caught(name: str, sets: tuple[str, ...], runs: int, fails: set[str]):
    wrong = dataclasses.replace(BY_ID[name], sets=(*BY_ID[name].sets, *sets))
    failing = {row.what for row in known.judged(wrong, runs, 0) if not row.holds}
    assert failing >= fails


def test_a_difference_between_the_engines_is_told():
    limit = BY_ID["cascade.karate.p0.3"]
    one, other = list(known.traces(limit, 2))
    assert known.difference(one, one, 0) == ""
    assert "replication 0" in known.difference(one, other, 0)


@pytest.mark.parametrize("name", ["cascade.karate.p0.1", "newman.random.R0.8", "value.end_of_period"])
def test_what_is_settled_once_is_what_a_single_run_gives(name: str):
    limit = BY_ID[name]
    scenario = limit.scenario()
    for r, trace in enumerate(known.traces(limit, 3)):
        single = known.run_policy(
            scenario, known.policy_of(scenario, limit.policy), world := known.build_world(scenario, r),
            known.Engine(world), r, events=limit.events,
        ).trace  # fmt: skip
        assert known.difference(single, trace, r) == ""


def test_the_command_gives_the_numbers_of_the_checks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(ROOT)
    limit = dataclasses.replace(BY_ID["reed_frost.20+1.p0.1"], runs=200)
    words = shlex.split(limit.command)
    assert words[0] == "wom-sim"
    with pytest.raises(SystemExit) as ended:
        main([*words[1 : words.index("--out")], "--out", str(tmp_path / "found")])
    assert not ended.value.code
    table = pd.read_parquet(tmp_path / "found" / "replications.parquet")
    ours = table[table["policy"] == "told"].sort_values("replication")
    seen = known.seen_in(limit, 200)[:, 0]
    assert np.array_equal((ours["told"] + ours["reached"]).to_numpy(), seen)
    assert abs(known.exact.z_score(float(seen.mean()), limit.checks()[0].answer, 200)) < 4.0


def test_delays_in_the_files_are_geometric():
    """A half-life of -1/log2(1 - b) days and 1 - (1 - b)^T told: every day brings the tie with chance b."""
    for name, b, days in (
        ("contact_complete", 0.02, 60), ("bass", 0.0038, 60), ("talk_of_the_network", 0.01, 300),
    ):  # fmt: skip
        talking = tomllib.loads((known.FOLDER / f"{name}.toml").read_text())["behaviour"]["talking"]
        assert talking["talk_days"] == days
        assert talking["talk_half_life"] == pytest.approx(-1.0 / math.log2(1.0 - b), rel=1e-12)
        assert talking["hearer_tells"]["acquaintance"] == pytest.approx(1.0 - (1.0 - b) ** days, rel=1e-12)
    slow = tomllib.loads((known.FOLDER / "burst_slow.toml").read_text())["behaviour"]["talking"]
    assert slow["post_half_life"] == pytest.approx(-1.0 / math.log2(0.8), rel=1e-12)
