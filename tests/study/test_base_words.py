"""What in a base cannot be what was meant: each warning where it is due, and none where it is not."""

from __future__ import annotations

import pytest

from wom_sim.scenario import load_scenario
from wom_sim.simulation.base import base_table
from wom_sim.study.base_words import brief, choices, warnings
from wom_sim.words import Words
from wom_sim.words.figures import Figures

PLAIN = """
name = "Plain"
currency = "EUR"
[population]
customers = 1_000
[[population.segments]]
name = "one"
revenue = 30.0
revenue_spread = 0.3
account_cost = 10.0
account_avoidable = 1.0
calls = 1.0
calls_spread = 1.6
[[policies]]
name = "letter"
use = "bulk_letter"
[[policies]]
name = "dearer"
use = "reprice"
[choose]
limit = 20
[money]
contact_avoidable = 1.0
"""


@pytest.fixture
def said(tmp_path):
    def warned(text: str = PLAIN, *sets: str, lang: str = "en") -> list[str]:
        file = tmp_path / "plain.toml"
        file.write_text(text)
        scenario = load_scenario(file, list(sets))
        return warnings(base_table(scenario), scenario, Figures(Words(lang), scenario.currency, joined=False))

    return warned


def test_nothing_is_said_of_what_may_be_meant(said):
    assert said() == []


def test_accounts_without_revenue(said):
    assert said(PLAIN.replace("revenue = 30.0", "revenue = 0.0"))[0] == "1,000 of 1,000 customers pay nothing (one)."


def test_nobody_qualifies(said):
    text = said(PLAIN, "choose.calls_at_least=100000")
    assert text == ["every policy: nobody qualifies, so nobody is chosen."]


def test_fewer_qualify_than_are_to_be_chosen(said):
    (text,) = said(PLAIN, "choose.calls_at_least=12", "choose.limit=500")
    assert text.startswith("every policy: choose.limit asks for 500, but only ")
    assert text.endswith(" qualify.")


def test_a_cost_of_a_year_given_for_a_month(said):
    found = said(PLAIN.replace("account_cost = 10.0", "account_cost = 480.0"))
    (text,) = [each for each in found if "for a year instead of a month" in each]
    assert text.startswith("every policy: each of the chosen loses €")


def test_the_firm_is_better_off_with_those_it_would_let_go(said):
    """Only a policy that lets go is warned of; to raise the price of profitable customers is no mistake."""
    alike = PLAIN.replace("calls_spread = 1.6", "calls_spread = 0.1").replace(
        "revenue_spread = 0.3", "revenue_spread = 0.1"
    )
    (text,) = said(alike)  # nobody is far from 30 - 10 - 8
    assert text.startswith("“letter”: the firm is better off with those it would let go. 100 % of the 20 chosen are")


def test_by_the_books_they_lose_money_yet_avoidable_cost_says_otherwise(said):
    even = PLAIN.replace("calls_spread = 1.6", "calls_spread = 0.2").replace(
        "account_cost = 10.0", "account_cost = 20.0"
    )
    assert said(even) == []
    (text,) = said(even, "population.segments.one.account_avoidable=0.05")
    assert text.startswith("“letter”: the firm is better off with those it would let go.")


@pytest.mark.parametrize(
    ("profitable", "brings", "expected"),
    [
        (0.5, -1.0, None), (0.6, -400.0, "60 % of the 20 chosen are profitable by contribution, so the firm would be"),
        (0.6, 400.0, "the firm is better off with those it would let go. 60 % of the 20 chosen are"),
        (0.2, 400.0, "only 20 % of the 20 chosen are profitable by contribution, but these bring more than the others"),
    ],
)  # fmt: skip
def test_who_is_better_off_with_them(tmp_path, profitable, brings, expected):
    file = tmp_path / "plain.toml"
    file.write_text(PLAIN)
    scenario = load_scenario(file)
    table = base_table(scenario)
    for name, value in (("profitable", profitable), ("contribution_total", brings)):
        table.loc[(table["section"] == "chosen") & (table["name"] == name), "built"] = value
    found = warnings(table, scenario, Figures.plain("EUR"))
    if expected is None:
        assert found == []
    else:
        (text,) = found
        assert text.startswith(f"“letter”: {expected}")
        assert ("€400 a month" in text) == (brings > 0.0)


def test_no_customers(said):
    text = PLAIN.replace("customers = 1_000", "customers = 0\nprospects = 300").replace("limit = 20", "limit = 0")
    assert said(text) == ["The firm has no customers."]


def test_every_warning_is_there_in_dutch(said):
    text = PLAIN.replace("revenue = 30.0", "revenue = 0.0")
    assert said(text, lang="nl")[0] == "1.000 van de 1.000 klanten betalen niets (one)."


def test_policies_that_choose_alike_are_told_together(tmp_path):
    file = tmp_path / "plain.toml"
    file.write_text(PLAIN + '[[policies]]\nname = "few"\nuse = "paid_exit"\nchoose = {limit = 5}\n')
    scenario = load_scenario(file)
    table = base_table(scenario)
    assert [each.policies for each in choices(table)] == [("letter", "dearer"), ("few",)]
    lines = brief(table, scenario, Figures.plain("EUR"))
    assert len(lines) == 3
    assert lines[1].startswith("Chosen by “letter” and “dearer”: 20 of 1,000 who qualify.")
