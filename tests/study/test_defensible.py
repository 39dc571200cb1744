"""A search never recommends to blame the customer by luck: of equals the wording easiest to defend is named."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from wom_sim import load_scenario
from wom_sim.outcomes.indicators import INDICATORS
from wom_sim.study.defensible import (
    BLAMES,
    first_of_the_same,
    hard_to_defend,
    most_wordings,
    other_wordings,
    preferred,
    wording,
)
from wom_sim.study.levers import Candidate, Space, space_of
from wom_sim.study.recommend import recommend
from wom_sim.study.recommend_folder import Folder
from wom_sim.study.recommend_words import sentences
from wom_sim.study.standings import Question, Standing

FILE = Path(__file__).parents[2] / "scenarios" / "first_look.toml"
SMALL = ["population.customers=3000", "population.prospects=300", "run.days=60", "choose.limit=20"]
FRAMINGS = (BLAMES, "neutral", "blames_firm", "thanks_and_explains")
SPACE = Space({"bulk letter": {"framing": FRAMINGS}, "case by case": {"framing": FRAMINGS}, "paid exit": {}})
RUNS = 40


@pytest.fixture(scope="module")
def scenario():
    return load_scenario(FILE, SMALL)


def letter(framing, base="bulk letter"):
    return Candidate(base, (("framing", framing),))


def stands(candidate, mean, noise=0.0, feasible=True, seed=1):
    """A candidate whose net value is about ``mean`` in every run, give or take ``noise``."""
    net = mean + noise * np.random.default_rng(seed).standard_normal(RUNS)
    runs = pd.DataFrame({i.name: np.zeros(RUNS) for i in INDICATORS} | {"net_value": net})
    runs = runs.assign(policy=candidate.key, replication=range(RUNS))
    return Standing(candidate, runs, float(net.mean()), {}, 0.0 if feasible else 1.0)


def chosen(leader, *others, scenario, space=SPACE):
    return preferred(leader, [*others, leader], space, scenario).candidate


def test_the_order_is_no_blame_then_decency(scenario):
    order = sorted(FRAMINGS, key=lambda framing: hard_to_defend(framing, scenario))
    assert order[0] == "thanks_and_explains" and order[-1] == BLAMES


def test_blame_is_last_however_decent_a_scenario_calls_it():
    odd = load_scenario(FILE, [*SMALL, "behaviour.fairness.framing.blames_customer=1"])
    assert max(FRAMINGS, key=lambda framing: hard_to_defend(framing, odd)) == BLAMES


def test_the_wording_is_that_which_is_set_or_the_policys_own(scenario):
    assert wording(letter("neutral"), scenario) == "neutral"
    assert wording(Candidate("bulk letter"), scenario) == BLAMES
    assert wording(Candidate("keep"), scenario) == ""


@pytest.mark.parametrize("framing", FRAMINGS[1:])
def test_of_two_that_are_not_told_apart_the_one_without_blame_is_named(framing, scenario):
    leader, other = stands(letter(BLAMES), 1000.0, 900.0), stands(letter(framing), 950.0, 900.0, seed=2)
    assert chosen(leader, other, scenario=scenario) == letter(framing)


def test_a_lead_that_is_sure_but_too_small_to_matter_does_not_count(scenario):
    leader = stands(letter(BLAMES), 1000.0)
    near, far = 1000.0 * (1.0 - 0.5 * scenario.verdict.material), 1000.0 * (1.0 - 1.5 * scenario.verdict.material)
    assert scenario.verdict.material > 0.0
    assert chosen(leader, stands(letter("neutral"), near), scenario=scenario) == letter("neutral")
    assert chosen(leader, stands(letter("neutral"), far), scenario=scenario) == letter(BLAMES), "materially better"


def test_the_most_defensible_of_several_equals_and_of_these_the_best(scenario):
    leader = stands(letter(BLAMES), 1000.0)
    several = [stands(letter("neutral"), 999.0), stands(letter("thanks_and_explains"), 998.0)]
    assert chosen(leader, *several, scenario=scenario) == letter("thanks_and_explains")
    twice = [stands(Candidate("bulk letter", (("framing", "neutral"), ("payment", n))), 990.0 + n) for n in (1.0, 5.0)]
    assert dict(chosen(leader, *twice, scenario=scenario).levers)["payment"] == 5.0


def test_another_policy_only_where_all_of_this_one_blame(scenario):
    leader, other = stands(letter(BLAMES), 1000.0), stands(letter("thanks_and_explains", "case by case"), 999.0)
    assert chosen(leader, stands(letter("neutral"), 995.0), other, scenario=scenario) == letter("neutral")
    assert chosen(leader, stands(letter("neutral"), 10.0), other, scenario=scenario) == other.candidate


def test_none_beyond_the_budget(scenario):
    leader, other = stands(letter(BLAMES), 1000.0), stands(letter("neutral"), 999.0, feasible=False)
    assert chosen(leader, other, scenario=scenario) == letter(BLAMES)


def test_a_wording_that_is_given_and_not_searched_stays(scenario):
    space = Space({"bulk letter": {"payment": (0.0, 100.0)}})
    leader, keep = stands(Candidate("bulk letter"), 10.0, 100.0), stands(Candidate("keep"), 0.0)
    assert chosen(leader, keep, scenario=scenario, space=space) == leader.candidate


def test_of_candidates_that_never_differ_the_most_defensible_stands_for_all(scenario):
    group = [stands(letter(framing), 5.0) for framing in FRAMINGS]
    assert first_of_the_same(group, scenario)[0].candidate == letter("thanks_and_explains")


def test_other_wordings_are_the_same_candidate_in_those_that_are_more_defensible(scenario):
    candidate = Candidate("bulk letter", (("per_day", 4.0), ("framing", "neutral")))
    others = other_wordings(candidate, SPACE, scenario)
    assert dict(others[0].levers)["framing"] == "thanks_and_explains"
    assert all(dict(c.levers)["per_day"] == 4.0 and dict(c.levers)["framing"] != BLAMES for c in others)
    assert other_wordings(letter("thanks_and_explains"), SPACE, scenario) == []
    assert other_wordings(Candidate("paid exit"), SPACE, scenario) == []
    assert (most_wordings(SPACE), most_wordings(Space({"paid exit": {}}))) == (3, 0)


def test_a_search_that_tried_blame_alone_runs_the_others_and_says_what_gave_way(scenario):
    asked = load_scenario(FILE, [*SMALL, 'search.policies=["bulk letter"]', f"search.framing={list(FRAMINGS)}"])
    question = Question(asked, space_of(asked), replications=2, fresh=12, finalists=1, grid=True)
    found = recommend(question, Folder(None), 1, lambda *_: None)
    best = found.frontier.iloc[0]
    assert best["best"] and found.best == best["candidate"]
    leader = found.frontier[found.frontier["candidate"] == best["instead_of"]]
    if "blames customer" in best["levers"]:
        others = found.frontier[found.frontier["levers"].str.contains("thanks|neutral|blames firm")]
        assert others["told_apart"].all() and len(others) == 3
    elif len(leader):
        assert leader["expected_net_value"].iloc[0] >= best["expected_net_value"]
        assert any("easiest to defend" in said for said in sentences(found))
    assert [row["policy"] for _, row in found.frontier.iterrows() if row["best"]] == [best["policy"]]
