"""One line a policy over the days, with its band, and a label at its end: shared by two charts."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from wom_sim.charts.labels import spread
from wom_sim.charts.page import MARGIN, Page, Texts, box_of, finish, inches, open_page, place, write
from wom_sim.charts.scales import set_scale
from wom_sim.charts.setting import NARROW, Setting
from wom_sim.charts.spots import add_spot
from wom_sim.charts.style import BOLD, FAINT_INK, GRID, TEXT, Face, Look, quiet
from wom_sim.charts.typesetting import line_height, text_width, wrap
from wom_sim.charts.words import sentence
from wom_sim.words import Words

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLUMNS = ("policy", "day", "mean", "low", "high")

_LEFT, _BELOW, _ABOVE, _GAP = 1.2, 0.55, 0.36, 0.35
_LABEL_WIDTHS = (2.9, 4.0)
_LABEL_WIDTHS_NARROW = (1.25, 1.6)
_MARK = 0.5
"""Width of a mark of the axis of time, in inches."""
_MOST_STRIPS = 40
"""Days that say their values, of a chart that is pointed at."""
_LABELS_HIGH = 3.4
"""Above this height the labels, in inches, are made wider."""


class UprightAxis(NamedTuple):
    """The quantity on the upright axis, and from where on each step is ten times more (None: nowhere).

    ``tell``: how its values are written, as numbers if None. ``across``: the texts of the axis of time and of its end.
    """

    quantity: str
    threshold: float | None
    tell: Callable[[float], str] | None = None
    across: tuple[str, str] = ("chart.day", "chart.day_is")


def lines_of(table: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return the rows of each policy in the order of days, policies as they first appear."""
    names = table["policy"].astype(str)
    return {str(p): table[names == str(p)].sort_values("day") for p in dict.fromkeys(names)}


def ends_of(lines: Mapping[str, pd.DataFrame], column: str = "mean") -> dict[str, float]:
    """Return the last value of each policy."""
    return {policy: float(rows[column].iloc[-1]) for policy, rows in lines.items()}


def _banded(table: pd.DataFrame) -> bool:
    """Return whether any row has a range; a single replication has none."""
    return bool((table["low"].notna() & table["high"].notna()).any())


def how_to_read(table: pd.DataFrame, words: Words) -> str:
    """Return what line and band mean, when there are bands."""
    return words.say("chart.timeline.how") if _banded(table) else ""


def interval_of(table: pd.DataFrame, words: Words) -> str:
    """Return which kind of interval the bands are, or that there is none."""
    return words.say("chart.interval.range" if _banded(table) else "chart.interval.none")


def draw_lines(
    lines: Mapping[str, pd.DataFrame],
    looks: Mapping[str, Look],
    ends: Mapping[str, str],
    opening: tuple[Texts, Setting],
    upright: UprightAxis,
) -> Figure:
    """Return a page with a line for each policy; at its end its name and, in words, its last value."""
    words = opening[1].words
    for label_width in _LABEL_WIDTHS_NARROW if opening[1].size == NARROW else _LABEL_WIDTHS:
        labels = {p: wrap(f"{sentence(words.policy(p))}: {ends[p]}", label_width, BOLD) for p in lines}
        labels_height = sum(_height(label) for label in labels.values())
        if labels_height <= _LABELS_HIGH:
            break

    def above(page: Page) -> float:
        return _ABOVE + (len(wrap(upright.quantity, page.width - 2 * MARGIN, BOLD)) - 1) * line_height()

    def fits(page: Page) -> bool:
        return labels_height <= page.top - above(page) - page.bottom - _BELOW

    page = open_page(*opening, fits)
    widest = max(text_width(line, BOLD) for label in labels.values() for line in label)
    bottom = page.bottom + _BELOW
    width = page.width - _LEFT - _GAP - widest - MARGIN
    axes = place(page.figure, _LEFT, bottom, width, page.top - above(page) - bottom)
    write(page.figure, (MARGIN, page.top), wrap(upright.quantity, page.width - 2 * MARGIN, BOLD), BOLD)
    for policy, rows in lines.items():
        _draw_line(axes, rows, looks[policy])
    _scale_days(axes, lines, words.say(upright.across[0]))
    _scale_values(axes, lines, upright.threshold, upright.tell or words.number)
    ends_at = {p: inches(axes, rows["day"].iloc[-1], rows["mean"].iloc[-1]) for p, rows in lines.items()}
    label_ends(axes, ends_at, labels, looks)
    _say_days(axes, lines, upright, words)
    last = max(rows["day"].iloc[-1] for rows in lines.values())
    told = "; ".join(f"{words.policy(p)}: {ends[p]}" for p in lines)
    return finish(page.figure, [f"{upright.quantity}. {words.say(upright.across[1], day=words.number(last))}: {told}."])


def _draw_line(axes: Axes, rows: pd.DataFrame, look: Look) -> None:
    """Draw one policy: its band where it has one, its line, a marker at its end."""
    days, mean = rows["day"].to_numpy(float), rows["mean"].to_numpy(float)
    low, high = rows["low"].to_numpy(float), rows["high"].to_numpy(float)
    known = (low == low) & (high == high)
    if known.any():
        axes.fill_between(days, low, high, where=known, color=look.colour, alpha=0.16, linewidth=0.0)
    axes.plot(days, mean, color=look.colour, linestyle=look.line, linewidth=2.6)
    end: Any = {"marker": look.marker, "markersize": 8.0, "markeredgecolor": look.ink}
    axes.plot(days[-1:], mean[-1:], color=look.colour, clip_on=False, zorder=5, **end)


def _say_days(axes: Axes, lines: Mapping[str, pd.DataFrame], upright: UprightAxis, words: Words) -> None:
    """Let upright strips say the value of every policy on their day, the day in the middle of each."""
    tell, box = upright.tell or words.people, box_of(axes)
    values = {p: dict(zip(rows["day"], rows["mean"], strict=True)) for p, rows in lines.items()}
    days = sorted({day for of in values.values() for day in of})
    chosen = [days[round(n * (len(days) - 1) / (_MOST_STRIPS - 1))] for n in range(_MOST_STRIPS)]
    chosen = days if len(days) <= _MOST_STRIPS else list(dict.fromkeys(chosen))
    middles = [inches(axes, float(day), 0.0)[0] for day in chosen]
    edges = [box.left, *((a + b) / 2.0 for a, b in pairwise(middles)), box.right]
    for n, day in enumerate(chosen):
        told = [f"{sentence(words.policy(p))}: {tell(float(of[day]))}" for p, of in values.items() if day in of]
        text = "\n".join([words.say(upright.across[1], day=words.number(float(day))), *told])
        add_spot(axes, (edges[n], edges[n + 1]), (box.bottom, box.top), text)


def _scale_days(axes: Axes, lines: Mapping[str, pd.DataFrame], name: str) -> None:
    """Set the axis of time; a single day stands in the middle."""
    from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator

    first = min(float(rows["day"].iloc[0]) for rows in lines.values())
    last = max(float(rows["day"].iloc[-1]) for rows in lines.values())
    alone = 1.0 if first == last else 0.0
    axes.set_xlim(first - alone, last + alone)
    box = box_of(axes)
    days = MaxNLocator(max(2, min(8, int((box.right - box.left) / _MARK))), integer=True, steps=[1, 2, 3, 5, 10])
    axes.xaxis.set_major_locator(FixedLocator([first]) if alone else days)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda day, _: f"{day:.0f}"))
    axes.set_xlabel(name, fontsize=TEXT, color=FAINT_INK)


def _scale_values(
    axes: Axes, lines: Mapping[str, pd.DataFrame], threshold: float | None, tell: Callable[[float], str]
) -> None:
    """Set the upright axis, so that zero, every line and every band are within."""
    columns = [rows[name] for rows in lines.values() for name in ("mean", "low", "high")]
    values = [0.0, *(float(v) for column in columns for v in column if math.isfinite(v))]
    low, high = min(values), max(values)
    if threshold is None:
        pad = 0.06 * (high - low) or 1.0
        low, high = low - pad if low < 0.0 else 0.0, high + pad if high > 0.0 or low == 0.0 else 0.0
    else:
        low, high = _roomy(low, threshold), _roomy(high, threshold)
    quiet(axes, "y")
    set_scale(axes, "y", (low, high), threshold, tell)
    axes.tick_params(axis="x", pad=8.0)
    axes.axhline(0.0, color=FAINT_INK if low < 0.0 else GRID, linewidth=1.4, zorder=1)


def _roomy(limit: float, threshold: float) -> float:
    """Return a limit moved outwards a little, by tenfold steps where the axis has them."""
    if limit == 0.0:
        return 0.0
    return math.copysign(1.6 * abs(limit) if abs(limit) >= threshold else abs(limit) + 0.3 * threshold, limit)


def label_ends(
    axes: Axes,
    ends: Mapping[str, tuple[float, float]],
    labels: Mapping[str, Sequence[str]],
    looks: Mapping[str, Look],
) -> None:
    """Write each label at the right, level with its end (inches) or as near to it as the others allow."""
    from matplotlib.lines import Line2D

    box = box_of(axes)
    heights = [_height(labels[p]) for p in ends]
    centres = spread([ends[p][1] for p in ends], heights, box.bottom - 0.1, box.top + 0.1)
    across, up = box.figure.get_size_inches()
    for policy, centre in zip(ends, centres, strict=True):
        x, y = ends[policy]
        leader = [x / across, (box.right + _GAP - 0.06) / across], [y / up, centre / up]
        box.figure.add_artist(Line2D(*leader, color=looks[policy].colour, linewidth=1.0, alpha=0.7))
        face = Face(bold=True, ink=looks[policy].ink)
        write(box.figure, (box.right + _GAP, centre), labels[policy], face, "left centre")


def _height(label: Sequence[str]) -> float:
    """Return the height in inches that a label takes."""
    return len(label) * line_height() + 0.04
