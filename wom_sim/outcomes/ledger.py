"""Ledger lines that are known only when a run is over."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wom_sim._compile import kernel
from wom_sim.rules.leaving import MONTH
from wom_sim.rules.money import cents, months_value
from wom_sim.world import trace as tr
from wom_sim.world.treatments import Treatments


def book_price_paid(trace: tr.Trace, treatments: Treatments, days: int, discount: float) -> None:
    """Book what those who stay pay more (or cost less) a month, from being told until they leave or the run ends."""
    change = np.ascontiguousarray(treatments["profit_change"])
    if change.any():
        _pay_by_row(trace.book, change, trace.told, trace.left, (days, discount))


@kernel
def _pay_by_row(
    book: tr.Book,
    change: NDArray[np.float64],
    told: NDArray[np.int32],
    left: NDArray[np.int32],
    run: tuple[int, float],
) -> None:
    """Book the rows one by one; a price for everyone has as many rows as there are customers."""
    days, discount = run
    for row in range(change.size):
        if change[row] != 0.0 and told[row] >= 0:
            last = left[row] if left[row] >= 0 else days
            months = (last + MONTH - 1) // MONTH
            tr.pay(book, told[row], tr.L_PRICE, cents(months_value(change[row], told[row] // MONTH, months, discount)))
