"""What a run shows of what was seen, counted a second time from its daily table, its log of events and its people."""

import math

import numpy as np
import pytest
from small import FIRST, first_look

from wom_sim.scenario import load_scenario
from wom_sim.scenario.sections.seen import BY_SEGMENT, COUNTS, DAYS, SHARES, YES_OR_NO, Seen
from wom_sim.simulation import build_world, simulate
from wom_sim.study.seen import COLUMN, done, shown, usual_departures

TWO = [
    {"name": "quiet", "share": 0.7, "calls": 0.5},
    {"name": "loud", "share": 0.3, "calls": 3.0, "churn": 0.04},
]
LOUD = ["behaviour.leaving.beta=3", "media.outlets.forum.threshold=0.1", "choose.limit=150"]


def scenario_with(tmp_path, seen):
    """A small firm of two segments that lets many go, and what was seen."""
    lines = []
    for each in seen:
        lines += ["[[seen]]", *(f"{k} = {v!r}".replace("'", '"') for k, v in each.items())]
    segments = [
        line
        for each in TWO
        for line in ("[[population.segments]]", *(f"{k} = {v!r}".replace("'", '"') for k, v in each.items()))
    ]
    file = tmp_path / "past.toml"
    file.write_text(f'extends = "{_first()}"\n' + "\n".join([*segments, *lines]) + "\n")
    return load_scenario(file, [*first_look(1), *LOUD])


def _first():
    from pathlib import Path

    return Path(FIRST).resolve().as_posix()


EVERYTHING = (
    [{"what": what, "value": 1, "policy": "bulk letter"} for what in YES_OR_NO]
    + [{"what": what, "value": 3} for what in DAYS]
    + [{"what": what, "value": 0.5} for what in SHARES]
    + [{"what": what, "value": 3, "error": 1, "from_day": 5, "to_day": 41} for what in COUNTS]
    + [{"what": what, "value": 3, "error": 1} for what in COUNTS]
    + [
        {"what": what, "value": 3, "error": 1, "segment": name, "from_day": 5, "to_day": 41}
        for what in BY_SEGMENT
        for name in ("quiet", "loud")
    ]
)


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    scenario = scenario_with(tmp_path_factory.mktemp("seen"), EVERYTHING)
    world = build_world(scenario, 0)
    result = simulate(scenario, "bulk letter", world=world)
    return scenario, world, result, shown(result, world)


def test_counts_and_days_are_those_of_the_daily_table(run):
    _, _, result, found = run
    daily = result.daily.set_index("day") if "day" in result.daily else result.daily
    columns = {
        "let_go": "let_go", "extra_calls": "calls", "posts": "posts", "post_readers": "post_readers",
        "outlets": "pickups", "extra_joins": "extra_joins",
    }  # fmt: skip
    for what, column in columns.items():
        assert found[f"{COLUMN}{what} 5-41"] == daily[column].iloc[5:41].sum(), what
        assert found[COLUMN + what] == daily[column].sum(), what
    assert found["seen posts"] > 0 and found["seen extra_calls 5-41"] > 0
    for what, column in (
        ("first_post_day", "posts"),
        ("first_outlet_day", "pickups"),
        ("national_day", "national_pickups"),
    ):
        came = np.flatnonzero(daily[column].to_numpy() > 0)
        expected = came[0] if len(came) else math.nan
        np.testing.assert_equal(found[COLUMN + what], expected)
    assert found["seen any_outlet"] == float(not math.isnan(found["seen first_outlet_day"]))
    assert found["seen national"] == result.measured["national_coverage"]
    assert found["seen share_let_go"] == daily["let_go"].sum() / daily["told"].sum()


def test_departures_are_those_of_the_indicators_and_of_the_log(run):
    _, _, result, found = run
    measured = result.measured
    acted_on = result.daily["treated_profitable_left"].sum()
    assert found["seen extra_left"] == measured["extra_profitable"] - acted_on + measured["extra_others"] != 0
    segments = [f"seen extra_left of {name} 5-41" for name in ("quiet", "loud")]
    assert sum(found[name] for name in segments) == found["seen extra_left 5-41"]
    log = result.events
    theirs = log[(log["segment"] == 1) & ~log["treated"] & log["day"].between(5, 40)]
    left = (theirs["event"] == "left").sum() - (theirs["event"] == "stayed").sum()
    sooner = ((log["event"] == "left") & (log["label"] == "earlier") & (log["segment"] == 1)).sum()
    assert left - sooner <= found["seen extra_left of loud 5-41"] <= left and sooner > 0


def test_all_departures_are_those_above_the_usual_and_the_usual(run):
    scenario, world, result, found = run
    whole = Seen(what="left", value=1.0)
    usual = usual_departures(whole, result, world)
    assert found["seen left"] == pytest.approx(found["seen extra_left"] + usual)
    customers = world.people[(world.people["traits"] & 1) != 0]
    months = scenario.run.days / 30
    rough = (1.0 - (1.0 - customers["churn"].astype(float)) ** months).sum()
    assert 0.4 * rough < usual < 1.01 * rough  # fewer: some are under contract, and the firm let some go


def test_who_decides_once_a_month_leaves_at_the_rate_of_a_month(run):
    """A single customer: after n bills the chance of having left is 1 - (1 - churn)^n."""
    _, world, result, _ = run
    one = world.people.copy()
    one["traits"] = 0
    one["traits"][7], one["churn"][7], one["contract"][7], one["bill_day"][7] = 1, 0.1, 0, 12
    alone = world._replace(people=one) if hasattr(world, "_replace") else world
    for day, bills in ((12, 0), (13, 1), (42, 1), (43, 2), (73, 3)):
        gone = usual_departures(Seen(what="left", value=1.0, to_day=day), result, alone)
        assert gone == pytest.approx(1.0 - 0.9**bills), day


@pytest.mark.parametrize("seen", [[], [{"what": "posts", "value": 3, "error": 1}]])
def test_which_policy_was_carried_out_must_be_clear(tmp_path, seen):
    scenario = scenario_with(tmp_path, seen)
    with pytest.raises(ValueError, match=r"seen: (nothing was seen|the scenario has several policies)"):
        done(scenario)
