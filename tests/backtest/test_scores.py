"""Scores, rule and table of the back-test, worked out a second time by other means."""

from __future__ import annotations

import math
import sys
from itertools import product
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "experiments" / "backtest"))

import backtest  # noqa: E402
import backtest_page  # noqa: E402
import forecast as f  # noqa: E402
import measures as m  # noqa: E402
import null  # noqa: E402
import observed  # noqa: E402
import questions as q  # noqa: E402
import scores as s  # noqa: E402
import summary  # noqa: E402

from wom_sim import build_world  # noqa: E402

CASES = observed.read_cases()
TABLE = ROOT / "docs" / "BACKTEST.csv"


def equal(n: int) -> np.ndarray:
    return np.full(n, 1.0 / n)


# -- scores, by hand -------------------------------------------------------------------------------------------


def test_brier_and_log_score_by_hand():
    assert s.brier(0.9, 1.0) == pytest.approx(0.01)
    assert s.brier(0.9, 0.75) == pytest.approx(0.75 * 0.01 + 0.25 * 0.81)
    assert s.log_score(0.9, 0.75) == pytest.approx(-0.75 * math.log(0.9) - 0.25 * math.log(0.1))
    assert s.log_score(1.0, 0.99) == math.inf, "what was ruled out may have been the case"


@pytest.mark.parametrize("happened", [0.0, 0.2, 0.7, 1.0])
@pytest.mark.parametrize("score", [s.brier, s.log_score])
def test_nobody_gains_by_saying_something_else(score, happened):
    tried = np.linspace(0.01, 0.99, 99)
    best = tried[np.argmin([score(p, happened) for p in tried])]
    assert abs(best - np.clip(happened, 0.01, 0.99)) < 0.006


def test_crps_is_the_area_between_the_distributions():
    points, weights, at = np.array([1.0, 4.0, 4.5]), np.array([0.2, 0.5, 0.3]), 3.0
    grid = np.linspace(0.0, 6.0, 600_001)
    below = sum(w * (grid >= x) for x, w in zip(points, weights, strict=True))
    area = float((((below - (grid >= at)) ** 2)[:-1] * np.diff(grid)).sum())
    assert s.crps(points, weights, np.array([at]), np.ones(1)) == pytest.approx(area, abs=1e-4)


def test_crps_of_a_doubtful_day_is_the_mean_over_days():
    points, at, sure = np.array([2.0, 8.0]), np.array([1.0, 9.0]), np.array([0.25, 0.75])
    alone = [s.crps(points, equal(2), np.array([y]), np.ones(1)) for y in at]
    assert s.crps(points, equal(2), at, sure) == pytest.approx(0.25 * alone[0] + 0.75 * alone[1])


def test_interval_score_by_hand():
    at, sure = np.array([0.0, 5.0, 12.0]), np.array([0.2, 0.5, 0.3])
    assert s.interval_score(2.0, 10.0, at, sure) == pytest.approx(8.0 + 10.0 * (0.2 * 2.0 + 0.3 * 2.0))


@pytest.mark.parametrize("n", [1, 2, 5, 10, 37])
def test_interval_leaves_a_tenth_on_either_side_at_most(n):
    points = np.random.default_rng(n).normal(size=n)
    low, high = s.quantiles(points, equal(n))
    assert (points < low).mean() <= 0.1 + 1e-9
    assert (points > high).mean() <= 0.1 + 1e-9
    inside = sorted(points[(points > low) & (points < high)])
    if len(inside) > 1 and low < high:  # no narrower one would do
        assert (points <= low).mean() > 0.1 and (points >= high).mean() > 0.1


def test_a_chance_is_never_0_or_1():
    assert s.chance_of(np.ones(4), equal(4)) == pytest.approx(4.5 / 5)
    assert s.chance_of(np.array([1.0, 0.0]), np.array([0.75, 0.25])) == pytest.approx((2 * 0.75 + 0.5) / 3)


def test_bootstrap_is_that_of_all_samples():
    values, clusters = [0.1, 0.4, -0.2], ["a", "b", "b"]
    groups = {"a": [0.1], "b": [0.4, -0.2]}
    every = [np.mean([x for g in drawn for x in groups[g]]) for drawn in product("ab", repeat=2)]
    found = s.paired(values, clusters)
    assert found.mean == pytest.approx(0.1)
    assert (found.cases, found.clusters, found.better, found.worse) == (3, 2, 2, 1)
    assert min(every) - 1e-9 <= found.low <= found.high <= max(every) + 1e-9
    assert s.paired(values, clusters) == found, "it is seeded"


def test_bootstrap_interval_is_that_of_many_independent_cases():
    values = np.random.default_rng(3).normal(0.3, 1.0, 400)
    found = s.paired(values, [str(k) for k in range(400)])
    half = 1.96 * values.std(ddof=1) / 20.0
    assert found.low == pytest.approx(values.mean() - half, abs=0.02)
    assert found.high == pytest.approx(values.mean() + half, abs=0.02)


# -- the rule --------------------------------------------------------------------------------------------------

WRITTEN = {
    "sprint_2007": 1_000, "ing_direct_2004": 0, "verizon_2004": 13_000, "egg_2008": 161_000,
    "american_express_2009": 10_000, "netflix_2011": 24_600_000, "1und1_2004": 6_000, "kabel_deutschland_2005": 300,
    "exetel_2010": 500, "exetel_2015": 400, "ndo_2005": 76, "uk_banks_2016": 1_200_000, "sparkasse_2023": 38_000,
    "home_savings_2015": 260_000, "best_buy_2003": 0, "first_union_1998": 0, "airline_bans_2020": 1_600,
    "return_scoring_2012": 400_000,
}  # fmt: skip


def test_the_rule_counts_whom_the_firm_writes_to():
    assert {case.name: null.written_to(case.stated, case.policy) for case in CASES} == WRITTEN


def test_the_manner_is_that_of_the_policy():
    manners = {case.name: null.manner_of(case.stated, case.policy) for case in CASES}
    assert {name for name, manner in manners.items() if manner == "in secret"} == {"best_buy_2003", "first_union_1998"}
    assert [name for name, manner in manners.items() if manner.endswith("telephone")] == ["ing_direct_2004"]
    assert (manners["sprint_2007"], manners["verizon_2004"]) == ("at once", "one by one, in writing")


@pytest.mark.parametrize(("written", "news"), [(0, False), (99, False), (100, True), (10**6, True)])
def test_the_rule_speaks_from_a_hundred_on(written, news):
    event = null.null_of(q.question_named("national"), written, 365)
    assert event.hard.tolist() == [float(news)]
    assert event.soft.tolist() == pytest.approx([0.9 if news else 0.1])
    days = null.null_of(q.question_named("national_day"), written, 365)
    expected = (6.0, 7.0) if news else (365.0, 365.0)
    assert (days.hard.min(), days.hard.max()) == expected
    low, high = s.quantiles(days.soft, equal(len(days.soft)))
    assert (low >= 6.0 and high <= 7.0) if news else (low, high) == expected
    assert ((days.soft == 365.0).mean()) == pytest.approx(0.1 if news else 0.9)


def test_the_rule_has_nobody_leave_no_authority_act_and_any_share_accept():
    assert null.null_of(q.question_named("authority"), 10**6, 365).hard.tolist() == [0.0]
    assert null.null_of(q.question_named("churn_change"), 10**6, 365).hard.tolist() == [0.0]
    anything = null.null_of(q.question_named("accepted"), 10**6, 365).hard
    assert (anything.min(), anything.max(), anything.mean()) == (0.0, 100.0, pytest.approx(50.0))


# -- the cases -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_case_has_story_question_sources_and_input(case: observed.Case):
    text = case.path.read_text(encoding="utf-8")
    assert case.stated.story.strip() and case.stated.question and len(case.stated.sources) >= 1
    assert all(len(line) > 5 for line in case.input)
    assert case.stated.run.represents == 1, "a scenario states every count at full size"
    assert f.scenario_of(case).run.represents == case.represents
    assert case.window <= case.stated.run.days
    if "cases" in case.scenario:
        assert "Input only" in text, "it says that it is input"
        assert all("grade" in source or "memory" in source for source in case.stated.sources)
        assert case.stated.name and f"observed/{case.name}.toml" in text


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_case_of_the_back_test_has_the_default_behaviour(case: observed.Case):
    year = [] if case.stated.media.era is None else [f"media.era={case.stated.media.era}"]  # a fact of the case
    plain = observed.load_scenario(ROOT / "scenarios" / "first_look.toml", year)
    if case.stated.currency == "USD":
        assert case.stated.behaviour == plain.behaviour
    assert case.stated.media.channel_news == plain.media.channel_news


def test_the_library_and_the_evidence_are_all_there():
    assert {case.name for case in CASES} == set(WRITTEN)
    assert {p.stem for p in (ROOT / "scenarios" / "cases").glob("*.toml")} <= set(WRITTEN)


def test_folds_are_thirds_and_what_hangs_together_is_in_one():
    assert {fold: sum(c.fold == fold for c in CASES) for fold in observed.FOLDS} == {"A": 6, "B": 6, "C": 6}
    for cluster in {c.cluster for c in CASES}:
        assert len({c.fold for c in CASES if c.cluster == cluster}) == 1


BROKEN = [
    ('question = "nationl"', "given 'nationl', allowed: national"),
    ('question = "national"\nchance = 1.5', "less than or equal to 1"),
    ('question = "national"\namount = [1, 2, 3]', "takes chance"),
    ('question = "posts"\nchance = 0.5', "takes amount"),
    ('question = "national"\nchance = 1.0\nday = [3, 1, 2]', "in this order"),
    ('question = "authority"\nchance = 1.0\nday = [1, 2, 3]', "takes no day"),
]


@pytest.mark.parametrize(("outcome", "said"), BROKEN)
def test_a_case_that_cannot_be_used_is_refused_in_words(tmp_path, outcome, said):
    head = (
        'scenario = "scenarios/first_look.toml"\npolicy = "bulk letter"\ninput = ["sixty"]\nrepresents = 1\n'
        'window = 100\nfold = "A"\n[[outcome]]\nsource = "a test"\ngrade = "C"\n'
    )
    (tmp_path / "broken.toml").write_text(head + outcome)
    with pytest.raises(observed.CaseError, match=r"broken\.toml: ") as error:
        observed.read_case(tmp_path / "broken.toml")
    assert said in str(error.value)
    missing = head.replace("first_look", "not_there") + 'question = "national"\nchance = 1.0'
    (tmp_path / "broken.toml").write_text(missing)
    with pytest.raises(observed.CaseError, match="which is not there"):
        observed.read_case(tmp_path / "broken.toml")


def test_an_observation_holds_its_doubt():
    outcome = observed.Outcome(question="national", chance=0.8, day=(1, 2, 3), source="a test", grade="C")
    values, weights = outcome.happened(50)
    assert weights.sum() == pytest.approx(1.0)
    assert weights[values == 50.0].sum() == pytest.approx(0.2)
    assert float(weights @ np.where(values < 50.0, values, 0.0)) / 0.8 == pytest.approx(2.0, abs=0.01)
    one = observed.triangle((0.0, 0.0, 3.0))
    assert one.mean() == pytest.approx(1.0, abs=0.01), "the mean of a triangle is that of its corners"


# -- who beats whom --------------------------------------------------------------------------------------------


def said_by(case: observed.Case, right: bool) -> f.Forecast:
    """Return the forecast of a model that knows what happened, or of one that takes the opposite for granted."""
    answers = {}
    for question in f.asked(case):
        outcome = case.outcome_of(question)
        if question.kind == "event":
            answers[question.name] = np.full(40, float((outcome.chance > 0.5) == right))
        elif question.kind == "day":
            values, weights = outcome.happened(case.window)
            known = np.repeat(values, np.round(weights * 1000).astype(int))[:: 1000 // 40][:40]
            wrong = np.where(known < case.window / 2, float(case.window), 1.0)
            answers[question.name] = np.resize(known if right else wrong, 40)
        else:
            points = np.resize(observed.triangle(outcome.amount), 40)
            answers[question.name] = points if right else points + 200.0
    return f.Forecast(answers, equal(40))


@pytest.mark.parametrize("right", [True, False])
def test_a_model_that_knows_the_truth_beats_the_null_and_one_that_is_wrong_does_not(right):
    table = backtest.rotate(CASES, known={case.name: said_by(case, right) for case in CASES})
    for found in backtest_page.headline(table).values():
        assert found.difference is not None
        assert (found.difference.low > 0.0) if right else (found.difference.high < 0.0)
    page = backtest_page.page_of(table, CASES, {case.name: 40 for case in CASES})
    said = "beats the null rule**, in every score" if right else "does not beat the null rule.** By more than chance"
    assert f"**The present model {said}" in page


def test_rotation_calibrates_on_the_other_folds_only():
    asked = []

    def calibrate(cases):
        asked.append({case.name for case in cases})
        return f.DEFAULTS

    known = {case.name: said_by(case, True) for case in CASES}
    table = backtest.rotate(CASES, calibrate, known=known)
    assert list(table.groupby("fold", sort=True)["case"].nunique()) == [6, 6, 6]
    for fold, seen in zip(observed.FOLDS, asked, strict=True):
        assert seen == {case.name for case in CASES if case.fold != fold and case.calibrate}


def test_base_rate_is_that_of_the_other_folds():
    known = {case.name: said_by(case, True) for case in CASES}
    table = backtest.rotate(CASES, known=known)
    row = table[(table["case"] == "sprint_2007") & (table["question"] == "national")].iloc[0]
    others = [o.chance for c in CASES if c.fold != "A" for o in c.outcome if o.question == "national"]
    assert row["base_rate"] == pytest.approx((sum(others) + 0.5) / (len(others) + 1))


# -- what is in docs -------------------------------------------------------------------------------------------


def test_page_and_table_in_docs_are_those_that_the_kept_forecasts_give(tmp_path):
    known = f.read()
    assert set(known) <= {case.name for case in CASES}
    for case in CASES:
        if case.name in known:
            assert set(known[case.name].runs) == {question.name for question in f.asked(case)}
    backtest.publish(CASES, known, tmp_path)
    for name in ("BACKTEST.csv", "BACKTEST.md"):
        assert (tmp_path / name).read_text(encoding="utf-8") == (ROOT / "docs" / name).read_text(encoding="utf-8")


def test_cases_that_were_not_run_are_named():
    known = {case.name: said_by(case, True) for case in CASES if case.name != "egg_2008"}
    some = [case for case in CASES if case.name in known]
    page = backtest_page.page_of(backtest.rotate(some, known=known), CASES, {name: 40 for name in known})
    assert "**Not in these figures**, as they have not been run yet: Egg 2008." in page


def test_means_of_the_page_are_those_of_the_table_worked_out_plainly():
    table = pd.read_csv(TABLE)
    page = (ROOT / "docs" / "BACKTEST.md").read_text(encoding="utf-8")
    rows = table[(table["question"] == "national") & ~table["used"]]
    ours = ((rows["model"] - 1.0) ** 2 * rows["observed"] + rows["model"] ** 2 * (1.0 - rows["observed"])).mean()
    p = np.where(rows["written_to"] >= 100, 0.9, 0.1)
    rule = ((p - 1.0) ** 2 * rows["observed"] + p**2 * (1.0 - rows["observed"])).mean()
    begins = "| a national newspaper or broadcaster reports | model as it is, null soft | Brier | "
    (line,) = [line for line in page.splitlines() if line.startswith(begins)]
    assert line.startswith(f"{begins}{ours:.3f} | {rule:.3f} | {rule - ours:+.3f} ")


def test_columns_of_the_table_are_told():
    text = (ROOT / "experiments" / "backtest" / "how.md").read_text(encoding="utf-8")
    assert {name for name in backtest.COLUMNS if f"`{name}`" not in text} == set()


@pytest.mark.parametrize("represents", [1, 10])
def test_departures_without_the_policy_are_at_full_size(represents):
    sets = ["population.customers=20000", "population.prospects=10000", f"run.represents={represents}"]
    scenario = observed.load_scenario(ROOT / "scenarios" / "first_look.toml", [*sets, "choose.limit=60"])
    world = build_world(scenario)
    trace = SimpleNamespace(book=SimpleNamespace(daily=np.zeros((30, 1))))
    runs = m.Runs(world, [SimpleNamespace(scenario=scenario, trace=trace)])
    departures, joins = m.without_policy(runs)
    people = scenario.population
    churn = sum(s.churn * s.share for s in people.segments)
    assert departures == pytest.approx(100.0 * churn, rel=0.15), "a month's churn, in per cent of the customers"
    assert joins == pytest.approx(100.0 * people.join * people.prospects / people.customers, rel=0.15)


def test_mean_counts_a_case_once():
    rows = pd.DataFrame(
        {"case": ["a", "a", "b"], "cluster": ["a", "a", "b"], "x": [0.0, 1.0, 0.2], "y": [0.5, 0.5, 0.5]}
    )
    found = summary.contest(rows, "x", "y")
    assert (found.model, found.rival) == (pytest.approx(0.35), pytest.approx(0.5))
    assert found.difference.mean == pytest.approx(0.15)
    assert "within chance" in summary.verdict(found) and "ahead" in summary.verdict(found)
