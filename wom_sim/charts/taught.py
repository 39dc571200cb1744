"""Which observation taught what: a column for each that was seen, a row for each number that was learned of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from wom_sim.charts.names import number_names, seen_name
from wom_sim.charts.page import Texts, finish, inches, write
from wom_sim.charts.panels import Opening
from wom_sim.charts.rows import Named, Plan, row_page
from wom_sim.charts.setting import PLAIN_SETTING, Setting
from wom_sim.charts.style import BOLD, FAINT, OKABE_ITO, Face, contrast_on_white
from wom_sim.charts.tables import check

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


def draw(table: pd.DataFrame, setting: Setting = PLAIN_SETTING) -> Figure:
    """Return a panel of cells for each observation, one for each number, and one for all that was seen together.

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
    headings = [Named(seen_name(label, words)) for label in seen]
    headings += [Named(words.say("chart.taught.together"), BOLD)] if len(most) > 1 else []
    plan = Plan(narrowest=0.95, below=0.1, row=0.4, tallest=0.8)
    figure, panels = row_page(Opening(texts, setting), [Named(names[key]) for key in keys], headings, plan)
    cells = {(str(row["seen"]), str(row["key"])): row for row in rows}
    for axes, label in zip(panels, [*seen, _EVERY], strict=False):
        of = [about[key] if label == _EVERY else cells.get((label, key)) for key in keys]
        _draw_cells(axes, of, "foretold" if label == _EVERY else "alone", setting)
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


def _draw_cells(axes: Axes, rows: Sequence[Mapping[Any, Any] | None], column: str, setting: Setting) -> None:
    """Draw a cell for each number, the stronger the larger the share, which is written in it."""
    axes.set_xlim(0.0, 1.0)
    axes.set_xticks([])
    for i, row in enumerate(rows):
        if row is None:
            continue
        share, sure = min(1.0, float(row[column])), _is_sure(row, column)
        colour = shade(share) if sure else _NOTHING
        ink = "#FFFFFF" if contrast_on_white(colour) >= _READ else "#000000"
        axes.barh([i + 0.5], [1.0], 0.94, left=0.0, color=colour, linewidth=0.0)
        face = Face(bold=True, ink=ink) if sure else FAINT
        at = inches(axes, 0.5, i + 0.5)
        figure: Any = axes.figure
        write(figure, at, _brief(share, setting), face, "centre centre")


def _brief(share: float, setting: Setting) -> str:
    """Return a share in whole per cent, short enough for a cell."""
    words = setting.words
    return f"<{words.share(0.01)}" if 0.0 < share < 0.005 else words.share(round(share, 2))  # noqa: PLR2004


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
