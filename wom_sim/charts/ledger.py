"""Where each policy's money comes from and goes to, line by line, down to the net value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from wom_sim.charts.ledger_panel import draw_panel, numbers_width, running
from wom_sim.charts.page import Words, finish, place, write
from wom_sim.charts.panels import Grid, lay_out
from wom_sim.charts.style import BOLD, KEEP, PLAIN, Face, Look
from wom_sim.charts.tables import check, looks_for
from wom_sim.charts.typesetting import line_height, text_width, wrap
from wom_sim.charts.words import money, policy_name, sentence, within

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

COLUMNS = ("policy", "line", "label", "mean", "order")
NET = "net_value"

_BARS, _BELOW, _LARGEST_ROW = 0.9, 0.3, 0.5
_NAME_WIDTHS = (3.6, 2.0)
"""Widths to try for the names of the lines, inches: on one line each, or on two to make room for panels."""

_SIMILAR = 12.0
"""Assumption: up to this ratio the bars of the smallest panel can be seen on the scale of the largest."""

Amounts = Mapping[str, Sequence[float]]


def draw(table: pd.DataFrame, title_note: str = "", order: Sequence[str] = (), currency: str = "USD") -> Figure:
    """Return the ledger as waterfalls: a panel a policy, a bar a line, from zero to the net value.

    Lines that are zero under every policy are left out; policies whose lines are all zero are named at the
    foot instead of drawn. The net value is the sum of the lines; rows of a line "net_value" are passed over.

    Parameters
    ----------
    table
        Columns policy; line; label (its name in words); mean (currency, positive = good for the firm); order
        (where the line stands).
    title_note
        What is written below the title: scenario, number of replications.
    order
        Policies in the order that fixes their colours; default: as they appear in the table.
    currency
        ISO code.

    Raises
    ------
    ValueError
        When a column is missing, the table is empty, an amount is missing, or two rows share policy and line.
    """
    check(table, COLUMNS, ("policy", "line"), finite=("mean", "order"))
    looks = looks_for(table, order)
    labels, amounts = _lines(table, list(looks))
    drawn = {p: amounts[p] for p in looks if any(amounts[p])} or amounts
    left_out = [p for p in looks if p not in drawn]
    words = Words(finding(labels, drawn, currency), title_note, _how_to_read(left_out, _spans(drawn)))
    return _draw_page(labels, drawn, looks, words, currency)


def finding(labels: Sequence[str], amounts: Amounts, currency: str) -> str:
    """Return the chart's title: the worst and the best net value, and what makes the worst.

    >>> finding(["joins lost", "calls"], {"bulk_letter": [-12e6, -1e6], "paid_exit": [0, 2e6]}, "USD")
    'Bulk letter loses $13 M, most of it joins lost; paid exit gains $2 M'
    """
    if not any(any(values) for values in amounts.values()):
        return "No policy changes what the firm earns"
    net = {p: sum(values) for p, values in amounts.items()}
    names = [p for p in net if p != KEEP] or list(net)
    best, worst = max(names, key=lambda p: net[p]), min(names, key=lambda p: net[p])
    parts = [_outcome(p, net[p], currency) for p in dict.fromkeys((worst, best))]
    low = min(amounts[worst])
    losses = [v for v in amounts[worst] if v < 0.0]
    if net[worst] < 0.0 and len(losses) > 1 and low < 0.5 * sum(losses):
        parts[0] += f", most of it {within(labels[list(amounts[worst]).index(low)])}"
    return sentence("; ".join(parts))


def _outcome(policy: str, net: float, currency: str) -> str:
    """Return what a policy brings, in words."""
    if round(net, 2) == 0.0:
        return f"{policy_name(policy)} neither gains nor loses"
    return f"{policy_name(policy)} {'gains' if net > 0.0 else 'loses'} {money(abs(net), currency)}"


def _lines(table: pd.DataFrame, policies: Sequence[str]) -> tuple[list[str], dict[str, list[float]]]:
    """Return the labels of the lines that are not zero everywhere, in order, and each policy's amounts."""
    rows = table[table["line"] != NET].sort_values("order", kind="stable")
    keys = zip(rows["policy"].astype(str), rows["line"], strict=True)
    values = dict(zip(keys, map(float, rows["mean"]), strict=True))
    labels = {line: str(label) for line, label in zip(rows["line"], rows["label"], strict=True)}
    kept = [line for line in labels if any(values.get((p, line), 0.0) for p in policies)]
    amounts = {p: [values.get((p, line), 0.0) for line in kept] for p in policies}
    return [labels[line] for line in kept], amounts


def _spans(amounts: Amounts) -> dict[str, tuple[float, float]]:
    """Return the ends of each panel's bars: the same for all when they are of similar size."""
    ranges = {p: running(values) for p, values in amounts.items()}
    lengths = [high - low for low, high in ranges.values()]
    if max(lengths) > _SIMILAR * min(lengths):
        return ranges
    common = min(low for low, _ in ranges.values()), max(high for _, high in ranges.values())
    return dict.fromkeys(ranges, common)


def _how_to_read(left_out: Sequence[str], spans: Mapping[str, tuple[float, float]]) -> str:
    """Return what the bars mean, whether they can be compared, and which policies have none."""
    parts = ["Money compared with keeping everyone: green is gained, orange is lost."]
    if len(set(spans.values())) > 1:
        parts.append("Each panel has its own scale: compare the numbers, not the bars.")
    if left_out:
        names = ", ".join(sentence(policy_name(p)) for p in left_out)
        parts.append(f"Zero in every line: {names}.")
    return " ".join(parts)


def _draw_page(
    labels: Sequence[str], amounts: Amounts, looks: Mapping[str, Look], words: Words, currency: str
) -> Figure:
    """Return the page with a panel for each policy."""
    numbers = numbers_width(amounts.values(), currency)
    narrowest = numbers + _BARS
    headings = {p: wrap(sentence(policy_name(p)), narrowest, BOLD) for p in amounts}
    above = max(map(len, headings.values())) * line_height() + 0.05
    choices = [[*(wrap(sentence(label), room) for label in labels), ["Net value"]] for room in _NAME_WIDTHS]
    grids = [_lay_out(words, len(amounts), names, (narrowest, above)) for names in choices]
    grid, names = min(zip(grids, choices, strict=True), key=lambda choice: choice[0].figure.get_figwidth())
    high = min(grid.height - above - _BELOW, _LARGEST_ROW * len(names))
    spans = _spans(amounts)
    for index, policy in enumerate(amounts):
        left, top = grid.corner(index)
        face = Face(bold=True, ink=looks[policy].ink)
        write(grid.figure, (left, top - above + 0.05), headings[policy], face, "left bottom")
        axes = place(grid.figure, left, top - above - high, grid.width - numbers, high)
        draw_panel(axes, amounts[policy], spans[policy], numbers, currency)
        if index % grid.columns == 0:
            _write_names(grid, names, top - above, high)
    return finish(grid.figure)


def _lay_out(words: Words, panels: int, names: Sequence[list[str]], panel: tuple[float, float]) -> Grid:
    """Return the smallest page for names wrapped like this; ``panel``: least width, height of headings."""
    narrowest, above = panel
    row = max(map(len, names)) * line_height() + 0.06
    widest = max(text_width(line, BOLD) for name in names for line in name) + 0.15
    return lay_out(words, panels, widest, narrowest, above + row * len(names) + _BELOW)


def _write_names(grid: Grid, names: Sequence[list[str]], top: float, high: float) -> None:
    """Write the lines of the ledger at the left of a row of panels, the net value bold."""
    for i, name in enumerate(names):
        face = BOLD if i == len(names) - 1 else PLAIN
        at = (grid.left - 0.15, top - (i + 0.5) * high / len(names))
        write(grid.figure, at, name, face, "right centre")
