"""Break-even of policies: against what is known, and as a command."""

import json

import pandas as pd
import pytest
from dutch import english_in
from small import FIRST, WHOLE, first_look

from wom_sim.scenario import load_scenario
from wom_sim.scenario.axes import axis_of
from wom_sim.study.break_even import Question, break_even
from wom_sim.study.break_even_words import notes
from wom_sim.study.compare import compare

SMALL = [*first_look(3), *WHOLE]


@pytest.fixture(scope="module")
def scenario():
    return load_scenario(FIRST, SMALL)


def test_a_fixed_cost_breaks_even_at_what_the_policy_earns(scenario):
    """Programme costs are paid at once and in full, so that break-even is net value without them, to the cent."""
    table = compare(scenario, workers=1).replications
    earned = table[table["policy"] == "bulk letter"]["net_value"].mean()
    axis = axis_of(scenario, 'policies."bulk letter".programme_cost', 0.0, 4 * abs(earned))
    found = break_even(scenario, Question("bulk letter", "keep", (axis,), 3), workers=1)
    (row,) = found.line.to_dict("records")
    assert row["value"] == pytest.approx(earned, abs=0.02)
    assert row["low"] < row["value"] < row["high"]
    assert not row["rises"]
    assert "bulk letter is worth as much as keep where" in found.answer


def test_at_the_scenarios_own_value_it_is_what_compare_says(scenario):
    axis = axis_of(scenario, "behaviour.leaving.beta", 0.4, 0.8)
    found = break_even(scenario, Question("bulk letter", "case by case", (axis,), 2), workers=2)
    row = found.table.iloc[0]
    gap = (
        compare(scenario, workers=1)
        .differences.query("policy == 'bulk letter' and against == 'case by case' and indicator == 'net_value'")
        .iloc[0]
    )
    told = gap["mean"], gap["low"], gap["high"]
    assert (row["difference"], row["low"], row["high"]) == pytest.approx(told, nan_ok=True), "ends, or none, as there"


def test_without_a_zero_it_says_so(scenario):
    axis = axis_of(scenario, "policies.paid exit.programme_cost", 1e6, 2e6)
    found = break_even(scenario, Question("paid exit", "keep", (axis,), 2), workers=1)
    assert found.line.empty
    assert "There is no break-even between 1e+06 and 2e+06: paid exit is worse than keep throughout" in found.answer


def test_what_does_not_vary_is_said_before():
    asked = load_scenario(FIRST, [*SMALL, "behaviour.leaving.chi={low=0.1,high=0.5}"])
    axes = [axis_of(asked, key, *ends) for key, ends in (("behaviour.leaving.chi", (0.1, 0.5)), (
        "policies.paid exit.payment", (10.0, 300.0)))]  # fmt: skip
    told = list(notes(asked, Question("bulk letter", "keep", (axes[1],), 3)))
    assert told[0] == 'Neither bulk letter nor keep uses policies."paid exit".payment: it changes no result.'
    assert told[1].startswith("A number is given as a distribution, and every run takes its central value: ")
    assert list(notes(asked, Question("bulk letter", "keep", (axes[0],), 3))) == []


def test_two_numbers_give_a_line(scenario):
    """Both costs are paid in full: where one is x, the other may be what is left of the earnings."""
    axes = (
        axis_of(scenario, 'policies."bulk letter".programme_cost', 0.0, 200_000.0),
        axis_of(scenario, 'policies."bulk letter".response.cost', 0.0, 1.0),
    )
    found = break_even(scenario, Question("bulk letter", "keep", axes, 3), workers=1)
    assert len(found.table) == 9
    assert set(found.table["verdict"]) <= {"better", "worse", "undecided"}
    assert found.line["value2"].tolist() == [0.0, 0.5, 1.0]
    assert (found.line["low"] <= found.line["value"]).all()


def test_whole_numbers_and_people_and_ties(scenario):
    limit = axis_of(scenario, "choose.limit", 1, 4)
    found = break_even(scenario, Question("bulk letter", "keep", (limit,), 9), workers=1)
    assert found.table["value"].tolist() == [1.0, 2.0, 3.0, 4.0]
    ties = axis_of(scenario, "network.acquaintances", 3, 5)
    found = break_even(scenario, Question("bulk letter", "keep", (ties,), 2), workers=1)
    assert len(found.table) == 2


SET = [part for text in SMALL for part in ("--set", text)]


def test_the_command_is_dutch_where_asked(command):
    options = ("--policy", "paid exit", "--low", 0, "--high", 500, "--points", 2, "--lang", "nl")
    code, out, err = command("break-even", FIRST, *SET, "--parameter", "payment", *options)
    aside = " ".join(line for line in err.splitlines() if not line.startswith(("wom-sim: warning", "0/", "1/", "2/")))
    assert code == 0 and "betaald vertrek min iedereen behouden: nettowaarde" in " ".join(out.split())
    assert "betaald vertrek tegenover iedereen behouden, " in aside and " van 0 tot 500: " in aside
    assert english_in(f"{out} {aside}", "First look", "payment") == []
    more = ("--second", "choose.limit", "--second-low", 5, "--second-high", 10)
    code, out, _ = command("break-even", FIRST, *SET, "--parameter", "payment", *more, *options)
    assert code == 0 and "horizontaal: " in out and english_in(out, "payment") == []
    code, out, err = command("break-even", FIRST, *SET, "--parameter", "payment", *options[:-1], "xx")
    assert (code, out) == (4, "") and "--lang: given 'xx', allowed: en, nl, de" in err


def test_the_command_writes_what_others_read(command, tmp_path):
    options = ("--policy", "paid exit", "--parameter", "payment", "--low", 0, "--high", 500, "--points", 3)
    code, out, _ = command("break-even", FIRST, *SET, *options, "--out", tmp_path / "new", "--json")
    assert code == 0
    told = json.loads(out)
    table = pd.read_csv(tmp_path / "new" / "breakeven.csv")
    first = ["policy", "parameter", "value", "second", "value2", "difference", "low", "high"]
    assert table.columns.tolist()[:8] == first
    assert len(table) == len(told["points"]) >= 3
    assert (tmp_path / "new" / "breakeven_line.csv").exists()
    code, _, err = command("break-even", FIRST, *SET, *options, "--out", tmp_path / "new")
    assert code == 4
    assert "already holds a break-even" in err


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--policy", "bulk", "--parameter", "behaviour.leaving.beta"], "no policy is named 'bulk'"),
        (["--policy", "keep", "--parameter", "behaviour.leaving.beta"], "'keep' cannot be held against itself"),
        (["--policy", "paid exit", "--parameter", "balance_waived"], "no plausible range is known; give its two ends"),
        (["--policy", "paid exit", "--parameter", "paymnt"], "paymnt: is not a number of this scenario"),
        (["--policy", "paid exit", "--parameter", "money.discount", "--second-low", "1"], "given without --second KEY"),
        (
            ["--policy", "paid exit", "--parameter", "money.discount", "--second", "money.discount"],
            "--second: given money.discount, which is --parameter already",
        ),
    ],
)  # fmt: skip
def test_questions_that_cannot_be_answered(command, options, said):
    code, out, err = command("break-even", FIRST, *SET, *options)
    assert (code, out) == (4, "")
    assert said in err
    assert "Traceback" not in err
