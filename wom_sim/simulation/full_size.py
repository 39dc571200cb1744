"""A run of people who stand for several each, told at full size.

Posts are made one by one and outlets count themselves, so these are at full size as they are.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wom_sim.outcomes.attribution import Traced
from wom_sim.world import trace as tr

AT_FULL_SIZE = ("posts", "outlets")
"""Units of the daily table whose numbers do not grow with what a person stands for."""


def times(represents: int) -> NDArray[np.int64]:
    """Return by how much each column of the daily table is multiplied."""
    return np.array([1 if line.unit in AT_FULL_SIZE else represents for line in tr.DAILY], dtype=np.int64)


def at_full_size(trace: tr.Trace, represents: int) -> tr.Trace:
    """Return the trace with people, doses and money of all for whom each person stands.

    The event log stays that of simulated people: an event, and its amount, is that of one of them.
    """
    if represents == 1:
        return trace
    book = trace.book
    several = {name: getattr(book, name) * represents for name in ("tally", "ledger", "receipts")}
    return trace._replace(book=book._replace(daily=book.daily * times(represents), **several))


def acts_at_full_size(found: Traced, represents: int) -> Traced:
    """Return what was traced with each act counted for all for whom its person stands."""
    if represents == 1:
        return found
    acts = found.acts
    counted = {name: getattr(acts, name) * represents for name in ("number", "lasting", "amount")}
    return found._replace(acts=acts._replace(**counted))
