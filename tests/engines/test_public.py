"""The public, in runs: an opinion leader who revises, fans who defend, rivals, calls until it is solved, appeals."""

from __future__ import annotations

import json
from functools import cache

import numpy as np
import pytest

from wom_sim.engines.compiled import Engine
from wom_sim.scenario import Scenario
from wom_sim.simulation import Result, build_world, policy_of, run_policy
from wom_sim.world import trace as tr

LEADER = {"name": "leader", "threshold": 0.0, "reach": 0.3, "half_life": 2.0, "lag": 1, "national": True}
NO_ADVOCATES = {"customers": 3000, "prospects": 500, "segments": [{"name": "all", "advocates": 0.0}]}
LETTER = {"name": "letter", "use": "bulk_letter", "channel": "email", "notice_days": 20}


@cache
def _result(told: str) -> Result:
    given = json.loads(told)
    case = {
        "name": "public", "population": {"customers": 3000, "prospects": 500}, "choose": {"limit": 60},
        "run": {"days": 120, "seed": 3}, "media": {"outlets": []}, "policies": [LETTER],
    }  # fmt: skip
    told_at_once = {"rule": "level", "report": {"median_days": 0.0, "found_late": 0.0}}
    media = told_at_once | given.get("media", case["media"])
    scenario = Scenario.model_validate_json(json.dumps(case | given | {"media": media}))
    world = build_world(scenario, workers=1)
    return run_policy(scenario, policy_of(scenario, scenario.policies[0].name), world, Engine(world), 0, events=True)


def result(**given: object) -> Result:
    """Return the run of the first policy of a small case, with some tables replaced."""
    return _result(json.dumps(given))


def events(found: Result, event: int) -> np.ndarray:
    log = found.trace.events()
    return log[log["event"] == event]


def test_a_leader_who_revises_is_heard_again():
    steady = result(media={"outlets": [LEADER]}).daily["coverage"].to_numpy()
    revised = result(media={"outlets": [LEADER | {"revises_after": 9}]}).daily["coverage"].to_numpy()
    first = int(np.flatnonzero(steady)[0])
    assert np.array_equal(steady[: first + 9], revised[: first + 9])
    assert revised[first + 8] < 0.1 * revised[first] < revised[first + 9]
    assert abs(revised[first + 9] / revised[first] - 1.0) < 0.1


def test_readers_side_as_the_leader_does_until_the_leader_changes_sides():
    talking = {"p_retell": 1.0, "p_defend": 0.0, "p_defend_siding": 1.0}
    outlet = LEADER | {"sides": 1.0, "sides_after": 0.0, "revises_after": 9}
    found = result(population=NO_ADVOCATES, media={"outlets": [outlet]}, behaviour={"talking": talking})
    heard = events(found, tr.HEARD)
    readers = heard[heard["source"] >> tr.SOURCE_SHIFT == tr.BY_OUTLET]
    first = int(readers["day"].min())
    early = set(readers["person"][readers["day"] < first + 9].tolist())
    late = set(readers["person"][readers["day"] >= first + 9].tolist())
    defended = set(events(found, tr.DEFENDS)["person"].tolist())
    assert len(early) > 500
    assert len(late) > 50
    assert early <= defended
    assert not late & defended


def test_a_mild_tone_does_less_harm():
    doses = {
        tone: result(media={"outlets": [LEADER | {"tone": tone}]}, behaviour={"talking": {"p_retell": 0.0}})
        .daily["harm_dose"].sum()
        for tone in (0.2, 1.0)
    }  # fmt: skip
    assert doses[0.2] < 0.6 * doses[1.0]


FANS = {
    "name": "fans", "use": "guarantee", "for_all": True, "channel": "email",
    "then": {"use": "bulk_letter", "after_days": 20, "channel": "email", "choose": {"limit": 60}},
}  # fmt: skip


def test_who_has_a_guarantee_defends_the_firm_when_a_bad_story_comes():
    talking = {"p_defend": 1.0, "p_defend_siding": 0.0}
    given = {"population": NO_ADVOCATES, "behaviour": {"talking": talking}}
    alone, buffered = result(**given), result(**given, policies=[FANS])
    assert alone.indicators["defenders"] == 0.0
    letters = (buffered.treatments["turn"] == 1) & (buffered.trace.told >= 0)
    assert 50 < letters.sum() <= 60, "some have left before"
    told = set(buffered.treatments["person"].tolist())
    dismissed = set(buffered.treatments["person"][letters].tolist())
    defends = events(buffered, tr.DEFENDS)
    after = set(defends["person"][defends["day"] > 20].tolist())
    assert len(after) > 30
    assert after <= told - dismissed, "only who has the guarantee and was not dismissed"
    assert buffered.daily["praise_dose"].sum() > alone.daily["praise_dose"].sum()


def test_prospects_who_first_heard_praise_pass_the_bad_story_on_as_well():
    talking = {"p_defend": 0.0, "p_defend_siding": 0.0, "p_retell": 1.0}
    found = result(behaviour={"talking": talking, "hearing": {"sides_with_firm": 0.0}}, policies=[FANS])
    heard, talks = events(found, tr.HEARD), events(found, tr.TALKS)
    knew_good = set(heard["person"][heard["day"] < 20].tolist())
    assert knew_good & set(talks["person"].tolist()), "nobody was struck: the test sees nothing"


def test_rivals_win_over_who_is_in_doubt():
    people = {"customers": 3000, "segments": [{"name": "all", "churn": 0.1, "commitment": 0.1}]}
    given = {
        "population": people, "media": {"outlets": [LEADER]},
        "behaviour": {"leaving": {"beta": 1.0}, "hearing": {"affected": 1.0, "sides_with_firm": 0.0}},
    }  # fmt: skip
    quiet = result(**given)
    courted = result(**given, rivals={"poach": 1.0, "poach_after": 10, "poach_days": 60})
    day = int(quiet.indicators["national_day"]) + 10
    lost = {name: found.daily["extra_profitable"].to_numpy() for name, found in (("no", quiet), ("yes", courted))}
    assert np.array_equal(lost["no"][:day], lost["yes"][:day])
    assert lost["yes"].sum() > lost["no"].sum() + 20


@pytest.mark.parametrize(("unsolved", "least", "most"), [(0.0, 1.0, 1.0), (0.5, 1.6, 2.3), (1.0, 7.0, 8.0)])
def test_a_matter_that_is_not_solved_brings_the_caller_back(unsolved, least, most):
    behaviour = {"talking": {"p_call": 0.0, "p_call_victim": 1.0}, "calling": {"unsolved": unsolved}}
    found = result(behaviour=behaviour, policies=[LETTER | {"notice_days": 60}])
    calls = events(found, tr.CALLS)["person"]
    assert least <= len(calls) / len(np.unique(calls)) <= most


def test_an_appeal_gives_back_the_service_of_those_chosen_by_mistake():
    wrong = {"choose": {"limit": 60, "error_rate": 0.5}}
    without, with_appeal = result(**wrong), result(**wrong, policies=[LETTER | {"appeal": True}])
    assert (without.treatments["notice"] >= 0).sum() == 60
    back = with_appeal.treatments["notice"] < 0
    assert 12 <= back.sum() <= 36
    group = build_world(with_appeal.scenario, workers=1).people["group"][with_appeal.treatments["person"][back]]
    assert ((group & tr.G_PROFITABLE) != 0).all()
    assert (with_appeal.treatments["grievance"][back] > 0.5).all(), "they got it back, but they were told"


def test_who_is_refused_elsewhere_is_angrier_unless_helped_to_move():
    felt = {}
    for refuse in (0.0, 1.0):
        for helped in (False, True):
            policy = LETTER | {"fee_waived": 200.0, "help_to_move": helped}
            rows = result(rivals={"refuse": refuse}, policies=[policy]).treatments
            felt[refuse, helped] = rows["grievance"][np.argsort(rows["person"])]
    assert (felt[1.0, False] >= felt[0.0, False]).all()
    assert felt[1.0, False].mean() > felt[0.0, False].mean() + 0.05
    assert np.array_equal(felt[1.0, True], felt[0.0, True])


def test_calls_that_earn_make_callers_worth_keeping():
    """All that is charged for an account and a call goes with them here: else some who call ten times earn anyway."""
    people = {"customers": 3000, "prospects": 500, "segments": [{"name": "all", "account_avoidable": 1.0}]}
    given = {"choose": {"calls_at_least": 10.0}, "population": people}
    whole = {"contact_avoidable": 1.0}
    free = result(**given, money=whole)
    earning = result(**given, money=whole | {"cost_per_call": 5.0, "income_per_call": 12.0})
    assert free.indicators["losses_avoided"] > 0.0 == free.indicators["lost_to_firm"]
    assert earning.indicators["losses_avoided"] == 0.0 > earning.indicators["profit_lost_firm"]
    assert earning.indicators["lost_to_firm"] > 0.0
    assert free.indicators["calls_told"] < 0.0 < earning.indicators["calls_told"]


def test_a_hand_over_has_a_cause_of_its_own():
    found = result(policies=[{"name": "partner", "use": "transfer", "channel": "email"}])
    causes = set(events(found, tr.LEFT)["cause"].tolist())
    assert tr.HANDED_OVER in causes
    assert not causes & {tr.ACCEPTED, tr.DISMISSED}
    assert found.indicators["let_go"] > 30.0


def test_heavy_users_call_most_where_the_scenario_says_so():
    def correlation(follow: float) -> float:
        segment = {"name": "all", "calls_follow_revenue": follow}
        people = build_world(result(population={"customers": 3000, "segments": [segment]}).scenario, workers=1).people
        return float(np.corrcoef(np.log(people["calls"]), np.log(people["margin"] + 36.0))[0, 1])

    assert abs(correlation(0.0)) < 0.05
    assert 0.45 < correlation(0.5) < 0.55
