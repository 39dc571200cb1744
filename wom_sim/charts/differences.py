"""How each policy differs from keeping everyone, indicator by indicator."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from wom_sim.charts.difference_panel import draw_panel, tenfold_threshold
from wom_sim.charts.page import Texts, box_of, finish, place, write
from wom_sim.charts.panels import Opening, lay_out
from wom_sim.charts.setting import PLAIN_SETTING, Setting
from wom_sim.charts.style import BOLD, KEEP, Face, Look
from wom_sim.charts.tables import check, looks_for
from wom_sim.charts.typesetting import line_height, text_width, wrap
from wom_sim.charts.words import sentence
from wom_sim.words import SHARES, Words
from wom_sim.words.numbers import currency_of

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLUMNS = ("policy", "indicator", "label", "unit", "better", "mean", "low", "high", "p05", "p95")
BETTER = ("less", "more", "")

_NARROWEST, _ROW, _BELOW = 1.75, 0.5, 0.5
_WIDEST_NAME = 1.9


def draw(table: pd.DataFrame, setting: Setting = PLAIN_SETTING) -> Figure:
    """Return small multiples: a panel an indicator, a row a policy, the difference to ``keep`` with ranges.

    Parameters
    ----------
    table
        Columns policy; indicator; label (its name in words); unit ("currency" or a code such as "EUR",
        "share", or words); better ("less", "more" or ""); mean difference; low, high: its 95 % interval; p05,
        p95: the 5 to 95 % range over replications. Ranges are missing when there is one replication.
    setting
        Language, page, order of policies, currency of indicators whose unit is "currency".

    Raises
    ------
    ValueError
        When a column is missing, the table is empty, ``better`` is another word, or two rows share policy and
        indicator.
    """
    check(table, COLUMNS, ("policy", "indicator"))
    for better in dict.fromkeys(table["better"]):
        if better not in BETTER:
            raise ValueError(f"column 'better' holds '{better}'; allowed: {', '.join(map(repr, BETTER))}")
    panels = [rows for _, rows in table.groupby("indicator", sort=False)]
    words = setting.words
    kind = "chart.interval.both" if table["low"].notna().any() else "chart.interval.none"
    texts = Texts(finding(panels[0], setting), words.say(kind), how_to_read(panels, words))
    return _draw_page(panels, looks_for(table, setting.order), Opening(texts, setting))


def finding(rows: pd.DataFrame, setting: Setting) -> str:
    """Return the chart's title: what the best and the worst policy do to one indicator, that of ``rows``."""
    words = setting.words
    label, unit = sentence(label_of(rows, words)), str(rows["unit"].iloc[0])
    known = rows[(rows["policy"].astype(str) != KEEP) & rows["mean"].notna()]
    if len(known) == 0 or (known["mean"] == 0.0).all():
        return words.say("chart.differences.none", label=label)
    known = known.sort_values("mean", ascending=str(rows["better"].iloc[0]) == "less", kind="stable")
    ends = known.iloc[[0]] if len(known) == 1 else known.iloc[[0, -1]]
    parts = [
        f"{words.policy(policy)} {words.signed_quantity(mean, unit, setting.currency)}"
        for policy, mean in zip(ends["policy"], ends["mean"], strict=True)
    ]
    return words.say("chart.differences.title", label=label, parts=", ".join(parts))


def label_of(rows: pd.DataFrame, words: Words) -> str:
    """Return what an indicator is called: by the catalogue, else by the table."""
    return words.name("indicator", str(rows["indicator"].iloc[0]), str(rows["label"].iloc[0]))


def how_to_read(panels: Sequence[pd.DataFrame], words: Words) -> str:
    """Return what the marks mean, for those that the panels have."""
    parts = [words.say("chart.differences.point")]
    if any(rows["low"].notna().any() for rows in panels):
        parts.append(words.say("chart.differences.thick"))
    if any(rows["p05"].notna().any() for rows in panels):
        parts.append(words.say("chart.differences.thin"))
    if any((rows["better"] != "").any() for rows in panels):
        parts.append(words.say("chart.differences.green"))
    if any(tenfold_threshold(rows) is not None for rows in panels):
        parts.append(words.say("chart.differences.tenfold", steps=sentence(words.say("chart.steps"))))
    return " ".join(parts)


def _draw_page(panels: Sequence[pd.DataFrame], looks: Mapping[str, Look], opening: Opening) -> Figure:
    """Return the page with a panel for each indicator."""
    setting = opening.setting
    names = {p: wrap(sentence(setting.words.policy(p)), _WIDEST_NAME, BOLD) for p in looks}
    headings = [_heading(rows, setting) for rows in panels]
    row = max(_ROW, max(map(len, names.values())) * line_height() + 0.1)
    above = max(map(len, headings)) * line_height() + 0.08
    widest = max(text_width(line, BOLD) for name in names.values() for line in name) + 0.25
    grid = lay_out(opening, len(panels), widest, _NARROWEST, above + row * len(looks) + _BELOW)
    high = min(grid.height - above - _BELOW, 1.9 * row * len(looks))
    for index, (rows, heading) in enumerate(zip(panels, headings, strict=True)):
        left, top = grid.corner(index)
        write(grid.figure, (left, top - above + 0.08), heading, BOLD, "left bottom")
        axes = place(grid.figure, left, top - above - high, grid.width, high)
        draw_panel(axes, rows, looks, setting)
        if index % grid.columns == 0:
            _write_names(axes, names, looks)
    return finish(grid.figure, [_fact(rows, setting) for rows in panels])


def _heading(rows: pd.DataFrame, setting: Setting) -> list[str]:
    """Return a panel's heading: the indicator and, unless label or numbers say so, its unit."""
    label, unit = label_of(rows, setting.words), str(rows["unit"].iloc[0])
    money = currency_of(unit, setting.currency) is not None
    said = money or unit in (*SHARES, "", "people") or setting.words.name("unit", unit) in label
    return wrap(sentence(label) + ("" if said else f" ({setting.words.name('unit', unit)})"), _NARROWEST, BOLD)


def _fact(rows: pd.DataFrame, setting: Setting) -> str:
    """Return what one panel shows."""
    words, unit = setting.words, str(rows["unit"].iloc[0])

    def say(value: float) -> str:
        return words.signed_quantity(value, unit, setting.currency)

    told = [
        f"{words.policy(row['policy'])} {say(row['mean'])}"
        + (
            f" ({words.say('chart.from_to', low=say(row['low']), high=say(row['high']))})"
            if row["low"] == row["low"]
            else ""
        )
        for row in rows.to_dict("records")
    ]
    return f"{sentence(label_of(rows, words))}: {'; '.join(told)}."


def _write_names(axes: Axes, names: Mapping[str, list[str]], looks: Mapping[str, Look]) -> None:
    """Write the policies at the left of a row of panels."""
    box = box_of(axes)
    pitch = (box.top - box.bottom) / len(names)
    for i, (policy, lines) in enumerate(names.items()):
        face = Face(bold=True, ink=looks[policy].ink)
        at = (box.left - 0.25, box.top - (i + 0.5) * pitch)
        write(box.figure, at, lines, face, "right centre")
