"""docs/MODEL.md tells the defaults of the code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from wom_sim.policies import POLICIES
from wom_sim.scenario.listing import parameters
from wom_sim.scenario.posterior_of_cases import RULES
from wom_sim.scenario.sections.behaviour import Behaviour
from wom_sim.world.day import PHASES

PAGE = (Path(__file__).parents[2] / "docs" / "MODEL.md").read_text(encoding="utf-8")
TEXT = " ".join(PAGE.split())
DEFAULTS = {parameter.key: parameter.default for parameter in parameters()}
SCORES = {
    "a letter": "channel.letter", "an e-mail": "channel.email", "a text message": "channel.text",
    "a telephone call": "channel.phone", "a personal talk": "channel.personal",
    '"your behaviour makes it too costly"': "framing.blames_customer", "a statement of fact": "framing.neutral",
    '"our processes make it too costly"': "framing.blames_firm", "thanks and explains": "framing.thanks_and_explains",
}  # fmt: skip
TOLD = [
    (r"is (\S+) distributive \+ (\S+) interactional \+ (\S+) procedural", "fairness.weight_distributive",
     "fairness.weight_interactional", "fairness.weight_procedural"),
    (r": (\S+) channel \+ (\S+) framing \+ (\S+) help to move", "fairness.weight_channel", "fairness.weight_framing",
     "fairness.weight_help"),
    (r"mean of notice \(days / (\d+),", "fairness.proper_notice"),
    (r"a few agree: (\S+) when written to, (\S+) after a talk", "fairness.agree_by_letter", "fairness.agree_in_person"),
    (r"x \((\S+) if agreed\)", "fairness.grievance_if_agreed"),
    (r"by up to (\S+) and (\S+), because", "fairness.less_if_announced", "fairness.less_if_helped"),
    (r"fair warnings\* has grievance x (\S+)\.", "steps.grievance_if_warned"),
    (r"\(1 - (\S+) x explanation\)", "fairness.explained_away"),
    (r"bulk and one by one: (\S+) for a dismissal", "fairness.observed.dismiss"),
    (r"is 1 \+ (\S+) x buzz / \(buzz \+ (\d+)\)", "hearing.corroboration_boost", "hearing.corroboration_half_point"),
    (r"chance (\S+) x grievance; a hearer passes it on with (\S+) x", "talking.p_talk_victim", "talking.p_retell"),
    (r"\(acted on: (\S+), (\S+), (\S+); hearer: (\S+), (\S+), (\S+)\)", "talking.victim_tells.household",
     "talking.victim_tells.close", "talking.victim_tells.acquaintance", "talking.hearer_tells.household",
     "talking.hearer_tells.close", "talking.hearer_tells.acquaintance"),
    (r"strangers \((\S+); (\S+)\)\.", "talking.victim_strangers", "talking.hearer_strangers"),
    (r"When: half-life (\d+) days, at most (\d+)\.", "talking.talk_half_life", "talking.talk_days"),
    (r"knew already stops with chance (\S+),", "talking.p_stop_when_known"),
    (r"acted on posts with (\S+) \(less", "talking.p_post"),
    (r"exponent (\S+), from (\d+) to", "talking.audience_tail", "talking.audience_least"),
    (r"defend the firm with (\S+), others who side with it with (\S+):", "talking.p_defend", "talking.p_defend_siding"),
    (r"sides with the firm \((\S+); (\S+) where abuse", "hearing.sides_with_firm", "hearing.sides_if_abuse"),
    (r"affected in behaviour \((\S+)\), else", "hearing.affected"),
    (r"\(1 - (\S+) x commitment\)", "hearing.buffer"),
    (r"The half-life is (\d+) days", "hearing.harm_half_life"),
    (r"Lock is (\S+) while", "leaving.locked"),
    (r"`beta` is (\S+), \*\*never", "leaving.beta"),
    (r"in the last (\d+) days, halving every (\d+), at most (\d+):", "leaving.contagion_window",
     "leaving.contagion_half_life", "leaving.contagion_most"),
    (r"beta_join = (\d+) x beta", "leaving.beta_join_ratio"),
    (r"hearer calls with (\S+):", "talking.p_call"),
    (r"raises the hazard by (\S+) x rise", "leaving.price_sensitivity"),
    (r"makes customers of (\S+) of the borrowers", "steps.converts"),
    (r"lets them moderate \((\S+)\)", "steps.moderate"),
    (r"`household_follows`; EVIDENCE2 9\): (\S+) for telephone", "leaving.household_follows"),
]  # fmt: skip


@pytest.mark.parametrize("told", TOLD, ids=lambda told: told[1])
def test_a_number_of_the_page_is_the_default(told):
    found = re.search(told[0], TEXT)
    assert found is not None
    assert len(found.groups()) == len(told) - 1
    for number, key in zip(found.groups(), told[1:], strict=True):
        assert float(number) == DEFAULTS[f"behaviour.{key}"], key


def test_the_scores_of_ways_of_telling_are_the_defaults():
    rows = dict(re.findall(r"^\| (.+?) \| ([.\d]+) \| .* \| [ABCS/ ]+ \|$", PAGE, re.MULTILINE))
    assert set(rows) == set(SCORES)
    fair = Behaviour().fairness
    for words, place in SCORES.items():
        table, key = place.split(".")
        assert float(rows[words]) == getattr(getattr(fair, table), key), words


def test_other_numbers_of_money_and_media_are_the_defaults():
    assert f"Of a call {DEFAULTS['money.contact_avoidable']:.1f}".replace("0.", ".") in TEXT
    assert DEFAULTS["money.contact_lag_months"] == 3 and "is saved, three months later" in TEXT
    assert f"{DEFAULTS['money.horizon_months']} months from the first act" in TEXT
    assert f"halving in {DEFAULTS['media.buzz_half_life']:g} days" in TEXT
    assert f"the default, `{DEFAULTS['media.rule']}`, leaves it open" in TEXT
    assert f"A single run then takes `{RULES[DEFAULTS['media.which']]}`" in TEXT
    assert f"(log-normal, sd {DEFAULTS['media.taste.spread']:g}, half of its variance" in TEXT
    assert f"of {DEFAULTS['media.report.median_days']:g} days in the middle" in TEXT
    assert DEFAULTS["media.report.found_late"] == 0.25 and "a quarter of stories are found only after months" in TEXT
    assert f"(half at {DEFAULTS['media.report.act_size']:,.0f})" in TEXT
    assert f"for joining {DEFAULTS['behaviour.hearing.join_half_life']:g} (7 to 90" in TEXT
    assert 1.0 + DEFAULTS["behaviour.leaving.chi"] == 1.4 and "Contagion = 1.4^k" in TEXT


def test_phases_and_policies_are_those_of_the_code():
    phases = re.findall(r"^\d\. \*\*([A-Z][a-z ]+)\*\*:", PAGE.partition("## 4. A day")[2].partition("## 5.")[0], re.M)
    assert [phase.lower().replace(" ", "_") for phase in phases] == [phase.name for phase in PHASES]
    table = PAGE.partition("## 6. Policies")[2].partition("Levers shared")[0]
    named = {name for row in re.findall(r"^\| (`.*?) \|", table, re.M) for name in re.findall(r"`(\w+)`", row)}
    assert named == set(POLICIES)
