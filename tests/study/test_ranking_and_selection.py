"""Ranking and selection: who is picked, how runs are shared out, that the promise is kept; and in a recommendation."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from test_recommend import FILE, SMALL, answer, question

from wom_sim.cli import main
from wom_sim.study.ranking_and_selection import Promise, constant, select
from wom_sim.study.recommend_folder import result
from wom_sim.study.recommend_words import words


def observer(means, spread=3.0, seed=1, common=0.0):
    """Runs with known means; ``calls`` keeps who was run, and when."""
    draws, calls = np.random.default_rng(seed), []

    def observe(left, step):
        calls.append((list(left), step))
        luck = draws.normal(0.0, spread, (len(means), len(step))) + common * draws.normal(0.0, 1.0, len(step))
        return (np.asarray(means, float)[:, None] + luck)[list(left)]

    return observe, calls


def test_the_constant_is_that_of_the_paper():
    # Kim & Nelson 2001: eta = ((2 alpha / (k - 1)) ** (-2 / (n0 - 1)) - 1) / 2, h squared = 2 eta (n0 - 1).
    eta = 0.5 * ((2.0 * 0.05 / 9.0) ** (-2.0 / 19.0) - 1.0)
    assert constant(10, 20, 0.95) == pytest.approx(2.0 * eta * 19.0)
    assert constant(1, 20, 0.95) == 0.0


def test_runs_go_to_whoever_may_still_be_the_best():
    observe, calls = observer([0.0, -0.5, -20.0, -30.0])
    found = select(4, observe, Promise(0.95, 0.5), 20, 100_000)
    assert found.best == 0 and found.kept and found.order[0] == 0
    assert found.runs[2] == found.runs[3] == 20 < found.runs[0]
    assert set(found.order) == {0, 1, 2, 3} and set(found.order[2:]) == {2, 3}
    steps = [step for _, step in calls]
    assert [step.start for step in steps[1:]] == [step.stop for step in steps[:-1]], (
        "each replication is asked for once"
    )


def test_common_luck_costs_nothing():
    apart, _ = observer([0.0, -1.0], spread=1.0)
    together, _ = observer([0.0, -1.0], spread=1.0, common=50.0)
    assert (
        select(2, together, Promise(0.95, 1.0), 20, 10_000).runs
        == select(2, apart, Promise(0.95, 1.0), 20, 10_000).runs
        or select(2, together, Promise(0.95, 1.0), 20, 10_000).kept
    )


def test_where_runs_end_first_nothing_is_promised():
    observe, _ = observer([0.0, -0.01], spread=30.0)
    found = select(2, observe, Promise(0.95, 0.01), 20, 50)
    assert not found.kept and max(found.runs) == 50


def test_equal_candidates_end_when_the_bounds_close():
    observe, _ = observer([0.0, 0.0])
    found = select(2, observe, Promise(0.9, 1.0), 20, 100_000)
    assert found.kept and max(found.runs) < 1_000


@pytest.mark.science
def test_the_best_is_picked_at_least_as_often_as_promised():
    """500 tries of the hardest case: nine rivals, all behind by just the indifference; within chance of 80 %."""
    right = 0
    for number in range(500):
        means = np.full(10, -1.0)
        means[number % 10] = 0.0
        observe, _ = observer(means, seed=number)
        right += select(10, observe, Promise(0.8, 1.0), 10, 100_000).best == number % 10
    assert right / 500 >= 0.8 - 2.0 * math.sqrt(0.8 * 0.2 / 500)
    assert right / 500 >= 0.85, "measured .93: Bonferroni is careful"


@pytest.mark.parametrize(
    ("given", "said"), [((1.0, 1.0), "probability: given 1"), ((0.9, 0.0), "indifference: given 0")]
)
def test_a_promise_that_nobody_can_keep_is_refused(given, said):
    with pytest.raises(ValueError, match=said):
        Promise(*given)


# -- in a recommendation -------------------------------------------------------------------------------------


@pytest.mark.science
def test_a_recommendation_says_with_which_probability_it_was_picked():
    asked = question(promise=Promise(0.9, 2_000.0), trials=100)
    found = answer(asked)
    assert found.selected is not None and found.selected.kept
    assert found.selected.runs <= found.selected.equal_runs
    assert "so that the best is found in 90 % of cases, if it leads by $2,000 or more" in words(found)
    noted = json.loads(json.dumps(result(found)))
    assert noted["probability"] == 0.9 and noted["selected"]["candidates"] == found.selected.candidates
    again = answer(asked)
    assert again.best == found.best and again.frontier.equals(found.frontier)


@pytest.mark.science
def test_runs_go_on_until_the_interval_is_no_wider():
    found = answer(question(width=1e9, trials=8))
    assert found.question.fresh == 30
    narrow = answer(question(width=1e3, trials=8, fresh=30))
    best = narrow.frontier.iloc[0]
    assert narrow.question.fresh > 30
    assert narrow.question.fresh >= 4_000 or best["high"] - best["low"] < 1.5e3


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--probability", "0.95"], "--probability and --indifference go together"),
        (["--probability", "2", "--indifference", "5"], "--probability: given 2, allowed: more than 0 and less than 1"),
        (["--width", "-1"], "--width: given -1, allowed: more than 0"),
    ],
)
def test_options_that_mean_nothing_are_refused(options, said, capsys):
    sets = [part for each in SMALL for part in ("--set", each)]
    with pytest.raises(SystemExit) as ended:
        main(["recommend", str(FILE), *sets, *options])
    assert ended.value.code == 4
    assert said in capsys.readouterr().err
