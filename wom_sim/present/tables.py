"""Tables of words and numbers as text, ready for a page, a slide or a notebook."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import pandas as pd

from wom_sim.outcomes.drivers import of_each_policy, of_the_choice
from wom_sim.present import facts
from wom_sim.present.story import Story
from wom_sim.scenario.evidence import Unmeasured
from wom_sim.words import sentence

KEY_INDICATORS = (
    "net_value", "lost_profitable", "joins_lost", "reached", "national_coverage", "reputational_cost",
)  # fmt: skip
MOST_DRIVERS = 12


class Cell(NamedTuple):
    """A cell: its text, and a smaller text below it."""

    text: str
    below: str = ""


class Table(NamedTuple):
    """A table: the first column names the rows; columns from ``numbers`` on hold numbers.

    ``others``: further rows that the report has.
    """

    caption: str
    heads: list[str]
    rows: list[list[Cell]]
    numbers: int = 1
    others: int = 0

    def only(self, columns: Sequence[int]) -> Table:
        """Return the table with some of its columns, in their order."""
        rows = [[row[n] for n in columns] for row in self.rows]
        words = sum(n < self.numbers for n in columns)
        return self._replace(heads=[self.heads[n] for n in columns], rows=rows, numbers=words)

    def named(self, heads: Sequence[str]) -> Table:
        """Return the table with those of its columns that have one of these heads."""
        return self.only([n for n, head in enumerate(self.heads) if head in heads])

    def plain(self) -> Table:
        """Return the table without the smaller texts of its cells."""
        return self._replace(rows=[[Cell(cell.text) for cell in row] for row in self.rows])

    def first(self, most: int) -> Table:
        """Return the table with its first rows; the others are counted."""
        return self._replace(rows=self.rows[:most], others=self.others + max(0, len(self.rows) - most))


def key_figures(story: Story, policies: Sequence[str] | None = None) -> Table:
    """Return policies (all if left out) by the indicators that matter most."""
    there = [name for name in KEY_INDICATORS if name in set(story.found.summary["indicator"])]
    heads = [story.words.say("report.varied.policy"), *(sentence(label(story, name)) for name in there)]
    rows = [
        [Cell(story.heading(policy)), *(estimate(story, policy, name) for name in there)]
        for policy in (story.found.policies if policies is None else policies)
    ]
    return Table(story.words.say("report.indicators.text", over=story.figures.over), heads, rows)


def indicators(story: Story) -> Table:
    """Return every indicator by policy: mean and 95 % interval."""
    found, say = story.found, story.words.say
    names = list(dict.fromkeys(found.summary["indicator"].astype(str)))
    heads = [say("report.indicators.indicator"), say("report.indicators.unit")]
    heads += [story.heading(policy) for policy in found.policies]
    rows = [
        [
            Cell(sentence(label(story, name))),
            Cell(unit_name(story, story.unit(name))),
            *(estimate(story, policy, name) for policy in found.policies),
        ]
        for name in names
    ]
    return Table(say("report.indicators.table"), heads, rows, numbers=2)


def ledger(story: Story, policies: Sequence[str] | None = None) -> Table:
    """Return the ledger's lines that are not zero under every policy, and the net value."""
    found, say = story.found, story.words.say
    shown = list(policies if policies is not None else found.options)
    lines = [n for n in facts.ledger_lines(found) if any(found.estimate(p, n).mean != 0.0 for p in shown)]
    rows = [[Cell(sentence(label(story, n))), *(_signed(story, p, n) for p in shown)] for n in lines]
    rows.append([Cell(say("report.money.net")), *(_signed(story, p, facts.NET) for p in shown)])
    heads = [say("report.money.line"), *(story.heading(p) for p in shown)]
    return Table(say("report.money.table", over=story.figures.over), heads, rows)


def months(story: Story, policies: Sequence[str] | None = None) -> Table | None:
    """Return when the money comes: first year in cash, month of payback, value to the horizon and without one."""
    found, say = story.found, story.words.say
    if "first_year_cash" not in set(found.summary["indicator"]):
        return None
    rows = []
    for policy in policies if policies is not None else found.options:
        back = found.estimate(policy, "payback_month")
        runs = found.estimate(policy, facts.NET).n
        paid = Cell(story.figures.paid_back(back.median, back.n, runs))
        cash, *values = (estimate(story, policy, name) for name in ("first_year_cash", facts.NET, "lifetime_value"))
        rows.append([Cell(story.heading(policy)), cash, paid, *values])
    heads = [say("report.risk.policy"), say("months.first_year"), say("months.payback")]
    heads += [say("months.horizon", over=story.figures.over), say("months.lifetime")]
    return Table(say("months.table"), heads, rows)


def turned(table: Table) -> Table:
    """Return a table with rows and columns changed over; its first head stays."""
    columns = list(zip(*table.rows, strict=True))
    heads = [table.heads[0], *(cell.text for cell in columns[0])]
    rows = [[Cell(head), *column] for head, column in zip(table.heads[1:], columns[1:], strict=True)]
    return Table(table.caption, heads, rows)


def lost(story: Story, column: str, policies: Sequence[str] | None = None) -> Table:
    """Return profitable customers lost, by ``cause`` or by the ``channel`` that told them first."""
    say = story.words.say
    wide = facts.lost_by_reason(story.found) if column == "cause" else facts.lost_by_channel(story.found)
    wide = wide if policies is None else wide[list(policies)]
    name = _reason if column == "cause" else _channel
    heads = [say(f"report.leaves.{column}"), *(story.heading(str(p)) for p in wide.columns)]
    value = story.figures.value
    rows = [
        [Cell(sentence(name(story, str(row)))), *(Cell(value(float(v), "people")) for v in wide.loc[row])]
        for row in wide.index
    ]
    rows.append([Cell(say("report.leaves.total")), *(Cell(value(float(wide[p].sum()), "people")) for p in wide)])
    return Table(say(f"report.leaves.by_{column}"), heads, rows)


def verdicts(story: Story) -> Table | None:
    """Return the policies over the drawn worlds, from verdicts.csv."""
    known = story.found.extra.get("verdicts")
    if known is None or known.empty:
        return None
    say, money, share = story.words.say, story.money, story.words.share
    columns = [("share_best", share), ("regret_mean", money), ("regret_worst", money), ("chance_loss", share)]
    names = {"share_best": "share_best", "regret_mean": "regret", "regret_worst": "regret_worst", "chance_loss": "loss"}
    there = [(name, form) for name, form in columns if name in known]
    heads = [say("report.varied.policy"), say("report.decides.expected")]
    heads += [say(f"report.decides.{names[name]}") for name, _ in there]
    rows = []
    for _, row in known.iterrows():
        interval = story.figures.interval(row["low"], row["high"], "currency")
        cells = [Cell(story.heading(str(row["policy"]))), Cell(money(row["expected_net_value"]), interval)]
        rows.append(cells + [Cell(form(float(row[name]))) for name, form in there])
    return Table(say("report.decides.verdicts", over=story.figures.over), heads, rows)


def drivers(story: Story) -> Table | None:
    """Return the numbers that move the choice most, from drivers.csv."""
    known = story.found.extra.get("drivers")
    return None if known is None or known.empty else _drivers(story, of_the_choice(known), "drivers")


def drivers_of_each(story: Story) -> Table | None:
    """Return the numbers on which it depends most whether each policy beats keep, where that is not the choice."""
    known = story.found.extra.get("drivers")
    known = known if known is None or known.empty else of_each_policy(known)
    return None if known is None or known.empty else _drivers(story, known, "drivers_each")


def _drivers(story: Story, known: pd.DataFrame, title: str) -> Table:
    """Return a table of the numbers that move a choice most."""
    say, number = story.words.say, story.words.number
    forms: list[tuple[str, str, Any]] = [
        ("rank_correlation", "rank", lambda v: number(round(v, 2))),
        ("share_of_variance", "variance", lambda v: story.words.share(round(v, 3))),
        ("evppi", "evppi", story.money), ("flips", "flips", lambda v: _flips(story, v)),
    ]  # fmt: skip
    there = [(c, k, f) for c, k, f in forms if c in known]
    by = "evppi" if "evppi" in known else there[0][0] if there else "parameter"
    ordered = known.reindex(known[by].abs().sort_values(ascending=False, kind="stable").index) if there else known
    overall = len(set(known["policy"])) == 1
    heads = [say("report.varied.policy"), say("report.decides.parameter"), say("report.decides.grade")]
    heads += [say(f"report.decides.{k}") for _, k, _ in there]
    rows = []
    for _, row in ordered.head(MOST_DRIVERS).iterrows():
        key = str(row["parameter"])
        cells = [
            Cell(story.heading(str(row["policy"]))),
            Cell(story.parameter(key), key),
            Cell(story.words.grade(_plain(row.get("grade")))),
        ]
        rows.append(cells + [_measured(story, row, c, f) for c, _, f in there])
    if overall:  # the same for all policies, so that a column of it tells nothing
        return Table(say(f"report.decides.{title}"), heads[1:], [row[1:] for row in rows], numbers=2)
    return Table(say(f"report.decides.{title}"), heads, rows, numbers=3)


_TESTED = {"evppi": "beyond_chance", "flips": "beyond_chance", "share_of_variance": "share_beyond_chance"}
"""The column that says whether a measure of a number is beyond chance."""


def _measured(story: Story, row: pd.Series, column: str, form: Any) -> Cell:
    """Return a measure of a number; of one that chance alone would show, that it is so."""
    if str(row.get(_TESTED.get(column, ""), True)) == "False":
        return Cell(story.words.say("report.decides.within_chance"))
    return Cell(_form(form, row[column]))


def _flips(story: Story, value: Any) -> str:
    if isinstance(value, bool) or str(value) in ("True", "False"):
        return story.words.say("report.varied.yes" if str(value) == "True" else "report.varied.no")
    try:
        return story.words.share(round(float(value), 3))
    except ValueError:
        return str(value)


def _form(form: Any, value: Any) -> str:
    if isinstance(value, float) and not math.isfinite(value):
        return ""
    return str(form(value))


def assumed(story: Story, rows: Sequence[Unmeasured]) -> Table:
    """Return assumptions with the value used, plausible range, grade and source."""
    say = story.words.say
    heads = [say(f"report.assumed.{k}") for k in ("number", "used", "range", "grade", "source")]
    body = []
    for a in rows:
        unit = unit_name(story, a.unit)
        share = a.unit == "share"
        used = f"{_used(story, a.used)} {'' if share else unit}".strip()
        span = "" if a.plausible is None else say("number.span", **_ends(story, a.plausible))
        mark = say("report.assumed.moved") if a.moved else ""
        grade = Cell(story.words.grade(a.grade))
        body.append([Cell(story.parameter(a.key), a.key), Cell(used, mark), Cell(span), grade, Cell(a.source)])
    return Table("", heads, body, numbers=len(heads))


def briefly(table: Table) -> Table:
    """Return a table of assumptions for a slide: name, value and range, of each name what stands before a semicolon."""
    short = table.only(range(3)).plain()
    return short._replace(rows=[[Cell(name.text.partition(";")[0]), *rest] for name, *rest in short.rows])


def _ends(story: Story, ends: tuple[float, float]) -> dict[str, str]:
    return dict(zip(("low", "high"), map(story.words.number, ends), strict=True))


def _used(story: Story, values: Sequence[Any]) -> str:
    told = [story.words.number(v) if isinstance(v, int | float) else str(v) for v in values]
    return told[0] if len(told) == 1 else story.words.say("number.span", low=told[0], high=told[-1])


def unit_name(story: Story, unit: str) -> str:
    """Return a unit in words; money as the scenario's currency."""
    if unit.split(" ")[0] == "currency":
        return story.found.scenario.currency
    return story.text(f"report.unit.{unit.replace(' ', '_')}", unit)


def label(story: Story, indicator: str) -> str:
    """Return what an indicator is called."""
    return story.words.name("indicator", indicator)


def _reason(story: Story, cause: str) -> str:
    return story.text(f"report.reason.{cause}", cause)


def _channel(story: Story, channel: str) -> str:
    return story.words.name("channel", channel)


def _plain(value: Any) -> str:
    return "" if value is None or (isinstance(value, float) and pd.isna(value)) else str(value).replace("_", " ")


def estimate(story: Story, policy: str, name: str) -> Cell:
    """Return the mean of an indicator under a policy, and what the runs tell of it below."""
    e, unit = story.found.estimate(policy, name), story.unit(name)
    below = "" if policy == "keep" else story.figures.known(e.low, e.high, unit, e.kind, e.n)
    return Cell(story.mean(policy, name), below)


def _signed(story: Story, policy: str, name: str) -> Cell:
    e = story.found.estimate(policy, name)
    below = story.figures.known(e.low, e.high, "currency", e.kind, e.n)
    return Cell(story.figures.difference(e.mean, "currency"), below)
