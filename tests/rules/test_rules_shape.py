"""The shape of every rule: its bounds, and which way it goes when one thing grows and all else stays."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from daily import few
from hypothesis import given, settings
from hypothesis import strategies as st
from rulebook import BY_NAME, RULES, apply, arguments

from wom_sim.rules.attention import LEVEL, STORY, TASTE, chance_of_pickup, chance_today, intensity_of_post, reach_on_day
from wom_sim.rules.fairness import corroboration, grievance
from wom_sim.rules.hearing import dose_units, harm, impression
from wom_sim.rules.leaving import chance_to_join, contagion, departure_units, hazard
from wom_sim.rules.money import cents
from wom_sim.rules.talking import audience_of_post

TRIES = settings(max_examples=60, deadline=None, derandomize=True, database=None)
HOW_OFTEN = pytest.mark.parametrize("tries", few([20, 200]), ids=["some", "many"])
"""A rule is tried some times after each change, and many times by make science."""
INF = math.inf
PROFITABLE = {
    "profit": st.floats(0.0, 1000.0), "value": st.floats(400.0, 5000.0),
    "acquisition": st.floats(0.0, 400.0),
}  # fmt: skip

BOUNDS = {
    "buzz_of_today": (0.0, INF), "chance_of_pickup": (0.0, 1.0), "reach_on_day": (0.0, 1.0),
    "people_skipped": (0, 4_000_000_000), "distributive_fairness": (0.0, 1.0),
    "interactional_fairness": (0.0, 1.0), "procedural_fairness": (0.0, 1.0), "overall_fairness": (0.0, 1.0),
    "grievance": (0.0, 1.0), "reservation_value": (0.0, 4000.0), "observers_severity": (0.0, 1.0),
    "corroboration": (1.0, 4.0), "story_severity": (0.0, 1.0), "dose_units": (0, 12_800), "reaction": (0, 2),
    "impression": (0.0, 1.0), "harm": (-1.0, 1.0), "chance_to_defend": (0.0, 1.0), "lock": (0.0, 1.0),
    "base_hazard": (0.0, 1.0), "hazard": (0.0, 1.0), "departure_units": (0, 12_800), "contagion": (1.0, INF),
    "chance_to_join": (0.0, 1.0), "chance_to_follow": (0.0, 1.0), "decision": (-1, 6),
    "blamed": (-1, 6), "chance_to_talk": (0.0, 1.0),
    "chance_to_retell": (0.0, 1.0), "chance_to_post": (0.0, 1.0), "delay_in_days": (1, 400),
    "share_within": (0.0, 1.0), "skip_length": (-INF, 0.0), "price_multiplier": (0.0, 51.0),
    "too_dear": (0, 1),
    "effect_of_response": (0.0, 3.0), "months_of_stay": (0.0, 600.0),
    "share_repaired": (-1e-9, INF), "calls_at_fee": (0.0, 200.0), "left_when_usual": (0.0, INF),
    "mean_audience": (0.0, 20.0),
    "poisson_count": (0, 2000), "audience_of_post": (0, 20), "day_of_call": (1, 7), "by_mistake": (0.0, 1.0),
    "forewarned": (0.0, 1.0), "days_of_coverage": (0, 400), "told_by_outlet": (-1.0, 5.0),
    "chance_to_side": (0.0, 1.0), "beta_while_courted": (0.0, 420.0), "further_calls": (0, 20), "learns": (0, 1),
    "first_bill": (0, 100_000), "insight_of_calls": (-5000.0, 5000.0),
    "is_met": (0, 1), "luck_of_story": (0.0, INF), "own_threshold": (0.0, INF), "intensity_of_story": (0.0, INF),
    "intensity_of_post": (0.0, INF), "units_of_intensity": (0, 4096 * 10**9), "chance_of_report": (0.0, 1.0),
    "chance_today": (0.0, 1.0), "days_until_reported": (0, 36_500),
    "size_of_news": (0.0, INF), "chance_to_be_late": (0.0, 1.0),
    "chance_to_complain": (0.0, 1.0), "cases_charged": (0, 50), "moved_by_complaints": (0, 1), "stars_lost": (0.0, 4.0),
    "joins_in_spite": (0.0, 1.0), "followers_of": (0.0, INF), "mean_followers": (0.0, INF), "widened": (1.0, INF),
    "audience_of_tree": (0, 20), "audience_by_followers": (0, 20), "kind_of_complaint": (0, 2),
    "joins_when_rated": (0.0, 1.0), "days_until_obeyed": (0, 36_500), "day_of_complaint": (0, 81),
    "reach_after_move": (0.0, 1.0), "added_hazard": (0.0, 1.0), "decision_by": (-1, 6), "own_share": (-3.0, 4.0),
    "is_persuaded": (0, 1), "retells": (0, 1), "days_of_talk": (1, 400), "chance_to_stop": (0.0, 1.0),
    "reach_by_hearing": (0.0, 1.0),
    "authority_acts": (0, 1), "reports_announcement": (0, 1), "days_since_report": (-500, 5000),
    "discount_while_learning": (0.0, INF), "chronic_share": (0.0, 1.0), "months_special": (1, 1_000_000_000),
}  # fmt: skip
UNBOUNDED = {
    "customer_value", "waiting_value", "flow_value", "calls_value", "profit_value", "change_value", "insight_value",
    "flow_in", "profit_in", "change_in", "insight_in", "join_value", "cents", "monthly_profit",
    "at_once", "value_beyond",
}  # fmt: skip

GROWS = """
buzz_of_today: buzz half_life news | chance_of_pickup: buzz | reach_on_day: reach half_life
distributive_fairness: given | interactional_fairness: channel framing helps_to_move
procedural_fairness: notice_days review criterion ground appeal
overall_fairness: distributive interactional procedural | grievance: severity if_agreed
reservation_value: switching_cost surplus | observers_severity: action framing | corroboration: buzz boost
story_severity: observed corroborated response | dose_units: weight severity | reaction: p_sides p_affected
impression: units k | harm: harm_units | chance_to_defend: p_advocate p_siding | lock: month locked waived
base_hazard: churn locked multiplier | hazard: base harm contagion | departure_units: weight half_life window
contagion: units chi most | chance_to_join: base | chance_to_follow: usual | customer_value: profit
price_multiplier: rise | too_dear: excess months
cents: amount | monthly_profit: margin
chance_to_talk: p_talk grievance | chance_to_retell: p_retell severity talkativeness
chance_to_post: p_post talkativeness | delay_in_days: v within
share_within: longest | skip_length: p | effect_of_response: effect | poisson_count: u | audience_of_post: least most
chance_to_side: usual | beta_while_courted: beta poach | further_calls: unsolved most | learns: story grievance praise
day_of_call: v | by_mistake: usual share | waiting_value: profit settled
months_of_stay: months | calls_at_fee: calls own_time | share_repaired: a_year
at_once: amount | first_bill: day | value_beyond: profit
chronic_share: share | mean_audience: least most
luck_of_story: z | own_threshold: threshold z_story z_own | intensity_of_story: luck novelty buzz
intensity_of_post: luck novelty news standing | units_of_intensity: intensity | chance_of_report: intensity rate
reach_after_move: reach half_life peak | days_since_report: day | reports_announcement: chance
authority_acts: a_year | size_of_news: told coherence buzz | chance_to_be_late: usual
chance_to_complain: share grievance more | kind_of_complaint: share grievance more
day_of_complaint: v | cases_charged: so_far cases | moved_by_complaints: complaints | stars_lost: bad stars
followers_of: median z | mean_followers: median spread | audience_of_tree: followers wider most
days_until_obeyed: days z
added_hazard: base harm contagion | own_share: u middle | is_persuaded: share severity talkativeness
days_of_talk: u longest | chance_to_stop: usual | reach_by_hearing: reach imitation heard
"""
FALLS = """
chance_of_pickup: threshold | reach_on_day: days | people_skipped: u length
share_within: half_life | distributive_fairness: switching_cost
grievance: fairness agreed | observers_severity: explanation explained_away | corroboration: half_point
reaction: u | harm: praise_units | lock: contract_months | chance_to_join: harm | audience_of_post: u tail
customer_value: churn discount | mean_audience: tail
forewarned: notice_days helps_to_move by_notice by_help
monthly_profit: calls seeker cost_per_call credit_per_call
months_of_stay: churn discount | calls_at_fee: fee elasticity
first_bill: bill_day | too_dear: worth | months_special: u fades
intensity_of_post: coherence | chance_of_report: threshold | reach_after_move: days
chance_to_be_late: size | moved_by_complaints: u | stars_lost: ratings | joins_in_spite: effect lost | widened: u tail
joins_when_rated: effect bad | kind_of_complaint: u
cases_charged: free
reports_announcement: u asks | days_since_report: picked_up lag | is_persuaded: needed | chance_to_stop: other_talks
"""


def listed(text: str) -> list[tuple[str, str]]:
    pairs = (entry.split(":") for entry in text.replace("\n", "|").split("|") if entry.strip())
    return [(rule.strip(), argument) for rule, arguments_ in pairs for argument in arguments_.split()]


def drawn_for(name: str) -> dict:
    narrower = dict(PROFITABLE)
    if name == "audience_of_post":
        narrower["most"] = st.floats(0.0, 20.0)
    if name == "customer_value":  # below, 1 - q is a few last digits of a float, or the bound of a value without end
        narrower["discount"] = st.floats(1e-6, 0.05)
    if name == "day_of_complaint":
        narrower["last"] = st.integers(40, 80)  # not before the first
    if name == "size_of_news":
        narrower["story"] = st.just(0.0) | st.floats(1.0, 255.0)
    if name == "days_since_report":  # on the day of an announcement the lag is shorter, so they do not fall there
        narrower["announced_on"] = st.just(0)
    return narrower


def test_every_rule_has_bounds_or_none():
    assert set(BOUNDS) | UNBOUNDED == set(RULES)


@HOW_OFTEN
@pytest.mark.parametrize("name", BOUNDS)
def test_bounds(name, tries):
    low, high = BOUNDS[name]

    @settings(TRIES, max_examples=tries)
    @given(arguments(name, **drawn_for(name)))
    def holds(drawn):
        assert low <= apply(name, drawn) <= high

    holds()


def goes(name: str, argument: str, sign: int, tries: int) -> None:
    narrower = drawn_for(name)

    @settings(TRIES, max_examples=tries)
    @given(arguments(name, **narrower), narrower.get(argument, BY_NAME[argument]))
    def holds(drawn, other):
        less, more = sorted([drawn[argument], other])
        before, after = (apply(name, drawn | {argument: value}) for value in (less, more))
        assert sign * (after - before) >= -1e-12 * max(1.0, abs(before))

    holds()


@HOW_OFTEN
@pytest.mark.parametrize(("name", "argument"), listed(GROWS))
def test_grows_with(name, argument, tries):
    goes(name, argument, 1, tries)


@HOW_OFTEN
@pytest.mark.parametrize(("name", "argument"), listed(FALLS))
def test_falls_with(name, argument, tries):
    goes(name, argument, -1, tries)


def today(rule: int, what: tuple[float, float, float], coherence: float) -> float:
    """Return the chance of an outlet with a threshold of 9."""
    return chance_today(rule, what, (9.0, 9.0, 1.0), coherence)


# Strict: a rule that ignored its argument would pass the tests above.


@pytest.mark.parametrize(
    ("less", "more"),
    [
        (grievance(1.0, 0.8, False, 0.2), grievance(1.0, 0.3, False, 0.2)),
        (grievance(1.0, 0.3, True, 0.2), grievance(1.0, 0.3, False, 0.2)),
        (chance_of_pickup(5.0, 40.0), chance_of_pickup(20.0, 40.0)),
        (chance_of_pickup(20.0, 60.0), chance_of_pickup(20.0, 40.0)),
        (hazard(0.02, 0.4, 0.1, 1.0), hazard(0.02, 0.4, 0.9, 1.0)),
        (hazard(0.02, 0.4, -0.5, 1.0), hazard(0.02, 0.4, 0.0, 1.0)),
        (hazard(0.02, 0.4, 0.1, 1.0), hazard(0.02, 0.4, 0.1, 1.4)),
        (chance_to_join(0.02, 1.6, 0.9), chance_to_join(0.02, 1.6, 0.1)),
        (audience_of_post(0.9, 20.0, 1.2, 1e6), audience_of_post(0.1, 20.0, 1.2, 1e6)),
        (reach_on_day(0.1, 3.0, 5), reach_on_day(0.1, 3.0, 4)),
        (corroboration(1.0, 0.5, 20.0), corroboration(50.0, 0.5, 20.0)),
        (harm(256, 200, 1.0, 0.2, 0, 60.0), harm(256, 100, 1.0, 0.2, 0, 60.0)),
        (dose_units(0.3, 0.45), dose_units(1.0, 0.45)),
        (today(STORY, (9.0, 0.0, 0.5), 1.0), today(STORY, (9.0, 0.0, 5.0), 1.0)),
        (today(LEVEL, (2.0, 0.0, 0.5), 1.0), today(LEVEL, (9.0, 0.0, 0.5), 1.0)),
        (today(TASTE, (8.0, 0.0, 0.0), 1.0), today(TASTE, (9.0, 0.0, 0.0), 1.0)),
        (today(TASTE, (9.0, 0.0, 0.0), 0.5), today(TASTE, (9.0, 9.0, 0.0), 0.5)),
        (intensity_of_post(1.0, 1.0, 1.0, 1.0, 0.9, 0.5), intensity_of_post(1.0, 1.0, 1.0, 1.0, 0.2, 0.5)),
    ],
)
def test_strictly(less, more):
    assert less < more


def test_pickup_is_convex_where_buzz_is_small():
    for buzz in (1.0, 5.0, 12.0):
        assert chance_of_pickup(2.0 * buzz, 40.0) > 3.0 * chance_of_pickup(buzz, 40.0)


def test_each_dose_adds_less():
    heard = [impression(256 * n, 1.0) for n in range(8)]
    added = [more - less for less, more in pairwise(heard)]
    assert all(later < 0.5 * sooner for sooner, later in pairwise(added))


def test_contagion_saturates():
    assert contagion(4 * 256, 0.4, 4.0) == contagion(100 * 256, 0.4, 4.0) == pytest.approx(1.4**4)
    assert contagion(4 * 256 - 1, 0.4, 4.0) < contagion(4 * 256, 0.4, 4.0)


def test_corroboration_never_reaches_its_limit():
    assert 1.499 < corroboration(1e6, 0.5, 20.0) < 1.5


def test_a_departure_counts_from_the_next_day_on_and_ever_less():
    weights = [departure_units(1.0, age, 20.0, 35) for age in range(60)]
    assert weights[0] == 0
    assert weights[1] == 256
    assert weights[1:36] == sorted(weights[1:36], reverse=True)
    assert weights[35] > 0
    assert set(weights[36:]) == {0}


@TRIES
@given(arguments("harm"))
def test_harm_fades_and_is_buffered(drawn):
    now = abs(apply("harm", drawn | {"days": 0, "buffered": 0.0}))
    assert abs(apply("harm", drawn)) <= now
    assert apply("harm", drawn | {"buffered": 1.0}) == 0.0


@TRIES
@given(arguments("harm"))
def test_praise_undoes_what_the_same_harm_does(drawn):
    harmed, praised = drawn["harm_units"], drawn["praise_units"]
    swapped = drawn | {"harm_units": praised, "praise_units": harmed}
    assert apply("harm", drawn) == -apply("harm", swapped)


@TRIES
@given(st.floats(-1e9, 1e9))
def test_cents_are_the_nearest_and_lose_and_win_alike(amount):
    assert abs(cents(amount) - 100.0 * amount) <= 0.5 + 1e-6
    assert cents(-amount) == -cents(amount)
