"""Who leaves, by what they are worth to the firm."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from wom_sim.charts.page import Texts, finish
from wom_sim.charts.panels import Opening
from wom_sim.charts.rows import Named, Plan, numbers_width, row_page, write_number
from wom_sim.charts.setting import PLAIN_SETTING, Setting
from wom_sim.charts.style import BAD, BOLD, FAINT_INK, GOOD, KEEP, Face, readable
from wom_sim.charts.tables import check, looks_for
from wom_sim.charts.values import value_axis
from wom_sim.charts.words import sentence

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLUMNS = ("policy", "value_from", "value_to", "people", "money", "runs")


def draw(table: pd.DataFrame, setting: Setting = PLAIN_SETTING) -> Figure:
    """Return a panel for each policy with a bar for each class of value: how many more leave, and their value.

    Parameters
    ----------
    table
        Columns policy; value_from, value_to: the class of value lost with one customer (currency, minus or plus
        infinity: open); people: extra departures of customers not told, a mean over replications (below zero:
        prevented); money: the value that goes with them (currency); runs: of how many runs these are the means.
    setting
        Language, page, order of policies, currency.

    Raises
    ------
    ValueError
        When a column is missing, the table is empty, a number is missing, or two rows share policy and class.
    """
    check(table, COLUMNS, ("policy", "value_from"), finite=("people", "money"))
    words, looks = setting.words, looks_for(table, setting.order)
    ordered = table.sort_values("value_from", kind="stable")
    ends = dict(zip(ordered["value_from"], ordered["value_to"], strict=True))
    classes = list(ends)
    of = {
        p: {r["value_from"]: r for r in ordered[ordered["policy"].astype(str) == p].to_dict("records")} for p in looks
    }
    texts = Texts(
        finding(of, ends, setting),
        words.say("chart.interval.mean" if table["runs"].min() > 1 else "typical.each.lost"),
        words.say("chart.value.how"),
    )
    names = [Named(_class(start, ends[start], setting)) for start in classes]
    headings = [Named(sentence(words.policy(p)), Face(bold=True, ink=looks[p].ink)) for p in looks]
    told = {(p, c): _told(row, setting) for p, rows in of.items() for c, row in rows.items()}
    plan = Plan(narrowest=0.9, numbers=numbers_width(list(told.values()), BOLD), below=0.35, row=0.34)
    figure, panels = row_page(Opening(texts, setting), names, headings, plan)
    for axes, (policy, rows) in zip(panels, of.items(), strict=True):
        _draw_panel(axes, [rows.get(c) for c in classes], setting)
        for i, c in enumerate(classes):
            if c in rows:
                ink = FAINT_INK if rows[c]["people"] == 0.0 else readable(BAD if rows[c]["money"] > 0.0 else GOOD)
                write_number(axes, i + 0.5, told[policy, c], plan, Face(ink=ink))
    return finish(figure, [_fact(p, rows, ends, setting) for p, rows in of.items()])


def finding(of: Mapping[str, Mapping[float, Mapping[Any, Any]]], ends: Mapping[float, float], setting: Setting) -> str:
    """Return the chart's title: which customers the worst policy loses most value with."""
    words = setting.words
    lost = {p: sum(row["people"] for row in rows.values()) for p, rows in of.items() if p != KEEP or len(of) == 1}
    worst = max(lost, key=lambda p: lost[p])
    rows = of[worst]
    if lost[worst] <= 0.0 or not any(row["money"] > 0.0 for row in rows.values()):
        return words.say("chart.value.none")
    dearest = max(rows, key=lambda c: rows[c]["money"])
    gains = sum(row["money"] for row in rows.values() if row["money"] > 0.0)
    return sentence(
        words.say(
            "chart.value.title",
            policy=words.policy(worst),
            people=words.count("chart.customers", lost[worst]),
            share=words.share(rows[dearest]["money"] / gains),
            kind=_class(dearest, ends[dearest], setting),
        )
    )


def _class(start: float, end: float, setting: Setting) -> str:
    """Return a class of value in words."""
    words = setting.words
    low, high = (words.money(v, setting.currency, brief=True) if math.isfinite(v) else "" for v in (start, end))
    if start == -math.inf:
        return words.say("chart.value.less", high=high)
    if end == math.inf:
        return words.say("chart.value.more", low=low)
    return words.say("chart.from_to", low=low, high=high)


def _told(row: Mapping[Any, Any], setting: Setting) -> str:
    words = setting.words
    shown = round(row["people"], 1)
    return f"{words.signed_people(shown)} ({words.money(row['money'], setting.currency, brief=True)})"


def _draw_panel(axes: Axes, rows: Sequence[Mapping[Any, Any] | None], setting: Setting) -> None:
    """Draw a policy's bars: to the right who leaves, to the left who is held; green where the firm gains by it."""
    value_axis(axes, [row["people"] for row in rows if row is not None], setting.words.number, plain=True)
    for i, row in enumerate(rows):
        if row is not None and row["people"]:
            colour = BAD if row["money"] > 0.0 else GOOD
            axes.barh([i + 0.5], [row["people"]], 0.62, color=colour, edgecolor=colour, linewidth=1.0)


def _fact(policy: str, rows: Mapping[float, Mapping[Any, Any]], ends: Mapping[float, float], setting: Setting) -> str:
    told = [f"{_class(c, ends[c], setting)}: {_told(row, setting)}" for c, row in rows.items() if row["people"]]
    return f"{sentence(setting.words.policy(policy))}: {'; '.join(told) or setting.words.number(0.0)}."
