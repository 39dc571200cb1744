"""What was learned from what was seen: each number's interval before and after, the most learned of first."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from wom_sim.charts.names import interval_of, number_names, unit_name
from wom_sim.charts.page import Texts, box_of, finish, inches, write
from wom_sim.charts.panels import Opening
from wom_sim.charts.rows import Named, Plan, numbers_width, row_page
from wom_sim.charts.setting import PLAIN_SETTING, Setting
from wom_sim.charts.style import BOLD, FAINT, FAINT_INK, INK, OKABE_ITO, Face, readable
from wom_sim.charts.tables import check

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

BEFORE = ("before_low", "before_median", "before_high")
AFTER = ("low", "median", "high")
COLUMNS = ("key", "meaning", "unit", "learned", *BEFORE, *AFTER, "foretold")
MOST = 10
"""Assumption: so many rows can be read; those most learned of are shown."""
COLOUR = OKABE_ITO["blue"]
PALE = 0.25
_AFTER = Face(bold=True, ink=readable(COLOUR))


def draw(table: pd.DataFrame, setting: Setting = PLAIN_SETTING) -> Figure:
    """Return a row for each number that was learned of; where there is none, the numbers as they were.

    Parameters
    ----------
    table
        Columns key, meaning, unit: of the number; learned: whether anything was learned of it; before_low,
        before_median, before_high, low, median, high: its 90 % interval and median before and after; foretold: the
        share of its variance that what was seen foretells.
    setting
        Language, page.

    Raises
    ------
    ValueError
        When a column is missing, the table is empty, a number is missing, or two rows share key.
    """
    check(table, COLUMNS, ("key",), finite=(*BEFORE, *AFTER, "foretold"))
    words = setting.words
    ranked = sorted(table.to_dict("records"), key=lambda row: (not row["learned"], -row["foretold"], str(row["key"])))
    learned = [row for row in ranked if row["learned"]]
    rows = (learned or ranked)[:MOST]
    names = number_names(ranked, words)
    how = [words.say("chart.learned.how" if learned else "chart.learned.how_nothing")]
    if learned:
        how.append(words.say("chart.learned.count", n=words.number(len(learned)), of=words.number(len(ranked))))
    if len(rows) < len(learned or ranked):
        how.append(words.say("chart.learned.left_out", n=len(rows), of=len(learned or ranked)))
    interval = words.say("chart.learned.interval" if learned else "chart.learned.interval_nothing")
    texts = Texts(finding(ranked, setting), interval, " ".join(how))
    told = [[interval_of([row[end] for end in ends], row["unit"], words) for row in rows] for ends in (BEFORE, AFTER)]
    heads = [words.say("chart.learned.before"), words.say("chart.learned.after")]
    faces = [FAINT, _AFTER]
    if not learned:
        told, heads, faces = told[:1], heads[:1], faces[:1]
    widths = [numbers_width([head, *column], BOLD) for head, column in zip(heads, told, strict=True)]
    plan = Plan(narrowest=1.7, numbers=sum(widths) + 0.1, below=0.1, row=0.3, tallest=0.7)
    heading = Named(words.say("chart.bars_of_worlds"), FAINT)
    figure, (axes,) = row_page(Opening(texts, setting), [_named(row, names, setting) for row in rows], [heading], plan)
    _draw_rows(axes, rows)
    right = box_of(axes).right + 0.1
    for head, column, width, face in zip(heads, told, widths, faces, strict=True):
        right += width
        write(figure, (right, box_of(axes).top + 0.06), head, face, "right bottom")
        for i, text in enumerate(column):
            write(figure, (right, inches(axes, 0.0, i + 0.5)[1]), text, face, "right centre")
    return finish(figure, [_fact(row, names, setting) for row in rows])


def finding(ranked: Sequence[Mapping[Any, Any]], setting: Setting) -> str:
    """Return the chart's title: of which number most was learned, and what; or that nothing was."""
    words, best = setting.words, ranked[0]
    if not best["learned"]:
        return words.count("chart.learned.nothing", len(ranked))
    return words.say(
        "chart.learned.title",
        number=words.say("report.quoted", name=number_names(ranked, words)[str(best["key"])]),
        before=interval_of([best[end] for end in BEFORE], best["unit"], words),
        after=interval_of([best[end] for end in AFTER], best["unit"], words),
    )


def _named(row: Mapping[Any, Any], names: Mapping[str, str], setting: Setting) -> Named:
    """Return a row's name with its unit."""
    unit, name = unit_name(row["unit"], setting.words), names[str(row["key"])]
    return Named(f"{name} ({unit})" if unit else name)


def _scaled(row: Mapping[Any, Any], value: float) -> float:
    """Return a value where 0 is the lower end of the interval before, and 1 the upper; a half where it has no width."""
    width = row["before_high"] - row["before_low"]
    return float((value - row["before_low"]) / width) if width > 0.0 and math.isfinite(width) else 0.5


def _draw_rows(axes: Axes, rows: Sequence[Mapping[Any, Any]]) -> None:
    """Draw each row's interval before, pale, and after, strong, with their medians."""
    ends = [0.0, 1.0, *(_scaled(row, row[end]) for row in rows if row["learned"] for end in ("low", "high"))]
    pad = 0.04 * (max(ends) - min(ends))
    axes.set_xlim(min(ends) - pad, max(ends) + pad)
    axes.set_xticks([])
    for i, row in enumerate(rows):
        middle = _scaled(row, row["before_median"])
        axes.barh([i + 0.5], [1.0], 0.56, left=0.0, color=COLOUR, alpha=PALE, linewidth=0.0)
        axes.plot([middle] * 2, [i + 0.22, i + 0.78], color=FAINT_INK, linewidth=1.6, solid_capstyle="butt")
        if not row["learned"]:
            continue
        low, middle, high = (_scaled(row, row[end]) for end in AFTER)
        axes.barh([i + 0.5], [max(high - low, 0.004)], 0.24, left=low, color=COLOUR, linewidth=0.0)
        mark: Any = {"color": "white", "markeredgecolor": INK, "markersize": 7.5, "clip_on": False, "zorder": 4}
        axes.plot([middle], [i + 0.5], "o", **mark)


def _fact(row: Mapping[Any, Any], names: Mapping[str, str], setting: Setting) -> str:
    words = setting.words
    told = {
        "number": _named(row, names, setting).text,
        "before": interval_of([row[end] for end in BEFORE], row["unit"], words),
    }
    if not row["learned"]:
        return words.say("chart.learned.fact_nothing", **told)
    return words.say("chart.learned.fact", after=interval_of([row[end] for end in AFTER], row["unit"], words), **told)
