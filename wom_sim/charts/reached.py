"""How many people the story reaches under each policy."""

from __future__ import annotations

from collections.abc import Mapping
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
    """Return the chart of people reached by day and policy.

    Parameters
    ----------
    table
        Columns policy; day; mean: people reached so far; low, high: the 5 to 95 % range over replications
        (missing when there is one).
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
    said = {policy: words.people(value) for policy, value in ends.items()}
    texts = Texts(finding(ends, words), interval_of(table, words), how_to_read(table, words))
    return draw_lines(lines, looks_for(table, setting.order), said, (texts, setting), _upright(ends, words))


def finding(ends: Mapping[str, float], words: Words) -> str:
    """Return the chart's title: whom the loudest and the quietest policy reach.

    >>> finding({"bulk_letter": 22.1e6, "case_by_case": 9_800, "keep": 0}, Words())
    'Bulk letter reaches 22.1 million people; case by case 9,800'
    """
    names = [p for p in ends if p != KEEP] or list(ends)
    most, least = max(names, key=lambda p: ends[p]), min(names, key=lambda p: ends[p])
    if ends[most] <= 0.0:
        return words.say("chart.reached.nobody")
    people = words.count("chart.people", ends[most])
    if len(names) > 1 and words.people(ends[most]) == words.people(ends[least]):
        return words.say("chart.reached.every", people=people)
    first = sentence(words.say("chart.reached.reaches", policy=words.policy(most), people=people))
    if most == least:
        return first
    fewest = words.name("channel", "nobody") if ends[least] == 0.0 else words.people(ends[least])
    return f"{first}; {words.policy(least)} {fewest}"


def _upright(ends: Mapping[str, float], words: Words) -> UprightAxis:
    """Return the upright axis: tenfold steps when the policies' last values lie far apart."""
    known = sizes(ends.values())
    quantity = words.say("chart.reached.axis")
    if not known or known[-1] <= FAR_APART * known[0]:
        return UprightAxis(quantity, None)
    return UprightAxis(f"{quantity} ({words.say('chart.tenfold')})", tenfold_from(known[0], known[-1]))
