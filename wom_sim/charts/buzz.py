"""How loud it is: buzz and coverage by day, and which outlet picks the story up when."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from wom_sim.charts.page import Texts, box_of, finish, inches, place, write
from wom_sim.charts.panels import Grid, Opening, between, lay_out
from wom_sim.charts.scales import set_scale
from wom_sim.charts.setting import PLAIN_SETTING, Setting
from wom_sim.charts.style import BOLD, FAINT, FAINT_INK, INK, KEEP, Face, Look, quiet
from wom_sim.charts.tables import check, looks_for
from wom_sim.charts.typesetting import line_height, text_width, wrap
from wom_sim.charts.words import sentence

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLUMNS = ("policy", "day", "outlet", "share", "buzz", "low", "high", "coverage")
_BELOW, _BETWEEN, _NARROWEST, _LOWEST = 0.5, 0.42, 2.3, 1.9
_QUIET = 0.02
"""Days on which buzz is below this part of its peak at the end are left out of the picture."""


def draw(table: pd.DataFrame, setting: Setting = PLAIN_SETTING) -> Figure:
    """Return for each policy the buzz with its outlets above, and the people covered a day below.

    Parameters
    ----------
    table
        Columns policy; day; outlet; share; buzz; low; high; coverage. Rows without an outlet: median buzz, its 5
        to 95 % range (missing when there is one replication), and mean people whom outlets reach on the day.
        Rows with an outlet: the median day of its pick-up, and in which share of the replications it did.
    setting
        Language, page, order of policies.

    Raises
    ------
    ValueError
        When a column is missing, the table is empty, a buzz is missing, or two rows share policy, day and outlet.
    """
    check(table, COLUMNS, ("policy", "day", "outlet"), finite=("day",))
    days = table[table["outlet"] == ""]
    check(days, COLUMNS, ("policy", "day"), finite=("buzz", "coverage"))
    words, looks = setting.words, looks_for(table, setting.order)
    of = {p: days[days["policy"].astype(str) == p].sort_values("day") for p in looks}
    taken = {
        p: table[(table["policy"].astype(str) == p) & (table["outlet"] != "")].sort_values(["day", "outlet"])
        for p in looks
    }
    loudest = max(float(rows["buzz"].max()) for rows in of.values())
    heard = {p: r for p, r in of.items() if len(taken[p]) or r["buzz"].max() > _QUIET * loudest} or of
    last = max(_last_day(rows) for rows in heard.values())
    shown = {p: rows[rows["day"] <= last] for p, rows in heard.items()}
    kind = "chart.interval.range" if days["low"].notna().any() else "chart.interval.none"
    left_out = [sentence(words.policy(p)) for p in looks if p not in heard]
    foot = words.say("chart.buzz.how")
    if any(rows["share"].lt(1.0).any() for p, rows in taken.items() if p in heard):
        foot = f"{foot} {words.say('chart.event.brackets')}"
    if left_out:
        foot = f"{foot} {words.say('chart.buzz.zero', names=', '.join(left_out))}"
    texts = Texts(finding(of, taken, setting), words.say(kind), foot)
    return _draw_page(shown, taken, looks, Opening(texts, setting))


def finding(of: Mapping[str, pd.DataFrame], taken: Mapping[str, pd.DataFrame], setting: Setting) -> str:
    """Return the chart's title: under which policy outlets pick the story up, the first of them when."""
    words = setting.words
    peaks = {p: float(rows["buzz"].max()) for p, rows in of.items() if p != KEEP or len(of) == 1}
    loudest = max(peaks, key=lambda p: peaks[p])
    covered = {p: len(rows[rows["share"] >= 0.5]) for p, rows in taken.items()}
    if peaks[loudest] <= 0.0 and not any(len(rows) for rows in taken.values()):
        return words.say("chart.buzz.none")
    most = max(covered, key=lambda p: (covered[p], peaks.get(p, 0.0)))
    if covered[most] == 0:
        return sentence(words.say("chart.buzz.rare", policy=words.policy(loudest)))
    rows = taken[most]
    first = rows[rows["share"] >= 0.5].iloc[0]
    return sentence(
        words.say(
            "chart.buzz.title",
            policy=words.policy(most),
            outlets=words.count("chart.outlets", covered[most]),
            outlet=words.name("outlet", str(first["outlet"])),
            day=f"{first['day']:.0f}",
        )
    )


def _last_day(rows: pd.DataFrame) -> float:
    """Return the last day on which there is anything to see, and a few more."""
    peaks = rows["buzz"].max(), rows["coverage"].max()
    loud = (rows["buzz"] > _QUIET * peaks[0]) | (rows["coverage"] > _QUIET * peaks[1])
    last = float(rows["day"].max())
    return min(last, 1.15 * float(rows.loc[loud, "day"].max()) + 5.0) if loud.any() else last


def _draw_page(
    of: Mapping[str, pd.DataFrame], taken: Mapping[str, pd.DataFrame], looks: Mapping[str, Look], opening: Opening
) -> Figure:
    """Return the page with two panels for each policy, one above the other."""
    setting, words = opening.setting, opening.setting.words
    tops = [_top(of, names) for names in (("buzz", "high"), ("coverage",))]
    numbers = max(text_width(words.number(v)) for top in tops for v in (top, top / 2, 20.0)) + 0.3
    headings = {p: wrap(sentence(words.policy(p)), _NARROWEST, BOLD) for p in of}
    head = max(map(len, headings.values())) * line_height() + 0.06
    lines = {p: _outlet_lines(rows, setting) for p, rows in taken.items() if p in of}
    notes = max(map(len, lines.values())) * line_height() + 0.06
    above = head + notes + line_height()
    narrowest = max([_NARROWEST, *(text_width(text) - 0.1 for texts in lines.values() for text in texts)])
    grid = lay_out(opening, len(of), numbers, narrowest, above + _LOWEST + _BETWEEN + _BELOW)
    last = max(float(rows["day"].max()) for rows in of.values())
    for index, (policy, rows) in enumerate(of.items()):
        left, top = grid.corner(index)
        write(
            grid.figure,
            (left, top - head + 0.06),
            headings[policy],
            Face(bold=True, ink=looks[policy].ink),
            "left bottom",
        )
        upper, lower = _pair(grid, index, above)
        for axes, high, name in ((upper, tops[0], "buzz"), (lower, tops[1], "coverage")):
            _set_axes(axes, high, last, setting, named=index % grid.columns == 0)
            box = box_of(axes)
            if index % grid.columns == 0:
                write(
                    box.figure,
                    (box.left - numbers, box.top + 0.07),
                    words.say(f"chart.buzz.{name}"),
                    BOLD,
                    "left bottom",
                )
                # The lines of outlets pass behind it.
                box.figure.texts[-1].set_bbox({"facecolor": "white", "edgecolor": "none", "pad": 1.0})
        upper.tick_params(axis="x", labelbottom=False)
        box = box_of(lower)
        write(box.figure, (box.right, box.bottom - 0.31), words.say("chart.day"), FAINT, "right top")
        _draw_buzz(upper, rows, looks[policy])
        _draw_coverage(lower, rows, looks[policy])
        _mark_outlets((upper, lower), taken[policy], lines[policy], top - head)
    facts = [_fact(p, rows, lines[p], setting) for p, rows in of.items()]
    return finish(grid.figure, facts)


def _draw_coverage(axes: Axes, rows: pd.DataFrame, look: Look) -> None:
    """Draw a bar a day, all in one path: a patch each would take as long as all other charts of a report.

    ``axes.stairs`` would look through all of it for the limits of the axes, which are set.
    """
    from matplotlib.patches import StepPatch

    days, heights = rows["day"].to_numpy(float), rows["coverage"].to_numpy(float)
    edges = [*(days - 0.5), days[-1] + 0.5]
    axes.add_artist(StepPatch(heights, edges, fill=True, color=look.colour, linewidth=0.0))


def _top(of: Mapping[str, pd.DataFrame], names: tuple[str, ...]) -> float:
    """Return the largest value in some columns of all policies."""
    values = [float(v) for rows in of.values() for name in names for v in rows[name]]
    return max((v for v in values if math.isfinite(v)), default=0.0)


def _pair(grid: Grid, index: int, above: float) -> tuple[Axes, Axes]:
    """Return the upper and the lower axes of a panel."""
    left, top = grid.corner(index)
    high = grid.height - above - _BELOW - _BETWEEN
    bottom = top - grid.height + _BELOW
    lower = place(grid.figure, left, bottom, grid.width, 0.38 * high)
    return place(grid.figure, left, bottom + 0.38 * high + _BETWEEN, grid.width, 0.62 * high), lower


def _set_axes(axes: Axes, top: float, last: float, setting: Setting, *, named: bool) -> None:
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    quiet(axes, "y")
    set_scale(axes, "y", (0.0, 1.08 * top or 1.0), None, setting.words.number)
    axes.yaxis.set_major_locator(MaxNLocator(3, steps=[1, 2, 5, 10]))
    axes.set_xlim(0.0, max(last, 1.0))
    axes.xaxis.set_major_locator(MaxNLocator(3, integer=True, steps=[1, 2, 3, 5, 10]))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda day, _: f"{day:.0f}"))
    axes.tick_params(axis="x", pad=8.0)
    axes.tick_params(axis="y", labelleft=named)


def _draw_buzz(axes: Axes, rows: pd.DataFrame, look: Look) -> None:
    days = rows["day"].to_numpy(float)
    low, high = rows["low"].to_numpy(float), rows["high"].to_numpy(float)
    known = (low == low) & (high == high)
    if known.any():
        axes.fill_between(days, low, high, where=known, color=look.colour, alpha=0.22, linewidth=0.0)
    axes.plot(days, rows["buzz"].to_numpy(float), color=look.ink, linestyle=look.line, linewidth=2.2)


def _outlet_lines(rows: pd.DataFrame, setting: Setting) -> list[str]:
    """Return what is written of each pick-up: the outlet, the day, and how often if not always."""
    words = setting.words
    lines = []
    for row in rows.to_dict("records"):
        text = words.say("chart.buzz.outlet", outlet=words.name("outlet", str(row["outlet"])), day=f"{row['day']:.0f}")
        often = words.say("chart.event.share", share=words.share(row["share"]))
        lines.append(f"{text} ({often})" if row["share"] < 1.0 else text)
    return lines


def _mark_outlets(pair: tuple[Axes, Axes], rows: pd.DataFrame, lines: list[str], top: float) -> None:
    """Mark the day of each pick-up by a line through both panels, up to what it was; rare ones are faint."""
    from matplotlib.lines import Line2D

    box = box_of(pair[0])
    bottom = box_of(pair[1]).bottom
    across, up = box.figure.get_size_inches()
    for k, (row, text) in enumerate(zip(rows.to_dict("records"), lines, strict=True)):
        often = row["share"] >= 0.5
        x, y = inches(pair[0], row["day"], 0.0)[0], top - (k + 0.5) * line_height()
        style: Any = {"color": INK, "linewidth": 1.2 if often else 0.7, "linestyle": (0, (2, 2))}
        if box.left <= x <= box.right:
            box.figure.add_artist(Line2D([x / across] * 2, [bottom / up, y / up], zorder=1, **style))
        at = between(x + 0.06, box.left, box.right + 0.14 - text_width(text))
        write(box.figure, (at, y), text, Face(ink=INK if often else FAINT_INK), "left centre")


def _fact(policy: str, rows: pd.DataFrame, lines: list[str], setting: Setting) -> str:
    words = setting.words
    peak = words.say("chart.buzz.peak", n=words.number(float(rows["buzz"].max())))
    return f"{sentence(words.policy(policy))}: {'; '.join([peak, *lines])}."
