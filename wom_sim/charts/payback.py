"""When the money comes: cash so far, month by month, and the month in which a policy has paid for itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from wom_sim.charts.page import Texts
from wom_sim.charts.setting import PLAIN_SETTING, Setting
from wom_sim.charts.style import KEEP
from wom_sim.charts.tables import check, looks_for
from wom_sim.charts.timeline import COLUMNS, UprightAxis, draw_lines, ends_of, lines_of
from wom_sim.charts.words import sentence

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure


def draw(table: pd.DataFrame, setting: Setting = PLAIN_SETTING) -> Figure:
    """Return the chart of cash so far by month and policy: below zero, more was paid than has come in.

    Parameters
    ----------
    table
        Columns policy; day: months from the start; mean: cash so far (currency), compared with keeping everyone, as the
        mean of the runs; low, high: missing.
    setting
        Language, page, order of policies, currency.

    Raises
    ------
    ValueError
        When a column is missing, the table is empty, a mean is missing or two rows share policy and month.
    """
    check(table, COLUMNS, ("policy", "day"), finite=("day", "mean"))
    lines, words = lines_of(table), setting.words

    def money(value: float) -> str:
        return words.money(value, setting.currency, brief=True)

    ends = ends_of(lines)
    last = max(int(rows["day"].iloc[-1]) for rows in lines.values())
    title = finding(ends, last, setting)
    texts = Texts(title, words.say("chart.interval.mean"), words.say("chart.payback.how"))
    said = {policy: words.signed_money(value, setting.currency, brief=True) for policy, value in ends.items()}
    upright = UprightAxis(words.say("chart.payback.axis"), None, money, ("chart.month", "chart.month_is"))
    return draw_lines(lines, looks_for(table, setting.order), said, (texts, setting), upright)


def finding(ends: Mapping[str, float], months: int, setting: Setting) -> str:
    """Return the title: how much the best and the worst policy have brought in, or cost, in the end.

    >>> finding({"keep": 0.0, "bulk_letter": 6000.0, "paid_exit": -3.0}, 36, Setting(currency="USD"))
    'After 36 months, bulk letter has brought in $6 k; paid exit has cost $3'
    """
    words, names = setting.words, [p for p in ends if p != KEEP] or list(ends)
    best, worst = max(names, key=lambda p: ends[p]), min(names, key=lambda p: ends[p])
    parts = []
    for policy in dict.fromkeys((best, worst)):
        key = "chart.payback.gained" if ends[policy] >= 0.0 else "chart.payback.cost"
        sum_ = words.money(abs(ends[policy]), setting.currency, brief=True)
        parts.append(words.say(key, policy=words.policy(policy), sum=sum_))
    return sentence(words.say("chart.payback.title", n=words.number(months), told="; ".join(parts)))
