"""Amounts of money: what is stated stays, what is a default of the model is in dollars and is converted once."""

import re

import pytest

from wom_sim.scenario import ScenarioError, fingerprint, load_scenario, to_toml
from wom_sim.scenario.amounts import amounts, is_money, money_keys, rate_of
from wom_sim.scenario.axes import axis_of
from wom_sim.scenario.beyond import beyond
from wom_sim.scenario.evidence import unmeasured
from wom_sim.scenario.exchange import converted
from wom_sim.scenario.listing import parameters
from wom_sim.scenario.model_keys import every_key
from wom_sim.scenario.notes import notes
from wom_sim.scenario.ranges import tree_of
from wom_sim.scenario.sections.worlds import Worlds
from wom_sim.scenario.tree import kind_of, written
from wom_sim.scenario.uncertain import doubts
from wom_sim.study.levers import space_of
from wom_sim.study.loading import load_study
from wom_sim.words import Words

AUTHORITY = 'media.outlets."consumer authority".cost_per_dismissal'
POUNDS = """\
name = "Pounds"
currency = "GBP"
[exchange]
per_dollar = 0.5
[population]
customers = 100
[[population.segments]]
name = "all"
revenue = 10.0
[money]
cost_per_call = 8.0
[[policies]]
name = "letter"
use = "bulk_letter"
[[policies]]
name = "paid"
use = "paid_exit"
[[policies]]
name = "two steps"
use = "nudge"
then = { use = "cap_credits", after_days = 30 }
"""
UNITS = {
    "", "a month", "a year", "calls a month", "days", "months", "people", "people a day", "posts", "share",
    "share, 0 to 1", "ties", "year", "years", "complaints", "ratings", "stars",
}  # fmt: skip
# Numbers that speak of money and are none: factors, powers, correlations, shares and times.
NO_MONEY = {
    "population.segments[].revenue_spread", "population.segments[].calls_follow_revenue", "media.leak_news",
    "behaviour.leaving.price_sensitivity", "behaviour.leaving.price_months", "behaviour.leaving.credits_capped",
    "behaviour.calling.elasticity", "money.credits_teach", "money.credits_teach_months", "money.contact_lag_months",
    "money.last_resort.price", "money.last_resort.seen", "rivals.refused_cost", "exchange.per_dollar",
    "choose.least_profitable_share", "policies[].acceptance", "policies[].newsworthiness", "policies[].response.news",
    "search.second_round_after", "choose.spare_most_harmful", "people_of_note[].standing", "policies[].when[].news",
    "seen[].value", "plugins.numbers[].value", "media.outlets[].settles_after",
}  # fmt: skip
SPEAKS = re.compile(r"cost|price|revenue|\bfees?\b|\bpay|paid|credit|money|worth|value|profit|amount|dollar|euro", re.I)


def values(scenario):
    tree = tree_of(scenario)
    return {written(tree, path): value for path, value in amounts(tree)}


@pytest.fixture
def pounds(write):
    return load_scenario(write("pounds.toml", POUNDS))


# -- which keys --------------------------------------------------------------------------------------------------


def test_every_key_with_a_unit_of_money_is_on_the_list_and_no_other():
    with_unit = {p.key for p in parameters() if p.unit.split(" ")[0] == "currency"}
    assert with_unit == money_keys()
    assert {"policies[].then.choose.profit_below", "search.payment", "behaviour.calling.time_per_call"} <= with_unit


def test_no_amount_hides_under_another_unit():
    numbers = {key: slot for key, slot in every_key() if {int, float} & set((slot.item or slot).kinds)}
    others = {key: slot for key, slot in numbers.items() if not is_money(slot)}
    assert {slot.about.get("unit", "") for slot in others.values()} <= UNITS
    bare = {key: slot for key, slot in others.items() if not slot.about.get("unit", "").startswith("share")}
    loud = {key for key, slot in bare.items() if SPEAKS.search(f"{key.rpartition('.')[2]} {slot.meaning}")}
    above = re.compile(r"^(policies\[\]\.then\.choose|policies\[\]\.choose|search\.choose)\b|^policies\[\]\.then\b")
    assert {above.sub(lambda m: "choose" if m.group(1) else "policies[]", key) for key in loud} <= NO_MONEY


# -- in a file ---------------------------------------------------------------------------------------------------


def test_what_is_stated_stays_and_defaults_are_converted_wherever_they_are(pounds):
    found = values(pounds)
    assert found["money.cost_per_call"] == 8.0 and found["population.segments.all.revenue"] == 10.0
    expected = {
        "population.segments.all.account_cost": 18.0, "population.segments.all.surplus_of_seekers": 600.0,
        AUTHORITY: 100.0, "money.handling.text": 0.025, "behaviour.calling.time_per_call": 2.5,
        "policies.paid.payment": 100.0, 'policies."two steps".cost_each': 5.0,
        'policies."two steps".then.cost_each': 20.0, "money.profitable_above": 0.0,
    }  # fmt: skip
    assert {key: found[key] for key in expected} == expected
    assert [p.payment for p in pounds.policies] == [None, 100.0, None]


def test_a_default_list_that_an_override_writes_out_is_still_in_dollars(write):
    file = write("pounds.toml", POUNDS)
    scenario = load_scenario(file, ["media.outlets.forum.reach=0.5", "money.credit_per_call=3"])
    assert values(scenario)[AUTHORITY] == 100.0 and scenario.media.outlets[0].reach == 0.5
    assert scenario.money.credit_per_call == 3.0
    assert load_scenario(file, [f"{AUTHORITY}=70"]).media.outlets[-1].cost_per_dismissal == 70.0


def test_nothing_is_converted_twice_through_the_scenario_of_a_result(pounds, write):
    file = write("scenario.toml", to_toml(pounds))
    for resolved in (True, False):
        again = load_scenario(file, resolved=resolved)
        assert again == pounds and fingerprint(again) == fingerprint(pounds)
        assert converted(again) == converted(pounds) != []
    heir = load_scenario(write("heir.toml", 'extends = "scenario.toml"\nmoney.credit_per_call = 1.5\n'))
    assert values(heir) == values(pounds) | {"money.credit_per_call": 1.5}
    assert {key for key, *_ in converted(pounds)} - {key for key, *_ in converted(heir)} == {"money.credit_per_call"}


def test_a_result_of_before_is_read_as_it_was_run(small, write):
    old = load_scenario(small)
    text = to_toml(old).replace('currency = "USD"', 'currency = "EUR"').replace("[exchange]\nothers = []\n", "")
    text = text.replace('source = ""\n', "")
    scenario = load_scenario(write("old.toml", text), resolved=True)
    assert rate_of(scenario) == 1.0 and values(scenario) == values(old)
    assert notes(scenario, Words("en")) == []


def test_dollars_are_as_they_always_were(small):
    scenario = load_scenario(small)
    for currency in ("USD", "$", "usd"):
        same = load_scenario(small, [f"currency={currency}"])
        assert same.model_copy(update={"currency": "USD"}) == scenario
    assert scenario.exchange.per_dollar is None and scenario.policies[0].payment is None
    assert load_scenario(small, ["exchange.per_dollar=1"]).money == scenario.money
    with pytest.raises(ScenarioError, match=r"exchange.per_dollar: given 0.9, allowed: 1 for dollars"):
        load_scenario(small, ["exchange.per_dollar=0.9"])


# -- one file on another -----------------------------------------------------------------------------------------


def test_amounts_of_a_file_keep_the_currency_of_the_file(write):
    write("pounds.toml", POUNDS.replace("revenue = 10.0", "revenue = { low = 8, mode = 10, high = 14 }"))
    heir = 'extends = "pounds.toml"\ncurrency = "XYZ"\n{}exchange.per_dollar = 2.0\nmoney.credit_per_call = 3.0\n'
    scenario = load_scenario(write("heir.toml", heir.format("search.payment = [7.0]\n")))
    found = values(scenario)
    assert found["money.cost_per_call"] == 32.0 and found["money.credit_per_call"] == 3.0
    assert found[AUTHORITY] == 400.0 and found["search.payment[0]"] == 7.0
    assert scenario.uncertain[0].distribution.text() == "{low=32, mode=40, high=56}"
    assert found["population.segments.all.revenue"] == 40.0
    assert "through the dollar, at so much for one: GBP 0.5" in notes(scenario, Words("en"))[0]
    write("again.toml", to_toml(scenario))
    back = load_scenario(write("back.toml", 'extends = "again.toml"\ncurrency = "£"\nexchange.per_dollar = 0.5\n'))
    assert values(back) == values(load_scenario(write("pounds2.toml", POUNDS))) | {
        "money.credit_per_call": 0.75, "search.payment[0]": 1.75,
    }  # fmt: skip


def test_a_file_that_names_no_currency_is_in_that_of_the_file_below(write):
    write("pounds.toml", POUNDS)
    scenario = load_scenario(write("heir.toml", 'extends = "pounds.toml"\nmoney.credit_per_call = 3.0\n'))
    assert scenario.currency == "GBP" and scenario.money.credit_per_call == 3.0
    assert scenario.money.cost_per_call == 8.0


def test_a_currency_set_from_outside_converts_the_file_and_not_what_is_set_beside_it(write):
    file = write("pounds.toml", POUNDS)
    scenario = load_scenario(file, ["money.credit_per_call=3", "currency=EUR", "exchange.per_dollar=1.0"])
    assert scenario.money.credit_per_call == 3.0 and scenario.money.cost_per_call == 16.0


# -- without a rate ----------------------------------------------------------------------------------------------


def test_a_well_known_currency_has_a_rate_that_is_told_in_both_languages(write):
    scenario = load_scenario(write("pounds.toml", POUNDS.replace("[exchange]\nper_dollar = 0.5\n", "")))
    assert values(scenario)[AUTHORITY] == 156.6
    for lang, words in (("en", "0.783 GBP for a dollar (the mean of 2024"), ("nl", "0,783 GBP per dollar")):
        said = notes(scenario, Words(lang))[0]
        assert words in said and f"{AUTHORITY} £" in said.replace("£ ", "£").replace("£\u00a0", "£")
        assert "handling.personal" not in said, "no policy talks to anybody"


def test_an_unknown_currency_is_refused_with_the_amounts_that_are_used(write):
    text = POUNDS.replace("GBP", "XYZ").replace("[exchange]\nper_dollar = 0.5\n", "")
    with pytest.raises(ScenarioError) as refused:
        load_scenario(write("unknown.toml", text))
    (fault,) = refused.value.faults
    assert fault.line == 2 and fault.key == "currency"
    head, *lines = fault.message.splitlines()
    assert "exchange.per_dollar = (XYZ for one US dollar)" in head
    asked = dict(line.split("#")[0].strip().split(" = ") for line in lines)
    assert asked[AUTHORITY] == "200" and asked["policies.paid.payment"] == "200"
    assert not {"money.cost_per_call", "money.profitable_above", "money.handling.personal"} & set(asked)
    stated = load_scenario(write("unknown.toml", text), [f"{key}={value}" for key, value in asked.items()])
    assert rate_of(stated) is None and values(stated)[AUTHORITY] == 200.0
    assert "No rate of XYZ" in notes(stated, Words("en"))[0]
    assert load_scenario(write("scenario.toml", to_toml(stated)), resolved=True) == stated
    with pytest.raises(ValueError, match=r"state exchange.per_dollar"):
        space_of(stated)
    doubts(stated)
    by_hand = stated.model_copy(update={"worlds": Worlds()})  # never loaded, so nothing in it counts as stated
    with pytest.raises(ScenarioError, match=r"have a range in dollars: .*money.acquisition_cost"):
        doubts(by_hand)


def test_amounts_of_a_file_in_an_unknown_currency_cannot_be_converted_either(write):
    write("base.toml", POUNDS.replace("GBP", "XYZ"))
    heir = write("heir.toml", 'extends = "base.toml"\ncurrency = "EUR"\n')
    assert load_scenario(heir).money.cost_per_call == pytest.approx(8.0 * 0.924 / 0.5)
    write("base.toml", POUNDS.replace("GBP", "XYZ").replace("[exchange]\nper_dollar = 0.5\n", ""))
    with pytest.raises(ScenarioError, match=r"no rate of XYZ.* in the file that has them(.|\n)*cost_per_call = 8 "):
        load_scenario(heir)


# -- what the evidence says --------------------------------------------------------------------------------------


def test_ranges_of_the_evidence_are_in_the_currency_of_the_scenario(write):
    dollars = load_scenario(write("dollars.toml", POUNDS.replace("GBP", "USD").replace("per_dollar = 0.5\n", "")))
    pounds = load_scenario(write("pounds.toml", POUNDS))
    ours, theirs = ({d.key: d.distribution for d in doubts(s)} for s in (pounds, dollars))
    assert ours.keys() == theirs.keys()
    for key, drawn in ours.items():
        factor = 0.5 if kind_of_key(pounds, key) in money_keys() else 1.0
        assert drawn.spread == pytest.approx([factor * end for end in theirs[key].spread])
    assert ours["money.acquisition_cost"].text() == "{low=175, mode=200, high=225}"
    doubted = load_scenario(write("pounds.toml", POUNDS), ['worlds.doubt=["money.cost_per_call"]'])
    assert {d.key: d for d in doubts(doubted)}["money.cost_per_call"].distribution.text() == "{low=2, mode=4, high=10}"
    assert (axis_of(pounds, "money.cost_per_call").low, axis_of(pounds, "money.cost_per_call").high) == (2.0, 10.0)
    assert space_of(pounds).levers["paid"]["payment"] == (0.0, 50.0, 100.0, 150.0)
    told = {each.key: each for each in unmeasured(pounds)}
    assert told["money.acquisition_cost"].plausible == (175.0, 225.0) and not told["money.acquisition_cost"].moved


def test_what_is_beyond_what_has_been_seen_is_so_in_the_currency_of_the_scenario(write):
    file = write("pounds.toml", POUNDS)
    assert beyond(load_scenario(file, ["policies.paid.payment=150"])) == []
    (found,) = beyond(load_scenario(file, ["policies.paid.payment=151"]))
    assert (found.value, found.high) == (151.0, 150.0)


def kind_of_key(scenario, key):
    tree = tree_of(scenario)
    return next(kind_of(path) for path, _, _ in numbers_of(scenario, tree) if written(tree, path) == key)


def numbers_of(scenario, tree):
    from wom_sim.scenario.ranges import numbers

    return numbers(scenario, tree)


# -- in a study --------------------------------------------------------------------------------------------------


def test_a_study_sets_and_varies_amounts_in_the_currency_of_its_scenario(write):
    write("pounds.toml", POUNDS)
    text = """
name = "x"
scenario = "pounds.toml"
replications = 1
[set]
"money.credit_per_call" = 3.0
[[factors]]
key = "policies.paid.payment"
values = [20.0, 30.0]
[design]
kind = "grid"
"""
    study = load_study(write("study.toml", text))
    for point, payment in enumerate((20.0, 30.0)):
        found = values(study.at(point))
        assert (found["policies.paid.payment"], found["money.credit_per_call"], found[AUTHORITY]) == (payment, 3, 100)
