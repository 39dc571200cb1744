"""How sure the extra departures are: a fan of bands a policy, all on one axis, with what happened when."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from wom_sim.charts.departures import finding as departures_finding
from wom_sim.charts.departures import unclear
from wom_sim.charts.page import Texts, box_of, finish, inches, place, write
from wom_sim.charts.panels import Opening, between, lay_out
from wom_sim.charts.scales import set_scale
from wom_sim.charts.setting import PLAIN_SETTING, Setting
from wom_sim.charts.style import BOLD, FAINT, FAINT_INK, INK, Face, Look, quiet
from wom_sim.charts.tables import check, looks_for
from wom_sim.charts.typesetting import line_height, text_width, wrap
from wom_sim.charts.words import sentence

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

BANDS = (("p025", "p975", 0.18), ("p10", "p90", 0.24), ("p25", "p75", 0.34))
COLUMNS = ("policy", "day", "event", "share", "mean", "p025", "p10", "p25", "p75", "p90", "p975")
EVENTS = ("told", "national", "response")
_BELOW = 0.55

_Events: TypeAlias = "list[dict[Any, Any]]"


def draw(table: pd.DataFrame, setting: Setting = PLAIN_SETTING) -> Figure:
    """Return small multiples on a shared axis: the extra departures of profitable customers so far.

    Parameters
    ----------
    table
        Columns policy; day; event; share; mean; p025, p10, p25, p75, p90, p975. Rows without an event are the
        fan: mean and bands over replications (bands are missing when there is one). Rows with an event
        ("told", "national", "response") say on which day it came, and in which share of the replications.
    setting
        Language, page, order of policies.

    Raises
    ------
    ValueError
        When a column is missing, the table is empty, a mean is missing, an event is unknown, or two rows
        share policy, day and event.
    """
    check(table, COLUMNS, ("policy", "day", "event"), finite=("day",))
    for event in table["event"].unique():
        if event and event not in EVENTS:
            raise ValueError(f"column 'event' holds '{event}'; allowed: '', {', '.join(map(repr, EVENTS))}")
    fans = table[table["event"] == ""].sort_values("day", kind="stable")
    check(fans, COLUMNS, ("policy", "day"), finite=("mean",))
    words, looks = setting.words, looks_for(table, setting.order)
    of = {p: fans[fans["policy"].astype(str) == p] for p in looks}
    ends = {p: float(rows["mean"].iloc[-1]) for p, rows in of.items() if len(rows)}
    moved = [p for p in ends if (of[p][["mean", "p025", "p975"]].fillna(0.0) != 0.0).any().any()] or list(ends)
    lows, highs = ({p: float(of[p][name].iloc[-1]) for p in ends} for name in ("p025", "p975"))
    banded = bool(fans["p025"].notna().any())
    title = departures_finding(ends, words, unclear(lows, highs))
    kind = words.say("chart.interval.fan" if banded else "chart.interval.none")
    foot = [words.say("chart.fan.how" if banded else "chart.fan.axis")]
    if len(moved) < len(ends):
        left_out = ", ".join(sentence(words.policy(p)) for p in ends if p not in moved)
        foot.append(words.say("chart.fan.zero", names=left_out))
    marked = table[table["event"] != ""]
    marks = {p: _first_events(marked[marked["policy"].astype(str) == p]) for p in looks}
    if any(row["share"] < 1.0 for p in moved for row in marks[p]):
        foot.append(words.say("chart.event.brackets"))
    texts = Texts(title, kind, " ".join(foot))
    return _draw_page({p: of[p] for p in moved}, marks, looks, Opening(texts, setting))


def _draw_page(
    fans: Mapping[str, pd.DataFrame], marks: Mapping[str, _Events], looks: Mapping[str, Look], opening: Opening
) -> Figure:
    """Return the page with a panel for each policy."""
    setting, words = opening.setting, opening.setting.words
    limits = _limits(list(fans.values()))
    ticks = max(text_width(words.number(v)) for v in (*limits, *(round(v) for v in limits))) + 0.35
    notes_of = {p: [_event(row, setting) for row in marks[p]] for p in fans}
    narrowest = max([2.3, *(text_width(text) + 0.1 for texts in notes_of.values() for text in texts)])
    headings = {p: wrap(sentence(words.policy(p)), narrowest, BOLD) for p in fans}
    tallest = max(map(len, headings.values())) * line_height() + 0.06
    notes = 3 * line_height() + 0.1
    grid = lay_out(opening, len(fans), ticks, narrowest, tallest + notes + 1.1 + _BELOW)
    last = max(float(rows["day"].iloc[-1]) for rows in fans.values())
    for index, (policy, rows) in enumerate(fans.items()):
        left, top = grid.corner(index)
        face = Face(bold=True, ink=looks[policy].ink)
        write(grid.figure, (left, top - tallest + 0.06), headings[policy], face, "left bottom")
        axes = place(grid.figure, left, top - grid.height + _BELOW, grid.width, grid.height - tallest - notes - _BELOW)
        _set_axes(axes, limits, last, setting, named=index % grid.columns == 0)
        _draw_fan(axes, rows, looks[policy])
        _mark_events(axes, marks[policy], notes, setting)
        _write_end(axes, rows, looks[policy], setting)
    facts = [_fact(policy, rows, marks[policy], setting) for policy, rows in fans.items()]
    return finish(grid.figure, facts)


def _limits(fans: Sequence[pd.DataFrame]) -> tuple[float, float]:
    """Return limits that hold zero, every mean and every band."""
    columns = [rows[name] for rows in fans for name in ("mean", "p025", "p975")]
    values = [0.0, *(float(v) for column in columns for v in column if math.isfinite(v))]
    low, high = min(values), max(values)
    pad = 0.06 * (high - low) or 1.0
    return (low - pad if low < 0.0 else 0.0), (high + pad if high > 0.0 or low == 0.0 else 0.0)


def _set_axes(axes: Axes, limits: tuple[float, float], last: float, setting: Setting, *, named: bool) -> None:
    """Set the shared axes; the numbers stand at the first panel of a row."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    quiet(axes, "y")
    set_scale(axes, "y", limits, None, setting.words.number)
    axes.set_xlim(0.0, max(last, 1.0))
    axes.xaxis.set_major_locator(MaxNLocator(3, integer=True, steps=[1, 2, 3, 5, 10]))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda day, _: f"{day:.0f}"))
    axes.tick_params(axis="x", pad=8.0)
    axes.tick_params(axis="y", labelleft=named)
    axes.axhline(0.0, color=FAINT_INK, linewidth=1.2, zorder=1)
    box = box_of(axes)
    write(box.figure, (box.right, box.bottom - 0.31), setting.words.say("chart.day"), FAINT, "right top")


def _draw_fan(axes: Axes, rows: pd.DataFrame, look: Look) -> None:
    """Draw the bands of a policy, wide ones first, and its mean."""
    days = rows["day"].to_numpy(float)
    for low, high, alpha in BANDS:
        ends = rows[low].to_numpy(float), rows[high].to_numpy(float)
        known = (ends[0] == ends[0]) & (ends[1] == ends[1])
        if known.any():
            axes.fill_between(days, *ends, where=known, color=look.colour, alpha=alpha, linewidth=0.0)
    axes.plot(days, rows["mean"].to_numpy(float), color=look.ink, linestyle=look.line, linewidth=2.4)


def _first_events(marks: pd.DataFrame) -> _Events:
    """Return the first three events of a policy."""
    return marks.sort_values(["day", "event"], kind="stable").to_dict("records")[:3]


def _event(row: Mapping[Any, Any], setting: Setting) -> str:
    """Return what an event was, when, and in which share of the replications if not in all."""
    words = setting.words
    text = words.say(f"chart.event.{row['event']}", day=f"{row['day']:.0f}")
    return (
        text if row["share"] >= 1.0 else f"{text} ({words.say('chart.event.share', share=words.share(row['share']))})"
    )


def _mark_events(axes: Axes, marks: _Events, room: float, setting: Setting) -> None:
    """Mark the days of events by lines, and write above the panel what they are."""
    box = box_of(axes)
    for line, row in enumerate(marks):
        text = _event(row, setting)
        style: Any = {"color": INK, "linewidth": 1.0, "linestyle": (0, (2, 2)), "zorder": 1}
        axes.axvline(row["day"], **style)
        x = between(inches(axes, row["day"], 0.0)[0], box.left, box.right - text_width(text))
        y = box.top + room - 0.06 - (line + 1) * line_height()
        write(box.figure, (max(box.left, x), y), text, FAINT, "left bottom")


def _write_end(axes: Axes, rows: pd.DataFrame, look: Look, setting: Setting) -> None:
    """Write the last mean at the end of the line, beyond the band."""
    end = float(rows["mean"].iloc[-1])
    box = box_of(axes)
    y = inches(axes, float(rows["day"].iloc[-1]), end)[1]
    axes.plot([rows["day"].iloc[-1]], [end], marker=look.marker, markersize=7.0, color=look.colour,
              markeredgecolor=look.ink, clip_on=False, zorder=5)  # fmt: skip
    edge = float(rows["p975" if end >= 0.0 else "p025"].iloc[-1])
    if math.isfinite(edge):
        y = inches(axes, 0.0, edge)[1]
    text, face = setting.words.signed_people(end), Face(bold=True, ink=look.ink)
    at = min(y + 0.1, box.top - line_height())
    if end < 0.0:
        at = max(y - 0.12 - line_height(), box.bottom)
    write(box.figure, (box.right, at), text, face, "right bottom")


def _fact(policy: str, rows: pd.DataFrame, marks: _Events, setting: Setting) -> str:
    """Return what one panel shows."""
    words, last = setting.words, rows.iloc[-1]
    text = f"{sentence(words.policy(policy))}: {words.signed_people(float(last['mean']))}"
    if math.isfinite(float(last["p025"])):
        ends = (words.signed_people(float(last[name])) for name in ("p025", "p975"))
        text += f" ({words.say('chart.from_to', low=next(ends), high=next(ends))})"
    for row in marks:
        text += f"; {_event(row, setting)}"
    return f"{text}."
