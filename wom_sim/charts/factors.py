"""Two measures of each factor of a study, with their intervals: a row a factor, a panel a policy."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from wom_sim.charts.names import factor_name, factor_said
from wom_sim.charts.page import Texts, finish
from wom_sim.charts.panels import Opening
from wom_sim.charts.rows import Named, Plan, numbers_width, row_page, write_number
from wom_sim.charts.setting import Setting
from wom_sim.charts.style import BOLD, FAINT_INK, Face, Look
from wom_sim.charts.tables import check, looks_for
from wom_sim.charts.values import value_axis
from wom_sim.charts.words import sentence

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

HEAD = ("policy", "parameter", "indicator", "label", "unit")
MOST = 8
"""Assumption: so many rows can be read; the factors with the largest first measure are shown."""


class Measures(NamedTuple):
    """What a chart shows of each factor.

    ``chart``: whose words are said; ``large``, ``small``: columns of the pale and of the dark bar; ``say``: a value
    in words, from the row that it stands in; ``most``: what the large one cannot exceed but for an error of estimation.
    ``tested``: columns that say whether the large and the small one are beyond chance; a table may be without them.
    ``note``: what else is said below, from the rows.
    """

    chart: str
    large: str
    small: str
    say: Callable[[float, Mapping[Any, Any], Setting], str]
    most: float = math.inf
    tested: tuple[str, str] = ("", "")
    note: Callable[[Sequence[Mapping[Any, Any]], Setting], str] = lambda rows, setting: ""

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the columns of the table."""
        return (*HEAD, *(f"{name}{end}" for name in (self.large, self.small) for end in ("", "_low", "_high")))


def draw_factors(table: pd.DataFrame, measures: Measures, setting: Setting) -> Figure:
    """Return a panel for each policy with two bars, one within the other, for each factor.

    Raises
    ------
    ValueError
        When a column is missing, the table is empty, a measure is missing, or two rows share policy and parameter.
    """
    check(table, measures.columns, ("policy", "parameter"), finite=(measures.large, measures.small))
    words, looks = setting.words, looks_for(table, setting.order)
    largest = table.groupby("parameter", sort=False)[measures.large].max()
    ranked = sorted(largest.index, key=lambda name: (-largest[name], str(name)))
    shown = ranked[:MOST]
    place = {policy: k for k, policy in enumerate(looks)}
    rows = [row for row in table.to_dict("records") if row["parameter"] in shown]
    rows.sort(key=lambda row: (place[str(row["policy"])], shown.index(row["parameter"])))
    how = words.say(f"chart.{measures.chart}.how")
    if len(ranked) > MOST:
        how += " " + words.say("chart.factors.left_out", n=MOST, of=len(ranked))
    if any(row[measures.large] > measures.most and _is_sure(row, measures, 0) for row in rows):
        how += " " + words.say(f"chart.{measures.chart}.beyond")
    note = measures.note(rows, setting)
    how += f" {note}" if note else ""
    idle = [p for p in ranked if "used" in table and not table.loc[table["parameter"] == p, "used"].any()]
    if idle:
        unused = list(dict.fromkeys(factor_said(p, words) for p in idle))
        how += " " + words.say("chart.tornado.idle", names=words.listed(unused))
    known = any(math.isfinite(row[f"{measures.large}_low"]) for row in rows)
    label = sentence(label_of(rows[0], setting))
    interval = words.say(f"chart.factors.{'interval' if known else 'unknown'}", label=label)
    texts = Texts(finding(rows, measures, setting), interval, how)
    names = [Named(factor_name(name, setting.words)) for name in shown]
    headings = [Named(sentence(words.policy(p)), Face(bold=True, ink=look.ink)) for p, look in looks.items()]
    told = [_told(row, measures, setting) for row in rows]
    plan = Plan(narrowest=0.98, numbers=numbers_width(told, BOLD), below=0.35, row=0.3)
    figure, panels = row_page(Opening(texts, setting), names, headings, plan)
    for (policy, look), axes in zip(looks.items(), panels, strict=True):
        of = {row["parameter"]: row for row in rows if str(row["policy"]) == policy}
        draw_panel(axes, [of.get(name) for name in shown], (look, measures, plan), setting)
    return finish(figure, [_fact(row, measures, setting) for row in rows])


def finding(rows: Sequence[Mapping[Any, Any]], measures: Measures, setting: Setting) -> str:
    """Return the chart's title: which factor matters most, and for which policy; or that none stands out."""
    words = setting.words
    clear = [row for row in rows if _is_sure(row, measures, 0) and row[measures.large] > 0.0]
    if not clear:
        return words.say(f"chart.{measures.chart}.nothing")
    top = max(clear, key=lambda row: row[measures.large])
    values = {name: measures.say(top[getattr(measures, name)], top, setting) for name in ("large", "small")}
    alone = "title" if _is_sure(top, measures, 1) else "title_joint"
    text = words.say(
        f"chart.{measures.chart}.{alone if top[measures.large] <= measures.most else 'title_most'}",
        parameter=factor_said(top["parameter"], setting.words),
        policy=words.policy(top["policy"]),
        label=label_of(top, setting),
        **values,
    )
    return sentence(text)


def _is_sure(row: Mapping[Any, Any], measures: Measures, which: int) -> bool:
    """Return whether a measure of a row (0: the large one, 1: the small one) is more than chance shows."""
    column = measures.tested[which]
    if column in row:
        return bool(row[column])
    return bool(row.get("used", True)) and (which == 1 or not row[f"{measures.large}_low"] <= 0.0)


def _told(row: Mapping[Any, Any], measures: Measures, setting: Setting) -> str:
    """Return the larger measure in words; of one that is tested and not beyond chance, that it is so."""
    if not row.get("used", True):
        return setting.words.say("report.study.not_used")
    if measures.tested[0] in row and not row[measures.tested[0]]:
        return setting.words.say(f"chart.{measures.chart}.within_chance")
    return measures.say(row[measures.large], row, setting)


def label_of(row: Mapping[Any, Any], setting: Setting) -> str:
    """Return what an indicator is called: as the catalogue has it, or else as the table says."""
    return setting.words.name("indicator", str(row["indicator"]), str(row["label"]))


def draw_panel(
    axes: Axes, rows: Sequence[Mapping[Any, Any] | None], how: tuple[Look, Measures, Plan], setting: Setting
) -> None:
    """Draw a policy's bars, pale and dark, their intervals, and the larger measure in words."""
    look, measures, plan = how
    known = [row for row in rows if row is not None]
    columns = [f"{name}{end}" for name in (measures.large, measures.small) for end in ("", "_low", "_high")]
    value_axis(
        axes, [row[c] for row in known for c in columns], lambda v: measures.say(v, known[0], setting), plain=True
    )
    for i, row in enumerate(rows):
        if row is None:
            continue
        axes.barh([i + 0.5], [row[measures.large]], 0.68, color=look.colour, alpha=0.28, linewidth=0.0)
        axes.barh([i + 0.5], [row[measures.small]], 0.3, color=look.colour, linewidth=0.0)
        for name, at, ink in ((measures.large, 0.76, FAINT_INK), (measures.small, 0.5, look.ink)):
            ends = [row[f"{name}_low"], row[f"{name}_high"]]
            if all(map(math.isfinite, ends)):
                axes.plot(ends, [i + at] * 2, color=ink, linewidth=1.4, solid_capstyle="butt")
        write_number(axes, i + 0.5, _told(row, measures, setting), plan, BOLD)


def _fact(row: Mapping[Any, Any], measures: Measures, setting: Setting) -> str:
    """Return what one row shows."""
    words = setting.words
    key = "fact"
    if measures.tested[0] in row:
        sure = [_is_sure(row, measures, which) for which in (0, 1)]
        key = "fact" if all(sure) else "fact_joint" if sure[0] else "fact_chance"
        key = key if row.get("used", True) else "fact_idle"
    return words.say(
        f"chart.{measures.chart}.{key}",
        policy=sentence(words.policy(row["policy"])),
        parameter=factor_said(row["parameter"], setting.words),
        large=measures.say(row[measures.large], row, setting),
        small=measures.say(row[measures.small], row, setting),
    )
