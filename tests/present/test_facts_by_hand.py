"""What the figures say of tables that are written down: the best policy, who was lost, what it hung on."""

from __future__ import annotations

import math
from dataclasses import replace

import pandas as pd
import pytest
from small_runs import ROOT

from wom_sim.present import facts
from wom_sim.present.result_folder import Findings
from wom_sim.scenario import load_scenario

POLICIES = ("keep", "bulk letter", "case by case", "paid exit")


def findings(
    net: dict[str, list[float]],
    lost: dict[str, float] | None = None,
    departures: list[tuple] | None = None,
    gaps: list[tuple] | None = None,
    lines: dict[str, dict[str, float]] | None = None,
) -> Findings:
    """Return what a comparison would have found, from a few numbers by policy."""
    policies = [name for name in POLICIES if name in net]
    rows = [(p, "net_value", sum(net[p]) / len(net[p])) for p in policies]
    rows += [(p, "extra_profitable", (lost or {}).get(p, 0.0)) for p in policies]
    rows += [(p, line, value) for p in policies for line, value in (lines or {}).get(p, {}).items()]
    summary = pd.DataFrame(rows, columns=["policy", "indicator", "mean"]).assign(
        unit="currency", low=0.0, high=0.0, p05=0.0, median=0.0, p95=0.0, n=len(net[policies[0]])
    )
    columns = ["policy", "against", "indicator", "mean", "low", "high"]
    differences = pd.DataFrame(gaps or [], columns=columns).assign(unit="currency", p05=0.0, median=0.0, p95=0.0, n=3)
    runs = [(p, k, value) for p in policies for k, value in enumerate(net[p])]
    replications = pd.DataFrame(runs, columns=["policy", "replication", "net_value"])
    left = pd.DataFrame(departures or [], columns=["policy", "cause", "channel", "label", "profitable", "mean"])
    scenario = load_scenario(ROOT / "scenarios" / "first_look.toml")
    return Findings(None, scenario, {}, summary, differences, left, replications, pd.DataFrame(), {})


NET = {"keep": [0.0, 0.0, 0.0], "bulk letter": [5.0, -1.0, 8.0], "case by case": [4.0, 4.0, 4.0]}
GAPS = [
    ("bulk letter", "keep", "net_value", 4.0, 1.0, 7.0), ("case by case", "keep", "net_value", 4.0, 3.0, 5.0),
    ("case by case", "bulk letter", "net_value", 0.0, -2.0, 2.0), ("bulk letter", "keep", "reached", 9.0, -9.0, 20.0),
]  # fmt: skip


def test_policies_are_in_the_order_of_their_net_value_and_ties_in_that_of_the_scenario():
    assert facts.net_order(findings(NET)) == ["bulk letter", "case by case", "keep"]
    better = NET | {"case by case": [5.0, 5.0, 5.0]}
    assert facts.net_order(findings(better)) == ["case by case", "bulk letter", "keep"]


@pytest.mark.parametrize(
    ("low", "high", "decided"), [(0.5, 3.0, True), (0.0, 3.0, False), (-1.0, 3.0, False), (math.nan, math.nan, False)]
)
def test_a_lead_is_decided_where_its_interval_lies_above_zero(low, high, decided):
    gaps = [*GAPS[:2], ("bulk letter", "case by case", "net_value", 1.0, low, high)]
    leading = facts.lead(findings(NET, gaps=gaps))
    assert (leading.best, leading.rival, leading.gap.mean, leading.decided) == (
        "bulk letter", "case by case", 1.0, decided,
    )  # fmt: skip


def test_a_lead_that_the_table_holds_the_other_way_round():
    gaps = [("case by case", "bulk letter", "net_value", -2.0, -3.0, -1.0)]
    leading = facts.lead(findings(NET, gaps=gaps))
    assert (leading.gap.mean, leading.gap.low, leading.gap.high) == (2.0, 1.0, 3.0)
    assert leading.decided


def test_two_policies_have_a_lead():
    two = {name: NET[name] for name in ("keep", "bulk letter")}
    leading = facts.lead(findings(two, gaps=GAPS))
    assert (leading.best, leading.rival, leading.gap.mean) == ("bulk letter", "keep", 4.0)


def test_one_policy_has_no_lead():
    assert facts.lead(findings({"keep": [0.0]})) is None


def test_the_most_is_sought_among_the_options():
    found = findings(NET, lost={"keep": 99.0, "bulk letter": 1.0, "case by case": 2.0})
    assert facts.most(found, "extra_profitable") == "case by case"
    assert facts.most(findings({"keep": [0.0]}), "extra_profitable") == "keep"


LEFT = [
    ("bulk letter", "story", "post", "because", True, 6.0), ("bulk letter", "own", "close", "later", True, 1.0),
    ("bulk letter", "story", "post", "prevented", True, 2.0), ("bulk letter", "story", "post", "earlier", True, 50.0),
    ("bulk letter", "story", "post", "because", False, 70.0),
    ("bulk letter", "with household", "household", "because", True, 3.0),
    ("bulk letter", "departure of ties", "nobody", "because", True, 2.0),
    ("case by case", "with household", "household", "because", True, 4.0),
]  # fmt: skip


def test_lost_are_those_who_leave_because_of_it_less_those_who_stay():
    """Who only leaves earlier, and who was not profitable, is not counted; who left later takes back one who stayed."""
    wide = facts.lost_by_reason(findings(NET, departures=LEFT))
    assert wide["bulk letter"].to_dict() == {"with household": 3.0, "story": 5.0, "departure of ties": 2.0}
    assert wide["case by case"].to_dict() == {"with household": 4.0, "story": 0.0, "departure of ties": 0.0}
    assert list(wide.columns) == ["bulk letter", "case by case"]


def test_lost_by_who_told_them_first():
    wide = facts.lost_by_reason(findings(NET, departures=LEFT), "channel")
    assert wide["bulk letter"].to_dict() == {"household": 3.0, "close": 1.0, "post": 4.0, "nobody": 2.0}


def test_flags_may_be_words():
    as_words = [(*row[:4], str(row[4]), row[5]) for row in LEFT]
    plain = facts.lost_by_reason(findings(NET, departures=LEFT))
    assert facts.lost_by_reason(findings(NET, departures=as_words)).equals(plain)


def test_the_main_reason_is_the_largest_part_of_the_whole():
    found = findings(NET, lost={"bulk letter": 10.0, "case by case": 4.0}, departures=LEFT)
    assert facts.main_reason(found, "bulk letter") == ("story", 0.5)
    assert facts.main_reason(found, "case by case") == ("with household", 1.0)


@pytest.mark.parametrize(("lost", "told"), [(0.49, None), (0.5, ("story", 0.5))])
def test_hardly_any_lost_have_no_reason(lost, told):
    assert facts.main_reason(findings(NET, lost={"bulk letter": lost}, departures=LEFT), "bulk letter") == told


def test_parts_of_both_signs_have_no_share():
    more_kept = [*LEFT, ("bulk letter", "departure of ties", "nobody", "prevented", True, 2.5)]
    assert facts.main_reason(findings(NET, lost={"bulk letter": 7.5}, departures=more_kept), "bulk letter") is None


def test_a_loss_is_a_run_that_ends_below_keeping_everyone():
    share, low, high, n = facts.chance_of_loss(findings(NET | {"bulk letter": [5.0, -1.0, 0.0]}), "bulk letter")
    assert (share, n) == (pytest.approx(1 / 3), 3)
    assert 0.0 < low < 1 / 3 < high < 1.0


def test_lines_are_told_the_largest_first_whatever_their_sign():
    lines = {"bulk letter": {"losses_avoided": 5.0, "joins": -7.0, "handling": 0.0, "calls_answered": -1.0}}
    found = findings({"bulk letter": [0.0]}, lines=lines)
    told = [("joins", -7.0), ("losses_avoided", 5.0), ("calls_answered", -1.0)]
    assert facts.largest_lines(found, "bulk letter") == told
    assert facts.ledger_lines(found) == ["losses_avoided", "joins", "calls_answered", "handling"]


def test_pairs_are_open_where_their_interval_holds_zero():
    assert facts.undecided(findings(NET, gaps=GAPS)) == [("case by case", "bulk letter")]
    touching = [("bulk letter", "keep", "net_value", 1.0, 0.0, 2.0)]
    touching += [("case by case", "keep", "net_value", -1.0, -2.0, 0.0)]
    assert len(facts.undecided(findings(NET, gaps=touching))) == 2


def test_better_is_counted_run_by_run_and_a_tie_is_no_win():
    found = findings(NET | {"case by case": [4.0, -1.0, 9.0]})
    assert facts.chance_better(found, "bulk letter", "case by case") == (1, 3)
    assert facts.chance_better(found, "case by case", "bulk letter") == (1, 3)


def test_runs_of_worlds_are_paired_within_their_world():
    found = findings(NET)
    turned = found.replications.assign(net_value=-found.replications["net_value"])
    both = replace(found, replications=pd.concat([found.replications.assign(world=0), turned.assign(world=1)]))
    assert facts.chance_better(both, "bulk letter", "keep") == (3, 6)
