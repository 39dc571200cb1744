"""People and ties that are built once and kept, for runs whose other numbers differ.

Who is profitable depends on what a call costs, and stands in the rows of the people. So there is a copy of the rows for
each set of costs that is in use; the ties are shared by all. Results do not depend on what was kept.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from wom_sim.engines.compiled import Engine
from wom_sim.policies.criterion import OF_PEOPLE
from wom_sim.scenario.models import Scenario
from wom_sim.simulation import build_world, settled
from wom_sim.simulation.scores import accounts_of
from wom_sim.world.world import World

COSTS = (
    "money.cost_per_call", "money.income_per_call", "money.contact_avoidable", "money.credit_per_call",
    "money.profitable_above",
)  # fmt: skip
"""What decides who is profitable, and so asks for rows of its own."""
_NOTED_BYTES = 64e6
"""What policies may keep of whom they have chosen, per world."""
_LARGE_BYTES, _SETTLED = 256e6, 8
"""Copies of the rows that are kept, used or not; of rows that take so much memory, only as many as are in use."""


class _Notes(dict[Any, Any]):
    """What policies note of a world; the oldest notes make room for new ones.

    ``lasting`` are the notes of what follows from people alone, which all their worlds share.
    """

    def __init__(self, lasting: _Notes | None = None) -> None:
        super().__init__({} if lasting is None else lasting)
        self._lasting, self._bytes = lasting, 0.0

    def __setitem__(self, question: Any, answer: Any) -> None:
        if self._lasting is not None and question[0] == OF_PEOPLE:
            self._lasting[question] = answer
        self._bytes += getattr(answer, "nbytes", 0) + 1000.0
        if self._bytes > _NOTED_BYTES:
            self.clear()
            self._bytes = 0.0
        super().__setitem__(question, answer)


class _Rows:
    """A copy of the people whose profitability flags match some costs, its users now, and worlds made of it."""

    def __init__(self, world: World, costs: Any, lasting: _Notes) -> None:
        self.world, self.costs, self.users, self.lasting = world, costs, 0, lasting
        self.worlds: OrderedDict[Any, World] = OrderedDict()

    def at(self, scenario: Scenario, asked: Any) -> World:
        """Return the world of a scenario with these costs."""
        found = self.worlds.get(asked)
        if found is None:
            found = settled(self.world, scenario, groups=False)._replace(notes=_Notes(self.lasting))
            while len(self.worlds) >= (1 if found.people.nbytes > _LARGE_BYTES else _SETTLED):
                self.worlds.popitem(last=False)
            self.worlds[asked] = found
        self.worlds.move_to_end(asked)
        return found


class _Stand:
    """A population with its ties: a copy of its people for each set of costs, the least recently used first."""

    def __init__(self, world: World, costs: Any) -> None:
        self.lasting = _Notes()
        self.rows = [_Rows(world, costs, self.lasting)]

    def take(self, scenario: Scenario) -> _Rows:
        """Return people whose profitability flags match a scenario's costs.

        Reuse a copy that matches, else recycle an idle one, else make another.
        """
        costs, beside = _settled_by(scenario)
        rows = next((rows for rows in self.rows if rows.costs == costs), None)
        if rows is None:
            rows = self._settle(scenario, costs, beside)
        self.rows.remove(rows)
        self.rows.append(rows)
        return rows

    def _settle(self, scenario: Scenario, costs: Any, beside: Any) -> _Rows:
        base = self.rows[0].world
        is_full = base.people.nbytes > _LARGE_BYTES or len(self.rows) >= _SETTLED
        idle = next((rows for rows in self.rows if not rows.users), None) if is_full else None
        if idle is None:
            base = base._replace(people=base.people.copy())
        else:
            self.rows.remove(idle)
            base = idle.world
        rows = _Rows(settled(base, scenario)._replace(notes=_Notes(self.lasting)), costs, self.lasting)
        rows.worlds[beside] = rows.world
        self.rows.append(rows)
        return rows


class Keeper:
    """A cache of the last populations with their ties, shared by all threads of a process, and an engine for each.

    ``most``: populations kept at a time. ``threads``: that build one; as many as there are cores if None.
    """

    def __init__(self, most: int = 1, threads: int | None = None) -> None:
        self.most, self.threads = most, threads
        self._stands: OrderedDict[bytes, _Stand] = OrderedDict()
        self._building: dict[bytes, threading.Lock] = {}
        self._lock = threading.Lock()
        self._local = threading.local()

    @contextmanager
    def engine(self, key: bytes, scenario: Scenario, replication: int) -> Iterator[tuple[Engine, float]]:
        """Give this thread's engine, set on the world of a scenario, and the seconds that the world took to build.

        ``key`` says on which people and ties the scenario is. They are others' as soon as this ends.
        """
        began = time.perf_counter()
        with self._being_built(key):
            stand = self._standing(key, scenario, replication)
            rows = stand.take(scenario)
            with self._lock:
                rows.users += 1
            world = rows.at(scenario, _settled_by(scenario)[1])
        built = time.perf_counter() - began
        try:
            yield self._engine(world), built
        finally:
            with self._lock:
                rows.users -= 1

    def build(self, key: bytes, scenario: Scenario, replication: int) -> None:
        """Build people and ties ahead of their first run."""
        with self._being_built(key):
            self._standing(key, scenario, replication)

    def _being_built(self, key: bytes) -> threading.Lock:
        with self._lock:
            return self._building.setdefault(key, threading.Lock())

    def _standing(self, key: bytes, scenario: Scenario, replication: int) -> _Stand:
        with self._lock:
            if key in self._stands:
                self._stands.move_to_end(key)
                return self._stands[key]
            while len(self._stands) >= self.most:
                gone, _ = self._stands.popitem(last=False)
                self._building.pop(gone, None)
        self._forget()
        stand = _Stand(build_world(scenario, replication, self.threads), _settled_by(scenario)[0])
        with self._lock:
            self._stands[key] = stand
        return stand

    def _forget(self) -> None:
        """Let go of the world that this thread's engine was on, so that its memory is free for the next."""
        if getattr(self._local, "engine", None) is not None and self.most == 1:
            self._local.engine.world = None

    def _engine(self, world: World) -> Engine:
        """Return this thread's engine, set on a world; its memory is kept where the number of people is the same."""
        people = len(world.people)
        if getattr(self._local, "people", None) != people:
            self._local.engine = None  # its memory goes before new memory comes
            self._local.engine, self._local.people = Engine(world), people
        held: Engine = self._local.engine
        held.world = world
        return held


def _settled_by(scenario: Scenario) -> tuple[Any, Any]:
    """Return what of a scenario is written into rows of people, and what into a world beside them."""
    money = scenario.money
    accounts = accounts_of(scenario).tobytes()
    costs = (accounts, money.contact_cost, money.credit_per_call, money.profitable_above)
    return costs, (accounts, money.discount, scenario.behaviour.leaving.locked, scenario.media.outlets)
