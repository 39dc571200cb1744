"""How likely a loss of at least so much is, and how bad it is when it goes badly."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from wom_sim.charts.legend import Sample, draw_legend
from wom_sim.charts.page import MARGIN, Page, Texts, finish, open_page, place, write
from wom_sim.charts.setting import PLAIN_SETTING, Setting
from wom_sim.charts.style import BOLD, FAINT, FAINT_INK, GRID, KEEP, Face, Look, quiet
from wom_sim.charts.tables import check, looks_for
from wom_sim.charts.typesetting import line_height, wrap
from wom_sim.charts.values import value_axis
from wom_sim.charts.words import sentence

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLUMNS = ("policy", "replication", "loss")
TAIL = 0.95
_LEFT, _BELOW, _ABOVE, _COLUMN = 0.95, 0.75, 0.36, 3.1
_FEW = 40
"""Assumption: below this number of replications the worst 5 % are at most two of them, which the foot says."""


class Risk(NamedTuple):
    """A policy's losses from small to large (below zero: gains), the 95 % shortfall, the chance of a loss."""

    losses: list[float]
    shortfall: float
    chance: float


def draw(table: pd.DataFrame, setting: Setting = PLAIN_SETTING) -> Figure:
    """Return the curves of the chance of losing at least so much, with the mean of the worst 5 %.

    Parameters
    ----------
    table
        Columns policy; replication; loss: minus the net value (currency), below zero for a gain.
    setting
        Language, page, order of policies, currency.

    Raises
    ------
    ValueError
        When a column is missing, the table is empty, a loss is missing, or two rows share policy and
        replication.
    """
    check(table, COLUMNS, ("policy", "replication"), finite=("loss",))
    looks, words = looks_for(table, setting.order), setting.words
    risks = {p: risk_of(table.loc[table["policy"].astype(str) == p, "loss"]) for p in looks}
    runs = min(len(risk.losses) for risk in risks.values())
    foot = words.say("chart.exceedance.how")
    if runs < _FEW:
        foot = f"{foot} {words.count('chart.exceedance.few', runs)}"
    texts = Texts(finding(risks, setting), words.say("chart.exceedance.interval"), foot)
    labels = {p: _label(p, risk, setting) for p, risk in risks.items()}
    needed = sum((len(name) + len(facts)) * line_height() + 0.12 for name, facts in labels.values())
    page = open_page(texts, setting, lambda page: needed <= page.top - page.bottom)
    axes = _draw_axes(page, risks, looks, setting)
    for policy, risk in risks.items():
        _draw_curve(axes, risk, looks[policy])
    _write_labels(page, labels, looks)
    return finish(page.figure, [f"{' '.join(name)}: {'; '.join(facts)}." for name, facts in labels.values()])


def _write_labels(page: Page, labels: Mapping[str, tuple[list[str], list[str]]], looks: Mapping[str, Look]) -> None:
    """Write beside the curves what each policy looks like and what its risk is."""
    left, top = page.width - _COLUMN - MARGIN, page.top
    for policy, (name, facts) in labels.items():
        draw_legend(page.figure, (left, top), _COLUMN, [Sample("", looks[policy])])
        write(page.figure, (left + 0.5, top), name, Face(bold=True, ink=looks[policy].ink))
        write(page.figure, (left + 0.5, top - len(name) * line_height()), facts, FAINT)
        top -= (len(name) + len(facts)) * line_height() + 0.12


def risk_of(losses: Sequence[float]) -> Risk:
    """Return the losses in order, the mean of the worst 5 % of them, and the chance of a loss.

    The run at the edge of the worst 5 % counts with the part of it that belongs there.

    >>> risk_of([-1.0] * 19 + [10.0]).shortfall, risk_of([1.0, 2.0, -3.0]).chance
    (10.0, 0.6666666666666666)
    """
    ordered = sorted(map(float, losses))
    n = len(ordered)
    room = left = (1.0 - TAIL) * n
    total = 0.0
    for loss in reversed(ordered):
        weight = min(1.0, left)
        total += weight * loss
        left -= weight
        if left <= 1e-12:
            break
    return Risk(ordered, round(total / room, 9), sum(loss > 0.0 for loss in ordered) / n)


def finding(risks: Mapping[str, Risk], setting: Setting) -> str:
    """Return the chart's title: how likely the riskiest policy is to lose money, and how much at the worst."""
    words = setting.words
    names = [p for p in risks if p != KEEP] or list(risks)
    worst = max(names, key=lambda p: (risks[p].shortfall, risks[p].chance))
    if risks[worst].shortfall <= 0.0 and risks[worst].chance == 0.0:
        return words.say("chart.exceedance.safe")
    text = words.say(
        "chart.exceedance.title",
        policy=words.policy(worst),
        chance=words.share(risks[worst].chance),
        sum=words.money(risks[worst].shortfall, setting.currency),
    )
    return sentence(text)


def _label(policy: str, risk: Risk, setting: Setting) -> tuple[list[str], list[str]]:
    """Return a policy's name and its risk in words, wrapped."""
    words = setting.words
    gain = risk.shortfall < 0.0
    amount = words.money(abs(risk.shortfall), setting.currency, brief=True)
    facts = [
        words.say("chart.exceedance.chance", chance=words.share(risk.chance)),
        words.say("chart.exceedance.tail_gain" if gain else "chart.exceedance.tail", sum=amount),
    ]
    name = wrap(sentence(words.policy(policy)), _COLUMN - 0.55, BOLD)
    return name, [line for fact in facts for line in wrap(fact, _COLUMN - 0.55)]


def _draw_axes(page: Page, risks: Mapping[str, Risk], looks: Mapping[str, Look], setting: Setting) -> Axes:
    """Return the axes: money lost to the right, the chance of losing at least that upwards."""
    from matplotlib.ticker import FixedLocator, FuncFormatter

    words, bottom = setting.words, page.bottom + _BELOW
    width = page.width - _LEFT - _COLUMN - MARGIN - 0.3
    axes = place(page.figure, _LEFT, bottom, width, page.top - _ABOVE - bottom)
    quiet(axes, "y")
    axes.set_ylim(-0.02, 1.02)
    axes.yaxis.set_major_locator(FixedLocator([0.0, 0.25, 0.5, 0.75, 1.0]))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: words.share(value)))
    known = [v for risk in risks.values() for v in (*risk.losses, risk.shortfall) if math.isfinite(v)]
    value_axis(axes, known, lambda value: words.money(value, setting.currency, brief=True))
    axes.axhline(1.0 - TAIL, color=GRID, linewidth=1.0, linestyle=(0, (4, 3)))
    write(page.figure, (MARGIN, page.top), words.say("chart.exceedance.upright"), BOLD)
    write(page.figure, (_LEFT + width, bottom - 0.3), words.say("chart.exceedance.level"), FAINT, "right top")
    return axes


def _draw_curve(axes: Axes, risk: Risk, look: Look) -> None:
    """Draw the chance that the loss is at least as large, and the mean of the worst 5 %."""
    n = len(risk.losses)
    low = axes.get_xlim()[0]
    x = [low, *risk.losses, risk.losses[-1]]
    y = [1.0, *((n - k) / n for k in range(n)), 0.0]
    style: Any = {"color": look.colour, "linestyle": look.line, "linewidth": 2.4}
    axes.plot(x, y, drawstyle="steps-pre", **style)
    mark: Any = {"marker": look.marker, "markersize": 9.0, "markeredgecolor": look.ink, "zorder": 5}
    axes.plot([risk.shortfall], [1.0 - TAIL], color=look.colour, linestyle="none", clip_on=False, **mark)
    axes.plot([risk.shortfall] * 2, [0.0, 1.0 - TAIL], color=FAINT_INK, linewidth=0.8)
