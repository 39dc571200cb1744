"""Which way is good for the firm, said once more: what colours, words and tests of "better" go by."""

from __future__ import annotations

from wom_sim.outcomes.indicators import INDICATORS, LESS, MORE, NEITHER
from wom_sim.world import trace as tr

BAD = {
    "extra_profitable", "lost_profitable", "lost_to_story", "lost_to_contagion", "lost_with_household", "lost_to_firm",
    "joins_lost", "national_coverage", "reached", "reached_profitable", "reached_prospects", "churn_change", "talkers",
    "conversations", "posts", "pickups", "extra_calls", "reputational_cost", "payback_month",
}  # fmt: skip
GOOD = {"net_value", "first_year_cash", "lifetime_value", "defenders", "kept_profitable", *tr.LEDGER_NAMES}
OPEN = {"extra_others", "told", "let_go", "first_post_day", "national_day"}


def test_every_indicator_points_the_right_way():
    wanted = dict.fromkeys(BAD, LESS) | dict.fromkeys(GOOD, MORE) | dict.fromkeys(OPEN, NEITHER)
    assert {i.name: i.direction for i in INDICATORS} == {i.name: wanted[i.name] for i in INDICATORS}


def test_every_amount_of_money_is_in_currency():
    units = {i.name: i.unit for i in INDICATORS}
    money = {"net_value", "first_year_cash", "lifetime_value", "reputational_cost", *tr.LEDGER_NAMES}
    assert {name for name, unit in units.items() if unit == "currency"} == money
    people = [name for name in units if name.startswith(("lost_", "extra_p", "reached", "joins_lost"))]
    assert {units[name] for name in people} == {"people"}
