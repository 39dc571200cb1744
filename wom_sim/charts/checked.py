"""Whether worlds show what was seen: each observation beside the worlds as first drawn, and as they were fitted."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from wom_sim.charts.names import DAYS, SHARES_SEEN, YES_OR_NO, seen_name, seen_said, what_of
from wom_sim.charts.page import Texts, box_of, finish, inches, write
from wom_sim.charts.panels import Opening
from wom_sim.charts.rows import Named, Plan, numbers_width, row_page
from wom_sim.charts.setting import PLAIN_SETTING, Setting
from wom_sim.charts.style import BAD, BOLD, FAINT, INK, OKABE_ITO, Face, readable
from wom_sim.charts.tables import check

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

BEFORE = ("before_low", "before_median", "before_high")
NOW = ("low", "median", "high")
YES: dict[tuple[str, ...], str] = {BEFORE: "before_yes", NOW: "yes"}
"""Columns of the share of worlds that say yes, by the interval beside which they stand."""
COLUMNS = ("seen", "value", "off_by", *BEFORE, *NOW, *YES.values(), "strange", "days")
COLOUR = OKABE_ITO["blue"]
PALE = 0.25
_STRANGE = Face(bold=True, ink=readable(BAD))
_NOW = Face(bold=True, ink=readable(COLOUR))
_SIGN = "\N{WARNING SIGN}"


def draw(table: pd.DataFrame, setting: Setting = PLAIN_SETTING) -> Figure:
    """Return a row for each observation, in the order of the table.

    Parameters
    ----------
    table
        Columns seen: what was seen; value: the number, or day; missing where the day never came; off_by: how far it
        may be off; before_low, before_median, before_high: what 90 % of the worlds show as they were first drawn, and
        their median; low, median, high: the same of worlds drawn from what was learned, missing where none were;
        before_yes, yes: the share of those worlds that say yes, of what came or did not; missing of all else;
        strange: whether hardly any world shows it; days: of the run, for which a day stands that never came.
    setting
        Language, page.

    Raises
    ------
    ValueError
        When a column is missing, the table is empty, a number is missing, or two rows share seen.
    """
    check(table, COLUMNS, ("seen",), finite=("off_by", *BEFORE, "days"))
    words, rows = setting.words, table.to_dict("records")
    fitted = any(_ends_of(row, NOW) for row in rows)
    how = [words.say("chart.checked.how" if fitted else "chart.checked.how_before")]
    marks = {_mark(row) for row in rows}
    if any(_share_of_yes(row, ends) is not None for row in rows for ends in YES):
        how.append(words.say("chart.checked.how_yes"))
    how += [words.say(f"chart.checked.{mark}") for mark in ("outside", "strange") if mark in marks]
    texts = Texts(finding(rows, setting), words.say("chart.checked.interval"), " ".join(how))
    columns = {"seen": [_seen(row, setting) for row in rows], "before": [_shown(row, BEFORE, setting) for row in rows]}
    columns |= {"now": [_shown(row, NOW, setting) for row in rows]} if fitted else {}
    faces = {"seen": BOLD, "before": FAINT, "now": _NOW}
    heads = {name: words.say(f"chart.checked.{name}_head") for name in columns}
    widths = {name: numbers_width([heads[name], *column], BOLD) for name, column in columns.items()}
    plan = Plan(narrowest=2.0, numbers=sum(widths.values()) + 0.1, below=0.1, row=0.34, tallest=0.8)
    names, heading = [_named(row, setting) for row in rows], Named(words.say("chart.bars_of_worlds"), FAINT)
    figure, (axes,) = row_page(Opening(texts, setting), names, [heading], plan)
    axes.set_xlim(-0.04, 1.04)
    axes.set_xticks([])
    for i, row in enumerate(rows):
        _draw_row(axes, i + 0.5, row)
    right = box_of(axes).right + 0.1
    for name, column in columns.items():
        right += widths[name]
        write(figure, (right, box_of(axes).top + 0.06), heads[name], faces[name], "right bottom")
        for i, text in enumerate(column):
            write(figure, (right, inches(axes, 0.0, i + 0.5)[1]), text, faces[name], "right centre")
    return finish(figure, [_fact(row, setting) for row in rows])


def finding(rows: Sequence[Mapping[Any, Any]], setting: Setting) -> str:
    """Return the chart's title: whether what was seen lies within what the worlds show."""
    words = setting.words
    by_mark = {mark: [row for row in rows if _mark(row) == mark] for mark in ("strange", "outside")}
    listed = {
        mark: words.listed([words.say("report.quoted", name=seen_name(str(row["seen"]), words)) for row in found])
        for mark, found in by_mark.items()
    }
    if by_mark["strange"]:
        return words.say("chart.checked.title_strange", names=listed["strange"])
    worlds = words.say(f"chart.checked.{'fitted' if any(_ends_of(row, NOW) for row in rows) else 'drawn'}")
    if by_mark["outside"]:
        inside = words.number(len(rows) - len(by_mark["outside"]))
        of = words.number(len(rows))
        return words.say("chart.checked.title_outside", n=inside, of=of, names=listed["outside"], worlds=worlds)
    return words.count("chart.checked.title", len(rows), worlds=worlds)


def _at(row: Mapping[Any, Any]) -> float:
    """Return what was seen as a number; a day that never came is the end of the run."""
    return float(row["value"]) if math.isfinite(row["value"]) else float(row["days"])


def _ends_of(row: Mapping[Any, Any], ends: Sequence[str]) -> list[float]:
    """Return an interval's low end, median and high end; nothing where worlds did not show any."""
    found = [float(row[end]) for end in ends]
    return found if all(map(math.isfinite, found)) else []


def _share_of_yes(row: Mapping[Any, Any], ends: Sequence[str]) -> float | None:
    """Return in which share of worlds something came; None where that is not known, or is no yes or no."""
    share = float(row[YES[tuple(ends)]]) if what_of(str(row["seen"])) in YES_OR_NO else math.nan
    return share if math.isfinite(share) else None


def _mark(row: Mapping[Any, Any]) -> str:
    """Return how what was seen lies: strange, outside or inside of the interval of the fitted worlds, if there are."""
    if row["strange"]:
        return "strange"
    low, _, high = _ends_of(row, NOW) or _ends_of(row, BEFORE)
    return "inside" if low <= _at(row) <= high else "outside"


def _named(row: Mapping[Any, Any], setting: Setting) -> Named:
    """Return a row's name; of what is strange, with a sign and the word."""
    name = seen_name(str(row["seen"]), setting.words)
    if _mark(row) != "strange":
        return Named(name)
    return Named(setting.words.say("chart.checked.named_strange", sign=_SIGN, name=name), _STRANGE)


def _seen(row: Mapping[Any, Any], setting: Setting) -> str:
    """Return in words what was seen, and how far it may be off."""
    words, what = setting.words, what_of(str(row["seen"]))
    said = seen_said(float(row["value"]), str(row["seen"]), float(row["days"]), words)
    if not row["off_by"] > 0.0 or (what in DAYS and not math.isfinite(row["value"])):
        return said
    if what in YES_OR_NO:
        return words.say("chart.checked.may_be_wrong", seen=said, chance=words.rough_share(row["off_by"]))
    error = words.rough_share(row["off_by"]) if what in SHARES_SEEN else words.number(row["off_by"])
    return words.say("chart.checked.off", seen=said, error=error)


def _shown(row: Mapping[Any, Any], ends: Sequence[str], setting: Setting) -> str:
    """Return in words what worlds show: from where to where."""
    words, known = setting.words, _ends_of(row, ends)
    if not known:
        return words.say("number.unknown")
    share = _share_of_yes(row, ends)
    if share is not None:
        return words.say("chart.checked.yes_in", share=words.whole_share(share))
    low, middle, high = (seen_said(end, str(row["seen"]), float(row["days"]), words) for end in known)
    if low == high:
        return low
    what = what_of(str(row["seen"]))
    if what in YES_OR_NO:
        return words.say("chart.checked.mostly", answer=middle)
    low = low.removesuffix(" %") if what in SHARES_SEEN else low
    return words.say("chart.from_to", low=low, high=high)


def _draw_row(axes: Axes, at: float, row: Mapping[Any, Any]) -> None:
    """Draw a row on a scale of its own: the worlds before, pale, and now, strong; and what was seen with its error.

    Of what came or did not, the scale is the share of worlds that say yes, from none to all.
    """
    unsure = what_of(str(row["seen"])) not in YES_OR_NO and math.isfinite(row["value"])
    value, error = _at(row), float(row["off_by"]) if unsure else 0.0
    before, now = _ends_of(row, BEFORE), _ends_of(row, NOW)
    shares = [_share_of_yes(row, ends) for ends in (BEFORE, NOW)]
    if shares[0] is not None:
        before, now = ([] if share is None else [0.0, share, share] for share in shares)
        axes.plot([0.0, 1.0], [at] * 2, color=FAINT.ink, linewidth=0.8, marker="|", markersize=9.0, zorder=0.5)
    ends = [*before, *now, value - error, value + error, *([0.0, 1.0] if shares[0] is not None else [])]
    least, width = min(ends), max(ends) - min(ends)

    def place(number: float) -> float:
        return (number - least) / width if width > 0.0 else 0.5

    for (low, _, high), tall, alpha in ((before, 0.56, PALE), (now or before, 0.24, 1.0 if now else 0.0)):
        left, right = place(low), place(high)
        axes.barh([at], [max(right - left, 0.012)], tall, left=left, color=COLOUR, alpha=alpha, linewidth=0.0)
    mark = _mark(row)
    axes.plot([place(value - error), place(value + error)], [at] * 2, color="white", linewidth=4.2, zorder=3)
    axes.plot([place(value - error), place(value + error)], [at] * 2, color=INK, linewidth=2.0, zorder=4)
    look: Any = {"markersize": 9.5, "markeredgecolor": "white" if mark == "inside" else INK, "zorder": 5}
    colour, shape = {"inside": (INK, "D"), "outside": ("white", "D"), "strange": (BAD, "X")}[mark]
    axes.plot([place(value)], [at], shape, color=colour, clip_on=False, **look)


def _fact(row: Mapping[Any, Any], setting: Setting) -> str:
    words = setting.words
    told = {
        "name": _named(row, setting).text, "seen": _seen(row, setting), "before": _shown(row, BEFORE, setting),
    }  # fmt: skip
    if not _ends_of(row, NOW):
        return words.say("chart.checked.fact_before", **told)
    return words.say("chart.checked.fact", now=_shown(row, NOW, setting), **told)
