"""The generator of the page of agreements on one small case: figures, verdicts, page."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "experiments" / "backtest"))

import agreement  # noqa: E402
import figures  # noqa: E402
import measures as m  # noqa: E402
from cases import CASES, Case, Fact, Trial  # noqa: E402
from mechanisms import MECHANISMS  # noqa: E402

from wom_sim import load_scenario  # noqa: E402
from wom_sim.simulation import policy_of  # noqa: E402
from wom_sim.world import trace as tr  # noqa: E402

NAN = float("nan")
SMALL = Case(
    "first_look.toml",
    (
        Trial(
            "bulk letter",
            (
                Fact("told", "60", 60, 60, m.total(tr.D_TOLD)),
                Fact("told, held against another number", "61", 61, 70, m.total(tr.D_TOLD)),
                Fact("told, nothing known", "no figure", NAN, NAN, m.total(tr.D_TOLD)),
                Fact("first post", "day 3", 2, 6, m.first_post, used=True),
                Fact("share who talk", "most", 20, 100, m.talking_share, ".1f"),
            ),
            events=True,
        ),
    ),
    3,
    ("population.customers=5000",),
    "a test",
)


@pytest.fixture(scope="module")
def lines():
    (values,) = agreement.figures_of(SMALL).values
    return agreement.lines_of(SMALL.trials[0], values)


def test_figures_are_those_of_the_runs(lines):
    assert [line.values.tolist() for line in lines[:3]] == [[60.0, 60.0, 60.0]] * 3
    assert all(day >= 2 for day in lines[3].values), "letters take two days"


def test_verdicts_follow_the_range(lines):
    assert [line.verdict for line in lines[:3]] == [agreement.AGREES, agreement.MISSED, agreement.UNKNOWN]


def test_page_shows_misses_and_how_to_repeat(tmp_path):
    figures.write({SMALL.file: agreement.figures_of(SMALL, ["run.replications=2"])}, tmp_path / "kept.json")
    page = agreement.page_of([SMALL], figures.read(tmp_path / "kept.json"))
    assert "| told, held against another number | 61 [61 to 70] | 60 (60 to 60) | **misses** |" in page
    assert "* First look: told, held against another number." in page
    assert "of 1 that were used 1" in page
    assert "Not at full size: a test." in page
    assert "--set population.customers=5000 --set run.replications=2 --out results/first_look" in page


def test_figures_that_answer_other_facts_are_left_out():
    kept = {SMALL.file: figures.Figures(1, 1, 1, 1.0, [[np.zeros(1)]])}
    assert "First look" not in agreement.page_of([SMALL], kept)


def test_the_page_in_docs_is_the_one_that_the_figures_give():
    kept = figures.read()
    assert {case.file for case in CASES} <= set(kept)
    assert agreement.page_of(CASES, kept) == (ROOT / "docs" / "AGREEMENT.md").read_text(encoding="utf-8")


def test_what_never_happens_is_not_agreement():
    never = np.full(3, np.nan)
    fact = Fact("day", "10", 5, 14, m.national_day)
    assert agreement.verdict(fact, never) == agreement.MISSED
    assert agreement.simulated(fact, never) == "never in 3 runs"


def test_a_chance_is_a_share_of_runs():
    fact = Fact("covered", "yes", 0.9, 1.0, m.covered, ".0%")
    assert agreement.verdict(fact, np.array([1.0, 1.0, 0.0])) == agreement.MISSED
    assert agreement.simulated(fact, np.array([1.0, 1.0, 0.0])) == "67% of 3 runs"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.file)
def test_cases_name_policies_and_mechanisms_that_exist(case: Case):
    scenario = load_scenario(ROOT / "scenarios" / case.file, case.sets)
    for trial in case.trials:
        assert policy_of(scenario, trial.policy).use != "keep"
        assert {fact.why for fact in trial.facts if fact.why} <= set(MECHANISMS)


@pytest.mark.parametrize("file", sorted(case.file for case in CASES))
def test_real_cases_share_the_default_behaviour(file: str):
    scenario = load_scenario(ROOT / "scenarios" / file)
    year = [] if scenario.media.era is None else [f"media.era={scenario.media.era}"]  # a fact of the case
    plain = load_scenario(ROOT / "scenarios" / "first_look.toml", year)
    rate = scenario.exchange.per_dollar or 1.0  # amounts are dollars, and converted
    calling = scenario.behaviour.calling
    in_dollars = calling.model_copy(update={"time_per_call": pytest.approx(calling.time_per_call / rate)})
    assert scenario.behaviour.model_copy(update={"calling": in_dollars}) == plain.behaviour
    assert scenario.media.channel_news == plain.media.channel_news
    assert [(o.threshold, o.reach, o.half_life, o.lag) for o in scenario.media.outlets] == [
        (o.threshold, o.reach, o.half_life, o.lag) for o in plain.media.outlets
    ]
