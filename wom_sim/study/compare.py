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
from wom_sim.outcomes.attribution_tables import attribution_over_runs
from wom_sim.outcomes.indicators import INDICATORS
from wom_sim.outcomes.ledger_tables import ledger_over_runs
from wom_sim.scenario import Scenario
from wom_sim.simulation import Result, daily_columns, luck_seed, policies_of
from wom_sim.study.execute import Runner, results
from wom_sim.study.plan import Plan, plan
from wom_sim.study.store import EventFile
from wom_sim.study.verdict import verdict
from wom_sim.world import trace as tr

Progress = Callable[[int, int, str], None]
"""Called with (runs done, runs in all, what happens now)."""


@dataclass(frozen=True)
class Comparison:
    """All policies of a scenario compared; every table is a pandas DataFrame.

    ``replications``: policy, replication, seed and every indicator. ``daily``: policy, replication, day and the
    columns of the daily table. ``departures``: policy, cause, channel, label, profitable and the mean number of
    people not acted on. ``ledgers``: for each policy an array (replication x row x month x line, 1/100 currency), of
    which ``ledger`` is the table. ``attribution``: where departures, lost joins and calls come from, if that was asked
    for. ``summary`` and ``differences`` have mean, low, high (95 % interval over
    replications) and quantiles.
    """

    scenario: Scenario
    plan: Plan
    replications: pd.DataFrame
    daily: pd.DataFrame
    departures: pd.DataFrame
    seconds: dict[str, float] = field(default_factory=dict)
    ledgers: dict[str, np.ndarray] = field(default_factory=dict)
    attribution: pd.DataFrame | None = None

    @property
    def ledger(self) -> pd.DataFrame:
        """Return policy, segment, month, line, mean, low, high (currency, at day 0, 95 % interval)."""
        return ledger_over_runs(self.ledgers, [s.name for s in self.scenario.population.segments])

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
    def verdict(self) -> str:
        """Return what came out, in a sentence or two."""
        return verdict(self.replications, self.summary, self.differences, self.scenario.currency)

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
    attribution: bool = False,
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
    attribution : bool
        Whether to trace every departure, lost join and call to its origin; done as well where events are written.

    Raises
    ------
    ValueError
        If the engine is unknown, the world or a policy cannot be made, or memory does not suffice.
    """
    if engine not in ("compiled", "reference"):
        raise ValueError(f"engine: given {engine!r}, allowed: compiled, reference")
    if workers is not None and workers < 1:
        raise ValueError(f"workers: given {workers}, allowed: at least 1")
    logged = attribution or events is not None
    settled = plan(scenario, engine, workers, logged)
    began = time.perf_counter()
    runner = Runner(scenario, engine, events=logged)
    runner.prepare(lambda words: progress(0, settled.runs, words))
    ready = time.perf_counter()
    policies = policies_of(scenario)
    tasks = [(policy, r) for r in range(scenario.run.replications) for policy in policies]
    found: dict[int, Digest] = {}
    with EventFile(events) as log:
        for done, (number, result) in enumerate(results(runner, tasks, settled.workers), start=1):
            found[number] = _digest(result)
            log.add(result)
            progress(done, settled.runs, f"{result.policy}, replication {result.replication + 1}")
    digests = [found[number] for number in sorted(found)]
    seconds = {"build": ready - began, "runs": time.perf_counter() - ready}
    return Comparison(
        scenario,
        settled,
        pd.DataFrame([d.row for d in digests]),
        _daily(digests),
        _departures(tasks, digests),
        seconds,
        _ledgers(digests),
        _attribution(digests),
    )


class Digest(NamedTuple):
    """What is kept of a run: its row of indicators, daily table (days x columns), buzz, tally of departures, ledger.

    ``attribution`` says where departures, lost joins and calls come from, if the event log was kept.
    """

    row: dict[str, Any]
    daily: np.ndarray
    buzz: np.ndarray
    tally: np.ndarray
    ledger: np.ndarray
    attribution: pd.DataFrame | None = None


def _digest(result: Result) -> Digest:
    head = {"policy": result.policy, "replication": result.replication}
    row = head | {"seed": luck_seed(result.scenario, result.replication)} | result.measured
    book = result.trace.book
    origins = result.attribution if len(book.log) else None
    return Digest(row, book.daily, result.trace.buzz, book.tally, book.ledger, origins)


def _attribution(digests: list[Digest]) -> pd.DataFrame | None:
    """Return where departures, lost joins and calls come from over replications, if that was traced."""
    found: dict[str, list[pd.DataFrame]] = {}
    for digest in digests:
        if digest.attribution is not None:
            found.setdefault(digest.row["policy"], []).append(digest.attribution)
    return attribution_over_runs(found) if found else None


def _ledgers(digests: list[Digest]) -> dict[str, np.ndarray]:
    """Return the ledgers of each policy's replications, one behind the other."""
    found: dict[str, list[np.ndarray]] = {}
    for digest in digests:
        found.setdefault(digest.row["policy"], []).append(digest.ledger)
    return {policy: np.stack(runs) for policy, runs in found.items()}


def _daily(digests: list[Digest]) -> pd.DataFrame:
    """Return the daily tables of all runs, one below the other."""
    days = [len(digest.daily) for digest in digests]
    table = daily_columns(np.concatenate([d.daily for d in digests]), np.concatenate([d.buzz for d in digests]))
    table.insert(0, "policy", np.repeat([d.row["policy"] for d in digests], days))
    table.insert(1, "replication", np.repeat([d.row["replication"] for d in digests], days))
    table.insert(2, "day", np.concatenate([np.arange(number) for number in days]))
    return table


def _departures(tasks: list, digests: list[Digest]) -> pd.DataFrame:
    """Return the mean number of departures of people not acted on, by cause, channel, label and profitability."""
    totals: dict[str, np.ndarray] = {}
    for (policy, _), digest in zip(tasks, digests, strict=True):
        totals[policy.name] = totals.get(policy.name, 0) + digest.tally
    replications = max(1, len(digests) // max(1, len(totals)))
    rows = []
    for name, tally in totals.items():
        for cause, channel, label, profitable in np.argwhere(tally):
            rows.append(
                {
                    "policy": name,
                    "cause": tr.CAUSE_NAMES[cause],
                    "channel": tr.CHANNEL_NAMES[channel],
                    "label": tr.LABEL_NAMES[label],
                    "profitable": bool(profitable),
                    "mean": tally[cause, channel, label, profitable] / replications,
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
