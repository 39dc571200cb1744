"""Charts of studies and of worlds, where they differ from the others: what the contract of all charts does not say."""

from __future__ import annotations

import numpy as np
import pytest
from chart_tables import NAMES, boxes, morris, response, sobol, verdicts
from test_chart_contract import apart, shown

from wom_sim.charts import CHARTS, Setting, alt_text

DRAW = {chart.name: chart.draw for chart in CHARTS}
LONG = 'policies."offer first, then a letter with an apology and help to move".payment'
WORDS = {"policies.letter.framing": ("neutral", "blames_customer", "thanks_and_explains")}


@pytest.mark.parametrize("make", [sobol, morris, response])
def test_a_long_name_of_a_factor_is_wrapped_and_covers_nothing(make):
    table = make().replace({"parameter": {'policies."paid exit".payment': LONG}})
    figure = DRAW[make.__name__](table)
    apart(figure)
    assert "help to move" in " ".join(text.get_text() for text in shown(figure)).replace("\n", " ")


@pytest.mark.parametrize("make", [sobol, morris])
def test_the_largest_factors_are_shown_and_the_others_counted(make):
    text = alt_text(DRAW[make.__name__](make()))
    assert "The 8 largest of 12." in text and "number 7" not in text


@pytest.mark.parametrize(("make", "large"), [(sobol, "total"), (morris, "mu_star")])
def test_a_factor_that_may_be_nothing_gives_no_finding(make, large):
    title = alt_text(DRAW[make.__name__](make().assign(**{f"{large}_low": -0.1}))).split("\n")[0]
    assert title.startswith("No factor")
    assert not alt_text(DRAW[make.__name__](make())).startswith("No factor")


def test_a_share_beyond_all_is_called_an_error_of_estimation():
    table = sobol()
    assert "error of estimation" not in alt_text(DRAW["sobol"](table))
    table[["total", "total_high"]] *= 2.0
    text = alt_text(DRAW["sobol"](table))
    first = "“How strongly a bad story makes people leave” makes nearly all of the variance"
    assert "error of estimation" in text and text.startswith(first)


def test_levels_that_are_words_stand_in_their_order_with_a_bar_each():
    figure = DRAW["response"](response(levels=WORDS))
    apart(figure)
    said = [text.get_text() for text in figure.texts]
    wanted = ["neutral", "blames customer", "thanks and explains"]
    assert [word for word in said if word in wanted] == wanted
    axes = figure.axes[0]
    bars = [line for line in axes.lines if len(line.get_xdata()) == 2 and len(set(line.get_xdata())) == 1]
    assert len(bars) == len(NAMES[1:4]) * len(WORDS["policies.letter.framing"])


def test_one_factor_has_its_lines_named_at_their_ends():
    one = DRAW["response"](response(levels={"choose.limit": (1, 10, 100)}))
    apart(one)
    inks = {text.get_text(): text.get_color() for text in one.texts}
    assert len({inks[name] for name in ("Bulk letter", "Case by case", "Paid exit")}) == 3


def test_without_intervals_the_lines_stay():
    table = response(levels={"choose.limit": (1, 10, 100, 1000)}).assign(low=np.nan, high=np.nan)
    axes = DRAW["response"](table).axes[0]
    assert len([line for line in axes.lines if len(line.get_xdata()) == 4]) == 3
    assert not axes.collections


def test_more_factors_than_can_be_read_are_counted():
    figure = DRAW["response"](response(levels={f"part.of.number_{k}": (1, 2 + k) for k in range(9)}))
    assert len(figure.axes) == 6 and "The 6 largest of 9." in alt_text(figure)


def test_a_finding_that_somebody_wrote_stands_in_place_of_that_computed():
    figure = DRAW["response"](response(), Setting("Town", title="An offer pays from 300 dollars"))
    assert alt_text(figure).startswith("An offer pays from 300 dollars. Town")


def test_verdicts_name_the_policy_that_is_best_most_often():
    assert alt_text(DRAW["verdicts"](verdicts())).startswith("Keep is best in 60 % of the worlds")
    sure = verdicts().assign(share_best=[1.0, 0.0, 0.0, 0.0])
    assert alt_text(DRAW["verdicts"](sure)).startswith("Keep is best in every world that was drawn")
    even = verdicts().assign(share_best=0.25)
    assert alt_text(DRAW["verdicts"](even)).startswith("No policy is best more often")


def test_a_box_of_the_worst_quarter_is_not_said_to_go_wrong():
    assert "goes wrong" in alt_text(DRAW["boxes"](boxes())).split("\n")[0]
    worst = alt_text(DRAW["boxes"](boxes().assign(case="worst quarter"))).split("\n")[0]
    assert "are among its worst quarter" in worst and "goes wrong" not in worst
