"""What is learned from what was seen, where the exact answer is known; and that nothing is learned from nothing."""

import math
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import truncnorm

from wom_sim.scenario.sections.seen import Seen
from wom_sim.study import posterior
from wom_sim.study.fit import Fit

WORLDS = 1500


@pytest.fixture(scope="module")
def worlds():
    luck = np.random.default_rng(5)
    drawn = {"signal": luck.uniform(0.0, 1.0, WORLDS), "noise": luck.uniform(0.0, 1.0, WORLDS)}
    drawn["never"] = np.where(luck.uniform(size=WORLDS) < 0.25, 0.0, luck.uniform(0.0, 2.0, WORLDS))
    return pd.DataFrame(drawn)


def fitted(worlds, value, error=5.0, of="signal"):
    """Learn from a count that is 100 x a number, seen with an error."""
    seen = [Seen(what="posts", value=value, error=error)]
    runs = pd.DataFrame({"seen posts": 100.0 * worlds[of]})
    known = posterior.Known.of(worlds, list(worlds), 1)
    evidence = posterior.evidence_of(seen, runs, 90, 1)
    return known, posterior.foretell(known, evidence, 1, trees=150)


@pytest.mark.science
@pytest.mark.parametrize("value", [15.0, 50.0, 88.0])
def test_a_number_with_an_exact_answer_is_found(worlds, value):
    """Uniform before, normal error: afterwards a normal distribution, cut off at 0 and 1."""
    known, found = fitted(worlds, value)
    draws = posterior.draws_of(known, found, 1)["signal"]
    middle, spread = value / 100.0, 0.05
    exact = truncnorm(-middle / spread, (1.0 - middle) / spread, middle, spread)
    assert abs(draws.mean() - exact.mean()) < 0.4 * spread
    assert 0.8 < draws.std() / exact.std() < 1.45  # near, not equal: the worlds that are kept lie around it
    assert known.keys[found.learned[0]] == "signal" and len(found.learned) == 1


@pytest.mark.science
def test_more_error_teaches_less(worlds):
    widths = []
    for error in (3.0, 10.0, 30.0):
        known, found = fitted(worlds, 50.0, error)
        widths.append(posterior.draws_of(known, found, 1)["signal"].std())
    assert widths == sorted(widths)


def test_what_has_nothing_to_do_with_it_teaches_nothing(worlds):
    apart = worlds.assign(other=np.random.default_rng(9).uniform(size=WORLDS))
    seen, runs = [Seen(what="posts", value=50.0, error=5.0)], pd.DataFrame({"seen posts": 100.0 * apart["other"]})
    known = posterior.Known.of(worlds, list(worlds), 1)
    found = posterior.foretell(known, posterior.evidence_of(seen, runs, 90, 1), 1, trees=150)
    assert len(found.learned) == 0
    draws = posterior.draws_of(known, found, 1)
    assert len(draws.columns) == 0 and len(draws) == posterior.DRAWS
    assert posterior.calibration(known, found, 50, 1).empty


@pytest.mark.science
def test_worlds_that_play_the_firm_find_their_own_numbers(worlds):
    known, found = fitted(worlds, 50.0, of="never")
    places = posterior.calibration(known, found, 400, 1)
    assert set(places["key"]) == {"never"}
    inside = places["place"].between(0.05, 0.95).mean()
    assert abs(inside - 0.9) < 4.0 * math.sqrt(0.9 * 0.1 / 400) + 0.02
    tenths = np.histogram(places["place"], 10, (0.0, 1.0))[0]
    assert tenths.max() < 2.0 * 40


def test_values_that_are_often_the_same_stay_values_of_their_own(worlds):
    known = posterior.Known.of(worlds, list(worlds), 1)
    column = known.keys.index("never")
    back = known.back(np.linspace(-3.0, 3.0, 501)[:, None], [column])[:, 0]
    assert set(back) <= set(worlds["never"]) and abs((back == 0.0).mean() - 0.39) < 0.06
    assert (np.diff(back) >= 0.0).all()


@pytest.mark.parametrize(
    ("what", "values", "error", "same"),
    [
        ("national", [0.0, 1.0] * 500, 0.0, True),
        ("posts", [5.0] * 1000, 0.0, True),
        ("first_post_day", [3.0, math.nan] * 500, 0.0, True),
        ("national", [0.0, 1.0] * 500, 0.25, False),
        ("posts", [5.0] * 1000, 2.0, False),
    ],
)
def test_errors_are_made_as_they_were_in_truth(what, values, error, same):
    values = np.array(values)
    seen = Seen(what=what, value=1.0, error=error)
    wrong = posterior.with_error(seen, values, 3)
    if same:
        np.testing.assert_array_equal(wrong, values)
    elif what == "national":
        assert abs((wrong != values).mean() - error) < 0.06
    else:
        assert abs(wrong.std() - 2.0) < 0.3 and wrong.min() >= 0.0


def test_who_counts_all_departures_counts_the_usual_ones_which_vary():
    seen = Seen(what="left", value=100.0, error=0.0)
    wrong = posterior.with_error(seen, np.full(2000, 100.0), 3)
    assert abs(wrong.std() - 10.0) < 0.6


def test_a_day_that_never_came_is_evidence_too():
    days = np.array([3.0, math.nan, 8.0])
    seen = [Seen(what="national_day", value=None)]
    found = posterior.evidence_of(seen, pd.DataFrame({"seen national_day": days}), 90, 1)
    np.testing.assert_array_equal(found.shown[:, 0], [1.0, 0.0, 1.0])
    np.testing.assert_allclose(found.shown[:, 1], np.log1p([3.0, 90.0, 8.0]))
    np.testing.assert_allclose(found.seen, [0.0, math.log1p(90.0)])


def test_of_what_came_or_did_not_the_share_of_worlds_that_say_yes_is_kept():
    scenario = SimpleNamespace(
        seen=(Seen(what="national", value=0.0), Seen(what="posts", value=3.0)),
        run=SimpleNamespace(days=60, seed=1),
    )
    runs = pd.DataFrame({"seen national": [1.0] * 30 + [0.0] * 70, "seen posts": np.arange(100.0)})
    check = Fit(scenario, None, runs).check(runs.iloc[20:])
    assert check["before_yes"].iloc[0] == pytest.approx(0.3) and check["yes"].iloc[0] == pytest.approx(0.125)
    assert check[["before_yes", "yes"]].iloc[1].isna().all()
    assert "yes" not in Fit(scenario, None, runs).check(None)
