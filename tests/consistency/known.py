"""What a folder holds: the numbers of its tables by kind, and those few that are worked out of them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd
from telling import MONEY, PLAIN, SHARE, Told

from wom_sim.outcomes.indicators import INDICATORS, PARTS_OF_LOST
from wom_sim.scenario import Scenario, load_scenario
from wom_sim.scenario.evidence import unmeasured
from wom_sim.scenario.grades import is_bare, is_estimate
from wom_sim.world.trace import LEDGER_NAMES, PROFIT_LOST

UNITS = {indicator.name: indicator.unit for indicator in INDICATORS}
RAW = ("daily", "replications", "events", "origins", "worlds", "table", "design", "months", "payback")
"""Tables with a row a run, a day, a month or an event: any number would be found in them."""
_ESTIMATES = ("mean", "low", "high", "p05", "median", "p95", "value", "at_low", "at_high", "swing", "widest", "amount",
              "built", "stated", "interaction", "change", "se", "effect_first", "effect_first_low", "effect_first_high",
              "effect_last", "effect_last_low", "effect_last_high")  # fmt: skip
_MONEY = re.compile(r"amount|regret|evppi|value_if|expected_net|money|moved|difference|loss$|value_from|value_to")
_OF_MONEY = {"expected_net_value", "regret_mean"}
"""Columns of tables of net value, in which these are money too."""
_BARE = ("mean", "low", "high", "worst", "worst_decile")
_SHARE = re.compile(r"meets|share|chance|probability|flips|luck|factors|coverage|density|support|ties|first|total")


class Pool:
    """Numbers by kind; whether one that is told is among them, at the precision at which it is told."""

    def __init__(self) -> None:
        self.known: dict[str, list[float]] = {MONEY: [], SHARE: [], PLAIN: []}

    def add(self, kind: str, values: Iterable[float]) -> None:
        found = np.abs(np.asarray(list(values), dtype=float))
        self.known[kind] += found[np.isfinite(found)].tolist()

    def holds(self, told: Told) -> bool:
        """Return whether the size is known; a share may be told as a number of per cent on an axis of per cent."""
        near = told.half * (1.0 + 1e-6) + 1e-9
        return bool((np.abs(np.asarray(self.known[told.kind]) - abs(told.value)) <= near).any())


def kind_of(unit: str) -> str:
    return MONEY if unit.startswith("currency") else SHARE if unit in ("chance", "share") else PLAIN


def add_table(pool: Pool, table: pd.DataFrame) -> None:
    """Put the numbers of a table in, each of its kind: by unit, indicator or output where the table has them."""
    by = next((name for name in ("unit", "indicator", "output", "line") if name in table), None)
    for column in table.select_dtypes("number"):
        if column in _ESTIMATES and by is not None:
            units = table[by] if by == "unit" else table[by].map(UNITS).fillna("currency" if by == "line" else "people")
            measured = table["measure"].astype(str) if "measure" in table else pd.Series("", index=table.index)
            share = measured.str.startswith(("chance", "exceed"))
            for kind in (MONEY, SHARE, PLAIN):
                rows = (units.map(kind_of) == kind) & ~share if kind != SHARE else (units.map(kind_of) == kind) | share
                pool.add(kind, table.loc[rows, column])
        elif _MONEY.search(column) or (not _OF_MONEY.isdisjoint(table.columns) and column in _BARE):
            pool.add(MONEY, table[column])
        elif _SHARE.search(column):
            pool.add(SHARE, table[column])
        else:
            pool.add(PLAIN, table[column])


def pool_of(folder: Path) -> Pool:
    """Return the numbers of the tables of a folder, and what its scenario sets and counts."""
    pool = Pool()
    for file in [*sorted(folder.glob("*.csv")), *sorted(folder.glob("*/*.csv"))]:
        if file.stem not in RAW:
            add_table(pool, pd.read_csv(file, keep_default_na=False, na_values=[""]))
    if (folder / "months.csv").exists():
        add_cash(pool, pd.read_csv(folder / "months.csv"))
    add_settings(pool, load_scenario(folder / "scenario.toml"))
    return pool


def add_cash(pool: Pool, months: pd.DataFrame) -> None:
    """Put in what each policy has received less what it has paid at the end of the last month that is told apart."""
    last = months["month"].max()
    known = months[months["month"] <= last]
    pool.add(MONEY, [own["cash"].sum() for _, own in known.groupby("policy")])
    pool.add(PLAIN, [last + 1])


def add_settings(pool: Pool, scenario: Scenario) -> None:
    """Put in what the scenario sets, how many people it has, and on how many numbers it says that it rests."""
    plain = [float(value) for value in _numbers(scenario.model_dump())]
    for kind in (MONEY, SHARE, PLAIN):
        pool.add(kind, plain)
    population, rests = scenario.population, unmeasured(scenario)
    estimates = sum(is_estimate(number.grade) for number in rests)
    pool.add(PLAIN, [population.customers + population.prospects, len(scenario.policies), len(scenario.policies) + 1])
    pool.add(PLAIN, [len(rests), estimates, len(rests) - estimates, sum(is_bare(number.grade) for number in rests)])
    for number in rests:
        pool.add(PLAIN, number.plausible or ())
        pool.add(SHARE, number.plausible or ())


def _numbers(value: object) -> Iterable[float]:
    if isinstance(value, dict):
        for each in value.values():
            yield from _numbers(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _numbers(each)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield value


def add_runs(pool: Pool, runs: pd.DataFrame) -> None:
    """Put in what is counted over runs: how many there are, in how many something came, and which of two did better."""
    size = runs.groupby("policy", sort=False).size()
    pool.add(PLAIN, {0, *size, int(size.max()) * len(size), *([runs["world"].nunique()] if "world" in runs else [])})
    for _, own in runs.groupby("policy"):
        counts = [(own["net_value"] < 0).sum(), own["national_coverage"].sum(), (own["lost_profitable"] > 0).sum()]
        pool.add(PLAIN, counts)
        pool.add(SHARE, [count / len(own) for count in counts])
    keys = [key for key in ("world", "replication") if key in runs]
    wide = runs.pivot_table(index=keys, columns="policy", values="net_value")
    for one in wide:
        pool.add(PLAIN, [(wide[one] > wide[other]).sum() for other in wide])


def add_verdict(pool: Pool, means: pd.DataFrame) -> None:
    """Put in what the verdict works out of means: leads, what a customer is worth, where the verdict turns."""
    for policy, row in means.iterrows():
        pool.add(MONEY, (row["net_value"] - means["net_value"]).tolist())
        pool.add(MONEY, [row["net_value"] - row["losses_avoided"], row["net_value"]])
        others = row[[line for line in LEDGER_NAMES if line != "losses_avoided"]]
        pool.add(MONEY, [others.clip(lower=0.0).sum(), others.clip(upper=0.0).sum()])
        lost = row["lost_profitable"]
        if policy == "keep" or lost < 0.5:
            continue
        each = -row[list(PROFIT_LOST)].sum() / lost
        turning = lost + row["net_value"] / each
        pool.add(MONEY, [each])
        pool.add(PLAIN, [turning, turning / lost, lost])
        causes = row[list(PARTS_OF_LOST)]
        pool.add(SHARE, (causes / causes.sum()).tolist() if causes.sum() else [])
