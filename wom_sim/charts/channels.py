"""By which way people hear of it: how many, by channel, day by day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from wom_sim.charts.legend import Sample, draw_legend, legend_height
from wom_sim.charts.page import MARGIN, Texts, box_of, finish, inches, place, write
from wom_sim.charts.panels import Opening, lay_out
from wom_sim.charts.scales import FAR_APART, set_scale, sizes, tenfold_from
from wom_sim.charts.setting import PLAIN_SETTING, SIZES, Setting
from wom_sim.charts.style import BOLD, FAINT, KEEP, OKABE_ITO, OTHERS, Face, Look, quiet, readable
from wom_sim.charts.tables import check, looks_for
from wom_sim.charts.typesetting import line_height, text_width, wrap
from wom_sim.charts.words import sentence

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLUMNS = ("policy", "day", "channel", "people", "what")
WHAT = ("first", "hearings")
_BELOW, _LOWEST, _NARROWEST = 0.5, 1.5, 1.9
_MARKED = 0.16
"""A marker every so much of the width, so that lines can be told apart without colour."""


def _look(colour: str, line: Any, marker: str) -> Look:
    return Look(OKABE_ITO[colour], line, marker, readable(OKABE_ITO[colour]))


LOOKS = {
    "outlet": _look("vermillion", "-", "s"),
    "post": _look("blue", (0, (5, 1.5, 1, 1.5)), "o"),
    "talk": _look("bluish green", (0, (1, 1.2)), "p"),
    "household": _look("black", (0, (1, 1.2)), "v"),
    "close": _look("bluish green", "-", "^"),
    "acquaintance": _look("orange", (0, (7, 2, 2, 2)), "D"),
    "stranger": _look("reddish purple", (0, (5, 1.5, 1, 1.5)), "P"),
    "firm": _look("sky blue", "-", "X"),
}
"""The look of each channel, the same wherever channels are shown."""


def colour_of(channel: str) -> str:
    """Return the colour of a channel, or of those who heard from nobody.

    >>> colour_of("outlet") == OKABE_ITO["vermillion"], colour_of("nobody")
    (True, '#7A7A7A')
    """
    return LOOKS[channel].colour if channel in LOOKS else OTHERS


def draw(table: pd.DataFrame, setting: Setting = PLAIN_SETTING) -> Figure:
    """Return a panel for each policy with a line for each channel, on shared axes.

    Parameters
    ----------
    table
        Columns policy; day; channel ("outlet", "post", "talk", or a class of tie); people: so far; what: "first"
        (people by the channel through which they first heard) or "hearings" (how often people heard).
    setting
        Language, page, order of policies.

    Raises
    ------
    ValueError
        When a column is missing, the table is empty, a number is missing, a channel is unknown, or two rows
        share policy, channel and day.
    """
    check(table, COLUMNS, ("policy", "channel", "day"), finite=("day", "people"))
    for column, allowed in (("channel", LOOKS), ("what", WHAT)):
        for given in table[column].unique():
            if given not in allowed:
                raise ValueError(f"column '{column}' holds '{given}'; allowed: {', '.join(allowed)}")
    words, looks = setting.words, looks_for(table, setting.order)
    what = str(table["what"].iloc[0])
    of = {p: table[table["policy"].astype(str) == p] for p in looks}
    ends = {p: ends_of(rows) for p, rows in of.items()}
    drawn = {p: rows for p, rows in of.items() if any(ends[p].values())} or of
    texts = Texts(finding(ends, what, setting), words.say(f"chart.channels.{what}"), _foot(looks, drawn, setting))
    return _draw_page(drawn, ends, looks, Opening(texts, setting))


def ends_of(rows: pd.DataFrame) -> dict[str, float]:
    """Return how many each channel has reached at the end."""
    last = rows.sort_values("day", kind="stable").groupby("channel", sort=False)["people"].last()
    return {channel: float(last[channel]) for channel in LOOKS if channel in last.index}


def finding(ends: Mapping[str, Mapping[str, float]], what: str, setting: Setting) -> str:
    """Return the chart's title: which channel carries the story of the policy that is heard most."""
    words = setting.words
    names = [p for p in ends if p != KEEP] or list(ends)
    loudest = max(names, key=lambda p: sum(ends[p].values()))
    total = sum(ends[loudest].values())
    if total <= 0.0:
        return words.say("chart.reached.nobody")
    most = max(ends[loudest], key=lambda channel: ends[loudest][channel])
    return sentence(
        words.say(
            f"chart.channels.title.{what}",
            policy=words.policy(loudest),
            channel=words.name("channel", most),
            share=words.share(ends[loudest][most] / total),
        )
    )


def _foot(looks: Mapping[str, Look], drawn: Mapping[str, pd.DataFrame], setting: Setting) -> str:
    left_out = [sentence(setting.words.policy(p)) for p in looks if p not in drawn]
    return setting.words.say("chart.channels.zero", names=", ".join(left_out)) if left_out else ""


def _draw_page(
    of: Mapping[str, pd.DataFrame],
    ends: Mapping[str, Mapping[str, float]],
    looks: Mapping[str, Look],
    opening: Opening,
) -> Figure:
    """Return the page with a legend and a panel for each policy."""
    setting, words = opening.setting, opening.setting.words
    channels = [c for c in LOOKS if any(ends[p].get(c, 0.0) for p in of)] or list(ends[next(iter(of))])
    samples = [Sample(words.name("channel", c), LOOKS[c]) for c in channels]
    known = sizes(v for p in of for v in ends[p].values())
    top_value = known[-1] if known else 1.0
    far = len(known) > 1 and top_value > FAR_APART * known[0]
    threshold = max(1.0, tenfold_from(known[0], top_value)) if far else None
    numbers = max(text_width(words.number(v)) for v in (top_value, 0.5 * top_value, 1e5)) + 0.3
    headings = {p: wrap(sentence(words.policy(p)), _NARROWEST, BOLD) for p in of}
    above = max(map(len, headings.values())) * line_height() + 0.06
    lowest = _LOWEST + max(0, len(channels) - 5) * line_height()
    key = legend_height(samples, SIZES[opening.setting.size][0] - 2 * MARGIN)
    ending = max((text_width(words.number(v)) for p in of for v in ends[p].values()), default=0.0) + 0.12
    grid = lay_out(opening, len(of), numbers, _NARROWEST + ending, above + lowest + _BELOW + key + line_height() + 0.1)
    draw_legend(grid.figure, (grid.left - numbers, grid.top), grid.figure.get_figwidth() - 0.6, samples)
    note = words.say("chart.channels.axis") + (f" ({words.say('chart.tenfold')})" if far else "")
    write(grid.figure, (grid.left - numbers, grid.top - key), note, BOLD)
    last = max(float(rows["day"].max()) for rows in of.values())
    for index, (policy, rows) in enumerate(of.items()):
        left, top = grid.corner(index)
        ceiling = top - above - key - line_height() - 0.1
        bottom = top - grid.height + _BELOW
        write(
            grid.figure, (left, ceiling + 0.06), headings[policy], Face(bold=True, ink=looks[policy].ink), "left bottom"
        )
        axes = place(grid.figure, left, bottom, grid.width - ending, ceiling - bottom)
        _set_axes(axes, (top_value, threshold, last), setting, named=index % grid.columns == 0)
        for channel in channels:
            _draw_line(axes, rows[rows["channel"] == channel], LOOKS[channel])
        _write_ends(axes, {c: ends[policy].get(c, 0.0) for c in channels}, setting)
    return finish(grid.figure, [_fact(p, ends[p], setting) for p in of])


def _set_axes(axes: Axes, scale: tuple[float, float | None, float], setting: Setting, *, named: bool) -> None:
    """Set the shared axes; ``scale``: the largest value, where tenfold steps begin, the last day."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    top, threshold, last = scale
    quiet(axes, "y")
    set_scale(axes, "y", (0.0, 1.6 * top if threshold is not None else 1.06 * top), threshold, setting.words.number)
    axes.set_xlim(0.0, max(last, 1.0))
    axes.xaxis.set_major_locator(MaxNLocator(3, integer=True, steps=[1, 2, 3, 5, 10]))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda day, _: f"{day:.0f}"))
    axes.tick_params(axis="x", pad=8.0)
    axes.tick_params(axis="y", labelleft=named)
    box = box_of(axes)
    write(box.figure, (box.right, box.bottom - 0.31), setting.words.say("chart.day"), FAINT, "right top")


def _draw_line(axes: Axes, rows: pd.DataFrame, look: Look) -> None:
    """Draw one channel's line, with markers along it."""
    if len(rows) == 0 or not rows["people"].any():
        return
    ordered = rows.sort_values("day")
    mark: Any = {"marker": look.marker, "markersize": 5.5, "markeredgecolor": look.ink, "markevery": _MARKED}
    axes.plot(ordered["day"], ordered["people"], color=look.colour, linestyle=look.line, linewidth=2.0, **mark)


def _write_ends(axes: Axes, ends: Mapping[str, float], setting: Setting) -> None:
    """Write the last value of each channel at the right, moved apart."""
    from wom_sim.charts.labels import spread

    box = box_of(axes)
    shown: Sequence[str] = [c for c, value in ends.items() if value > 0.0]
    wanted = [inches(axes, axes.get_xlim()[1], ends[c])[1] for c in shown]
    centres = spread(wanted, [line_height()] * len(shown), box.bottom, box.top + 0.1)
    for channel, centre in zip(shown, centres, strict=True):
        face = Face(ink=LOOKS[channel].ink)
        write(box.figure, (box.right + 0.06, centre), setting.words.number(ends[channel]), face, "left centre")


def _fact(policy: str, ends: Mapping[str, float], setting: Setting) -> str:
    words = setting.words
    told = [f"{words.name('channel', c)} {words.number(value)}" for c, value in ends.items() if value > 0.0]
    return f"{sentence(words.policy(policy))}: {'; '.join(told) or words.number(0.0)}."
