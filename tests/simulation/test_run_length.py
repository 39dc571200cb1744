"""How long a run takes: until all that a policy does, or that comes out of it, has had its time."""

from __future__ import annotations

import json
from functools import cache

import numpy as np
import pytest

from wom_sim.policies.hidden import LONGEST_RUN
from wom_sim.scenario import Scenario
from wom_sim.simulation import Result, build_world, simulate
from wom_sim.simulation.running import lasts
from wom_sim.study.compare import compare
from wom_sim.world.treatments import LEAK, table
from wom_sim.world.world import World

LETTER = {"use": "bulk_letter", "channel": "email", "notice_days": 30}
CASE = {
    "name": "early and late",
    "population": {"customers": 20_000, "prospects": 0, "segments": [
        {"name": "all", "revenue_spread": 0.3, "calls_spread": 0.8, "calls": 3.0, "churn": 0.003, "churn_spread": 0.0,
         "account_avoidable": 1.0},
    ]},
    "choose": {"limit": 2000},
    "run": {"days": 365, "seed": 5, "replications": 8},
    "media": {"outlets": [{"name": "paper", "threshold": 0.0, "reach": 0.6, "national": True}]},
    "behaviour": {"leaving": {"beta": 7.0}, "hearing": {"affected": 1.0, "sides_with_firm": 0.0}},
    "policies": [
        LETTER | {"name": "day 0", "start_day": 0}, LETTER | {"name": "day 300", "start_day": 300},
        {"name": "one by one", "use": "case_by_case", "per_day": 1.0, "start_day": 20, "choose": {"limit": 600}},
    ],
}  # fmt: skip
"""Few leave on their own: else the later letter meets a thinner market, in which ties and households pass less on."""
HARM = ("profit_lost_story", "profit_lost_contagion", "profit_lost_household")


def scenario(**run: int) -> Scenario:
    return Scenario.model_validate_json(json.dumps(CASE | {"run": CASE["run"] | run}))


@cache
def world() -> World:
    return build_world(scenario(), workers=1)


@cache
def ran(policy: str, after: int = 365) -> Result:
    return simulate(scenario(days_after=after), policy, events=False, world=world())


def days_of(result: Result) -> int:
    return len(result.trace.buzz)


def apart(after: int) -> tuple[float, float]:
    """Return harm and saving of the letter of day 300 as shares of those of day 0."""
    letters = scenario(days_after=after)
    letters = letters.model_copy(update={"policies": letters.policies[:2]})
    runs = compare(letters, workers=1).replications.groupby("policy").mean(numeric_only=True)
    harm = runs[list(HARM)].sum(axis=1)
    saved = runs["losses_avoided"]
    return harm["day 300"] / harm["day 0"], saved["day 300"] / saved["day 0"]


@pytest.mark.science
def test_a_letter_of_day_300_does_as_much_harm_for_what_it_saves_as_one_of_day_0():
    """Both are worth less at day 0, and some have left by then: by as much, so that neither has a scandal for free."""
    harm, saved = apart(365)
    assert 0.85 < saved < 0.95
    assert harm / saved == pytest.approx(1.0, abs=0.05)
    harm, saved = apart(1)
    assert harm / saved < 0.95, "which it had while runs ended on day 365"


def test_one_by_one_the_run_goes_on_until_the_last_has_had_their_time():
    found = ran("one by one")
    last = int(found.treatments["day_told"].max())
    assert last > 600, "else this shows nothing"
    assert days_of(found) == last // 30 * 30 + 365
    assert found.trace.told.max() > 600
    for column in ("told", "let_go"):
        assert found.daily[column].to_numpy()[365:].sum() > 200, column


@pytest.mark.parametrize(("policy", "after", "days"), [
    ("day 0", 365, 365), ("day 300", 365, 665), ("day 300", 100, 400), ("day 300", 1, 365), ("keep", 365, 365),
])  # fmt: skip
def test_a_run_takes_its_days_and_the_time_after_the_month_of_the_last_act(policy, after, days):
    assert days_of(ran(policy, after)) == days


def test_both_engines_go_on_as_long():
    said = scenario(days=60, days_after=50).model_copy(update={"population": scenario().population.model_copy(
        update={"customers": 150})})  # fmt: skip
    said = said.model_copy(update={"choose": said.choose.model_copy(update={"limit": 30})})
    runs = [simulate(said, "day 300", engine=engine) for engine in ("compiled", "reference")]
    assert [days_of(run) for run in runs] == [350, 350]
    assert runs[0].measured == pytest.approx(runs[1].measured, nan_ok=True)


def rows(acts: list[int], leaks: list[int]) -> np.ndarray:
    days = acts + leaks
    return table(person=np.arange(len(days)), day_told=np.array(days), action=[1] * len(acts) + [LEAK] * len(leaks))


@pytest.mark.parametrize(("acts", "leaks", "days"), [
    ([0], [], 365), ([364], [], 360 + 200), ([200], [], 380), ([10], [340], 330 + 200), ([10], [365], 365),
    ([10], [3000], 365), ([250], [400], 400 - 400 % 30 + 200), ([250], [441], 440), ([], [], 365),
    ([LONGEST_RUN - 5], [], LONGEST_RUN),
])  # fmt: skip
def test_what_leaks_beyond_the_run_does_not_lengthen_it(acts, leaks, days):
    assert lasts(365, rows(acts, leaks), 200) == days
