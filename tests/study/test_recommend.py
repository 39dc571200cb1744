"""Recommend: the search finds what the grid finds, goes on where it was stopped, and reports fresh luck alone."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from dutch import english_in
from run_tables import table
from small import WHOLE

from wom_sim import load_scenario
from wom_sim.cli import main
from wom_sim.cli.recommend_table import frontier_table
from wom_sim.outcomes.compare import summary
from wom_sim.scenario import ScenarioError
from wom_sim.study import fresh_luck, recommendation, trials
from wom_sim.study.budget import Budget, budget, budgets, measured
from wom_sim.study.fresh_luck import FRESH
from wom_sim.study.levers import Candidate, Space, space_of
from wom_sim.study.notebook import recommended
from wom_sim.study.recommend import _telling, cost, most_runs, recommend
from wom_sim.study.recommend_folder import Folder
from wom_sim.study.recommend_words import at_the_edge, risk_text, words
from wom_sim.study.recommendation import Recommendation
from wom_sim.study.sampler import as_given, neighbours
from wom_sim.study.standings import Question, Standing, alike, frontier_of, promising, standing
from wom_sim.words.figures import Figures

ROOT = Path(__file__).parents[2]
FILE = ROOT / "scenarios" / "first_look.toml"
SMALL = [
    "population.customers=4000",
    "population.prospects=500",
    "run.days=90",
    "run.replications=5",
    "choose.limit=40",
    "search.per_day=[0,8]",
    "search.payment=[0,50,100,200,400]",
    "search.choose.limit=[10,40]",
    *(each for each in WHOLE if "horizon" not in each),
]


def scenario(*more):
    return load_scenario(FILE, [*SMALL, *more])


def question(*more, **changes):
    loaded = scenario(*more)
    return Question(
        loaded, space_of(loaded), **({"trials": 25, "replications": 5, "fresh": 30, "finalists": 4} | changes)
    )


def answer(asked, folder=None, progress=lambda *_: None):
    return recommend(asked, Folder(folder), 2, progress)


# -- what may be varied --------------------------------------------------------------------------------------


def test_the_space_is_what_the_scenario_lists():
    space = space_of(scenario('search.policies=["bulk letter","paid exit"]'))
    assert list(space.levers) == ["bulk letter", "paid exit"]
    assert space.size == 2 * 2 * 5 * 2 == len({c.key for c in space.candidates()})


def test_without_a_list_the_declarations_suggest_one():
    space = space_of(load_scenario(FILE))
    levers = space.levers["bulk letter"]
    assert levers["per_day"] == (0.0, 1.0, 4.0, 16.0, 64.0)
    assert levers["payment"] == (0.0, 100.0, 200.0, 300.0)
    assert levers["explanation"] == (0.0, 1.0)
    assert len(levers["framing"]) == 4
    assert levers["choose.limit"] == (15, 30, 60)
    for candidate in list(space.candidates())[:50]:
        candidate.policy(load_scenario(FILE))


def test_a_lever_is_tried_for_the_policies_that_heed_it():
    sets = ["search={price_rise=[0.1,0.2],second_round_after=[30]}", 'policies.case by case.use="reprice"']
    space = space_of(load_scenario(FILE, sets))
    assert [list(levers) for levers in space.levers.values()] == [[], ["price_rise"], ["second_round_after"]]


def test_levers_of_tables_are_set_on_top_of_what_is_given():
    loaded = scenario("choose.calls_at_least=3", "search.choose.limit=[5]", 'search.response.kind=["apologise"]')
    policy = next(space_of(loaded).candidates()).policy(loaded)
    assert (policy.choose.limit, policy.choose.calls_at_least) == (5, 3.0)
    assert policy.response.kind == "apologise"
    assert loaded.policies[0].choose is None  # the scenario is as it was


def test_the_start_is_near_what_is_given():
    loaded = scenario("policies.paid exit.payment=190", "policies.paid exit.per_day=7")
    levers = dict(as_given(loaded, "paid exit", space_of(loaded).levers["paid exit"]).levers)
    assert levers == {"per_day": 8.0, "payment": 200.0, "choose.limit": 40}


@pytest.mark.parametrize(
    ("override", "message"),
    [
        ("search.payment=[-5]", "search.payment: given -5.0, allowed"),
        ('search.policies=["bulk"]', "search.policies: bulk is not one of bulk letter"),
        ("search.per_day=[]", "nothing to try"),
        ("search.per_day=[1,1]", "listed twice"),
        ("search.paymet=[1]", "did you mean 'payment'"),
        ("search.choose.limit=[-1]", "search.choose.limit: given -1"),
    ],
)
def test_a_search_that_cannot_be_is_refused_when_it_is_read(override, message):
    with pytest.raises(ScenarioError, match=message.replace("[", r"\[")):
        load_scenario(FILE, [override])


def test_people_chosen_by_number_cannot_be_varied():
    with pytest.raises(ValueError, match="chooses people by number"):
        space_of(load_scenario(FILE, ["choose={ids=[1,2]}", "search.choose.limit=[5]"]))


# -- budget --------------------------------------------------------------------------------------------------


def test_budgets():
    assert budget(" national <= 0.1 ") == Budget("national", 0.1)
    assert budget("es95<=-5e6").excess(-6e6) < 0 < budget("es95<=-5e6").excess(-4e6)
    for bad in ("es95", "es95<5", "es95<=x", "es95<=nan", "shortfall<=5", "national<=2", "es95>=5", ""):
        with pytest.raises(ValueError, match=r"given .*, allowed: "):
            budget(bad)
    with pytest.raises(ValueError, match="national: given more than once"):
        budgets(["national<=0.1", "national<=0.2"])


def test_what_a_budget_measures():
    runs = table(a={"net_value": [-3.0, 1.0, 1.0, 1.0], "national_coverage": [1, 0, 0, 0], "lost_profitable": [4] * 4})
    assert [measured(name, runs)[0] for name in ("es95", "var95", "national", "loss", "lost")] == [3, 3, 0.25, 0.25, 4]


# -- finalists and frontier ----------------------------------------------------------------------------------


def stands(base, value, es95, national=0.0, excess=0.0):
    return Standing(
        Candidate(base, (("n", value),)), pd.DataFrame(), value, {"es95": es95, "national": national}, excess
    )


def test_the_frontier_holds_what_nothing_beats():
    field = [stands("a", 5, 5), stands("a", 4, 5), stands("b", 3, 1), stands("b", 3, 1, 0.1), stands("c", 9, 9)]
    assert frontier_of(field, ("es95", "national")) == [True, False, True, False, True]
    assert frontier_of([stands("a", 1, 1), stands("b", 1, 1)], ("es95",)) == [True, True]  # equals do not beat


def test_the_promising_are_the_best_each_policy_and_the_frontier():
    asked = question(finalists=4)
    field = [stands("a", 10 - k, 50) for k in range(8)] + [stands("b", 1, 40), stands("c", 0.5, 60, excess=1.0)]
    chosen = promising(field, 4, asked)
    assert [(s.candidate.base, s.value) for s in chosen] == [("a", 10), ("a", 9), ("b", 1), ("c", 0.5)]
    assert promising(field, 100, asked)[-1].excess == 1.0  # what exceeds the budget comes last


def ran(base, lever, values):
    runs = pd.DataFrame({"policy": "x", "replication": range(len(values)), "net_value": values, "told": 1.0})
    return Standing(
        Candidate(base, (("payment", lever),)), runs, float(np.mean(values)), {"es95": 0.0, "national": 0.0}, 0.0
    )


def test_what_is_the_same_in_every_run_is_one_candidate():
    field = [ran("a", 0, [1.0, -0.0]), ran("a", 100, [1.0, 0.0]), ran("a", 200, [0.0, 1.0]), ran("b", 0, [1.0, 0.0])]
    groups = alike(field)
    assert [[(s.candidate.base, s.candidate.levers[0][1]) for s in group] for group in groups] == [
        [("a", 0), ("a", 100), ("b", 0)], [("a", 200)],
    ]  # fmt: skip
    chosen = promising(field, 2, question(finalists=2))
    assert len(alike(chosen)) == 2, "no place in the final is given to the same twice"


# -- from beginning to end -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def grid():
    return answer(question(grid=True))


@pytest.mark.science
def test_the_search_finds_what_the_full_grid_finds(grid):
    """60 candidates; the sampler tries 25 of them."""
    found = answer(question())
    assert len(grid.tried) == 60
    assert len(found.tried) == 25
    assert found.best == grid.best
    row = grid.frontier[grid.frontier["best"]].iloc[0]
    best_of_all = grid.tried["value_in_search"].max()
    assert row["expected_net_value"] > 0.9 * best_of_all


@pytest.mark.science
def test_a_budget_is_kept_and_its_price_is_seen(grid):
    """The unbounded optimum loses customers; with at most a few lost, something else is recommended."""
    free = grid.frontier[grid.frontier["best"]].iloc[0]
    limit = free["lost"] / 3
    bound = answer(question(grid=True, budgets=(Budget("lost", limit),)))
    row = bound.frontier[bound.frontier["best"]].iloc[0]
    assert row["lost"] <= limit
    assert row["expected_net_value"] < free["expected_net_value"]
    assert bound.frontier.loc[bound.frontier["feasible"], "expected_net_value"].max() == row["expected_net_value"]
    assert not bound.frontier["feasible"].all()
    assert not bound.frontier.loc[bound.frontier["lost"] > limit, "feasible"].any()


def test_only_fresh_luck_is_reported(grid):
    """The finalists' figures are those of replications that the search has not seen."""
    asked = grid.question
    bench = trials.Bench(asked.scenario, trials.RunFile(None), 1)
    bench.prepare(lambda words: None)
    candidate = next(c for c in asked.space.candidates() if c.key == grid.best)
    runs = bench.run([candidate], range(FRESH, FRESH + asked.fresh), lambda *_: None)[0]
    row = grid.frontier[grid.frontier["best"]].iloc[0]
    assert row["expected_net_value"] == runs["net_value"].mean()
    assert row["n"] == 30
    assert row["value_in_search"] != row["expected_net_value"]
    kept = grid.frontier[grid.frontier["policy"] == "keep"].iloc[0]
    assert (kept["expected_net_value"], kept["national_high"], kept["surely_feasible"]) == (0.0, 0.0, True)


def test_nothing_within_the_budget_but_keeping_everyone():
    letters = ("search.payment=[0]", 'search.policies=["bulk letter"]')
    found = answer(question(*letters, budgets=(Budget("lost", 0.0),), fresh=10))
    assert found.best == Candidate("keep").key
    text = words(found)
    assert text.startswith("Recommended: keeping everyone. Nothing else that was re-run stays within the budget")
    nothing = words(answer(question(*letters, budgets=(Budget("lost", -1.0),), fresh=10)))
    assert nothing.startswith("Nothing that was re-run stays within the budget (lost<=-1), not even keeping everyone")


@pytest.mark.science
def test_an_interrupted_search_goes_on_to_the_same_end(tmp_path):
    asked = question('search.policies=["bulk letter","paid exit"]', trials=14, fresh=4)
    whole = answer(asked, _begun(tmp_path / "whole", asked))
    stopped = _begun(tmp_path / "stopped", asked)
    tired = _Tired(9)
    with pytest.raises(KeyboardInterrupt):
        answer(asked, stopped, tired)
    assert not (stopped / "recommend.json").exists()
    Folder(stopped).begin(asked, resume=True, overwrite=False)
    resumed = answer(asked, stopped)
    pd.testing.assert_frame_equal(resumed.frontier, whole.frontier)
    pd.testing.assert_frame_equal(resumed.tried, whole.tried)
    counts = [_runs(folder) for folder in (tmp_path / "whole", stopped)]
    assert counts[0] == counts[1] <= most_runs(asked)


def _begun(folder, asked):
    Folder(folder).begin(asked, resume=False, overwrite=False)
    return folder


def _runs(folder):
    with sqlite3.connect(folder / "runs.sqlite") as base:
        return base.execute("SELECT count(*) FROM runs").fetchone()[0]


class _Tired:
    """Interrupts at the n-th word."""

    def __init__(self, words):
        self.left = words

    def __call__(self, done, total, text):
        self.left -= 1
        if self.left < 0:
            raise KeyboardInterrupt


def test_no_run_is_made_twice(tmp_path, monkeypatch):
    asked = question("search.per_day=[0]", 'search.policies=["paid exit"]', fresh=4)
    answer(asked, _begun(tmp_path / "r", asked))

    def never(*_, **__):
        raise AssertionError("a run was made again")

    monkeypatch.setattr("wom_sim.study.execute.run_policy", never)
    again = answer(asked, tmp_path / "r")
    assert len(again.tried) == asked.space.size


def test_another_search_is_not_gone_on_with(tmp_path):
    asked = question(fresh=8)
    folder = Folder(_begun(tmp_path / "r", asked))
    with pytest.raises(ValueError, match="already holds a search; --resume goes on"):
        folder.begin(asked, resume=False, overwrite=False)
    with pytest.raises(ValueError, match="fingerprint: there"):
        folder.begin(question("run.seed=5", fresh=8), resume=True, overwrite=False)
    with pytest.raises(ValueError, match=r"budgets: there \[\], given"):
        folder.begin(question(budgets=(Budget("loss", 0.1),)), resume=True, overwrite=False)
    folder.begin(question(fresh=9, trials=41), resume=True, overwrite=False)  # more of the same
    with pytest.raises(ValueError, match="holds no search to go on with"):
        Folder(tmp_path / "none").begin(asked, resume=True, overwrite=False)


def test_what_it_costs_is_said_beforehand():
    plan, text = cost(question(), 1)
    assert plan.runs == most_runs(question())
    assert "25 of 60 candidates on 5 replications each" in text
    # 25 on 5 each; then 12 of them on 5 more, and 6 of these on 10 more; 4 finalists and keep on 30
    assert most_runs(question()) == 25 * 5 + 12 * 5 + 6 * 10 + 5 * 30


def test_words_on_a_table_made_by_hand():
    asked = question()
    tried = pd.DataFrame({"candidate": ["k"] * 25})
    row = {
        "candidate": "k", "policy": "letter", "levers": "payment 100", "expected_net_value": 5000.0, "low": 4000.0,
        "high": 6000.0, "national": 0.0, "national_low": 0.0, "national_high": 0.1, "loss": 0.0, "loss_low": 0.0,
        "loss_high": 0.1, "es95": 1.0, "feasible": True, "surely_feasible": True, "n": 30, "best": True,
        "told_apart": False, "behind_best": 0.0, "behind_low": 0.0, "behind_high": 0.0, "value_in_search": 5600.0,
        "alike": "", "beyond": "",
    }  # fmt: skip
    rival = row | {
        "candidate": "l", "levers": "payment 50", "best": False, "behind_best": 10.0, "behind_low": -5.0,
        "behind_high": 25.0,
    }  # fmt: skip
    keep = row | {
        "candidate": "m",
        "policy": "keep",
        "levers": "",
        "best": False,
        "told_apart": True,
        "behind_best": 5.0,
    }
    text = words(Recommendation(asked, pd.DataFrame([row, rival, keep]), tried, "k"))
    assert text.startswith("Recommended: letter (payment 100), worth $5,000 more than keeping everyone")
    assert "not told apart from letter (payment 50): $10 ahead (95 % interval −$5 to $25)" in text
    assert "no risk budget was given" in text
    assert "had put this one at $5,600, $600 more than now" in text
    equal = rival | {"behind_best": 0.0, "behind_low": 0.0, "behind_high": 0.0}
    text = words(Recommendation(asked, pd.DataFrame([row, equal, keep]), tried, "k"))
    assert "not told apart from letter (payment 50): in every run it is worth just as much" in text
    assert "$0" not in text
    poor = row | {"low": -10.0}
    text = words(Recommendation(asked, pd.DataFrame([poor, keep]), tried, "k"))
    assert "does not exclude that it is worth nothing" in text
    assert "The next best, keeping everyone" in text


# -- the command ---------------------------------------------------------------------------------------------


@pytest.fixture
def run(capsys, monkeypatch):
    monkeypatch.chdir(ROOT)

    def command(*arguments):
        with pytest.raises(SystemExit) as ended:
            main(["recommend", "scenarios/first_look.toml", *(x for s in SMALL for x in ("--set", s)), *arguments])
        printed = capsys.readouterr()
        return ended.value.code or 0, printed.out, printed.err

    return command


QUICK = ("--set", 'search.policies=["paid exit"]', "--set", "search.per_day=[0]", "--fresh", "6", "--finalists", "2")


def test_the_command_writes_a_frontier(run, tmp_path):
    code, out, err = run(*QUICK, "--budget", "national<=0.5", "--out", str(tmp_path / "r"))
    assert code == 0
    assert "Recommended:" in out
    assert "candidates on 5 replications each" in " ".join(err.split())
    found = pd.read_csv(tmp_path / "r" / "frontier.csv")
    assert {"policy", "levers", "expected_net_value", "low", "high", "es95", "national", "feasible"} <= set(found)
    assert "keep" in set(found["policy"])
    assert json.loads((tmp_path / "r" / "recommend.json").read_text())["recommendation"].startswith("Recommended:")
    code, _, err = run(*QUICK, "--out", str(tmp_path / "r"))
    assert (code, "already holds a search" in err) == (4, True)
    code, _, _ = run(*QUICK, "--budget", "national<=0.5", "--out", str(tmp_path / "r"), "--resume")
    assert code == 0


def test_the_command_is_dutch_where_asked(run, tmp_path):
    code, out, err = run(*QUICK, "--budget", "national<=0.5", "--out", str(tmp_path / "r"), "--lang", "nl")
    assert code == 0 and "tegenover risico, elk 6 doorrekeningen op nieuw toeval" in " ".join(out.split())
    assert "kandidaten met elk 5 doorrekeningen" in err and "nieuw toeval: betaald vertrek: " in err
    said = "\n".join(line for line in err.splitlines() if not line.startswith("wom-sim: warning"))
    assert english_in(f"{out} {said}", "First look", "payment", "per_day") == []


def test_the_command_says_what_is_wrong(run, tmp_path):
    file = tmp_path / "file"
    file.write_text("")
    for arguments, message in (
        (("--budget", "es95<5"), "--budget: given 'es95<5', allowed: MEASURE<=NUMBER"),
        (("--resume",), "--resume: given without --out DIR"),
        (("--out", str(file)), "which is a file; allowed: a folder"),
        (("--out", str(tmp_path / "none"), "--resume"), "holds no search to go on with"),
        (("--set", "search.payment=[-1]"), "search.payment: given -1.0"),
    ):
        code, out, err = run(*arguments)
        assert (code, out) == (4, "")
        assert message in err
        assert "Traceback" not in err
    assert [p.name for p in tmp_path.iterdir()] == ["file"]


def test_the_command_tells_how_to_go_on(run, tmp_path, monkeypatch):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("wom_sim.study.recommend.race", interrupted)
    code, _, err = run(*QUICK, "--out", str(tmp_path / "r"))
    assert code == 130
    assert "the same command with --resume goes on" in err
    monkeypatch.undo()
    monkeypatch.chdir(ROOT)
    code, out, _ = run(*QUICK, "--out", str(tmp_path / "r"), "--resume", "--json")
    assert code == 0
    assert json.loads(out)["tried"] == 10


SAME = ('search.policies=["paid exit"]', "search.payment=[100]", 'search.response.kind=["ignore","apologise"]')


def test_a_lever_that_makes_no_difference_gives_one_row_and_is_said():
    """No national news comes of an offer, so nothing is ever responded to."""
    found = answer(question(*SAME, "search.choose.limit=[40]", "search.per_day=[0]", fresh=6, grid=True))
    assert found.frontier["policy"].tolist() == ["paid exit", "keep"]
    row = found.frontier.iloc[0]
    assert row["frontier"]
    kept, other = ("ignore", "apologise") if "ignore" in row["levers"] else ("apologise", "ignore")
    assert kept in row["levers"] and row["alike"] == f"response.kind {other}"
    assert f"Just the same, in every run: response.kind {other}." in words(found)


def test_what_does_nothing_is_told_as_keeping_everyone():
    found = answer(question(*SAME, "search.choose.limit=[0]", "search.per_day=[0]", fresh=4, grid=True))
    assert found.frontier["policy"].tolist() == ["keep"]
    text = words(found)
    assert text.startswith("Recommended: keeping everyone. Just the same, in every run: paid exit (per_day 0, payment")
    assert "$0" not in text


def test_an_edge_of_what_was_tried_is_no_optimum():
    letter = ('search.policies=["bulk letter"]', "search.payment=[0,100]", "search.per_day=[0]")
    found = answer(question(*letter, "search.choose.limit=[10,40]", fresh=4, grid=True))
    assert found.frontier.iloc[0]["levers"] == "per_day 0, payment 0, choose.limit 40"
    said = at_the_edge(found.frontier.iloc[0], found)
    assert said == "At the edge of what was tried: choose.limit 40; what lies beyond may be better."  # 0 is the least
    assert said in words(found)
    inside = found.frontier.iloc[0].to_dict() | {"settings": '{"payment": 0.0, "choose.limit": 20}'}
    wider = replace(found, question=question(*letter, "search.choose.limit=[10,20,40]"))
    assert at_the_edge(pd.Series(inside), wider) == ""
    tried = pd.DataFrame({"candidate": ["k"], "payment": [0.0], "choose.limit": [20]})
    earlier = pd.Series({name: value for name, value in inside.items() if name != "settings"} | {"candidate": "k"})
    assert at_the_edge(earlier, replace(wider, tried=tried)) == "", "of a folder that does not list them"


def test_space_without_levers():
    space = Space({"a": {}, "b": {"x": (1, 2)}})
    assert space.size == 3
    assert [c.text for c in space.candidates()] == ["as given", "x 1", "x 2"]


def test_standings_are_ranked_within_the_budget_first():
    asked = question(budgets=(Budget("loss", 0.1),))
    good, bad = (
        standing(Candidate(name), table(x={"net_value": np.array(values)}), asked)
        for name, values in (("good", [1.0] * 10), ("bad", [100.0] * 8 + [-1.0] * 2))
    )
    assert good.feasible
    assert bad.excess == pytest.approx(1.0)
    assert sorted([bad, good], key=lambda s: s.rank)[0] is good


def test_neighbours_turn_one_lever():
    space = Space({"a": {"x": (1, 2, 3), "y": ("p", "q")}})
    found = [dict(c.levers) for c in neighbours(Candidate("a", (("x", 2), ("y", "p"))), space)]
    assert found == [{"x": 1, "y": "p"}, {"x": 3, "y": "p"}, {"x": 2, "y": "q"}]


@pytest.mark.science
def test_the_search_ends_where_no_single_lever_improves():
    """As far as its trials go: every neighbour of what looked best was tried."""
    asked = question(trials=40)
    found = answer(asked).tried
    best = found.iloc[0]
    candidate = next(c for c in asked.space.candidates() if c.key == best["candidate"])
    assert {c.key for c in neighbours(candidate, asked.space)} <= set(found["candidate"])


def test_a_table_tells_shared_levers_once(grid):
    table = frontier_table(grid)
    assert "All: " in str(table.title) or table.row_count < 3
    assert table.row_count == len(grid.frontier)


# -- the words, all of them ----------------------------------------------------------------------------------

BEST = {
    "candidate": "k", "policy": "paid exit", "levers": "payment 100, per_day 8", "expected_net_value": 5000.0,
    "low": 4000.0, "high": 6000.0, "national": 0.05, "national_low": 0.01, "national_high": 0.12, "loss": 0.2,
    "loss_low": 0.1, "loss_high": 0.3, "es95": 1000.0, "lost": 12.0, "feasible": True, "surely_feasible": True, "n": 30,
    "best": True, "told_apart": False, "behind_best": 0.0, "behind_low": 0.0, "behind_high": 0.0,
    "value_in_search": 5600.0, "alike": "", "beyond": "",
}  # fmt: skip
RIVAL = BEST | {
    "candidate": "l", "policy": "bulk letter", "levers": "as given", "best": False, "behind_best": 10.0,
    "behind_low": -5.0, "behind_high": 25.0, "expected_net_value": 4990.0,
}  # fmt: skip
KEPT = BEST | {
    "candidate": "m", "policy": "keep", "levers": "", "best": False, "told_apart": True, "behind_best": 5000.0,
    "behind_low": 4000.0, "behind_high": 6000.0, "expected_net_value": 0.0, "low": 0.0, "high": 0.0,
}  # fmt: skip
BEST_KEPT = KEPT | {"best": True, "value_in_search": np.nan}
OTHER = BEST | {"best": False, "expected_net_value": -500.0, "low": -900.0, "high": -100.0}
TRIED = pd.DataFrame({"candidate": ["k", "l"] + ["z"] * 23, "per_day": 8, "payment": 100, "choose.limit": 10})
BUDGETS = (Budget("es95", 2000.0), Budget("national", 0.1))

NAME = "paid exit (payment 100, per_day 8)"
WORTH = f"Recommended: {NAME}, worth $5,000 more than keeping everyone over 36 months"
SURE = " (95 % interval over 30 runs on fresh luck: $4,000 to $6,000)."
EDGE = " At the edge of what was tried: per_day 8, choose.limit 10; what lies beyond may be better."
NEWS = " It makes national news in 5 % of the runs (1 % to 12 %), and loses money in 20 % of the runs (10 % to 30 %); "
FREE = f"{NEWS}no risk budget was given."
WITHIN = f"{NEWS}it stays within the budget (es95<=2000 and national<=0.1)"
CLOSE = " It is not told apart from bulk letter: $10 ahead (95 % interval −$5 to $25)."
NEXT = " The next best, keeping everyone, is $5,000 behind (95 % interval $4,000 to $6,000)."
COUNT = " Tried were 25 of 60 candidates"
SEARCH = f"{COUNT}; the search, on other luck, had put this one at $5,600, $600 more than now."
NOTHING = "Nothing that was re-run stays within the budget (es95<=2000 and national<=0.1), not even keeping everyone"
KEEPING = f"Recommended: keeping everyone. The best of the others, {NAME}, is worth −$500 against that over 36 months "


@pytest.mark.parametrize(
    ("rows", "limits", "text"),
    [
        ([BEST, RIVAL, KEPT], (), WORTH + SURE + EDGE + FREE + CLOSE + SEARCH),
        (
            [BEST, RIVAL, KEPT],
            BUDGETS,
            WORTH + SURE + EDGE + WITHIN + ", also at the far end of the intervals." + CLOSE + SEARCH,
        ),
        (
            [BEST | {"surely_feasible": False, "alike": "payment 50"}, RIVAL | {"told_apart": True}, KEPT],
            BUDGETS,
            WORTH + SURE + " Just the same, in every run: payment 50." + EDGE + WITHIN
            + " as estimated, but the intervals reach beyond it."
            + " The next best, bulk letter, is $10 behind (95 % interval −$5 to $25)." + SEARCH,
        ),
        (
            [BEST | {"n": 1}, KEPT],
            (),
            WORTH + " in a single run, which says nothing about chance." + EDGE + FREE + NEXT + SEARCH,
        ),
        (
            [
                BEST | {"low": np.nan, "high": np.nan},
                RIVAL | {"behind_low": np.nan, "behind_high": np.nan},
                RIVAL,
                KEPT,
            ],
            (),
            WORTH + ", most of it in few of 30 runs on fresh luck, too few for an interval." + EDGE + FREE
            + " It is not told apart from bulk letter nor from 1 more: $10 ahead (most of it in few runs, too few for "
            "an interval)." + SEARCH,
        ),
        (
            [BEST | {"low": -10.0, "beyond": "a price rise of 300 %"}, KEPT | {"feasible": False}],
            (),
            WORTH + " (95 % interval over 30 runs on fresh luck: −$10 to $6,000, which does not exclude that it is "
            "worth nothing)." + EDGE + " The paid exit goes beyond what is known of how people react (a price rise of "
            "300 %), so its figures are a guess, kept to the pessimistic side." + FREE
            + " Nothing else stayed within the budget." + SEARCH,
        ),
        (
            [
                BEST | {"value_in_search": np.nan},
                RIVAL | {"behind_best": 0.0, "behind_low": 0.0, "behind_high": 0.0},
                RIVAL,
                KEPT,
            ],
            (),
            WORTH + SURE + EDGE + FREE + " It is not told apart from bulk letter nor from 1 more: in every run it is "
            "worth just as much." + COUNT + ".",
        ),
        (
            [BEST | {"value_in_search": 5000.4}, KEPT],
            (),
            WORTH + SURE + EDGE + FREE + NEXT + COUNT + "; the search, on other luck, had put this one at $5,000.",
        ),
        (
            [BEST_KEPT, OTHER],
            (),
            KEEPING + "(95 % interval over 30 runs on fresh luck: −$900 to −$100)." + COUNT + ".",
        ),
        (
            [BEST_KEPT | {"alike": "paid exit (payment 5)"}, OTHER | {"high": 100.0}],
            (),
            KEEPING + "(95 % interval over 30 runs on fresh luck: −$900 to $100, which does not exclude that it is "
            "worth as much). Just the same, in every run: paid exit (payment 5)." + COUNT + ".",
        ),
        (
            [BEST_KEPT | {"alike": "paid exit (payment 5)"}],
            (),
            "Recommended: keeping everyone. Just the same, in every run: paid exit (payment 5)." + COUNT + ".",
        ),
        (
            [BEST_KEPT, RIVAL | {"feasible": False}, OTHER | {"feasible": False, "expected_net_value": 5000.0}],
            BUDGETS,
            "Recommended: keeping everyone. Nothing else that was re-run stays within the budget (es95<=2000 and "
            f"national<=0.1); without it the best was {NAME}, worth $5,000 (95 % interval over 30 runs on fresh luck: "
            "−$900 to −$100)." + COUNT + ".",
        ),
        (
            [BEST | {"feasible": False}, KEPT | {"feasible": False}],
            BUDGETS,
            f"{NOTHING}; {NAME} comes nearest, worth $5,000 more than that over 36 months." + SEARCH,
        ),
        (
            [BEST_KEPT | {"feasible": False}, OTHER | {"feasible": False}],
            BUDGETS,
            f"{NOTHING}, which comes nearest." + COUNT + ".",
        ),
    ],
)  # fmt: skip
def test_every_kind_of_recommendation_word_for_word(rows, limits, text):
    assert words(Recommendation(question(budgets=limits), pd.DataFrame(rows), TRIED, "k")) == text


def test_when_all_were_tried_it_is_said():
    everything = pd.DataFrame({"candidate": ["k"] * 60})
    text = words(Recommendation(question(), pd.DataFrame([BEST_KEPT, OTHER]), everything, "k"))
    assert text.endswith("−$100). All 60 candidates were tried.")


@pytest.mark.parametrize(
    ("measure", "text"), [("es95", "−$1 k"), ("var95", "+$300"), ("national", "5 %"), ("loss", "20 %"), ("lost", "12")]
)
def test_a_risk_in_a_cell(measure, text):
    assert risk_text(pd.Series(BEST | {"var95": -300.0}), measure, Figures.plain("USD")) == text


def test_what_a_notebook_shows_of_a_recommendation():
    rows = pd.DataFrame([BEST, RIVAL, KEPT | {"feasible": False}])
    found = Recommendation(question(budgets=(Budget("lost", 20.0), *BUDGETS)), rows, TRIED, "k")
    shown = recommended(found)
    assert (shown.title, shown.texts) == ("First look", [words(found)])
    assert shown.heads == [
        "policy and levers", "expected net value", "profitable customers lost", "net value, worst 5 % of runs",
        "national news", "within budget",
    ]  # fmt: skip
    assert shown.rows == [
        ["paid exit: payment 100, per_day 8", "$5,000 ($4,000 to $6,000)", "12", "−$1 k", "5 %", "yes"],
        ["bulk letter: as given", "$4,990 ($4,000 to $6,000)", "12", "−$1 k", "5 %", "yes"],
        ["keep", "$0", "12", "−$1 k", "5 %", "no"],
    ]


# -- rows on fresh luck --------------------------------------------------------------------------------------


def stood(candidate, net, asked, **more):
    return standing(candidate, table(x={"net_value": np.asarray(net, dtype=float), **more}), asked)


def test_a_row_on_fresh_luck_has_every_figure_with_its_ends():
    asked, n = question(budgets=(Budget("lost", 4.0),)), 8
    net, lost = 100.0 + np.arange(n), np.array([3.0, 4.0, 3.0, 4.0, 3.0, 4.0, 3.0, 4.0])
    candidate = next(c for c in asked.space.candidates() if c.base == "paid exit")
    runs = {"lost_profitable": lost, "lost_to_story": lost, "national_coverage": np.repeat([0.0, 1.0], 4)}
    s = stood(candidate, net, asked, **runs)
    row = fresh_luck._row(s, asked)
    made = table(x={"net_value": net, **runs})
    assert list(row) == [
        "candidate", "policy", "levers", "settings", "expected_net_value", "low", "high", "lost", "lost_low",
        "lost_high", "es95", "es95_low", "es95_high", "national", "national_low", "national_high", "loss",
        "loss_low", "loss_high", "feasible", "surely_feasible", "n", "beyond",
    ]  # fmt: skip
    assert [row["candidate"], row["policy"], row["levers"]] == [candidate.key, "paid exit", candidate.text]
    wanted = summary(made).set_index("indicator").loc["net_value"]
    found = [row["expected_net_value"], row["low"], row["high"]]
    assert found == pytest.approx([wanted["mean"], wanted["low"], wanted["high"]], nan_ok=True)
    for measure in ("lost", "es95", "national", "loss"):
        assert [row[measure], row[f"{measure}_low"], row[f"{measure}_high"]] == pytest.approx(
            list(measured(measure, made)), nan_ok=True
        )
    assert (row["lost"], row["feasible"], row["surely_feasible"], row["n"], row["beyond"]) == (3.5, True, False, 8, "")
    kept = fresh_luck._row(stood(Candidate("keep"), np.zeros(n), asked), asked)
    assert kept["levers"] == ""
    assert [kept[f"{m}{e}"] for m in ("lost", "es95", "national", "loss") for e in ("", "_low", "_high")] == [0.0] * 12
    assert (kept["low"], kept["high"], kept["surely_feasible"]) == (0.0, 0.0, True)


def test_a_gain_that_hangs_on_something_rare_has_no_ends_in_the_frontier():
    asked, n = question(), 10
    lost = np.array([1.0, 1.0, 0, 0, 0, 0, 0, 0, 0, 0])
    candidate = next(c for c in asked.space.candidates() if c.base == "paid exit")
    s = stood(candidate, 100.0 + np.arange(n) - 1e5 * lost, asked, profit_lost_story=-1e5 * lost, lost_to_story=lost)
    row = fresh_luck._row(s, asked)
    assert np.isnan(row["low"]) and np.isnan(row["high"])


def test_how_far_the_best_is_ahead():
    asked = question()
    candidates = list(asked.space.candidates())[:2]
    best, other = (stood(c, 100.0 * k + np.arange(6.0), asked) for c, k in zip(candidates, (2, 1), strict=True))
    assert fresh_luck._against(best, best) == {
        "behind_best": 0.0, "behind_low": 0.0, "behind_high": 0.0, "told_apart": False,
    }  # fmt: skip
    found = fresh_luck._against(other, best)
    assert found == {"behind_best": 100.0, "behind_low": 100.0, "behind_high": 100.0, "told_apart": True}
    searched = fresh_luck._searched(best, {candidates[0].key: (7.0, 40)})
    assert searched == {"value_in_search": 7.0, "runs_in_search": 40}
    assert fresh_luck._searched(other, {})["runs_in_search"] == 0
    assert np.isnan(fresh_luck._searched(other, {})["value_in_search"])


def test_what_was_tried_is_told_the_best_first():
    asked = question(budgets=(Budget("lost", 4.0),))
    candidates = list(asked.space.candidates())[:2]
    s = [stood(c, k + np.zeros(3), asked) for c, k in zip(candidates, (1.0, 2.0), strict=True)]
    found = recommendation.tried_table(s)
    assert found["candidate"].tolist() == [candidates[1].key, candidates[0].key]
    assert list(found) == [
        "candidate", "policy", "levers", "value_in_search",
        *(f"{name}_in_search" for name in s[0].risks), "feasible_in_search", "runs_in_search",
        *dict(candidates[0].levers),
    ]  # fmt: skip
    first = found.iloc[0]
    assert (first["value_in_search"], first["runs_in_search"], first["feasible_in_search"]) == (2.0, 3, True)
    assert (first["policy"], first["levers"]) == (candidates[1].base, candidates[1].text)


def test_progress_says_what_is_done():
    told = []
    _telling(lambda *said: told.append(said), "step.racing")(3, 9, "letter")
    assert told == [(3, 9, "racing: letter")]
