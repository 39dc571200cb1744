"""How likely it is to end at or below a net value, and how bad it is when it goes badly."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from wom_sim.charts.legend import Sample, draw_legend
from wom_sim.charts.page import MARGIN, Page, Texts, finish, open_page, place, write
from wom_sim.charts.setting import NARROW, PLAIN_SETTING, Setting
from wom_sim.charts.style import BOLD, FAINT, FAINT_INK, GRID, KEEP, Face, Look, quiet
from wom_sim.charts.tables import check, looks_for
from wom_sim.charts.typesetting import line_height, wrap
from wom_sim.charts.values import value_axis
from wom_sim.charts.words import sentence

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from wom_sim.words import Words

COLUMNS = ("policy", "replication", "net_value")
_LEFT, _BELOW, _ABOVE, _COLUMN = 0.95, 0.75, 0.36, 3.1
_LOWEST = 1.8
"""Least height of the curves where the labels stand below them."""
_WORST = 0.05
"""The share of the runs that are the worst ones; a test holds it to ``outcomes.risk.LEVEL``, whose import is heavy."""
_FEW = 40
"""Assumption: below this number of replications the worst 5 % are at most two of them, which the foot says."""


class Risk(NamedTuple):
    """A policy's net values from low to high, the mean of the worst 5 % of them, and the chance of a loss."""

    ordered: list[float]
    worst: float
    chance: float


def draw(table: pd.DataFrame, setting: Setting = PLAIN_SETTING) -> Figure:
    """Return the curves of the chance of ending at or below each net value, with the mean of the worst 5 %.

    Parameters
    ----------
    table
        Columns policy; replication; net_value (currency): below zero where the firm loses.
    setting
        Language, page, order of policies, currency.

    Raises
    ------
    ValueError
        When a column is missing, the table is empty, a value is missing, or two rows share policy and
        replication.
    """
    check(table, COLUMNS, ("policy", "replication"), finite=("net_value",))
    looks, words = looks_for(table, setting.order), setting.words
    risks = {p: risk_of(table.loc[table["policy"].astype(str) == p, "net_value"]) for p in looks}
    runs = min(len(risk.ordered) for risk in risks.values())
    foot = words.say("chart.exceedance.how")
    if runs < _FEW:
        foot = f"{foot} {words.count('chart.exceedance.few', runs)}"
    texts = Texts(finding(risks, setting), words.say("chart.exceedance.interval"), foot)
    labels = {p: _label(p, risk, setting) for p, risk in risks.items()}
    needed = sum((len(name) + len(facts)) * line_height() + 0.12 for name, facts in labels.values())
    below = setting.size == NARROW  # the labels stand below the curves, where there is no room beside them
    least = needed + (_LOWEST + _ABOVE + _BELOW if below else 0.0)
    page = open_page(texts, setting, lambda page: least <= page.top - page.bottom)
    room = replace(page, width=page.width + _COLUMN + 0.3, bottom=page.bottom + needed) if below else page
    axes = _draw_axes(room, risks, looks, setting)
    for policy, risk in risks.items():
        _draw_curve(axes, risk, looks[policy])
    at = (MARGIN, page.bottom + needed) if below else (page.width - _COLUMN - MARGIN, page.top)
    _write_labels(page, labels, looks, at)
    told = {p: "; ".join(facts_of(risk, words, setting.currency, brief=True)) for p, risk in risks.items()}
    return finish(page.figure, [f"{sentence(words.policy(p))}: {facts}." for p, facts in told.items()])


def _write_labels(
    page: Page, labels: Mapping[str, tuple[list[str], list[str]]], looks: Mapping[str, Look], at: tuple[float, float]
) -> None:
    """Write, from a left top on, what each policy looks like and what its risk is."""
    left, top = at
    for policy, (name, facts) in labels.items():
        draw_legend(page.figure, (left, top), _COLUMN, [Sample("", looks[policy])])
        write(page.figure, (left + 0.5, top), name, Face(bold=True, ink=looks[policy].ink))
        write(page.figure, (left + 0.5, top - len(name) * line_height()), facts, FAINT)
        top -= (len(name) + len(facts)) * line_height() + 0.12


def risk_of(values: Sequence[float]) -> Risk:
    """Return the net values in order, the mean of the worst 5 % of them, and the chance of a loss.

    The run at the edge of the worst 5 % counts with the part of it that belongs there.

    >>> risk_of([1.0] * 19 + [-10.0]).worst, risk_of([-1.0, -2.0, 3.0]).chance
    (-10.0, 0.6666666666666666)
    """
    import numpy as np

    from wom_sim.outcomes.risk import LEVEL, expected_shortfall

    ordered = np.sort(np.asarray(values, dtype=np.float64))
    worst = 0.0 - expected_shortfall(0.0 - ordered, LEVEL)
    return Risk(ordered.tolist(), round(worst, 9), float((ordered < 0.0).mean()))


def finding(risks: Mapping[str, Risk], setting: Setting) -> str:
    """Return the chart's title: how likely the riskiest policy is to lose money, and how it fares at the worst."""
    words = setting.words
    names = [p for p in risks if p != KEEP] or list(risks)
    riskiest = min(names, key=lambda p: (risks[p].worst, -risks[p].chance))
    risk = risks[riskiest]
    told = {
        "policy": words.policy(riskiest), "chance": words.share(risk.chance),
        "sum": words.money(abs(risk.worst), setting.currency),
    }  # fmt: skip
    if all(risks[p].chance == 0.0 for p in names):
        key = "chart.exceedance.safe_gain" if risk.worst > 0.0 else "chart.exceedance.safe"
        return words.say(key, **told)
    return sentence(words.say("chart.exceedance.title_gain" if risk.worst > 0.0 else "chart.exceedance.title", **told))


def facts_of(risk: Risk, words: Words, currency: str, brief: bool) -> tuple[str, str]:
    """Return in words how often a policy loses money, and what the worst 5 % of its runs lose or still gain."""
    key = "chart.exceedance.tail_gain" if risk.worst > 0.0 else "chart.exceedance.tail"
    chance = words.say("chart.exceedance.chance", chance=words.share(risk.chance))
    return chance, words.say(key, sum=words.money(abs(risk.worst), currency, brief))


def _label(policy: str, risk: Risk, setting: Setting) -> tuple[list[str], list[str]]:
    """Return a policy's name and its risk in words, wrapped."""
    facts = facts_of(risk, setting.words, setting.currency, brief=True)
    name = wrap(sentence(setting.words.policy(policy)), _COLUMN - 0.55, BOLD)
    return name, [line for fact in facts for line in wrap(fact, _COLUMN - 0.55)]


def _draw_axes(page: Page, risks: Mapping[str, Risk], looks: Mapping[str, Look], setting: Setting) -> Axes:
    """Return the axes: net value to the right, the chance of ending there or lower upwards."""
    from matplotlib.ticker import FixedLocator, FuncFormatter

    words, bottom = setting.words, page.bottom + _BELOW
    width = page.width - _LEFT - _COLUMN - MARGIN - 0.3
    axes = place(page.figure, _LEFT, bottom, width, page.top - _ABOVE - bottom)
    quiet(axes, "y")
    axes.set_ylim(-0.02, 1.02)
    axes.yaxis.set_major_locator(FixedLocator([0.0, 0.25, 0.5, 0.75, 1.0]))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: words.share(value)))
    known = [v for risk in risks.values() for v in (*risk.ordered, risk.worst) if math.isfinite(v)]
    value_axis(axes, known, lambda value: words.money(value, setting.currency, brief=True))
    axes.axhline(_WORST, color=GRID, linewidth=1.0, linestyle=(0, (4, 3)))
    write(page.figure, (MARGIN, page.top), words.say("chart.exceedance.upright"), BOLD)
    write(page.figure, (_LEFT + width, bottom - 0.3), words.say("chart.exceedance.level"), FAINT, "right top")
    return axes


def _draw_curve(axes: Axes, risk: Risk, look: Look) -> None:
    """Draw the chance of ending at or below each net value, and the mean of the worst 5 %."""
    n = len(risk.ordered)
    x = [risk.ordered[0], *risk.ordered, axes.get_xlim()[1]]
    y = [0.0, *((k + 1) / n for k in range(n)), 1.0]
    style: Any = {"color": look.colour, "linestyle": look.line, "linewidth": 2.4}
    axes.plot(x, y, drawstyle="steps-post", **style)
    mark: Any = {"marker": look.marker, "markersize": 9.0, "markeredgecolor": look.ink, "zorder": 5}
    axes.plot([risk.worst], [_WORST], color=look.colour, linestyle="none", clip_on=False, **mark)
    axes.plot([risk.worst] * 2, [0.0, _WORST], color=FAINT_INK, linewidth=0.8)
