"""What a comparison will do, how long it will take and how much memory, before it starts."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from wom_sim._notebook import Shown, ShowsItself
from wom_sim.scenario import Scenario
from wom_sim.scenario.models import GraphFile, MarketNetwork, RandomGraph
from wom_sim.simulation import policies_of

# Measured on two cores of a shared server; docs/DESIGN.md tells how. Estimates, not promises.
BASE_BYTES = 450e6
_BYTES_A_PERSON = 36.0
_BYTES_A_TIE = 4.1
_BYTES_A_PERSON_AND_RUN = 15.0
_BYTES_A_PERSON_AND_LOG = 70.0
"""Of an event log, and of what people heard from where, where the story reaches half of them; less where fewer."""
_REFERENCE_BYTES_A_PERSON = 24e3
_BUILD_SECONDS_A_PERSON = 1.1e-6
_RUN_SECONDS_A_PERSON = (1.0e-8, 1.2e-7)
_REFERENCE_SECONDS_A_PERSON_AND_DAY = 1.2e-5


class NotEnoughMemoryError(ValueError):
    """The machine has not the memory that the scenario needs; the message names the alternative."""


@dataclass(frozen=True)
class Plan(ShowsItself):
    """What will be done. ``seconds`` is a range, without the one-off compilation; ``bytes`` is the peak."""

    people: int
    runs: int
    policies: int
    replications: int
    days: int
    engine: str
    workers: int
    bytes: float
    seconds: tuple[float, float]
    available: float

    def _shown(self) -> Shown:
        """Return what will be done, and what it costs."""
        low, high = self.seconds
        rows = [
            ("policies", self.policies), ("replications", self.replications), ("days", f"{self.days:,}"),
            ("people", f"{self.people:,}"), ("engine", self.engine), ("runs at a time", self.workers),
            ("time", f"{duration(low)} to {duration(high)}"), ("memory", f"{self.bytes / 2**30:.1f} GiB"),
            ("available", f"{self.available / 2**30:.1f} GiB"),
        ]  # fmt: skip
        return Shown("Plan", (), (), [[name, str(value)] for name, value in rows])

    def text(self) -> str:
        """Return the plan in a sentence or two."""
        low, high = self.seconds
        return (
            f"{counted(self.policies, 'policy', 'policies')} x {counted(self.replications, 'paired replication')} of "
            f"{self.days} days with "
            f"{self.people:,} people ({self.engine} engine, {self.workers} at a time): about {duration(low)} to "
            f"{duration(high)}, {self.bytes / 2**30:.1f} GiB of memory ({self.available / 2**30:.1f} available). "
            f"Code that the installation has not compiled takes one to three minutes more, once."
        )


def duration(seconds: float) -> str:
    """Return seconds in words: 12 s, 40 min, 2.5 h."""
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    if seconds < 5400:
        return f"{round(seconds / 60)} min"
    return f"{seconds / 3600:.1f} h"


def counted(number: int, thing: str, things: str = "") -> str:
    """Return a number of things in words.

    >>> counted(1, "replication"), counted(2_000, "run"), counted(2, "policy", "policies")
    ('1 replication', '2,000 runs', '2 policies')
    """
    return f"{number:,} {thing if number == 1 else things or thing + 's'}"


def available_memory() -> float:
    """Return the bytes that this process may still take: the machine's, or its container's if that is less."""
    import psutil

    free = float(psutil.virtual_memory().available)
    for limit, used in (
        ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory.current"),
        ("/sys/fs/cgroup/memory/memory.limit_in_bytes", "/sys/fs/cgroup/memory/memory.usage_in_bytes"),
    ):
        try:
            free = min(free, float(Path(limit).read_text()) - float(Path(used).read_text()))
        except (OSError, ValueError):
            continue
    return free


def mean_ties(scenario: Scenario) -> float:
    """Return the mean number of ties of a person, about."""
    net, people = scenario.network, scenario.population.customers + scenario.population.prospects
    if isinstance(net, MarketNetwork):
        return 2.0 + net.close + net.acquaintances
    if isinstance(net, GraphFile):
        return 10.0
    if isinstance(net, RandomGraph) and net.kind == "complete":
        return float(people)
    return net.ties


def memory(scenario: Scenario, engine: str, workers: int, events: bool = False) -> float:
    """Return the bytes that a comparison needs at its peak, about; ``events``: the event log is kept."""
    people = scenario.population.customers + scenario.population.prospects
    if engine == "reference":
        return BASE_BYTES + people * _REFERENCE_BYTES_A_PERSON * 2
    shared = people * (_BYTES_A_PERSON + _BYTES_A_TIE * mean_ties(scenario))
    worlds = 1 if scenario.run.same_world else workers
    each = _BYTES_A_PERSON_AND_RUN + (_BYTES_A_PERSON_AND_LOG if events else 0.0)
    return BASE_BYTES + shared * worlds + people * each * workers


def plan(scenario: Scenario, engine: str, workers: int | None = None, *, first: int = 0, events: bool = False) -> Plan:
    """Return the plan; fewer runs at a time are taken where memory is short. Replications before ``first`` are there.

    ``events``: the event log is kept.

    Raises
    ------
    NotEnoughMemoryError
        If not even one run at a time fits.
    """
    people = scenario.population.customers + scenario.population.prospects
    names = [p.name for p in policies_of(scenario)]
    replications = scenario.run.replications - first
    runs = len(names) * replications
    cores = os.cpu_count() or 1
    wanted = min(workers or cores, runs) if engine == "compiled" else 1
    available = available_memory()
    while wanted > 1 and workers is None and memory(scenario, engine, wanted, events) > available:
        wanted -= 1
    needed = memory(scenario, engine, wanted, events)
    if needed > available:
        _refuse(scenario, engine, needed, available)
    return Plan(
        people, runs, len(names), replications, scenario.run.days, engine, wanted, needed,
        _seconds(scenario, engine, wanted, runs), available,
    )  # fmt: skip


def _seconds(scenario: Scenario, engine: str, workers: int, runs: int) -> tuple[float, float]:
    people = scenario.population.customers + scenario.population.prospects
    if engine == "reference":
        each = people * scenario.run.days * _REFERENCE_SECONDS_A_PERSON_AND_DAY
        return runs * each, 3.0 * runs * each
    worlds = 1 if scenario.run.same_world else scenario.run.replications
    build = worlds * people * _BUILD_SECONDS_A_PERSON / min(2, os.cpu_count() or 1)
    low, high = (build + 1.0 + people * rate * runs / workers for rate in _RUN_SECONDS_A_PERSON)
    return low, high


def _refuse(scenario: Scenario, engine: str, needed: float, available: float) -> None:
    customers = scenario.population.customers
    fits = int(customers * max(0.0, available - BASE_BYTES) / max(1.0, needed - BASE_BYTES) * 0.9)
    digits = max(0, len(str(max(1, fits))) - 2)
    rounded = fits // 10**digits * 10**digits
    share = rounded / max(1, customers)
    prospects = int(scenario.population.prospects * share)
    other = "--engine compiled, or " if engine == "reference" else "--workers 1, or "
    raise NotEnoughMemoryError(
        f"not enough memory: {needed / 2**30:.1f} GiB needed, {available / 2**30:.1f} GiB available. Try {other}"
        f"a smaller market: --set population.customers={rounded} --set population.prospects={prospects} "
        f"(media thresholds are counts, so choose as many customers as you can)"
    )
