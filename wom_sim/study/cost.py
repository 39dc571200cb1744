"""What a comparison will do, how long it will take and how much memory, before it starts."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from wom_sim._notebook import Shown, ShowsItself
from wom_sim.scenario import Scenario
from wom_sim.scenario.represents import few_chosen, fits, simulated_people
from wom_sim.scenario.sections.network import GraphFile, MarketNetwork, RandomGraph
from wom_sim.simulation import policies_of
from wom_sim.simulation.base import needs_ties
from wom_sim.words import ENGLISH, Words
from wom_sim.world.tie_rows import MOST_IN_COMMUNITY, MOST_IN_TOWN

# Measured on two cores of a shared server; docs/DESIGN.md tells how. Estimates, not promises.
BASE_BYTES = 450e6
_BYTES_A_PERSON = 25.0
_BYTES_A_TIE, _BYTES_OF_A_START = 4.1, 4.0
_BYTES_A_TIE_IN_TOWN, _BYTES_A_TIE_IN_COMMUNITY = 1.55, 2.05
"""Of the market network, whose towns are small enough for packed rows (``wom_sim.world.tie_rows``); the second where
communities are too large for close ties of a byte."""
_BYTES_A_PERSON_SHOWN = 28.0
"""Of showing the base: a profit, and where all qualify a number and two measures of worth."""
_BYTES_A_PERSON_AND_RUN = 12.0
"""Where the story reaches half of them: four bytes, and sixteen of each who is reached."""
_BYTES_A_PERSON_AND_LOG = 70.0
"""Of an event log, and of what people heard from where, where the story reaches half of them; less where fewer."""
_BYTES_A_RUN_AND_DAY = 800.0
"""Of what is kept of each run day by day, while its tables are made and written. Measured: 805 at 292,000 days."""
_BYTES_KEPT_FREE = 150e6
"""So much of that is within what any comparison takes."""
_REFERENCE_BYTES_A_PERSON = 24e3
_BUILD_SECONDS_A_PERSON = 5.5e-7
_RUN_SECONDS_A_PERSON = (1.0e-8, 6e-8)
_REFERENCE_SECONDS_A_PERSON_AND_DAY = 5e-7
"""Where hardly anybody talks; up to three times that where many do. Measured: 3e-7 to 5.5e-7 (a busy machine)."""


class NotEnoughMemoryError(ValueError):
    """The machine has not the memory that the scenario needs; the message names the alternative."""


@dataclass(frozen=True)
class Plan(ShowsItself):
    """What will be done. ``seconds`` is a range, without the one-off compilation; ``bytes`` is the peak.

    ``people`` are simulated; each stands for ``represents``, and of those let go at least ``few`` are simulated, if
    that is not None: so few that it matters.
    """

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
    represents: int = 1
    few: int | None = None

    def _shown(self) -> Shown:
        """Return what will be done, and what it costs."""
        low, high = self.seconds
        rows = [
            ("policies", self.policies), ("replications", self.replications), ("days", f"{self.days:,}"),
            ("people", f"{self.people:,}"), *([("each stands for", f"{self.represents:,}")] * (self.represents > 1)),
            ("engine", self.engine), ("runs at a time", self.workers),
            ("time", span(low, high)), ("memory", f"{self.bytes / 2**30:.1f} GiB"),
            ("available", f"{self.available / 2**30:.1f} GiB"),
        ]  # fmt: skip
        return Shown("Plan", (), (), [[name, str(value)] for name, value in rows])

    def text(self, words: Words = ENGLISH) -> str:
        """Return the plan in a sentence or two."""
        return words.say(
            "plan.text", policies=words.counted("policy", self.policies), days=self.days, who=self.who(words),
            runs=words.counted("paired", self.replications), engine=words.say(f"plan.engine.{self.engine}"),
            workers=self.workers, time=span(*self.seconds, words), gib=gib(self.bytes, words),
            available=gib(self.available, words), caution=self.caution(words),
        )  # fmt: skip

    def who(self, words: Words = ENGLISH) -> str:
        """Return how many people are simulated, and for how many each stands."""
        people = words.exact(self.people)
        if self.represents == 1:
            return words.say("plan.people", n=people)
        return words.say("plan.people_for", n=people, represents=words.exact(self.represents))

    def caution(self, words: Words = ENGLISH) -> str:
        """Return a warning, with a leading space, where few of those let go are simulated; "" otherwise."""
        return "" if self.few is None else words.say("plan.few", n=self.few)


def duration(seconds: float, words: Words = ENGLISH) -> str:
    """Return seconds in words: 12 s, 40 min, 2.5 h."""
    if seconds < 90:
        return words.say("time.seconds", n=max(1, round(seconds)))
    if seconds < 5400:
        return words.say("time.minutes", n=round(seconds / 60))
    return words.say("time.hours", n=words.fixed(seconds / 3600, grouped=False))


def gib(size: float, words: Words = ENGLISH) -> str:
    """Return bytes in GiB, without the unit."""
    return words.fixed(size / 2**30, grouped=False)


def span(low: float, high: float, words: Words = ENGLISH) -> str:
    """Return a range of seconds in words; a single time where both ends read the same.

    >>> span(0.2, 1.2), span(1.0, 30.0)
    ('1 s', '1 s to 30 s')
    """
    first, last = duration(low, words), duration(high, words)
    return first if first == last else words.say("time.span", low=first, high=last)


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
    net, people = scenario.network, simulated_people(scenario)
    if isinstance(net, MarketNetwork):
        return 2.0 + net.close + net.acquaintances
    if isinstance(net, GraphFile):
        return 10.0
    if isinstance(net, RandomGraph) and net.kind == "complete":
        return float(people)
    return net.ties


def _bytes_of_ties(scenario: Scenario) -> float:
    """Return the bytes that the ties of a person take, about."""
    net = scenario.network
    if not (isinstance(net, MarketNetwork) and net.path is None and net.town <= MOST_IN_TOWN):
        return _BYTES_OF_A_START + _BYTES_A_TIE * mean_ties(scenario)
    small = net.community <= MOST_IN_COMMUNITY
    return (_BYTES_A_TIE_IN_TOWN if small else _BYTES_A_TIE_IN_COMMUNITY) * mean_ties(scenario)


def memory(scenario: Scenario, engine: str, workers: int, events: bool = False) -> float:
    """Return the bytes that a comparison needs at its peak, about; ``events``: the event log is kept."""
    people = simulated_people(scenario)
    if engine == "reference":
        return BASE_BYTES + people * _REFERENCE_BYTES_A_PERSON * 2
    shared = people * (_BYTES_A_PERSON + _bytes_of_ties(scenario))
    worlds = 1 if scenario.run.same_world else workers
    each = _BYTES_A_PERSON_AND_RUN + (_BYTES_A_PERSON_AND_LOG if events else 0.0)
    return BASE_BYTES + shared * worlds + people * each * workers


def memory_of_days(scenario: Scenario) -> float:
    """Return the bytes that the tables of all days of all runs take, beyond what any comparison takes, about."""
    runs = len(policies_of(scenario)) * scenario.run.replications
    return max(0.0, runs * scenario.run.days * _BYTES_A_RUN_AND_DAY - _BYTES_KEPT_FREE)


def check_base_fits(scenario: Scenario) -> None:
    """Raise NotEnoughMemoryError, naming what fits, where the people of a scenario cannot be built to be looked at."""

    def needed(represents: int) -> float:
        people = simulated_people(scenario) * scenario.run.represents / represents
        ties = _bytes_of_ties(scenario) if needs_ties(scenario) else 0.0
        return BASE_BYTES + people * (_BYTES_A_PERSON + _BYTES_A_PERSON_SHOWN + ties)

    available = available_memory()
    if needed(scenario.run.represents) <= available:
        return
    sizes = _round_numbers(scenario.run.represents)
    smaller = next((n for n in sizes if fits(scenario, n) and needed(n) <= available), None)
    raise NotEnoughMemoryError(
        f"not enough memory: {needed(scenario.run.represents) / 2**30:.1f} GiB needed, {available / 2**30:.1f} GiB "
        f"available. "
        + ("Not even fewer simulated people fit" if smaller is None else f"Try --set run.represents={smaller}")
    )


def plan(
    scenario: Scenario, engine: str, workers: int | None = None, *, first: int = 0, events: bool = False,
    days: bool = False,
) -> Plan:  # fmt: skip
    """Return the plan; fewer runs at a time are taken where memory is short. Replications before ``first`` are there.

    ``events``: the event log is kept; ``days``: the days of all runs are kept, as a comparison does.

    Raises
    ------
    NotEnoughMemoryError
        If not even one run at a time fits.
    """
    people = simulated_people(scenario)
    names = [p.name for p in policies_of(scenario)]
    replications = scenario.run.replications - first
    runs = len(names) * replications
    cores = os.cpu_count() or 1
    wanted = min(workers or cores, runs) if engine == "compiled" else 1
    available, tables = available_memory(), memory_of_days(scenario) if days else 0.0
    while wanted > 1 and workers is None and memory(scenario, engine, wanted, events) + tables > available:
        wanted -= 1
    needed = memory(scenario, engine, wanted, events) + tables
    if needed > available and tables > needed - tables:
        raise NotEnoughMemoryError(_too_many_days(scenario, tables, available - (needed - tables)))
    if needed > available:
        raise NotEnoughMemoryError(_too_little(scenario, engine, (wanted, events), (needed, available)))
    return Plan(
        people, runs, len(names), replications, scenario.run.days, engine, wanted, needed,
        _seconds(scenario, engine, wanted, runs), available, scenario.run.represents, few_chosen(scenario),
    )  # fmt: skip


def _seconds(scenario: Scenario, engine: str, workers: int, runs: int) -> tuple[float, float]:
    people = simulated_people(scenario)
    if engine == "reference":
        each = people * scenario.run.days * _REFERENCE_SECONDS_A_PERSON_AND_DAY
        return runs * each, 3.0 * runs * each
    worlds = 1 if scenario.run.same_world else scenario.run.replications
    build = worlds * people * _BUILD_SECONDS_A_PERSON / min(2, os.cpu_count() or 1)
    low, high = (build + 1.0 + people * rate * runs / workers for rate in _RUN_SECONDS_A_PERSON)
    return low, high


def _too_many_days(scenario: Scenario, tables: float, left: float) -> str:
    """Return what to do where the days of all runs do not fit into ``left`` bytes."""
    runs, days = scenario.run.replications, scenario.run.days
    fewer = int(runs * max(0.0, left + _BYTES_KEPT_FREE) / (tables + _BYTES_KEPT_FREE))
    what = f"not enough memory: the tables of {runs:,} replications of {days:,} days need {tables / 2**30:.1f} GiB"
    remedy = f"Try --replications {fewer}" if fewer else "Try fewer days (run.days)"
    return f"{what}, {max(0.0, left) / 2**30:.1f} GiB available. {remedy}"


def _too_little(scenario: Scenario, engine: str, how: tuple[int, bool], gigabytes: tuple[float, float]) -> str:
    """Return what to do where memory does not suffice; ``how`` is (runs at a time, events), then needed, available."""
    ways = []
    if engine == "reference" and memory(scenario, "compiled", 1, how[1]) <= gigabytes[1]:
        ways.append("--engine compiled")
    if how[0] > 1 and memory(scenario, engine, 1, how[1]) <= gigabytes[1]:
        ways.append("--workers 1")
    smaller = represents_that_fits(scenario, engine, events=how[1])
    if smaller is not None:
        ways.append(
            f"--set run.represents={smaller}, by which each simulated person stands for {smaller:,} and the story is "
            f"that of the full size (what that costs: wom-sim show docs scaling)"
        )
    return f"not enough memory: {gigabytes[0] / 2**30:.1f} GiB needed, {gigabytes[1] / 2**30:.1f} GiB available. " + (
        f"Try {', or '.join(ways)}" if ways else "Not even fewer simulated people fit (run.represents)"
    )


def _round_numbers(above: int) -> Iterator[int]:
    """Yield 2, 5, 10, 20, 50, ..., as far as ``run.represents`` goes, those above a number."""
    sizes = (step * 10**power for power in range(6) for step in (1, 2, 5))
    return (size for size in sizes if above < size <= 100_000)


def represents_that_fits(
    scenario: Scenario, engine: str, workers: int | None = None, *, events: bool = False
) -> int | None:
    """Return the least round number for which a person may stand so that memory suffices; None if there is none."""
    available = available_memory()
    for number in _round_numbers(scenario.run.represents):
        run = scenario.run.model_copy(update={"represents": number})
        if fits(scenario, number):
            smaller = scenario.model_copy(update={"run": run})
            if memory(smaller, engine, workers or 1, events) <= available:
                return number
    return None


def fitted(scenario: Scenario, engine: str, workers: int | None = None, *, events: bool = False) -> Scenario:
    """Return the scenario as it is where memory suffices, else with as many people as fit, each standing for several.

    Raises
    ------
    NotEnoughMemoryError
        If not even fewer people fit.
    """
    try:
        plan(scenario, engine, workers, events=events, days=True)
    except NotEnoughMemoryError:
        number = represents_that_fits(scenario, engine, workers, events=events)
        if number is None or memory_of_days(scenario) > available_memory():
            raise
        return scenario.model_copy(update={"run": scenario.run.model_copy(update={"represents": number})})
    return scenario
