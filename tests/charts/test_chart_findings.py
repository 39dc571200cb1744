"""What the titles and scales say about given numbers."""

from __future__ import annotations

import re

import pandas as pd
import pytest
from chart_tables import NAMES, over_time
from chart_tables import departures as departures_table
from chart_tables import differences as differences_table
from chart_tables import exceedance as exceedance_table
from chart_tables import ledger as ledger_table
from chart_tables import reached as reached_table
from matplotlib.figure import Figure

from wom_sim.charts import Setting, alt_text, changed, departures, differences, ledger, reached
from wom_sim.charts.page import finish
from wom_sim.words import Words


def texts_of(figure):
    return [text.get_text() for text in figure.texts]


@pytest.mark.parametrize(
    ("ends", "title"),
    [
        ({"keep": 0, "b_c": 22.1e6, "a_b": 9_800}, "B_c reaches 22.1 million people; a_b 9,800"),
        ({"bulk_letter": 22.1e6}, "Bulk letter reaches 22.1 million people"),
        ({"keep": 0}, "Nobody hears of it"),
        ({"a": 0, "b": 0}, "Nobody hears of it"),
        ({"a": 1, "b": 0}, "A reaches one person; b nobody"),
        ({"a": 500.2, "b": 499.9}, "Every policy reaches 500 people"),
    ],
)
def test_title_of_reached(ends, title):
    assert reached.finding(ends, Words()) == title


@pytest.mark.parametrize(
    ("ends", "unclear", "title"),
    [
        ({"a": 6_000, "b": 15, "c": -3}, ["c"], "A drives away 6,000 CUSTOMERS; c has no clear effect"),
        ({"a": 6_000, "b": -40}, [], "A drives away 6,000 CUSTOMERS; b holds 40 who would have left"),
        ({"a": -40}, [], "A holds 40 CUSTOMERS who would have left"),
        ({"a": 3, "b": -3}, ["a", "b"], "No clear effect on the departures of CUSTOMERS"),
        ({"keep": 0, "a": 0}, [], "No clear effect on the departures of CUSTOMERS"),
        ({"a": 3, "b": -40}, ["a"], "A has no clear effect; b holds 40 CUSTOMERS who would have left"),
    ],
)
def test_title_of_departures(ends, unclear, title):
    assert departures.finding(ends, Words(), unclear) == title.replace("CUSTOMERS", "profitable customers")


def test_title_of_differences_takes_the_first_indicator_and_names_best_then_worst():
    title = "Net value against keeping everyone: case by case +€3.1 million, bulk letter −€17.5 million"
    assert differences.finding(differences_table().iloc[:3], Setting(currency="EUR")) == title
    people = differences_table().query("indicator == 'reached'")
    assert differences.finding(people, Setting()).endswith("paid exit +2,000, bulk letter +22.1 million")


def test_net_value_of_the_ledger_is_the_sum_of_its_lines():
    texts = texts_of(ledger.draw(ledger_table()))
    assert "−$17.5 M" in texts  # 3.6 - 8 - 12 - 0.7 - 0.2 - 0.03 - 0.2
    assert "+$3.2 M" in texts  # 3.5 - 0.02 - 0.01 - 0.005 - 0.2 - 0.09
    title = "Bulk letter loses $17.5 million, most of it joins lost (or gained); case by case gains $3.2 million"
    assert " ".join(texts).startswith(title)


def test_a_line_that_is_zero_under_every_policy_is_left_out_of_the_ledger():
    texts = texts_of(ledger.draw(ledger_table()))
    assert "Programme" not in texts
    assert {"Demands of a consumer authority", "Joins lost (or gained)", "Net value"} <= set(texts)


def test_a_net_value_in_the_table_is_not_counted_twice():
    table = ledger_table()
    net = {"policy": "bulk_letter", "line": "net_value", "label": "net", "mean": -17.53e6, "order": 99}
    with_net = pd.concat([table, pd.DataFrame([net])], ignore_index=True)
    assert texts_of(ledger.draw(with_net)) == texts_of(ledger.draw(table))


def test_the_ledger_says_when_panels_have_scales_of_their_own():
    table = ledger_table()
    assert "own scale" not in " ".join(texts_of(ledger.draw(table)))
    table.loc[table["policy"] == "bulk_letter", "mean"] *= 10
    assert "own scale" in " ".join(texts_of(ledger.draw(table)))


@pytest.mark.parametrize("currency", ["USD", "CHF"])
def test_no_number_of_the_ledger_covers_a_bar(currency):
    figure = ledger.draw(ledger_table(NAMES), Setting(currency=currency))
    figure.draw_without_rendering()
    bars = [axes.get_window_extent() for axes in figure.axes]
    for text in figure.texts:
        box = text.get_window_extent()
        assert not any(box.overlaps(bar) for bar in bars), text.get_text()


def test_tenfold_steps_are_used_and_said_only_when_sizes_lie_far_apart():
    for draw, table in ((reached.draw, reached_table()), (departures.draw, departures_table())):
        figure = draw(table)
        assert figure.axes[0].get_yscale() == "symlog"
        assert "ten times more" in " ".join(texts_of(figure))
    for draw in (reached.draw, departures.draw):
        figure = draw(over_time(["a", "b"], [5_000, 200]))
        assert figure.axes[0].get_yscale() == "linear"
        assert "ten times more" not in " ".join(texts_of(figure))


def test_departures_show_zero_and_what_lies_below():
    low, high = departures.draw(over_time(["a", "b"], [-40, -90])).axes[0].get_ylim()
    assert low < -90 < 0 <= high


def test_an_unknown_direction_is_refused():
    table = differences_table()
    table.loc[0, "better"] = "higher"
    with pytest.raises(ValueError, match="'better' holds 'higher'; allowed: 'less', 'more', ''"):
        differences.draw(table)


def test_the_worst_runs_of_the_picture_are_those_of_the_tables():
    from wom_sim.charts import exceedance
    from wom_sim.outcomes.risk import LEVEL

    assert pytest.approx(exceedance._WORST) == 1.0 - LEVEL


def test_brackets_are_explained_only_where_there_are_any():
    from chart_tables import buzz as buzz_table
    from chart_tables import fan as fan_table

    from wom_sim.charts import buzz, fan

    for draw, table in ((fan.draw, fan_table()), (buzz.draw, buzz_table())):
        assert "In brackets" in " ".join(texts_of(draw(table)))
        always = table.assign(share=table["share"].where(table["share"].isna(), 1.0))
        assert "In brackets" not in " ".join(texts_of(draw(always)))


def test_a_picture_of_who_leaves_says_that_its_number_is_net_and_of_one_run():
    from chart_tables import value as value_table

    from wom_sim.charts import value

    many, once = (" ".join(texts_of(value.draw(value_table().assign(runs=n)))) for n in (20, 1))
    assert "customers, less those kept; " in many
    assert not many.startswith("In this run")
    assert "customers, less those kept; " in once
    assert once.startswith("In this run ")


def test_outlets_of_the_package_have_a_name_in_dutch():
    from chart_tables import buzz as buzz_table

    from wom_sim.charts import buzz

    said = " ".join(texts_of(buzz.draw(buzz_table(), Setting(lang="nl"))))
    assert "vakblog" in said
    assert "trade blog" not in said
    own = buzz_table().replace({"outlet": {"trade blog": "our own gazette"}})
    assert "our own gazette" in " ".join(texts_of(buzz.draw(own, Setting(lang="nl"))))


@pytest.mark.parametrize("kind", ["fan", "departures", "channels"])
def test_a_caption_has_the_name_of_what_its_picture_counts(kind):
    from wom_sim.words import catalogue

    caption = catalogue("en")[f"chart.kind.{kind}"].lower()
    what = catalogue("en")["chart.departures.axis"].removesuffix(" so far").lower()
    assert caption.startswith("how often people hear" if kind == "channels" else what)


CHANGED = {"policy": "paid_exit", "indicator": "net_value", "label": "net value", "unit": "currency"}
THEN = {"before": 2e6, "before_low": 1e6, "before_high": 3e6}


@pytest.mark.parametrize(
    ("now", "said"),
    [
        ((4e6, 3.5e6, 4.5e6), "went from $2 million to $4 million, more than by chance"),
        ((4e6, 2.9e6, 5e6), "went from $2 million to $4 million, which may be chance"),
        ((-4e6, -5e6, 0.9e6), "went from $2 million to −$4 million, more than by chance"),
        ((4e6, float("nan"), float("nan")), "went from $2 million to $4 million; whether by chance is not known"),
        ((2e6, 1e6, 3e6), "No policy is worth more or less than before"),
    ],
)
def test_what_moved_most_and_whether_by_chance(now, said):
    row = CHANGED | THEN | dict(zip(("mean", "low", "high"), now, strict=True))
    other = {**CHANGED, "policy": "keep", **THEN, "mean": 2e6, "low": 1e6, "high": 3e6}
    title = changed.finding([other, row], Setting())
    assert title.endswith(said)
    assert title.startswith("Paid exit moved most: net value ") or said.startswith("No policy")


def test_what_was_and_what_is_are_drawn_at_their_values_with_their_intervals():
    row = CHANGED | THEN | {"mean": 4e6, "low": 3.5e6, "high": 4.5e6}
    (axes,) = changed.draw(pd.DataFrame([row]), Setting()).axes
    drawn = {tuple(map(float, line.get_xdata())) for line in axes.lines}
    assert {(2e6, 4e6), (1e6, 3e6), (3.5e6, 4.5e6), (2e6,), (4e6,)} <= drawn
    text = alt_text(changed.draw(pd.DataFrame([row]), Setting()))
    then, now = "$2 million ($1 million to $3 million) before", "$4 million ($3.5 million to $4.5 million) now"
    assert f"Paid exit: {then}, {now}." in text


def test_a_noun_of_the_ledger_keeps_its_capital_in_german():
    facts = alt_text(ledger.draw(ledger_table(), Setting(lang="de")))
    assert "Nettowert" in facts and "nettowert" not in facts
    for name in (Words("de").name("indicator", line) for line in ("handling", "authority", "joins")):
        assert f"{name} −$" in facts, name


def test_what_is_wrapped_beside_a_curve_is_one_fact_in_the_text_of_a_chart_and_ends_once():
    from wom_sim.charts import exceedance

    text = alt_text(exceedance.draw(exceedance_table(), Setting(lang="de", currency="USD")))
    facts = [line for line in text.split("\n") if "schlechteste 5 %:" in line]
    assert len(facts) == 3 and all(
        re.fullmatch(r"[^;]+: Verlust in [^;]+; schlechteste 5 %: [^;]+\.", f) for f in facts
    )


def test_a_fact_that_ends_with_an_abbreviation_ends_once():
    figure = Figure()
    figure.set_label("A title.\nHow to read it.")
    assert alt_text(finish(figure, ["Paid: $ 2,4 Tsd..", "Kept: 5."])).split("\n")[1:3] == [
        "Paid: $ 2,4 Tsd.",
        "Kept: 5.",
    ]
