"""Everything that a run needs to know before luck and policy come in."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any, NamedTuple

from wom_sim.world.accounts import Accounts, no_accounts
from wom_sim.world.listed import Listed
from wom_sim.world.network import Network
from wom_sim.world.outlets import Outlets
from wom_sim.world.people import People
from wom_sim.world.switching import NO_SWITCHING, Switching


class World(NamedTuple):
    """People, ties, media, and what a new customer brings: (profit, churn) a month. Shared by all runs.

    ``notes`` is where a policy may keep what follows from people and levers alone, such as whom it chooses.
    ``segments`` is the number of segments of customers, each of which has a row of the ledger,
    and ``accounts`` what the books charge to its customers, and how their calls settle. ``listed`` is the firm's own
    table where customers come from one; ``switching`` says what it costs customers to go.
    """

    people: People
    network: Network
    outlets: Outlets
    newcomer: tuple[float, float] = (0.0, 1.0)
    notes: dict[Hashable, Any] | None = None
    segments: int = 1
    accounts: Accounts = no_accounts()
    listed: Listed | None = None
    switching: Switching = NO_SWITCHING
