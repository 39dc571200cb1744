"""How many profitable customers leave because of the story, or stay because of the policy."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from wom_sim.charts.page import Texts
from wom_sim.charts.scales import FAR_APART, sizes, tenfold_from
from wom_sim.charts.setting import PLAIN_SETTING, Setting
from wom_sim.charts.style import KEEP
from wom_sim.charts.tables import check, looks_for
from wom_sim.charts.timeline import COLUMNS, UprightAxis, draw_lines, ends_of, how_to_read, interval_of, lines_of
from wom_sim.charts.words import sentence
from wom_sim.words import Words

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure


def draw(table: pd.DataFrame, setting: Setting = PLAIN_SETTING) -> Figure:
    """Return the chart of extra departures of profitable customers so far, by day and policy.

    Parameters
    ----------
    table
        Columns policy; day; mean: extra departures up to that day (below zero: departures prevented); low,
        high: the 5 to 95 % range over replications (missing when there is one).
    setting
        Language, page, order of policies.

    Raises
    ------
    ValueError
        When a column is missing, the table is empty, a mean is missing or two rows share policy and day.
    """
    check(table, COLUMNS, ("policy", "day"), finite=("day", "mean"))
    lines, words = lines_of(table), setting.words
    ends = ends_of(lines)
    said = {policy: words.signed_people(value) for policy, value in ends.items()}
    title = finding(ends, words, unclear(ends_of(lines, "low"), ends_of(lines, "high")))
    texts = Texts(title, interval_of(table, words), how_to_read(table, words))
    return draw_lines(lines, looks_for(table, setting.order), said, (texts, setting), _upright(ends, words))


def finding(ends: Mapping[str, float], words: Words, unclear: Collection[str] = ()) -> str:
    """Return the chart's title: what the worst and the best policy do; ``unclear``: their range holds zero.

    >>> finding({"bulk_letter": 6_000, "case_by_case": 15, "paid_exit": -3}, Words(), ["paid_exit"])
    'Bulk letter drives away 6,000 profitable customers; paid exit has no clear effect'
    """
    names = [p for p in ends if p != KEEP] or list(ends)
    worst, best = max(names, key=lambda p: ends[p]), min(names, key=lambda p: ends[p])
    if all(p in unclear or ends[p] == 0.0 for p in names):
        return words.say("chart.departures.none")
    parts: list[str] = []
    whom = f" {words.say('chart.departures.whom')}"
    for policy in dict.fromkeys((worst, best)):
        name = words.policy(policy)
        if policy in unclear or ends[policy] == 0.0:
            parts.append(words.say("chart.departures.unclear", policy=name))
            continue
        key = "chart.departures.away" if ends[policy] > 0.0 else "chart.departures.held"
        parts.append(words.say(key, policy=name, n=words.people(abs(ends[policy])), whom=whom))
        whom = ""
    return sentence("; ".join(parts))


def unclear(low: Mapping[str, float], high: Mapping[str, float]) -> list[str]:
    """Return the policies whose last range holds zero."""
    return [p for p in low if low[p] <= 0.0 <= high[p]]


def _upright(ends: Mapping[str, float], words: Words) -> UprightAxis:
    """Return the upright axis: tenfold steps when one policy dwarfs all others."""
    quantity = words.say("chart.departures.axis")
    known = sizes(ends.values())
    if len(known) < 2 or known[-1] <= FAR_APART * known[-2]:
        return UprightAxis(quantity, None)
    threshold = max(1.0, tenfold_from(known[-2], known[-1]))
    steps = words.say("chart.tenfold_beyond", n=words.number(threshold))
    return UprightAxis(f"{quantity} ({steps})", threshold)
