"""Titles and numbers of charts against what is drawn: nothing undecided is told as decided, no chance as a finding."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from chart_tables import breakeven, response, sobol, tornado

from wom_sim.charts import CHARTS, Setting, alt_text
from wom_sim.charts.names import factor_said
from wom_sim.words import Words

DRAW = {chart.name: chart.draw for chart in CHARTS}


def title(name, table, lang="en"):
    """The title of a chart, which its alternative text begins with."""
    return alt_text(DRAW[name](table, Setting("Town", lang=lang))).partition(". Town")[0]


def hatched(figure):
    """How many cells of a map are hatched."""
    return sum(patch.get_hatch() is not None for axes in figure.axes for patch in axes.patches)


def gains(by=6e5, names=("bulk letter",), level=4e6):
    """A map on which every policy gains on average, with intervals that reach so far to either side."""
    table = breakeven(names)
    difference = level + 0.01 * table["difference"]
    return table.assign(difference=difference, low=difference - by, high=difference + by)


# -- where gain turns into loss ------------------------------------------------------------------------------


def test_a_gain_everywhere_is_told_only_where_no_cell_is_hatched():
    assert title("breakeven", gains()) == "Every policy gains over the whole range"
    assert hatched(DRAW["breakeven"](gains())) == 0


@pytest.mark.parametrize(("sign", "word"), [(1.0, "gains"), (-1.0, "loses")])
def test_hatched_cells_are_counted_in_the_title(sign, word):
    table = gains()
    wide = table.index[:5]
    table.loc[wide, "low"] -= 9e6
    table.loc[wide, "high"] += 9e6
    table[["difference", "low", "high"]] *= sign
    if sign < 0.0:
        table[["low", "high"]] = table[["high", "low"]].to_numpy()
    said = title("breakeven", table)
    assert said == f"Every policy {word} on average over the whole range; 5 of 24 points are undecided"
    assert hatched(DRAW["breakeven"](table)) == 5
    assert title("breakeven", table, "nl").endswith("5 van 24 punten zijn onbeslist")


def test_where_every_cell_is_hatched_no_policy_is_said_to_gain():
    assert title("breakeven", gains(by=9e6)) == "No policy can be told from keeping everyone at any of the 24 points"
    turning = breakeven(["bulk letter"])
    wide = turning.assign(low=turning["difference"] - 1e9, high=turning["difference"] + 1e9)
    assert title("breakeven", wide) == "No policy can be told from keeping everyone at any of the 24 points"
    assert "is undecided everywhere" in alt_text(DRAW["breakeven"](gains(by=9e6)))


def test_a_break_even_is_told_as_found_only_where_both_sides_are_sure():
    table = breakeven(["bulk letter"])
    assert title("breakeven", table).startswith("Bulk letter breaks even where")
    assert "undecided" not in title("breakeven", table)
    one_side = table.assign(low=table["low"].where(table["difference"] > 0.0, table["low"] - 9e6),
                            high=table["high"].where(table["difference"] > 0.0, table["high"] + 9e6))  # fmt: skip
    said = title("breakeven", one_side)
    assert said.startswith("Bulk letter breaks even where") and "points are undecided" in said


def test_policies_of_which_one_is_undecided_are_told_apart_in_the_text():
    sure, open_ = gains(), gains(by=9e6, names=("paid exit",))
    text = alt_text(DRAW["breakeven"](pd.concat([sure, open_])))
    assert text.startswith("Every policy gains on average over the whole range; 24 of 48 points are undecided")
    assert "Bulk letter: gains everywhere." in text and "Paid exit: is undecided everywhere." in text


def test_without_intervals_nothing_is_called_undecided():
    table = gains().assign(low=np.nan, high=np.nan)
    assert title("breakeven", table) == "Every policy gains over the whole range"
    turning = breakeven(["bulk letter"]).assign(low=np.nan, high=np.nan)
    assert "undecided" not in title("breakeven", turning)


# -- what swings the result ----------------------------------------------------------------------------------


def swings(**columns):
    table = tornado(["bulk letter"])
    return table.assign(**{"beyond": True, "used": True} | columns)


def test_what_swings_most_is_the_widest_that_is_more_than_chance():
    widest = title("tornado", swings())
    assert widest.startswith("“How strongly a bad story makes people leave”")
    table = swings()
    table.loc[table["parameter"] == "behaviour.leaving.beta", "beyond"] = False
    assert title("tornado", table).startswith("“National press: share of people that it reaches on the first day")
    assert "Pale: no more than chance shows." in alt_text(DRAW["tornado"](table))
    assert "Pale" not in alt_text(DRAW["tornado"](swings()))
    nothing = "None of the numbers that were varied changes the result by more than chance shows"
    assert title("tornado", swings(beyond=False)) == nothing


def test_a_number_that_is_not_used_has_no_bar_and_is_named_below():
    table = swings().head(4)
    idle = table["parameter"] == "money.cost_per_call"
    table.loc[idle, ["beyond", "used"]] = False
    table.loc[idle, "value_if_high"] = table.loc[idle, "value_if_low"]
    text = alt_text(DRAW["tornado"](table))
    assert "Not used by any policy: “What a service call costs”." in text
    assert "Pale" not in text, "it is not a swing that chance may have made"
    axes = DRAW["tornado"](table).axes[0]
    assert sum(line.get_marker() == "|" for line in axes.lines) == 1


def test_a_factor_that_moves_nothing_for_sure_is_no_title_of_response_curves():
    table = response()
    assert title("response", table.assign(beyond=True)) == title("response", table)
    nothing = "Nothing that was varied moves the result by more than chance shows"
    assert title("response", table.assign(beyond=False)) == nothing
    most = title("response", table).rpartition("depending on ")[2]
    key = next(key for key in table["parameter"].unique() if most == factor_said(key, Words()))
    other = title("response", table.assign(beyond=table["parameter"] != key))
    assert other != title("response", table) and most not in other


# -- shares of variance --------------------------------------------------------------------------------------


def shares(**columns):
    first = {"first_beyond_chance": True, "total_beyond_chance": True, "sum_first": 0.9, "used": True}
    return sobol(["bulk letter"]).assign(**first | columns)


def numbers(figure):
    return [text.get_text() for text in figure.texts]


def test_a_share_that_chance_shows_is_not_printed_as_a_number():
    table = shares()
    weak = table["parameter"] == table["parameter"].iloc[1]
    table.loc[weak, ["first_beyond_chance", "total_beyond_chance"]] = False
    figure = DRAW["sobol"](table)
    assert numbers(figure).count("chance") == 1
    assert "“Chance”: a share that cannot be told from what luck shows." in alt_text(figure)
    assert "no share of the variance that can be told from chance" in alt_text(figure)
    assert "chance" not in numbers(DRAW["sobol"](shares()))
    assert "toeval" in numbers(DRAW["sobol"](table, Setting("Town", lang="nl")))


def test_only_what_is_sure_is_told_in_the_title():
    table = shares()
    assert title("sobol", table).endswith("% alone")
    assert "alone" not in title("sobol", table.assign(first_beyond_chance=False))
    assert title("sobol", table.assign(total_beyond_chance=False)).startswith("No factor makes a share")


def test_shares_that_add_up_to_more_than_all_are_called_an_error_of_estimation():
    text = alt_text(DRAW["sobol"](shares(sum_first=1.32)))
    assert "The shares alone add up to 132 % under bulk letter; what is above 100 % is an error of estimation" in text
    assert "add up" not in alt_text(DRAW["sobol"](shares(sum_first=1.0)))


def test_a_factor_that_is_not_used_says_so_in_place_of_a_share():
    table = shares().head(4)
    idle = table["parameter"] == table["parameter"].iloc[2]
    table.loc[idle, ["first", "total", "first_low", "first_high", "total_low", "total_high"]] = 0.0
    table.loc[idle, ["first_beyond_chance", "total_beyond_chance", "used"]] = False
    figure = DRAW["sobol"](table)
    assert numbers(figure).count("not used") == 1 and "chance" not in numbers(figure)
    assert f"Not used by any policy: {factor_said(table['parameter'].iloc[2], Words())}." in alt_text(figure)
