"""What the indicators of other packages read of a run."""

from __future__ import annotations

import numpy as np

from wom_sim.outcomes.own import OwnIndicator, Run, own, read_own
from wom_sim.scenario import Scenario
from wom_sim.simulation.events import events_table
from wom_sim.simulation.tables import daily_table
from wom_sim.world import trace as tr
from wom_sim.world.listed import Listed


def own_indicators(scenario: Scenario) -> tuple[OwnIndicator, ...]:
    """Return the indicators of other packages that a scenario names. Raises ValueError where one cannot be used."""
    return tuple(own(name) for name in scenario.plugins.indicators)


def needs_events(scenario: Scenario) -> bool:
    """Return whether an indicator of another package reads the event log, so that every run has to keep it."""
    return any(indicator.events for indicator in own_indicators(scenario))


def measured_of(
    scenario: Scenario, policy: str, replication: int, trace: tr.Trace, listed: Listed | None
) -> dict[str, float]:
    """Return what each indicator of another package reads of a run, by name.

    Raises
    ------
    PluginError
        If one fails, or returns no number.
    """
    wanted = own_indicators(scenario)
    if not wanted:
        return {}
    people = scenario.population
    events = events_table(trace.events(), listed if len(trace.book.log) else None)
    found = {}
    for indicator in wanted:
        run = Run(
            policy, replication, people.customers, people.prospects, scenario.currency, daily_table(trace),
            events if indicator.events else events.iloc[:0].copy(), scenario.plugins.given,
        )  # fmt: skip
        found[indicator.name] = read_own(indicator, run)
    return found


def without_log(trace: tr.Trace) -> tr.Trace:
    """Return a trace without the event log, which was kept only to be read."""
    log, used = np.zeros(0, dtype=tr.LOG_TYPE), np.zeros_like(trace.book.used)
    return trace._replace(book=trace.book._replace(log=log, used=used))
