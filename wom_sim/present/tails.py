"""The table of risk: the spread of net value, its tail, and what too few runs leave open."""

from __future__ import annotations

from collections.abc import Sequence

from wom_sim.outcomes.risk import ENOUGH, LEVEL
from wom_sim.outcomes.units import NEWS
from wom_sim.present import facts
from wom_sim.present.story import Story
from wom_sim.present.tables import Cell, Table

MEASURES = ("median", "p05", "p95", "worst5")
SPREAD = ("median", "p05", "p95")
"""Measures that the summary knows as well; the others are in risk.csv only."""


def risk(story: Story, policies: Sequence[str] | None = None) -> Table:
    """Return the spread of net value by policy: from risk.csv where it is there, else from the summary."""
    found, say, figures = story.found, story.words.say, story.figures
    known = found.extra.get("risk")
    measures = [m for m in MEASURES if m in SPREAD or known is not None]
    heads = [say("report.risk.policy"), *(say(f"report.risk.{m}") for m in measures)]
    heads += [say("report.risk.chance_loss"), say("report.risk.chance_national")]
    rows = []
    for policy in found.options if policies is None else policies:
        cells = [Cell(story.heading(policy)), *(cell(story, policy, measure) for measure in measures)]
        share, low, high, n = facts.chance_of_loss(found, policy)
        kind = "interval" if 0.0 < share < 1.0 else "bound"
        cells.append(Cell(figures.in_runs(share, n), figures.known(low, high, "chance", kind, n)))
        news = found.estimate(policy, NEWS)
        cells.append(Cell(story.mean(policy, NEWS), figures.known(news.low, news.high, "chance", news.kind, news.n)))
        rows.append(cells)
    return Table(say("report.risk.table", over=story.figures.over), heads, rows)


def cell(story: Story, policy: str, measure: str) -> Cell:
    """Return a measure with its sign and its interval; "at least" or "at most" where only one end of it is known."""
    value, low, high = _measure(story, policy, measure)
    return Cell(story.figures.difference(value, "currency"), story.figures.interval(low, high, "currency"))


def _measure(story: Story, policy: str, measure: str) -> tuple[float, float, float]:
    """Return a measure of net value and the ends of its interval, missing where they are not known."""
    known = story.found.extra.get("risk")
    nan = float("nan")
    if known is not None:
        rows = known[(known["policy"] == policy) & (known["indicator"] == facts.NET) & (known["measure"] == measure)]
        if not rows.empty:
            row = rows.iloc[0]
            return float(row["value"]), float(row.get("low", nan)), float(row.get("high", nan))
    if measure in SPREAD:
        return float(getattr(story.found.estimate(policy, facts.NET), measure)), nan, nan
    return nan, nan, nan


def warning(story: Story) -> str:
    """Return that the tail rests on few runs, where risk.csv warns of that; else an empty text."""
    known = story.found.extra.get("risk")
    if known is None or "warning" not in known:
        return ""
    warned = known.loc[known["indicator"] == facts.NET, "warning"].dropna().astype(str).str.strip()
    enough = story.words.number(ENOUGH / (1.0 - LEVEL))
    return story.words.say("report.risk.few", n=enough) if (warned != "").any() else ""
