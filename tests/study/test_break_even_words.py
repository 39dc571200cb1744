"""What is said of a break-even, word for word, of answers made by hand."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from small import FIRST, first_look

from wom_sim import load_scenario
from wom_sim.scenario.axes import Axis, axis_of
from wom_sim.study import break_even as be
from wom_sim.study import break_even_words as wording
from wom_sim.study.notebook import broken_even

BETA = Axis("behaviour.leaving.beta", 0.0, 2.0, False, "share of those who hear", "")
DAYS = Axis("notice_days", 1.0, 90.0, True, "days, whole", "")
PAYMENT = Axis("payment", 0.0, 500.0, False, "currency", "")
PLACE = {
    "value": 0.83333, "low": 0.5, "high": math.inf, "rises": True, "lost_profitable": 12.4, "joins_lost": 3.0,
    "reached": 100.0, "let_go": 20.0,
}  # fmt: skip
VERDICTS = ["worse", "undecided", "better"]
OVER = "Money counts over 36 months."
THERE = "There 12 profitable customers are lost and 3 joins, of 20 let go."


@pytest.fixture(scope="module")
def scenario():
    return load_scenario(FIRST, first_look(3))


def points(values, differences, verdicts, beyond=("", "", "")):
    return pd.DataFrame(
        {"value": values, "value2": math.nan, "difference": differences, "low": 0.0, "high": 1.0, "verdict": verdicts,
         "beyond": list(beyond)[: len(values)]}
    )  # fmt: skip


def line(*rows):
    return pd.DataFrame(list(rows), columns=["value", "low", "high", "rises", *be.TOLD])


def said(scenario, axes, table, where, replications=3):
    run = scenario.run.model_copy(update={"replications": replications})
    asked = be.Question("letter", "keep", axes, 3)
    return wording.in_words(be.BreakEven(scenario.model_copy(update={"run": run}), asked, pd.DataFrame(), table, where))


@pytest.mark.parametrize(
    ("axis", "changes", "text"),
    [
        (BETA, {}, "behaviour.leaving.beta is 0.8333 (95 % interval 0.5 to above 2 over 3 replications); above that"),
        (DAYS, {"value": 4.4, "low": -math.inf, "high": 7.0, "rises": False},
         "notice_days is between 4 and 5 days (95 % interval below 1 to 7 over 3 replications); below that"),
        (DAYS, {"value": 4.0}, "notice_days is 4 days (95 % interval 0.5 to above 90 over 3 replications); above that"),
        (PAYMENT, {"value": 123.456, "high": 200.0},
         "payment is 123.5 USD (95 % interval 0.5 to 200 over 3 replications); above that"),
    ],
)  # fmt: skip
def test_where_two_policies_are_worth_the_same(scenario, axis, changes, text):
    found = said(scenario, (axis,), points([0.0, 1.0, 2.0], [-5.0, 1.0, 4.0], VERDICTS), line(PLACE | changes))
    assert found == f"letter is worth as much as keep where {text} it is better. {THERE} {OVER}"


def test_two_places_of_a_single_run(scenario):
    where = line(PLACE, PLACE | {"value": 123.456, "rises": False})
    found = said(scenario, (PAYMENT,), points([0.0, 1.0, 2.0], [-5.0, 1.0, 4.0], VERDICTS), where, replications=1)
    assert found == (
        f"letter is worth as much as keep where payment is 0.8333 USD (a single run: no interval); above that it is "
        f"better. {THERE} letter is worth as much as keep where payment is 123.5 USD (a single run: no interval); "
        f"below that it is better. {THERE} {OVER}"
    )


@pytest.mark.parametrize(
    ("differences", "verdicts", "text"),
    [
        ([5.0, 2.0, 3.0], ["better"] * 3,
         "There is no break-even between 0 and 500: letter is better than keep throughout, by $2 at least over 36 "
         "months (at 250)."),
        ([-5.0, -2.0, -3.0], ["worse", "undecided", "worse"],
         "There is no break-even between 0 and 500: letter is worse than keep throughout on average, though not at "
         "every value beyond doubt, by $2 at least over 36 months (at 250)."),
        ([5.0, 0.004, 3.0], ["better", "undecided", "better"],
         "There is no break-even between 0 and 500: letter is better than keep throughout on average, though not at "
         "every value beyond doubt, if only by less than a cent over 36 months at 250."),
        ([5.0, 0.0, 3.0], ["better", "undecided", "better"],
         "There is no break-even between 0 and 500: letter is better than keep throughout on average, though not at "
         "every value beyond doubt, or worth the same, as at 250."),
        ([0.0, 0.0, 0.0], ["undecided"] * 3, "letter and keep are worth the same at every value of payment."),
    ],
)  # fmt: skip
def test_where_they_are_worth_the_same_nowhere(scenario, differences, verdicts, text):
    assert said(scenario, (PAYMENT,), points([0.0, 250.0, 500.0], differences, verdicts), line()) == text


def test_points_beyond_what_is_known_are_counted_and_the_first_is_told(scenario):
    table = points([500.0, 0.0, 250.0], [3.0, 5.0, 2.0], ["better"] * 3, ["most", "", "more than known"])
    assert said(scenario, (PAYMENT,), table, line()).split(" (at 250). ")[1] == (
        "At 2 of the 3 points the model goes beyond what is known of how people react (the first: more than known); "
        "figures there are a guess, kept to the pessimistic side."
    )


GRID = points([1.0, 0.0, 1.0, 0.0], [3.0, 2.0, 1.0, -1.0], ["better", "better", "undecided", "worse"], [""] * 4)
GRID = GRID.assign(value2=[5.0, 5.0, 0.0, 0.0])
ALONG = pd.DataFrame(
    [(0.0, 0.5, 0.2, 0.8, True), (2.5, 0.33333, 0.1, 0.2, True), (5.0, 0.1, 0.1, 0.1, True)],
    columns=["value2", "value", "low", "high", "rises"],
)
COUNTED = f"{OVER} Of 4 points, letter is better than keep at 2, worse at 1, undecided at 1."


def test_a_map_is_counted_and_one_place_on_its_line_is_told(scenario):
    axes = (BETA, PAYMENT)
    assert said(scenario, axes, GRID, ALONG) == (
        f"{COUNTED} They are equal, for example, where behaviour.leaving.beta is 0.3333 and payment is 2.5; "
        f"breakeven_line.csv has the line."
    )
    assert said(scenario, axes, GRID, ALONG.iloc[:2]).split("; ")[0].endswith("beta is 0.5 and payment is 0")
    assert said(scenario, axes, GRID, ALONG.iloc[:0]) == (
        f"{COUNTED} The mean difference is zero nowhere on this grid."
    )  # fmt: skip
    none = GRID.iloc[:1]
    assert said(scenario, axes, none, ALONG.iloc[:0]).startswith(
        f"{OVER} Of 1 points, letter is better than keep at 1, worse at 0, undecided at 0."
    )


def test_what_a_notebook_shows_of_it(scenario):
    asked = be.Question("letter", "keep", (BETA, PAYMENT), 3)
    found = broken_even(be.BreakEven(scenario, asked, pd.DataFrame(), GRID, ALONG))
    assert found.title == "First look"
    assert found.texts[0].startswith(COUNTED)
    assert found.heads == ["behaviour.leaving.beta", "payment", "letter minus keep", "verdict"]
    assert found.rows == [
        ["0", "0", "−$1 ($0 to $1)", "worse"], ["0", "5", "$2 ($0 to $1)", "better"],
        ["1", "0", "$1 ($0 to $1)", "undecided"], ["1", "5", "$3 ($0 to $1)", "better"],
    ]  # fmt: skip
    one = points([1.0, 0.0], [4.0, -5.0], ["better", "worse"]).assign(low=math.nan)
    alone = broken_even(be.BreakEven(scenario, be.Question("a", "b", (DAYS,), 3), pd.DataFrame(), one, line(PLACE)))
    assert alone.heads == ["notice_days", "a minus b", "verdict"]
    assert alone.rows == [["0", "−$5", "worse"], ["1", "$4", "better"]]


def test_what_it_takes_is_said_before(scenario):
    axes = (axis_of(scenario, "behaviour.leaving.beta", 0, 1), axis_of(scenario, "choose.limit", 1, 2))
    text = wording.plan_in_words(scenario, be.Question("bulk letter", "keep", axes, 3), 1)
    assert text.startswith(
        "bulk letter against keep, behaviour.leaving.beta from 0 to 1 and choose.limit from 1 to 2: 6 points of 3 "
        "replications with 3,300 people, 1 at a time: about "
    )
    assert " GiB of memory (" in text
    assert text.endswith(" available).")


def test_what_does_not_vary_is_named_with_what_does(scenario):
    asked = load_scenario(FIRST, [*first_look(3), "behaviour.leaving.chi={low=0.1,high=0.5}"])
    axes = tuple(axis_of(asked, key, *ends) for key, ends in (
        ("behaviour.leaving.beta", (0, 1)), ("network.acquaintances", (3, 5))))  # fmt: skip
    central = "A number is given as a distribution, and every run takes its central value: behaviour.leaving.chi = 0.3."
    rest = "varied here; compare --worlds draws it, unless worlds.fixed names it."
    both, one = (list(wording.notes(asked, be.Question("bulk letter", "keep", some, 3))) for some in (axes, axes[:1]))
    assert both == [f"{central} Only behaviour.leaving.beta and network.acquaintances are {rest}"]
    assert one == [f"{central} Only behaviour.leaving.beta is {rest}"]


# -- tables from runs ----------------------------------------------------------------------------------------


def runs(**differences):
    """Runs at values of a number, with what is told of the policy; nothing rare differs but in two of six runs."""
    rows = []
    for value, gaps in zip((0.0, 1.0), differences["gaps"], strict=True):
        for replication, gap in enumerate(gaps):
            told = {name: 10.0 * k + value for k, name in enumerate(be.TOLD)}
            rare = float(replication < differences.get("rare", 0))
            rows.append({"value": value, "replication": replication, "difference": gap, **told,
                         "differs in national_coverage": rare})  # fmt: skip
    return pd.DataFrame(rows)


def test_the_table_has_a_row_for_each_value():
    found = runs(gaps=[[-3.0, -1.0, -2.0, -2.0, -1.0, -3.0], [1.0, 3.0, 2.0, 2.0, 1.0, 3.0]])
    table = be._table(found, ["value"], be.Question("letter", "keep", (BETA,), 2))
    assert list(table) == [
        "policy", "parameter", "value", "second", "value2", "difference", "low", "high", "verdict", "against", "n",
    ]  # fmt: skip
    assert table["value"].tolist() == [0.0, 1.0]
    assert table["difference"].tolist() == [-2.0, 2.0]
    assert table["verdict"].tolist() == ["worse", "better"]
    first = table.iloc[0]
    assert (first["policy"], first["against"], first["parameter"], first["second"], first["n"]) == (
        "letter", "keep", "behaviour.leaving.beta", "", 6,
    )  # fmt: skip
    assert table["value2"].isna().all()
    assert (table["low"] < table["difference"]).all() and (table["difference"] < table["high"]).all()


def test_what_hangs_on_something_seen_in_few_runs_has_no_ends():
    """The two runs with national news make most of the difference; where there are six, there are ends."""
    gaps = [[2.0, 2.0, 1.0, 1.1, 0.9, 1.0]] * 2
    asked = be.Question("letter", "keep", (BETA,), 2)
    seldom, often = (be._table(runs(gaps=gaps, rare=k), ["value"], asked) for k in (2, 6))
    assert seldom[["low", "high"]].isna().all(axis=None)
    assert set(seldom["verdict"]) == {"undecided"}
    assert often[["low", "high"]].notna().all(axis=None)


def test_what_is_told_where_they_are_equal_is_straight_between_the_points():
    gaps = [[1.0, 2.0], [1.0, 2.0]]
    assert be._there(runs(gaps=gaps), be.Zero(0.25, 0.0, 1.0, True)) == {
        name: 10.0 * k + 0.25 for k, name in enumerate(be.TOLD)
    }  # fmt: skip


def test_a_second_number_is_named_in_the_table():
    found = runs(gaps=[[1.0, 2.0], [1.0, 2.0]]).assign(value2=7.0)
    table = be._table(found, ["value", "value2"], be.Question("letter", "keep", (BETA, PAYMENT), 2))
    assert table["second"].tolist() == ["payment", "payment"]
    assert table["value2"].tolist() == [7.0, 7.0]


def test_zeros_are_those_of_the_mean_over_replications():
    found = runs(gaps=[[-3.0, -1.0], [1.0, 5.0]])
    (zero,) = be._zeros(found.sample(frac=1.0, random_state=1), 3)
    assert zero.value == pytest.approx(0.4)
    assert zero.rises
    assert np.isfinite([zero.low, zero.high]).all()


# -- where to look next --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("means", "axis", "middles"),
    [
        ([-2.0, 2.0, 4.0], BETA, [0.5]),
        ([-2.0, 2.0, -4.0], BETA, [0.5, 1.5]),
        ([-2.0, 0.0, 4.0], BETA, []),  # the zero is one of the points
        ([1.0, 2.0, 4.0], BETA, []),
        ([-2.0, 2.0, 4.0], DAYS, []),  # no whole number lies between
    ],
)
def test_the_middle_is_run_where_the_sign_changes(means, axis, middles):
    search = object.__new__(be._Search)
    search._rows = [
        {"value": float(at), "replication": r, "difference": mean + luck}
        for at, mean in enumerate(means)
        for r, luck in enumerate((-7.0, 7.0))
    ]
    assert search.between(axis) == middles


def test_the_runs_that_are_told_have_no_columns_of_what_is_rare(scenario):
    search = object.__new__(be._Search)
    search.scenario, search.question = scenario, be.Question("bulk letter", "keep", (BETA,), 2)
    search._names = ("bulk letter", "keep")
    search._rows = runs(gaps=[[-3.0, -1.0], [1.0, 5.0]]).to_dict("records")[::-1]
    found = search.answer()
    assert list(found.runs) == ["value", "replication", "difference", *be.TOLD]
    assert found.runs[["value", "replication"]].to_numpy().tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]]
    assert found.table["beyond"].tolist() == ["", ""]
    (place,) = found.line.to_dict("records")
    assert place["value"] == pytest.approx(0.4)
    assert {name: place[name] for name in be.TOLD} == pytest.approx({n: 10.0 * k + 0.4 for k, n in enumerate(be.TOLD)})
