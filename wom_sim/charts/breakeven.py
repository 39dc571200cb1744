"""Where gain turns into loss: a map over two numbers, or a line over one, hatched where that is undecided."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from wom_sim.charts.legend import Sample, draw_legend, legend_height
from wom_sim.charts.names import factor_name, factor_said
from wom_sim.charts.page import MARGIN, Texts, box_of, finish, inches, place, write
from wom_sim.charts.panels import Grid, Opening, lay_out, tick_words
from wom_sim.charts.scales import set_scale
from wom_sim.charts.setting import PLAIN_SETTING, SIZES, Setting
from wom_sim.charts.style import BAD, BOLD, FAINT, FAINT_INK, GAIN, INK, Face, Look, quiet, shade
from wom_sim.charts.tables import check, looks_for
from wom_sim.charts.typesetting import line_height, text_width, wrap
from wom_sim.charts.values import even_ticks
from wom_sim.charts.words import sentence

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLUMNS = ("policy", "parameter", "value", "second", "value2", "unit", "difference", "low", "high")
_BELOW, _NARROWEST, _LOWEST = 0.62, 2.4, 1.5


def draw(table: pd.DataFrame, setting: Setting = PLAIN_SETTING) -> Figure:
    """Return a panel for each policy: the difference to keeping everyone over one number or two.

    Parameters
    ----------
    table
        Columns policy; parameter, value: key of a number and what it is set to; second, value2: the same of
        another ("" and missing: none); unit of the difference; difference: mean, compared with keeping
        everyone; low, high: its 95 % interval, missing when there is one replication.
    setting
        Language, page, order of policies, currency.

    Raises
    ------
    ValueError
        When a column is missing, the table is empty, a difference is missing, or two rows share policy and
        values.
    """
    check(table, COLUMNS, ("policy", "parameter", "value", "second", "value2"), finite=("value", "difference"))
    words, looks = setting.words, looks_for(table, setting.order)
    parameter = str(table["parameter"].iloc[0])
    two = bool(any(str(name) for name in set(table["second"]) if name == name))
    if len(set(table["parameter"])) > 1 or len({str(name) for name in table["second"] if name == name}) > 1:
        raise ValueError("columns 'parameter' and 'second' must name one pair of numbers; draw each pair by itself")
    of = {p: table[table["policy"].astype(str) == p] for p in looks}
    known = bool(table["low"].notna().any())
    how = words.say("chart.breakeven.map" if two else "chart.breakeven.line")
    texts = Texts(finding(of, setting), words.say("chart.interval.mean95" if known else "chart.interval.none"), how)
    samples = _samples(setting, two)
    opening = Opening(texts, setting)
    headings = {p: wrap(sentence(words.policy(p)), _NARROWEST, BOLD) for p in of}
    above = max(map(len, headings.values())) * line_height() + 0.06
    top = legend_height(samples, SIZES[setting.size][0] - 2 * MARGIN) + 2 * line_height()
    limits = _limits(table)
    upright = table["value2"] if two else limits
    names = max(text_width(_upright_word(v, two, table, setting)) for v in upright) + 0.3
    grid = lay_out(opening, len(of), names, _NARROWEST, above + _LOWEST + _BELOW + top)
    draw_legend(grid.figure, (grid.left - names, grid.top), grid.figure.get_figwidth() - 0.6, samples)
    label = factor_name(table["second"].iloc[0], setting.words) if two else words.say("chart.against_keep")
    room = SIZES[setting.size][0] - 2 * MARGIN
    write(grid.figure, (grid.left - names, grid.top - legend_height(samples, room)), label, BOLD)
    for index, (policy, rows) in enumerate(of.items()):
        axes = _panel(grid, index, (above + top, len(of)), setting)
        write(grid.figure, (box_of(axes).left, box_of(axes).top + 0.06), headings[policy],
              Face(bold=True, ink=looks[policy].ink), "left bottom")  # fmt: skip
        scale = Scale(index % grid.columns == 0, limits)
        (_draw_map if two else _draw_line)(axes, rows, scale, setting)
        box = box_of(axes)
        write(box.figure, (box.left, box.bottom - 0.32), wrap(factor_name(parameter, setting.words), grid.width), FAINT)
    return finish(grid.figure, [f"{sentence(words.policy(p))}: {_where(rows, setting)}." for p, rows in of.items()])


class Scale(NamedTuple):
    """What a panel shares with the others: whether the upright axis is named at it, and its limits."""

    named: bool
    limits: tuple[float, float]


def _limits(table: pd.DataFrame) -> tuple[float, float]:
    """Return limits that hold zero, every difference and every interval."""
    values = [0.0, *(float(v) for name in ("difference", "low", "high") for v in table[name] if math.isfinite(v))]
    pad = 0.08 * (max(values) - min(values)) or 1.0
    return min(values) - pad, max(values) + pad


def finding(of: Mapping[str, pd.DataFrame], setting: Setting) -> str:
    """Return the chart's title: where the first policy that turns breaks even, or that none does."""
    words, sides = setting.words, {policy: _sides(rows) for policy, rows in of.items()}
    turning = [policy for policy, side in sides.items() if side.gains and side.loses]
    sure = [policy for policy in turning if sides[policy].turns]
    every = Sides(*(sum(counts) for counts in zip(*sides.values(), strict=True)))
    if not every.better and not every.worse and every.undecided == every.points and (every.gains or every.loses):
        return words.say("chart.breakeven.nowhere", n=every.points)
    if turning:
        policy = (sure or turning)[0]
        said = f"{words.policy(policy)} {_where(of[policy], setting)}"
        open_ = {"k": sides[policy].undecided, "n": sides[policy].points}
        return sentence(said if sure else words.say("chart.breakeven.doubtful", where=said, **open_))
    key = "equal"
    if every.gains or every.loses:
        key = "mixed" if every.gains and every.loses else "always" if every.gains else "never"
        key = f"{key}_open" if every.undecided else key
    return words.say(f"chart.breakeven.{key}", k=every.undecided, n=every.points)


class Sides(NamedTuple):
    """How many points there are; at how many the mean gains, or loses; at how many that is sure, and undecided."""

    points: int
    gains: int
    loses: int
    better: int
    worse: int
    undecided: int

    @property
    def turns(self) -> bool:
        """Return whether it is sure on both sides, or nowhere known how sure it is."""
        return bool(self.better and self.worse) or not (self.better or self.worse or self.undecided)


def _sides(rows: pd.DataFrame) -> Sides:
    """Return how the points of a policy divide; where there is no interval, none is decided or undecided."""
    difference, low, high = (rows[name] for name in ("difference", "low", "high"))
    counts = (difference > 0.0, difference < 0.0, low > 0.0, high < 0.0, (low <= 0.0) & (high >= 0.0))
    return Sides(len(rows), *(int(each.sum()) for each in counts))


def crossings(rows: pd.DataFrame) -> list[float]:
    """Return where the difference is zero, by straight lines between values; of a map, on its middle row."""
    level = _middle(rows)
    if level is not None:
        rows = rows[rows["value2"] == level]
    ordered = rows.sort_values("value")
    x, d = ordered["value"].to_numpy(float), ordered["difference"].to_numpy(float)
    pairs = zip(x[:-1], x[1:], d[:-1], d[1:], strict=True)
    return [float(a + (b - a) * da / (da - db)) for a, b, da, db in pairs if da * db < 0.0]


def _middle(rows: pd.DataFrame) -> float | None:
    """Return the middle value of the second number, if there is one."""
    levels = sorted(float(v) for v in set(rows["value2"]) if v == v)
    return levels[len(levels) // 2] if levels else None


def _where(rows: pd.DataFrame, setting: Setting) -> str:
    """Return where a policy breaks even, in words."""
    words, found = setting.words, crossings(rows)
    parameter = factor_said(str(rows["parameter"].iloc[0]), setting.words)
    if found:
        at = words.say("chart.breakeven.at", parameter=parameter, value=_level(rows, "parameter", found[0], setting))
        level = _middle(rows)
        if level is None:
            return at
        second = factor_said(str(rows["second"].iloc[0]), setting.words)
        return words.say("chart.breakeven.at_with", at=at, second=second, value=_level(rows, "second", level, setting))
    side = _sides(rows)
    if side.gains and side.loses:
        return words.say("chart.breakeven.depends", parameter=parameter)
    if side.undecided == side.points:
        return words.say("chart.breakeven.open")
    key = "gains" if side.gains else "loses"
    open_ = {"k": side.undecided, "n": side.points} if side.undecided else {}
    return words.say(f"chart.breakeven.{key}_open" if open_ else f"chart.breakeven.{key}", **open_)


def _level(rows: pd.DataFrame, column: str, value: float, setting: Setting) -> str:
    """Return a value of the number that a column names, in words."""
    return setting.level(rows[column].iloc[0], value)


def _samples(setting: Setting, two: bool) -> list[Sample]:
    """Return what the colours of a map mean; a line needs none."""
    if not two:
        return []
    words = setting.words
    looks = (Look(GAIN, "-", "s", GAIN), Look(BAD, "-", "s", BAD))
    texts = (words.say("chart.breakeven.gain"), words.say("chart.breakeven.loss"))
    return [Sample(text, look, lined=False) for text, look in zip(texts, looks, strict=True)]


def _upright_word(value: float, two: bool, table: pd.DataFrame, setting: Setting) -> str:
    if two:
        return _level(table, "second", value, setting)
    return setting.words.quantity(value, str(table["unit"].iloc[0]), setting.currency, brief=True)


def _panel(grid: Grid, index: int, above: tuple[float, int], setting: Setting) -> Axes:
    """Return the axes of a panel; ``above``: height kept free above them, and the number of panels."""
    left, top = grid.corner(index)
    return place(grid.figure, left, top - grid.height + _BELOW, grid.width, grid.height - above[0] - _BELOW)


def _draw_map(axes: Axes, rows: pd.DataFrame, scale: Scale, setting: Setting) -> None:
    """Draw cells in colour by size, the contour of zero, and hatching where the interval holds zero."""
    grid = rows.pivot_table(index="value2", columns="value", values="difference", sort=True)
    low, high = (rows.pivot_table(index="value2", columns="value", values=end, sort=True) for end in ("low", "high"))
    most = float(grid.abs().max().max()) or 1.0
    for side in axes.spines.values():
        side.set_visible(False)
    columns, lines = list(grid.columns), list(grid.index)
    axes.set_xlim(-0.5, len(columns) - 0.5)
    axes.set_ylim(-0.5, len(lines) - 0.5)
    for j, second in enumerate(lines):
        for i, value in enumerate(columns):
            d = float(grid.loc[second, value])
            if not math.isfinite(d):
                continue
            unsure = second in low.index and value in low.columns and low.loc[second, value] <= 0.0 <= high.loc[
                second, value
            ]  # fmt: skip
            style: Any = {"hatch": "////", "edgecolor": FAINT_INK} if unsure else {"edgecolor": "white"}
            axes.bar([i], [1.0], 1.0, bottom=j - 0.5, color=shade(d / most), linewidth=0.0, **style)
    if min(grid.shape) > 1 and grid.notna().all().all() and (grid > 0).any().any() and (grid < 0).any().any():
        axes.contour(range(len(columns)), range(len(lines)), grid.to_numpy(float), levels=[0.0], colors=[INK],
                     linewidths=2.2)  # fmt: skip
    names = [[_level(rows, key, value, setting) for value in values]
             for key, values in (("parameter", columns), ("second", lines if scale.named else []))]  # fmt: skip
    _name_cells(axes, *names)


def _name_cells(axes: Axes, columns: list[str], lines: list[str]) -> None:
    """Write the values of the two numbers beside the map, as many as have room."""
    box = box_of(axes)
    axes.set_xticks([])
    axes.set_yticks([])
    taken = -math.inf
    for i, text in enumerate(columns):
        x, half = inches(axes, i, 0.0)[0], text_width(text) / 2
        if x - half > taken + 0.08 and box.left - 0.1 <= x - half and x + half <= box.right + 0.12:
            write(box.figure, (x, box.bottom - 0.06), text, FAINT, "centre top")
            taken = x + half
    taken = -math.inf
    for j, text in enumerate(lines):
        y = inches(axes, 0.0, j)[1]
        if y > taken + line_height():
            write(box.figure, (box.left - 0.08, y), text, FAINT, "right centre")
            taken = y


def _draw_line(axes: Axes, rows: pd.DataFrame, scale: Scale, setting: Setting) -> None:
    """Draw the difference over one number with its band, and where it is zero."""
    ordered = rows.sort_values("value")
    x, d = ordered["value"].to_numpy(float), ordered["difference"].to_numpy(float)
    low, high = ordered["low"].to_numpy(float), ordered["high"].to_numpy(float)
    unit = str(rows["unit"].iloc[0])
    quiet(axes, "y")
    set_scale(axes, "y", scale.limits, None,
              lambda value: setting.words.quantity(value, unit, setting.currency, brief=True))  # fmt: skip
    known = (low == low) & (high == high)
    if known.any():
        axes.fill_between(x, low, high, where=known, color=FAINT_INK, alpha=0.25, linewidth=0.0)
        unsure = known & (low <= 0.0) & (high >= 0.0)
        axes.fill_between(
            x, low, high, where=unsure, facecolor="none", hatch="////", edgecolor=FAINT_INK, linewidth=0.0
        )
    axes.plot(x, d, color=INK, linewidth=2.2, marker="o", markersize=4.5)
    axes.axhline(0.0, color=BAD, linewidth=1.6)
    axes.set_xlim(*((float(x.min()), float(x.max())) if x.min() < x.max() else (x.min() - 1.0, x.max() + 1.0)))
    def say(value: float) -> str:
        return _level(rows, "parameter", value, setting)

    tick_words(axes, even_ticks(*axes.get_xlim(), box_of(axes), say), say)
    axes.tick_params(axis="y", labelleft=scale.named)
    for crossing in crossings(rows):
        axes.axvline(crossing, color=BAD, linewidth=1.0, linestyle=(0, (2, 2)))
