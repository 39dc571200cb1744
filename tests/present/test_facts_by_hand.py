"""What the figures say of tables that are written down: the best policy, who was lost, what it hung on."""

from __future__ import annotations

import math
from dataclasses import replace

import pandas as pd
import pytest
from small_runs import ROOT

from wom_sim.outcomes.indicators import PARTS_OF_LOST, how_many
from wom_sim.present import facts, tables
from wom_sim.present.result_folder import Findings
from wom_sim.present.story import Story
from wom_sim.scenario import load_scenario
from wom_sim.words import Words

DEPARTED = ["policy", "cause", "channel", "label", "profitable", "acted_on", "mean"]
POLICIES = ("keep", "bulk letter", "case by case", "paid exit")


def findings(
    net: dict[str, list[float]],
    lost: dict[str, float] | None = None,
    departures: list[tuple] | None = None,
    gaps: list[tuple] | None = None,
    lines: dict[str, dict[str, float]] | None = None,
    parts: dict[str, dict[str, float]] | None = None,
) -> Findings:
    """Return what a comparison would have found, from a few numbers by policy."""
    policies = [name for name in POLICIES if name in net]
    rows = [(p, "net_value", sum(net[p]) / len(net[p])) for p in policies]
    rows += [(p, "lost_profitable", (lost or {}).get(p, 0.0)) for p in policies]
    rows += [(p, part, (parts or {}).get(p, {}).get(part, 0.0)) for p in policies for part in PARTS_OF_LOST]
    rows += [(p, line, value) for p in policies for line, value in (lines or {}).get(p, {}).items()]
    summary = pd.DataFrame(rows, columns=["policy", "indicator", "mean"]).assign(
        unit="currency", low=0.0, high=0.0, p05=0.0, median=0.0, p95=0.0, n=len(net[policies[0]])
    )
    summary.loc[summary["indicator"] == facts.LOST, "unit"] = "people"
    columns = ["policy", "against", "indicator", "mean", "low", "high"]
    differences = pd.DataFrame(gaps or [], columns=columns).assign(unit="currency", p05=0.0, median=0.0, p95=0.0, n=3)
    runs = [(p, k, value) for p in policies for k, value in enumerate(net[p])]
    replications = pd.DataFrame(runs, columns=["policy", "replication", "net_value"])
    left = pd.DataFrame(departures or [], columns=DEPARTED)
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
    assert facts.most(found, "lost_profitable") == "case by case"
    assert facts.most(findings({"keep": [0.0]}), "lost_profitable") == "keep"


PARTS = {
    "bulk letter": {"lost_to_story": 6.0, "lost_with_household": 3.0, "lost_to_contagion": 2.0, "lost_to_firm": 1.0},
    "case by case": {"lost_with_household": 4.0},
}
LEFT = [
    ("bulk letter", "story", "post", "because", True, False, 6.0),
    ("bulk letter", "own", "close", "later", True, False, 1.0),
    ("bulk letter", "story", "post", "prevented", True, False, 2.0),
    ("bulk letter", "story", "post", "earlier", True, False, 50.0),
    ("bulk letter", "story", "post", "because", False, False, 70.0),
    ("bulk letter", "with household", "household", "because", True, False, 3.0),
    ("bulk letter", "departure of ties", "nobody", "because", True, False, 2.0),
    ("bulk letter", "treatment", "close", "because", True, True, 1.0),
    ("case by case", "with household", "household", "because", True, False, 4.0),
]  # fmt: skip


def test_lost_are_told_by_their_parts_and_a_part_of_nobody_has_no_row():
    wide = facts.lost_by_reason(findings(NET, parts=PARTS))
    assert wide["bulk letter"].to_dict() == PARTS["bulk letter"]
    assert wide["case by case"].to_dict() == dict.fromkeys(PARTS_OF_LOST, 0.0) | {"lost_with_household": 4.0}
    assert list(wide.columns) == ["bulk letter", "case by case"]
    assert list(wide.index) == list(PARTS_OF_LOST)
    few = facts.lost_by_reason(findings(NET, parts={"case by case": PARTS["case by case"]}))
    assert few.index.tolist() == ["lost_with_household"]


def test_lost_by_who_told_them_first():
    """Who only leaves earlier, was not profitable, or is kept, is not counted; who was acted on heard of the firm."""
    wide = facts.lost_by_channel(findings(NET, departures=LEFT))
    assert wide["bulk letter"].to_dict() == {"firm": 1.0, "household": 3.0, "post": 6.0, "nobody": 2.0}
    assert wide["case by case"].to_dict() == {"firm": 0.0, "household": 4.0, "post": 0.0, "nobody": 0.0}
    assert wide.sum().to_dict() == {policy: sum(parts.values()) for policy, parts in PARTS.items()}


def test_flags_may_be_words():
    as_words = [(*row[:4], str(row[4]), str(row[5]), row[6]) for row in LEFT]
    plain = facts.lost_by_channel(findings(NET, departures=LEFT))
    assert facts.lost_by_channel(findings(NET, departures=as_words)).equals(plain)


def test_the_main_reason_is_the_largest_part_of_the_whole():
    found = findings(NET, parts=PARTS)
    assert facts.main_reason(found, "bulk letter") == ("lost_to_story", 0.5)
    assert facts.main_reason(found, "case by case") == ("lost_with_household", 1.0)


@pytest.mark.parametrize(("lost", "told"), [(0.49, False), (0.5, True)])
@pytest.mark.parametrize("lang", ["en", "nl"])
def test_hardly_any_lost_have_no_reason(lost, told, lang):
    found = findings(NET, lost={"bulk letter": lost}, parts={"bulk letter": {"lost_to_story": lost}})
    words = Words(lang)
    said = Story(found, words, []).leaves()
    assert (words.share(1.0) in said) == told
    assert ("0" in said and "49" in said) != told, "hardly any: how many, and no reason"


def test_a_loss_is_a_run_that_ends_below_keeping_everyone():
    share, low, high, n = facts.chance_of_loss(findings(NET | {"bulk letter": [5.0, -1.0, 0.0]}), "bulk letter")
    assert (share, n) == (pytest.approx(1 / 3), 3)
    assert 0.0 < low < 1 / 3 < high < 1.0


LINES = {
    "bulk letter": {"losses_avoided": 5.0, "joins": -7.0, "handling": 0.0, "profit_kept": 3.0, "calls_told": -1.0},
    "case by case": {"losses_avoided": -9.0, "joins": -1.0, "handling": -2.0, "profit_kept": 0.0, "calls_told": 4.0},
}


def test_saved_and_gained_less_lost_is_all_of_the_ledger():
    found = findings(NET, lines=LINES)
    assert facts.ledger_lines(found) == ["losses_avoided", "profit_kept", "joins", "calls_told", "handling"]
    assert facts.saved_gained_lost(found, "bulk letter") == (5.0, 3.0, 8.0)
    assert facts.saved_gained_lost(found, "case by case") == (-9.0, 4.0, 3.0), "their leaving may cost money"


def test_without_a_line_of_savings_nothing_is_saved():
    found = findings(NET, lines={"bulk letter": {"joins": -7.0, "profit_kept": 3.0}})
    assert facts.saved_gained_lost(found, "bulk letter") == (0.0, 3.0, 7.0)


def test_cash_so_far_adds_up_month_by_month_from_nothing():
    rows = [("a", 0, -5.0), ("a", 0, 1.0), ("a", 2, 10.0), ("b", 1, 3.0), ("a", None, 99.0)]
    months = pd.DataFrame(rows, columns=["policy", "month", "cash"])
    found = facts.cash_so_far(months, ["b", "a", "c"])
    assert found.index.tolist() == [0, 1, 2, 3]
    assert found.to_dict("list") == {"b": [0.0, 0.0, 3.0, 3.0], "a": [0.0, -4.0, -4.0, 6.0], "c": [0.0] * 4}
    assert facts.cash_so_far(months[4:], ["a"]).to_dict("list") == {"a": [0.0, 0.0]}, "all comes after the runs"


def test_the_worst_line_is_the_least_of_those_that_are_not_saved_on_those_let_go():
    found = findings(NET, lines=LINES)
    assert facts.worst_line(found, "bulk letter") == ("joins", -7.0)
    assert facts.worst_line(found, "case by case") == ("handling", -2.0)


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


@pytest.mark.parametrize(
    ("lang", "few", "none"),
    [("en", "hardly any profitable customers leave: at most 0.2", "no policy costs profitable customers"),
     ("nl", "er vertrekken nauwelijks winstgevende klanten: gemiddeld hoogstens 0,2", "geen enkel beleid kost")],
)  # fmt: skip
def test_a_fifth_of_a_customer_is_hardly_any_and_not_none(lang, few, none):
    def title(lost: float) -> str:
        found = findings(NET, lost={"bulk letter": lost})
        return Story(found, Words(lang), []).leaves(title=True).lower()

    assert title(0.2).startswith(few)
    assert title(0.0).startswith(none)
    assert [how_many(mean) for mean in (0.0, 0.01, 0.49, 0.5, 7.0)] == ["none", "few", "few", "some", "some"]


def test_what_decides_is_of_the_choice_and_never_of_a_single_policy():
    """A number that decides only whether the letter beats keeping everyone is in a table of its own."""
    columns = ["policy", "parameter", "grade", "evppi", "flips", "share_of_variance"]
    columns += ["beyond_chance", "share_beyond_chance"]
    rows = [("all policies", "money.contact_cost", "C", 10.0, 0.1, 0.2, False, False),
            ("bulk letter", "money.contact_cost", "C", 900.0, 0.4, 0.5, True, True)]  # fmt: skip
    drivers = pd.DataFrame(rows, columns=columns)
    story = Story(replace(findings(NET), extra={"drivers": drivers}), Words("en"), [])
    assert story.driver() is None, "the verdict says so too"
    assert len(tables.drivers(story).rows) == 1
    each = tables.drivers_of_each(story)
    assert len(each.rows) == 1
    assert each.caption.startswith("The numbers on which it depends most whether a policy alone")
    alone = replace(findings(NET), extra={"drivers": drivers[1:]})
    assert Story(alone, Words("en"), []).driver() is not None
    assert tables.drivers_of_each(Story(alone, Words("en"), [])) is None
