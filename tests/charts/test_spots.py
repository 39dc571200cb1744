"""A chart that is pointed at says the figures of its table, where they stand."""

from itertools import pairwise

import pandas as pd
import pytest
from chart_tables import NAMES, differences, payback, reached

from wom_sim.charts import differences as differences_chart
from wom_sim.charts import payback as payback_chart
from wom_sim.charts import reached as reached_chart
from wom_sim.charts.setting import Setting
from wom_sim.charts.spots import spots_of
from wom_sim.words import Words, sentence


def at(axes, day):
    """Where a day is, as a share of the page's width."""
    return axes.transData.transform((day, 0.0))[0] / axes.figure.bbox.width


@pytest.mark.parametrize("lang", ["en", "nl"])
def test_a_strip_says_every_policys_value_on_the_day_that_it_covers(lang):
    table, words = reached(NAMES[:3]), Words(lang)
    figure = reached_chart.draw(table, Setting(lang=lang))
    (axes,), spots = figure.axes, spots_of(figure)
    days = sorted(set(table["day"]))
    assert 2 <= len(spots) <= len(days)
    for spot in spots:
        head, *told = spot.text.split("\n")
        day = next(d for d in days if head == words.say("chart.day_is", day=words.number(float(d))))
        assert spot.left <= at(axes, day) + 1e-9 and at(axes, day) <= spot.left + spot.width + 1e-9
        rows = table[table["day"] == day].set_index("policy")["mean"]
        assert told == [f"{sentence(words.policy(p))}: {words.people(rows[p])}" for p in rows.index]


def test_strips_cover_the_axes_once_from_end_to_end():
    figure = reached_chart.draw(reached(NAMES[:3]), Setting())
    (axes,), spots = figure.axes, spots_of(figure)
    box = axes.get_position()
    assert spots[0].left == pytest.approx(box.x0)
    assert spots[-1].left + spots[-1].width == pytest.approx(box.x1)
    for before, after in pairwise(spots):
        assert before.left + before.width == pytest.approx(after.left)
    assert all((spot.top, spot.height) == pytest.approx((1.0 - box.y1, box.height)) for spot in spots)


def test_a_single_day_says_its_value():
    table = reached(NAMES[:2])
    spots = spots_of(reached_chart.draw(table[table["day"] == table["day"].max()], Setting()))
    assert len(spots) == 1 and spots[0].width > 0.0


def test_money_is_said_as_money():
    (first, *_) = spots_of(payback_chart.draw(payback(NAMES[:2]), Setting(currency="EUR")))
    assert "€" in first.text


def test_a_row_says_its_difference_with_its_interval_over_its_own_mark():
    table = differences(NAMES[1:4])
    figure = differences_chart.draw(table, Setting())
    spots, words = spots_of(figure), Words()
    assert len(spots) == len(table)
    for row in table.to_dict("records"):
        label = sentence(words.name("indicator", row["indicator"], row["label"]))
        name = sentence(words.policy(row["policy"]))
        mine = [s for s in spots if s.text.startswith(f"{label}\n{name}: ")]
        assert len(mine) == 1
        low, high = (words.signed_quantity(row[end], row["unit"], "USD") for end in ("low", "high"))
        assert f"{words.signed_quantity(row['mean'], row['unit'], 'USD')}" in mine[0].text
        assert pd.isna(row["low"]) or mine[0].text.endswith(words.say("chart.from_to", low=low, high=high))
        marks = [line for axes in figure.axes for line in axes.lines if line.get_marker() not in ("None", None, "")]
        points = [m.get_transform().transform((m.get_xdata()[0], m.get_ydata()[0])) / figure.bbox.size for m in marks]
        left, top, width, height, _ = mine[0]
        inside = [1 for x, y in points if left <= x <= left + width and top <= 1.0 - y <= top + height]
        assert len(inside) == 1, "one mark, its own"
