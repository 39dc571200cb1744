"""What is compared, in words: each setting that a scenario gives is told, with its unit."""

from __future__ import annotations

import pytest
from small_runs import ROOT

from wom_sim.present import options
from wom_sim.present.result_folder import Findings
from wom_sim.present.story import Story
from wom_sim.scenario import load_scenario
from wom_sim.words import Words


def story(policy: str, choose: str = "") -> Story:
    sets = [f"policies=[{policy}]", *([f"choose={choose}"] if choose else [])]
    scenario = load_scenario(ROOT / "scenarios" / "first_look.toml", sets)
    return Story(Findings(None, scenario, {}, *[None] * 5, {}), Words("en"), [])


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ('{name="p", use="bulk_letter"}', "as usual"),
        ('{name="p", use="bulk_letter", fee_waived=200.0}', "fee waived $200"),
        ('{name="p", use="paid_exit", payment=1500.0, notice_days=60}', "60 days of notice; payment $1,500"),
        ('{name="p", use="reprice", price_rise=0.25}', "price rise 25 %"),
        ('{name="p", use="transfer", acceptance=0.125}', "acceptance 12.5 %"),
        ('{name="p", use="case_by_case", per_day=3}', "3 a day"),
        ('{name="p", use="bulk_letter", help_to_move=true}', "help to move"),
        ('{name="p", use="bulk_letter", help_to_move=false}', "help to move: no"),
        ('{name="p", use="bulk_letter", channel="phone"}', "channel: telephone"),
        ('{name="p", use="bulk_letter", response={kind="apologise"}}', "response: apologises"),
        ('{name="p", use="bulk_letter", start_day=12}', "starts on day 12"),
    ],
)
def test_a_setting_is_told_with_its_unit(given, told):
    telling = story(given)
    said = options.table(telling).rows[-1][-1].text.lower()
    assert set(said.replace("\xa0", " ").split("; ")) == set(told.split("; "))


def test_what_follows_is_told():
    telling = story('{name="p", use="paid_exit", then={use="bulk_letter", after_days=45}}')
    alone = (story(f'{{name="p", use="{use}"}}') for use in ("paid_exit", "bulk_letter"))
    first, second = (options.does(each, each.found.scenario.policies[0]) for each in alone)
    said = options.does(telling, telling.found.scenario.policies[0])
    assert said.startswith(first)
    assert "45" in said
    assert second.rstrip(".").lower() in said.lower()


@pytest.mark.parametrize(
    ("choose", "numbers"),
    [
        ("{limit=40}", ["40"]), ("{calls_at_least=12}", ["12"]), ("{least_profitable_share=0.125}", ["12.5 %"]),
        ("{profit_below=-30}", ["$30"]), ("{ids=[3, 5, 9]}", ["3"]), ("{calls_at_least=7, limit=30}", ["7", "30"]),
        ("{segments=['customers']}", ["customers"]), ("{abuse_only=true, limit=8}", ["8"]),
    ],
)  # fmt: skip
def test_whom_is_told_with_every_condition(choose, numbers):
    telling = story('{name="p", use="bulk_letter"}', choose)
    said = options.whom(telling, telling.found.scenario.choose).replace("\xa0", " ")
    everyone = options.whom(telling, type(telling.found.scenario.choose)())
    assert all(number in said for number in numbers), said
    assert said != everyone
    assert everyone not in said
