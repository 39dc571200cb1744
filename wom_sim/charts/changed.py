"""What each policy was worth in an earlier result and is worth now, both with their intervals."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from wom_sim.charts.page import Texts, finish
from wom_sim.charts.panels import Opening
from wom_sim.charts.rows import Named, Plan, numbers_width, row_page, write_number
from wom_sim.charts.setting import PLAIN_SETTING, Setting
from wom_sim.charts.style import BOLD, GRID, Face, Look, paler
from wom_sim.charts.tables import check, looks_for
from wom_sim.charts.values import value_axis
from wom_sim.charts.words import sentence

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ENDS = ("before", "before_low", "before_high", "mean", "low", "high")
COLUMNS = ("policy", "indicator", "label", "unit", *ENDS)
_THEN, _NOW, _PALE = 0.32, 0.68, 0.45

Rows = Sequence[Mapping[Any, Any]]


def draw(table: pd.DataFrame, setting: Setting = PLAIN_SETTING) -> Figure:
    """Return a row for each policy: a hollow mark for what it was worth, a filled one below for what it is now.

    Parameters
    ----------
    table
        Columns policy; indicator; label; unit; before, mean: its mean in the earlier and in the later result;
        before_low, before_high, low, high: the 95 % interval of either, missing where there is none. One indicator.
    setting
        Language, page, order of policies, currency.

    Raises
    ------
    ValueError
        When a column is missing, the table is empty, a mean is missing, or two rows share a policy.
    """
    check(table, COLUMNS, ("policy",), finite=("before", "mean"))
    rows, words, looks = table.to_dict("records"), setting.words, looks_for(table, setting.order)
    known = any(_known(row, "before_low", "before_high") or _known(row, "low", "high") for row in rows)
    texts = Texts(
        finding(rows, setting), words.say("chart.interval.mean95" if known else "chart.interval.none"),
        words.say("chart.changed.how"),
    )  # fmt: skip
    names = [Named(sentence(words.policy(r["policy"])), Face(bold=True, ink=looks[str(r["policy"])].ink)) for r in rows]
    heading = [Named(sentence(_label(rows[0], setting)), BOLD)]
    told = [_both(row, setting) for row in rows]
    plan = Plan(2.1, numbers_width(told, BOLD), below=0.35, row=0.5, tallest=1.0)
    figure, (axes,) = row_page(Opening(texts, setting), names, heading, plan)
    value_axis(axes, [row[end] for row in rows for end in ENDS], lambda value: _say(value, rows[0], setting))
    for i, (row, text) in enumerate(zip(rows, told, strict=True)):
        _draw_row(axes, i, row, looks[str(row["policy"])])
        write_number(axes, i + 0.5, text, plan, BOLD)
    return finish(figure, [_fact(row, setting) for row in rows])


def finding(rows: Rows, setting: Setting) -> str:
    """Return the chart's title: which policy moved most, from what to what, and whether chance may be why.

    >>> row = {"policy": "paid_exit", "indicator": "net_value", "label": "net value", "unit": "currency"}
    >>> row |= {"before": 2e6, "before_low": 1e6, "before_high": 3e6, "mean": 4e6, "low": 3.5e6, "high": 4.5e6}
    >>> finding([row], Setting())
    'Paid exit moved most: net value went from $2 million to $4 million, more than by chance'
    """
    moved = max(rows, key=lambda row: abs(row["mean"] - row["before"]))
    before, value = (_say(moved[end], moved, setting, brief=False) for end in ("before", "mean"))
    key = "same" if before == value else f"moved_{kind(moved)}"
    told = {"policy": setting.words.policy(moved["policy"]), "label": _label(moved, setting)}
    return sentence(setting.words.say(f"chart.changed.{key}", before=before, value=value, **told))


def kind(row: Mapping[Any, Any]) -> str:
    """Return whether both intervals lie ``apart`` or ``overlap``; ``unknown`` where one is missing."""
    if not (_known(row, "before_low", "before_high") and _known(row, "low", "high")):
        return "unknown"
    return "apart" if row["before_high"] < row["low"] or row["high"] < row["before_low"] else "overlap"


def _known(row: Mapping[Any, Any], low: str, high: str) -> bool:
    return math.isfinite(row[low]) and math.isfinite(row[high])


def _label(row: Mapping[Any, Any], setting: Setting) -> str:
    return setting.words.name("indicator", str(row["indicator"]), str(row["label"]))


def _say(value: float, row: Mapping[Any, Any], setting: Setting, brief: bool = True) -> str:
    return setting.words.quantity(value, str(row["unit"]), setting.currency, brief)


def _both(row: Mapping[Any, Any], setting: Setting) -> str:
    before, value = (_say(row[end], row, setting, brief=False) for end in ("before", "mean"))
    return value if before == value else setting.words.say("chart.changed.both", before=before, value=value)


def _draw_row(axes: Axes, i: int, row: Mapping[Any, Any], look: Look) -> None:
    """Draw what was above what is, joined; each with its interval."""
    then, now = i + _THEN, i + _NOW
    axes.plot([row["before"], row["mean"]], [then, now], color=GRID, linewidth=5.0, solid_capstyle="round", zorder=2)
    pale = paler(look.ink, _PALE)
    for at, ends, colour in ((then, ("before_low", "before_high"), pale), (now, ("low", "high"), look.ink)):
        if _known(row, *ends):
            interval = [row[end] for end in ends]
            axes.plot(interval, [at] * 2, color=colour, linewidth=2.2, solid_capstyle="butt", zorder=3)
    mark: Any = {"marker": look.marker, "markersize": 8.5, "markeredgecolor": look.ink, "linestyle": "none"}
    axes.plot([row["before"]], [then], color="white", clip_on=False, zorder=4, **mark)
    axes.plot([row["mean"]], [now], color=look.colour, clip_on=False, zorder=5, **mark)


def _fact(row: Mapping[Any, Any], setting: Setting) -> str:
    """Return what one row shows."""
    words = setting.words

    def told(mean: str, low: str, high: str) -> str:
        text = _say(row[mean], row, setting, brief=False)
        if not _known(row, low, high):
            return text
        ends = (_say(row[end], row, setting, brief=False) for end in (low, high))
        return f"{text} ({words.say('chart.from_to', **dict(zip(('low', 'high'), ends, strict=True)))})"

    both = {"before": told("before", "before_low", "before_high"), "value": told("mean", "low", "high")}
    return words.say("chart.changed.fact", policy=sentence(words.policy(row["policy"])), **both)
