"""How many profitable customers leave because of the story, or stay because of the policy."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from wom_sim.charts.page import Words
from wom_sim.charts.scales import FAR_APART, sizes, tenfold_from
from wom_sim.charts.style import KEEP
from wom_sim.charts.tables import check, looks_for
from wom_sim.charts.timeline import COLUMNS, UprightAxis, draw_lines, ends_of, how_to_read, lines_of
from wom_sim.charts.words import policy_name, sentence, short_number, signed_number

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure


def draw(table: pd.DataFrame, title_note: str = "", order: Sequence[str] = ()) -> Figure:
    """Return the chart of extra departures of profitable customers so far, by day and policy.

    Parameters
    ----------
    table
        Columns policy; day; median: extra departures up to that day (below zero: departures prevented); low,
        high: the 5 to 95 % range over replications (missing when there is one).
    title_note
        What is written below the title: scenario, number of replications.
    order
        Policies in the order that fixes their colours; default: as they appear in the table.

    Raises
    ------
    ValueError
        When a column is missing, the table is empty, a median is missing or two rows share policy and day.
    """
    check(table, COLUMNS, ("policy", "day"), finite=("day", "median"))
    lines = lines_of(table)
    ends = ends_of(lines)
    said = {policy: signed_number(value) for policy, value in ends.items()}
    words = Words(finding(ends, _unclear(lines)), title_note, how_to_read(table))
    return draw_lines(lines, looks_for(table, order), said, words, _upright(ends))


def finding(ends: Mapping[str, float], unclear: Collection[str] = ()) -> str:
    """Return the chart's title: what the worst and the best policy do; ``unclear``: their range holds zero.

    >>> finding({"bulk_letter": 6_000, "case_by_case": 15, "paid_exit": -3}, ["paid_exit"])
    'Bulk letter drives away 6,000 profitable customers; paid exit has no clear effect'
    """
    names = [p for p in ends if p != KEEP] or list(ends)
    worst, best = max(names, key=lambda p: ends[p]), min(names, key=lambda p: ends[p])
    if all(p in unclear or ends[p] == 0.0 for p in names):
        return "No clear effect on the departures of profitable customers"
    parts: list[str] = []
    for policy in dict.fromkeys((worst, best)):
        whom = "" if "customers" in "".join(parts) else " profitable customers"
        if policy in unclear or ends[policy] == 0.0:
            parts.append(f"{policy_name(policy)} has no clear effect")
        elif ends[policy] > 0.0:
            parts.append(f"{policy_name(policy)} drives away {short_number(ends[policy])}{whom}")
        else:
            held = short_number(-ends[policy])
            parts.append(f"{policy_name(policy)} holds {held}{whom} who would have left")
    return sentence("; ".join(parts))


def _unclear(lines: Mapping[str, pd.DataFrame]) -> list[str]:
    """Return the policies whose last range holds zero."""
    low, high = ends_of(lines, "low"), ends_of(lines, "high")
    return [p for p in lines if low[p] <= 0.0 <= high[p]]


def _upright(ends: Mapping[str, float]) -> UprightAxis:
    """Return the upright axis: tenfold steps when one policy dwarfs all others."""
    quantity = "Extra departures of profitable customers so far"
    known = sizes(ends.values())
    if len(known) < 2 or known[-1] <= FAR_APART * known[-2]:
        return UprightAxis(quantity, None)
    threshold = max(1.0, tenfold_from(known[-2], known[-1]))
    steps = f"beyond {short_number(threshold)}, each step is ten times more"
    return UprightAxis(f"{quantity} ({steps})", threshold)
