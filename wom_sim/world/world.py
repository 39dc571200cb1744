"""Everything that a run needs to know before luck and policy come in."""

from __future__ import annotations

from typing import NamedTuple

from wom_sim.world.network import Network
from wom_sim.world.outlets import Outlets
from wom_sim.world.people import People


class World(NamedTuple):
    """People, ties, media, and the expected value of an average new customer (currency). Shared by all runs."""

    people: People
    network: Network
    outlets: Outlets
    newcomer: float = 0.0
