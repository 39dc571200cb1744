"""Everything that a run needs to know before luck and policy come in."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any, NamedTuple

from wom_sim.world.network import Network
from wom_sim.world.outlets import Outlets
from wom_sim.world.people import People


class World(NamedTuple):
    """People, ties, media, and the expected value of an average new customer (currency). Shared by all runs.

    ``notes`` is where a policy may keep what follows from people and levers alone, such as whom it chooses.
    ``segments`` is the number of segments of customers, each of which has a row of the ledger.
    """

    people: People
    network: Network
    outlets: Outlets
    newcomer: float = 0.0
    notes: dict[Hashable, Any] | None = None
    segments: int = 1
