"""Which observation taught what: a column for each that was seen, a row for each number that was learned of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from wom_sim.charts.names import number_names, seen_name
from wom_sim.charts.page import Texts, box_of, finish, inches, write
from wom_sim.charts.panels import Opening
from wom_sim.charts.rows import Named, Plan, row_page
from wom_sim.charts.setting import PLAIN_SETTING, Setting
from wom_sim.charts.style import BOLD, FAINT, OKABE_ITO, PLAIN, Face, contrast_on_white
from wom_sim.charts.tables import check
from wom_sim.charts.typesetting import line_height, wrap

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLUMNS = ("seen", "key", "meaning", "alone", "foretold", "chance")
MOST = 10
MOST_SEEN = 8
"""Assumption: so many columns can be read; those that teach most are shown."""
COLOUR = OKABE_ITO["blue"]
_NOTHING = "#F4F4F4"
_READ = 4.5
"""White text is written on cells where it has this contrast, as black text has on all others (WCAG 2.1, level AA)."""
_LEAST_INK = 0.12
_EVERY = ""
_CELL, _HEAD, _WIDEST, _APART = 1.02, 0.94, 1.7, 0.2
"""Inches: least width of a column, and of its head; most of a column. How far, in columns, all together stands off."""


class Column(NamedTuple):
    """Lines of a column's head, what was seen, and where the column begins."""

    head: list[str]
    label: str
    at: float = 0.0


def draw(table: pd.DataFrame, setting: Setting = PLAIN_SETTING) -> Figure:
    """Return a column of cells for each observation, one for each number, and one for all that was seen together.

    Parameters
    ----------
    table
        Columns seen: what was seen; key, meaning: of a number that was learned of; alone: the share of the number's
        variance that this observation foretells alone; foretold: the share that all foretell together; chance: the
        share that chance foretells at most.
    setting
        Language, page.

    Raises
    ------
    ValueError
        When a column is missing, the table is empty, a share is missing, or two rows share seen and key.
    """
    check(table, COLUMNS, ("seen", "key"), finite=("alone", "foretold", "chance"))
    words, rows = setting.words, table.to_dict("records")
    about = {str(row["key"]): row for row in rows}
    keys = sorted(about, key=lambda key: (-about[key]["foretold"], key))
    most: dict[str, float] = {}
    for row in rows:
        most[str(row["seen"])] = max(most.get(str(row["seen"]), 0.0), float(row["alone"]))
    seen = sorted(most, key=lambda label: (-most[label], label))
    how = [words.say("chart.taught.how", chance=words.rough_share(max(float(row["chance"]) for row in rows)))]
    if any(row["alone"] > max(row["foretold"], row["chance"]) for row in rows):
        how.append(words.say("chart.taught.estimates"))
    if len(keys) > MOST:
        how.append(words.say("chart.taught.left_out", n=MOST, of=len(keys)))
    if len(seen) > MOST_SEEN:
        how.append(words.say("chart.taught.left_out_seen", n=MOST_SEEN, of=len(seen)))
    texts = Texts(finding(rows, setting), words.say("chart.taught.interval"), " ".join(how))
    names, (keys, seen) = number_names(rows, words), (keys[:MOST], seen[:MOST_SEEN])
    columns = [Column(wrap(seen_name(label, words), _HEAD), label) for label in seen]
    if len(most) > 1:
        columns.append(Column(wrap(words.say("chart.taught.together"), _HEAD, BOLD), _EVERY, len(seen) + _APART))
    columns = [each._replace(at=each.at or float(k)) for k, each in enumerate(columns)]
    wide, high = columns[-1].at + 1.0, max(len(each.head) for each in columns) * line_height() + 0.06
    plan = Plan(narrowest=_CELL * wide, below=0.1, row=0.4, tallest=0.8, above=high)
    figure, (axes,) = row_page(Opening(texts, setting), [Named(names[key]) for key in keys], [Named("")], plan)
    box = box_of(axes)
    axes.set_xlim(0.0, max(wide, (box.right - box.left) / _WIDEST))
    axes.set_xticks([])
    cells = {(str(row["seen"]), str(row["key"])): row for row in rows}
    for column in columns:
        every = column.label == _EVERY
        face, at = BOLD if every else PLAIN, inches(axes, column.at, 0.0)[0]
        write(figure, (at, box.top + 0.06), column.head, face, "left bottom")
        of = [about[key] if every else cells.get((column.label, key)) for key in keys]
        _draw_cells(axes, column.at, of, "foretold" if every else "alone", setting)
    facts = [_fact(cells[label, key], names, setting) for key in keys for label in seen if (label, key) in cells]
    return finish(figure, facts)


def finding(rows: Sequence[Mapping[Any, Any]], setting: Setting) -> str:
    """Return the chart's title: which observation taught most about which number."""
    words = setting.words
    sure = [row for row in rows if _is_sure(row, "alone")]
    if not sure:
        return words.say("chart.taught.together_only")
    best = max(sure, key=lambda row: (row["alone"], row["seen"], row["key"]))
    return words.say(
        "chart.taught.title",
        seen=words.say("report.quoted", name=seen_name(str(best["seen"]), words)),
        number=words.say("report.quoted", name=number_names(rows, words)[str(best["key"])]),
        share=words.whole_share(best["alone"]),
    )


def _is_sure(row: Mapping[Any, Any], column: str) -> bool:
    """Return whether a share is more than chance foretells."""
    return bool(row[column] > row["chance"])


def _draw_cells(
    axes: Axes, left: float, rows: Sequence[Mapping[Any, Any] | None], share: str, setting: Setting
) -> None:
    """Draw a cell for each number, the stronger the larger the share (a column), which is written in it."""
    for i, row in enumerate(rows):
        if row is None:
            continue
        sure = _is_sure(row, share)
        colour = shade(min(1.0, float(row[share]))) if sure else _NOTHING
        ink = "#FFFFFF" if contrast_on_white(colour) >= _READ else "#000000"
        axes.barh([i + 0.5], [0.95], 0.94, left=left, color=colour, linewidth=0.0)
        at, face = inches(axes, left + 0.475, i + 0.5), Face(bold=True, ink=ink) if sure else FAINT
        write(box_of(axes).figure, at, _brief(row[share], setting), face, "centre centre")


def _brief(share: float, setting: Setting) -> str:
    """Return a share in whole per cent, short enough for a cell."""
    words = setting.words
    return f"<{words.share(0.01)}" if 0.0 < share < 0.005 else words.share(round(share, 2))


def shade(share: float) -> str:
    """Return the colour of a cell: white mixed with blue, the more of it the larger the share.

    >>> shade(0.0), shade(1.0)
    ('#E0EEF6', '#0072B2')
    """
    ink = _LEAST_INK + (1.0 - _LEAST_INK) * share
    channels = [int(COLOUR[at : at + 2], 16) for at in (1, 3, 5)]
    return "#" + "".join(f"{round(255 + (channel - 255) * ink):02X}" for channel in channels)


def _fact(row: Mapping[Any, Any], names: Mapping[str, str], setting: Setting) -> str:
    words = setting.words
    return words.say(
        "chart.taught.fact" if _is_sure(row, "alone") else "chart.taught.fact_chance",
        seen=seen_name(str(row["seen"]), words),
        number=names[str(row["key"])],
        share=words.whole_share(row["alone"]),
    )
