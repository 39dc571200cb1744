"""Where each policy's money comes from and goes to, line by line, down to the net value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from wom_sim.charts.ledger_panel import draw_panel, numbers_width, running
from wom_sim.charts.page import Texts, finish, place, price, write
from wom_sim.charts.panels import Grid, Opening, lay_out
from wom_sim.charts.setting import PLAIN_SETTING, Setting
from wom_sim.charts.style import BOLD, KEEP, PLAIN, Face, Look
from wom_sim.charts.tables import check, looks_for
from wom_sim.charts.typesetting import line_height, text_width, wrap
from wom_sim.charts.words import sentence, within

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

COLUMNS = ("policy", "line", "label", "mean", "order")
NET = "net_value"

_BARS, _BELOW, _LARGEST_ROW = 0.9, 0.3, 0.5
_NAME_WIDTHS = (3.6, 2.0, 4.6)
"""Widths to try for the names of the lines, inches: on one line each, or on two to make room for panels; or the longest
as well on one, so that more rows of panels fit."""

_SIMILAR = 12.0
"""Assumption: up to this ratio the bars of the smallest panel can be seen on the scale of the largest."""

Amounts = Mapping[str, Sequence[float]]


def draw(table: pd.DataFrame, setting: Setting = PLAIN_SETTING) -> Figure:
    """Return the ledger as waterfalls: a panel a policy, a bar a line, from zero to the net value.

    Lines that are zero under every policy are left out; policies whose lines are all zero are named at the
    foot instead of drawn. The net value is the sum of the lines; rows of a line "net_value" are passed over.

    Parameters
    ----------
    table
        Columns policy; line; label (its name in words); mean (currency, positive = good for the firm); order
        (where the line stands).
    setting
        Language, page, order of policies, currency.

    Raises
    ------
    ValueError
        When a column is missing, the table is empty, an amount is missing, or two rows share policy and line.
    """
    check(table, COLUMNS, ("policy", "line"), finite=("mean", "order"))
    looks, words = looks_for(table, setting.order), setting.words
    labels, amounts = _lines(table, list(looks), setting)
    drawn = {p: amounts[p] for p in looks if any(amounts[p])} or amounts
    left_out = [p for p in looks if p not in drawn]
    foot = _how_to_read(left_out, _spans(drawn), setting)
    texts = Texts(finding(labels, drawn, setting), words.say("chart.interval.mean"), foot)
    return _draw_page(labels, drawn, looks, Opening(texts, setting))


def finding(labels: Sequence[str], amounts: Amounts, setting: Setting) -> str:
    """Return the chart's title: the worst and the best net value, and what makes the worst.

    >>> finding(["joins lost", "calls"], {"bulk_letter": [-12e6, -1e6], "paid_exit": [0, 2e6]}, Setting())
    'Bulk letter loses $13 million, most of it joins lost; paid exit gains $2 million'
    """
    if not any(any(values) for values in amounts.values()):
        return setting.words.say("chart.ledger.none")
    net = {p: sum(values) for p, values in amounts.items()}
    names = [p for p in net if p != KEEP] or list(net)
    best, worst = max(names, key=lambda p: net[p]), min(names, key=lambda p: net[p])
    parts = [outcome(p, net[p], setting) for p in dict.fromkeys((worst, best))]
    low = min(amounts[worst])
    losses = [v for v in amounts[worst] if v < 0.0]
    if net[worst] < 0.0 and len(losses) > 1 and low < 0.5 * sum(losses):
        most = labels[list(amounts[worst]).index(low)]
        parts[0] += f", {setting.words.say('chart.ledger.most', line=most)}"
    return sentence("; ".join(parts))


def outcome(policy: str, net: float, setting: Setting) -> str:
    """Return what a policy brings, in words."""
    words = setting.words
    key = "even" if round(net, 2) == 0.0 else "gains" if net > 0.0 else "loses"
    return words.say(f"chart.outcome.{key}", policy=words.policy(policy), sum=words.money(abs(net), setting.currency))


def _lines(table: pd.DataFrame, policies: Sequence[str], setting: Setting) -> tuple[list[str], dict[str, list[float]]]:
    """Return the labels of the lines that are not zero everywhere, in order, and each policy's amounts."""
    rows = table[table["line"] != NET].sort_values("order", kind="stable")
    keys = zip(rows["policy"].astype(str), rows["line"], strict=True)
    values = dict(zip(keys, map(float, rows["mean"]), strict=True))
    labels = {line: str(label) for line, label in zip(rows["line"], rows["label"], strict=True)}
    kept = [line for line in labels if any(values.get((p, line), 0.0) for p in policies)]
    amounts = {p: [values.get((p, line), 0.0) for line in kept] for p in policies}
    return [setting.words.name("indicator", line, within(labels[line])) for line in kept], amounts


def _spans(amounts: Amounts) -> dict[str, tuple[float, float]]:
    """Return the ends of each panel's bars: the same for all when they are of similar size."""
    ranges = {p: running(values) for p, values in amounts.items()}
    lengths = [high - low for low, high in ranges.values()]
    if max(lengths) > _SIMILAR * min(lengths):
        return ranges
    common = min(low for low, _ in ranges.values()), max(high for _, high in ranges.values())
    return dict.fromkeys(ranges, common)


def _how_to_read(left_out: Sequence[str], spans: Mapping[str, tuple[float, float]], setting: Setting) -> str:
    """Return what the bars mean, whether they can be compared, and which policies have none."""
    words = setting.words
    parts = [words.say("chart.ledger.how")]
    if len(set(spans.values())) > 1:
        parts.append(words.say("chart.ledger.scales"))
    if left_out:
        parts.append(words.say("chart.ledger.zero", names=", ".join(sentence(words.policy(p)) for p in left_out)))
    return " ".join(parts)


def _draw_page(labels: Sequence[str], amounts: Amounts, looks: Mapping[str, Look], opening: Opening) -> Figure:
    """Return the page with a panel for each policy."""
    setting = opening.setting
    words = setting.words
    numbers = numbers_width(amounts.values(), setting)
    narrowest = numbers + _BARS
    headings = {p: wrap(sentence(words.policy(p)), narrowest, BOLD) for p in amounts}
    above = max(map(len, headings.values())) * line_height() + 0.05
    choices = [
        [*(wrap(sentence(label), room) for label in labels), [sentence(words.name("indicator", NET))]]
        for room in _NAME_WIDTHS
    ]
    grids = [_lay_out(opening, len(amounts), names, (narrowest, above)) for names in choices]
    prices = [price(grid.page.width, grid.page.top) for grid in grids]
    cheapest = prices.index(min(prices))
    grid, names = grids[cheapest], choices[cheapest]
    high = min(grid.height - above - _BELOW, max(_row(names), _LARGEST_ROW) * len(names))
    spans = _spans(amounts)
    for index, policy in enumerate(amounts):
        left, top = grid.corner(index)
        face = Face(bold=True, ink=looks[policy].ink)
        write(grid.figure, (left, top - above + 0.05), headings[policy], face, "left bottom")
        axes = place(grid.figure, left, top - above - high, grid.width - numbers, high)
        draw_panel(axes, amounts[policy], spans[policy], numbers, setting)
        if index % grid.columns == 0:
            _write_names(grid, names, top - above, high)
    return finish(grid.figure, [_fact(policy, labels, values, setting) for policy, values in amounts.items()])


def _fact(policy: str, labels: Sequence[str], values: Sequence[float], setting: Setting) -> str:
    """Return one policy's lines that are not zero, and its net value."""
    words = setting.words
    named = [*zip(labels, values, strict=True), (words.name("indicator", NET), sum(values))]
    told = [f"{label} {words.signed_money(value, setting.currency)}" for label, value in named if value]
    return f"{sentence(words.policy(policy))}: {'; '.join(told) or words.money(0.0, setting.currency)}."


def _lay_out(opening: Opening, panels: int, names: Sequence[list[str]], panel: tuple[float, float]) -> Grid:
    """Return the smallest page for names wrapped like this; ``panel``: least width, height of headings."""
    narrowest, above = panel
    row = _row(names)
    widest = max(text_width(line, BOLD) for name in names for line in name) + 0.15
    lowest, highest = (above + each * len(names) + _BELOW for each in (row, max(row, _LARGEST_ROW)))
    return lay_out(opening, panels, widest, narrowest, lowest, highest, low=True)


def _row(names: Sequence[list[str]]) -> float:
    """Return the height that a row of the longest of these names needs, in inches."""
    return max(map(len, names)) * line_height() + 0.06


def _write_names(grid: Grid, names: Sequence[list[str]], top: float, high: float) -> None:
    """Write the lines of the ledger at the left of a row of panels, the net value bold."""
    for i, name in enumerate(names):
        face = BOLD if i == len(names) - 1 else PLAIN
        at = (grid.left - 0.15, top - (i + 0.5) * high / len(names))
        write(grid.figure, at, name, face, "right centre")
