"""Several objectives and drawn worlds: NSGA-II finds a frontier, goes on where it stopped; worlds are common luck."""

from __future__ import annotations

import json

import numpy as np
import pytest
from test_recommend import FILE, answer, question, scenario

from wom_sim import load_scenario
from wom_sim.cli import main
from wom_sim.scenario.uncertain import doubts
from wom_sim.study.drawn_runner import DrawnRunner
from wom_sim.study.recommend_folder import settings
from wom_sim.study.sampler_of_many import SamplerOfMany
from wom_sim.study.standings import Standing, frontier_of


def invented(candidate) -> Standing:
    """Payment brings value and, worse, news; each lever is a part of both, so that the frontier is known."""
    levers = dict(candidate.levers)
    pay, pace = float(levers.get("payment", 0.0)), float(levers.get("per_day", 0.0))
    value = pay + 10.0 * pace + (50.0 if candidate.base == "paid exit" else 0.0)
    risks = {"national": pay / 1000.0 + 0.001 * float(levers["choose.limit"]), "es95": 0.0}
    return Standing(candidate, scenario_runs(candidate), value, risks, 0.0)


def scenario_runs(candidate):
    import pandas as pd

    return pd.DataFrame({"policy": [candidate.key], "net_value": [0.0]})


def asked(sampler, wanted, seen=None):
    calls = []

    def evaluate(candidate):
        calls.append(candidate.key)
        return invented(candidate)

    found = list(sampler(wanted, evaluate, lambda *_: None))
    return found, calls


def test_nsga_finds_more_of_the_frontier_than_it_tries_at_random():
    wanted = question(objectives=("national",), trials=36)
    found, _ = asked(SamplerOfMany(None, 1), wanted)
    every = [invented(c) for c in wanted.space.candidates()]
    true = {s.candidate.key for s, on in zip(every, frontier_of(every, ("national",)), strict=True) if on}
    mine = {s.candidate.key for s in found}
    assert len(mine) == len(found) <= 36 < wanted.space.size
    assert len(true & mine) / len(true) > 1.2 * len(mine) / wanted.space.size


def test_a_search_that_was_stopped_asks_what_it_would_have_asked(tmp_path):
    whole, _ = asked(SamplerOfMany(None, 3), question(objectives=("national",), trials=24))
    path = tmp_path / "q.sqlite"
    first = SamplerOfMany(path, 3)
    asked(first, question(objectives=("national",), trials=12))
    first.close()
    second = SamplerOfMany(path, 3)
    both, calls = asked(second, question(objectives=("national",), trials=24))
    second.close()
    assert [s.candidate.key for s in both][:12] == [s.candidate.key for s in whole][:12]
    assert len(calls) >= 12


def test_genes_and_candidates_are_each_others():
    wanted = question(objectives=("national",))
    many = SamplerOfMany(None, 1)
    for candidate in list(wanted.space.candidates())[::7]:
        trial = many.answer(candidate, invented(candidate), wanted)
        assert many.candidate(trial.params, wanted.space) == candidate
        assert trial.values == [invented(candidate).value, invented(candidate).risks["national"]]  # noqa: PD011


# -- over worlds ---------------------------------------------------------------------------------------------


def test_all_candidates_meet_the_same_worlds_and_worlds_differ():
    loaded = scenario()
    runner = DrawnRunner(loaded, 8)
    first, again = runner._within(3), DrawnRunner(loaded, 8)._within(3)
    assert first == again and first != runner._within(4) != runner._within(11)
    key = runner.drawn[0].key
    assert np.ptp(runner.design.worlds[key]) > 0.0 and len(runner.design.worlds) == 8


def test_a_scenario_in_which_all_is_known_has_no_worlds():
    everything = [d.key for d in doubts(load_scenario(FILE))]
    fixed = load_scenario(FILE, [f"worlds.fixed={json.dumps(everything)}"])
    with pytest.raises(ValueError, match="no number of this scenario is uncertain"):
        DrawnRunner(fixed, 4)


def test_a_frontier_over_worlds_has_regret_with_its_interval():
    found = answer(question(objectives=("national",), over_worlds=True, trials=12, fresh=24))
    table = found.frontier
    assert {"regret", "regret_low", "regret_high", "regret_p90", "national_low", "frontier"} <= set(table)
    assert (table["regret"] >= 0.0).all() and (table["regret_low"] <= table["regret"]).all()
    best = table.loc[table["best"]].iloc[0]
    assert best["feasible"] and table["frontier"].any() and np.isfinite(table["expected_net_value"]).all()
    noted = settings(found.question)
    assert noted["objectives"] == ["national"] and noted["over_worlds"] is True
    assert "regret" not in answer(question(trials=8, fresh=10)).frontier


def test_an_objective_that_is_none_is_refused(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["recommend", str(FILE), "--objective", "fame"])
    assert ended.value.code == 4 and "--objective: given fame, allowed: es95, var95" in capsys.readouterr().err
