"""Compare the policies of a scenario on the same people, ties and luck."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from wom_sim.outcomes import compare as tables
from wom_sim.outcomes.indicators import INDICATORS
from wom_sim.outcomes.paired import paired
from wom_sim.outcomes.risk import risk
from wom_sim.scenario import Scenario
from wom_sim.simulation import Result, daily_columns, luck_seed, policies_of
from wom_sim.study.assumptions import assumptions_of
from wom_sim.study.execute import Runner, results
from wom_sim.study.plan import Plan, plan
from wom_sim.study.store import EventFile
from wom_sim.study.verdict import verdict
from wom_sim.world import trace as tr

Progress = Callable[[int, int, str], None]
"""Called with (runs done, runs in all, what happens now)."""


class Start(NamedTuple):
    """The first replication to run, and the event log of those before it, if one is kept."""

    replication: int = 0
    events: Path | None = None


FROM_THE_BEGINNING = Start()


@dataclass(frozen=True)
class Comparison:
    """All policies of a scenario compared; every table is a pandas DataFrame.

    ``replications``: policy, replication, seed and every indicator. ``daily``: policy, replication, day and the
    columns of the daily table. ``departures``: policy, cause, channel, label, profitable and the mean number of
    people not acted on. ``tallies``: of each policy, replication x cause x channel x label x profitable, from which
    ``departures`` is made. ``summary`` and ``differences`` have mean, low, high (95 % interval over replications)
    and quantiles.
    """

    scenario: Scenario
    plan: Plan
    replications: pd.DataFrame
    daily: pd.DataFrame
    departures: pd.DataFrame
    seconds: dict[str, float] = field(default_factory=dict)
    tallies: dict[str, np.ndarray] = field(default_factory=dict)

    @property
    def policies(self) -> list[str]:
        """Return the names of the policies in the order of the scenario, ``keep`` first."""
        return [p.name for p in policies_of(self.scenario)]

    @property
    def summary(self) -> pd.DataFrame:
        """Return a row for each policy and indicator."""
        return tables.summary(self.replications)

    @property
    def differences(self) -> pd.DataFrame:
        """Return a row for each pair of policies and indicator, paired by luck."""
        return tables.differences(self.replications)

    @property
    def paired(self) -> pd.DataFrame:
        """Return a row for each pair of policies and indicator: how sure, and how many replications settle it."""
        return paired(self.replications)

    @property
    def risk(self) -> pd.DataFrame:
        """Return a row for each policy, indicator and measure of risk."""
        return risk(self.replications)

    @property
    def verdict(self) -> str:
        """Return what came out, in three sentences."""
        return verdict(self.replications, self.scenario.currency, assumptions_of(self.scenario))

    def over_time(self, column: str) -> pd.DataFrame:
        """Return policy, day, median, low, high (5-95 % over replications) of a cumulated daily column."""
        frame = self.daily[["policy", "replication", "day", column]].copy()
        frame[column] = frame.groupby(["policy", "replication"], sort=False)[column].cumsum()
        grouped = frame.groupby(["policy", "day"], sort=False)[column]
        table = pd.DataFrame(
            {"median": grouped.median(), "low": grouped.quantile(0.05), "high": grouped.quantile(0.95)}
        )
        return table.reset_index()


def compare(
    scenario: Scenario,
    *,
    engine: str = "compiled",
    workers: int | None = None,
    progress: Progress = lambda done, total, words: None,
    events: str | Path | None = None,
    start: Start = FROM_THE_BEGINNING,
) -> Comparison:
    """Run every policy of a scenario, ``keep`` first, in every replication, and compare them.

    Parameters
    ----------
    scenario : Scenario
        From ``load_scenario``.
    engine : {"compiled", "reference"}
        Both give the same result.
    workers : int, optional
        Runs at a time; as many as there are cores and memory for if left out. Changes no result.
    progress : callable
        Called with (done, total, words).
    events : path, optional
        Where to write the event log of all runs (Parquet).
    start : Start
        Where to begin, if earlier replications are there already.

    Raises
    ------
    ValueError
        If the engine is unknown, the world or a policy cannot be made, or memory does not suffice.
    """
    if engine not in ("compiled", "reference"):
        raise ValueError(f"engine: given {engine!r}, allowed: compiled, reference")
    if workers is not None and workers < 1:
        raise ValueError(f"workers: given {workers}, allowed: at least 1")
    settled = plan(scenario, engine, workers, first=start.replication)
    began = time.perf_counter()
    runner = Runner(scenario, engine, events=events is not None)
    runner.prepare(lambda words: progress(0, settled.runs, words))
    ready = time.perf_counter()
    policies = policies_of(scenario)
    tasks = [(policy, r) for r in range(start.replication, scenario.run.replications) for policy in policies]
    found: dict[int, Digest] = {}
    with EventFile(events, start.events) as log:
        for done, (number, result) in enumerate(results(runner, tasks, settled.workers), start=1):
            found[number] = _digest(result)
            log.add(result)
            progress(done, settled.runs, f"{result.policy}, replication {result.replication + 1}")
    digests = [found[number] for number in sorted(found)]
    tallies = {p.name: np.stack([d.tally for d in digests if d.row["policy"] == p.name]) for p in policies}
    seconds = {"build": ready - began, "runs": time.perf_counter() - ready}
    return Comparison(
        scenario,
        settled,
        pd.DataFrame([d.row for d in digests]).astype({"seed": np.uint64}),  # whatever seeds there are
        _daily(digests),
        departures_of(tallies),
        seconds,
        tallies=tallies,
    )


class Digest(NamedTuple):
    """What is kept of a run: its row of indicators, daily table (days x columns), buzz, and tally of departures."""

    row: dict[str, Any]
    daily: np.ndarray
    buzz: np.ndarray
    tally: np.ndarray


def _digest(result: Result) -> Digest:
    head = {"policy": result.policy, "replication": result.replication}
    row = head | {"seed": luck_seed(result.scenario, result.replication)} | result.measured
    book = result.trace.book
    return Digest(row, book.daily, result.trace.buzz, book.tally)


def _daily(digests: list[Digest]) -> pd.DataFrame:
    """Return the daily tables of all runs, one below the other."""
    days = [len(digest.daily) for digest in digests]
    table = daily_columns(np.concatenate([d.daily for d in digests]), np.concatenate([d.buzz for d in digests]))
    table.insert(0, "policy", np.repeat([d.row["policy"] for d in digests], days))
    table.insert(1, "replication", np.repeat([d.row["replication"] for d in digests], days))
    table.insert(2, "day", np.concatenate([np.arange(number) for number in days]))
    return table


def departures_of(tallies: dict[str, np.ndarray]) -> pd.DataFrame:
    """Return the mean number of departures of people not acted on, by cause, channel, label and profitability.

    ``tallies``: of each policy, replication x cause x channel x label x profitable.
    """
    rows = []
    for name, tally in ((name, runs.sum(axis=0)) for name, runs in tallies.items()):
        for cause, channel, label, profitable in np.argwhere(tally):
            rows.append(
                {
                    "policy": name,
                    "cause": tr.CAUSE_NAMES[cause],
                    "channel": tr.CHANNEL_NAMES[channel],
                    "label": tr.LABEL_NAMES[label],
                    "profitable": bool(profitable),
                    "mean": tally[cause, channel, label, profitable] / len(tallies[name]),
                }
            )
    return pd.DataFrame(rows, columns=["policy", "cause", "channel", "label", "profitable", "mean"])


def ledger_table(comparison: Comparison) -> pd.DataFrame:
    """Return policy, line, label, mean (currency) and order of the ledger's lines."""
    meaning = {i.name: i.meaning.removeprefix("ledger: ") for i in INDICATORS}
    wanted = comparison.summary[comparison.summary["indicator"].isin(tr.LEDGER_NAMES)]
    return pd.DataFrame(
        {
            "policy": wanted["policy"],
            "line": wanted["indicator"],
            "label": wanted["indicator"].map(meaning),
            "mean": wanted["mean"],
            "order": wanted["indicator"].map({name: k for k, name in enumerate(tr.LEDGER_NAMES)}),
        }
    ).reset_index(drop=True)
