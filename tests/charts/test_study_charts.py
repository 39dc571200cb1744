"""Charts of studies at the edges of what a study may bring."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from wom_sim.charts import effects, morris, sobol
from wom_sim.charts.save import png_bytes
from wom_sim.charts.study_page import Saying

LONG = 'policies."offer first, then a letter with an apology and help to move".payment'


def shares(policies=("letter", "one by one"), factors=4, scale=1.0):
    rows = []
    for p, policy in enumerate(policies):
        for k in range(factors):
            size = scale * 0.5 / (1 + k + p)
            ends = {"first_low": size - 0.1 * scale, "first_high": size + 0.1 * scale}
            more = {"total": 1.4 * size, "total_low": 1.2 * size, "total_high": 1.6 * size}
            plane = {"mu_star": size, "mu_star_low": 0.9 * size, "mu_star_high": 1.1 * size}
            spread = {"sigma": 0.6 * size, "sigma_low": 0.4 * size, "sigma_high": 0.7 * size}
            key = LONG if k == 1 else f"behaviour.part.number_{k}"
            rows.append({"policy": policy, "factor": key, "first": size, **ends, **more, **plane, **spread})
    return pd.DataFrame(rows)


def curve(policies=("letter", "telephone"), levels=(1, 10, 100, 1000), scale=1.0):
    rows = [
        {"policy": p, "level": level, "mean": scale * (k + n), "low": scale * (k + n) - 1, "high": scale * (k + n) + 1}
        for n, p in enumerate(policies)
        for k, level in enumerate(levels)
    ]
    return pd.DataFrame(rows)


CASES = {
    "usual": lambda make: make(),
    "one policy": lambda make: make(("letter",)),
    "six policies": lambda make: make(tuple(f"policy number {k}" for k in range(6))) if make is curve else make(),
    "all zeros": lambda make: make(scale=0.0),
    "huge": lambda make: make(scale=1e9),
    "tiny": lambda make: make(scale=1e-7),
    "below zero": lambda make: make(scale=-1.0) if make is curve else make(),
    "many": lambda make: make(levels=tuple(range(1, 40))) if make is curve else make(factors=30),
    "one": lambda make: make(levels=(5,)) if make is curve else make(factors=1),
}
DRAW = {
    "sobol": (shares, lambda t: sobol.draw(t, note="$5 or $9")),
    "morris": (shares, lambda t: morris.draw(t, note="$5 or $9")),
    "effects": (curve, lambda t: effects.draw(t, Saying("A finding", "$5 or $9", "How"), "people", "chance")),
}


@pytest.mark.parametrize("chart", DRAW)
@pytest.mark.parametrize("case", CASES)
def test_draws_within_the_page_and_leaves_its_table_alone(chart, case):
    make, draw = DRAW[chart]
    table = CASES[case](make)
    before = table.copy()
    figure = draw(table)
    figure.draw_without_rendering()
    pd.testing.assert_frame_equal(table, before)
    texts = [t for t in figure.texts if t.get_text()]
    texts += [t for axes in figure.axes for t in axes.get_yticklabels() if t.get_text()]
    assert any("$5 or $9" in text.get_text() for text in texts)
    for text in texts:
        box = text.get_window_extent()
        assert box.x0 >= 0 and box.y0 >= 0 and box.y1 <= figure.bbox.y1, text.get_text()
    for text in figure.texts:
        assert text.get_window_extent().x1 <= figure.bbox.x1, text.get_text()


@pytest.mark.parametrize("chart", DRAW)
def test_same_table_same_bytes(chart):
    make, draw = DRAW[chart]
    assert png_bytes(draw(make())) == png_bytes(draw(make()))


@pytest.mark.parametrize("chart", DRAW)
def test_bad_tables_are_refused(chart):
    make, draw = DRAW[chart]
    table = make()
    with pytest.raises(ValueError, match="'policy' is missing; allowed: "):
        draw(table.drop(columns="policy"))
    with pytest.raises(ValueError, match="empty"):
        draw(table.iloc[:0])
    with pytest.raises(ValueError, match="two rows for policy 'letter'"):
        draw(pd.concat([table, table.head(1)]))


def test_missing_intervals_leave_the_line():
    table = curve().assign(low=np.nan, high=np.nan)
    axes = DRAW["effects"][1](table).axes[0]
    assert len([line for line in axes.lines if len(line.get_xdata()) == 4]) == 2


def test_words_along_stand_in_their_order_with_a_bar_each():
    table = curve(levels=("neutral", "blames_customer", "thanks"))
    axes = DRAW["effects"][1](table).axes[0]
    assert [tick.get_text() for tick in axes.get_xticklabels()] == ["neutral", "blames customer", "thanks"]
    points = [line for line in axes.lines if len(line.get_xdata()) == 3]
    bars = [line for line in axes.lines if len(set(line.get_xdata())) == 1]
    assert len(points) == 2 and len(bars) == 6


def test_the_finding_names_the_factor_that_matters_most():
    assert sobol.finding(shares()) == "Part: number 0 makes 50 % of the variance alone"
    assert morris.finding(shares()) == "Part: number 0 matters most"
