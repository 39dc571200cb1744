"""What a user is told of a study that does not vary what it seems to vary, or whose analysis cannot be whole."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from wom_sim.cli import main

TOWN = """
name = "small town"
[population]
customers = 400
[choose]
limit = 20
[run]
days = 30
[behaviour.leaving]
chi = {low = 0.1, mode = 0.2, high = 0.5}
beta = {low = 0.1, mode = 0.4, high = 0.8}
[[policies]]
name = "bulk letter"
use = "bulk_letter"
[[policies]]
name = "paid exit"
use = "paid_exit"
"""
PAYMENT = '[[factors]]\nkey = "policies.paid exit.payment"\nlow = 10.0\nhigh = 1000.0\n'
BETA = '[[factors]]\nkey = "behaviour.leaving.beta"\nlow = 0.1\nhigh = 0.8\n'
LIMIT = '[[factors]]\nkey = "choose.limit"\nlow = 5\nhigh = 30\n'
FRAMING = '[[factors]]\nkey = "policies.bulk letter.framing"\nvalues = ["neutral", "thanks_and_explains"]\n'


@pytest.fixture
def sweep(capsys, monkeypatch, tmp_path):
    """Run a command on a study; return exit code, and all that was said, in one line."""
    monkeypatch.chdir(tmp_path)
    Path("town.toml").write_text(TOWN)

    def command(*arguments):
        with pytest.raises(SystemExit) as ended:
            main(("sweep", *arguments))
        printed = capsys.readouterr()
        return ended.value.code or 0, " ".join(f"{printed.out} {printed.err}".split())

    return command


def study(design, *factors, replications=2, more=""):
    outputs = '["net_value", "extra_profitable", "told"]'
    head = f'scenario = "town.toml"\nname = "s"\nseed = 1\noutputs = {outputs}\nreplications = {replications}\n'
    Path("study.toml").write_text(f"{head}{more}\n[design]\n{design}\n{''.join(factors)}")


def run_all(sweep, most=0):
    code, said = sweep("run", "study.toml", "--out", "out", "--workers", "1")
    assert code == most, said
    code, analysed = sweep("analyse", "out", "--no-charts")
    assert code == 0, analysed
    return said, analysed


def index():
    return json.loads(Path("out/analysis/analysis.json").read_text())


LETTER = 'policies = ["bulk letter"]'
UNUSED = "policies.paid exit.payment is not used by any policy of this study: it changes no result, and its effect is "


@pytest.mark.parametrize(
    "design",
    [
        'kind = "sobol"\nsamples = 8', 'kind = "morris"\nsamples = 6', 'kind = "latin_hypercube"\nsamples = 24',
        'kind = "one_at_a_time"', 'kind = "grid"',
    ],
)  # fmt: skip
def test_a_factor_that_no_policy_uses_is_said_and_swings_nothing(sweep, design):
    steps = "steps = 3\n" if "grid" in design else ""
    study(design, PAYMENT + steps, BETA + steps, more=LETTER)
    assert UNUSED in sweep("plan", "study.toml", "--out", "out", "--no-probe")[1]
    said, analysed = run_all(sweep)
    assert UNUSED in said and UNUSED in analysed
    assert index()["idle"] == ["policies.paid exit.payment"]
    zeros = {
        "effects": ("swing", "low", "high"),
        "sobol": ("first", "total"),
        "prcc": ("prcc",),
        "morris": ("mu_star",),
    }
    for name, columns in zeros.items():
        path = Path(f"out/analysis/{name}.csv")
        if path.is_file():
            table = pd.read_csv(path)
            mine = table[table["factor"] == "policies.paid exit.payment"]
            assert len(mine) and (mine[list(columns)] == 0.0).all(axis=None), name


def test_a_factor_that_one_policy_uses_is_not_complained_of(sweep):
    study('kind = "latin_hypercube"\nsamples = 8', PAYMENT, BETA)
    assert "not used" not in sweep("plan", "study.toml", "--out", "out", "--no-probe")[1]
    run_all(sweep)
    assert index()["unused"]["policies.paid exit.payment"] == ["bulk letter"]


def test_distributions_of_the_scenario_are_said_to_stand_at_their_central_values(sweep):
    study('kind = "latin_hypercube"\nsamples = 4', BETA, LIMIT)
    told = "A number is given as a distribution, and every run takes its central value: behaviour.leaving.chi = 0.2. "
    assert told in sweep("plan", "study.toml", "--out", "out", "--no-probe")[1]
    said, analysed = run_all(sweep)
    assert told in said and told in analysed, "beta is varied, so that it is not among them"
    assert index()["central"] == {"behaviour.leaving.chi": 0.2}
    study('kind = "latin_hypercube"\nsamples = 4', LIMIT)
    assert "2 numbers are given as distributions" in sweep("plan", "study.toml", "--out", "two", "--no-probe")[1]


def test_a_word_is_screened_as_a_number_is(sweep):
    study('kind = "morris"\nsamples = 4', FRAMING, LIMIT, replications=1)
    _, analysed = run_all(sweep)
    table = pd.read_csv("out/analysis/morris.csv")
    assert set(table["factor"]) == {"policies.bulk letter.framing", "choose.limit"}
    assert table["mu_star"].notna().all()
    assert "For other designs than morris, and so not there: levels, effects, interactions" in analysed


def test_points_that_fail_are_said_with_what_is_left_out_for_them_and_what_helps(sweep):
    ties = '[[factors]]\nkey = "network.ties"\nlow = 3\nhigh = 9\n'
    odd = f'{LETTER}\nset = {{network.kind = "random_regular", population.customers = 401}}'
    study('kind = "sobol"\nsamples = 8', ties, LIMIT, replications=1, more=odd)
    _, analysed = run_all(sweep, most=3)
    gone = index()["missing"]["bulk letter"]
    assert 0 < gone < 32
    assert f"{gone} of 32 points have no run of bulk letter (failures.csv says why)" in analysed
    assert (
        f"sobol.csv is left out: {gone} of 32 points have no run of bulk letter, and every point is needed." in analysed
    )
    assert "narrow the factors so that none does, or run them again (sweep run ... --retry-failed)" in analysed


def test_pairs_of_factors_are_told_where_their_points_were_run(sweep):
    study('kind = "sobol"\nsamples = 8\nsecond_order = true', BETA, LIMIT)
    _, analysed = run_all(sweep)
    assert index()["points"] == 8 * (2 * 2 + 2)
    table = pd.read_csv("out/analysis/sobol_pairs.csv")
    assert {"factor", "with", "second", "second_low", "second_high", "beyond_chance"} <= set(table)
    assert "sobol_pairs" not in analysed.partition("For other designs")[2]


@pytest.mark.parametrize(
    ("design", "factors", "said"),
    [
        ('kind = "sobol"\nsamples = 8', (BETA,), "kind = 'sobol' needs at least two factors: with one there"),
        ('kind = "morris"\nsamples = 1', (BETA, LIMIT), "samples: given 1, allowed: 2 or more trajectories"),
        ('kind = "saltelli"\nsamples = 1', (BETA, LIMIT), "samples: given 1, allowed: 2 or more base samples"),
        ('kind = "latin_hypercube"\nsamples = 8\nsecond_order = true', (BETA,), "second_order: means nothing where"),
        ('kind = "morris"\nsamples = 4', (BETA, '[[factors]]\nkey = "choose.limit"\nvalues = [5]\n'),
         "values: has one value; kind = 'morris' needs two or more"),
    ],
)  # fmt: skip
def test_what_no_analysis_could_use_is_refused_before_anything_is_run(sweep, design, factors, said):
    study(design, *factors)
    code, told = sweep("plan", "study.toml", "--out", "out", "--no-probe")
    assert code == 4 and said in told and "Traceback" not in told
    assert not Path("out").exists()
