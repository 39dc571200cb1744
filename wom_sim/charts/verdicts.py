"""Each policy over the possible worlds: how often it is best, what it is expected to bring, how much is forgone."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from wom_sim.charts.page import Texts, finish
from wom_sim.charts.panels import Opening
from wom_sim.charts.rows import Named, Plan, numbers_width, row_page, write_number
from wom_sim.charts.setting import PLAIN_SETTING, Setting
from wom_sim.charts.style import BOLD, GRID, Face, Look
from wom_sim.charts.tables import check, looks_for
from wom_sim.charts.values import value_axis
from wom_sim.charts.words import sentence

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLUMNS = (
    "policy", "share_best", "share_best_low", "share_best_high", "expected_net_value", "low", "high", "regret_mean",
    "regret_mean_low", "regret_mean_high", "regret_worst",
)  # fmt: skip


class Measure(NamedTuple):
    """A panel: the value, the ends of its interval, and a column further out ("" if there is none)."""

    name: str
    low: str
    high: str
    beyond: str = ""


MEASURES = (
    Measure("share_best", "share_best_low", "share_best_high"),
    Measure("expected_net_value", "low", "high"),
    Measure("regret_mean", "regret_mean_low", "regret_mean_high", "regret_worst"),
)


def draw(table: pd.DataFrame, setting: Setting = PLAIN_SETTING) -> Figure:
    """Return three panels with a row for each policy, that which is best most often first.

    Parameters
    ----------
    table
        Columns policy; share_best: share of the worlds in which it is best; expected_net_value (currency);
        regret_mean, regret_worst: what is forgone by taking it where another would be better (currency); for the
        first three a column with either end of the 95 % interval, missing if there is none.
    setting
        Language, page, order of policies, currency.

    Raises
    ------
    ValueError
        When a column is missing, the table is empty, a number is missing, or two rows share a policy.
    """
    check(table, COLUMNS, ("policy",), finite=("share_best", "expected_net_value", "regret_mean", "regret_worst"))
    words, looks = setting.words, looks_for(table, setting.order)
    rows = sorted(table.to_dict("records"), key=lambda row: (-row["share_best"], row["regret_mean"], row["policy"]))
    known = any(math.isfinite(row["low"]) for row in rows)
    interval = words.say("chart.verdicts.interval" if known else "chart.verdicts.unknown")
    texts = Texts(finding(rows, setting), interval, words.say("chart.verdicts.how"))
    names = [
        Named(sentence(words.policy(row["policy"])), Face(bold=True, ink=looks[str(row["policy"])].ink)) for row in rows
    ]
    headings = [Named(words.say(f"chart.verdicts.{measure.name}"), BOLD) for measure in MEASURES]
    told = [_say(measure, row[measure.name], setting) for measure in MEASURES for row in rows]
    plan = Plan(narrowest=1.5, numbers=numbers_width(told, BOLD), below=0.35, row=0.4, tallest=0.95)
    figure, panels = row_page(Opening(texts, setting), names, headings, plan)
    for measure, axes in zip(MEASURES, panels, strict=True):
        _draw_panel(axes, rows, (measure, looks, plan), setting)
    return finish(figure, [_fact(row, setting) for row in rows])


def finding(rows: Sequence[Mapping[Any, Any]], setting: Setting) -> str:
    """Return the chart's title: what is best most often, and what the others, or it, would cost at worst."""
    words, first = setting.words, rows[0]
    if len(rows) == 1 or all(row["share_best"] == first["share_best"] for row in rows[1:]):
        return words.say("chart.verdicts.even")
    said = words.say(
        "chart.verdicts.title" if first["share_best"] < 1.0 else "chart.verdicts.always",
        policy=words.policy(first["policy"]),
        share=words.share(first["share_best"]),
        regret=words.money(first["regret_worst"], setting.currency),
    )
    return sentence(said)


def _say(measure: Measure, value: float, setting: Setting, brief: bool = True) -> str:
    if measure.name == "share_best":
        return setting.words.share(value)
    return setting.words.money(value, setting.currency, brief)


def _draw_panel(
    axes: Axes,
    rows: Sequence[Mapping[Any, Any]],
    how: tuple[Measure, Mapping[str, Look], Plan],
    setting: Setting,
) -> None:
    """Draw a measure of every policy: its mark, its interval, and what lies beyond, with the value in words."""
    measure, looks, plan = how
    columns = [name for name in measure if name and name != measure.name] + [measure.name]
    value_axis(axes, [row[c] for row in rows for c in columns], lambda v: _say(measure, v, setting), plain=True)
    for i, row in enumerate(rows):
        look, at = looks[str(row["policy"])], i + 0.5
        if measure.beyond:
            axes.plot([row[measure.name], row[measure.beyond]], [at] * 2, color=GRID, linewidth=5.0, zorder=2)
            axes.plot([row[measure.beyond]], [at], "|", color=look.ink, markersize=11.0, zorder=3)
        if math.isfinite(row[measure.low]) and math.isfinite(row[measure.high]):
            ends = [row[measure.low], row[measure.high]]
            axes.plot(ends, [at] * 2, color=look.ink, linewidth=2.4, solid_capstyle="butt", zorder=3)
        mark: Any = {"marker": look.marker, "markersize": 9.0, "markeredgecolor": look.ink, "zorder": 4}
        axes.plot([row[measure.name]], [at], color=look.colour, linestyle="none", clip_on=False, **mark)
        write_number(axes, at, _say(measure, row[measure.name], setting), plan, BOLD)


def _fact(row: Mapping[Any, Any], setting: Setting) -> str:
    """Return what one row shows."""
    words = setting.words
    return words.say(
        "chart.verdicts.fact",
        policy=sentence(words.policy(row["policy"])),
        share=words.share(row["share_best"]),
        value=words.money(row["expected_net_value"], setting.currency),
        regret=words.money(row["regret_mean"], setting.currency),
        worst=words.money(row["regret_worst"], setting.currency),
    )
