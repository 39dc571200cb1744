"""A country: what it sets, what stands against it; and duties, of which a policy that breaks them is told."""

from __future__ import annotations

import pytest

from wom_sim.scenario import ScenarioError, load_scenario
from wom_sim.scenario.countries import known_countries
from wom_sim.scenario.duties import breaches, on_duties
from wom_sim.words import Words


def outlet(scenario, name):
    return next(each for each in scenario.media.outlets if each.name == name)


@pytest.mark.parametrize("name", known_countries())
def test_each_country_adds_complaints_and_an_authority_with_a_clock_of_its_own(small, name):
    plain, there = load_scenario(small), load_scenario(small, [f"country='{name}'"])
    assert plain.behaviour.complaining.share == 0.0 < there.behaviour.complaining.share
    assert outlet(there, "consumer authority").acts_after_news > 0.0
    names = [each.name for each in plain.media.outlets]
    assert [each.name for each in there.media.outlets][: len(names)] == names, "the press stays as it is"
    assert ("ombudsman" in [each.name for each in there.media.outlets]) == (name != "us")


def test_without_a_country_nothing_is_different(small):
    scenario = load_scenario(small)
    assert scenario.country is None
    assert scenario.duties.model_dump() == {
        "notice_days": 0, "reasons": False, "written": False, "complaint_route": False, "source": "",
    }  # fmt: skip


def test_what_is_stated_stands(small, write):
    text = small.read_text() + '\n[duties]\nnotice_days = 7\n[[media.outlets]]\nname = "ombudsman"\nthreshold = 0\n'
    own = load_scenario(write("own.toml", text + "reach = 0.5\n"), ["country='uk'"])
    assert own.duties.notice_days == 7
    assert own.duties.reasons, "what it does not state is the country's"
    assert outlet(own, "ombudsman").reach == 0.5
    assert outlet(own, "ombudsman").case_fee == 890.0


def test_a_preset_of_a_trade_gives_way_and_amounts_are_converted(write):
    text = 'name = "b"\nextends = "builtin:bank"\ncountry = "uk"\n{}[population]\ncustomers = 900\n'
    text += '[[policies]]\nname = "letter"\nuse = "bulk_letter"\n'
    dollars = load_scenario(write("d.toml", text.format("")))
    pounds = load_scenario(write("p.toml", text.format('currency = "X"\n[exchange]\nper_dollar = 0.5\n')))
    assert outlet(dollars, "ombudsman").cost_per_dismissal == 0.0, "a fee for each case, not for each dismissal"
    assert outlet(pounds, "ombudsman").case_fee == 0.5 * outlet(dollars, "ombudsman").case_fee
    assert "behaviour.complaining.share" in {item.key for item in dollars.uncertain}, "nobody stated it, so it is drawn"


def test_a_country_that_is_none(small):
    for given in ("'fr'", "3"):
        with pytest.raises(ScenarioError, match="country"):
            load_scenario(small, [f"country={given}"])
    with pytest.raises(ScenarioError, match="outlets"):
        load_scenario(small, ["country='uk'", "media.outlets=3"])


LETTER = """
name = "duties"
[population]
customers = 500
[duties]
notice_days = 60
reasons = true
written = true
complaint_route = true
source = "the law"
[[policies]]
name = "hasty call"
use = "case_by_case"
channel = "phone"
notice_days = 14
stated_criterion = false
appeal = false
[[policies]]
name = "proper letter"
use = "bulk_letter"
channel = "letter"
notice_days = 60
stated_criterion = true
appeal = true
[[policies]]
name = "offer"
use = "paid_exit"
channel = "phone"
[[policies]]
name = "price"
use = "reprice"
channel = "phone"
"""


def test_only_who_ends_contracts_against_the_duties_is_told_so(write):
    scenario = load_scenario(write("law.toml", LETTER))
    broken = breaches(scenario)
    assert {breach.policy for breach in broken} == {"hasty call"}
    assert [(b.duty, b.asked, b.given) for b in broken] == [
        ("notice", 60, 14), ("reasons", 1, 0), ("written", 1, 0), ("complaint_route", 1, 0),
    ]  # fmt: skip
    said = on_duties(scenario, Words("en"))
    assert said == [
        "“hasty call” is not as the law asks: 14 days of notice instead of 60, no reasons are given, it is not always "
        "done in writing and there is no way to appeal (the law)."
    ]
    assert "14 dagen opzegtermijn in plaats van 60" in on_duties(scenario, Words("nl"))[0]


def test_a_second_round_and_a_second_step_count(write):
    text = LETTER.replace('name = "offer"\n', 'name = "offer"\nsecond_round_after = 20\nnotice_days = 5\n')
    scenario = load_scenario(write("law.toml", text), ["policies.price.then={use='bulk_letter', after_days=9}"])
    told = {breach.policy for breach in breaches(scenario)}
    assert {"hasty call", "offer", "price"} == told


def test_another_channel_on_a_trigger_counts(write):
    when = "policies.'proper letter'.when=[{trigger='days', level=3, do='change_channel', channel='phone'}]"
    scenario = load_scenario(write("law.toml", LETTER), [when])
    assert ("proper letter", "written") in {(b.policy, b.duty) for b in breaches(scenario)}
