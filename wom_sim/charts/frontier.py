"""The frontier of a search: what each finalist is worth, how bad it may get, and how often it is national news."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from wom_sim.charts.page import Texts, finish
from wom_sim.charts.panels import Opening
from wom_sim.charts.rows import Named, Plan, numbers_width, row_page, write_number
from wom_sim.charts.setting import PLAIN_SETTING, Setting
from wom_sim.charts.style import BOLD, GRID, INK, PLAIN, Face, Look
from wom_sim.charts.tables import check, looks_for
from wom_sim.charts.values import value_axis
from wom_sim.charts.words import sentence
from wom_sim.words.levers import levers

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLUMNS = ("policy", "levers", "expected_net_value", "low", "high", "worst", "national", "frontier", "best", "feasible")

Rows = Sequence[Mapping[Any, Any]]


def draw(table: pd.DataFrame, setting: Setting = PLAIN_SETTING) -> Figure:
    """Return two panels with a row for each finalist: expected net value and the worst runs; national news.

    Parameters
    ----------
    table
        Columns policy; levers: what is set, as a search writes it; expected_net_value; low, high: its 95 % interval,
        missing where there is none; worst: mean net value of the worst 5 % of runs; national: share of runs with
        national news; frontier: whether no other finalist is as good in value and in every risk, and better in one;
        best: the one that is recommended; feasible: whether it is within the risk budget. The best first.
    setting
        Language, page, order of policies, currency.

    Raises
    ------
    ValueError
        When a column is missing, the table is empty, a number is missing, or two rows share policy and levers.
    """
    check(table, COLUMNS, ("policy", "levers"), finite=("expected_net_value", "worst", "national"))
    words, rows = setting.words, table.sort_values(["best", "expected_net_value"], ascending=False, kind="stable")
    shown = rows.to_dict("records")
    known = any(math.isfinite(row["low"]) for row in shown)
    how, alike = words.say("chart.frontier.how"), shared(shown)
    if alike:
        how += " " + words.say("chart.frontier.shared", levers=levers(", ".join(alike), words, setting.currency))
    shown = [{**row, "levers": own_levers(row, alike)} for row in shown]
    texts = Texts(finding(shown, setting), words.say("chart.interval.mean95" if known else "chart.interval.none"), how)
    looks = looks_for(rows, setting.order)
    names = [Named(name_of(row, setting), _face(row, looks)) for row in shown]
    headings = [Named(words.say(f"chart.frontier.{panel}"), BOLD) for panel in ("value", "national")]
    told = [[_say(row["expected_net_value"], setting) for row in shown]]
    told.append([words.share(row["national"]) for row in shown])
    plan = Plan(2.0, max(numbers_width(column, BOLD) for column in told), below=0.35, row=0.4, tallest=0.9)
    figure, (values, news) = row_page(Opening(texts, setting), names, headings, plan)
    _draw_values(values, shown, looks, setting)
    _draw_news(news, shown, setting)
    for i, row in enumerate(shown):
        face = BOLD if row["best"] else PLAIN
        write_number(values, i + 0.5, told[0][i], plan, face)
        write_number(news, i + 0.5, told[1][i], plan, face)
    return finish(figure, [_fact(row, setting) for row in shown])


def finding(rows: Rows, setting: Setting) -> str:
    """Return the chart's title: what is recommended, what it is worth, and how that may go."""
    words = setting.words
    best = next((row for row in rows if row["best"]), rows[0])
    key = "nothing" if not best["feasible"] else "keep" if best["policy"] == "keep" else "best"
    ends = {"worth": _say(best["expected_net_value"], setting, False), "worst": _say(best["worst"], setting, False)}
    return sentence(words.say(f"chart.frontier.{key}", best=words.policy_said(str(best["policy"])), **ends))


def shared(rows: Rows) -> list[str]:
    """Return the levers that all finalists but keeping everyone have alike, to be told once."""
    each = [str(row["levers"]).split(", ") for row in rows if row["policy"] != "keep"]
    return [lever for lever in each[0] if all(lever in other for other in each)] if len(each) > 1 else []


def own_levers(row: Mapping[Any, Any], alike: Sequence[str]) -> str:
    """Return the levers of a finalist that not all have alike."""
    return ", ".join(lever for lever in str(row["levers"]).split(", ") if lever not in alike)


def name_of(row: Mapping[Any, Any], setting: Setting) -> str:
    """Return what a finalist is called: its policy, and what is set."""
    words = setting.words
    name, told = sentence(words.policy(str(row["policy"]))), levers(str(row["levers"]), words, setting.currency)
    return words.say("chart.frontier.with", policy=name, levers=told) if told else name


def _face(row: Mapping[Any, Any], looks: Mapping[str, Look]) -> Face:
    return Face(bold=bool(row["best"]), ink=looks[str(row["policy"])].ink)


def _say(value: float, setting: Setting, brief: bool = True) -> str:
    return setting.words.quantity(value, "currency", setting.currency, brief)


def _draw_values(axes: Axes, rows: Rows, looks: Mapping[str, Look], setting: Setting) -> None:
    """Draw the mean of each with its interval, and the worst runs; hollow where another is better in all."""
    value_axis(axes, [row[n] for row in rows for n in ("expected_net_value", "worst", "low", "high")],
               lambda value: _say(value, setting))  # fmt: skip
    for i, row in enumerate(rows):
        look, mean, at = looks[str(row["policy"])], row["expected_net_value"], i + 0.5
        axes.plot([row["worst"], mean], [at] * 2, color=GRID, linewidth=5.0, solid_capstyle="round", zorder=2)
        if math.isfinite(row["low"]):
            axes.plot([row["low"], row["high"]], [at] * 2, color=INK, linewidth=2.0, solid_capstyle="butt", zorder=3)
        axes.plot([row["worst"]], [at], marker="|", markersize=13.0, markeredgewidth=2.4, color=INK, zorder=4)
        mark: Any = {"marker": look.marker, "markersize": 9.0, "markeredgecolor": look.ink, "zorder": 5}
        axes.plot([mean], [at], color=look.colour if row["frontier"] else "white", clip_on=False, **mark)


def _draw_news(axes: Axes, rows: Rows, setting: Setting) -> None:
    """Draw how often each makes the national news."""
    value_axis(axes, [1.0, *(row["national"] for row in rows)], setting.words.share, plain=True)
    axes.barh([i + 0.5 for i in range(len(rows))], [row["national"] for row in rows], height=0.4, color=INK)


def _fact(row: Mapping[Any, Any], setting: Setting) -> str:
    """Return what one row shows."""
    words = setting.words
    values = {"worth": _say(row["expected_net_value"], setting, False), "worst": _say(row["worst"], setting, False)}
    text = words.say("chart.frontier.fact", name=name_of(row, setting), national=words.share(row["national"]), **values)
    if not math.isfinite(row["low"]):
        return f"{text}."
    low, high = (_say(row[end], setting, False) for end in ("low", "high"))
    return f"{text} ({words.say('chart.from_to', low=low, high=high)})."
