"""How many people the story reaches under each policy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from wom_sim.charts.page import Words
from wom_sim.charts.scales import FAR_APART, sizes, tenfold_from
from wom_sim.charts.style import KEEP
from wom_sim.charts.tables import check, looks_for
from wom_sim.charts.timeline import COLUMNS, UprightAxis, draw_lines, ends_of, how_to_read, lines_of
from wom_sim.charts.words import policy_name, sentence, short_number

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure


def draw(table: pd.DataFrame, title_note: str = "", order: Sequence[str] = ()) -> Figure:
    """Return the chart of people reached by day and policy.

    Parameters
    ----------
    table
        Columns policy; day; median: people reached so far; low, high: the 5 to 95 % range over replications
        (missing when there is one).
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
    said = {policy: short_number(value) for policy, value in ends.items()}
    words = Words(finding(ends), title_note, how_to_read(table))
    return draw_lines(lines, looks_for(table, order), said, words, _upright(ends))


def finding(ends: Mapping[str, float]) -> str:
    """Return the chart's title: whom the loudest and the quietest policy reach.

    >>> finding({"bulk_letter": 22.1e6, "case_by_case": 9_800, "keep": 0})
    'Bulk letter reaches 22.1 million people; case by case 9,800'
    """
    names = [p for p in ends if p != KEEP] or list(ends)
    most, least = max(names, key=lambda p: ends[p]), min(names, key=lambda p: ends[p])
    if ends[most] <= 0.0:
        return "Nobody hears of it"
    people = "one person" if ends[most] == 1.0 else f"{short_number(ends[most])} people"
    if len(names) > 1 and short_number(ends[most]) == short_number(ends[least]):
        return f"Every policy reaches {people}"
    first = f"{sentence(policy_name(most))} reaches {people}"
    if most == least:
        return first
    return f"{first}; {policy_name(least)} {'nobody' if ends[least] == 0.0 else short_number(ends[least])}"


def _upright(ends: Mapping[str, float]) -> UprightAxis:
    """Return the upright axis: tenfold steps when the policies' last values lie far apart."""
    known = sizes(ends.values())
    if not known or known[-1] <= FAR_APART * known[0]:
        return UprightAxis("People who have heard of it", None)
    threshold = tenfold_from(known[0], known[-1])
    return UprightAxis("People who have heard of it (each step up is ten times more)", threshold)
