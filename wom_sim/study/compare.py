"""Compare the policies of a scenario on the same people, ties and luck."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from wom_sim._notebook import Shown, ShowsItself
from wom_sim._tables import PICKUP
from wom_sim.outcomes import compare as tables
from wom_sim.outcomes.attribution_tables import attribution_over_runs
from wom_sim.outcomes.curves import over_time
from wom_sim.outcomes.indicators import INDICATORS
from wom_sim.outcomes.ledger_tables import ledger_over_runs
from wom_sim.outcomes.paired import paired
from wom_sim.outcomes.receipts import receipts_over_runs, stacked
from wom_sim.outcomes.risk import risk
from wom_sim.scenario import Scenario
from wom_sim.scenario.beyond import beyond
from wom_sim.scenario.evidence import unmeasured
from wom_sim.scenario.figures import figures_for, figures_on_terminal
from wom_sim.simulation import Result, daily_columns, luck_seed, needs_events, policies_of
from wom_sim.simulation.base import base_table
from wom_sim.simulation.base_names import COLUMNS as BASE_COLUMNS
from wom_sim.study.cost import Plan, plan
from wom_sim.study.execute import Runner, results
from wom_sim.study.preferred import rule_of, with_duties
from wom_sim.study.store import EventFile
from wom_sim.study.verdict import sentences
from wom_sim.words import ENGLISH, Words
from wom_sim.words.said import OfPolicy, Said
from wom_sim.world import trace as tr

KEY_INDICATORS = ("net_value", "lost_profitable", "joins_lost", "reached", "national_coverage", "extra_calls")
"""What a comparison shows of itself in a notebook."""

Progress = Callable[[int, int, str], None]
"""Called with (runs done, runs in all, what happens now)."""
Look = Callable[[pd.DataFrame], None]
"""Called with the base as soon as people are built, before the first run."""


class Start(NamedTuple):
    """The first replication to run, and the event log of those before it, if one is kept."""

    replication: int = 0
    events: Path | None = None


FROM_THE_BEGINNING = Start()


class _Once:
    """What the runs of a comparison say, each table worked out when it is first asked for."""

    def __init__(self, scenario: Scenario, replications: pd.DataFrame) -> None:
        self._scenario, self._replications = scenario, replications

    @cached_property
    def summary(self) -> pd.DataFrame:
        return tables.summary(self._replications)

    @cached_property
    def differences(self) -> pd.DataFrame:
        return tables.differences(self._replications)

    @cached_property
    def paired(self) -> pd.DataFrame:
        return paired(self._replications)

    def paired_in(self, indicator: str) -> pd.DataFrame:
        """Return the rows of one indicator: those of the whole table where it stands, else only these are made."""
        if "paired" not in vars(self):
            return paired(self._replications, indicator)
        return self.paired[self.paired["indicator"] == indicator].reset_index(drop=True)

    @cached_property
    def risk(self) -> pd.DataFrame:
        return risk(self._replications)

    @cached_property
    def verdict(self) -> str:
        return self.verdict_in(ENGLISH)

    def verdict_in(self, words: Words) -> str:
        """Return the verdict in a language."""
        scenario = self._scenario
        tell = figures_on_terminal(scenario, words)
        said = sentences(self._replications, tell, unmeasured(scenario), rule_of(scenario), beyond(scenario))
        return " ".join(with_duties(said, scenario, tell.words).in_order())


@dataclass(frozen=True)
class Comparison(ShowsItself):
    """All policies of a scenario compared; every table is a pandas DataFrame.

    ``replications``: policy, replication, seed, every indicator, and the day of each outlet's pick-up. ``daily``:
    policy, replication, day and the columns of the daily table. ``departures``: policy, cause, channel, label,
    profitable and the mean number of people not acted on. ``tallies``: of each policy, replication x cause x channel x
    label x profitable, from which ``departures`` is made. ``ledgers``: of each policy, replication x row x month x
    line (1/100 currency), of which ``ledger`` is the table. ``receipts``: of each policy, replication x worth and cash
    x month x line, by the month of receipt, of which ``months`` is the table. ``origins``: policy, replication and
    where departures, lost joins and calls come from, if that was asked for; ``attribution`` is its table. ``summary``
    and ``differences`` have mean, low, high (95 % interval over replications) and quantiles. ``base``: the customers of
    the first replication as they were built beside what the file states, and whom each policy chooses
    (``wom_sim.simulation.base``).
    """

    scenario: Scenario
    plan: Plan
    replications: pd.DataFrame
    daily: pd.DataFrame
    departures: pd.DataFrame
    seconds: dict[str, float] = field(default_factory=dict)
    tallies: dict[str, np.ndarray] = field(default_factory=dict)
    ledgers: dict[str, np.ndarray] = field(default_factory=dict)
    receipts: dict[str, np.ndarray] = field(default_factory=dict)
    origins: pd.DataFrame | None = None
    base: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(BASE_COLUMNS)))

    @property
    def ledger(self) -> pd.DataFrame:
        """Return policy, segment, month, line, mean, low, high (currency, at day 0, 95 % interval)."""
        return ledger_over_runs(self.ledgers, [s.name for s in self.scenario.population.segments])

    @property
    def months(self) -> pd.DataFrame:
        """Return policy, month, when, line, worth, low, high, cash: in which month money is received or paid."""
        return self._months.copy()

    @cached_property
    def _months(self) -> pd.DataFrame:
        days = self.daily.groupby("policy", sort=False)["day"].max() + 1
        ever = math.isinf(self.scenario.money.counted_months)
        return receipts_over_runs(self.receipts, {str(policy): int(n) for policy, n in days.items()}, ever)

    @property
    def attribution(self) -> pd.DataFrame | None:
        """Return where departures, lost joins and calls come from over replications, if that was traced."""
        if self.origins is None:
            return None
        found = {
            str(policy): [run.drop(columns=["policy", "replication"]) for _, run in runs.groupby("replication")]
            for policy, runs in self.origins.groupby("policy", sort=False)
        }
        return attribution_over_runs(found)

    @property
    def policies(self) -> list[str]:
        """Return the names of the policies in the order of the scenario, ``keep`` first."""
        return [p.name for p in policies_of(self.scenario)]

    @property
    def summary(self) -> pd.DataFrame:
        """Return a row for each policy and indicator."""
        return self._once.summary.copy()

    @property
    def differences(self) -> pd.DataFrame:
        """Return a row for each pair of policies and indicator, paired by luck."""
        return self._once.differences.copy()

    @property
    def paired(self) -> pd.DataFrame:
        """Return a row for each pair of policies and indicator: how sure, and how many replications settle it."""
        return self._once.paired.copy()

    def paired_in(self, indicator: str) -> pd.DataFrame:
        """Return the rows of ``paired`` for one indicator, without working out the others."""
        return self._once.paired_in(indicator)

    @property
    def risk(self) -> pd.DataFrame:
        """Return a row for each policy, indicator and measure of risk."""
        return self._once.risk.copy()

    @property
    def verdict(self) -> str:
        """Return what came out, in three sentences."""
        return self._once.verdict

    def verdict_in(self, words: Words) -> str:
        """Return the verdict in a language."""
        return self._once.verdict if words.lang == "en" else self._once.verdict_in(words)

    @cached_property
    def _once(self) -> _Once:
        """Return what is worked out once, however often it is asked for."""
        return _Once(self.scenario, self.replications)

    def _shown(self) -> Shown:
        """Return the verdict, and each policy's most important indicators."""
        words, runs = Words("en"), self.scenario.run.replications
        chosen = [i for i in INDICATORS if i.name in KEY_INDICATORS]
        means = self.summary.set_index(["policy", "indicator"])["mean"]
        rows = [
            [p, *(words.quantity(means[p, i.name], i.unit, self.scenario.currency) for i in chosen)]
            for p in self.policies
        ]
        over = figures_for(self.scenario).over
        note = f"Mean of {runs} replication{'s' if runs != 1 else ''}, relative to keeping everyone{over}."
        return Shown(self.scenario.name, [self.verdict, note], ["policy", *(i.label for i in chosen)], rows)

    def over_time(self, column: str) -> pd.DataFrame:
        """Return policy, day, mean, median, low, high (5-95 % over replications) of a cumulated daily column."""
        return over_time(self.daily, column)


def compare(
    scenario: Scenario,
    *,
    engine: str = "compiled",
    workers: int | None = None,
    progress: Progress = lambda done, total, words: None,
    events: str | Path | None = None,
    attribution: bool = False,
    start: Start = FROM_THE_BEGINNING,
    look: Look = lambda base: None,
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
    start : Start
        Where to begin, if earlier replications are there already.
    look : callable
        Called with the base (the table ``base``) before the first run.

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
    planned = plan(
        scenario, engine, workers, first=start.replication, events=logged or needs_events(scenario), days=True
    )
    began = time.perf_counter()
    runner = Runner(scenario, engine, events=logged)
    runner.prepare(lambda words: progress(0, planned.runs, words))
    base = base_table(scenario, runner.world)
    look(base)
    ready = time.perf_counter()
    policies = policies_of(scenario)
    tasks = [(policy, r) for r in range(start.replication, scenario.run.replications) for policy in policies]
    found: dict[int, Digest] = {}
    with EventFile(events, start.events) as log:
        for done, (number, result) in enumerate(results(runner, tasks, planned.workers), start=1):
            found[number] = _digest(result)
            log.add(number, result)
            progress(
                done, planned.runs, Said("step.run", policy=OfPolicy(result.policy), replication=result.replication + 1)
            )
    digests = [found[number] for number in sorted(found)]
    tallies = {p.name: np.stack([d.tally for d in digests if d.row["policy"] == p.name]) for p in policies}
    seconds = {"build": ready - began, "runs": time.perf_counter() - ready}
    return Comparison(
        scenario,
        planned,
        pd.DataFrame([d.row for d in digests]).astype({"seed": np.uint64}),  # whatever seeds there are
        _daily(digests),
        departures_of(tallies),
        seconds,
        tallies,
        {policy: stacked(runs) for policy, runs in _by_policy(digests, "ledger").items()},
        {policy: stacked(runs, later=1) for policy, runs in _by_policy(digests, "receipts").items()},
        _origins(digests),
        base,
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
    receipts: np.ndarray
    attribution: pd.DataFrame | None = None


def _digest(result: Result) -> Digest:
    head = {"policy": result.policy, "replication": result.replication}
    row = head | {"seed": luck_seed(result.scenario, result.replication)} | result.measured | pickup_days(result)
    book = result.trace.book
    origins = result.attribution if len(book.log) else None
    return Digest(row, book.daily, result.trace.buzz, book.tally, book.ledger, book.receipts, origins)


def _origins(digests: list[Digest]) -> pd.DataFrame | None:
    """Return policy, replication and the attribution of each run, if that was traced."""
    traced = [
        digest.attribution.assign(policy=digest.row["policy"], replication=digest.row["replication"])
        for digest in digests
        if digest.attribution is not None
    ]
    return pd.concat(traced, ignore_index=True) if traced else None


def _by_policy(digests: list[Digest], name: str) -> dict[str, list[np.ndarray]]:
    """Return an array of each run of each policy, in the order of the replications."""
    found: dict[str, list[np.ndarray]] = {}
    for digest in digests:
        found.setdefault(digest.row["policy"], []).append(getattr(digest, name))
    return found


def pickup_days(result: Result) -> dict[str, float]:
    """Return the day on which each outlet picked the story up, NaN if it did not, as ``pickup_day:OUTLET``."""
    names = [outlet.name for outlet in result.scenario.media.outlets]
    days = [float(day) if day >= 0 else float("nan") for day in result.trace.picked_up]
    return {f"{PICKUP}{name}": day for name, day in zip(names, days, strict=True)}


def _daily(digests: list[Digest]) -> pd.DataFrame:
    """Return the daily tables of all runs, one below the other."""
    days = [len(digest.daily) for digest in digests]
    table = daily_columns(np.concatenate([d.daily for d in digests]), np.concatenate([d.buzz for d in digests]))
    table.insert(0, "policy", np.repeat([d.row["policy"] for d in digests], days))
    table.insert(1, "replication", np.repeat([d.row["replication"] for d in digests], days))
    table.insert(2, "day", np.concatenate([np.arange(number) for number in days]))
    return table


DEPARTURES = ("policy", "cause", "channel", "label", "profitable", "acted_on", "mean")
"""Columns of the table of departures."""


def departures_of(tallies: dict[str, np.ndarray]) -> pd.DataFrame:
    """Return the mean number of departures by cause, channel, label, profitability and whether the firm acted on them.

    ``tallies``: of each policy, replication x cause x channel x label x ``tally_group``.
    """
    rows = []
    for name, tally in ((name, runs.sum(axis=0)) for name, runs in tallies.items()):
        for cause, channel, label, group in np.argwhere(tally):
            rows.append(
                {
                    "policy": name,
                    "cause": tr.CAUSE_NAMES[cause],
                    "channel": tr.CHANNEL_NAMES[channel],
                    "label": tr.LABEL_NAMES[label],
                    "profitable": bool(group & 1),
                    "acted_on": bool(group & 2),
                    "mean": tally[cause, channel, label, group] / len(tallies[name]),
                }
            )
    return pd.DataFrame(rows, columns=list(DEPARTURES))


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
