"""Charts that stay editable in a presentation program: bars, stacked bars, lines, in the colours of all charts."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_LEGEND_POSITION, XL_TICK_LABEL_POSITION
from pptx.enum.dml import MSO_LINE_DASH_STYLE
from pptx.oxml.ns import qn
from pptx.util import Pt

from wom_sim.charts.style import OKABE_ITO, palette
from wom_sim.present.deck_stage import Area
from wom_sim.present.deck_text import LEAST

SCALES = ((1e9, "billion"), (1e6, "million"), (1e3, "thousand"), (1.0, "one"))
PARTS = (
    OKABE_ITO["bluish green"], OKABE_ITO["vermillion"], OKABE_ITO["sky blue"], OKABE_ITO["orange"],
    OKABE_ITO["reddish purple"], OKABE_ITO["blue"], OKABE_ITO["yellow"], "#7A7A7A", OKABE_ITO["black"],
)  # fmt: skip
_DASHES = (
    MSO_LINE_DASH_STYLE.SOLID, MSO_LINE_DASH_STYLE.DASH_DOT, MSO_LINE_DASH_STYLE.ROUND_DOT,
    MSO_LINE_DASH_STYLE.LONG_DASH,
)  # fmt: skip


def scale_of(values: Sequence[float]) -> tuple[float, str]:
    """Return (one, name) of the unit in which the largest of some values is told.

    >>> scale_of([3_349_424.0, -120.0]), scale_of([0.0])
    ((1000000.0, 'million'), (1.0, 'one'))
    """
    most = max((abs(v) for v in values if math.isfinite(v)), default=0.0)
    return next((s for s in SCALES if most >= s[0]), SCALES[-1])


def three_digits(value: float) -> float:
    """Return a value with three digits that count, so that a label has the digits of all other places."""
    return float(f"{value:.3g}") if math.isfinite(value) else 0.0


def bars(slide: Any, area: Area, values: Mapping[str, float], looks: Sequence[str], axis: str) -> Any:
    """Draw a bar a policy with its value; ``values``: by heading, scaled; ``looks``: policies fixing the colours."""
    data = CategoryChartData(number_format="General")
    data.categories = list(values)
    data.add_series(axis, [three_digits(v) for v in values.values()])
    chart = _add(slide, area, XL_CHART_TYPE.COLUMN_CLUSTERED, data)
    plot = chart.plots[0]
    plot.gap_width, plot.vary_by_categories = 60, False
    plot.has_data_labels = True
    plot.data_labels.font.size, plot.data_labels.font.bold = Pt(18), True
    plot.data_labels.number_format, plot.data_labels.number_format_is_linked = "General", False
    plot.data_labels.position = XL_LABEL_POSITION.OUTSIDE_END
    colours = palette(list(looks))
    for n, policy in enumerate(p for p in looks if p in colours):
        if n < len(values):
            point = plot.series[0].points[n].format.fill
            point.solid()
            point.fore_color.rgb = _rgb(colours[policy].colour)
    plot.series[0].invert_if_negative = False
    _axes(chart, axis)
    return chart


def stacked(slide: Any, area: Area, categories: Sequence[str], parts: Mapping[str, Sequence[float]], axis: str) -> Any:
    """Draw a bar for each category, its parts one on the other; parts below zero hang below it."""
    data = CategoryChartData(number_format="General")
    data.categories = list(categories)
    for name, values in parts.items():
        data.add_series(name, [three_digits(v) for v in values])
    chart = _add(slide, area, XL_CHART_TYPE.BAR_STACKED if len(categories) > 5 else XL_CHART_TYPE.COLUMN_STACKED, data)
    chart.plots[0].gap_width, chart.plots[0].overlap = 60, 100
    for n, series in enumerate(chart.plots[0].series):
        series.invert_if_negative = False
        series.format.fill.solid()
        series.format.fill.fore_color.rgb = _rgb(PARTS[n % len(PARTS)])
    _legend(chart)
    _axes(chart, axis)
    return chart


def lines(slide: Any, area: Area, days: Sequence[int], series: Mapping[str, Sequence[float]], titles: Any) -> Any:
    """Draw a line for each policy over the days; ``titles``: (headings by policy, name of the axes)."""
    headings, (across, up) = titles
    data = CategoryChartData(number_format="General")
    data.categories = [str(day) for day in days]
    for policy, values in series.items():
        data.add_series(headings[policy], [three_digits(v) for v in values])
    chart = _add(slide, area, XL_CHART_TYPE.LINE, data)
    looks = palette(list(series))
    for n, (policy, drawn) in enumerate(zip(series, chart.plots[0].series, strict=True)):
        drawn.smooth = False
        drawn.format.line.width = Pt(3)
        drawn.format.line.color.rgb = _rgb(looks[policy].colour)
        drawn.format.line.dash_style = MSO_LINE_DASH_STYLE.DASH if policy == "keep" else _DASHES[(n // 8) % len(_DASHES)]
    _legend(chart)
    _axes(chart, up, across)
    _every(chart.category_axis, max(1, math.ceil(len(days) / 12)))
    return chart


def _add(slide: Any, area: Area, kind: Any, data: CategoryChartData) -> Any:
    chart = slide.shapes.add_chart(kind, *area.emu(), data).chart
    chart.has_title = False
    chart.has_legend = False
    chart.font.size = Pt(LEAST)
    return chart


def _axes(chart: Any, up: str, across: str = "") -> None:
    """Name the axes, keep the grid light, and put the names of categories below everything."""
    value, category = chart.value_axis, chart.category_axis
    value.has_title = bool(up)
    if up:
        value.axis_title.text_frame.text = up
        value.axis_title.text_frame.paragraphs[0].font.size = Pt(LEAST)
        value.axis_title.text_frame.paragraphs[0].font.bold = False
    category.has_title = bool(across)
    if across:
        category.axis_title.text_frame.text = across
        category.axis_title.text_frame.paragraphs[0].font.size = Pt(LEAST)
        category.axis_title.text_frame.paragraphs[0].font.bold = False
    value.major_gridlines.format.line.color.rgb = RGBColor(0xE4, 0xE4, 0xE4)
    value.format.line.fill.background()
    value.tick_labels.number_format, value.tick_labels.number_format_is_linked = "#,##0.######", False
    value.tick_labels.number_format = "General"
    for axis in (value, category):
        axis.tick_labels.font.size = Pt(LEAST)
    category.tick_label_position = XL_TICK_LABEL_POSITION.LOW


def _legend(chart: Any) -> None:
    chart.has_legend = True
    chart.legend.position = XL_LEGEND_POSITION.RIGHT
    chart.legend.include_in_layout = False
    chart.legend.font.size = Pt(LEAST)


def _every(axis: Any, step: int) -> None:
    """Label only every so many categories."""
    element = axis._element
    for name in ("c:tickLblSkip", "c:tickMarkSkip"):
        mark = element.makeelement(qn(name), {"val": str(step)})
        before = element.find(qn("c:noMultiLvlLbl"))
        if before is None:
            element.append(mark)
        else:
            before.addprevious(mark)


def _rgb(colour: str) -> RGBColor:
    return RGBColor.from_string(colour.removeprefix("#").upper())
