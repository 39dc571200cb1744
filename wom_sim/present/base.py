"""The base as tables of text, for the report and the terminal: who the customers are, and whom the policies choose."""

from __future__ import annotations

import math
from pathlib import Path

import pandas as pd

from wom_sim.intake.churn_words import sentences
from wom_sim.populations.churn_file import read_beside
from wom_sim.populations.customer_file import table_in
from wom_sim.present.tables import Cell, Table
from wom_sim.scenario import Scenario
from wom_sim.simulation.base_names import BASE, BY_BOOKS, BY_CONTRIBUTION, FIT, KNOWN
from wom_sim.study.base_words import Chosen, choices, figures_of, named
from wom_sim.words import sentence
from wom_sim.words.figures import Figures

_OF_SEGMENTS = (
    "customers", "revenue", "calls", "churn", "contribution_year", "booked_profit_year", "profitable_by_contribution",
    "profitable_by_books",
)  # fmt: skip
"""Figures that are shown of each segment."""
_OF_CHOSEN = (
    "qualify", "chosen", "by_mistake", "revenue_each", "calls_each", "busiest_calls", "booked_profit_each",
    "contribution_each", "booked_profit_total", "contribution_total", "profitable", "in_contract", "settles",
    "losses_spared_year", "profit_forgone_year", "saving_year", "saving_settled_year",
)  # fmt: skip
_UNSAID_AT_ZERO = (
    "call_income", "variable_cost_avoidable", "variable_cost_allocated", "account_cost_allocated",
    "call_cost_allocated", "without_revenue", "by_mistake", "credits",
)  # fmt: skip
"""Figures that are left out where they are 0, as most often."""


def tables_of_base(table: pd.DataFrame, scenario: Scenario, figures: Figures) -> list[Table]:
    """Return the base as tables: all customers, by segment if there are several, in tenths, and the chosen.

    Where customers come from the firm's own table, what it knows and how well the segments describe it stand first.
    """
    parts = [_known(table, figures), _fit(table, figures), _whole(table, scenario, figures)]
    parts += [_segments(table, scenario, figures), _tenths(table, figures), _chosen(table, scenario, figures)]
    return [part for part in parts if part is not None]


def definitions(scenario: Scenario, figures: Figures) -> list[str]:
    """Return what the figures mean: profit by the books and by contribution, a year, and the first-year saving."""
    say, lag = figures.words.say, scenario.money.contact_lag_months
    later = [figures.words.count("base.saving_lag", lag)] if lag else []
    fit = [] if scenario.population.file is None else [say("base.fit_means")]
    return [*_churn(scenario, figures), *fit, say("base.means"), " ".join([say("base.saving"), *later])]


def _churn(scenario: Scenario, figures: Figures) -> list[str]:
    """Return where the churn of the firm's own customers is from, and how good its check was."""
    if scenario.population.file is None:
        return []
    rows = read_beside(table_in(Path(scenario.population.file)))
    if not rows:
        return []
    said = sentences(rows, figures.words)
    used = next((row.value for row in rows if (row.section, row.name) == ("about", "locked")), math.nan)
    locked = scenario.behaviour.leaving.locked
    if used != locked:
        number = figures.words.number
        said.append(figures.words.say("base.churn_locked", used=number(used), locked=number(locked)))
    return said


def _known(table: pd.DataFrame, figures: Figures) -> Table | None:
    """Return for each column of customers whether it is known from the firm's table or drawn; None without one."""
    say, rows = figures.words.say, []
    for name, share in figures_of(table, KNOWN, "").items():
        where = say("base.known_all") if share >= 1.0 else say("base.known_none")
        if 0.0 < share < 1.0:
            where = say("base.known_part", share=figures.value(share, "share"))
        rows.append([Cell(say(f"note.column.{name}")), Cell(where)])
    heads = [say("base.known_head"), say("base.known_from")]
    return Table(say("base.known"), heads, rows, numbers=2) if rows else None


def _fit(table: pd.DataFrame, figures: Figures) -> Table | None:
    """Return for revenue and calls of each segment what the firm's table has beside what the segment gives."""
    say, units, rows = figures.words.say, _units(table[table["section"] == FIT]), []
    for segment in dict.fromkeys(table.loc[table["section"] == FIT, "group"].astype(str)):
        has, gives = (figures_of(table, FIT, segment, column) for column in ("built", "stated"))
        for column in ("revenue", "calls"):
            if f"{column}_mean" not in has:
                continue
            cells = [Cell(f"{segment}: {say(f'note.column.{column}')}")]
            cells.append(Cell(_value(figures, has[f"{column}_customers"], "people")))
            for name in ("mean", "p50", "p90", "p99"):
                key = f"{column}_{name}"
                table_has, segment_gives = (_value(figures, each[key], units[key]) for each in (has, gives))
                cells.append(Cell(say("base.fit_pair", table=table_has, segment=segment_gives)))
            cells += [Cell(figures.value(has[f"{column}_{name}"], "share")) for name in ("zeros", "distance")]
            rows.append(cells)
        if "rank_correlation" in has:
            number = figures.words.number
            pair = {"table": number(has["rank_correlation"]), "segment": number(gives["rank_correlation"])}
            empty = [Cell("")] * 6
            rows.append([Cell(f"{segment}: {say('base.fit_rank')}"), Cell(say("base.fit_pair", **pair)), *empty])
    names = ("head", "customers", "mean", "p50", "p90", "p99", "zeros", "distance")
    return Table(say("base.fit"), [say(f"base.fit_{name}") for name in names], rows) if rows else None


def _units(table: pd.DataFrame) -> dict[str, str]:
    return dict(zip(table["name"].astype(str), table["unit"].astype(str), strict=True))


def _value(figures: Figures, value: float, unit: str) -> str:
    """Return a figure as text; nothing where there is none."""
    return "" if math.isnan(value) else figures.value(value, "currency" if unit.startswith("currency") else unit)


def _whole(table: pd.DataFrame, scenario: Scenario, figures: Figures) -> Table:
    """Return the figures of all customers: as built, as stated, and how far apart they are."""
    say, units = figures.words.say, _units(table)
    built, stated, apart = (figures_of(table, BASE, "", column) for column in ("built", "stated", "share_off"))
    rows = []
    for name, value in built.items():
        told = stated[name]
        nothing = (math.isnan(value) or (name in _UNSAID_AT_ZERO and value == 0.0)) and not told > 0.0
        if nothing:
            continue
        off = apart[name]
        gap = "" if math.isnan(off) else say("base.percent", n=figures.words.signed(round(100.0 * off, 1)))
        texts = (_value(figures, value, units[name]), _value(figures, told, units[name]), gap)
        rows.append([Cell(say(f"base.figure.{name}")), *map(Cell, texts)])
    heads = [say("base.figure_head"), say("base.built"), say("base.stated"), say("base.off")]
    return Table(say("base.title", name=scenario.name), heads, rows)


def _segments(table: pd.DataFrame, scenario: Scenario, figures: Figures) -> Table | None:
    """Return a row for each segment, with what the file states below what was built; None where there is but one."""
    segments, say, units = scenario.population.segments, figures.words.say, _units(table)
    if len(segments) < 2:
        return None
    rows = []
    for segment in segments:
        built, stated = (figures_of(table, BASE, segment.name, column) for column in ("built", "stated"))
        cells = [Cell(segment.name)]
        for name in _OF_SEGMENTS:
            text, told = (_value(figures, each[name], units[name]) for each in (built, stated))
            cells.append(Cell(text, say("base.in_file", value=told) if told and told != text else ""))
        rows.append(cells)
    heads = [say("base.segment"), *(say(f"base.figure.{name}") for name in _OF_SEGMENTS)]
    return Table(say("base.customers_of_segments"), heads, rows)


def _tenths(table: pd.DataFrame, figures: Figures) -> Table:
    """Return the profit of each tenth of the customers, by the books and by contribution."""
    say, rows = figures.words.say, []
    numbers = list(dict.fromkeys(table.loc[table["section"] == BY_BOOKS, "group"].astype(str)))
    for number in numbers:
        cells = [Cell(number)]
        for section in (BY_BOOKS, BY_CONTRIBUTION):
            found = figures_of(table, section, number)
            cells.append(Cell(_value(figures, found["profit_year"], "currency")))
            cells.append(Cell(_value(figures, found["share_of_profit"], "share")))
        rows.append(cells)
    share = say("base.share_of_whole")
    heads = [say("base.tenth"), say("base.by_books"), share, say("base.by_contribution"), share]
    return Table(say("base.tenths"), heads, rows)


def _chosen(table: pd.DataFrame, scenario: Scenario, figures: Figures) -> Table | None:
    """Return the figures of those whom the policies choose; policies that choose alike share a column."""
    say, units, found = figures.words.say, _units(table), choices(table)
    if not found:
        return None
    shown = [name for name in _OF_CHOSEN if _is_shown(name, found)]
    rows = [
        [Cell(say(f"base.figure.{name}")), *(_of_chosen(name, each, units[name], figures) for each in found)]
        for name in shown
    ]
    heads = [say("base.figure_head"), *(sentence(named(each.policies, scenario, figures.words)) for each in found)]
    return Table(say("base.chosen"), heads, rows)


def _is_shown(name: str, found: list[Chosen]) -> bool:
    values = [each.built[name] for each in found if name in each.built]
    return bool(values) and not (name in _UNSAID_AT_ZERO and not any(values))


def _of_chosen(name: str, each: Chosen, unit: str, figures: Figures) -> Cell:
    text = _value(figures, each.built.get(name, math.nan), unit)
    if name != "chosen" or math.isnan(each.limit):
        return Cell(text)
    limit = figures.people(each.limit)
    return Cell(text, "" if limit == text else figures.words.say("base.in_file", value=limit))
