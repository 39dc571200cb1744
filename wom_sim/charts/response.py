"""How an output follows what was varied: a panel for each factor of a study, a line for each policy."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from wom_sim.charts.factors import label_of
from wom_sim.charts.legend import Sample, draw_legend, legend_height
from wom_sim.charts.names import plain_key
from wom_sim.charts.page import MARGIN, Texts, box_of, finish, inches, place, write
from wom_sim.charts.panels import GAP, Grid, Opening, lay_out, tick_words
from wom_sim.charts.setting import PLAIN_SETTING, SIZES, Setting
from wom_sim.charts.style import BOLD, FAINT, FAINT_INK, Face, Look, quiet
from wom_sim.charts.tables import check, looks_for
from wom_sim.charts.timeline import label_ends
from wom_sim.charts.typesetting import line_height, text_width, wrap
from wom_sim.charts.words import sentence

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLUMNS = ("policy", "parameter", "level", "indicator", "label", "unit", "mean", "low", "high")
MOST = 6
"""Assumption: so many panels can be read; the factors that move the output most are shown."""
_FAR = 20.0
"""Ratio of the highest to the lowest level above which each step along is ten times more."""
_NARROWEST, _LOWEST, _WORD, _LABEL = 2.3, 1.2, 0.95, 2.2


class Along(NamedTuple):
    """The axis of a factor: where each of its levels is, its limits, what is written where, and how high that is."""

    parameter: str
    places: Mapping[Any, float]
    words: Mapping[float, list[str]]
    named: bool

    @property
    def limits(self) -> tuple[float, float]:
        """Return the limits, with half a step beside words and beside a single level."""
        low, high = min(self.places.values()), max(self.places.values())
        pad = 0.5 if self.named or low == high else 0.04 * (high - low)
        return low - pad, high + pad


def draw(table: pd.DataFrame, setting: Setting = PLAIN_SETTING) -> Figure:
    """Return the curve of each policy over the levels of each factor, all others averaged.

    Parameters
    ----------
    table
        Columns policy; parameter: key of the factor; level: a number or a word; indicator, label, unit: the output;
        mean; low, high: its 95 % interval, missing where there is none. One output. A column that may be missing:
        beyond: whether the factor moves the output of the policy by more than chance shows; else it gives no title.
    setting
        Language, page, order of policies, currency.

    Raises
    ------
    ValueError
        When a column is missing, the table is empty, a mean is missing, or two rows share policy, parameter and level.
    """
    check(table, COLUMNS, ("policy", "parameter", "level"), finite=("mean",))
    words, looks = setting.words, looks_for(table, setting.order)
    moved = {p: _moved(rows) for p, rows in table.groupby("parameter", sort=True)}
    ranked = sorted(moved, key=lambda p: (-moved[p], str(p)))
    alone = len(ranked) == 1
    room = SIZES[setting.size][0] - 2 * MARGIN - (_LABEL if alone else 0.0) - 1.5
    alongs = [_along(table[table["parameter"] == p], room if alone else _NARROWEST, setting) for p in ranked[:MOST]]
    how = words.say("chart.response.how")
    if len(ranked) > MOST:
        how += " " + words.say("chart.factors.left_out", n=MOST, of=len(ranked))
    known = bool((table["low"].notna() & table["high"].notna()).any())
    interval = words.say("chart.interval.mean95" if known else "chart.interval.none")
    opening = Opening(Texts(finding(table, setting), interval, how), setting)
    limits, ticks = _upright(table)
    unit = str(table["unit"].iloc[0])
    names = max(text_width(words.quantity(v, unit, setting.currency, brief=True)) for v in ticks) + 0.15
    panels = _open_panels(opening, alongs, (looks, names), sentence(label_of(table.iloc[0], setting)), alone)
    for axes, along in zip(panels, alongs, strict=True):
        rows = table[table["parameter"] == along.parameter]
        axes.set_ylim(*limits)
        axes.set_yticks(ticks, labels=[words.quantity(v, unit, setting.currency, brief=True) for v in ticks])
        axes.tick_params(axis="y", labelleft=box_of(axes).left - names < 2 * MARGIN)
        _draw_factor(axes, rows, along, looks)
    if alone:
        _name_ends(panels[0], table, alongs[0], looks, setting)
    facts = [_fact(table, str(p), policy, setting) for p in ranked[:MOST] for policy in looks]
    return finish(box_of(panels[0]).figure, [fact for fact in facts if fact])


def finding(table: pd.DataFrame, setting: Setting) -> str:
    """Return the chart's title: what moves the output most, for which policy, and how far."""
    words, unit = setting.words, str(table["unit"].iloc[0])
    means = table.groupby(["policy", "parameter"], sort=False)["mean"].agg(["min", "max"])
    label = label_of(table.iloc[0], setting)
    size = means["max"] - means["min"]
    if "beyond" in table:
        size = size.where(table.groupby(["policy", "parameter"], sort=False)["beyond"].any(), 0.0)
    if not (size > 0.0).any():
        return words.say("chart.response.nothing")
    policy, parameter = size.idxmax()
    low, high = (words.quantity(float(means.loc[(policy, parameter), end]), unit, setting.currency) for end in means)
    values = {"policy": words.policy(policy), "parameter": plain_key(parameter), "label": label}
    return sentence(words.say("chart.response.title", low=low, high=high, **values))


def _moved(rows: pd.DataFrame) -> float:
    """Return how far a factor moves the output: the widest range of means of any policy."""
    by = rows.groupby("policy", sort=False)["mean"]
    return float((by.max() - by.min()).max())


def _along(rows: pd.DataFrame, room: float, setting: Setting) -> Along:
    """Return the axis of a factor: words in their order, or numbers, by tenfold steps where they lie far apart."""
    from matplotlib.ticker import MaxNLocator

    parameter, levels = str(rows["parameter"].iloc[0]), list(dict.fromkeys(rows["level"]))
    numbers = [_number(level) for level in levels]
    if any(number is None for number in numbers):
        wide = max(room / len(levels) - 0.1, _WORD - 0.1)
        said = {float(k): wrap(setting.words.name("level", str(level)), wide, FAINT) for k, level in enumerate(levels)}
        return Along(parameter, {level: float(k) for k, level in enumerate(levels)}, said, named=True)
    known = [number for number in numbers if number is not None]
    low, high = min(known), max(known)
    log = low > 0.0 and high / low >= _FAR
    at = math.log10 if log else float
    if low == high:
        ticks = [low]
    elif log:
        tens = [10.0**k for k in range(math.ceil(at(low) - 1e-9), math.floor(at(high) + 1e-9) + 1)]
        ticks = tens if len(tens) > 2 else [low, high, *tens]
    else:
        inner = [float(t) for t in MaxNLocator(4).tick_values(low, high) if low <= t <= high]
        ticks = [inner[0], inner[-1], *inner[1:-1]] if inner else [low, high]
    said = {at(tick): [setting.words.number(tick)] for tick in dict.fromkeys(ticks)}
    places = {level: at(number) for level, number in zip(levels, known, strict=True)}
    return Along(parameter, places, said, named=False)


def _number(level: Any) -> float | None:
    """Return a level as a number, None where it is a word."""
    try:
        value = float(level)
    except (TypeError, ValueError):
        return None
    return value if math.isfinite(value) and not isinstance(level, bool) else None


def _upright(table: pd.DataFrame) -> tuple[tuple[float, float], list[float]]:
    """Return the limits of the upright axis, which hold zero, and its ticks."""
    from matplotlib.ticker import MaxNLocator

    known = [float(v) for name in ("mean", "low", "high") for v in table[name] if math.isfinite(v)]
    low, high = min(0.0, *known), max(0.0, *known)
    if low == high:
        return (-1.0, 1.0), [0.0]
    pad = 0.06 * (high - low)
    limits = (low - pad if low < 0.0 else low, high + pad if high > 0.0 else high)
    ticks = MaxNLocator(5, steps=[1, 2, 2.5, 5, 10]).tick_values(*limits)
    return limits, [float(t) for t in ticks if limits[0] <= t <= limits[1]]


def _open_panels(
    opening: Opening, alongs: Sequence[Along], marks: tuple[Mapping[str, Look], float], label: str, alone: bool
) -> list[Axes]:
    """Return the axes of each factor on a new page, with the names of output, policies and factors written."""
    (looks, names), words = marks, opening.setting.words
    samples = (
        []
        if alone
        else [Sample(sentence(words.policy(p)), look, face=Face(bold=True, ink=look.ink)) for p, look in looks.items()]
    )
    below = 0.1 + max(len(lines) for along in alongs for lines in along.words.values()) * line_height()
    wide = max([_NARROWEST, *(_WORD * len(along.places) for along in alongs if along.named)])
    headings = [[] if alone else wrap(sentence(plain_key(along.parameter)), wide, BOLD) for along in alongs]
    above = max(map(len, headings)) * line_height() + 0.1
    room = SIZES[opening.setting.size][0] - 2 * MARGIN
    top = legend_height(samples, room) + line_height() + 0.05
    foot = 0.3 if alone else 0.0
    ends = sum(len(_ends_name(p, opening.setting)) * line_height() + 0.04 for p in looks) if alone else 0.0
    rows = math.ceil(len(alongs) / max(1, int((room - names + GAP) / (wide + GAP))))
    lowest = max(_LOWEST, ends) + above + below + foot + top / rows + 0.1
    grid = lay_out(opening, len(alongs), names, wide + (_LABEL + 0.5 if alone else 0.0), lowest)
    return _place_panels(grid, alongs, (label, samples, headings), (top, above, below + foot))


def _place_panels(
    grid: Grid,
    alongs: Sequence[Along],
    said: tuple[str, Sequence[Sample], Sequence[Sequence[str]]],
    heights: tuple[float, float, float],
) -> list[Axes]:
    """Return the axes, placed below the name of the output and the samples of the policies' lines."""
    (label, samples, headings), (top, above, below) = said, heights
    write(grid.figure, (MARGIN, grid.top), label, BOLD)
    room = grid.figure.get_figwidth() - 2 * MARGIN
    draw_legend(grid.figure, (MARGIN, grid.top - line_height() - 0.05), room, samples)
    rows = math.ceil(len(alongs) / grid.columns)
    high = (rows * grid.height - top) / rows
    alone = len(alongs) == 1
    panels = []
    for index, along in enumerate(alongs):
        left = grid.corner(index)[0]
        ceiling = grid.top - top - (index // grid.columns) * high
        write(grid.figure, (left, ceiling), headings[index], BOLD)
        width = grid.width - (_LABEL + 0.35 if alone else 0.0)
        axes = place(grid.figure, left, ceiling - high + below + 0.1, width, high - above - below - 0.1)
        if alone:
            at = (left, ceiling - high + 0.1)
            write(grid.figure, at, wrap(sentence(plain_key(along.parameter)), width, FAINT)[:1], FAINT, "left bottom")
        panels.append(axes)
    return panels


def _draw_factor(axes: Axes, rows: pd.DataFrame, along: Along, looks: Mapping[str, Look]) -> None:
    """Draw every policy's line with its band; where levels are words, points with bars side by side."""
    quiet(axes, "y")
    axes.set_xlim(*along.limits)
    for number, (policy, look) in enumerate(looks.items()):
        mine = rows[rows["policy"].astype(str) == policy]
        mine = mine.assign(at=mine["level"].map(along.places)).sort_values("at")
        shift = min(0.08, 0.6 / len(looks)) * (number - (len(looks) - 1) / 2) if along.named else None
        _draw_line(axes, mine, look, shift)
    if axes.get_ylim()[0] < 0.0:
        axes.axhline(0.0, color=FAINT_INK, linewidth=1.2, zorder=1)
    if along.named:
        box = box_of(axes)
        axes.set_xticks([])
        for at, lines in along.words.items():
            write(box.figure, (inches(axes, at, 0.0)[0], box.bottom - 0.06), lines, FAINT, "centre top")
    else:
        tick_words(axes, list(along.words), lambda at: along.words[at][0])


def _draw_line(axes: Axes, rows: pd.DataFrame, look: Look, shift: float | None) -> None:
    """Draw one policy: a line with a band; where levels are words, points with bars, moved aside by ``shift``."""
    at, mean, low, high = (rows[name].to_numpy(float) for name in ("at", "mean", "low", "high"))
    known = (low == low) & (high == high)
    point: Any = {"marker": look.marker, "markersize": 6.0, "markeredgecolor": look.ink, "color": look.colour}
    if shift is None:
        if known.any():
            axes.fill_between(at, low, high, where=known, color=look.colour, alpha=0.16, linewidth=0.0)
        axes.plot(at, mean, linestyle=look.line, linewidth=2.2, zorder=3, clip_on=False, **point)
        return
    for x, lowest, highest in zip(at[known] + shift, low[known], high[known], strict=True):
        axes.plot([x, x], [lowest, highest], color=look.colour, linewidth=4.0, alpha=0.5, solid_capstyle="butt")
    axes.plot(at + shift, mean, linestyle="none", zorder=3, clip_on=False, **point)


def _ends_name(policy: str, setting: Setting) -> list[str]:
    return wrap(sentence(setting.words.policy(policy)), _LABEL - 0.1, BOLD)


def _name_ends(axes: Axes, table: pd.DataFrame, along: Along, looks: Mapping[str, Look], setting: Setting) -> None:
    """Write each policy's name at the end of its line."""
    ends = {}
    for policy in looks:
        mine = table[table["policy"].astype(str) == policy]
        last = mine.loc[mine["level"].map(along.places).astype(float).idxmax()]
        ends[policy] = inches(axes, along.places[last["level"]], float(last["mean"]))
    label_ends(axes, ends, {policy: _ends_name(policy, setting) for policy in looks}, looks)


def _fact(table: pd.DataFrame, parameter: str, policy: str, setting: Setting) -> str:
    """Return what a line shows: the output at its first and its last level; an empty text where there is none."""
    words = setting.words
    rows = table[(table["parameter"].astype(str) == parameter) & (table["policy"].astype(str) == policy)]
    if rows.empty:
        return ""
    numbers = rows["level"].map(_number)
    rows = rows.loc[numbers.sort_values().index] if numbers.notna().all() else rows
    told = []
    for _, row in rows.iloc[[0, -1] if len(rows) > 1 else [0]].iterrows():
        number = _number(row["level"])
        level = words.name("level", str(row["level"])) if number is None else words.number(number)
        value = words.quantity(float(row["mean"]), str(row["unit"]), setting.currency)
        told.append(words.say("chart.response.at", level=level, value=value))
    name = sentence(words.policy(policy))
    return words.say("chart.response.fact", policy=name, parameter=plain_key(parameter), points=words.listed(told))
