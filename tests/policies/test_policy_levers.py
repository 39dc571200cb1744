"""What each lever does to the table, and what the policies differ in."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from firms import (
    ACTIVE,
    OPEN,
    OWN_DAYS,
    SCORES,
    SECRET,
    SEGMENTS,
    all_of,
    firm,
    plan,
    policy,
    reservation,
    seekers,
    setting_of,
    some_customers,
    spoken,
    switching_cost,
    told_people,
    with_levers_of,
)

from wom_sim.policies.setting import Choice
from wom_sim.world.people import customers
from wom_sim.world.treatments import ACTION_NAMES, CAP_CREDITS, DISMISS, OFFER, REPRICE, WARN

EVERY = pytest.mark.parametrize("name", ACTIVE)
TELLS = pytest.mark.parametrize("name", OPEN)
MANY = Choice(ids=some_customers(3000))


def felt(row: np.void, levers, action: str) -> float:
    """Return the grievance of a row, from MODEL 5.1 in plain Python."""
    given = levers.fee_waived + levers.balance_waived + levers.payment
    distributive = min(1.0, given / float(switching_cost([row["person"]])[0]))
    said = 0.4 * SCORES.channel[levers.channel] + 0.4 * SCORES.framing[levers.framing] + 0.2 * levers.help_to_move
    procedure = (levers.individual_review, levers.stated_criterion, levers.ground_in_terms, levers.appeal)
    done = (min(1.0, levers.notice_days / 60.0) + sum(procedure)) / 5.0
    fairness = 0.45 * distributive + 0.40 * said + 0.15 * done
    usual = SCORES.action_severity[action] * (1.0 - fairness) * (SCORES.grievance_if_agreed if row["agreed"] else 1.0)
    if action != "dismiss":
        return usual
    announced, helped = SCORES.forewarned
    longer = min(60, max(0, levers.notice_days - 30)) / 60.0
    return usual * (1.0 - announced * longer) * (1.0 - helped * levers.help_to_move)


LEVERS = [
    {},
    {"fee_waived": 100.0, "channel": "personal", "framing": "thanks_and_explains", "notice_days": 90},
    {
        "balance_waived": 40.0,
        "help_to_move": True,
        "appeal": True,
        "ground_in_terms": True,
        "channel": "text",
    },
    {"payment": 1e6, "individual_review": True, "stated_criterion": False, "framing": "blames_firm"},
]


@TELLS
@pytest.mark.parametrize("levers", LEVERS)
def test_grievance_is_that_of_the_model(name, levers):
    setting = setting_of(name, **levers)
    for row in spoken(policy(name).plan(setting)):
        expected = felt(row, setting.levers, ACTION_NAMES[int(row["action"])])
        if name == "warn_then_end" and row["action"] == DISMISS:
            expected *= SCORES.steps["grievance_if_warned"]
        assert row["grievance"] == pytest.approx(expected, rel=1e-12)


@TELLS
@pytest.mark.parametrize("levers", [*LEVERS, {"explanation": 0.5}])
def test_story_and_news_are_those_of_the_model(name, levers):
    setting = setting_of(name, **levers)
    for row in spoken(policy(name).plan(setting)):
        action, pulled = ACTION_NAMES[int(row["action"])], setting.levers
        seen = SCORES.action_observed[action] + SCORES.framing_shift[pulled.framing]
        seen *= 1.0 - SCORES.explained_away * pulled.explanation
        assert row["story"] == pytest.approx(255.0 * seen, abs=0.5)
        news = SCORES.action_news[action] * SCORES.channel_news[pulled.channel]
        assert row["news"] == pytest.approx(256.0 * news, abs=0.5)


@TELLS
def test_what_is_set_by_hand_takes_effect(name):
    table = spoken(plan(name, grievance=0.25, severity=0.4, newsworthiness=0.5, choose=MANY))
    assert set(table["grievance"].tolist()) == {0.25}
    assert set(table["story"].tolist()) == {102}
    assert set(table["news"].tolist()) == {128}
    usual = spoken(plan(name, choose=MANY))
    for column in set(table.dtype.names) - {"grievance", "story", "news"}:
        assert np.array_equal(table[column], usual[column]), column
    nothing = plan(name, grievance=0.0, severity=0.0, newsworthiness=0.0)
    assert not any(nothing[column].any() for column in ("grievance", "story", "news")), "0 is a value like any other"


@EVERY
@pytest.mark.parametrize("channel", ["letter", "email", "text", "phone", "personal"])
def test_a_case_costs_its_channel_and_its_review(name, channel):
    for review in (False, True):
        table = plan(name, channel=channel, individual_review=review)
        told = 0.0 if name in SECRET else SCORES.handling[channel]
        expected = told + (SCORES.handling["review"] if review else 0.0) + policy(name).defaults.cost_each
        dearer = plan(name, channel=channel, individual_review=review, cost_each=policy(name).defaults.cost_each + 7.0)
        assert set(spoken(table)["cost"].tolist()) == {expected}
        assert set(spoken(dearer)["cost"].tolist()) == {expected + 7.0}


@EVERY
def test_only_who_goes_is_given_anything(name):
    half = replace(SCORES, fees_collectable=0.5)
    table = plan(name, scores=half, choose=MANY, fee_waived=200.0, balance_waived=30.0, payment=20.0)
    goes = table["notice"] >= 0
    ending = ("bulk_letter", "case_by_case", "paid_exit", "transfer", "warn_then_end", "at_renewal", "enforce")
    assert goes.any() == (name in ending), "others end no service"
    assert set(table["given"][goes].tolist()) <= {150.0}, "200 x 0.5 + 30 + 20"
    assert not table["given"][~goes].any()
    assert np.array_equal(table["waived"], goes)
    assert not plan(name, choose=MANY, fee_waived=0.0)["waived"].any()


@pytest.mark.parametrize("fee", [0.01, 1.0, 200.0])
def test_any_fee_that_is_waived_is_waived(fee):
    """However small: the contract no longer holds who is let go."""
    table = plan("bulk_letter", choose=MANY, fee_waived=fee)
    assert table["waived"].all()


SAYING = {
    "notice": ({"notice_days": 90}, "grievance"), "help to move": ({"help_to_move": True}, "grievance"),
    "fee waived": ({"fee_waived": 100.0}, "grievance"), "balance waived": ({"balance_waived": 50.0}, "grievance"),
    "review": ({"individual_review": True}, "grievance"), "appeal": ({"appeal": True}, "grievance"),
    "stated ground": ({"stated_criterion": True}, "grievance"), "terms": ({"ground_in_terms": True}, "grievance"),
    "neutral framing": ({"framing": "neutral"}, "grievance story"),
    "blames itself": ({"framing": "blames_firm"}, "grievance story"),
    "thanks": ({"framing": "thanks_and_explains"}, "grievance story"),
    "by telephone": ({"channel": "phone"}, "grievance news"), "in person": ({"channel": "personal"}, "grievance news"),
    "explained in public": ({"explanation": 1.0}, "story"), "does not ask to call": ({"please_call": False}, "p_call"),
}  # fmt: skip
BADLY_SAID = {"choose": MANY, "framing": "blames_customer", "stated_criterion": False, "please_call": True}


@pytest.mark.parametrize(("lever", "improves"), SAYING.values(), ids=SAYING)
def test_each_way_of_saying_it_better_helps_where_it_should_and_nowhere_else(lever, improves):
    usual, better = (plan("bulk_letter", **BADLY_SAID | given) for given in ({}, lever))
    for column in ("grievance", "story", "news", "p_call"):
        before, after = usual[column].mean(), better[column].mean()
        assert after < before if column in improves.split() else after == before, column


def test_blaming_the_firm_is_no_better_than_blaming_nobody():
    """Observers and victims disapprove whoever is responsible: Lepthien et al. 2017, Willemsen 2017."""
    ours, neutral = (plan("bulk_letter", choose=MANY, framing=how) for how in ("blames_firm", "neutral"))
    assert np.array_equal(ours, neutral)


@pytest.mark.parametrize("lever", [{"notice_days": 90}, {"help_to_move": True}], ids=["notice", "help"])
def test_notice_and_help_lower_talk_by_a_quarter(lever):
    """Wetzel et al. 2022: the two that work; the size is C, between 10 and 45 %."""
    usual, better = (plan("bulk_letter", **BADLY_SAID | given) for given in ({}, lever))
    assert better["grievance"].mean() / usual["grievance"].mean() == pytest.approx(0.75, abs=0.01)


@TELLS
def test_please_call_doubles_the_calls(name):
    for asked, factor in ((True, 1.0), (False, 0.5)):
        table = spoken(plan(name, please_call=asked))
        for row in table:
            usual = 0.3 if row["action"] == WARN else SCORES.p_call_victim
            if row["action"] in (REPRICE, CAP_CREDITS):
                usual *= 0.09  # a price is not a dismissal
            assert row["p_call"] == pytest.approx(usual * factor)


@TELLS
def test_only_letters_take_days_and_the_same_days_under_every_policy(name):
    if name in OWN_DAYS:
        pytest.skip("each is told before a day of their own")
    letters, calls = (plan(name, channel=way, choose=MANY, per_day=0.0) for way in ("letter", "phone"))
    letters, calls = (table[table["turn"] == 0] for table in (letters, calls))
    assert set(calls["day_told"].tolist()) == {0}
    days = np.bincount(letters["day_told"])
    assert days[:2].sum() == 0
    assert len(days) == 5
    assert abs(days[2:] - len(letters) / 3.0).max() < 4.0 * math.sqrt(len(letters) * 2.0 / 9.0)
    by_bulk = plan("bulk_letter", choose=MANY)
    by_bulk = by_bulk[np.isin(by_bulk["person"], letters["person"])]
    both = np.argsort(letters["person"]), np.argsort(by_bulk["person"])
    assert np.array_equal(letters["day_told"][both[0]], by_bulk["day_told"][both[1]])


# Bulk and case by case: the same act, other levers. That bulk is worse is nowhere in the code.


@pytest.mark.parametrize("levers", ["bulk_letter", "case_by_case"])
def test_bulk_and_case_by_case_differ_only_by_levers(levers):
    bulk, single = (with_levers_of(levers, name, choose=MANY) for name in ("bulk_letter", "case_by_case"))
    assert len(bulk) == 3000
    assert np.array_equal(bulk, single)


def test_bulk_and_case_by_case_choose_the_same_people():
    assert told_people(plan("bulk_letter")) == told_people(plan("case_by_case"))


def test_case_by_case_takes_the_worst_first():
    table = plan("case_by_case", choose=Choice(calls_at_least=30.0, limit=20), per_day=1.0)
    calls = firm().people["calls"][table["person"]]
    assert len(calls) == 20
    assert (np.diff(calls) <= 0.0).all()
    assert table["day_told"].tolist() == list(range(20))


@pytest.mark.parametrize(("channel", "chance"), [("letter", "agree_by_letter"), ("personal", "agree_in_person")])
def test_few_agree_unasked_and_seekers_never(channel, chance):
    table = plan("bulk_letter", choose=MANY, channel=channel)
    may = ~seekers()[table["person"]]
    p = getattr(SCORES, chance)
    assert abs(table["agreed"].sum() - p * may.sum()) < 4.0 * math.sqrt(p * may.sum())
    assert not table["agreed"][~may].any()
    assert (~may).any()


def test_who_agrees_to_a_letter_agrees_in_person():
    letter, talk = (plan("bulk_letter", choose=MANY, channel=way) for way in ("email", "personal"))
    agreed = [told_people(table[table["agreed"]]) for table in (letter, talk)]
    assert agreed[0] < agreed[1]


# The paid exit.


@pytest.mark.parametrize(("payment", "waived"), [(200.0, 0.0), (100.0, 150.0), (0.0, 0.0), (1e6, 0.0)])
def test_who_takes_the_offer_is_who_gains_by_it(payment, waived):
    table = plan("paid_exit", choose=MANY, payment=payment, fee_waived=waived)
    takes = reservation(table["person"]) <= payment + waived
    assert set(table["action"].tolist()) == {OFFER}
    assert np.array_equal(table["agreed"], takes)
    assert np.array_equal(table["notice"] >= 0, takes), "only who takes it goes"
    assert np.array_equal(table["hazard_multiplier"], np.where(takes, 1.0, SCORES.action_hazard["offer"]))
    assert takes.any() == (payment + waived > 0.0)
    assert takes.all() == (payment >= 1e6)


@pytest.mark.parametrize("factor", [1.0, 1.6, 2.2])
def test_who_refuses_an_offer_has_been_made_to_think_of_leaving(factor):
    scores = replace(SCORES, action_hazard={**SCORES.action_hazard, "offer": factor})
    table = plan("paid_exit", choose=MANY, scores=scores)
    agreed = table["agreed"]
    assert 100 < agreed.sum() < len(table) - 100
    assert set(table["hazard_multiplier"][~agreed].tolist()) == {factor}
    assert set(table["hazard_multiplier"][agreed].tolist()) == {1.0}


def test_credit_seekers_mostly_refuse():
    heavy = firm().people["calls"] >= 10.0
    table = plan("paid_exit", choose=all_of(heavy), payment=400.0)
    seeks = seekers()[table["person"]]
    assert min(seeks.sum(), (~seeks).sum()) > 100
    assert table["agreed"][seeks].mean() < 0.25
    assert table["agreed"][~seeks].mean() > 0.5


def test_a_larger_offer_is_taken_by_more_and_by_the_same():
    takers = [told_people(t[t["agreed"]]) for t in (plan("paid_exit", choose=MANY, payment=p) for p in (200.0, 300.0))]
    assert 0 < len(takers[0]) < len(takers[1])
    assert takers[0] < takers[1]


def test_the_second_round_dismisses_who_refused():
    once = plan("paid_exit", choose=MANY)
    twice = plan("paid_exit", choose=MANY, second_round_after=45, fee_waived=0.0, balance_waived=10.0)
    first, second = twice[twice["turn"] == 0], twice[twice["turn"] == 1]
    assert told_people(first[~first["agreed"]]) == told_people(second)
    assert np.array_equal(first["day_told"], once["day_told"])
    assert set(second["action"].tolist()) == {DISMISS}
    assert not second["agreed"].any()
    assert (second["notice"] >= 0).all()
    assert set(second["given"].tolist()) == {10.0}, "the payment was for who took the offer"
    told = dict(zip(first["person"].tolist(), first["day_told"].tolist(), strict=True))
    assert all(day == told[who] + 45 for who, day in second[["person", "day_told"]].tolist())


def test_there_is_no_second_round_if_all_agree():
    table = plan("paid_exit", payment=1e6, second_round_after=45)
    assert table["agreed"].all()
    assert set(table["turn"].tolist()) == {0}
    assert customers(firm().people)[table["person"]].all()


# A higher price.


@pytest.mark.parametrize("rise", [0.0, 0.25, 0.6])
def test_who_stays_pays_the_rise_on_their_revenue(rise):
    table = plan("reprice", choose=MANY, price_rise=rise)
    people = firm().people
    cost = np.array([segment.account_cost for segment in SEGMENTS])[people["segment"][table["person"]]]
    assert np.allclose(table["profit_change"], rise * (people["margin"][table["person"]] + cost), rtol=1e-6)
    assert set(table["action"].tolist()) == {REPRICE}
    assert set(table["notice"].tolist()) == {-1}
    assert set(table["hazard_multiplier"].tolist()) == {1.0 + SCORES.price_sensitivity * rise}


def paid(who: np.ndarray) -> np.ndarray:
    cost = np.array([segment.account_cost for segment in SEGMENTS])[firm().people["segment"][who]]
    return firm().people["margin"][who].astype(float) + cost


@pytest.mark.parametrize("rise", [0.61, 1.0, 3.0, 10.0])
def test_beyond_what_has_been_seen_whoever_loses_more_by_staying_leaves(rise):
    table = plan("reprice", choose=MANY, price_rise=rise)
    who = table["person"]
    too_dear = SCORES.price_months * (rise - SCORES.price_seen) * paid(who) > reservation(who).astype(float)
    usual = 1.0 + SCORES.price_sensitivity * rise
    assert np.allclose(table["hazard_multiplier"], np.where(too_dear, 1000.0, usual), rtol=1e-12)
    assert too_dear.any() == (rise > 0.7)
    assert too_dear.all() == (rise > 20.0)
    assert (table["hazard_multiplier"] >= usual).all(), "never less than the line through what has been seen"


def test_up_to_what_has_been_seen_the_bound_is_not_there():
    """And a firm that has seen more says so: then the line goes on."""
    seen = plan("reprice", choose=MANY, price_rise=0.6)
    assert set(seen["hazard_multiplier"].tolist()) == {1.0 + SCORES.price_sensitivity * 0.6}
    more = plan("reprice", choose=MANY, price_rise=3.0, scores=replace(SCORES, price_seen=3.0))
    assert set(more["hazard_multiplier"].tolist()) == {1.0 + SCORES.price_sensitivity * 3.0}


def test_no_price_beyond_what_has_been_seen_is_worth_more_the_higher_it_is():
    """What the chosen are expected to pay: a straight line would have it grow without end."""

    def worth(rise: float) -> float:
        table = plan("reprice", choose=Choice(), price_rise=rise)
        churn = np.minimum(1.0, firm().people["churn"][table["person"]] * table["hazard_multiplier"])
        return float((table["profit_change"] * (1.0 - churn) ** 12).sum())

    assert worth(0.3) < worth(0.6)
    assert worth(0.6) > worth(1.0) > worth(3.0)


def test_who_would_rather_go_without_brings_nothing_at_the_last_resort():
    usual = plan("transfer", choose=MANY, last_resort=True)
    dear = replace(SCORES, last_resort=replace(SCORES.last_resort, price=20.0))
    table = plan("transfer", choose=MANY, last_resort=True, scores=dear)
    goes, who = table["notice"] >= 0, table["person"]
    gives_up = 12.0 * 17.0 * paid(who) > reservation(who).astype(float)
    assert 0 < gives_up[goes].sum() < goes.sum()
    assert not table["given"][goes & gives_up].any()
    assert table["given"][goes & ~gives_up].all()
    assert usual["given"][usual["notice"] >= 0].all(), "at the price that the documents speak of nobody is taken to"


def test_a_price_for_all_is_for_all_whoever_is_chosen():
    everyone = set(np.flatnonzero(customers(firm().people)).tolist())
    assert told_people(plan("reprice", for_all=True)) == everyone
    assert told_people(plan("reprice", for_all=True, choose=Choice(limit=3))) == everyone
    assert len(plan("reprice", choose=Choice(limit=3))) == 3


def test_some_find_a_higher_price_fair_but_never_a_seeker():
    table = plan("reprice", choose=MANY)
    may = ~seekers()[table["person"]]
    p = SCORES.action_agree["reprice"]
    assert abs(table["agreed"].sum() - p * may.sum()) < 4.0 * math.sqrt(p * (1.0 - p) * may.sum())
    assert not table["agreed"][~may].any()
