"""What lies beyond the range for which it is known how people react: found, told, and nowhere else."""

from __future__ import annotations

import pytest

from wom_sim import policies
from wom_sim.scenario import load_scenario
from wom_sim.scenario.beyond import beyond, in_short, in_words
from wom_sim.scenario.model_keys import every_key, keys_of
from wom_sim.scenario.notes import notes
from wom_sim.scenario.sections.policies import Doing, Policy
from wom_sim.words import LANGUAGES, Words, catalogue

FILE = """
name = "far"
[population]
customers = 500
[[policies]]
name = "far"
use = "{use}"
{levers}
"""


@pytest.fixture
def far(tmp_path):
    def load(use: str, levers: str, *sets: str):
        file = tmp_path / "far.toml"
        file.write_text(FILE.format(use=use, levers=levers), encoding="utf-8")
        return load_scenario(file, sets)

    return load


@pytest.mark.parametrize(
    ("use", "levers", "found"),
    [
        ("reprice", "price_rise = 3.0", [("price_rise", "policies.far.price_rise", 3.0, 0.6)]),
        ("reprice", "price_rise = 0.6", []),
        ("reprice", "", []),
        ("paid_exit", "payment = 1000.0", [("payment", "policies.far.payment", 1000.0, 300.0)]),
        ("paid_exit", "payment = 300.0", []),
        ("bulk_letter", "notice_days = 120", [("notice_days", "policies.far.notice_days", 120.0, 90.0)]),
        ("bulk_letter", "price_rise = 3.0", []),  # it does not heed that
        ("keep", "price_rise = 3.0", []),
        ("nudge", "fee_per_call = 50.0", []),
        ("transfer", "last_resort = true", []),
        (
            "bulk_letter",
            "then = {use = 'reprice', price_rise = 2.0, after_days = 30}",
            [("price_rise", "policies.far.then.price_rise", 2.0, 0.6)],
        ),
    ],
)
def test_is_found_with_key_value_and_range(far, use, levers, found):
    said = beyond(far(use, levers))
    assert [(item.what, item.key, item.value, item.high) for item in said] == found
    assert all(item.policy == "far" for item in said)


def test_a_firm_that_has_seen_more_says_so(far):
    assert not beyond(far("reprice", "price_rise = 3.0", "behaviour.leaving.price_seen=3.0"))
    (item,) = beyond(far("reprice", "price_rise = 0.5", "behaviour.leaving.price_seen=0.3"))
    assert (item.value, item.high) == (0.5, 0.3)


def test_the_last_resort_has_a_price_that_somebody_speaks_of(far):
    (item,) = beyond(far("transfer", "last_resort = true", "money.last_resort.price=10.0"))
    assert (item.what, item.key, item.value, item.high) == ("last_resort", "money.last_resort.price", 10.0, 3.0)
    assert not beyond(far("transfer", "last_resort = false", "money.last_resort.price=10.0"))


def test_with_a_fee_it_is_said_from_how_many_calls_on_it_is_a_guess(far):
    """Revenue 60, a fee of 5 doubles the full price of a call: 5 x 2^-0.6 a call are 60 % of 60 from 10.9 calls on."""
    (item,) = beyond(far("reprice", "price_rise = 0.0\nfee_per_call = 5.0"))
    assert item.what == "fees"
    assert item.calls == pytest.approx(0.6 * 60.0 / (5.0 * 2.0**-0.6))
    assert not beyond(far("reprice", "price_rise = 0.0\nfee_per_call = 0.1")), "hardly anyone calls so often"
    both = beyond(far("reprice", "price_rise = 0.0\nfee_per_call = 20.0"))
    assert [item.what for item in both] == ["fee_per_call", "fees"]


def test_what_may_be_drawn_beyond_is_found(far):
    (item,) = beyond(far("reprice", "price_rise = {low = 0.1, mode = 0.3, high = 0.9}"))
    assert item.value == 0.9
    assert not beyond(far("reprice", "price_rise = {low = 0.1, mode = 0.3, high = 0.5}"))


def test_in_words(far):
    scenario = far("reprice", "price_rise = 3.0", "behaviour.leaving.price_months=6")
    (text,) = notes(scenario, Words("en"))
    for part in ("“far” raises the price by 300 %", "seen up to 60 %", "pessimistic", "for 6 months"):
        assert part in text
    (item,) = beyond(scenario)
    assert in_short(item, Words("en"), "USD") == "a price rise of 300 %, seen up to 60 %"
    assert "300 %" in in_words(item, Words("nl"), "USD")
    assert notes(far("paid_exit", "payment = 5000.0"), Words("en"))[0].startswith("“far” pays $5,000 to whoever leaves")


def test_every_declared_range_is_looked_at_and_has_its_words():
    """A lever that is given a range is found without another line of code, but for its words."""
    declared = {key for key, slot in every_key() if "calibrated" in slot.about}
    levers = {name for name, slot in keys_of(Doing).items() if "calibrated" in slot.about}
    on_policies = {f"policies[].{name}" for name in levers} | {f"policies[].then.{name}" for name in levers}
    assert declared == on_policies | {"money.last_resort.price"}
    for lang in LANGUAGES:
        for name in (*levers, "fees", "last_resort"):
            assert f"beyond.{name}" in catalogue(lang)
            assert f"beyond.short.{name}" in catalogue(lang)


@pytest.mark.parametrize("use", policies.POLICIES)
def test_what_a_policy_does_by_default_is_within_the_range(use, far):
    """So that a lever which is not given need not be looked at."""
    defaults = policies.policy(use).defaults
    given = {name: getattr(defaults, name) for name, slot in keys_of(Doing).items() if "calibrated" in slot.about}
    assert not beyond(far(use, ""), [Policy(name="far", use=use, **given)])
