"""What it costs a customer to go: the cost of switching and the surplus lost.

Both follow from the luck of the person, their segment and whether they call for credits, and only policies ask for
them, of the few whom they offer or take something. So they have no column among those of the people, where they would
take a quarter of the memory; what reads them works them out.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from wom_sim._compile import inlined, kernel
from wom_sim.world.accounts import MOST_SEGMENTS
from wom_sim.world.luck import Purpose, four
from wom_sim.world.people import CUSTOMER, SEEKER, People
from wom_sim.world.records import record_type

_SURPLUS, _COST = int(Purpose.PERSON_EXTRA) >> 2, int(Purpose.PERSON_SHAPE) >> 2

SWITCHING_TYPE = record_type([("cost", np.float64), ("surplus", np.float64), ("surplus_of_seekers", np.float64)])
"""A segment's means, in currency."""


class Switching(NamedTuple):
    """What the costs of going follow from: ``segments``, a row of ``SWITCHING_TYPE`` each, and the people's seed."""

    segments: NDArray[np.void]
    seed: np.uint64


NO_SWITCHING = Switching(np.zeros(MOST_SEGMENTS, dtype=SWITCHING_TYPE), np.uint64(0))
"""That of people who lose nothing by going."""


@inlined
def switching_cost(people: People, switching: Switching, i: int) -> np.float32:
    """Return person ``i``'s cost of switching, with the fee for ending early (currency; 0 of prospects). For kernels.

    Half to one and a half times the segment's mean, evenly spread. Assumption.
    """
    if not people[i].traits & CUSTOMER:
        return np.float32(0.0)
    _, u_switch, _, _ = four(switching.seed, _COST, i, 0, 0)
    return np.float32(switching.segments[np.int64(people[i].segment)].cost * (0.5 + u_switch))


@inlined
def surplus(people: People, switching: Switching, i: int) -> np.float32:
    """Return what the relation is worth to person ``i`` (currency; 0 of prospects). For kernels.

    Exponential, about the mean of the segment; who calls for credits has another mean. Assumption.
    """
    if not people[i].traits & CUSTOMER:
        return np.float32(0.0)
    u_surplus, _, _, _ = four(switching.seed, _SURPLUS, i, 0, 0)
    segment = switching.segments[np.int64(people[i].segment)]
    mean = segment.surplus_of_seekers if people[i].traits & SEEKER else segment.surplus
    return np.float32(-mean * math.log(u_surplus))


@kernel
def switching_costs(people: People, switching: Switching, who: NDArray[np.int64]) -> NDArray[np.float32]:
    """Return the cost of switching of each of ``who``, in currency."""
    out = np.empty(who.size, dtype=np.float32)
    for k in range(who.size):
        out[k] = switching_cost(people, switching, who[k])
    return out


@kernel
def surpluses(people: People, switching: Switching, who: NDArray[np.int64]) -> NDArray[np.float32]:
    """Return what the relation is worth to each of ``who``, in currency."""
    out = np.empty(who.size, dtype=np.float32)
    for k in range(who.size):
        out[k] = surplus(people, switching, who[k])
    return out
