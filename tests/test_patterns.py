"""The defaults show the patterns they were calibrated to (docs/DESIGN.md); fixed seeds, so results are fixed."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "experiments" / "calibration"))

import pattern_contagion as contagion  # noqa: E402
import pattern_exit as paid  # noqa: E402
import pattern_harm as harm  # noqa: E402
import pattern_money as money  # noqa: E402
import pattern_price as price  # noqa: E402
import pattern_scandal as scandal  # noqa: E402
import pattern_talk as talk  # noqa: E402
from pattern_runs import HOLDS, MISSED, judged  # noqa: E402

from wom_sim.simulation import Result  # noqa: E402

pytestmark = pytest.mark.science

SMALLER = ["population.customers=100000"]


@cache
def letters(number: int) -> list[Result]:
    """Return forty runs of dismissing so many by letter; shared by tests."""
    return talk.letters(number, 40, [])


def test_1_someone_dismissed_by_letter_who_talks_tells_9_to_16_people():
    told = talk.told_by_victims(talk.letters(1000, 1, [], events=True)[0])
    assert len(told) > 200
    assert 9.0 <= np.mean(told) <= 16.0


@pytest.mark.parametrize(("number", "words", "least", "most"), talk.COVERAGE)
def test_2_chance_of_national_coverage(number: int, words: str, least: float, most: float):
    assert least <= talk.covered(letters(number)).mean() <= most


def test_3_one_by_one_over_a_year_is_hardly_news():
    found = talk.one_by_one(10, [])
    assert talk.small_pickups(found).mean() <= 2.0
    assert talk.covered(found).mean() < 0.5


def test_4_first_posts_come_within_the_week_and_the_national_press_in_the_next():
    assert 2.0 <= np.median(talk.first_posts(letters(1000))) <= 6.0
    days = talk.press_days(letters(1000))
    assert 5.0 <= np.median(days[days < talk.LATE]) <= 14.0
    assert (days >= talk.LATE).mean() < 0.25, "a quarter of stories, and fewer of those that many were told"


def test_5_private_talk_reaches_few_and_coverage_many():
    private, public = talk.reach_rows(3, [])
    assert private.verdict == public.verdict == HOLDS
    assert public.value > 100.0 * private.value


def test_6_the_harm_of_a_bulk_letter_cannot_be_seen_in_churn_and_grows_with_what_hearing_does():
    found = harm.harm(6, [])
    assert (np.abs(found.churn_change) < 0.1).all()
    assert (found.lost < 0.001 * 53e6).all()
    assert harm.harm(6, ["behaviour.leaving.beta=2"]).lost.mean() > 2.0 * found.lost.mean()


def test_7_a_naive_study_takes_likeness_for_contagion():
    with_it, without = contagion.studies(1, SMALLER)[0], contagion.studies(1, [*SMALLER, "behaviour.leaving.chi=0"])[0]
    assert 1.6 <= with_it.strong <= 2.0
    assert 1.2 <= without.strong < with_it.strong - 0.15, "likeness alone, where nothing is contagious"
    # Standard error of a study of 100,000: about 0.02 for the ratio, 0.03 for chi.
    assert with_it.conditioned == pytest.approx(with_it.put_in, abs=0.08)
    assert without.conditioned == pytest.approx(1.0, abs=0.08)
    assert with_it.chi == pytest.approx(0.4, abs=0.12)
    assert without.chi == pytest.approx(0.0, abs=0.12)


def test_7_exposure_is_counted_as_a_slow_one_does():
    scenario, world = contagion.market(["population.customers=600", "run.days=120"])
    day = contagion.departures(scenario, world, 0)
    day[::3] = np.arange(200) % 120  # more departures than two per cent a month
    study = contagion.observe(scenario, world, day)
    leaving = scenario.behaviour.leaving
    weights = [getattr(leaving.departure_weight, name) for name in ("household", "close", "acquaintance")]
    for who in range(600):
        ties = list(zip(world.network.neighbours(who).tolist(), world.network.classes(who).tolist(), strict=True))
        for month in range(4):
            bill = 30 * month + int(world.people["bill_day"][who])
            ages = [(bill - int(day[other]), kind) for other, kind in ties if day[other] < 120]
            units = sum(int(256 * weights[c] * 2.0 ** (-(a - 1) / 20.0) + 0.5) for a, c in ages if 1 <= a <= 35)
            assert study.exposed[month, who] == sum(1 <= a <= 30 for a, _ in ages)
            assert study.exposed_strong[month, who] == sum(1 <= a <= 30 and c < 2 for a, c in ages)
            assert study.units[month, who] == units
            assert study.at_risk[month, who] == (day[who] >= bill)
            assert study.leaves[month, who] == (day[who] == bill)
    assert study.exposed.max() >= 3


@pytest.mark.xfail(strict=True, reason="2.7 % since harm fades in 14 days: price_sensitivity is to be settled anew")
def test_8_a_price_rise_of_60_per_cent_loses_about_3_per_cent_in_a_quarter():
    values = price.lost(2, [])
    assert price.TARGET[1] <= values.mean() <= price.TARGET[2]
    assert (price.lost(1, [*SMALLER, "behaviour.leaving.price_sensitivity=0"]) < 1.5).all(), "talk alone does not do it"


def test_9_who_takes_an_offer_is_quiet_and_credit_seekers_refuse():
    quiet, _, *accepted = paid.exit_rows(10, [])
    assert [row.verdict for row in (quiet, *accepted)] == [HOLDS] * 3


@pytest.mark.xfail(strict=True, reason="the luck of taste is wide: an offer is news in a fifth of runs")
def test_9_an_offer_is_hardly_news():
    assert paid.exit_rows(25, [])[1].verdict == HOLDS


@cache
def firm() -> money.Firm:
    return money.firm([])


def test_10_a_third_to_two_thirds_of_the_excess_of_the_worst_tenth_is_left_a_year_later():
    assert 0.30 <= money.excess_left(firm(), 0.1)[0] <= 0.62


def test_10_the_more_extreme_the_more_persistent():
    tenth, hundredth, thousandth = (money.excess_left(firm(), share) for share in (0.1, 0.01, 0.001))
    assert tenth[2] < hundredth[1] < hundredth[2] < thousandth[1], "more than chance makes"


def test_10_of_their_losses_on_avoidable_cost_as_much_is_left():
    found = firm()
    value, low, high = money.losses_left(found, 0.1)
    assert 0.30 <= low < high <= 0.62
    who = np.argsort(found.cost)[-round(0.1 * len(found.cost)) :]
    now, later = (x[who] for x in (found.brings, found.brings_later))
    assert value == pytest.approx(later[later < 0].sum() / now[now < 0].sum(), rel=1e-3), "a second way"
    assert now.sum() > 0.0, "as a whole they are no loss, so that nothing can be said of a net one"


@pytest.mark.xfail(strict=True, reason="revenue below the cost of the account does not settle, and is half of the loss")
def test_10_of_the_net_loss_by_the_books_as_much_is_left():
    assert 0.30 <= money.loss_left(firm(), 0.1)[0] <= 0.62


def test_10_what_is_left_of_the_loss_by_the_books_is_revenue_below_the_cost_of_the_account():
    """Why that pattern is missed: of those whose revenue covers their account, it holds."""
    found = firm()
    paying = found.booked + found.cost >= 0.0
    theirs = money.Firm(*(column[paying] for column in found))
    assert 0.30 <= money.loss_left(theirs, 0.01)[0] <= 0.62
    worst = money.worst(found.booked, 0.1)
    assert (found.booked + found.cost)[worst].sum() < 0.5 * found.booked[worst].sum() < 0.0


def test_10_without_settling_all_of_it_is_left():
    still = "money.settling.calls={chronic_share=1.0,chronic_fades=0.0,passing_fades=0.0}"
    found = money.firm([still, "population.customers=20000"])
    assert money.excess_left(found, 0.1)[0] == money.loss_left(found, 0.1)[0] == money.losses_left(found, 0.1)[0] == 1.0


def test_11_few_lose_money_on_what_goes_with_them_and_many_by_the_books():
    assert 0.03 <= (firm().brings < 0.0).mean() <= 0.25
    assert 0.35 <= (firm().booked < 0.0).mean() <= 0.60


def test_11_the_worst_fifth_costs_a_part_of_the_profit():
    assert 0.10 <= money.cost_of_worst_fifth(firm()) <= 0.80


def test_13_a_scandal_moves_the_churn_of_who_hears_a_little_and_their_joining_more():
    churn, joins = scandal.scandal_rows(12, [])
    assert churn.verdict == HOLDS
    assert churn.value > 1.0 > joins.value
    none, _ = scandal.scandal_rows(12, ["behaviour.leaving.beta=0", "behaviour.leaving.chi=0"])
    assert none.value <= churn.value


def test_a_miss_is_called_a_miss():
    target = ("1 to 2", 1.0, 2.0)
    assert judged("x", target, (1.5, 0.0, 3.0), "").verdict == HOLDS
    assert judged("x", target, (2.1, 1.9, 2.3), "").verdict == MISSED
    assert judged("x", target, (float("nan"), 0.0, 0.0), "").verdict == MISSED
