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

COLUMNS = ("policy", "value_from", "value_to", "people", "money", "moved", "runs")


def draw(table: pd.DataFrame, setting: Setting = PLAIN_SETTING) -> Figure:
    """Return a panel for each policy with a bar for each class of value: how many more leave, and what that is worth.

    Parameters
    ----------
    table
        Columns policy; value_from, value_to: the class of what one customer is worth (currency, minus or plus
        infinity: open); the class below 0 is that of all loss-makers, and who is profitable now, and worth less than
        nothing in the months that count, is in the class above it; people: customers who leave and would have stayed,
        less those kept, a mean over replications;
        money: what that is worth to the firm (currency, below zero: lost); moved: of the policy, the same of those
        who leave in any case, only earlier or later; runs: of how many runs these are the means.
    setting
        Language, page, order of policies, currency.

    Raises
    ------
    ValueError
        When a column is missing, the table is empty, a number is missing, or two rows share policy and class.
    """
    check(table, COLUMNS, ("policy", "value_from"), finite=("people", "money", "moved"))
    words, looks = setting.words, looks_for(table, setting.order)
    ordered = table.sort_values("value_from", kind="stable")
    ends = dict(zip(ordered["value_from"], ordered["value_to"], strict=True))
    classes = list(ends)
    of = {
        p: {r["value_from"]: r for r in ordered[ordered["policy"].astype(str) == p].to_dict("records")} for p in looks
    }
    texts = Texts(
        finding(of, ends, setting, once=table["runs"].min() <= 1),
        words.say("chart.interval.mean" if table["runs"].min() > 1 else "typical.each.lost"),
        words.say("chart.value.how", moved=words.listed([_moved(p, rows, setting) for p, rows in of.items()])),
    )
    names = [Named(_class(start, ends[start], setting)) for start in classes]
    headings = [Named(sentence(words.policy(p)), Face(bold=True, ink=looks[p].ink)) for p in looks]
    told = {(p, c): _told(row, setting) for p, rows in of.items() for c, row in rows.items()}
    plan = Plan(narrowest=0.9, numbers=numbers_width(list(told.values()), BOLD), below=0.35, row=0.34)
    figure, panels = row_page(Opening(texts, setting), names, headings, plan)
    for axes, (policy, rows) in zip(panels, of.items(), strict=True):
        _draw_panel(axes, [rows.get(c) for c in classes], table["people"].to_list(), setting)
        for i, c in enumerate(classes):
            if c in rows:
                ink = FAINT_INK if rows[c]["people"] == 0.0 else readable(GOOD if rows[c]["money"] > 0.0 else BAD)
                write_number(axes, i + 0.5, told[policy, c], plan, Face(ink=ink))
    return finish(figure, [_fact(p, rows, ends, setting) for p, rows in of.items()])


def finding(
    of: Mapping[str, Mapping[float, Mapping[Any, Any]]],
    ends: Mapping[float, float],
    setting: Setting,
    *,
    once: bool = False,
) -> str:
    """Return the chart's title: with which profitable customers the worst policy loses most value.

    ``once``: these are the figures of one run, which differ from the means that are told elsewhere.
    """
    words = setting.words
    mattering = {p: {c: row for c, row in rows.items() if c >= 0.0} for p, rows in of.items()}
    lost = {p: sum(row["people"] for row in mattering[p].values()) for p in of if p != KEEP or len(of) == 1}
    worst = max(lost, key=lambda p: lost[p])
    rows = mattering[worst]
    if lost[worst] <= 0.0 or not any(row["money"] < 0.0 for row in rows.values()):
        return words.say("chart.value.none")
    dearest = min(rows, key=lambda c: rows[c]["money"])
    gone = sum(row["money"] for row in rows.values() if row["money"] < 0.0)
    return sentence(
        words.say(
            f"chart.value.title.{'once' if once else 'mean'}",
            policy=words.policy(worst),
            people=words.count("chart.value.people", lost[worst]),
            share=words.share(rows[dearest]["money"] / gone),
            kind=_class(dearest, ends[dearest], setting),
        )
    )


def _moved(policy: str, rows: Mapping[float, Mapping[Any, Any]], setting: Setting) -> str:
    """Return what those cost who only leave earlier or later, for a policy."""
    moved = setting.words.signed_money(next(iter(rows.values()))["moved"], setting.currency, brief=True)
    return setting.words.say("chart.value.moved", policy=setting.words.policy(policy), amount=moved)


def _class(start: float, end: float, setting: Setting) -> str:
    """Return a class of value in words."""
    words = setting.words
    low, high = (words.money(v, setting.currency, brief=True) if math.isfinite(v) else "" for v in (start, end))
    if start == -math.inf:
        return words.say("chart.value.loss_makers")
    if start == 0.0:
        return words.say("chart.value.less", high=high)
    if end == math.inf:
        return words.say("chart.value.more", low=low)
    return words.say("chart.from_to", low=low, high=high)


def _told(row: Mapping[Any, Any], setting: Setting) -> str:
    words = setting.words
    shown = round(row["people"], 1)
    return f"{words.signed_people(shown)} ({words.signed_money(row['money'], setting.currency, brief=True)})"


def _draw_panel(
    axes: Axes, rows: Sequence[Mapping[Any, Any] | None], all_people: Sequence[float], setting: Setting
) -> None:
    """Draw a policy's bars, on one scale for all: right who leaves, left who is kept; green where the firm gains."""
    value_axis(axes, all_people, setting.words.number, plain=True)
    for i, row in enumerate(rows):
        if row is not None and row["people"]:
            colour = GOOD if row["money"] > 0.0 else BAD
            axes.barh([i + 0.5], [row["people"]], 0.62, color=colour, edgecolor=colour, linewidth=1.0)


def _fact(policy: str, rows: Mapping[float, Mapping[Any, Any]], ends: Mapping[float, float], setting: Setting) -> str:
    told = [f"{_class(c, ends[c], setting)}: {_told(row, setting)}" for c, row in rows.items() if row["people"]]
    return f"{sentence(setting.words.policy(policy))}: {'; '.join(told) or setting.words.number(0.0)}."
