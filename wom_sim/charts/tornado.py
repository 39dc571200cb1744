"""Which assumptions decide: the result when a number is low and when it is high, the widest swing first."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from wom_sim.charts.names import factor_name, factor_said
from wom_sim.charts.page import Texts, finish
from wom_sim.charts.panels import Opening
from wom_sim.charts.rows import Named, Plan, row_page
from wom_sim.charts.setting import PLAIN_SETTING, Setting
from wom_sim.charts.style import Face, Look
from wom_sim.charts.tables import check, looks_for
from wom_sim.charts.values import value_axis
from wom_sim.charts.words import sentence

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLUMNS = ("policy", "parameter", "grade", "unit", "low", "high", "value_if_low", "value_if_high")
_TESTED = ("beyond", "used")
MOST = 8
"""Assumption: so many rows can be read; those with the widest swing are shown."""


def draw(table: pd.DataFrame, setting: Setting = PLAIN_SETTING) -> Figure:
    """Return a panel for each policy with a bar for each uncertain number.

    Parameters
    ----------
    table
        Columns policy; parameter: key of the number; grade: how good its source is ("" if unknown); unit of the
        result ("currency", "people"); low, high: the ends of the number's range; value_if_low, value_if_high:
        the mean result, compared with keeping everyone, there. Columns that may be missing: beyond: whether the swing
        is more than chance shows; used: whether the policy uses the number. A row that is neither gives no title.
    setting
        Language, page, order of policies, currency.

    Raises
    ------
    ValueError
        When a column is missing, the table is empty, a result is missing, or two rows share policy and parameter.
    """
    check(table, COLUMNS, ("policy", "parameter"), finite=("value_if_low", "value_if_high"))
    words, looks = setting.words, looks_for(table, setting.order)
    table = table.assign(**{name: table[name].astype(bool) if name in table else True for name in _TESTED})
    widest = (table["value_if_high"] - table["value_if_low"]).abs().groupby(table["parameter"], sort=False).max()
    ranked = sorted(widest.index, key=lambda p: (-widest[p], str(p)))
    shown = ranked[:MOST]
    place = {policy: k for k, policy in enumerate(looks)}
    rows = [row for row in table.to_dict("records") if row["parameter"] in shown]
    rows.sort(key=lambda row: (place[str(row["policy"])], shown.index(row["parameter"])))
    how = words.say("chart.tornado.how")
    if len(ranked) > MOST:
        how += " " + words.say("chart.tornado.left_out", n=MOST, of=len(ranked))
    if any(row["used"] and not row["beyond"] for row in rows):
        how += " " + words.say("chart.tornado.pale")
    idle = [p for p in ranked if not table.loc[table["parameter"] == p, "used"].any()]
    if idle:
        unused = list(dict.fromkeys(factor_said(p, words) for p in idle))
        how += " " + words.say("chart.tornado.idle", names=words.listed(unused))
    texts = Texts(finding(rows, setting), words.say("chart.tornado.interval"), how)
    first = {row["parameter"]: row for row in reversed(rows)}
    names = [Named(_name(first[p], setting)) for p in shown]
    headings = [Named(sentence(words.policy(p)), Face(bold=True, ink=look.ink)) for p, look in looks.items()]
    plan = Plan(narrowest=1.6, below=0.35, row=0.28, tallest=1.0)
    figure, panels = row_page(Opening(texts, setting), names, headings, plan)
    for (policy, look), axes in zip(looks.items(), panels, strict=True):
        of = {row["parameter"]: row for row in rows if str(row["policy"]) == policy}
        _draw_panel(axes, [of.get(p) for p in shown], look, setting)
    facts = [_fact(row, setting) for row in rows]
    return finish(figure, facts)


def finding(rows: Sequence[Mapping[Any, Any]], setting: Setting) -> str:
    """Return the chart's title: what swings the result most, and whether it turns gain into loss."""
    words = setting.words
    sure = [row for row in rows if row["beyond"] and row["value_if_low"] != row["value_if_high"]]
    if not sure:
        return words.say("chart.tornado.nothing")
    widest = max(sure, key=lambda row: abs(row["value_if_high"] - row["value_if_low"]))
    ends = sorted((float(widest["value_if_low"]), float(widest["value_if_high"])))
    turned = ends[0] < 0.0 < ends[1]
    return sentence(
        words.say(
            "chart.tornado.turns" if turned else "chart.tornado.swings",
            parameter=factor_said(widest["parameter"], words),
            policy=words.policy(widest["policy"]),
            low=_say(ends[0], widest, setting),
            high=_say(ends[1], widest, setting),
        )
    )


def _name(row: Mapping[Any, Any], setting: Setting) -> str:
    """Return a row's name: the number, its range, the grade of its source."""
    words = setting.words
    text = factor_name(row["parameter"], words)
    if math.isfinite(row["low"]) and math.isfinite(row["high"]):
        low, high = (setting.level(row["parameter"], row[end]) for end in ("low", "high"))
        ends = words.say("chart.from_to", low=low, high=high)
        text = f"{text}, {ends}"
    grade = "" if row["grade"] != row["grade"] else setting.words.grade(str(row["grade"]))
    return f"{text} [{grade}]" if grade else text


def _say(value: float, row: Mapping[Any, Any], setting: Setting, brief: bool = False) -> str:
    return setting.words.signed_quantity(value, str(row["unit"]), setting.currency, brief)


def _draw_panel(axes: Axes, rows: Sequence[Mapping[Any, Any] | None], look: Look, setting: Setting) -> None:
    """Draw a policy's bars: hollow end where the number is low, full where it is high."""
    known = [row for row in rows if row is not None]
    ends = [row[name] for row in known for name in ("value_if_low", "value_if_high")]
    value_axis(axes, ends, lambda value: _say(value, known[0], setting, brief=True), plain=True)
    for i, row in enumerate(rows):
        if row is None:
            continue
        low, high, ink = row["value_if_low"], row["value_if_high"], 0.45 if row["beyond"] else 0.15
        axes.plot([low, high], [i + 0.5] * 2, color=look.colour, alpha=ink, linewidth=7.0, solid_capstyle="butt")
        if not row["used"]:
            axes.plot([low], [i + 0.5], "|", color=look.ink, markersize=9.0, zorder=4)
            continue
        mark: Any = {"marker": "o", "markersize": 7.0, "markeredgecolor": look.ink, "linestyle": "none", "zorder": 4}
        axes.plot([low], [i + 0.5], color="white", clip_on=False, **mark)
        axes.plot([high], [i + 0.5], color=look.colour, clip_on=False, **mark)


def _fact(row: Mapping[Any, Any], setting: Setting) -> str:
    words = setting.words
    return words.say(
        "chart.tornado.fact",
        policy=sentence(words.policy(row["policy"])),
        parameter=factor_said(row["parameter"], words),
        low=_say(row["value_if_low"], row, setting),
        high=_say(row["value_if_high"], row, setting),
    )
