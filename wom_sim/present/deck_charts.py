"""Charts that stay editable in a presentation program: bars, stacked bars, lines, in the colours of all charts."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pptx.chart.data import CategoryChartData, XyChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_LEGEND_POSITION, XL_TICK_LABEL_POSITION
from pptx.enum.dml import MSO_LINE_DASH_STYLE
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Pt

from wom_sim.charts.scales import even_step
from wom_sim.charts.style import INK, OKABE_ITO, own_colours, paler, palette
from wom_sim.present.deck_stage import Area
from wom_sim.present.deck_text import LEAST
from wom_sim.present.editable import Bars, Editable, Exceedance, Grouped, Lines, Span, Stacked

MOST_UPRIGHT, LONGEST_UPRIGHT = 6, 18
"""More bars than this, or longer names, lie down, so that each name is read without turning the head."""
_WITH_LABEL = 1.1
"""Length of a bar and of its value at its end, in lengths of the bar."""
_MARKS = 6.0
"""Steps of an axis, about."""
_DASHES = (
    MSO_LINE_DASH_STYLE.SOLID, MSO_LINE_DASH_STYLE.DASH_DOT, MSO_LINE_DASH_STYLE.ROUND_DOT,
    MSO_LINE_DASH_STYLE.LONG_DASH,
)  # fmt: skip


PAIR = (OKABE_ITO["sky blue"], OKABE_ITO["blue"])
"""Colours of two measures of one thing beside each other: the sooner one is paler. A house has its first colour."""
_PALER = 0.5
_UNITS = (1, 2, 5, 10, 15, 30, 60, 90, 180, 365, 730)
"""Days between two marks of the axis."""


def three_digits(value: float) -> float:
    """Return a value with three digits that count, so that a label has the digits of all other places."""
    return float(f"{value:.3g}") if math.isfinite(value) else 0.0


def draw(slide: Any, area: Area, chart: Editable) -> None:
    """Draw a chart into an area of a slide, with its alt text."""
    _KINDS[type(chart)](slide, area, chart)
    slide.shapes[-1]._element.nvGraphicFramePr.cNvPr.set("descr", chart.alt)


def _bars(slide: Any, area: Area, shown: Bars) -> None:
    values, looks, axis, _ = shown
    data = CategoryChartData(number_format="General")
    data.categories = list(values)
    data.add_series(axis, [three_digits(v) for v in values.values()])
    lying = len(values) > MOST_UPRIGHT or max(map(len, values)) > LONGEST_UPRIGHT
    kind = XL_CHART_TYPE.BAR_CLUSTERED if lying else XL_CHART_TYPE.COLUMN_CLUSTERED
    chart = _add(slide, area, kind, data)
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
    even(chart.value_axis, [_WITH_LABEL * value for value in values.values()])
    if lying:
        _downwards(chart)


def _grouped(slide: Any, area: Area, shown: Grouped) -> None:
    categories, series, axis, _ = shown
    data = CategoryChartData(number_format="General")
    data.categories = list(categories)
    for name, spans in series.items():
        data.add_series(name, [three_digits(each.value) for each in spans])
    lying = len(categories) > MOST_UPRIGHT or max(map(len, categories), default=0) > LONGEST_UPRIGHT
    kind = XL_CHART_TYPE.BAR_CLUSTERED if lying else XL_CHART_TYPE.COLUMN_CLUSTERED
    chart = _add(slide, area, kind, data)
    chart.plots[0].gap_width, chart.plots[0].overlap = 60, 0
    house = own_colours.get()
    pair = (paler(house[0], _PALER), house[0]) if house else PAIR
    for drawn, spans, colour in zip(chart.plots[0].series, series.values(), pair[-len(series) :], strict=True):
        drawn.invert_if_negative = False
        drawn.format.fill.solid()
        drawn.format.fill.fore_color.rgb = _rgb(colour)
        whiskers(drawn, spans)
    _legend(chart, below=True)
    _axes(chart, axis)
    even(chart.value_axis, [end for spans in series.values() for each in spans for end in each])
    if lying:
        _downwards(chart)


def _stacked(slide: Any, area: Area, shown: Stacked) -> None:
    """Draw bars whose parts below zero hang below it."""
    categories, parts, axis, _ = shown
    data = CategoryChartData(number_format="General")
    data.categories = list(categories)
    for name, (_, values) in parts.items():
        data.add_series(name, [three_digits(v) for v in values])
    chart = _add(slide, area, XL_CHART_TYPE.BAR_STACKED, data)
    chart.plots[0].gap_width, chart.plots[0].overlap = 60, 100
    for series, (colour, _) in zip(chart.plots[0].series, parts.values(), strict=True):
        series.invert_if_negative = False
        series.format.fill.solid()
        series.format.fill.fore_color.rgb = _rgb(colour)
    _legend(chart, below=area.width < 8.0)
    _axes(chart, axis)
    each = [[values[n] for _, values in parts.values()] for n in range(len(categories))]
    even(chart.value_axis, [sum(v for v in own if v * side > 0.0) for own in each for side in (-1.0, 1.0)])
    _downwards(chart)


def _lines(slide: Any, area: Area, shown: Lines) -> None:
    chart = _scatter(slide, area, shown)
    days = [day for points in shown.curves.values() for day, _ in points]
    last = max(days)
    chart.category_axis.minimum_scale, chart.category_axis.maximum_scale = 0, max(1, last)
    chart.category_axis.major_unit = next((unit for unit in _UNITS if last <= 9 * unit), last)


def _exceedance(slide: Any, area: Area, shown: Exceedance) -> None:
    """Draw curves of chance: zero, where a loss turns into a gain, is an upright line; axes are named at the edges."""
    chart = _scatter(slide, area, shown)
    chart.value_axis.minimum_scale, chart.value_axis.maximum_scale, chart.value_axis.major_unit = 0, 100, 25
    chart.value_axis.tick_labels.number_format = '0" %"'
    chart.value_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    chart.value_axis.format.line.color.rgb = RGBColor(0x5A, 0x5A, 0x5A)
    even(chart.category_axis, [0.0, *(value for points in shown.curves.values() for value, _ in points)])


def whiskers(series: Any, spans: Sequence[Span]) -> None:
    """Give the bars of a series their intervals, which the library has no words for; none where all are without."""
    if not any(each.low < each.value or each.high > each.value for each in spans):
        return
    ends = [("plus", [s.high - s.value for s in spans]), ("minus", [s.value - s.low for s in spans])]
    parts = "".join(
        f'<c:{name}><c:numLit><c:formatCode>General</c:formatCode><c:ptCount val="{len(sizes)}"/>'
        + "".join(f'<c:pt idx="{n}"><c:v>{max(0.0, size):.6g}</c:v></c:pt>' for n, size in enumerate(sizes))
        + f"</c:numLit></c:{name}>"
        for name, sizes in ends
    )
    bars = parse_xml(
        f'<c:errBars {nsdecls("c", "a")}><c:errBarType val="both"/><c:errValType val="cust"/><c:noEndCap val="0"/>'
        f"{parts}"
        f'<c:spPr><a:ln w="19050"><a:solidFill><a:srgbClr val="{INK.removeprefix("#")}"/></a:solidFill></a:ln></c:spPr>'
        f"</c:errBars>"
    )
    series._element.find(qn("c:cat")).addprevious(bars)


def even(axis: Any, values: Sequence[float]) -> None:
    """Give an axis marks at even steps (1, 2 or 5 times a power of ten) that hold all values and zero."""
    known = [0.0, *(v for v in values if math.isfinite(v))]
    low, high = min(known), max(known)
    if high <= low:
        return
    step = even_step((high - low) / _MARKS)
    axis.major_unit = step
    axis.minimum_scale, axis.maximum_scale = step * math.floor(low / step), step * math.ceil(high / step)


def _scatter(slide: Any, area: Area, shown: Lines) -> Any:
    """Draw a line for each policy, in its colour, through points of two numbers."""
    curves, headings, order, (across, up), _ = shown
    data = XyChartData(number_format="General")
    for policy, points in curves.items():
        series = data.add_series(headings[policy])
        for x, value in points:
            series.add_data_point(x, three_digits(value))
    chart = _add(slide, area, XL_CHART_TYPE.XY_SCATTER_LINES_NO_MARKERS, data)
    looks = palette(list(order))
    for n, (policy, drawn) in enumerate(zip(curves, chart.plots[0].series, strict=True)):
        drawn.smooth = False
        drawn.format.line.width = Pt(3)
        drawn.format.line.color.rgb = _rgb(looks[policy].colour)
        drawn.format.line.dash_style = (
            MSO_LINE_DASH_STYLE.DASH if policy == "keep" else _DASHES[(n // 8) % len(_DASHES)]
        )
    _legend(chart, below=area.width < 8.0)
    _axes(chart, up, across)
    chart.category_axis.has_major_gridlines = False
    return chart


def _add(slide: Any, area: Area, kind: Any, data: Any) -> Any:
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
    value.tick_labels.number_format, value.tick_labels.number_format_is_linked = "#,##0", False
    if 0.0 < _largest(chart) < 10.0:
        value.tick_labels.number_format = "General"
    for axis in (value, category):
        axis.tick_labels.font.size = Pt(LEAST)
        _upright(axis)
    category.tick_label_position = XL_TICK_LABEL_POSITION.LOW


def _upright(axis: Any) -> None:
    """Keep the labels of an axis level: where there is no room, a program leaves some out rather than turns them."""
    body = axis._element.find(f"{qn('c:txPr')}/{qn('a:bodyPr')}")
    body.set("rot", "0")
    body.set("vert", "horz")


def _downwards(chart: Any) -> None:
    """Let bars that lie run from the first, at the top, to the last; the values stay at the foot."""
    chart.category_axis.reverse_order = True
    chart.value_axis.tick_label_position = XL_TICK_LABEL_POSITION.HIGH


def _largest(chart: Any) -> float:
    return max((abs(v) for series in chart.plots[0].series for v in series.values if v is not None), default=0.0)


def _legend(chart: Any, below: bool = False) -> None:
    chart.has_legend = True
    chart.legend.position = XL_LEGEND_POSITION.BOTTOM if below else XL_LEGEND_POSITION.RIGHT
    chart.legend.include_in_layout = False
    chart.legend.font.size = Pt(LEAST)


def _rgb(colour: str) -> RGBColor:
    return RGBColor.from_string(colour.removeprefix("#").upper())


_KINDS: Mapping[type, Callable[[Any, Area, Any], None]] = {
    Bars: _bars, Grouped: _grouped, Stacked: _stacked, Lines: _lines, Exceedance: _exceedance,
}  # fmt: skip
"""How each kind of chart is drawn."""
